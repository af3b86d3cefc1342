// errorcheck
// Method expressions and values.

package main

type T struct{ f int }

func (T) v()      {}
func (*T) p()     {}
func (t T) x(int) {}

type I interface{ v() }

func main() {
	T.v() // ERROR `not enough arguments in call to T\.v`
	T.v(T{})
	T.p(T{}) // ERROR `invalid method expression T\.p \(needs pointer receiver \(\*T\)\.p\)`
	(*T).p(T{}) // ERROR `cannot use T\{\} \(value of struct type T\) as \*T value in argument to \(\*T\)\.p`
	(*T).p(&T{})
	T.f(T{}) // ERROR `operand for field selector f must be value of type T`
	T.nope() // ERROR `T\.nope undefined \(type T has no field or method nope\)`
	I.v(1) // ERROR `cannot use 1 \(constant of type int\) as I value in argument to I\.v: int does not implement I \(missing method v\)`
	I.v(T{})
	_ = T.x
	T.x(T{}) // ERROR `not enough arguments in call to T\.x`
	T.x(T{}, "s") // ERROR `cannot use "s" \(untyped string constant\) as int value in argument to T\.x`
	T{}.p() // ERROR `cannot call pointer method p on T`
	(&T{}).p()
	var f func(T) = T.x // ERROR `cannot use T\.x \(value of type func\(T, int\)\) as func\(T\) value in variable declaration`
	g := T{}.x
	g("s") // ERROR `cannot use "s" \(untyped string constant\) as int value in argument to g`
	T{}.v = nil // ERROR `cannot assign to T\{\}\.v \(neither addressable nor a map index expression\)`
	_ = T{}.v == nil
	_ = T{}.v == T{}.v // ERROR `invalid operation: T\{\}\.v == T\{\}\.v \(func can only be compared to nil\)`
	_ = f
	defer T.v // ERROR `expression in defer must be function call`
	go T{}.v // ERROR `expression in go must be function call`
}
