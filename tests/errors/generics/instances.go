// errorcheck
// Generic types and functions without, or with wrong, type arguments.

package main

type List[T any] struct {
	next *List[T]
	val  T
}

type Pair[K comparable, V any] struct {
	key K
	val V
}

func (l *List[T]) Push(v T)       {}
func (l List[int]) Len() int      { return 0 }
func (p Pair[K]) Bad()            {}
func (p Pair[K, V, W]) Worse()    {}
func (p Pair) Worst()             {}

type Alias[T any] = List[T]
type Self[T any] List[Self[T]]
type P[T any] T
type Q[T any] struct{ T }
type R[T any] struct{ *T }

func Map[T, U any](s []T, f func(T) U) []U { return nil }

func main() {
	var a List
	var b List[int, string]
	var c Pair[int]
	var d Pair[[]int, int]
	var e List[List]
	var f List[5] // ERROR `syntax error: unexpected literal 5, expected type`
	var g List[x]
	_, _, _, _, _, _, _ = a, b, c, d, e, f, g
	_ = List{}
	_ = List[int]{val: "s"}
	_ = &Pair[string, int]{"a", "b"}
	_ = Map
	_ = Map[int]
	_ = Map([]int{}, nil)
	_ = Map([]int{}, func(s string) int { return 0 })
	Map[int, string, bool](nil, nil)
	var l List[int]
	l.Push("s")
	l.Push[int](1)
	_ = int[string]
	main[int]()
	var h Alias
	_ = h
	type Local[T any] []T
}
