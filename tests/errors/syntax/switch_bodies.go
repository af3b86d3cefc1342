// errorcheck
// Bodies of switch and select.

package main

func a() {
	switch x {
		f() // ERROR `syntax error: unexpected name f, expected case or default or \}`
	case 1: // ERROR `syntax error: unexpected keyword case, expected :`
	}
}

func b() {
	switch x {
	case 1 // ERROR `syntax error: unexpected newline, expected :`
		f()
	}
}

func c() {
	switch x {
	case: // ERROR `syntax error: unexpected :, expected expression`
	} // ERROR `syntax error: unexpected \}, expected :`
}

func d() { // ERROR `syntax error: unexpected name d, expected \(`
	switch x // ERROR `syntax error: unexpected keyword switch at end of statement`
	{
	case 1:
	}
}

func e() {
	select x { // ERROR `syntax error: missing \{ after select clause`
	}
}

func f() {
	switch x := y.(type) {
	case int, : // ERROR `syntax error: unexpected :, expected expression`
	} // ERROR `syntax error: unexpected \}, expected :`
}

func g() { // ERROR `syntax error: unexpected name g, expected \(`
	switch x, y { // ERROR `syntax error: unexpected keyword switch at end of statement`
	} // ERROR `syntax error: unexpected \}, expected \{`
} // ERROR `syntax error: unexpected \}, expected expression`

func h() { // ERROR `syntax error: unexpected name h, expected \(`
	switch { // ERROR `syntax error: unexpected keyword switch at end of statement`
	case 1: case 2:
	default
	} // ERROR `syntax error: unexpected \}, expected :`
}

func main() {} // ERROR `syntax error: unexpected name main, expected \(`
