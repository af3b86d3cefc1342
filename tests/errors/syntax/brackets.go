// errorcheck
// Brackets that do not match.

package main

func a() {
	f(1, 2 // ERROR `syntax error: unexpected newline in argument list; possibly missing comma or \)`
	g()
}

func b() {
	x := []int{1, 2 // ERROR `syntax error: unexpected newline in composite literal; possibly missing comma or \}`
	}
}

func c() {
	f(1, 2]) // ERROR `syntax error: unexpected \] in argument list; possibly missing comma or \)`
}

func d() {
	x := map[string]int{
		"a": 1 // ERROR `syntax error: unexpected newline in composite literal; possibly missing comma or \}`
	}
}

func e() {
	if (x {
	} // ERROR `syntax error: unexpected newline, expected \)`
} // ERROR `syntax error: unexpected \}, expected \{`

func f() {
	f(func() {
		g()
	} // ERROR `syntax error: unexpected newline in argument list; possibly missing comma or \)`
}

func main() { // ERROR `syntax error: unexpected name main, expected \(`
