// errorcheck
// Parameter lists.

package main

func a(x int, string) {} // ERROR `syntax error: missing parameter type`
func b(int, y string) {}
func c(x, y) {}
func d(x int y int) {} // ERROR `syntax error: unexpected name y in parameter list; possibly missing comma or \)`
func e(x int,, y int) {} // ERROR `syntax error: unexpected comma, expected \)`
func f(x ...) {} // ERROR `syntax error: \.\.\. is missing type`
func g(x ...int, y int) {} // ERROR `can only use \.\.\. with final parameter`
func h(...int x) {} // ERROR `syntax error: unexpected name x in parameter list; possibly missing comma or \)`
func i(x int) (y int, string) { return } // ERROR `syntax error: missing parameter type`
func j(func(a int, string)) {} // ERROR `syntax error: missing parameter type`
func k(x int;) {} // ERROR `syntax error: unexpected semicolon in parameter list; possibly missing comma or \)`
func l[T any](T) (T {} // ERROR `syntax error: unexpected \{ in parameter list; possibly missing comma or \)`

func main() {}
