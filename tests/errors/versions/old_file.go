// errorcheck
// Features that the version of a file lacks.

//go:build go1.21

package main

func main() {
	for range 10 { // ERROR `cannot range over 10 \(untyped int constant\): requires go1\.22 or later \(file declares //go:build go1\.21\)`
	}
	for range func(yield func() bool) {} { // ERROR `cannot range over func\(yield func\(\) bool\) \{\} \(value of type func\(yield func\(\) bool\)\): requires go1\.23 or later \(file declares //go:build go1\.21\)`
	}
	_ = min(1, 2)
	clear(map[int]int{})
}
