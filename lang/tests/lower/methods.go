package main

type inner struct{ n int }

func (i inner) get() int   { return i.n }
func (i *inner) set(n int) { i.n = n }

type outer struct {
	*inner
	name string
}

type getter interface{ get() int }
type setter interface {
	getter
	set(int)
}

type small int8

func (s small) get() int { return int(s) }

func main() {
	o := outer{&inner{1}, "o"}
	var s setter = o
	s.set(2)
	var g getter = &o
	println(g.get(), small.get(3), (*outer).get(&o))
	g = small(4)
	f, h := g.get, o.set
	h(5)
	println(f(), o.n)
	if t, ok := g.(setter); ok {
		t.set(6)
	}
	switch v := g.(type) {
	case small, *small:
		println(v.get())
	case outer:
		println(v.name)
	}
}
