package p

type A struct{ x, y int }
type B struct{ x int }
type C struct {
	A
	*B
}

func (A) m()  {}
func (*A) pm() {}

type I interface{ m() }

func get() A { return A{} }

func _(c C, i I, pi *I) {
	_ = c.y
	_ = c.x // ERROR "ambiguous selector c.x"
	_ = c.z // ERROR "c.z undefined \(type C has no field or method z\)"
	_ = c.Y // ERROR "c.Y undefined \(type C has no field or method Y, but does have field y\)"
	c.pm()
	get().pm() // ERROR "cannot call pointer method pm on A"
	_ = A.m
	_ = A.pm // ERROR "invalid method expression A.pm \(needs pointer receiver \(\*A\).pm\)"
	_ = (*A).pm
	_ = A.x // ERROR "operand for field selector x must be value of type A"
	i.m()
	pi.m() // ERROR "pi.m undefined \(type \*I is pointer to interface, not interface\)"
	i.n()  // ERROR "i.n undefined \(type I has no field or method n\)"
	var f func(A) = A.m
	f = (*A).m // ERROR "cannot use \(\*A\).m \(value of type func\(\*A\)\) as func\(A\) value in assignment"
	_ = f
}
