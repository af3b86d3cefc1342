package p

type T1 T1 // ERROR "invalid recursive type: T1 refers to itself"

type A struct { // ERROR "invalid recursive type A"
	b B
}

type B struct {
	a [2]A
}

type C = D // ERROR "invalid recursive type C"
type D = C

type E struct {
	next *E
	list []E
	f    func(E) E
	m    map[string]E
}

type I interface { // ERROR "invalid recursive type: I refers to itself"
	I
}

type G[P any] struct {
	x P
	g *G[P]
}

type H struct { // ERROR "invalid recursive type: H refers to itself|invalid recursive type H"
	g G[H]
}

var x, y = y, x // ERROR "initialization cycle|refers to"

const c1 = c2 // ERROR "initialization cycle|refers to"
const c2 = c1

type L [len(l)]int // ERROR "invalid recursive type|invalid cycle"
var l L
