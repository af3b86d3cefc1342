package main

const big = 1 << 100

var (
	a int8    = 200
	b uint    = -1
	c int     = 1.5
	d         = big
	e float32 = 1e100
	f         = iota
	g [n]int
	n = 3
)

const h = n

func main() {}
