//! Values that cross the border between a Rust program and its session.

use gol_runtime::native::{Call, NativeTable, Ret};
use std::fmt::Write as _;

/// A value outside of the language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// nil.
    Nil,
    /// A bool.
    Bool(bool),
    /// A signed integer of any size.
    Int(i64),
    /// An unsigned integer of any size.
    Uint(u64),
    /// A floating-point number.
    Float(f64),
    /// A string.
    Str(String),
    /// A `[]byte`, or a string that is not UTF-8.
    Bytes(Vec<u8>),
    /// Anything else, as `fmt.Sprint` shows it. It cannot be an argument.
    Other(String),
}

impl Value {
    /// The value as an expression. What has no literal is a call.
    pub(super) fn literal(&self) -> String {
        match self {
            Value::Nil => "nil".into(),
            Value::Bool(b) => b.to_string(),
            Value::Int(n) => n.to_string(),
            Value::Uint(n) => n.to_string(),
            Value::Float(x) if x.is_nan() => format!("{NAME}.NaN()"),
            Value::Float(x) if x.is_infinite() => format!("{NAME}.Inf({})", x.signum()),
            Value::Float(x) if *x == 0.0 && x.is_sign_negative() => format!("{NAME}.NegativeZero()"),
            Value::Float(x) => format!("{x:e}"),
            Value::Str(s) | Value::Other(s) => quote(s.as_bytes()),
            Value::Bytes(b) => format!("[]byte({})", quote(b)),
        }
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}

impl From<i32> for Value {
    fn from(n: i32) -> Value {
        Value::Int(i64::from(n))
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(n)
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Value {
        Value::Float(x)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Value {
        Value::Str(s.into())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Value {
        Value::Str(s)
    }
}

/// A string literal for bytes.
fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &b in bytes {
        match b {
            b'"' | b'\\' => out.extend(['\\', b as char]),
            0x20..0x7f => out.push(b as char),
            _ => {
                let _ = write!(out, "\\x{b:02x}");
            }
        }
    }
    out.push('"');
    out
}

/// Import path of the package through which results come.
pub(super) const PATH: &str = "gol/embed";
/// The name that a session knows it by.
pub(super) const NAME: &str = "gol_embed";

/// The package.
pub(super) const SOURCE: &str = r#"// Package embed hands values to the program that a session is embedded in.
package embed

import "fmt"

func giveNil()
func giveBool(b bool)
func giveInt(n int64)
func giveUint(n uint64)
func giveFloat(x float64)
func giveString(s string)
func giveBytes(b []byte)
func giveOther(s string)

// NaN is not a number.
func NaN() float64 {
	return Inf(1) - Inf(1)
}

// Inf is the infinity with a sign.
func Inf(sign float64) float64 {
	zero := 0.0
	return sign / zero
}

// NegativeZero is -0.
func NegativeZero() float64 {
	zero := 0.0
	return -zero
}

// Give hands over values.
func Give(values ...any) {
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			giveNil()
		case bool:
			giveBool(v)
		case int:
			giveInt(int64(v))
		case int8:
			giveInt(int64(v))
		case int16:
			giveInt(int64(v))
		case int32:
			giveInt(int64(v))
		case int64:
			giveInt(v)
		case uint:
			giveUint(uint64(v))
		case uint8:
			giveUint(uint64(v))
		case uint16:
			giveUint(uint64(v))
		case uint32:
			giveUint(uint64(v))
		case uint64:
			giveUint(v)
		case float32:
			giveFloat(float64(v))
		case float64:
			giveFloat(v)
		case string:
			giveString(v)
		case []byte:
			giveBytes(v)
		default:
			giveOther(fmt.Sprint(v))
		}
	}
}
"#;

/// Values handed over.
#[derive(Default)]
pub(super) struct Given(pub Vec<Value>);

fn give(c: &mut Call<'_>, value: Value) -> Ret {
    c.cx.ext::<Given>().0.push(value);
    Ret::Done
}

fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(s) => Value::Str(s.into()),
        Err(_) => Value::Bytes(bytes.into()),
    }
}

/// The functions of the package that have no body.
pub(super) const NATIVES: NativeTable = &[
    ("gol/embed.giveNil", |c| give(c, Value::Nil)),
    ("gol/embed.giveBool", |c| give(c, Value::Bool(c.bool(0)))),
    ("gol/embed.giveInt", |c| give(c, Value::Int(c.int(0)))),
    ("gol/embed.giveUint", |c| give(c, Value::Uint(c.uint(0)))),
    ("gol/embed.giveFloat", |c| give(c, Value::Float(c.f64(0)))),
    ("gol/embed.giveString", |c| give(c, text(c.bytes(0)))),
    ("gol/embed.giveBytes", |c| give(c, Value::Bytes(c.bytes(0).to_vec()))),
    ("gol/embed.giveOther", |c| give(c, Value::Other(c.str(0).into_owned()))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_legal_everywhere() {
        assert_eq!(Value::from("a\"\n\u{e9}").literal(), "\"a\\\"\\x0a\\xc3\\xa9\"");
        assert_eq!(Value::Float(1.5).literal(), "1.5e0");
        assert_eq!(Value::Float(-0.0).literal(), format!("{NAME}.NegativeZero()"));
        assert_eq!(Value::Bytes(vec![255]).literal(), "[]byte(\"\\xff\")");
    }
}
