// errorcheck
// Declarations that stop too early.

package main

var

const // ERROR `syntax error: unexpected keyword const, expected name`

type // ERROR `syntax error: unexpected keyword type, expected type`

func

import

var x

const c int

type T // ERROR `syntax error: unexpected newline in type declaration`

func f // ERROR `syntax error: unexpected newline, expected \(`

type U struct // ERROR `syntax error: unexpected keyword type, expected \)`

type V interface

var y =

func g(

func main() {}
