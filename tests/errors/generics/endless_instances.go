// errorcheck
// Generic functions that would have endlessly many instances.

package main

func f[T any](n int) {
	f[*T](n - 1)
}

func g[T any]() { h[[]T]() }
func h[T any]() { g[T]() } // ERROR `instantiation cycle:`

type T[P any] struct{}

func (T[P]) m() {
	T[T[P]]{}.m()
}

func ok[P any](n int) { ok[P](n - 1) }

func main() { f[int](1); g[int](); T[int]{}.m(); ok[int](1) }
