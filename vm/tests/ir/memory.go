package main

type body struct {
	x, v float64
	n    int
	next *body
	data []int
}

// Arithmetic on fields is done in memory; values just stored or loaded are used again.
func step(b *body, dt float64) int {
	b.x += b.v * dt
	b.n++
	b.next = nil
	if b.data[1] > 0 {
		return b.data[1]
	}
	return b.n
}

// Values of parts of structs are registers.
func corner() (int, bool) {
	var p struct {
		a, b int
		on   bool
	}
	p.b = 4
	p.on = !p.on
	return p.a + p.b, p.on
}

func main() { println(step(&body{data: []int{1, 2}}, 1)); println(corner()) }
