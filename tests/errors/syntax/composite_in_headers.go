// errorcheck
// Composite literals in the headers of statements.

package main

type T struct{ x int }

func main() {
	if t := T{1}; t.x == 1 { // ERROR `syntax error: cannot use t := T as value`
	}
	if (T{1}) == (T{2}) { // ERROR `syntax error: non-declaration statement outside function body`
	}
	if T{1} == T{2} {
	}
}

func g() {
	for _, x := range []int{1, 2} {
		_ = x
	}
	switch (T{1}) {
	}
	switch T{1} { // ERROR `syntax error: unexpected literal 1, expected case or default or \}`
	}
}
