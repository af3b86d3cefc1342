// errorcheck
// Types as operands.

package main

func main() {
	_ = []int + 1 // ERROR `\[\]int \(type\) is not an expression`
	_ = map[string]int == nil // ERROR `map\[string\]int \(type\) is not an expression`
	_ = func() | 1 // ERROR `func\(\) \(type\) is not an expression`
	x := []byte % 2 // ERROR `declared and not used: x` `\[\]byte \(type\) is not an expression`
	if []int{} == nil {
	}
}
