package p

import "unsafe"

type (
	S  struct{ a int }
	S2 struct {
		a int `tag:"x"`
	}
	I interface{ m() }
	B []byte
)

func _(s S, p *S, i I, x int, f float64, str string, b []byte, ptr unsafe.Pointer, u uintptr) {
	_ = S2(s)
	_ = (*S2)(p)
	_ = string(x)
	_ = string(f) // ERROR "cannot convert f \(variable of type float64\) to type string"
	_ = int(str)  // ERROR "cannot convert str \(variable of type string\) to type int"
	_ = B(str)
	_ = string(b)
	_ = [2]byte(b)
	_ = (*[2]byte)(b)
	_ = [2]int(b) // ERROR "cannot convert b \(variable of type \[\]byte\) to type \[2\]int"
	_ = uintptr(ptr)
	_ = unsafe.Pointer(u)
	_ = unsafe.Pointer(x) // ERROR "cannot convert"
	_ = I(s)              // ERROR "cannot convert s \(variable of struct type S\) to type I: S does not implement I \(missing method m\)"
	_ = float32(1 << 200)  // ERROR "cannot convert|overflows"
	_ = string(65)
	_ = []rune("x")
	_ = bool(1) // ERROR "cannot convert 1 \(untyped int constant\) to type bool"
	_ = (func())(nil)
	_ = int(nil) // ERROR "cannot convert nil to type int"
}
