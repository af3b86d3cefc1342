package p

const (
	a, b = iota, iota * 10
	c, d
	_, _
	e, f
)

var (
	_ [c]int  = [1]int{}
	_ [d]int  = [10]int{}
	_ [f]int  = [30]int{}
	_ [e]bool = [3]bool{}
)

const (
	g, h = iota // ERROR "missing init expr for h"
	i, j = 1, 2, 3 // ERROR "extra init expr 3"
)

const (
	k uint8 = 254 + iota
	l
	m // ERROR "overflows"
)

var n = iota // ERROR "cannot use iota outside constant declaration"

func _() {
	const (
		x = iota
		y
	)
	var _ [y]int = [1]int{}
	const z = y
	const (
		u // ERROR "missing init expr for u"
	)
}
