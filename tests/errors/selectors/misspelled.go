// errorcheck
// Fields and methods that differ in letters or case from what there is.

package main

import (
	"fmt"
	"strings"
)

type T struct {
	Name  string
	count int
}

func (T) Print()   {}
func (*T) Change() {}

type E struct{ T }

func main() {
	var t T
	_ = t.name // ERROR `t\.name undefined \(type T has no field or method name, but does have field Name\)`
	_ = t.Count // ERROR `t\.Count undefined \(type T has no field or method Count, but does have field count\)`
	t.print() // ERROR `t\.print undefined \(type T has no field or method print, but does have method Print\)`
	t.Chang() // ERROR `t\.Chang undefined \(type T has no field or method Chang\)`
	T.Change(t) // ERROR `invalid method expression T\.Change \(needs pointer receiver \(\*T\)\.Change\)`
	T{}.Change() // ERROR `cannot call pointer method Change on T`
	_ = E{}.nmae // ERROR `E\{\}\.nmae undefined \(type E has no field or method nmae\)`
	var p **T
	_ = p.Name // ERROR `p\.Name undefined \(type \*\*T has no field or method Name\)`
	fmt.println("x") // ERROR `undefined: fmt\.println \(but have Println\)`
	fmt.Printl("x") // ERROR `undefined: fmt\.Printl`
	_ = strings.ToLowerr("x") // ERROR `undefined: strings\.ToLowerr`
	_ = strings.Builder{}.buf // ERROR `strings\.Builder\{\}\.buf undefined \(cannot refer to unexported field buf\)`
	var f fmt.Stringer
	f.string() // ERROR `f\.string undefined \(type fmt\.Stringer has no field or method string, but does have method String\)`
	_ = f.x // ERROR `f\.x undefined \(type fmt\.Stringer has no field or method x\)`
}
