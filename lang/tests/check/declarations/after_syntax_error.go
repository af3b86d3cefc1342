package p

func good() int {
	return "a" // ERROR "cannot use"
}

func bad() int {
	x := 1 + // the declaration is not looked at any further
	} // ERROR "syntax error: unexpected }"

func uses() {
	undefinedName() // ERROR "undefined: undefinedName"
	var x int = "b" // ERROR "cannot use" "declared and not used"
}
