package p

var a int
var a string // ERROR "a redeclared in this block"

func f() {}
func f() {} // ERROR "f redeclared in this block"

type T struct {
	x int
	x string // ERROR "x redeclared"
	m int
}

func (T) m()  {} // ERROR "field and method with the same name m"
func (T) n()  {}
func (*T) n() {} // ERROR "method T.n already declared at"

func g(a, a int) {} // ERROR "a redeclared in this block"

func init() {}
func init() {}
func init(int) {} // ERROR "func init must have no arguments and no return values"

var init = 1 // ERROR "cannot declare init - must be func"

func h() (x int, err error) {
	var x int // ERROR "x redeclared in this block"
	_ = x
	return
}

var u, v int = 1 // ERROR "missing init expr for v|assignment mismatch"
var w int = 1, 2 // ERROR "extra init expr 2|assignment mismatch"
