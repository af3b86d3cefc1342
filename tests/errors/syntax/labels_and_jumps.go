// errorcheck
// Labels without statements, and jumps without labels.

package main

func a() {
L: // ERROR `label L defined and not used`
}

func b() {
	goto
} // ERROR `syntax error: unexpected \}, expected name`

func c() { // ERROR `syntax error: unexpected name c, expected \(`
	break 1 // ERROR `syntax error: unexpected keyword break at end of statement`
}

func d() {
	continue "a" // ERROR `syntax error: unexpected literal "a" at end of statement`
}

func e() {
	if x {
	L: // ERROR `label L defined and not used`
	} else {
	}
}

func f() {
	L: M: N: x = 1 // ERROR `label L defined and not used` `label M defined and not used` `label N defined and not used`
}

func g() {
	switch x {
	case 1:
	L: // ERROR `label L defined and not used`
	}
}

func h() {
	fallthrough L // ERROR `syntax error: unexpected name L at end of statement`
}

func main() {}
