// errorcheck
// Expression switches.

package main

func f() {}

func main() {
	x := 1
	s := []int{}
	switch x {
	case "a":
	case 1.5:
	case nil:
	case 1, 2, 1:
	case x, x:
	case true:
	default:
	default:
	}
	switch s {
	case nil:
	}
	switch {
	case x:
	case x == 1, false:
	case false:
	}
	switch f() {
	}
	switch f {
	case f:
	}
	switch x := x; y := x { // ERROR `syntax error: cannot use y := x as value`
	case 1:
	}
	switch nil {
	}
	switch x {
	case 1:
		fallthrough
	case 2:
		if x == 1 {
			fallthrough
		}
	case 3:
		fallthrough
	}
	switch struct{ s []int }{} {
	}
	switch any(x) {
	case s:
	case 1, "a", 1:
	}
	switch x++; x {
	}
}
