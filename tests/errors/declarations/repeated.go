// errorcheck
// Names declared several times in one list.

package main

func f(a, a int) (b, b int) { return } // ERROR `a redeclared in this block` `b redeclared in this block` `result parameter b not in scope at return`

func (x T) m(x int) {} // ERROR `x redeclared in this block`

type T struct {
	a, a int // ERROR `a redeclared`
	b    string
	b    int // ERROR `b redeclared`
}

type I interface {
	m()
	m() // ERROR `duplicate method m`
}

func g[P, P any]() {} // ERROR `P redeclared in this block`

func main() {
	a, a := 1, 2 // ERROR `a repeated on left side of :=`
	var b, b int // ERROR `b redeclared in this block`
	_, _ = a, b
	for i, i := range []int{} { // ERROR `i redeclared in this block`
		_ = i
	}
	x := 1 // ERROR `declared and not used: x`
	x, x = 2, 3
	if y := 1; true {
		y := y
		_ = y
		y := 2 // ERROR `no new variables on left side of :=`
	}
}
