package main

import "fmt"
import "fmt"

type T struct {
	x int
	x string
}

func (T) m() {}
func (T) m() {}
func (T) x() {}

var v = 1
var v = 2

func f(a int, a string) {
	switch a {
	case 1, 1:
	default:
	default:
	}
L:
L:
	goto L
	a := 1
	_ = map[string]int{"k": 1, "k": 2}
}

func main() { fmt.Println() }
