package main

func nothing() { return 1 }

func number() int {
	return
}

func two() (n int, err error) {
	return 1
}

func missing(x int) int {
	if x > 0 {
		return 1
	}
}

func hidden() (err error) {
	{
		err := error(nil)
		_ = err
		return
	}
}

func main() {}
