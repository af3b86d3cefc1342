// errorcheck
// Functions without bodies.

package main

func f(int) int

func g[T any](T) // ERROR `generic function is missing function body`

type T int

func (T) m()

func main() { f(1); g(1); T(1).m() }
