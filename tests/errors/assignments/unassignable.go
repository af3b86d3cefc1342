// errorcheck
// What cannot be assigned to.

package main

type T struct{ x int }

const c = 1

func f() T       { return T{} }
func g() *T      { return nil }
func m() map[string]T { return nil }

func main() {
	1 = 2 // ERROR `cannot assign to 1 \(neither addressable nor a map index expression\)`
	c = 2 // ERROR `cannot assign to c \(neither addressable nor a map index expression\)`
	f() = T{} // ERROR `cannot assign to f\(\) \(neither addressable nor a map index expression\)`
	f().x = 1 // ERROR `cannot assign to f\(\)\.x \(neither addressable nor a map index expression\)`
	g().x = 1
	m()["a"].x = 1 // ERROR `cannot assign to struct field m\(\)\["a"\]\.x in map`
	m()["a"] = T{}
	"abc"[0] = 'x' // ERROR `cannot assign to "abc"\[0\] \(neither addressable nor a map index expression\)`
	s := "abc"
	s[0] = 'x' // ERROR `cannot assign to s\[0\] \(neither addressable nor a map index expression\)`
	[3]int{}[0] = 1 // ERROR `cannot assign to \[3\]int\{\}\[0\] \(neither addressable nor a map index expression\)`
	[]int{1}[0] = 1
	nil = 1 // ERROR `cannot assign to nil \(neither addressable nor a map index expression\)`
	main = nil // ERROR `cannot assign to main \(neither addressable nor a map index expression\)`
	int = 1 // ERROR `int \(type\) is not an expression`
	T = 1 // ERROR `T \(type\) is not an expression`
	true = false // ERROR `cannot assign to true \(neither addressable nor a map index expression\)`
	len = nil // ERROR `len \(built-in\) must be called`
	(s) = "x"
	s + "a" = "b" // ERROR `cannot assign to s \+ "a" \(neither addressable nor a map index expression\)`
	&s = nil // ERROR `cannot assign to &s \(neither addressable nor a map index expression\)`
	*s = "x" // ERROR `invalid operation: cannot indirect s \(variable of type string\)`
	func() {} = nil // ERROR `cannot assign to func\(\) \{\} \(neither addressable nor a map index expression\)`
	f().x++ // ERROR `cannot assign to f\(\)\.x \(neither addressable nor a map index expression\)`
	c++ // ERROR `cannot assign to c \(neither addressable nor a map index expression\)`
	m()["a"].x++ // ERROR `cannot assign to struct field m\(\)\["a"\]\.x in map`
	for c = range 3 { // ERROR `cannot assign to c \(neither addressable nor a map index expression\)`
	}
	for f().x = range 3 { // ERROR `cannot assign to f\(\)\.x \(neither addressable nor a map index expression\)`
	}
	x, 1 := 1, 2 // ERROR `declared and not used: x` `non-name 1 on left side of :=`
	T.x = 1 // ERROR `operand for field selector x must be value of type T`
}
