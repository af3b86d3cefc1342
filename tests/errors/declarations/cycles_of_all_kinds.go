// errorcheck
// Cycles: of types, constants, variables and functions.

package main

const a = b // ERROR `initialization cycle for a`
const b = a

const (
	c = len(d) // ERROR `initialization cycle for c`
)

var d [c]int

var x = y // ERROR `initialization cycle for x`
var y = f()

func f() int { return g() }
func g() int { return x }

type S struct{ t T } // ERROR `invalid recursive type S`
type T [2]U
type U struct{ S }

type P *P
type L []L
type F func(F) F

type I1 interface{ I2 } // ERROR `invalid recursive type I1`
type I2 interface{ I1 }

type A = B // ERROR `invalid recursive type A`
type B = A

type G[Q any] struct{ g G[Q] } // ERROR `invalid recursive type: G\[Q\] refers to itself`

type H[Q any] struct{ *H[Q] }

var z = func() int { return z }() // ERROR `initialization cycle: z refers to itself`

func main() {}
