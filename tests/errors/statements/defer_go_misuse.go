// errorcheck
// defer, go and expression statements.

package main

func f() int { return 1 }

func main() {
	x := 1
	go len("a") // ERROR `go discards result of len\("a"\) \(constant 1 of type int\)`
	defer recover()
	defer panic(1)
	defer append([]int{}, 1) // ERROR `defer discards result of append\(\[\]int\{\}, 1\) \(value of type \[\]int\)`
	f // ERROR `f \(value of type func\(\) int\) is not used`
	x // ERROR `x \(variable of type int\) is not used`
	1 // ERROR `1 \(untyped int constant\) is not used`
	"a" // ERROR `"a" \(untyped string constant\) is not used`
	x == 1 // ERROR `x == 1 \(untyped bool value\) is not used`
	x + 1 // ERROR `x \+ 1 \(value of type int\) is not used`
	-x // ERROR `-x \(value of type int\) is not used`
	nil // ERROR `nil is not used`
	int // ERROR `int \(type\) is not an expression`
	int(x) // ERROR `int\(x\) \(value of type int\) is not used`
	[]int{1} // ERROR `\[\]int\{…\} \(value of type \[\]int\) is not used`
	f()
	(f())
	<-make(chan int)
	x.y // ERROR `x\.y undefined \(type int has no field or method y\)`
	main // ERROR `main \(value of type func\(\)\) is not used`
	len("a") // ERROR `len\("a"\) \(constant 1 of type int\) is not used`
	append([]int{}, 1) // ERROR `append\(\[\]int\{\}, 1\) \(value of type \[\]int\) is not used`
	copy([]int{}, []int{})
}
