// errorcheck
// Values where types are needed, and types where values are.

package main

import "fmt"

var v int

const c = 1

func f() {}

var a v // ERROR `v \(package-level variable\) is not a type`
var b c // ERROR `c \(constant\) is not a type`
var d f // ERROR `f \(function\) is not a type`
var e fmt // ERROR `fmt \(package name\) is not a type`
var g fmt.Println // ERROR `fmt\.Println \(value of type func\(a \.\.\.any\) \(n int, err error\)\) is not a type`
var h *v // ERROR `v \(package-level variable\) is not a type`
var i []v // ERROR `v \(package-level variable\) is not a type`
var j map[v]v // ERROR `v \(package-level variable\) is not a type`
var k chan v // ERROR `v \(package-level variable\) is not a type`
var l func(v) v // ERROR `v \(package-level variable\) is not a type`
var m struct{ x v } // ERROR `v \(package-level variable\) is not a type`
var n interface{ v } // ERROR `v \(package-level variable\) is not a type`
var o = int // ERROR `int \(type\) is not an expression`
var p = *int // ERROR `\*int \(type\) is not an expression`
var q = []int // ERROR `\[\]int \(type\) is not an expression`
var r int = string // ERROR `string \(type\) is not an expression`
var s nil // ERROR `nil \(untyped nil\) is not a type`
var t true // ERROR `true \(constant\) is not a type`
var u len // ERROR `len \(built-in function\) is not a type`
var w iota // ERROR `iota \(constant\) is not a type`
var x undefined // ERROR `undefined: undefined`
var y undefined.T // ERROR `undefined: undefined`

func main() {
	_ = int + 1 // ERROR `int \(type\) is not an expression`
	_ = f(int) // ERROR `f\(int\) \(no value\) used as value` `int \(type\) is not an expression` `too many arguments in call to f`
	int.x() // ERROR `int\.x undefined \(type int has no field or method x\)`
	f := int // ERROR `declared and not used: f` `int \(type\) is not an expression`
	if int { // ERROR `int \(type\) is not an expression`
	}
	for range int { // ERROR `int \(type\) is not an expression`
	}
	return string // ERROR `string \(type\) is not an expression`
	var z main // ERROR `declared and not used: z` `main \(function\) is not a type`
	_ = v(1) // ERROR `invalid operation: cannot call v \(variable of type int\): int is not a function`
	_ = v{} // ERROR `v \(package-level variable\) is not a type`
	_ = make(v) // ERROR `v \(package-level variable\) is not a type`
	_ = new(v)
	_ = any(int) // ERROR `int \(type\) is not an expression`
}
