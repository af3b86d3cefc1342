package main

// Arguments are computed in the window, results used where they are.
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func two(a, b int) (int, int) {
	for a < b {
		a++
	}
	return a, b
}

// One call's results are another's arguments.
func pass() int {
	x, y := two(two(1, 2))
	return x - y
}

func main() { println(fib(5), pass()) }
