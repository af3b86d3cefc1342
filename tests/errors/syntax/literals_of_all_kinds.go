// errorcheck
// Malformed literals.

package main

func main() {
	_ = 08 // ERROR `invalid digit '8' in octal literal`
	_ = 0x // ERROR `hexadecimal literal has no digits`
	_ = 0b12 // ERROR `invalid digit '2' in binary literal`
	_ = 1_ // ERROR `'_' must separate successive digits`
	_ = 1__0 // ERROR `'_' must separate successive digits`
	_ = 1e // ERROR `exponent has no digits`
	_ = 0x1p // ERROR `exponent has no digits`
	_ = 0x1.0 // ERROR `hexadecimal mantissa requires a 'p' exponent`
	_ = '' // ERROR `empty rune literal or unescaped '`
	_ = 'ab' // ERROR `more than one character in rune literal`
	_ = '\q' // ERROR `unknown escape`
	_ = "\xg0" // ERROR `invalid character 'g' in hexadecimal escape`
	_ = "\u12" // ERROR `invalid character '"' in hexadecimal escape`
	_ = "\400" // ERROR `octal escape value 256 > 255`
	_ = '\ud800' // ERROR `escape is invalid Unicode code point U\+D800`
	_ = 0o8 // ERROR `invalid digit '8' in octal literal`
	_ = 1.5.2 // ERROR `syntax error: unexpected literal \.2 at end of statement`
	_ = 09.5
	_ = 0b1.0 // ERROR `invalid radix point in binary literal`
	_ = 'a // ERROR `newline in rune literal`
	_ = "abc // ERROR `newline in string`
	_ = # // ERROR `invalid character U\+0023 '#'`
	_ = a@b // ERROR `syntax error: unexpected = at end of statement` `invalid character U\+0040 '@'`
	_ = a$ // ERROR `invalid character U\+0024 '\$'`
	_ = `ok`
}
