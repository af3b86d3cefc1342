//! Constants as error messages print them.

use std::fmt;

use super::Value;
use super::float::BigFloat;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => f.write_str("unknown"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::Str(s) => f.write_str(&shorten(&quote(s))),
            Value::Int(i) => write!(f, "{i}"),
            Value::Big(b) => write!(f, "{b}"),
            Value::Rat(r) => {
                let x = super::float::ratio_to_f64(r.numer(), r.denom());
                let zero = num_traits::Zero::is_zero(r.numer());
                if (x == 0.0) == zero && x.is_finite() {
                    f.write_str(&float_text(x, r.is_integer()))
                } else {
                    f.write_str(&approximate(&BigFloat::from_ratio(r.numer(), r.denom())))
                }
            }
            Value::Float(b) => {
                let x = b.to_f64();
                if (x == 0.0) == b.is_zero() && x.is_finite() {
                    f.write_str(&float_text(x, b.is_int()))
                } else {
                    f.write_str(&approximate(b))
                }
            }
            Value::Complex(c) => write!(f, "({} + {}i)", c.0, c.1),
        }
    }
}

/// Six digits, or more if they hide that the value is no integer.
fn float_text(x: f64, integral: bool) -> String {
    let short = general(x, Some(6));
    if !integral && !short.contains('.') { general(x, None) } else { short }
}

/// Go's `%g`, with a precision or the shortest text that reads back the same.
pub(crate) fn general(x: f64, precision: Option<usize>) -> String {
    if x == 0.0 {
        return if x.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let text = match precision {
        Some(p) => format!("{:.*e}", p - 1, x),
        None => format!("{x:e}"),
    };
    let (mantissa, exp) = text.split_once('e').unwrap_or((&text, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    while digits.len() > 1 && digits.ends_with('0') {
        digits.pop();
    }
    let limit = match precision {
        Some(p) => p as i32,
        None => 21.max(digits.len() as i32),
    };
    let body = if exp < -4 || exp >= limit {
        let sign = if exp < 0 { '-' } else { '+' };
        let tail = if digits.len() > 1 { format!(".{}", &digits[1..]) } else { String::new() };
        format!("{}{tail}e{sign}{:02}", &digits[..1], exp.abs())
    } else if exp < 0 {
        format!("0.{}{digits}", "0".repeat((-exp - 1) as usize))
    } else if digits.len() as i32 <= exp + 1 {
        format!("{digits}{}", "0".repeat((exp + 1) as usize - digits.len()))
    } else {
        format!("{}.{}", &digits[..(exp + 1) as usize], &digits[(exp + 1) as usize..])
    };
    if negative { format!("-{body}") } else { body }
}

/// A decimal approximation of a value outside the range of `f64`.
fn approximate(f: &BigFloat) -> String {
    let (mut m, exp) = f.mant_exp();
    let d = exp as f64 * std::f64::consts::LOG10_2;
    let mut e = d as i64;
    m *= 10f64.powf(d - e as f64);
    if m.abs() < 1.0 - 0.5e-6 {
        m *= 10.0;
        e -= 1;
    } else if m.abs() >= 10.0 {
        m /= 10.0;
        e += 1;
    }
    format!("{}e{e:+}", general(m, Some(6)))
}

/// A double-quoted string literal of the bytes, unprintable ones escaped.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{7}' => out.push_str("\\a"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{b}' => out.push_str("\\v"),
                c if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\x{:02x}", c as u32)),
                c if c.is_control() || c == '\u{feff}' || ('\u{e000}'..='\u{f8ff}').contains(&c) => {
                    out.push_str(&format!("\\u{:04x}", c as u32));
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            out.push_str(&format!("\\x{b:02x}"));
        }
    }
    out.push('"');
    out
}

/// Cuts a long quoted string.
fn shorten(s: &str) -> String {
    const MAX: usize = 72;
    if s.chars().count() > MAX {
        let head: String = s.chars().take(MAX - 3).collect();
        head + "..."
    } else {
        s.to_string()
    }
}
