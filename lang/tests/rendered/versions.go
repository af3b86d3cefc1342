//go:build go1.21

package main

func main() {
	for range 10 {
	}
	for range func(yield func() bool) {} {
	}
}
