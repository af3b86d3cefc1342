package main

type Number interface{ ~int | ~float64 }

func sum[T Number](list ...T) (total T) { return }

func make2[T any]() (t T) { return }

type Pair[K comparable, V any] struct {
	key K
	val V
}

func less[T any](a, b T) bool { return a < b }

func main() {
	sum("a", "b")
	sum(1, "b")
	make2()
	make2[int, string]()
	var p Pair
	var q Pair[string]
	var r Pair[[]int, int]
	var n Number
	_, _, _, _ = p, q, r, n
}
