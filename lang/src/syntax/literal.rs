//! Literals: how far they reach, what is wrong with them, and what they mean.
//!
//! The `scan_…` functions get the file's bytes and the offset at which a literal starts, and return where it ends. Complaints
//! are those of Go's scanner, each with its offset in the file. The functions at the end decode texts that were found in order.

use super::ast::LitKind;

/// A literal's extent and what is wrong with it.
pub struct Scanned {
    /// Offset after the last byte.
    pub end: usize,
    /// The kind.
    pub kind: LitKind,
    /// Complaints: offset in the file, message.
    pub errors: Vec<(usize, String)>,
}

fn digits_of(bytes: &[u8], mut at: usize, base: u32, invalid: &mut Option<usize>) -> (usize, bool, bool) {
    let (mut digits, mut separators) = (false, false);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'_' => separators = true,
            b'0'..=b'9' => {
                digits = true;
                if (byte - b'0') as u32 >= base && invalid.is_none() {
                    *invalid = Some(at);
                }
            }
            b'a'..=b'f' | b'A'..=b'F' if base == 16 => digits = true,
            _ => break,
        }
        at += 1;
    }
    (at, digits, separators)
}

fn base_name(base: u32) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        10 => "decimal",
        _ => "hexadecimal",
    }
}

/// Scans a number; `start` is at a digit, or at a point that a digit follows.
pub fn scan_number(bytes: &[u8], start: usize) -> Scanned {
    let peek = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut errors: Vec<(usize, String)> = Vec::new();
    let mut at = start;
    let mut kind = LitKind::Int;
    // `prefix` is the letter of 0x, 0o, 0b, or '0' for a leading zero, or 0.
    let (mut base, mut prefix) = (10, 0);
    let (mut digits, mut separators) = (false, false);
    let mut invalid = None;
    let mut scan = |at: usize, base: u32, invalid: &mut Option<usize>, digits: &mut bool| {
        let (end, some, separated) = digits_of(bytes, at, base, invalid);
        *digits |= some;
        separators |= separated;
        end
    };
    if peek(at) != b'.' {
        if peek(at) == b'0' {
            (base, prefix) = match peek(at + 1) | 0x20 {
                b'x' => (16, b'x'),
                b'o' => (8, b'o'),
                b'b' => (2, b'b'),
                _ => (8, b'0'),
            };
            digits = prefix == b'0';
            at += if prefix == b'0' { 1 } else { 2 };
        }
        at = scan(at, base, &mut invalid, &mut digits);
    }
    if peek(at) == b'.' {
        if matches!(prefix, b'o' | b'b') {
            errors.push((at, format!("invalid radix point in {} literal", base_name(base))));
        }
        kind = LitKind::Float;
        at = scan(at + 1, base, &mut invalid, &mut digits);
    }
    if !digits && errors.is_empty() {
        errors.push((at, format!("{} literal has no digits", base_name(base))));
    }
    let exponent = peek(at) | 0x20;
    if exponent == b'e' || exponent == b'p' {
        if errors.is_empty() {
            let letter = peek(at) as char;
            if exponent == b'e' && !matches!(prefix, 0 | b'0') {
                errors.push((at, format!("'{letter}' exponent requires decimal mantissa")));
            } else if exponent == b'p' && prefix != b'x' {
                errors.push((at, format!("'{letter}' exponent requires hexadecimal mantissa")));
            }
        }
        kind = LitKind::Float;
        at += 1;
        if matches!(peek(at), b'+' | b'-') {
            at += 1;
        }
        let mut some = false;
        at = scan(at, 10, &mut None, &mut some);
        if !some && errors.is_empty() {
            errors.push((at, "exponent has no digits".to_string()));
        }
    } else if prefix == b'x' && kind == LitKind::Float && errors.is_empty() {
        errors.push((at, "hexadecimal mantissa requires a 'p' exponent".to_string()));
    }
    if peek(at) == b'i' {
        kind = LitKind::Imag;
        at += 1;
    }
    if let (LitKind::Int, Some(wrong), true) = (kind, invalid, errors.is_empty()) {
        let digit = bytes[wrong] as char;
        errors.push((wrong, format!("invalid digit '{digit}' in {} literal", base_name(base))));
    }
    if separators
        && errors.is_empty()
        && let Some(wrong) = misplaced_separator(&bytes[start..at])
    {
        errors.push((start + wrong, "'_' must separate successive digits".to_string()));
    }
    Scanned { end: at, kind, errors }
}

