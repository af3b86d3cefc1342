// errorcheck
// Compiler directives where they mean nothing.

package main

//go:noinline
var x int

//go:noinline
type T int

//go:noinline
func f() {}

//go:embed a.txt
func g() {}

//go:build linux

//go:nosplit
const c = 1

func main() {
	//go:noinline
	y := 1
	_ = y
	_ = 1 //go:noinline
}

//go:linkname
//go:linkname main
//go:linkname nothing a.b
