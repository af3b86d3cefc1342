//! Numbers to text and back, and quoting.

use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::string::decode_rune;

use crate::unicode;

mod float;
pub use float::{format_float, parse_float};

const OK: i64 = 0;
const SYNTAX: i64 = 1;
const RANGE: i64 = 2;
const BASE: i64 = 3;
const SIZE: i64 = 4;

/// Parses digits after the sign; (value, code). Underscores and prefixes count with base 0 only.
fn parse_unsigned(s: &[u8], base: i64, bits: i64) -> (u64, i64) {
    if s.is_empty() {
        return (0, SYNTAX);
    }
    let base0 = base == 0;
    let (base, digits) = match base {
        2..=36 => (base as u64, s),
        0 => match s {
            [b'0', b'b' | b'B', rest @ ..] if !rest.is_empty() => (2, rest),
            [b'0', b'o' | b'O', rest @ ..] if !rest.is_empty() => (8, rest),
            [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => (16, rest),
            [b'0', _, ..] => (8, &s[1..]),
            _ => (10, s),
        },
        _ => return (0, BASE),
    };
    let bits = match bits {
        0 => 64,
        1..=64 => bits,
        _ => return (0, SIZE),
    };
    let max = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
    let mut n = 0u64;
    let mut underscores = false;
    let mut over = false;
    for &c in digits {
        let d = match c {
            b'_' if base0 => {
                underscores = true;
                continue;
            }
            b'0'..=b'9' => c - b'0',
            b'a'..=b'z' => c - b'a' + 10,
            b'A'..=b'Z' => c - b'A' + 10,
            _ => return (0, SYNTAX),
        } as u64;
        if d >= base {
            return (0, SYNTAX);
        }
        if over {
            continue;
        }
        match n.checked_mul(base).and_then(|n| n.checked_add(d)) {
            Some(v) if v <= max => n = v,
            _ => {
                // Go stops here: what follows is not looked at.
                over = true;
                break;
            }
        }
    }
    if over {
        return (max, RANGE);
    }
    if underscores && !underscores_ok(s) {
        return (0, SYNTAX);
    }
    (n, OK)
}

/// Whether underscores stand only between digits, or between a base prefix and a digit.
pub(crate) fn underscores_ok(s: &[u8]) -> bool {
    let mut s = s;
    if let [b'+' | b'-', rest @ ..] = s {
        s = rest;
    }
    // What came before: 0 a digit, ^ nothing, _ an underscore, ! something else.
    let mut prev = b'^';
    let mut hex = false;
    if s.len() >= 2 && s[0] == b'0' && matches!(s[1] | 0x20, b'b' | b'o' | b'x') {
        hex = s[1] | 0x20 == b'x';
        s = &s[2..];
        prev = b'0';
    }
    for &c in s {
        if c.is_ascii_digit() || hex && matches!(c | 0x20, b'a'..=b'f') {
            prev = b'0';
        } else if c == b'_' {
            if prev != b'0' {
                return false;
            }
            prev = b'_';
        } else {
            if prev == b'_' {
                return false;
            }
            prev = b'!';
        }
    }
    prev != b'_'
}

fn parse_signed(s: &[u8], base: i64, bits: i64) -> (i64, i64) {
    let (neg, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    if s.is_empty() {
        return (0, SYNTAX);
    }
    let (u, code) = parse_unsigned(digits, base, bits);
    if code != OK && code != RANGE {
        return (0, code);
    }
    let cutoff = 1u64 << (if bits == 0 { 64 } else { bits } - 1);
    if !neg && u >= cutoff {
        return ((cutoff - 1) as i64, RANGE);
    }
    if neg && u > cutoff {
        return ((cutoff as i64).wrapping_neg(), RANGE);
    }
    (if neg { (u as i64).wrapping_neg() } else { u as i64 }, OK)
}

fn parse_int(c: &mut Call<'_>) -> Ret {
    let (v, code) = parse_signed(c.bytes(0), c.int(2), c.int(3));
    c.ret_int(0, v);
    c.ret_int(1, code);
    Ret::Done
}
fn parse_uint(c: &mut Call<'_>) -> Ret {
    let (v, code) = parse_unsigned(c.bytes(0), c.int(2), c.int(3));
    c.ret(0, v);
    c.ret_int(1, code);
    Ret::Done
}

/// Writes `v` in `base` to the end of `buf` and answers where it begins.
fn digits(buf: &mut [u8; 65], mut v: u64, neg: bool, base: u64) -> usize {
    let mut i = buf.len();
    loop {
        let d = (v % base) as u8;
        i -= 1;
        buf[i] = if d < 10 { b'0' + d } else { b'a' + d - 10 };
        v /= base;
        if v == 0 {
            break;
        }
    }
    if neg {
        i -= 1;
        buf[i] = b'-';
    }
    i
}

fn format_int(c: &mut Call<'_>) -> Ret {
    let (v, base) = (c.int(0), c.uint(1));
    let mut buf = [0; 65];
    let i = digits(&mut buf, v.unsigned_abs(), v < 0, base);
    c.ret_str(0, &buf[i..]);
    Ret::Done
}
fn format_uint(c: &mut Call<'_>) -> Ret {
    let mut buf = [0; 65];
    let i = digits(&mut buf, c.uint(0), false, c.uint(1));
    c.ret_str(0, &buf[i..]);
    Ret::Done
}
fn put(c: &mut Call<'_>, v: u64, neg: bool) -> Ret {
    let mut buf = [0; 65];
    let i = digits(&mut buf, v, neg, c.uint(4));
    let n = buf.len() - i;
    c.bytes_mut(0)[..n].copy_from_slice(&buf[i..]);
    c.ret_int(0, n as i64);
    Ret::Done
}
fn put_int(c: &mut Call<'_>) -> Ret {
    let v = c.int(3);
    put(c, v.unsigned_abs(), v < 0)
}
fn put_uint(c: &mut Call<'_>) -> Ret {
    let v = c.uint(3);
    put(c, v, false)
}

fn parse_float_native(c: &mut Call<'_>) -> Ret {
    let (v, n, code) = parse_float(c.bytes(0), c.int(2) == 32);
    c.ret_f64(0, v);
    c.ret_int(1, n as i64);
    c.ret_int(2, code);
    Ret::Done
}
fn format_float_native(c: &mut Call<'_>) -> Ret {
    let text = format_float(c.f64(0), c.word(1) as u8, c.int(2), c.int(3) == 32);
    c.ret_str(0, text);
    Ret::Done
}

const ASCII: i64 = 1;
const GRAPHIC: i64 = 2;

fn escape(out: &mut Vec<u8>, r: u32, quote: u8, flags: i64) {
    let printable = match flags {
        ASCII => r < 0x80 && unicode::is_print(r),
        GRAPHIC => unicode::is_graphic(r),
        _ => unicode::is_print(r),
    };
    if r == quote as u32 || r == b'\\' as u32 {
        out.push(b'\\');
        out.push(r as u8);
    } else if printable {
        let ch = char::from_u32(r).unwrap_or('\u{FFFD}');
        out.extend_from_slice(ch.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let short = match r {
            7 => b'a',
            8 => b'b',
            12 => b'f',
            10 => b'n',
            13 => b'r',
            9 => b't',
            11 => b'v',
            _ => 0,
        };
        let text = match r {
            _ if short != 0 => format!("\\{}", short as char),
            0..0x20 | 0x7F => format!("\\x{r:02x}"),
            _ if char::from_u32(r).is_none() => "\\ufffd".to_string(),
            ..0x10000 => format!("\\u{r:04x}"),
            _ => format!("\\U{r:08x}"),
        };
        out.extend_from_slice(text.as_bytes());
    }
}

/// A Go literal for `s`.
pub fn quote_bytes(s: &[u8], quote: u8, flags: i64) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() * 3 / 2 + 2);
    out.push(quote);
    let mut i = 0;
    while i < s.len() {
        let (r, n) = decode_rune(&s[i..]);
        if r == 0xFFFD && n == 1 {
            out.extend_from_slice(format!("\\x{:02x}", s[i]).as_bytes());
        } else {
            escape(&mut out, r, quote, flags);
        }
        i += n;
    }
    out.push(quote);
    out
}

/// A Go rune literal for `r`.
pub fn quote_char(out: &mut Vec<u8>, r: u32, flags: i64) {
    out.push(b'\'');
    escape(out, r, b'\'', flags);
    out.push(b'\'');
}

fn quote(c: &mut Call<'_>) -> Ret {
    let q = quote_bytes(c.bytes(0), c.word(2) as u8, c.int(3));
    c.ret_str(0, q);
    Ret::Done
}
fn quote_rune(c: &mut Call<'_>) -> Ret {
    let r = u32::try_from(c.int(0)).ok().filter(|&r| char::from_u32(r).is_some()).unwrap_or(0xFFFD);
    let mut out = Vec::new();
    quote_char(&mut out, r, c.int(1));
    c.ret_str(0, out);
    Ret::Done
}
fn is_print(c: &mut Call<'_>) -> Ret {
    let yes = u32::try_from(c.int(0)).is_ok_and(unicode::is_print);
    c.ret_bool(0, yes);
    Ret::Done
}
fn is_graphic(c: &mut Call<'_>) -> Ret {
    let yes = u32::try_from(c.int(0)).is_ok_and(unicode::is_graphic);
    c.ret_bool(0, yes);
    Ret::Done
}
fn can_backquote(c: &mut Call<'_>) -> Ret {
    let ok = std::str::from_utf8(c.bytes(0)).is_ok_and(|s| {
        s.chars().all(|ch| ch != '\u{FEFF}' && (ch >= ' ' || ch == '\t') && ch != '`' && ch != '\u{7F}')
    });
    c.ret_bool(0, ok);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("strconv.parseInt", parse_int),
    ("strconv.parseUint", parse_uint),
    ("strconv.parseFloat", parse_float_native),
    ("strconv.formatFloat", format_float_native),
    ("strconv.formatInt", format_int),
    ("strconv.formatUint", format_uint),
    ("strconv.putInt", put_int),
    ("strconv.putUint", put_uint),
    ("strconv.quote", quote),
    ("strconv.quoteRune", quote_rune),
    ("strconv.isPrint", is_print),
    ("strconv.isGraphic", is_graphic),
    ("strconv.canBackquote", can_backquote),
];
