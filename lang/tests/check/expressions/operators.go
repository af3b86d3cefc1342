package p

type S struct{ f func() }
type N struct{ a int }

func _(i int, j int32, f float64, s string, b bool, p *int, m map[int]int, fn func(), c chan int, e error, sl []int) {
	_ = i + j   // ERROR "invalid operation: i \+ j \(mismatched types int and int32\)"
	_ = s - s   // ERROR "operator - not defined on s \(variable of type string\)"
	_ = f % f   // ERROR "operator % not defined on f"
	_ = !i      // ERROR "operator ! not defined on i"
	_ = -s      // ERROR "operator - not defined on s"
	_ = b && i  // ERROR "mismatched types bool and int"
	_ = m == m  // ERROR "map can only be compared to nil"
	_ = fn == fn // ERROR "func can only be compared to nil"
	_ = sl == sl // ERROR "slice can only be compared to nil"
	_ = m == nil
	_ = S{} == S{} // ERROR "struct containing func\(\) cannot be compared"
	_ = N{} == N{}
	_ = b < b // ERROR "operator < not defined on b|operator < not defined on bool"
	_ = p < p // ERROR "operator < not defined on pointer"
	_ = i == nil // ERROR "mismatched types int and untyped nil"
	_ = nil == nil // ERROR "operator == not defined on untyped nil"
	_ = e == nil
	_ = *i  // ERROR "invalid operation: cannot indirect i \(variable of type int\)"
	_ = &1  // ERROR "cannot take address of 1"
	_ = &i
	_ = &N{}
	_ = &(N{})
	_ = <-i // ERROR "cannot receive from non-channel i"
	_ = <-c
	_ = i + 1.0
	_ = i + 1.5 // ERROR "1.5 \(untyped float constant\) truncated to int"
	_ = s + "x" + s
	_ = i / 0 // ERROR "division by zero"
	_ = f / 0 
	_ = undefined // ERROR "undefined: undefined"
	_ = int // ERROR "int \(type\) is not an expression"
	_ = len // ERROR "len \(built-in\) must be called"
	_ = _ // ERROR "cannot use _ as value"
	_ = i.(int) // ERROR "i \(variable of type int\) is not an interface"
	_ = e.(N) // ERROR "impossible type assertion: e.\(N\)\n\tN does not implement error \(missing method Error\)"
}
