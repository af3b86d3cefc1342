package p

func good() int {
	return "a" // nothing is checked in a package with syntax errors
}

func bad() int {
	x := 1 +
	} // ERROR "syntax error: unexpected }"

func labels() {
unused: // ERROR "label unused defined and not used"
	undefinedName()
}
