package main

func main() {
	_ = 08
	_ = 1__0
	_ = ''
	_ = 'ab'
	_ = "\q"
	_ = "open
	_ = #
	_ = a@b
}

/* open
