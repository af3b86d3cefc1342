package main

var count int

func next() int { count++; return count }

func pick(a, b chan int, n int) int {
	select {
	case v := <-a:
		return v
	case b <- next():
	case count = <-b:
	default:
		return -1
	}
	switch x := next(); {
	case x > 3:
		fallthrough
	case x > 2:
		return x
	}
loop:
	for i := 0; i < n; i++ {
		for _, r := range "aé" {
			switch r {
			case 'a':
				continue loop
			case 'b':
				break loop
			}
		}
	}
	for i := 0; i < 2; i++ {
		func() { i += n }()
	}
	return count + next()
}

func main() { println(pick(nil, nil, 3)) }
