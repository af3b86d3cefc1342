package p

var (
	a = 1
	b = 1.0
	c = 'x'
	d = 1i
	e = "s"
	f = true
	g = nil // ERROR "use of untyped nil in variable declaration"
)

var (
	_ int        = a
	_ float64    = b
	_ rune       = c
	_ complex128 = d
	_ string     = e
	_ bool       = f
	_ *int       = nil
	_ int        = nil // ERROR "cannot use nil as int value in variable declaration"
	_ float32    = 1 + 'a'*2.0
	_ any        = 1 << 3
	_ bool       = a == 1 && b > 2
)

type MyBool bool

var mb MyBool = a < 3
var mc MyBool = a < 3 && f // ERROR "mismatched types|cannot use"
