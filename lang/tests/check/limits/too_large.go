package p

type Huge [1 << 50]byte // ERROR "type \[1125899906842624\]byte larger than address space"

var v [1 << 50]byte // ERROR "type \[1125899906842624\]byte larger than address space"

var c chan [1 << 16]byte // ERROR "channel element type too large"

var d chan [1<<16 - 1]byte

type large struct{ b [1500000000]byte }

func f(x large) {} // ERROR "stack frame too large \(>1GB\): 0 MB locals \+ 1430 MB args"

func g() (x large) { return } // ERROR "stack frame too large"

func (x *large) m() {}
