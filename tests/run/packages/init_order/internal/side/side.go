package side

import "fmt"

func init() { fmt.Println("side init") }
