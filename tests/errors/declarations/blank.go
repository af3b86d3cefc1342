// errorcheck
// The blank identifier where a value is needed.

package main

type _ struct{ _, _ int }

func _()      {}
func _(_ int) {}

var _ = _ // ERROR `cannot use _ as value or type`

const _ = iota

type I interface{ _() } // ERROR `methods must have a unique non-blank name`

func (_ T) _() {}

type T struct{}

func main() {
	x := _ // ERROR `cannot use _ as value or type`
	_ = x
	_++ // ERROR `cannot use _ as value or type`
	_ += 1 // ERROR `cannot use _ as value or type`
	f(_) // ERROR `cannot use _ as value or type`
	_.x = 1 // ERROR `cannot use _ as value or type`
	_() // ERROR `cannot use _ as value or type`
	var y _ // ERROR `cannot use _ as value or type`
	_ = y
	for _ = range 3 {
	}
	T{}._() // ERROR `T\{\}\._ undefined \(type T has no field or method _\)`
}

func f(int) {}
