// errorcheck
// init and main that are no plain functions.

package main

var init = 1 // ERROR `cannot declare init - must be func`

type init int // ERROR `cannot declare init - must be func`

const init = 2 // ERROR `cannot declare init - must be func`

func init(x int) {} // ERROR `func init must have no arguments and no return values`
func init() int  { return 1 } // ERROR `func init must have no arguments and no return values`
func init[T any]() {} // ERROR `func init must have no type parameters`

func main[T any](x int) {} // ERROR `func main must have no arguments and no return values` `func main must have no type parameters`

func f() {
	init() // ERROR `undefined: init`
	_ = init // ERROR `undefined: init`
}
