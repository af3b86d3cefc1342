// errorcheck
// The symbol of a type switch must be used.

package main

func main() {
	var x any
	switch y := x.(type) { // ERROR `y declared and not used`
	case int:
	case string:
	}
}
