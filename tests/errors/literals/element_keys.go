// errorcheck
// Keys of array, slice and map literals.

package main

func main() {
	n := 1
	const c = 2
	_ = []int{0: 1, 0: 2} // ERROR `duplicate index 0 in array or slice literal`
	_ = []int{1: 1, 1}
	_ = []int{c: 1, c: 2} // ERROR `duplicate index 2 in array or slice literal`
	_ = []int{n: 1} // ERROR `index n must be integer constant`
	_ = []int{-1: 1} // ERROR `invalid argument: index -1 \(constant of type int\) must not be negative`
	_ = []int{"a": 1} // ERROR `cannot convert "a" \(untyped string constant\) to type int`
	_ = []int{1.5: 1} // ERROR `1\.5 \(untyped float constant\) truncated to int`
	_ = [2]int{1, 2, 3} // ERROR `index 2 is out of bounds \(>= 2\)`
	_ = [2]int{5: 1} // ERROR `invalid argument: index 5 out of bounds \[0:2\]`
	_ = [...]int{1, 2}[5] // ERROR `invalid argument: index 5 out of bounds \[0:2\]`
	_ = map[int]int{1} // ERROR `missing key in map literal`
	_ = map[int]int{1: 1, 1: 2} // ERROR `duplicate key 1 in map literal`
	_ = map[string]int{1: 1} // ERROR `cannot use 1 \(untyped int constant\) as string value in map literal`
	_ = map[any]int{1: 1, 1: 2, "a": 1, "a": 2, 1.0: 3} // ERROR `duplicate key 1 in map literal` `duplicate key "a" in map literal`
	_ = map[[2]int]bool{{1, 2}: true, {1, 2}: false}
	_ = map[bool]int{true: 1, false: 2, true: 3} // ERROR `duplicate key true in map literal`
	_ = [...]string{2: "a", 1: "b", 2: "c"} // ERROR `duplicate index 2 in array or slice literal`
	var a [...]int // ERROR `invalid use of \[\.\.\.\] array \(outside a composite literal\)`
	_ = a
	_ = [n]int{} // ERROR `invalid array length n`
	_ = [-1]int{} // ERROR `invalid array length -1 \(untyped int constant\)`
	_ = [1.5]int{} // ERROR `array length 1\.5 \(untyped float constant\) must be integer`
	_ = ["a"]int{} // ERROR `array length "a" \(untyped string constant\) must be integer`
	_ = []int{1, "a", nil, 1.5} // ERROR `cannot use "a" \(untyped string constant\) as int value in array or slice literal` `cannot use nil as int value in array or slice literal` `cannot use 1\.5 \(untyped float constant\) as int value in array or slice literal \(truncated\)`
	_ = map[[]int]int{} // ERROR `invalid map key type \[\]int`
	_ = map[func()]int{} // ERROR `invalid map key type func\(\)`
}
