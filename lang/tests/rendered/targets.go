package main

type T struct{ x int }

func f() T { return T{} }

func main() {
	m := map[string]T{}
	m["a"].x = 1
	f().x = 1
	1 = 2
	"abc"[0] = 'x'
	p := &f()
	s := "abc"
	s[0] = 'x'
	*s = 'x'
	f = nil
	x, s := 1
	nil.x = p
}
