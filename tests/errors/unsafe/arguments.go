// errorcheck
// Package unsafe with wrong arguments.

package main

import "unsafe"

type T struct {
	a int
	*U
}
type U struct{ b int }

func (T) m() {}

func main() {
	var t T
	var p unsafe.Pointer
	var q *int
	_ = unsafe.Sizeof() // ERROR `invalid operation: not enough arguments for unsafe\.Sizeof\(\) \(expected 1, found 0\)`
	_ = unsafe.Sizeof(1, 2) // ERROR `invalid operation: too many arguments for unsafe\.Sizeof\(1, 2\) \(expected 1, found 2\)`
	_ = unsafe.Offsetof(t) // ERROR `invalid argument: t is not a selector expression`
	_ = unsafe.Offsetof(t.m) // ERROR `invalid argument: t\.m is a method value`
	_ = unsafe.Offsetof(t.b) // ERROR `invalid argument: field b is embedded via a pointer in T`
	_ = unsafe.Offsetof(t.nope) // ERROR `invalid argument: T has no single field nope`
	_ = unsafe.Add(q, 1) // ERROR `cannot use q \(variable of type \*int\) as unsafe\.Pointer value in argument to unsafe\.Add`
	_ = unsafe.Add(p, "x") // ERROR `cannot convert "x" \(untyped string constant\) to type int`
	_ = unsafe.Add(p, 1.5) // ERROR `1\.5 \(untyped float constant\) truncated to int`
	_ = unsafe.Slice(p, 1) // ERROR `invalid argument: p \(variable of type unsafe\.Pointer\) is not a pointer`
	_ = unsafe.Slice(q, -1) // ERROR `invalid argument: length -1 \(constant of type int\) must not be negative`
	_ = unsafe.Slice(q, 1.5) // ERROR `1\.5 \(untyped float constant\) truncated to int`
	_ = unsafe.SliceData(q) // ERROR `invalid argument: q \(variable of type \*int\) is not a slice`
	_ = unsafe.SliceData("s") // ERROR `invalid argument: "s" \(untyped string constant\) is not a slice`
	_ = unsafe.String(q, 1) // ERROR `cannot use q \(variable of type \*int\) as \*byte value in argument to unsafe\.String`
	_ = unsafe.StringData([]byte{}) // ERROR `cannot use \[\]byte\{\} \(value of type \[\]byte\) as string value in argument to unsafe\.StringData`
	_ = unsafe.Alignof(nil) // ERROR `use of untyped nil in argument to unsafe\.Alignof`
	_ = unsafe.nothing // ERROR `undefined: unsafe\.nothing`
	_ = unsafe.Nothing // ERROR `undefined: unsafe\.Nothing`
	var i int = unsafe.Sizeof(t) // ERROR `cannot use unsafe\.Sizeof\(t\) \(constant 16 of type uintptr\) as int value in variable declaration`
	var u uintptr = p // ERROR `cannot use p \(variable of type unsafe\.Pointer\) as uintptr value in variable declaration`
	_ = (*string)(q) // ERROR `cannot convert q \(variable of type \*int\) to type \*string`
	_ = unsafe.Pointer(i) // ERROR `cannot convert i \(variable of type int\) to type unsafe\.Pointer`
	_ = u
	unsafe.Sizeof(1) // ERROR `unsafe\.Sizeof\(1\) \(constant 8 of type uintptr\) is not used`
}
