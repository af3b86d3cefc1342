package main

// Results stay in their variables until deferred calls have run.
func guarded(f func()) (err any) {
	defer func() { err = recover() }()
	f()
	return nil
}

func main() { println(guarded(nil) != nil) }
