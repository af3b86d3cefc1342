package p

const big = 1 << 100

var (
	a int8  = 128     // ERROR "cannot use 128 \(untyped int constant\) as int8 value in variable declaration \(overflows\)"
	b uint  = -1      // ERROR "cannot use -1 \(untyped int constant\) as uint value in variable declaration \(overflows\)"
	c int   = 1.5     // ERROR "cannot use 1.5 \(untyped float constant\) as int value in variable declaration \(truncated\)"
	d       = big     // ERROR "cannot use big \(untyped int constant 1267650600228229401496703205376\) as int value in variable declaration \(overflows\)"
	e       = big >> 98
	f int   = 1e3
	g       = int8(200) // ERROR "constant 200 overflows int8|cannot convert"
	h       = "a" + 1 // ERROR "mismatched types untyped string and untyped int"
	i byte  = 'ÿ' + 1 // ERROR "overflows"
	j rune  = 'a' * 2
	k       = 1 / 0   // ERROR "division by zero"
	l       = 1.0 / 0 // ERROR "division by zero"
	m uint8 = ^0      // ERROR "overflows"
	n       = ^uint8(0)
	o int   = 2 + 0i
	p1 float32 = 1e39 // ERROR "overflows"
)

const (
	x1 int8 = 127 + 1 // ERROR "overflows"
	x2      = len("héllo")
	x3      = [x2]int{}[0] // ERROR "is not constant"
	x4      = x2 == 6 && !false
	huge    = 1e100000 * 1e100000
)

var arr [x2]int
var _ = arr[6] // ERROR "out of bounds|out of range"
