package main

type Point struct{ X, Y int }

func main() {
	_ = Point{1}
	_ = Point{1, 2, 3}
	_ = Point{X: 1, 2}
	_ = Point{x: 1}
	_ = Point{X: "one"}
	_ = [2]int{1, 2, 3}
	_ = []int{0: 1, 0: 2}
	_ = map[string]int{"a"}
	_ = int{1}
	_ = []string{'a'}
}
