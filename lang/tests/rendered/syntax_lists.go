package main

func main() {
	f(1, 2
	g(3)
	list := []int{
		1,
		2
	}
	f(func() {
	}
}
