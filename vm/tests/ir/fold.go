package main

// Constants are folded and become immediates.
func fold(x int, u uint32) (int, uint32) {
	return x*8 + (3-1)*x - 0, u%16 + u/4
}

// Signed division by powers of two, and divisibility.
func halves(x int) int {
	if x%2 == 0 {
		return x / 2
	}
	return x % 8
}

func main() { println(fold(1, 2)) }