/// The index of the first `_` that does not stand between digits; a base prefix counts as a digit.
fn misplaced_separator(text: &[u8]) -> Option<usize> {
    let letter = if text[0] == b'0' { text.get(1).map_or(0, |byte| byte | 0x20) } else { 0 };
    let prefixed = matches!(letter, b'x' | b'o' | b'b');
    let is_digit = |at: usize| match text.get(at) {
        Some(byte) => byte.is_ascii_digit() || letter == b'x' && byte.is_ascii_hexdigit(),
        None => false,
    };
    let first = if prefixed { 2 } else { 0 };
    (first..text.len()).filter(|&at| text[at] == b'_').find_map(|at| {
        let after_digit = at > first && is_digit(at - 1) || at == first && prefixed;
        let before_digit = is_digit(at + 1);
        // In a run of separators the complaint is about the second one, as in Go.
        match (after_digit, before_digit, text.get(at + 1) == Some(&b'_')) {
            (true, true, _) => None,
            (true, false, true) => Some(at + 1),
            _ => Some(at),
        }
    })
}

/// Scans an escape sequence; `at` is after the backslash. Returns the offset after it and whether it is in order.
fn scan_escape(text: &str, mut at: usize, quote: u8, errors: &mut Vec<(usize, String)>) -> (usize, bool) {
    let bytes = text.as_bytes();
    let (length, base, max) = match bytes.get(at) {
        None => return (at, true),
        Some(&byte) if byte == quote => return (at + 1, true),
        Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\') => return (at + 1, true),
        Some(b'0'..=b'7') => (3, 8, 255),
        Some(b'x') => (2, 16, 255),
        Some(b'u') => (4, 16, 0x10FFFF),
        Some(b'U') => (8, 16, 0x10FFFF),
        Some(_) => {
            errors.push((at, "unknown escape".to_string()));
            return (at, false);
        }
    };
    if base == 16 {
        at += 1;
    }
    let mut value: u32 = 0;
    for _ in 0..length {
        let Some(found) = text[at..].chars().next() else { return (at, true) };
        match found.to_digit(base) {
            Some(digit) => value = value.wrapping_mul(base).wrapping_add(digit),
            None => {
                let message = format!("invalid character {} in {} escape", quote_char(found), base_name(base));
                errors.push((at, message));
                return (at, false);
            }
        }
        at += 1;
    }
    if base == 8 && value > max {
        errors.push((at, format!("octal escape value {value} > 255")));
        return (at, false);
    }
    if value > max || (0xD800..0xE000).contains(&value) && max > 255 {
        errors.push((at, format!("escape is invalid Unicode code point {}", describe_code(value))));
        return (at, false);
    }
    (at, true)
}

/// A character between apostrophes, as Go's `%q` prints it.
pub fn quote_char(found: char) -> String {
    match found {
        '\n' => r"'\n'".to_string(),
        '\t' => r"'\t'".to_string(),
        '\r' => r"'\r'".to_string(),
        '\'' => r"'\''".to_string(),
        '\\' => r"'\\'".to_string(),
        _ if found.is_control() => format!("'\\x{:02x}'", found as u32),
        _ => format!("'{found}'"),
    }
}

