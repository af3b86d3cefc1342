package sample

func f() {
	x := 1
	a, b = b, a
	x += 2
	x &^= 3
	x++
	y--
	ch <- v
	<-ch
	f()
	{
		;
	}
	var v, w int = 1, 2
	const c = 3
	type t int
	go f()
	defer func() { recover() }()
	if x {
	} else if y := g(); y > 0 {
	} else {
	}
	if f := func() bool { return true }; f() {
	}
	if (T{}) == x {
	}
	if x == []T{{1}}[0] {
	}
	for {
	}
	for x < 1 {
	}
	for i := 0; i < 10; i++ {
	}
	for ; ; {
	}
	for range ch {
	}
	for range 10 {
	}
	for i := range 10 {
	}
	for k, v = range m {
	}
	for _, t := range []struct{ a int }{{1}} {
	}
	for x := range func(yield func(int) bool) {} {
	}
	switch {
	}
	switch x := f(); x {
	case 1, 2:
		fallthrough
	case 3:
	default:
		g()
	}
	switch x.(type) {
	}
	switch y := x; z := y.(type) {
	case int, nil, []string, func():
	case *T:
	}
	switch y := x; {
	}
	select {
	case v := <-ch:
	case v, ok = <-ch:
	case ch <- 1:
	case <-ch:
		break
	default:
	}
outer:
	for {
		continue outer
		break outer
		goto outer
	}
	return a, b
empty:
}
