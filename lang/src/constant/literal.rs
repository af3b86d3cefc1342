//! Constants from the text of literals.

use std::rc::Rc;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::float::BigFloat;
use super::{EXACT_BITS, Value};
use crate::syntax::ast::LitKind;

/// The value of a literal in its source form; unknown if it is malformed or beyond all bounds.
pub fn from_literal(text: &str, kind: LitKind) -> Value {
    match kind {
        LitKind::Int => integer(text),
        LitKind::Float => float(text),
        LitKind::Imag => {
            let Some(number) = text.strip_suffix('i') else { return Value::Unknown };
            // For backward compatibility, an imaginary integer with leading zeros is decimal.
            let plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'_');
            let im = if plain {
                integer_in(number, 10)
            } else if is_float_text(number) {
                float(number)
            } else {
                integer(number)
            };
            Value::complex(Value::Int(0), im)
        }
        LitKind::Rune => match unquote(text) {
            Some(Unquoted::Rune(r)) => Value::Int(i64::from(r)),
            _ => Value::Unknown,
        },
        LitKind::String => match unquote(text) {
            Some(Unquoted::Bytes(b)) => Value::Str(Rc::new(b)),
            _ => Value::Unknown,
        },
    }
}

fn is_float_text(text: &str) -> bool {
    let hex = text.starts_with("0x") || text.starts_with("0X");
    if hex { text.contains(['p', 'P', '.']) } else { text.contains(['e', 'E', '.']) }
}

fn integer(text: &str) -> Value {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', b'b' | b'B', ..] => (&text[2..], 2),
        [b'0', b'o' | b'O', ..] => (&text[2..], 8),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    integer_in(digits, radix)
}

fn integer_in(digits: &str, radix: u32) -> Value {
    let clean: String = digits.chars().filter(|&c| c != '_').collect();
    if let Ok(i) = i64::from_str_radix(&clean, radix) {
        return Value::Int(i);
    }
    match BigInt::parse_bytes(clean.as_bytes(), radix) {
        Some(b) => Value::from_big(b),
        None => Value::Unknown,
    }
}

fn float(text: &str) -> Value {
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let hex = clean.starts_with("0x") || clean.starts_with("0X");
    let body = if hex { &clean[2..] } else { &clean[..] };
    let marks: &[char] = if hex { &['p', 'P'] } else { &['e', 'E'] };
    let (mantissa, exp) = match body.split_once(marks) {
        Some((m, e)) => {
            let negative = e.starts_with('-');
            let digits = e.trim_start_matches(['+', '-']);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Value::Unknown;
            }
            let e = digits.parse::<i64>().unwrap_or(i64::MAX).min(1 << 40);
            (m, if negative { -e } else { e })
        }
        None => (body, 0),
    };
    let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{int}{frac}");
    let radix = if hex { 16 } else { 10 };
    let Some(digits) = BigInt::parse_bytes(digits.as_bytes(), radix) else { return Value::Unknown };
    let frac_len = frac.len() as i64;
    let (exp10, exp2) = if hex { (0, exp - 4 * frac_len) } else { (exp - frac_len, 0) };
    if digits.is_zero() {
        return Value::from_rat(BigRational::zero());
    }
    // Small enough for an exact rational?
    if exp10.abs() < 10_000 && exp2.abs() < 10_000 {
        let size = digits.bits() as f64 + exp10 as f64 * std::f64::consts::LOG2_10 + exp2 as f64;
        if size.abs() < EXACT_BITS as f64 {
            let scale10 = BigInt::from(10).pow(exp10.unsigned_abs() as u32);
            let scale2 = BigInt::from(1) << exp2.unsigned_abs();
            let mut num = digits;
            let mut den = BigInt::from(1);
            if exp10 >= 0 {
                num *= scale10
            } else {
                den *= scale10
            }
            if exp2 >= 0 {
                num *= scale2
            } else {
                den *= scale2
            }
            return Value::from_rat(BigRational::new(num, den));
        }
    }
    Value::from_float(BigFloat::from_decimal(&digits, exp10, exp2))
}

/// What a quoted literal stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unquoted {
    /// A rune literal's code point.
    Rune(u32),
    /// A string literal's bytes.
    Bytes(Vec<u8>),
}

/// The contents of a rune, string or raw string literal.
pub fn unquote(text: &str) -> Option<Unquoted> {
    let quote = text.chars().next()?;
    if text.len() < 2 || !text.ends_with(quote) {
        return None;
    }
    let body = &text[1..text.len() - 1];
    match quote {
        '`' => Some(Unquoted::Bytes(body.bytes().filter(|&b| b != b'\r').collect())),
        '"' => {
            let mut out = Vec::with_capacity(body.len());
            let mut rest = body;
            while !rest.is_empty() {
                match rest.find('\\') {
                    Some(at) => {
                        out.extend_from_slice(&rest.as_bytes()[..at]);
                        let (value, is_byte, tail) = escape(&rest[at..])?;
                        if is_byte {
                            out.push(value as u8);
                        } else {
                            let c = char::from_u32(value)?;
                            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        rest = tail;
                    }
                    None => {
                        out.extend_from_slice(rest.as_bytes());
                        break;
                    }
                }
            }
            Some(Unquoted::Bytes(out))
        }
        '\'' => {
            let (value, tail) = if body.starts_with('\\') {
                let (value, _, tail) = escape(body)?;
                (value, tail)
            } else {
                let c = body.chars().next()?;
                (c as u32, &body[c.len_utf8()..])
            };
            if tail.is_empty() { Some(Unquoted::Rune(value)) } else { None }
        }
        _ => None,
    }
}

/// One escape sequence: its value, whether it stands for a byte, and the text after it.
fn escape(text: &str) -> Option<(u32, bool, &str)> {
    let kind = *text.as_bytes().get(1)?;
    let number = |from: usize, len: usize, radix: u32| {
        let digits = text.get(from..from + len)?;
        let value = u32::from_str_radix(digits, radix).ok()?;
        Some((value, &text[from + len..]))
    };
    let simple = |value: u32| Some((value, false, &text[2..]));
    match kind {
        b'a' => simple(7),
        b'b' => simple(8),
        b'f' => simple(12),
        b'n' => simple(10),
        b'r' => simple(13),
        b't' => simple(9),
        b'v' => simple(11),
        b'\\' => simple(0x5c),
        b'\'' => simple(0x27),
        b'"' => simple(0x22),
        b'x' => number(2, 2, 16).map(|(v, rest)| (v, true, rest)),
        b'u' => number(2, 4, 16).map(|(v, rest)| (v, false, rest)),
        b'U' => number(2, 8, 16).map(|(v, rest)| (v, false, rest)),
        b'0'..=b'7' => number(1, 3, 8).map(|(v, rest)| (v, true, rest)),
        _ => None,
    }
}
