package main

func small(a, b int) int { return a*b + 1 }

func even(x int) bool { return x%2 == 0 && x > 0 }

// Small functions take the place of their calls, in conditions too.
func user(x int) int {
	if even(x) {
		return small(x, 3)
	}
	return small(small(x, x), 2)
}

func main() { println(user(2)) }
