package b

import "fmt"

var Name = func() string { fmt.Println("b var"); return "b!" }()

func FromB() int { return hidden }
