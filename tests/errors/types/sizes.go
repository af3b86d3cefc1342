// errorcheck
// Types that are too large, and arrays of impossible lengths.

package main

type Big [1 << 50]byte

var a [1 << 40][1 << 40]int
var b [-1]int // ERROR `invalid array length -1 \(untyped int constant\)`
var c [1 << 70]int // ERROR `invalid array length 1 << 70 \(untyped int constant 1180591620717411303424\)`
var d [1e3]int
var e ['a']int
var f [x]int // ERROR `invalid array length x`
var g [len("abc")]int
var h [len(g)]int
var i [len(j)]int // ERROR `array length len\(j\) \(value of type int\) must be constant`
var j []int
var x = 3

func main() {
	n := 2 // ERROR `declared and not used: n`
	var k [n]int // ERROR `invalid array length n`
	var l [...]int // ERROR `invalid use of \[\.\.\.\] array \(outside a composite literal\)`
	var m [nothing]int // ERROR `undefined array length nothing or missing type constraint`
	_, _, _ = k, l, m
}
