// errorcheck
// Results: too few, too many, of other types, hidden, missing.

package main

import "errors"

func a() int {} // ERROR `missing return`
func b() int { return } // ERROR `not enough return values`
func c() (int, error) { return 1 } // ERROR `not enough return values`
func d() (int, error) { return 1, nil, 2 } // ERROR `too many return values`
func e() (int, error) { return errors.New("x"), 1 } // ERROR `cannot use errors\.New\("x"\) \(value of interface type error\) as int value in return statement` `cannot use 1 \(constant of type int\) as error value in return statement: int does not implement error \(missing method Error\)`
func f() { return 1 } // ERROR `too many return values`
func g() (n int, err error) {
	if true {
		err := errors.New("x") // ERROR `declared and not used: err`
		return // ERROR `result parameter err not in scope at return`
	}
	return n // ERROR `not enough return values`
}
func h(x int) int {
	if x > 0 {
		return 1
	} else if x < 0 {
		return 2
	}
} // ERROR `missing return`
func i() int {
	for {
		break
	}
} // ERROR `missing return`
func j() int {
	for {
	}
}
func k(x int) int {
	switch x {
	case 1:
		return 1
	}
} // ERROR `missing return`
func l(x int) int {
	switch x {
	case 1:
		panic(1)
	default:
		return 1
	}
}
func m() (int, string) { return d() } // ERROR `cannot use 2nd function result \(value of interface type error\) as string value in return statement`
func n() (int, error)  { return d() }
func o() (int, int)    { return d(), 1 } // ERROR `multiple-value d\(\) \(value of type \(int, error\)\) in single-value context`
func p() func() int    { return func() int {} } // ERROR `missing return`
func q() (int, string) { return "a", 1 } // ERROR `cannot use "a" \(untyped string constant\) as int value in return statement` `cannot use 1 \(untyped int constant\) as string value in return statement`
func r() error         { return "x" } // ERROR `cannot use "x" \(constant of type string\) as error value in return statement: string does not implement error \(missing method Error\)`

func main() {}
