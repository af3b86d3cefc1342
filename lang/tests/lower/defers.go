package main

type file struct{ name string }

func (f *file) close() { println("close", f.name) }

type closer interface{ close() }

func step(n int) (r int, err string) {
	defer func() {
		if e := recover(); e != nil {
			err = "recovered"
		}
	}()
	f := &file{"a"}
	defer f.close()
	var c closer = f
	defer c.close()
	defer println("n", n)
	go f.close()
	if n > 1 {
		return n, ""
	}
	panic("no")
}

func main() { println(step(2)) }
