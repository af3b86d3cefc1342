package main

func dense(x int) int {
	switch x {
	case 1, 2:
		return 10
	case 3:
		return 20
	case 4, 5, 6:
		return 30
	}
	return 0
}

func text(s string) int {
	switch s {
	case "":
		return 1
	case "one":
		return 2
	}
	return 0
}

func kind(x any) int {
	switch v := x.(type) {
	case int:
		return v
	case string:
		return len(v)
	}
	return -1
}

func main() { println(dense(1), text("x"), kind(1)) }
