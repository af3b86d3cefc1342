package p

type (
	A [3]int
	B [-1]int    // ERROR "invalid array length -1"
	C [1.5]int   // ERROR "array length 1.5 \(untyped float constant\) must be integer"
	D [n]int     // ERROR "invalid array length n"
	E ["x"]int   // ERROR "array length \"x\" \(untyped string constant\) must be integer"
	F map[[]int]int // ERROR "invalid map key type \[\]int"
	G map[func()]int // ERROR "invalid map key type func\(\)"
	H struct{ *I }   // ERROR "embedded field type cannot be a pointer to an interface"
	I interface{ m() }
	J struct{ P }    // ERROR "embedded field type cannot be a pointer"
	P *int
	K undefined      // ERROR "undefined: undefined"
	L n              // ERROR "n \(package-level variable\) is not a type"
	M [...]int       // ERROR "invalid use of \[...\] array \(outside a composite literal\)"
	N interface{ ~int }
	O chan<- (<-chan int)
)

var n = 3
var v N // ERROR "cannot use type N outside a type constraint: interface contains type constraints"
var w comparable // ERROR "cannot use type comparable outside a type constraint: interface is \(or embeds\) comparable"
var x int.y // ERROR "int.y is not a type|undefined"
