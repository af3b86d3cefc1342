package main

func add(a, b int) int { return a + b }

func pair() (int, string) { return 1, "a" }

func list(first string, rest ...int) {}

func main() {
	add(1)
	add(1, 2, 3)
	add(pair())
	a, b, c := pair()
	x := pair()
	list(1)
	list("a", "b")
	list("a", []string{}...)
	add.x()
	1()
}
