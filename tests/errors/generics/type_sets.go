// errorcheck
// Constraints: unions, comparable, methods.

package main

import "fmt"

type Num interface{ ~int | ~float64 }
type Str interface {
	~string
	fmt.Stringer
}
type Empty interface {
	int
	string
}
type Bad1 interface{ int | fmt.Stringer } // ERROR `cannot use fmt\.Stringer in union \(fmt\.Stringer contains methods\)`
type Bad2 interface{ int | comparable } // ERROR `cannot use comparable in union`
type Bad3 interface{ ~MyInt | int } // ERROR `invalid use of ~ \(underlying type of MyInt is int\)`
type Bad4 interface{ int | int } // ERROR `overlapping terms int and int`
type Bad5 interface{ int | ~int } // ERROR `overlapping terms ~int and int`
type Bad6[T any] interface{ int | T } // ERROR `term cannot be a type parameter`
type Bad7[T any] interface{ T } // ERROR `term cannot be a type parameter`
type Bad8 interface{ ~error } // ERROR `invalid use of ~ \(error is an interface\)`
type MyInt int

var v Num // ERROR `cannot use type Num outside a type constraint: interface contains type constraints`
var w comparable // ERROR `cannot use type comparable outside a type constraint: interface is \(or embeds\) comparable`
var x struct{ Num } // ERROR `cannot use type Num outside a type constraint: interface contains type constraints`

func add[T Num](a, b T) T           { return a + b }
func cmp[T comparable](a, b T) bool { return a < b } // ERROR `invalid operation: a < b \(type parameter T cannot use operator <\)`
func eq[T any](a, b T) bool         { return a == b } // ERROR `invalid operation: a == b \(incomparable types in type set\)`
func str[T Str](a T) string         { return a.String() + string(a) }
func idx[T []int | map[int]int](a T) int { return a[0] } // ERROR `cannot index a \(variable of type T constrained by \[\]int \| map\[int\]int\)`
func rng[T []int | chan int](a T) {
	for range a { // ERROR `cannot range over a \(variable of type T constrained by \[\]int \| chan int\): \[\]int and chan int have different underlying types`
	}
}
func mod[T Num](a T) T { return a % 2 } // ERROR `invalid operation: operator % not defined on a \(variable of type T constrained by Num\)`
func conv[T Num](a T) string { return string(a) } // ERROR `cannot convert a \(variable of type T constrained by Num\) to type string: cannot convert float64 \(in T\) to type string`
func call[T func() | func(int)](f T) { f() } // ERROR `invalid operation: cannot call f \(variable of type T constrained by func\(\) \| func\(int\)\): func\(\) and func\(int\) have different underlying types`
func lit[T struct{ X int }](a T) int { return a.X } // ERROR `a\.X undefined \(type T has no field or method X\)`

func main() {
	add(1, "a") // ERROR `in call to add, mismatched types untyped int and untyped string \(cannot infer T\)`
	add("a", "b") // ERROR `string does not satisfy Num \(string missing in ~int \| ~float64\)`
	add(MyInt(1), 2)
	add[string]("a", "b") // ERROR `string does not satisfy Num \(string missing in ~int \| ~float64\)`
	cmp([]int{}, nil) // ERROR `\[\]int does not satisfy comparable`
	eq(1, 2)
	str("a") // ERROR `string does not satisfy Str \(missing method String\)`
	idx([]int{})
	var e Empty // ERROR `cannot use type Empty outside a type constraint: interface contains type constraints`
	_ = e
	add[Empty](1, 1) // ERROR `cannot use type Empty outside a type constraint: interface contains type constraints` `cannot use 1 \(constant of type int\) as Empty value in argument to add\[Empty\]: cannot implement Empty \(empty type set\)`
	_ = add // ERROR `cannot use generic function add without instantiation`
	f := add // ERROR `declared and not used: f` `cannot use generic function add without instantiation`
	var g func(int, int) int = add
	_ = g
	var h func(string, string) string = add // ERROR `declared and not used: h` `string does not satisfy Num \(string missing in ~int \| ~float64\)`
}
