package main

type point struct{ x, y int }

func (p point) sum() int   { return p.x + p.y }
func (p *point) move(d int) { p.x += d }

type summer interface{ sum() int }

var total = add(1, 2)

func add(a, b int) int { return a + b }

func main() {
	p := point{1, 2}
	p.move(3)
	var s summer = p
	println(s.sum(), total)
	q := &point{y: 4}
	f := q.move
	f(1)
	n := 0
	inc := func() { n++ }
	inc()
	for i := range 3 {
		defer func() { println(i) }()
	}
	m := map[string]int{"a": 1}
	m["b"] += 2
	v, ok := m["c"]
	println(v, ok, "x"+"y", len(m))
	switch n {
	case 1, 2:
		println("few")
	default:
		println("many")
	}
}
