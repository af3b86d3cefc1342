// errorcheck
// Unused variables, imports and labels.

package main

import (
	"fmt" // ERROR `"fmt" imported and not used`
	"os" // ERROR `"os" imported and not used`
	str "strings" // ERROR `"strings" imported as str and not used`
)

func f(unusedParam int) {
	x := 1
	var y int // ERROR `declared and not used: y`
	y = 2
	for i := range 3 { // ERROR `declared and not used: i`
	}
	for i, v := range []int{} { // ERROR `declared and not used: i` `declared and not used: v`
	}
	func() {
		z := 3 // ERROR `declared and not used: z`
	}()
	switch t := any(x).(type) { // ERROR `t declared and not used`
	case int:
	}
	var a, b = 1, 2 // ERROR `declared and not used: b`
	_ = a
L: // ERROR `label L defined and not used`
	for {
		break
	}
}

func main() {
	err := error(nil) // ERROR `declared and not used: err`
	if x := 1; true { // ERROR `declared and not used: x`
	}
	const c = 5
	type T int
}
