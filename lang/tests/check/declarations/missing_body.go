package p

func nobody() // ERROR "missing function body"

type T struct{}

func (T) nobody() // ERROR "missing function body"

func body() {}
