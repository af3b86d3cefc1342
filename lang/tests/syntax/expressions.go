package sample

var _ = a + b*c - d<<2&e | f
var _ = a == b && c != d || !e
var _ = -x * +y ^ ^z
var _ = &T{1, 2}
var _ = &(T{})
var _ = *p.q.r
var _ = <-ch + <-(<-chan int)(nil)
var _ = []int{1, 2: 3, {4}}
var _ = map[string][]T{"a": {{1}, {2}}}
var _ = [...]string{0: "x"}
var _ = struct{ a, b int }{1, 2}
var _ = pkg.T{A: 1}
var _ = G[int, string]{}
var _ = f[int](x)[i][lo:hi][:][lo:hi:max]
var _ = []byte("x")
var _ = (*T)(nil)
var _ = func(int) string(nil)
var _ = func(a int) (b string) { return "s" }(1)
var _ = chan int(nil)
var _ = interface{}(x).(fmt.Stringer)
var _ = interface{ m() }.m
var _ = x.(type)
var _ = f(a, b...)
var _ = f(a,
	b,
)
var _ = (((x)))
var _ = 'a' + 1.5e3 + 0x1F + 2i
var _ = `raw` + "cooked"
var _ = T[[]int]{}
var _ = a.b.c[d.e]
var _ = m[struct{ x int }{1}]
