package p

type T int
type P *T
type I interface{ m() }
type G[K comparable, V any] struct{}

func (int) a()          {} // ERROR "cannot define new methods on non-local type int"
func (P) b()            {} // ERROR "invalid receiver type P"
func (I) c()            {} // ERROR "invalid receiver type I"
func (**T) d()          {} // ERROR "invalid receiver type"
func (x *T) e()         {}
func (G[A, B]) f(a A) B { var b B; return b }
func (g *G[K, _]) g(k K) {}
func (G) h()            {} // ERROR "cannot use generic type G\[K comparable, V any\] without instantiation"
func (G[A]) i()         {} // ERROR "receiver declares 1 type parameter, but receiver base type declares 2|not enough type arguments"
func (undefined) j()    {} // ERROR "undefined: undefined"
func ([]T) k()          {} // ERROR "invalid receiver type \[\]T"
