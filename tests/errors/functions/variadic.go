// errorcheck
// Calls with and of variadic functions.

package main

func v(a int, b ...string) {}
func w(b ...int)           {}
func two() (int, string)   { return 1, "a" }
func three() (a, b, c int) { return }

func bad(a ...int, b int) {} // ERROR `can only use \.\.\. with final parameter`

func main() {
	v() // ERROR `not enough arguments in call to v`
	v("a") // ERROR `cannot use "a" \(untyped string constant\) as int value in argument to v`
	v(1, 2) // ERROR `cannot use 2 \(untyped int constant\) as string value in argument to v`
	v(1, []string{}) // ERROR `cannot use \[\]string\{\} \(value of type \[\]string\) as string value in argument to v`
	v(1, []string{}...)
	v(1, "a", []string{}...) // ERROR `too many arguments in call to v`
	v(1, []int{}...) // ERROR `cannot use \[\]int\{\} \(value of type \[\]int\) as \[\]string value in argument to v`
	v(two())
	v(three()) // ERROR `cannot use three\(\) \(value of type int\) as string value in argument to v`
	w(three())
	w(1, three()) // ERROR `multiple-value three\(\) \(value of type \(a int, b int, c int\)\) in single-value context`
	w(nil...)
	main(1) // ERROR `too many arguments in call to main`
	main()() // ERROR `main\(\) \(no value\) used as value or type`
	_ = main() // ERROR `main\(\) \(no value\) used as value`
	x, y, z := two() // ERROR `assignment mismatch: 3 variables but two returns 2 values`
	_, _, _ = x, y, z
	a := two() // ERROR `assignment mismatch: 1 variable but two returns 2 values`
	_ = a
	_ = two() + 1 // ERROR `multiple-value two\(\) \(value of type \(int, string\)\) in single-value context`
	if two() { // ERROR `multiple-value two\(\) \(value of type \(int, string\)\) in single-value context`
	}
	return 1 // ERROR `too many return values`
}
