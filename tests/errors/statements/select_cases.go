// errorcheck
// Select statements.

package main

func main() {
	c := make(chan int)
	var s chan<- int
	var r <-chan int
	x := 1
	select {
	case x: // ERROR `select case must be send or receive \(possibly with assignment\)`
	case x = 1: // ERROR `select case must be send or receive \(possibly with assignment\)`
	case <-s: // ERROR `invalid operation: cannot receive from send-only channel chan<- int s \(variable of type chan<- int\)`
	case r <- 1: // ERROR `invalid operation: cannot send to receive-only channel <-chan int r \(variable of type <-chan int\)`
	case c <- "a": // ERROR `cannot use "a" \(untyped string constant\) as int value in send`
	case x = <-c:
	case x, ok := <-c: // ERROR `declared and not used: x` `declared and not used: ok`
	case y := <-c: // ERROR `declared and not used: y`
	case "a" <- 1: // ERROR `invalid operation: cannot send to non-channel untyped string "a" \(untyped string constant\)`
	case <-x: // ERROR `invalid operation: cannot receive from non-channel int x \(variable of type int\)`
	case x++: // ERROR `select case must be send or receive \(possibly with assignment\)`
	case (<-c):
	default:
	default: // ERROR `multiple defaults \(first at .*:24:2\)`
	}
	select {
	case v := <-c: // ERROR `declared and not used: v`
		v = "s" // ERROR `cannot use "s" \(untyped string constant\) as int value in assignment`
	}
	select {
	case len(c): // ERROR `select case must be send or receive \(possibly with assignment\)`
	}
	break // ERROR `break is not in a loop, switch, or select`
	select {}
}
