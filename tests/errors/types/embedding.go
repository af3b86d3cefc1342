// errorcheck
// Embedded fields and interfaces.

package main

import "fmt"

type I interface{ m() }
type P *int
type S struct{ x int }

type A struct{ *I } // ERROR `embedded field type cannot be a pointer to an interface`
type B struct{ P } // ERROR `embedded field type cannot be a pointer`
type C struct{ *P } // ERROR `embedded field type cannot be a pointer`
type D struct{ *fmt.Stringer } // ERROR `embedded field type cannot be a pointer to an interface`
type G struct {
	S
	*S // ERROR `S redeclared`
}
type H struct {
	S
	S int // ERROR `S redeclared`
}
type J struct{ int; *string }
type K interface{ S }
type L interface{ fmt.Stringer; fmt.Formatter; String() int } // ERROR `duplicate method String`
type M struct{ undefined } // ERROR `undefined: undefined`
type N struct{ fmt.Nothing } // ERROR `undefined: fmt\.Nothing`
type O struct{ fmt } // ERROR `fmt \(package name\) is not a type`
type Q struct{ S; x string }

func main() {
	var q Q
	q.x = 1 // ERROR `cannot use 1 \(untyped int constant\) as string value in assignment`
	q.S.x = 1
	_ = J{int: "a"} // ERROR `cannot use "a" \(untyped string constant\) as int value in struct literal`
}
