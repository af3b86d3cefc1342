// errorcheck
// Predeclared functions with wrong arguments.

package main

func main() {
	var s []int
	var m map[string]int
	var a [3]int
	var c chan int
	_ = len() // ERROR `invalid operation: not enough arguments for len\(\) \(expected 1, found 0\)`
	_ = len(s, s) // ERROR `invalid operation: too many arguments for len\(s, s\) \(expected 1, found 2\)`
	_ = len(s...) // ERROR `invalid operation: invalid use of \.\.\. with built-in len`
	_ = cap(m) // ERROR `invalid argument: m \(variable of type map\[string\]int\) for built-in cap`
	_ = append() // ERROR `invalid operation: not enough arguments for append\(\) \(expected 1, found 0\)`
	_ = append(s, "x") // ERROR `cannot use "x" \(untyped string constant\) as int value in argument to append`
	_ = append(s, s) // ERROR `cannot use s \(variable of type \[\]int\) as int value in argument to append`
	_ = append(s, a...) // ERROR `cannot use a \(variable of type \[3\]int\) as \[\]int value in argument to append`
	_ = append(a, 1) // ERROR `invalid append: argument must be a slice; have a \(variable of type \[3\]int\)`
	_ = append(nil, 1) // ERROR `invalid append: argument must be a slice; have untyped nil`
	delete(m) // ERROR `invalid operation: not enough arguments for delete\(m\) \(expected 2, found 1\)`
	delete(m, 1) // ERROR `cannot use 1 \(untyped int constant\) as string value in argument to delete`
	delete(s, 1) // ERROR `invalid argument: s \(variable of type \[\]int\) is not a map`
	_ = copy(s, m) // ERROR `invalid copy: argument must be a slice; have m \(variable of type map\[string\]int\)`
	copy(a, s) // ERROR `invalid copy: argument must be a slice; have a \(variable of type \[3\]int\)`
	copy(s, []string{}) // ERROR `invalid copy: arguments s \(variable of type \[\]int\) and \[\]string\{\} \(value of type \[\]string\) have different element types int and string`
	_ = make(int) // ERROR `invalid argument: cannot make int: type must be slice, map, or channel`
	_ = make([]int) // ERROR `invalid operation: make\(\[\]int\) expects 2 or 3 arguments; found 1`
	_ = make([]int, -1) // ERROR `invalid argument: index -1 \(constant of type int\) must not be negative`
	_ = make([]int, 2, 1) // ERROR `invalid argument: length and capacity swapped`
	_ = make([]int, "x") // ERROR `cannot convert "x" \(untyped string constant\) to type int`
	_ = make(map[int]int, 1, 2) // ERROR `invalid operation: make\(map\[int\]int, 1, 2\) expects 1 or 2 arguments; found 3`
	_ = make(s, 1) // ERROR `s \(local variable\) is not a type`
	_ = new(1, 2) // ERROR `invalid operation: too many arguments for new\(1, 2\) \(expected 1, found 2\)`
	_ = new() // ERROR `invalid operation: not enough arguments for new\(\) \(expected 1, found 0\)`
	_ = min() // ERROR `invalid operation: not enough arguments for min\(\) \(expected 1, found 0\)`
	_ = min(1, "a") // ERROR `invalid argument: mismatched types untyped int \(previous argument\) and untyped string \(type of "a"\)`
	_ = max(s) // ERROR `invalid argument: s \(variable of type \[\]int\) cannot be ordered`
	_ = min(c, c) // ERROR `invalid argument: c \(variable of type chan int\) cannot be ordered`
	clear(c) // ERROR `invalid argument: cannot clear c \(variable of type chan int\): argument must be \(or constrained by\) map or slice`
	clear(a) // ERROR `invalid argument: cannot clear a \(variable of type \[3\]int\): argument must be \(or constrained by\) map or slice`
	close(s) // ERROR `invalid operation: cannot close non-channel s \(variable of type \[\]int\)`
	close(c, c) // ERROR `invalid operation: too many arguments for close\(c, c\) \(expected 1, found 2\)`
	_ = complex(1, "x") // ERROR `invalid operation: complex\(1, "x"\) \(mismatched types untyped float and untyped string\)`
	_ = complex(1) // ERROR `invalid operation: not enough arguments for complex\(1\) \(expected 2, found 1\)`
	_ = real(1)
	_ = real("s") // ERROR `invalid argument: argument has type untyped string, expected complex type`
	_ = imag(true) // ERROR `invalid argument: argument has type untyped bool, expected complex type`
	panic() // ERROR `invalid operation: not enough arguments for panic\(\) \(expected 1, found 0\)`
	panic(1, 2) // ERROR `invalid operation: too many arguments for panic\(1, 2\) \(expected 1, found 2\)`
	_ = recover(1) // ERROR `invalid operation: too many arguments for recover\(1\) \(expected 0, found 1\)`
	print(m)
	println(len) // ERROR `len \(built-in\) must be called`
	len(s) // ERROR `len\(s\) \(value of type int\) is not used`
	append(s, 1) // ERROR `append\(s, 1\) \(value of type \[\]int\) is not used`
	cap(s) // ERROR `cap\(s\) \(value of type int\) is not used`
	defer len(s) // ERROR `defer discards result of len\(s\) \(value of type int\)`
	go append(s, 1) // ERROR `go discards result of append\(s, 1\) \(value of type \[\]int\)`
	f := len // ERROR `len \(built-in\) must be called`
	_ = f
	_ = panic(1) // ERROR `panic\(1\) \(no value\) used as value`
}
