// errorcheck
// Operators on operands that they are not for.

package main

type S struct{ s []int }

func main() {
	var (
		i  int
		f  float64
		s  string
		b  bool
		p  *int
		m  map[int]int
		sl []int
		fn func()
		st S
		c  complex128
		a  any
	)
	_ = i + f // ERROR `invalid operation: i \+ f \(mismatched types int and float64\)`
	_ = i + s // ERROR `invalid operation: i \+ s \(mismatched types int and string\)`
	_ = s - s // ERROR `invalid operation: operator - not defined on s \(variable of type string\)`
	_ = b + b // ERROR `invalid operation: operator \+ not defined on b \(variable of type bool\)`
	_ = p + p // ERROR `invalid operation: operator \+ not defined on p \(variable of type \*int\)`
	_ = p + 1 // ERROR `invalid operation: p \+ 1 \(mismatched types \*int and untyped int\)`
	_ = f % f // ERROR `invalid operation: operator % not defined on f \(variable of type float64\)`
	_ = f & f // ERROR `invalid operation: operator & not defined on f \(variable of type float64\)`
	_ = i && b // ERROR `invalid operation: i && b \(mismatched types int and bool\)`
	_ = b & b // ERROR `invalid operation: operator & not defined on b \(variable of type bool\)`
	_ = !i // ERROR `invalid operation: operator ! not defined on i \(variable of type int\)`
	_ = -s // ERROR `invalid operation: operator - not defined on s \(variable of type string\)`
	_ = ^f // ERROR `invalid operation: operator \^ not defined on f \(variable of type float64\)`
	_ = +b // ERROR `invalid operation: operator \+ not defined on b \(variable of type bool\)`
	_ = <-i // ERROR `invalid operation: cannot receive from non-channel int i \(variable of type int\)`
	_ = *i // ERROR `invalid operation: cannot indirect i \(variable of type int\)`
	_ = &1 // ERROR `invalid operation: cannot take address of 1 \(untyped int constant\)`
	_ = &i.x // ERROR `i\.x undefined \(type int has no field or method x\)`
	_ = m == m // ERROR `invalid operation: m == m \(map can only be compared to nil\)`
	_ = sl == sl // ERROR `invalid operation: sl == sl \(slice can only be compared to nil\)`
	_ = fn == fn // ERROR `invalid operation: fn == fn \(func can only be compared to nil\)`
	_ = st == st // ERROR `invalid operation: st == st \(struct containing \[\]int cannot be compared\)`
	_ = m == nil
	_ = i == nil // ERROR `invalid operation: i == nil \(mismatched types int and untyped nil\)`
	_ = p == i // ERROR `invalid operation: p == i \(mismatched types \*int and int\)`
	_ = a == sl // ERROR `invalid operation: a == sl \(slice can only be compared to nil\)`
	_ = a == i
	_ = c < c // ERROR `invalid operation: c < c \(operator < not defined on complex128\)`
	_ = b < b // ERROR `invalid operation: b < b \(operator < not defined on bool\)`
	_ = a < a // ERROR `invalid operation: a < a \(operator < not defined on interface\)`
	_ = i << f // ERROR `invalid operation: shift count f \(variable of type float64\) must be integer`
	_ = i << -1 // ERROR `invalid operation: negative shift count -1 \(untyped int constant\)`
	_ = f << 1 // ERROR `invalid operation: shifted operand f \(variable of type float64\) must be integer`
	_ = 1.5 << 1 // ERROR `invalid operation: shifted operand 1\.5 \(untyped float constant\) must be integer`
	_ = i << "a" // ERROR `cannot convert "a" \(untyped string constant\) to type uint`
	_ = 1 << 1000 // ERROR `constant shift overflow`
	_ = "a" + 'b' // ERROR `invalid operation: "a" \+ 'b' \(mismatched types untyped string and untyped rune\)`
	_ = "a" < 1 // ERROR `invalid operation: "a" < 1 \(mismatched types untyped string and untyped int\)`
	_ = nil == nil // ERROR `invalid operation: nil == nil \(operator == not defined on untyped nil\)`
	_ = nil + nil // ERROR `invalid operation: operator \+ not defined on nil`
	_ = i / 0 // ERROR `invalid operation: division by zero`
	i /= 0 // ERROR `invalid operation: division by zero`
	i++
	s++ // ERROR `invalid operation: s\+\+ \(non-numeric type string\)`
	b-- // ERROR `invalid operation: b-- \(non-numeric type bool\)`
	i += "a" // ERROR `invalid operation: i \+= "a" \(mismatched types int and untyped string\)`
	s -= "a" // ERROR `invalid operation: operator - not defined on s \(variable of type string\)`
}
