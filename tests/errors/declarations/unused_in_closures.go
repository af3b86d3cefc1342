// errorcheck
// Variables of closures count too.

package main

func main() {
	f := func() {
		inner := 1 // ERROR `declared and not used: inner`
	}
	for i := 0; i < 3; i++ {
		j := i // ERROR `declared and not used: j`
	}
	f()
}
