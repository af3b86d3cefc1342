// run
// Files that are part of the program: as text, bytes and file systems.

package main

import (
	"embed"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"testing/fstest"
)

//go:embed data/a.txt
var text string

//go:embed data/b.bin
var bytes []byte

type words string

// Initialised before what depends on it.
var length = len(text) + len(bytes)

var (
	//go:embed "data/sub/c.txt"
	named words

	//go:embed data
	tree embed.FS
)

//go:embed data/*.txt
//go:embed all:data/_hidden
var some embed.FS

var none embed.FS

func walk(f embed.FS) {
	err := fs.WalkDir(f, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		fmt.Println(path, d.IsDir(), info.Mode(), info.Size(), info.ModTime().IsZero(), err)
		return err
	})
	fmt.Println(err)
}

func main() {
	fmt.Printf("%q %q %q %d\n", text, bytes, named, length)
	bytes[0] = 'B'
	fmt.Printf("%q\n", bytes)
	walk(tree)
	walk(some)
	walk(none)

	data, err := tree.ReadFile("data/a.txt")
	fmt.Printf("%q %v\n", data, err)
	data[0] = 'J'
	data, err = tree.ReadFile("data/a.txt")
	fmt.Printf("%q %v\n", data, err)
	for _, name := range []string{"data", "data/none", "/data", "data/", ""} {
		_, err = tree.ReadFile(name)
		fmt.Println(err)
	}
	_, err = tree.ReadDir("data/a.txt")
	fmt.Println(err)
	_, err = none.Open("x")
	fmt.Println(err)

	f, err := tree.Open("data/a.txt")
	if err != nil {
		panic(err)
	}
	s := f.(io.ReadSeeker)
	at, err := s.Seek(-3, io.SeekEnd)
	rest, _ := io.ReadAll(s)
	fmt.Printf("%d %v %q\n", at, err, rest)
	_, err = s.Seek(-1, io.SeekStart)
	fmt.Println(err)
	matches, err := fs.Glob(tree, "data/*")
	fmt.Println(matches, err)
	sub, _ := fs.Sub(tree, "data/sub")
	data, err = fs.ReadFile(sub, "c.txt")
	fmt.Printf("%q %v\n", data, err)
	fmt.Println(fstest.TestFS(tree, "data/a.txt", "data/sub/c.txt"))
	fmt.Println(tree == some, tree == tree)
}

// Output:
// "hello\n" "b\xff\x00bytes" "inner" 14
// "B\xff\x00bytes"
// . true dr-xr-xr-x 0 true <nil>
// data true dr-xr-xr-x 0 true <nil>
// data/a.txt false -r--r--r-- 6 true <nil>
// data/b.bin false -r--r--r-- 8 true <nil>
// data/sub true dr-xr-xr-x 0 true <nil>
// data/sub/c.txt false -r--r--r-- 5 true <nil>
// <nil>
// . true dr-xr-xr-x 0 true <nil>
// data true dr-xr-xr-x 0 true <nil>
// data/.dot.txt false -r--r--r-- 3 true <nil>
// data/_hidden true dr-xr-xr-x 0 true <nil>
// data/_hidden/h.txt false -r--r--r-- 1 true <nil>
// data/a.txt false -r--r--r-- 6 true <nil>
// <nil>
// . true dr-xr-xr-x 0 true <nil>
// <nil>
// "hello\n" <nil>
// "hello\n" <nil>
// read data: is a directory
// open data/none: file does not exist
// open /data: file does not exist
// open data/: file does not exist
// open : file does not exist
// read data/a.txt: not a directory
// open x: file does not exist
// 3 <nil> "lo\n"
// seek data/a.txt: invalid argument
// [data/a.txt data/b.bin data/sub] <nil>
// "inner" <nil>
// <nil>
// false true
