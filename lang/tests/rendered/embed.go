// errorcheck
// Embedding directives on what cannot be embedded into.

package main

import _ "unsafe"

//go:embed a.txt
var a string

//go:embed
var b string

//go:embed "a
var c string

func main() {
	//go:embed a.txt
	var d string
	_ = d
}
