package main

type T struct{}
type P *T

func (int) a()      {}
func (P) b()        {}
func (Nothing) c()  {}
func () d()         {}
func (t T, u T) e() {}

func (*T) change() {}

func main() {
	T{}.change()
	T.change(T{})
}
