// errorcheck
// Brackets with wrong contents.

package main

func main() {
	_ = a[] // ERROR `syntax error: unexpected \], expected operand`
	_ = a[1, 2] // ERROR `syntax error: unexpected literal 2, expected \]`
	_ = a[1:2:] // ERROR `final index required in 3-index slice`
	_ = a[::] // ERROR `middle index required in 3-index slice` `final index required in 3-index slice`
	_ = a[1::2] // ERROR `middle index required in 3-index slice`
	_ = a[:]
	_ = a[1 2] // ERROR `syntax error: unexpected literal 2, expected comma, : or \]`
	_ = [3]{1, 2, 3} // ERROR `syntax error: unexpected \{, expected type`
	_ = []{1} // ERROR `syntax error: non-declaration statement outside function body`
	_ = map[string]{}
	_ = [...]
	_ = chan
}
