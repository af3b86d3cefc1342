package main

x := 1

func a() {
	while true {
	}
}

func b()
{
	let y = 1
}

func c() {
	if x {
	}
	else {
	}
	for i := 0; i < 3 {
	}
	z = x ? 1 : 2
	var w := 1
}

class T {}
