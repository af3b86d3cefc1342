// errorcheck
// What other languages have and Go has not.

package main

func a() {
	while true { // ERROR `syntax error: unexpected name true at end of statement`
	}
} // ERROR `syntax error: non-declaration statement outside function body`

func b() {
	let x = 1 // ERROR `syntax error: unexpected name x at end of statement`
}

func c() {
	x = y ? 1 : 2 // ERROR `invalid character U\+003F '\?'` `syntax error: unexpected literal 1 at end of statement`
}

func d() {
	for (i := 0; i < 3; i++) { // ERROR `syntax error: unexpected :=, expected \)`
	}
}

func e() {
	do {
	} while (true) // ERROR `syntax error: unexpected name while at end of statement`
}

func f() {
	if x == 1 then // ERROR `syntax error: unexpected name then, expected \{`
	end
} // ERROR `syntax error: unexpected \}, expected expression`

func g() { // ERROR `syntax error: unexpected name g, expected \(`
	try {
	} catch { // ERROR `syntax error: unexpected name catch after top level declaration`
	}
}

func h() {
	++x // ERROR `syntax error: unexpected \+\+, expected \}`
}

func i() {
	x := y++ // ERROR `syntax error: unexpected \+\+ at end of statement`
}

func j() {
	int x = 1 // ERROR `syntax error: unexpected name x at end of statement`
}

func k() {
	const x := 1 // ERROR `syntax error: unexpected :=, expected =`
}

func l() {
	return if x { 1 } else { 2 } // ERROR `syntax error: unexpected keyword if, expected expression`
}

func m() {
	x => x + 1 // ERROR `syntax error: unexpected >, expected expression`
}

func n() {
	f(x = 1) // ERROR `syntax error: unexpected = in argument list; possibly missing comma or \)`
}

func o() {
	import "fmt" // ERROR `syntax error: unexpected keyword import, expected \}`
}

func p() {
	func q() {} // ERROR `syntax error: unexpected name q, expected \(`
} // ERROR `syntax error: non-declaration statement outside function body`

class T {}
