package main

var v int

var a v
var b [v]int
var c map[[]int]int
var d *undefined
var e = int
var f [1 << 40][1 << 40]int

type S struct{ *I }
type I interface{ m() }
type C interface{ ~int }

var g C

func main() {}
