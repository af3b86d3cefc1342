// errorcheck
// Errors in constant declarations that repeat an expression.

package main

const (
	a uint8 = 254 + iota
	b
	c // ERROR `cannot use 254 \+ iota \(untyped int constant 256\) as uint8 value in constant declaration \(overflows\)`
	d // ERROR `cannot use 254 \+ iota \(untyped int constant 257\) as uint8 value in constant declaration \(overflows\)`
)

const (
	e = "x"[iota:] // ERROR `"x"\[iota:\] \(value of type string\) is not constant`
	f // ERROR `"x"\[iota:\] \(value of type string\) is not constant`
)

const (
	g, h = iota, 1 / iota // ERROR `invalid operation: division by zero`
	i, j
)

const (
	k = 1
	l, m // ERROR `missing init expr for m`
)

const n // ERROR `missing init expr for n`

const o, p = 1 // ERROR `missing init expr for p`

func main() {}
