//! The formats of numbers and strings under flags, width and precision.

use crate::strconv::{format_float, quote_bytes};
use crate::unicode;
use gol_runtime::object::string::decode_rune;

/// A width is set.
pub const WID: u32 = 1;
/// A precision is set.
pub const PREC: u32 = 2;
/// `-`
pub const MINUS: u32 = 4;
/// `+`
pub const PLUS: u32 = 8;
/// `#`
pub const SHARP: u32 = 16;
/// space
pub const SPACE: u32 = 32;
/// `0`
pub const ZERO: u32 = 64;
/// `%+v`
pub const PLUS_V: u32 = 128;
/// `%#v`
pub const SHARP_V: u32 = 256;

/// A directive's flags, width and precision.
#[derive(Clone, Copy, Default)]
pub struct Spec {
    /// Flag bits.
    pub fl: u32,
    /// Width, if WID.
    pub wid: usize,
    /// Precision, if PREC.
    pub prec: usize,
}

/// Quoter flag: everything outside ASCII is escaped.
const ASCII_ONLY: i64 = 1;

fn rune_count(s: &[u8]) -> usize {
    if s.is_ascii() {
        return s.len();
    }
    let (mut i, mut n) = (0, 0);
    while i < s.len() {
        i += decode_rune(&s[i..]).1;
        n += 1;
    }
    n
}

impl Spec {
    /// Has any of the flags.
    #[inline]
    pub fn has(&self, f: u32) -> bool {
        self.fl & f != 0
    }

    fn padding(&self, out: &mut Vec<u8>, n: usize, zeros: bool) {
        let c = if zeros && self.has(ZERO) && !self.has(MINUS) { b'0' } else { b' ' };
        out.extend(std::iter::repeat_n(c, n));
    }

    fn pad_with(&self, out: &mut Vec<u8>, s: &[u8], zeros: bool) {
        if !self.has(WID) || self.wid == 0 {
            out.extend_from_slice(s);
            return;
        }
        let n = self.wid.saturating_sub(rune_count(s));
        if self.has(MINUS) {
            out.extend_from_slice(s);
            self.padding(out, n, zeros);
        } else {
            self.padding(out, n, zeros);
            out.extend_from_slice(s);
        }
    }

    /// `s`, padded to the width.
    pub fn pad(&self, out: &mut Vec<u8>, s: &[u8]) {
        self.pad_with(out, s, true);
    }

