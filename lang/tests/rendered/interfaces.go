package main

import "fmt"

type Shape interface {
	Area() float64
	Name() string
}

type Square struct{ side float64 }

func (s *Square) Area() float64 { return s.side * s.side }
func (s *Square) Name() string  { return "square" }

type Circle struct{}

func (Circle) Area() int    { return 3 }
func (Circle) Name() string { return "circle" }

type Dot struct{}

func (Dot) area() float64 { return 0 }

func show(s Shape) {}

func main() {
	show(Square{2})
	show(Circle{})
	show(Dot{})
	var s Shape = &Square{1}
	show(&s)
	var _ fmt.Stringer = s
	_ = s.(Circle)
}
