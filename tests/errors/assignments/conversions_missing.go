// errorcheck
// Assignments that need a conversion or something of the kind.

package main

type Celsius float64
type ID string

func get() int { return 1 }

func main() {
	var i int = 1
	var i64 int64 = i // ERROR `cannot use i \(variable of type int\) as int64 value in variable declaration`
	var f float64 = i // ERROR `cannot use i \(variable of type int\) as float64 value in variable declaration`
	var s string = i // ERROR `cannot use i \(variable of type int\) as string value in variable declaration`
	var b []byte = s // ERROR `cannot use s \(variable of type string\) as \[\]byte value in variable declaration`
	var r rune = s[0] // ERROR `cannot use s\[0\] \(value of type byte\) as rune value in variable declaration`
	var c Celsius = f // ERROR `cannot use f \(variable of type float64\) as Celsius value in variable declaration`
	var id ID = s // ERROR `cannot use s \(variable of type string\) as ID value in variable declaration`
	var p *int = i // ERROR `cannot use i \(variable of type int\) as \*int value in variable declaration`
	var v int = p // ERROR `cannot use p \(variable of type \*int\) as int value in variable declaration`
	var a any = i
	var n int = a // ERROR `cannot use a \(variable of interface type any\) as int value in variable declaration: need type assertion`
	var fn int = get // ERROR `cannot use get \(value of type func\(\) int\) as int value in variable declaration`
	var u uint = -i // ERROR `cannot use -i \(value of type int\) as uint value in variable declaration`
	var e error = s // ERROR `cannot use s \(variable of type string\) as error value in variable declaration: string does not implement error \(missing method Error\)`
	i = i64 + 1 // ERROR `cannot use i64 \+ 1 \(value of type int64\) as int value in assignment`
	i += f // ERROR `invalid operation: i \+= f \(mismatched types int and float64\)`
	s += i // ERROR `invalid operation: s \+= i \(mismatched types string and int\)`
	f = i * 1.5 // ERROR `1\.5 \(untyped float constant\) truncated to int`
	s = 'a' // ERROR `cannot use 'a' \(untyped rune constant 97\) as string value in assignment`
	b = "abc" // ERROR `cannot use "abc" \(untyped string constant\) as \[\]byte value in assignment`
	id = s + id // ERROR `invalid operation: s \+ id \(mismatched types string and ID\)`
	if i { // ERROR `non-boolean condition in if statement`
	}
	for s { // ERROR `non-boolean condition in for statement`
	}
	i = nil // ERROR `cannot use nil as int value in assignment`
	s = nil // ERROR `cannot use nil as string value in assignment`
	p = 0 // ERROR `cannot use 0 \(untyped int constant\) as \*int value in assignment`
	_, _, _, _, _, _, _, _, _ = b, r, c, v, n, fn, u, e, id
	i, s = s, i // ERROR `cannot use s \(variable of type string\) as int value in multiple assignment` `cannot use i \(variable of type int\) as string value in multiple assignment`
	i, s = 1 // ERROR `assignment mismatch: 2 variables but 1 value`
	i = 1, 2 // ERROR `assignment mismatch: 1 variable but 2 values`
}
