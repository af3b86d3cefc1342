// errorcheck
// Constants that do not fit the type that is asked for.

package main

var a int8 = 128 // ERROR `cannot use 128 \(untyped int constant\) as int8 value in variable declaration \(overflows\)`
var b uint = -1 // ERROR `cannot use -1 \(untyped int constant\) as uint value in variable declaration \(overflows\)`
var c float32 = 1e100 // ERROR `cannot use 1e100 \(untyped float constant 1e\+100\) as float32 value in variable declaration \(overflows\)`
var d int = 1.5 // ERROR `cannot use 1\.5 \(untyped float constant\) as int value in variable declaration \(truncated\)`
var e rune = "a" // ERROR `cannot use "a" \(untyped string constant\) as rune value in variable declaration`
var f byte = 'é' + 100 // ERROR `cannot use 'é' \+ 100 \(untyped rune constant 333\) as byte value in variable declaration \(overflows\)`
var g = int8(300) // ERROR `constant 300 overflows int8`
var h = uint8(1) << 9 // ERROR `uint8\(1\) << 9 \(constant 512 of type uint8\) overflows uint8`
var i int = 1e3
var j uint64 = 1 << 64 // ERROR `cannot use 1 << 64 \(untyped int constant 18446744073709551616\) as uint64 value in variable declaration \(overflows\)`
var k bool = 1 // ERROR `cannot use 1 \(untyped int constant\) as bool value in variable declaration`
var l string = 'a' // ERROR `cannot use 'a' \(untyped rune constant 97\) as string value in variable declaration`
var m complex64 = 1i
var n float64 = 2i // ERROR `cannot use 2i \(untyped complex constant \(0 \+ 2i\)\) as float64 value in variable declaration \(overflows\)`
var o = 10 / 0 // ERROR `invalid operation: division by zero`
var p = 10.0 / 0 // ERROR `invalid operation: division by zero`
var q = 5 % 0.0 // ERROR `invalid operation: operator % not defined on 5 \(untyped float constant\)`
var r int32 = 1<<31 - 1
var s int32 = 1 << 31 // ERROR `cannot use 1 << 31 \(untyped int constant 2147483648\) as int32 value in variable declaration \(overflows\)`
var t = ^uint8(0) + 1 // ERROR `\^uint8\(0\) \+ 1 \(constant 256 of type uint8\) overflows uint8`
var u = -int8(-128) // ERROR `-int8\(-128\) \(constant 128 of type int8\) overflows int8`
var v [1 << 62]byte
var w = "a" + 1 // ERROR `invalid operation: "a" \+ 1 \(mismatched types untyped string and untyped int\)`
var x = 'a' + "b" // ERROR `invalid operation: 'a' \+ "b" \(mismatched types untyped rune and untyped string\)`
var y = !1 // ERROR `invalid operation: operator ! not defined on 1 \(untyped int constant\)`
var z = -"s" // ERROR `invalid operation: operator - not defined on "s" \(untyped string constant\)`

func main() {}
