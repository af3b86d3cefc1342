package main

import (
	"stings"
	"example.com/nowhere"
	""
	"/absolute"
	. "errors"
	init "fmt"
	"io"
)

var io = 1

func main() {}
