// errorcheck
// iota outside constant declarations.

package main

var x = iota // ERROR `cannot use iota outside constant declaration`

const c = iota

func f(n int) int { return n + iota } // ERROR `cannot use iota outside constant declaration`

const (
	d = func() int { return iota } // ERROR `func\(\) int \{…\} \(value of type func\(\) int\) is not constant`
	e = len([iota]int{})
)

func main() {
	_ = iota // ERROR `cannot use iota outside constant declaration`
	const g = iota + iota
	var a [iota]int // ERROR `cannot use iota outside constant declaration`
	_ = a
	iota = 1 // ERROR `cannot use iota outside constant declaration`
	type iota int
	var i iota
	_ = i
}
