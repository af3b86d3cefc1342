// errorcheck
// Struct literals.

package main

import "strings"

type Point struct {
	X, Y int
}

type Named struct {
	Point
	name string
}

func main() {
	_ = Point{1}
	_ = Point{1, 2, 3}
	_ = Point{X: 1, 2}
	_ = Point{1, Y: 2}
	_ = Point{X: 1, X: 2}
	_ = Point{Z: 1}
	_ = Point{x: 1}
	_ = Point{1: 2}
	_ = Point{X: "s"}
	_ = Named{X: 1}
	_ = Named{Point{1, 2}, 3}
	_ = Named{Point: Point{}, Name: "x"}
	_ = strings.Builder{nil, nil}
	_ = strings.Reader{s: "x"}
	_ = &Point{1, 2, 3}
	_ = []Point{{1}, {X: 1, Z: 2}}
	_ = map[Point]Point{{1, 2}: {3}}
	_ = struct{}{1}
	_ = struct{ a int }{b: 1}
	_ = int{1}
	_ = (*Point){1, 2} // ERROR `syntax error: unexpected \{ at end of statement`
	_ = any{1} // ERROR `syntax error: non-declaration statement outside function body`
	_ = []any{{1}}
}
