package main

func half(x int) float64 {
	return x
}

func main() {
	count := 1
	var ratio float64
	ratio = count
	p := &count
	count = p
	var text string = []byte("x")
	var any any = count
	count = any
	half(ratio)
	half("one")
	_, _ = text, ratio
}
