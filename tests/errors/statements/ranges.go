// errorcheck
// Range clauses.

package main

type Seq func(yield func(int) bool)

func bad1(yield func(int))                        {}
func bad2(yield func(int) bool) int               { return 0 }
func bad3(yield func(int, int, int) bool)         {}
func ok(yield func(int, string) bool)             {}

func main() {
	var p *[3]int
	var pp *[]int
	var m map[string]int
	for range 1.5 { // ERROR `cannot range over 1\.5 \(untyped float constant\)`
	}
	for range true { // ERROR `cannot range over true \(untyped bool constant\)`
	}
	for range nil { // ERROR `cannot range over nil`
	}
	for range pp { // ERROR `cannot range over pp \(variable of type \*\[\]int\)`
	}
	for i, j := range 10 { // ERROR `range over 10 \(untyped int constant\) permits only one iteration variable`
		_, _ = i, j
	}
	for i := range p { // ERROR `declared and not used: i`
		i = "a" // ERROR `cannot use "a" \(untyped string constant\) as int value in assignment`
	}
	for k, v := range m { // ERROR `declared and not used: k`
		k = v // ERROR `cannot use v \(variable of type int\) as string value in assignment`
	}
	var x string // ERROR `declared and not used: x`
	for x = range 3 { // ERROR `cannot use 3 \(untyped int constant\) as string value in range clause`
	}
	for x = range m {
	}
	for range bad1 { // ERROR `cannot range over bad1 \(value of type func\(yield func\(int\)\)\): func must be func\(yield func\(\.\.\.\) bool\): yield func does not return bool`
	}
	for range bad2 { // ERROR `cannot range over bad2 \(value of type func\(yield func\(int\) bool\) int\): func must be func\(yield func\(\.\.\.\) bool\): unexpected results`
	}
	for range bad3 { // ERROR `cannot range over bad3 \(value of type func\(yield func\(int, int, int\) bool\)\): func must be func\(yield func\(\.\.\.\) bool\): yield func has too many parameters`
	}
	for a, b := range ok { // ERROR `declared and not used: a`
		a = b // ERROR `cannot use b \(variable of type string\) as int value in assignment`
	}
	for a, b := range Seq(nil) { // ERROR `declared and not used: a` `range over Seq\(nil\) \(value of func type Seq\) permits only one iteration variable`
	}
	for range main { // ERROR `cannot range over main \(value of type func\(\)\): func must be func\(yield func\(\.\.\.\) bool\): wrong argument count`
	}
	for range struct{}{} { // ERROR `cannot range over struct\{\}\{\} \(value of type struct\{\}\)`
	}
	for range undefined { // ERROR `undefined: undefined`
	}
	for i := range 10 { // ERROR `declared and not used: i`
	}
	for 1 = range 3 { // ERROR `cannot assign to 1 \(neither addressable nor a map index expression\)`
	}
}
