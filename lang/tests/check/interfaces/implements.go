package p

type I interface {
	M(int) string
	n()
}

type A struct{}
type B struct{}
type C struct{}
type D struct{}

func (A) M(int) string  { return "" }
func (A) n()            {}
func (*B) M(int) string { return "" }
func (B) n()            {}
func (C) M(string)      {}
func (C) n()            {}
func (D) m(int) string  { return "" }
func (D) n()            {}

var (
	_ I = A{}
	_ I = &A{}
	_ I = B{} // ERROR "cannot use B\{\} \(value of struct type B\) as I value in variable declaration: B does not implement I \(method M has pointer receiver\)"
	_ I = &B{}
	_ I = C{} // ERROR "C does not implement I \(wrong type for method M\)\n\t\thave M\(string\)\n\t\twant M\(int\) string"
	_ I = D{} // ERROR "D does not implement I \(missing method M\)\n\t\thave m\(int\) string\n\t\twant M\(int\) string"
	_ I = 1   // ERROR "cannot use 1 \(constant of type int\) as I value in variable declaration: int does not implement I \(missing method M\)"
)

var i I
var j interface{ M(int) string } = i
var k I = j // ERROR "does not implement I \(missing method n\)"
var a A = i // ERROR "cannot use i \(variable of interface type I\) as A value in variable declaration: need type assertion"

type Dup interface {
	m()
	m() // ERROR "duplicate method m"
}
