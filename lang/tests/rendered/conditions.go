package main

func main() {
	x := 1
	if x {
	}
	for x {
	}
	switch x {
	case "a":
	case x == 1:
	}
	for a, b := range 3 {
		_, _ = a, b
	}
	for range 1.5 {
	}
	var i any = x
	switch i := i.(type) {
	}
	switch x.(type) {
	}
	select {
	case x = 1:
	}
}
