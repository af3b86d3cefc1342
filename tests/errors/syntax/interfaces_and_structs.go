// errorcheck
// Members of structs and interfaces.

package main

type A struct {
	x int, y int // ERROR `syntax error: unexpected comma in struct type; possibly missing semicolon or newline or \}`
}

type B struct {
	x
	y,
} // ERROR `syntax error: unexpected \}, expected name`

type C struct { // ERROR `syntax error: unexpected keyword type, expected field name or embedded type`
	func f() {}
} // ERROR `syntax error: non-declaration statement outside function body`

type D interface {
	func m() // ERROR `syntax error: unexpected name m, expected \(`
}

type E interface {
	m() {} // ERROR `syntax error: unexpected \{ in interface type; possibly missing semicolon or newline or \}`
} // ERROR `syntax error: non-declaration statement outside function body`

type F struct {
	x int = 1 // ERROR `syntax error: unexpected = in struct type; possibly missing semicolon or newline or \}`
}

type G struct {
	*[]int // ERROR `syntax error: unexpected \[, expected name`
	(T) // ERROR `syntax error: cannot parenthesize embedded type`
	*(T) // ERROR `syntax error: cannot parenthesize embedded type`
}

type H struct { x int; y string }; type I interface { m(); n() }

type J interface {
	x int // ERROR `syntax error: unexpected name int in interface type; possibly missing semicolon or newline or \}`
}

func main() {}
