//go:build linux && go1.21

// Package sample has one of each declaration.
package sample

import "fmt"
import (
	. "math"
	str "strings"
	_ "unsafe"
)

const a = 1
const (
	b, c = iota, 1 << iota
	d, e
	f float64 = 2.5
	g
)

var x int
var y, z = 1, "two"
var (
	w []byte = nil
)

type (
	T    struct{}
	U    = map[string]T
	V[P any, Q ~int | ~string] struct {
		A, B P `tag`
		*T
		fmt.Stringer
		V2[P]
		arr [3]int
		fn  func(int, ...string) (n int, err error)
	}
)

type N [n * 2]int
type O [P * 2]int
type P[E *C, F any] []E
type Q[E interface{ *C }] []E
type R[E ~[]F, F comparable] interface {
	m(E) F
	~int | *F
	fmt.Stringer
	S[F]
}
type A[P any] = []P

func plain()
func (t *T) method(a, b int, c ...string) (r int, err error) { return }
func (V[P, _]) generic[X any](x X) X { return x }
func typed[K comparable, E any](m map[K]E, ch <-chan chan<- E) func() chan (<-chan int) { return nil }
func unnamed(int, []string, pkg.T, [4]T, L[int], *T, func(), struct{}) {}
func _(a, b [2]int, f func(int) (string, error)) {}