    /// `s` cut to the precision, counted in runes.
    pub fn truncate<'a>(&self, s: &'a [u8]) -> &'a [u8] {
        if !self.has(PREC) || s.len() <= self.prec {
            return s;
        }
        let mut i = 0;
        for _ in 0..self.prec {
            if i >= s.len() {
                break;
            }
            i += decode_rune(&s[i..]).1;
        }
        &s[..i]
    }

    fn quoted(&self, out: &mut Vec<u8>, s: &[u8]) {
        let s = self.truncate(s);
        let plain = self.has(SHARP)
            && std::str::from_utf8(s).is_ok_and(|t| {
                t.chars().all(|c| c != '\u{FEFF}' && (c >= ' ' || c == '\t') && c != '`' && c != '\u{7F}')
            });
        if plain {
            self.pad(out, &[b"`", s, b"`"].concat());
        } else {
            self.pad(out, &quote_bytes(s, b'"', if self.has(PLUS) { ASCII_ONLY } else { 0 }));
        }
    }

    fn hex(&self, out: &mut Vec<u8>, s: &[u8], upper: bool) {
        let n = if self.has(PREC) { s.len().min(self.prec) } else { s.len() };
        if n == 0 {
            if self.has(WID) {
                self.padding(out, self.wid, true);
            }
            return;
        }
        let prefix: &[u8] = if upper { b"0X" } else { b"0x" };
        let digits: &[u8] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let mut text = Vec::with_capacity(5 * n);
        for (i, &c) in s[..n].iter().enumerate() {
            if i > 0 && self.has(SPACE) {
                text.push(b' ');
            }
            if self.has(SHARP) && (i == 0 || self.has(SPACE)) {
                text.extend_from_slice(prefix);
            }
            text.push(digits[c as usize >> 4]);
            text.push(digits[c as usize & 15]);
        }
        self.pad(out, &text);
    }

    /// A string under a verb; false if the verb is not for strings.
    pub fn string(&self, out: &mut Vec<u8>, s: &[u8], verb: u32) -> bool {
        match char::from_u32(verb).unwrap_or('\0') {
            'v' if self.has(SHARP_V) => self.quoted(out, s),
            'v' | 's' => self.pad(out, self.truncate(s)),
            'x' => self.hex(out, s, false),
            'X' => self.hex(out, s, true),
            'q' => self.quoted(out, s),
            _ => return false,
        }
        true
    }

    /// A bool under a verb.
    pub fn boolean(&self, out: &mut Vec<u8>, v: bool, verb: u32) -> bool {
        if verb != 't' as u32 && verb != 'v' as u32 {
            return false;
        }
        self.pad(out, if v { b"true" } else { b"false" });
        true
    }

    /// An integer (signed: its two's complement) under a verb.
    pub fn integer(&self, out: &mut Vec<u8>, v: u64, signed: bool, verb: u32) -> bool {
        match char::from_u32(verb).unwrap_or('\0') {
            'v' if self.has(SHARP_V) && !signed => {
                Spec { fl: self.fl | SHARP, ..*self }.digits(out, v, 16, false, false, false);
            }
            'v' | 'd' => {
                if self.fl & !(PLUS_V | SHARP_V) == 0 {
                    plain_integer(out, v, signed);
                } else {
                    self.digits(out, v, 10, signed, false, false);
                }
            }
            'b' => self.digits(out, v, 2, signed, false, false),
            'o' => self.digits(out, v, 8, signed, false, false),
            'O' => self.digits(out, v, 8, signed, false, true),
            'x' => self.digits(out, v, 16, signed, false, false),
            'X' => self.digits(out, v, 16, signed, true, false),
            'c' => self.pad(out, rune(v).encode_utf8(&mut [0; 4]).as_bytes()),
            'q' => {
                let flags = if self.has(PLUS) { ASCII_ONLY } else { 0 };
                let mut text = Vec::new();
                crate::strconv::quote_char(&mut text, rune(v) as u32, flags);
                self.pad(out, &text);
            }
            'U' => self.unicode(out, v),
            _ => return false,
        }
        true
    }

    /// A pointer: 0x and digits if `prefix`.
    pub fn address(&self, out: &mut Vec<u8>, v: u64, prefix: bool) {
        let fl = if prefix { self.fl | SHARP } else { self.fl & !SHARP };
        Spec { fl, ..*self }.digits(out, v, 16, false, false, false);
    }

    fn digits(&self, out: &mut Vec<u8>, v: u64, base: u64, signed: bool, upper: bool, oh: bool) {
        let negative = signed && (v as i64) < 0;
        let mut v = if negative { v.wrapping_neg() } else { v };
        let mut prec = 0;
        if self.has(PREC) {
            prec = self.prec;
            if prec == 0 && v == 0 {
                if self.has(WID) {
                    self.padding(out, self.wid, false);
                }
                return;
            }
        } else if self.has(ZERO) && !self.has(MINUS) && self.has(WID) {
            prec = self.wid;
            if negative || self.has(PLUS | SPACE) {
                prec = prec.saturating_sub(1);
            }
        }
        let mut buf = [0u8; 64];
        let mut i = buf.len();
        loop {
            let d = (v % base) as u8;
            i -= 1;
            buf[i] = match d {
                0..10 => b'0' + d,
                _ if upper => b'A' + d - 10,
                _ => b'a' + d - 10,
            };
            v /= base;
            if v == 0 {
                break;
            }
        }
        let digits = &buf[i..];
        let mut text = Vec::with_capacity(prec.max(digits.len()) + 4);
        if negative {
            text.push(b'-');
        } else if self.has(PLUS) {
            text.push(b'+');
        } else if self.has(SPACE) {
            text.push(b' ');
        }
        if oh {
            text.extend_from_slice(b"0o");
        }
        let zeros = prec.saturating_sub(digits.len());
        if self.has(SHARP) {
            match base {
                2 => text.extend_from_slice(b"0b"),
                8 if digits[0] != b'0' && zeros == 0 => text.push(b'0'),
                16 => text.extend_from_slice(if upper { b"0X" } else { b"0x" }),
                _ => {}
            }
        }
        text.extend(std::iter::repeat_n(b'0', zeros));
        text.extend_from_slice(digits);
        self.pad_with(out, &text, false);
    }

    fn unicode(&self, out: &mut Vec<u8>, v: u64) {
        let prec = if self.has(PREC) { self.prec.max(4) } else { 4 };
        let mut text = format!("U+{v:0prec$X}");
        if self.has(SHARP)
            && let Some(c) = u32::try_from(v).ok().and_then(char::from_u32)
            && unicode::is_print(c as u32)
        {
            text.push_str(&format!(" '{c}'"));
        }
        self.pad_with(out, text.as_bytes(), false);
    }

    /// A floating-point number under a verb.
    pub fn float(&self, out: &mut Vec<u8>, v: f64, single: bool, verb: u32) -> bool {
        let (form, prec) = match char::from_u32(verb).unwrap_or('\0') {
            'v' => (b'g', -1),
            'F' => (b'f', 6),
            'f' | 'e' | 'E' => (verb as u8, 6),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, -1),
            _ => return false,
        };
        let prec = if self.has(PREC) { self.prec as i64 } else { prec };
        let text = format_float(v, form, prec, single);
        if self.fl & !(PREC | PLUS_V | SHARP_V) == 0 && !text.starts_with('+') {
            out.extend_from_slice(text.as_bytes());
            return true;
        }
        let mut num = Vec::with_capacity(text.len() + 8);
        if !text.starts_with(['-', '+']) {
            num.push(b'+');
        }
        num.extend_from_slice(text.as_bytes());
        if self.has(SPACE) && num[0] == b'+' && !self.has(PLUS) {
            num[0] = b' ';
        }
        if num[1] == b'I' || num[1] == b'N' {
            let from = usize::from(num[1] == b'N' && !self.has(SPACE | PLUS));
            self.pad_with(out, &num[from..], false);
            return true;
        }
        if self.has(SHARP) && form != b'b' {
            sharp_float(&mut num, form, prec);
        }
        if self.has(PLUS) || num[0] != b'+' {
            if self.has(ZERO) && !self.has(MINUS) && self.has(WID) && self.wid > num.len() {
                out.push(num[0]);
                out.extend(std::iter::repeat_n(b'0', self.wid - num.len()));
                out.extend_from_slice(&num[1..]);
            } else {
                self.pad(out, &num);
            }
        } else {
            self.pad(out, &num[1..]);
        }
        true
    }
}

