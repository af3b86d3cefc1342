// errorcheck
// Headers of for and if.

package main

func a() {
	for i := 0; i < 3 { // ERROR `syntax error: unexpected \{, expected semicolon or newline`
	} // ERROR `syntax error: unexpected \}, expected expression`
}

func b() {
	for i := 0; i < 3; i++; { // ERROR `syntax error: unexpected semicolon, expected \{ after for clause`
	}
}

func c() {
	for ;; {
	}
	for ; { // ERROR `syntax error: unexpected \{, expected for loop condition`
	}
}

func d() {
	for i := 0; i < 3; i := i + 1 { // ERROR `syntax error: cannot declare in post statement of for loop`
	}
}

func e() {
	if x := 1 { // ERROR `syntax error: cannot use x := 1 as value`
	}
}

func f() {
	if x = 1 { // ERROR `syntax error: cannot use assignment x = 1 as value`
	}
}

func g() {
	if { // ERROR `syntax error: missing condition in if statement`
	}
}

func h() {
	if x; { // ERROR `syntax error: missing condition in if statement`
	}
}

func i() {
	if x == 1 // ERROR `syntax error: unexpected newline, expected \{ after if clause`
	{
	}
}

func j() {
	if x { } else x = 1 // ERROR `syntax error: else must be followed by if or statement block`
}

func k() {
	for var i = 0; i < 3; i++ { // ERROR `syntax error: var declaration not allowed in for initializer`
	}
}

func l() {
	for i in x { // ERROR `syntax error: unexpected name in, expected \{`
	}
}

func m() {
	if x {
	}
	else { // ERROR `syntax error: unexpected keyword else, expected \}`
	}
}

func main() {}
