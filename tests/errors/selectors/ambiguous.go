// errorcheck
// Selectors that find several things at the same depth.

package main

type A struct{ X, only int }
type B struct{ X int }

func (A) M() {}
func (B) M() {}

type C struct {
	A
	B
}

type I interface{ M() }

func main() {
	var c C
	_ = c.X // ERROR `ambiguous selector c\.X`
	c.M() // ERROR `ambiguous selector c\.M`
	_ = c.only
	_ = C{}.X // ERROR `ambiguous selector C\{\}\.X`
	var _ I = c // ERROR `cannot use c \(variable of struct type C\) as I value in variable declaration: C does not implement I \(ambiguous selector C\.M\)`
	_ = C.M // ERROR `ambiguous selector C\.M`
	c.A.M()
}