fn rune(v: u64) -> char {
    u32::try_from(v).ok().and_then(char::from_u32).unwrap_or('\u{FFFD}')
}

fn plain_integer(out: &mut Vec<u8>, v: u64, signed: bool) {
    let mut buf = [0u8; 20];
    let mut i = buf.len();
    let negative = signed && (v as i64) < 0;
    let mut u = if negative { v.wrapping_neg() } else { v };
    loop {
        i -= 1;
        buf[i] = b'0' + (u % 10) as u8;
        u /= 10;
        if u == 0 {
            break;
        }
    }
    if negative {
        out.push(b'-');
    }
    out.extend_from_slice(&buf[i..]);
}

/// `#`: a decimal point always, and for %g trailing zeros.
fn sharp_float(num: &mut Vec<u8>, form: u8, prec: i64) {
    let mut digits = match form {
        b'g' | b'G' | b'x' => {
            if prec < 0 {
                6
            } else {
                prec
            }
        }
        _ => 0,
    };
    let hex = num.len() > 2 && num[2] | 0x20 == b'x';
    let mut tail = Vec::new();
    let (mut point, mut nonzero) = (false, false);
    let mut i = 1;
    while i < num.len() {
        match num[i] {
            b'.' => point = true,
            b'p' | b'P' => tail = num.split_off(i),
            b'e' | b'E' if !hex => tail = num.split_off(i),
            b'x' | b'X' => nonzero = false,
            c => {
                nonzero |= c != b'0';
                if nonzero {
                    digits -= 1;
                }
            }
        }
        i += 1;
    }
    if !point {
        if num.len() == 2 && num[1] == b'0' {
            digits -= 1;
        }
        num.push(b'.');
    }
    num.extend(std::iter::repeat_n(b'0', digits.max(0) as usize));
    num.extend(tail);
}
