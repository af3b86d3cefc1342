package main

//line template.tmpl:10
var a int = "a"

var b int = /*line :40:5*/ "b"

//line other.tmpl:7:3
var c int = "c"

//line bad:x
