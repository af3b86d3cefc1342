// errorcheck
// Channels assigned to channels of other directions.

package main

type (
	Both chan int
	Recv <-chan int
	Send chan<- int
)

func main() {
	var (
		c  chan int
		r  <-chan int
		s  chan<- int
		b  Both
		nr Recv // ERROR `declared and not used: nr`
		ns Send
	)
	r, s = c, c
	c = r // ERROR `cannot use r \(variable of type <-chan int\) as chan int value in assignment`
	c = s // ERROR `cannot use s \(variable of type chan<- int\) as chan int value in assignment`
	r = s // ERROR `cannot use s \(variable of type chan<- int\) as <-chan int value in assignment`
	nr = b // ERROR `cannot use b \(variable of chan type Both\) as Recv value in assignment`
	ns = b // ERROR `cannot use b \(variable of chan type Both\) as Send value in assignment`
	b = c
	nr = r
	_ = chan int(r) // ERROR `cannot convert r \(variable of type <-chan int\) to type chan int`
	_ = (<-chan int)(s) // ERROR `cannot convert s \(variable of type chan<- int\) to type <-chan int`
	_ = Recv(b) // ERROR `cannot convert b \(variable of chan type Both\) to type Recv`
	var d chan string = c // ERROR `cannot use c \(variable of type chan int\) as chan string value in variable declaration`
	for x := range s { // ERROR `cannot range over s \(variable of type chan<- int\): receive from send-only channel chan<- int`
		_ = x
	}
	for x, y := range c { // ERROR `range over c \(variable of type chan int\) permits only one iteration variable`
		_, _ = x, y
	}
	close(r) // ERROR `invalid operation: cannot close receive-only channel r \(variable of type <-chan int\)`
	<-s // ERROR `invalid operation: cannot receive from send-only channel chan<- int s \(variable of type chan<- int\)`
	r <- 1 // ERROR `invalid operation: cannot send to receive-only channel <-chan int r \(variable of type <-chan int\)`
	c <- "s" // ERROR `cannot use "s" \(untyped string constant\) as int value in send`
	c <- nil // ERROR `cannot use nil as int value in send`
	x, ok, more := <-c // ERROR `assignment mismatch: 3 variables but 1 value`
	_, _, _, _, _ = x, ok, more, d, ns
}
