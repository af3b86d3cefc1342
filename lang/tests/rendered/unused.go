package main

import (
	"fmt"
	str "strings"
)

func main() {
	total := 0
	for i := range 3 {
		total := i
	}
	var left int
	total == 1
	append([]int{}, total)
	main
}
