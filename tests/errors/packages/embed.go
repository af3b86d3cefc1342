// errorcheck
// What a variable must be like to hold embedded files.

package main

import "embed"

//go:embed embed.go imports.gol
var d []byte // ERROR "invalid go:embed: multiple files for type .*byte"

//go:embed embed.go
var e embed.FS

func main() {
	println(d, e)
}