/// A code point as Go's `%#U` prints it: `U+0040 '@'`.
pub fn describe_code(code: u32) -> String {
    match char::from_u32(code) {
        Some(found) if !found.is_control() && (found == ' ' || !found.is_whitespace()) && is_printable(found) => {
            format!("U+{code:04X} '{found}'")
        }
        _ => format!("U+{code:04X}"),
    }
}

/// Leaves out what is surely not graphic: format characters, private use, noncharacters.
fn is_printable(found: char) -> bool {
    let code = found as u32;
    !matches!(code, 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xE000..=0xF8FF | 0xFEFF | 0xFFF0..=0xFFFB)
        && code & 0xFFFE != 0xFFFE
        && code < 0xE0000
}

/// Scans an interpreted string; `start` is at its quote.
pub fn scan_string(text: &str, start: usize) -> Scanned {
    let bytes = text.as_bytes();
    let mut errors = Vec::new();
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => {
                at += 1;
                break;
            }
            Some(b'\\') => at = scan_escape(text, at + 1, b'"', &mut errors).0,
            Some(b'\n') => {
                errors.push((at, "newline in string".to_string()));
                break;
            }
            None => {
                errors.push((start, "string not terminated".to_string()));
                break;
            }
            Some(_) => at += 1,
        }
    }
    Scanned { end: at, kind: LitKind::String, errors }
}

/// Scans a raw string; `start` is at its backquote.
pub fn scan_raw_string(text: &str, start: usize) -> Scanned {
    match text[start + 1..].find('`') {
        Some(length) => Scanned { end: start + length + 2, kind: LitKind::String, errors: Vec::new() },
        None => {
            let errors = vec![(start, "string not terminated".to_string())];
            Scanned { end: text.len(), kind: LitKind::String, errors }
        }
    }
}

/// Scans a rune; `start` is at its apostrophe.
pub fn scan_rune(text: &str, start: usize) -> Scanned {
    let bytes = text.as_bytes();
    let mut errors = Vec::new();
    let mut at = start + 1;
    let mut count = 0;
    let mut fine = true;
    loop {
        match bytes.get(at) {
            Some(b'\'') => {
                if fine && count == 0 {
                    errors.push((at, "empty rune literal or unescaped '".to_string()));
                } else if fine && count != 1 {
                    errors.push((start, "more than one character in rune literal".to_string()));
                }
                at += 1;
                break;
            }
            Some(b'\\') => {
                let (after, in_order) = scan_escape(text, at + 1, b'\'', &mut errors);
                at = after;
                fine &= in_order;
            }
            Some(b'\n') => {
                if fine {
                    errors.push((at, "newline in rune literal".to_string()));
                }
                break;
            }
            None => {
                if fine {
                    errors.push((start, "rune literal not terminated".to_string()));
                }
                break;
            }
            Some(&byte) => {
                at += match byte {
                    0..0x80 => 1,
                    0x80..0xE0 => 2,
                    0xE0..0xF0 => 3,
                    _ => 4,
                };
                at = at.min(bytes.len());
            }
        }
        count += 1;
    }
    Scanned { end: at, kind: LitKind::Rune, errors }
}

/// The bytes that a string literal denotes; `text` includes the quotes. `None` if it is malformed.
pub fn string_value(text: &str) -> Option<Vec<u8>> {
    if let Some(raw) = text.strip_prefix('`') {
        // Carriage returns are no part of a raw string's value.
        return Some(raw.strip_suffix('`')?.bytes().filter(|&byte| byte != b'\r').collect());
    }
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut value = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(found) = rest.chars().next() {
        let (unit, after) = unescape(rest, found)?;
        match unit {
            Unit::Byte(byte) => value.push(byte),
            Unit::Code(code) => value.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        rest = after;
    }
    Some(value)
}

/// The code point that a rune literal denotes; `text` includes the apostrophes. `None` if it is malformed.
pub fn rune_value(text: &str) -> Option<u32> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let (unit, rest) = unescape(inner, inner.chars().next()?)?;
    if !rest.is_empty() {
        return None;
    }
    Some(match unit {
        Unit::Byte(byte) => byte as u32,
        Unit::Code(code) => code as u32,
    })
}

