package main

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func find(n int) (result int) {
outer:
	for x := range seq(n) {
		for y := range seq(x) {
			if y == 2 {
				continue outer
			}
			if y == 3 {
				break outer
			}
			if y == 4 {
				return x * y
			}
			defer println(y)
		}
	}
	return -1
}

func main() { println(find(10)) }
