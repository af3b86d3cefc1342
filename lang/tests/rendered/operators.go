package main

type Celsius float64

func main() {
	a, b := 1, 2.5
	var c Celsius
	var small int8
	_ = a + b
	_ = b * c
	_ = small + a
	_ = a + "x"
	_ = "x" * 2
	_ = !a
	_ = []int{} == []int{}
	_ = a == nil
	_ = a << b
	_ = a / 0
}
