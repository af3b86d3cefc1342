package main

func adder(k int) func(int) int { return func(x int) int { return x + k } }

func each(xs []int, f func(int)) {
	for _, x := range xs {
		f(x)
	}
}

// The closure is inlined, its cell a register.
func sum(xs []int, k int) int {
	t, f := 0, adder(k)
	each(xs, func(x int) { t += f(x) })
	return t
}

type pair struct{ a, b int }

// The object never leaves.
func object(x int) int {
	p := &pair{a: x}
	p.b += p.a
	return p.b
}

// This one does.
func escapes(x int) *pair {
	p := &pair{a: x}
	p.b += p.a
	return p
}

func clamp(x int) int {
	if x > 5 {
		x = 5
	}
	return x
}

// The parameter of the inner call is a copy: it is read again.
func twice(a int) int { return clamp(a) + a }

func outer(a int) int { return twice(a * 7) }

func main() {
	_, _, _, _ = sum(nil, 1), object(1), escapes(1), outer(1)
}
