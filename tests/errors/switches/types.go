// errorcheck
// Type switches.

package main

import "io"

type T struct{}

func (*T) Read([]byte) (int, error) { return 0, nil }

func main() {
	var x any
	var r io.Reader
	var n int
	switch y := x.(type) { // ERROR `y declared and not used`
	}
	switch y := x.(type) {
	case int, int: // ERROR `duplicate case int in type switch`
	case string:
		_ = y
	case nil:
	case nil: // ERROR `duplicate case nil in type switch`
	case T, *T, T: // ERROR `duplicate case T in type switch`
	}
	switch n.(type) { // ERROR `n \(variable of type int\) is not an interface`
	}
	switch r.(type) {
	case T: // ERROR `impossible type switch case: T`
	case *T:
	case int: // ERROR `impossible type switch case: int`
	case io.Writer:
	case interface{ Read() }:
	}
	switch x.(type) {
	case int:
		fallthrough // ERROR `cannot fallthrough in type switch`
	case 1: // ERROR `1 is not a type`
	case n: // ERROR `n \(local variable\) is not a type`
	case undefined: // ERROR `undefined: undefined`
	}
	switch x := x.(type) {
	case int:
		_ = x + "a" // ERROR `invalid operation: x \+ "a" \(mismatched types int and untyped string\)`
	case string, int8:
		_ = x + "a" // ERROR `invalid operation: x \+ "a" \(mismatched types any and string\)`
	default:
		_ = x + 1 // ERROR `invalid operation: x \+ 1 \(mismatched types any and untyped int\)`
	}
	_ = x.(type) // ERROR `invalid syntax tree: use of \.\(type\) outside type switch`
	_ = n.(int) // ERROR `invalid operation: n \(variable of type int\) is not an interface`
	_ = r.(T) // ERROR `impossible type assertion: r\.\(T\)`
	_, _ = r.(*T)
	_ = x.(undefined) // ERROR `undefined: undefined`
	_, _, _ = x.(int) // ERROR `assignment mismatch: 3 variables but 1 value`
}
