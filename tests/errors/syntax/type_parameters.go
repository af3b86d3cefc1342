// errorcheck
// Type parameters where there can be none, and lists of them that are malformed.

package main

type I interface {
	m[T any]() // ERROR `interface method must have no type parameters`
}

func (t T) m[U]() {} // ERROR `syntax error: missing type constraint`

type F func[T any]() // ERROR `syntax error: function type must have no type parameters`

func g[]() {} // ERROR `syntax error: empty type parameter list`

func h[T]() {} // ERROR `syntax error: missing type constraint`

func i[T any, U]() {} // ERROR `syntax error: missing type constraint`

func j[T, any]() {} // ERROR `syntax error: missing type constraint`

func main() {
	_ = func[T any]() {} // ERROR `syntax error: function type must have no type parameters`
}
