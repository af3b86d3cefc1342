package main

// Variables that do not change are captured by value, others by their cell; both are read where they are used.
func counter(step int) func() int {
	n := 0
	return func() int {
		n += step
		return n
	}
}

func compose(f, g func(int) int) func(int) int {
	return func(x int) int { return g(f(x)) }
}

func main() {
	c := counter(2)
	println(c(), compose(func(x int) int { return x + 1 }, nil) == nil)
}
