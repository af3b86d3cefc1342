package main

func min3(a, b, c int) int {
	if b < a {
		a = b
	}
	if c < a {
		a = c
	}
	return a
}

func cost(a, b byte, x int) int {
	k := 1
	if a == b {
		k = 0
	}
	return x + k
}

func mandel(zr, zi, ci, cr float64) (float64, float64) {
	return zr*zr - zi*zi + cr, 2*zr*zi + ci
}

func hash(h, x uint64) uint64 { h = h*31 + x; h ^= h >> 7; return h & 0xff }

func dot(a, b []float64) (s float64) {
	for i := range a {
		s += a[i] * b[i]
	}
	return
}

// The end of the loop is where each branch leads.
func collatz(n int) (s int) {
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		s++
	}
	return
}

// Unrolled once.
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	_, _, _, _, _, _ = min3(1, 2, 3), cost(1, 2, 3), hash(1, 2), dot(nil, nil), collatz(3), fib(3)
	mandel(1, 2, 3, 4)
}
