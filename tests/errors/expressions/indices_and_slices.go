// errorcheck
// Indexing and slicing.

package main

func main() {
	var (
		i  int
		s  []int
		a  [3]int
		p  *[3]int
		st string
		m  map[string]int
		n  *[]int
	)
	_ = s["a"] // ERROR `cannot convert "a" \(untyped string constant\) to type int`
	_ = s[1.5] // ERROR `1\.5 \(untyped float constant\) truncated to int`
	_ = s[-1] // ERROR `invalid argument: index -1 \(constant of type int\) must not be negative`
	_ = s[1.0]
	_ = s[nil] // ERROR `cannot convert nil to type int`
	_ = a[3] // ERROR `invalid argument: index 3 out of bounds \[0:3\]`
	_ = a[-1] // ERROR `invalid argument: index -1 \(constant of type int\) must not be negative`
	_ = p[5] // ERROR `invalid argument: index 5 out of bounds \[0:3\]`
	_ = st["a"] // ERROR `cannot convert "a" \(untyped string constant\) to type int`
	_ = "abc"[5] // ERROR `invalid argument: index 5 out of bounds \[0:3\]`
	_ = m[1] // ERROR `cannot use 1 \(untyped int constant\) as string value in map index`
	_ = m[nil] // ERROR `cannot use nil as string value in map index`
	_ = i[0] // ERROR `cannot index i \(variable of type int\)`
	_ = n[0] // ERROR `cannot index n \(variable of type \*\[\]int\)`
	_ = main[0] // ERROR `cannot index main \(value of type func\(\)\)`
	_ = s[2:1] // ERROR `invalid slice indices: 1 < 2`
	_ = s["a":] // ERROR `cannot convert "a" \(untyped string constant\) to type int`
	_ = s[:1.5] // ERROR `1\.5 \(untyped float constant\) truncated to int`
	_ = a[1:5] // ERROR `invalid argument: index 5 out of bounds \[0:4\]`
	_ = a[5:] // ERROR `invalid argument: index 5 out of bounds \[0:4\]`
	_ = st[1:2:3] // ERROR `invalid operation: 3-index slice of string`
	_ = m[1:] // ERROR `cannot slice m \(variable of type map\[string\]int\)`
	_ = i[:] // ERROR `cannot slice i \(variable of type int\)`
	_ = n[:] // ERROR `cannot slice n \(variable of type \*\[\]int\)`
	_ = [3]int{1, 2, 3}[:] // ERROR `cannot slice unaddressable value \[3\]int\{…\} \(value of type \[3\]int\)`
	_ = s[3:2:1] // ERROR `invalid slice indices: 2 < 3`
	_ = s[:2:1] // ERROR `invalid slice indices: 1 < 2`
	_ = "abc"[2:1] // ERROR `invalid slice indices: 1 < 2`
	_ = "abc"[:9] // ERROR `invalid argument: index 9 out of bounds \[0:4\]`
	_ = int[0] // ERROR `invalid operation: int\[0\] \(int is not a generic type\)`
	_ = nil[0] // ERROR `cannot index nil`
	_ = &m["a"] // ERROR `invalid operation: cannot take address of m\["a"\] \(map index expression of type int\)`
	_ = &st[0] // ERROR `invalid operation: cannot take address of st\[0\] \(value of type byte\)`
	_ = &"abc"[0] // ERROR `invalid operation: cannot take address of "abc"\[0\] \(value of type byte\)`
	for i, c := range st {
		_ = i + c // ERROR `invalid operation: i \+ c \(mismatched types int and rune\)`
	}
}
