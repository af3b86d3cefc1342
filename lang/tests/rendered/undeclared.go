package main

import "fmt"

type Counter struct{ value int }

func (c *Counter) Increment() {}

func main() {
	counter := &Counter{}
	countr.Increment()
	counter.Incremnt()
	counter.valeu++
	fmt.Printn(counter)
	strings.ToUpper("x")
	var c Countr
	nothing()
}
