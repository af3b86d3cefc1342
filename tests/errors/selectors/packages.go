// errorcheck
// Uses of packages.

package main

import (
	"fmt"
	m "math"
)

func main() {
	_ = fmt // ERROR `use of package fmt not in selector`
	fmt = nil // ERROR `use of package fmt not in selector`
	_ = m.Pi.x // ERROR `m\.Pi\.x undefined \(type untyped float has no field or method x\)`
	_ = m.Nothing // ERROR `undefined: m\.Nothing`
	fmt() // ERROR `use of package fmt not in selector`
	var x fmt.NoType // ERROR `undefined: fmt\.NoType`
	_ = x
	_ = &m // ERROR `use of package m not in selector`
	_ = math.Pi // ERROR `undefined: math`
}
