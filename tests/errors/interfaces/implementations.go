// errorcheck
// Types that do not implement an interface, for every reason.

package main

import (
	"fmt"
	"io"
)

type I interface {
	M(int) string
	N()
}

type Missing struct{}

func (Missing) N() {}

type WrongType struct{}

func (WrongType) M(string) int { return 0 }
func (WrongType) N()           {}

type Pointer struct{}

func (*Pointer) M(int) string { return "" }
func (*Pointer) N()           {}

type Field struct {
	M func(int) string
}

func (Field) N() {}

type Case struct{}

func (Case) m(int) string { return "" }
func (Case) N()           {}

type Embeds struct{ Pointer }

func take(I) {}

func give() I { return Missing{} } // ERROR `cannot use Missing\{\} \(value of struct type Missing\) as I value in return statement: Missing does not implement I \(missing method M\)`

func main() {
	var i I = Missing{} // ERROR `cannot use Missing\{\} \(value of struct type Missing\) as I value in variable declaration: Missing does not implement I \(missing method M\)`
	i = WrongType{} // ERROR `cannot use WrongType\{\} \(value of struct type WrongType\) as I value in assignment: WrongType does not implement I \(wrong type for method M\)`
	i = Pointer{} // ERROR `cannot use Pointer\{\} \(value of struct type Pointer\) as I value in assignment: Pointer does not implement I \(method M has pointer receiver\)`
	i = &Pointer{}
	i = Field{} // ERROR `cannot use Field\{\} \(value of struct type Field\) as I value in assignment: Field does not implement I \(Field\.M is a field, not a method\)`
	i = Case{} // ERROR `cannot use Case\{\} \(value of struct type Case\) as I value in assignment: Case does not implement I \(missing method M\)`
	i = Embeds{} // ERROR `cannot use Embeds\{\} \(value of struct type Embeds\) as I value in assignment: Embeds does not implement I \(method M has pointer receiver\)`
	i = &Embeds{}
	i = &i // ERROR `cannot use &i \(value of type \*I\) as I value in assignment: \*I does not implement I \(type \*I is pointer to interface, not interface\)`
	i = 1 // ERROR `cannot use 1 \(constant of type int\) as I value in assignment: int does not implement I \(missing method M\)`
	i = nil
	i = struct{}{} // ERROR `cannot use struct\{\}\{\} \(value of type struct\{\}\) as I value in assignment: struct\{\} does not implement I \(missing method M\)`
	take(Missing{}) // ERROR `cannot use Missing\{\} \(value of struct type Missing\) as I value in argument to take: Missing does not implement I \(missing method M\)`
	take(&Missing{}) // ERROR `cannot use &Missing\{\} \(value of type \*Missing\) as I value in argument to take: \*Missing does not implement I \(missing method M\)`
	_ = []I{Missing{}, &Pointer{}, Pointer{}} // ERROR `cannot use Missing\{\} \(value of struct type Missing\) as I value in array or slice literal: Missing does not implement I \(missing method M\)` `cannot use Pointer\{\} \(value of struct type Pointer\) as I value in array or slice literal: Pointer does not implement I \(method M has pointer receiver\)`
	_ = map[string]I{"a": 1} // ERROR `cannot use 1 \(constant of type int\) as I value in map literal: int does not implement I \(missing method M\)`
	_ = I(Missing{}) // ERROR `cannot convert Missing\{\} \(value of struct type Missing\) to type I: Missing does not implement I \(missing method M\)`
	_ = i.(Missing) // ERROR `impossible type assertion: i\.\(Missing\)`
	_ = i.(fmt.Stringer)
	var r io.Reader = i // ERROR `cannot use i \(variable of interface type I\) as io\.Reader value in variable declaration: I does not implement io\.Reader \(missing method Read\)`
	var w io.Writer = r // ERROR `cannot use r \(variable of interface type io\.Reader\) as io\.Writer value in variable declaration: io\.Reader does not implement io\.Writer \(missing method Write\)`
	_ = w
	var c chan I
	c <- Missing{} // ERROR `cannot use Missing\{\} \(value of struct type Missing\) as I value in send: Missing does not implement I \(missing method M\)`
	var e error = fmt.Errorf // ERROR `cannot use fmt\.Errorf \(value of type func\(format string, a \.\.\.any\) \(err error\)\) as error value in variable declaration: func\(format string, a \.\.\.any\) \(err error\) does not implement error \(missing method Error\)`
	_ = e
}
