package main

type T struct{ u U }
type U [2]T

type I interface{ J }
type J interface{ I }

var a = b
var b = f()

func f() int { return a }

const c = d
const d = c

func g[P any]() { g[*P]() }

func main() {}
