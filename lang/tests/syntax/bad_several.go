package sample

import "fmt"

func a() {
	x := 
	if x == 1 
	{
	}
	for i := 0; i < 10 {
	}
	f(1 2)
	y = []int{1
	}
}

func b(a int, string) {
	a b
	if a = 1 { }
	else { }
}

foo()

func c()
{
}

var x := 1
