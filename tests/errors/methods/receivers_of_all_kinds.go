// errorcheck
// Receivers that cannot be.

package main

import "strings"

type T struct{}
type P *T
type I interface{ m() }
type A = T
type S = []int

func (int) a()              {} // ERROR `cannot define new methods on non-local type int`
func (*int) b()             {} // ERROR `cannot define new methods on non-local type int`
func (P) c()                {} // ERROR `invalid receiver type P \(pointer or interface type\)`
func (*P) d()               {} // ERROR `invalid receiver type P \(pointer or interface type\)`
func (I) e()                {} // ERROR `invalid receiver type I \(pointer or interface type\)`
func (*I) f()               {} // ERROR `invalid receiver type I \(pointer or interface type\)`
func (**T) g()              {} // ERROR `invalid receiver type \*\*T`
func ([]int) h()            {} // ERROR `invalid receiver type \[\]int`
func (S) i()                {} // ERROR `invalid receiver type S`
func (undefined) j()        {} // ERROR `undefined: undefined`
func (strings.Builder) k()  {} // ERROR `cannot define new methods on non-local type strings\.Builder`
func (struct{}) l()         {} // ERROR `invalid receiver type struct\{\}`
func (t T, u T) m()         {} // ERROR `method has multiple receivers`
func () n()                 {} // ERROR `method has no receiver`
func (t ...T) o()           {} // ERROR `invalid use of \.\.\.`
func (A) p()                {}
func (T) p()                {} // ERROR `method T\.p already declared at .*:29:10`
func (*T) p()               {} // ERROR `method T\.p already declared at .*:29:10`
func (map[string]T) q()     {} // ERROR `invalid receiver type map\[string\]T`
func (error) r()            {} // ERROR `cannot define new methods on non-local type error`
func (x.y) s()              {} // ERROR `undefined: x`

func main() {
	T{}.p()
}