enum Unit {
    Byte(u8),
    Code(char),
}

/// Splits the first character or escape sequence off a text that begins with `first`.
fn unescape(text: &str, first: char) -> Option<(Unit, &str)> {
    if first != '\\' {
        return Some((Unit::Code(first), &text[first.len_utf8()..]));
    }
    let kind = *text.as_bytes().get(1)?;
    let simple = |byte| Some((Unit::Byte(byte), &text[2..]));
    let number = |from: usize, length: usize, base| {
        let value = u32::from_str_radix(text.get(from..from + length)?, base).ok()?;
        Some((value, &text[from + length..]))
    };
    match kind {
        b'a' => simple(7),
        b'b' => simple(8),
        b'f' => simple(12),
        b'n' => simple(10),
        b'r' => simple(13),
        b't' => simple(9),
        b'v' => simple(11),
        b'\\' | b'\'' | b'"' => simple(kind),
        b'0'..=b'7' => number(1, 3, 8).and_then(|(value, rest)| Some((Unit::Byte(u8::try_from(value).ok()?), rest))),
        b'x' => number(2, 2, 16).map(|(value, rest)| (Unit::Byte(value as u8), rest)),
        b'u' => number(2, 4, 16).and_then(|(value, rest)| Some((Unit::Code(char::from_u32(value)?), rest))),
        b'U' => number(2, 8, 16).and_then(|(value, rest)| Some((Unit::Code(char::from_u32(value)?), rest))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number_error(text: &str) -> Option<(usize, String)> {
        let scanned = scan_number(text.as_bytes(), 0);
        assert_eq!(scanned.end, text.len(), "{text}");
        scanned.errors.into_iter().next()
    }

    #[test]
    fn numbers_are_checked_as_in_go() {
        for fine in [
            "0",
            "1_000",
            "0x_1F",
            "0b1_0",
            "0o17",
            "017",
            "09.5",
            "1e10",
            "0x1p-2",
            ".5",
            "1.",
            "0x.8p1",
            "09i",
            "1_0.2_5e1_0",
        ] {
            assert_eq!(number_error(fine), None, "{fine}");
        }
        let cases = [
            ("0x", 2, "hexadecimal literal has no digits"),
            ("08", 1, "invalid digit '8' in octal literal"),
            ("0b12", 3, "invalid digit '2' in binary literal"),
            ("1_", 1, "'_' must separate successive digits"),
            ("1__0", 2, "'_' must separate successive digits"),
            ("0x1.5", 5, "hexadecimal mantissa requires a 'p' exponent"),
            ("1e", 2, "exponent has no digits"),
            ("1p5", 1, "'p' exponent requires hexadecimal mantissa"),
            ("0b1e5", 3, "'e' exponent requires decimal mantissa"),
            ("0o1.5", 3, "invalid radix point in octal literal"),
        ];
        for (text, at, message) in cases {
            assert_eq!(number_error(text), Some((at, message.to_string())), "{text}");
        }
    }

    #[test]
    fn strings_and_runes_decode() {
        assert_eq!(string_value(r#""a\n\x41\101\u00e9""#), Some("a\nAA\u{e9}".into()));
        assert_eq!(string_value(r#""\xff""#), Some(vec![0xff]));
        assert_eq!(string_value("`a\\n\r`"), Some(b"a\\n".to_vec()));
        assert_eq!(string_value(r#""\q""#), None);
        assert_eq!(rune_value(r"'\''"), Some('\'' as u32));
        assert_eq!(rune_value("'\u{65e5}'"), Some(0x65e5));
        assert_eq!(rune_value(r"'\xff'"), Some(0xff));
        assert_eq!(rune_value("'ab'"), None);
    }
}
