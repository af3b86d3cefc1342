package main

// Tested at the bottom, one operation for step, test and jump; constants are loaded before the loop.
func sum(a []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * 2.5
	}
	return s
}

func rows(m [][]int) int {
	n := 0
	for i := 0; i < len(m); i++ {
		for _, v := range m[i] {
			n += v + m[i][0]
		}
	}
	return n
}

func main() { println(sum(nil), rows(nil)) }
