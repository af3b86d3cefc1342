package main

type number interface{ ~int | ~float64 }

func sum[T number](list ...T) T {
	var total T
	for _, x := range list {
		total += x + 1
	}
	return total
}

type pair[A, B any] struct {
	a A
	b B
}

func (p *pair[A, B]) swap() *pair[B, A] { return &pair[B, A]{p.b, p.a} }

func local[T any](x T) any {
	type box struct{ v T }
	return box{x}
}

type stringer interface{ String() string }

type id int

func (i id) String() string { return "id" }

func show[T stringer](x T) string { return x.String() }

func main() {
	println(sum(1, 2), sum(1.5))
	p := (&pair[int, string]{1, "x"}).swap()
	println(p.a)
	_ = local(1)
	_ = local("s")
	println(show(id(3)))
}
