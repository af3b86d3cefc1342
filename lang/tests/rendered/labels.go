package main

func main() {
	goto inside
	{
	inside:
	}
	goto over
	x := 1
	_ = x
over:
unused:
	for {
		break nowhere
		continue over
	}
	break
	fallthrough
}
