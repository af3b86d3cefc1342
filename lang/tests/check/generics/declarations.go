package p

type List[T any] struct {
	head T
	tail *List[T]
}

func (l *List[T]) Push(x T) *List[T] { return &List[T]{x, l} }

type Number interface{ ~int | ~float64 }

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func Map[A, B any](xs []A, f func(A) B) (r []B) {
	for _, x := range xs {
		r = append(r, f(x))
	}
	return
}

var (
	_ List      // ERROR "cannot use generic type List\[T any\] without instantiation"
	_ List[int]
	_ List[int, int] // ERROR "too many type arguments for type List: have 2, want 1"
	_ = Sum(1, 2, 3)
	_ = Sum("a")    // ERROR "string does not satisfy Number"
	_ = Sum[string] // ERROR "string does not satisfy Number"
	_ = Map([]int{1}, func(i int) string { return "" })
	_ []string = Map([]int{1}, func(i int) string { return "" })
	_ = Sum // ERROR "cannot use generic function Sum without instantiation"
	_ = (&List[int]{}).Push("a") // ERROR "cannot use \"a\" \(untyped string constant\) as int value in argument"
)

type Bad[T T] struct{} // ERROR "cannot use a type parameter as constraint"
type Bad2[T any] T     // ERROR "cannot use a type parameter as RHS in type declaration"
type Bad3 interface{ int | I } // ERROR "cannot use p.I in union \(p.I contains methods\)"
type I interface{ m() }
type Bad4 interface{ ~I2 } // ERROR "invalid use of ~ \(underlying type of I2 is int\)"
type I2 int
type Bad5 interface{ int | ~int } // ERROR "overlapping terms ~int and int"

func eq[T any](a, b T) bool { return a == b } // ERROR "incomparable types in type set"
func lt[T comparable](a, b T) bool { return a < b } // ERROR "type parameter T cannot use operator <"
