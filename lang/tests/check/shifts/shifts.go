package p

func _(s uint, i int, f float64) {
	_ = 1 << s
	_ = 1.0 << s // ERROR "shifted operand 1.0 \(type float64\) must be integer"
	_ = 1.5 << s // ERROR "shifted operand 1.5 \(untyped float constant\) must be integer"
	_ = f << 1   // ERROR "shifted operand f \(variable of type float64\) must be integer"
	_ = 1 << -1  // ERROR "negative shift count"
	_ = i << 1.0
	_ = i << 1.5       // ERROR "truncated to uint"
	var a float64 = 1 << s // ERROR "shifted operand 1 \(type float64\) must be integer"
	var b int32 = 1 << s
	var c = 1<<s == 2<<s
	var d = uint64(1 << s)
	var e interface{} = 1 << s
	_ = 1 << 10000 // ERROR "invalid shift count"
	_ = i << "a"   // ERROR "cannot convert|must be integer"
	_ = "a" << 1   // ERROR "shifted operand"
	var g int8 = 1 << 8 // ERROR "overflows"
	_ = make([]int, 1.0<<s)
	_ = float64(1 << s) // ERROR "shifted operand 1 \(type float64\) must be integer"
	const k = 1 << 3.0
	_, _, _, _, _, _, _ = a, b, c, d, e, g, k
}
