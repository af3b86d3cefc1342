//! Exact constants: the values of untyped and typed constant expressions.
//!
//! Integers are unlimited. Floating-point values are rationals as long as numerator and denominator stay below 2^4096, and beyond
//! that binary floats of 512 bits, so that huge exponents neither take memory nor time. Operations never fail: an impossible one
//! gives [`Value::Unknown`], about which the checker reports or has reported.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::syntax::ast::{BinaryOp, UnaryOp};

mod float;
mod format;
mod literal;

pub use float::BigFloat;
pub use format::quote;
pub use literal::{from_literal, unquote};

/// Rationals and integers of fewer bits than this are kept exact in floating-point constants.
const EXACT_BITS: u64 = 4 << 10;

/// The value of a constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not known, because of an error.
    Unknown,
    /// A boolean.
    Bool(bool),
    /// A string: any bytes. (A vector, so that a chain of concatenations can append in place.)
    Str(Rc<Vec<u8>>),
    /// An integer that fits.
    Int(i64),
    /// An integer that does not fit into an `i64`.
    Big(Rc<BigInt>),
    /// A floating-point value, exact.
    Rat(Rc<BigRational>),
    /// A floating-point value of huge or tiny magnitude.
    Float(Rc<BigFloat>),
    /// Real and imaginary part, each an integer or floating-point value.
    Complex(Rc<(Value, Value)>),
}

/// Kinds of values; numeric kinds are ordered by generality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    Unknown,
    Bool,
    String,
    Int,
    Float,
    Complex,
}

impl Value {
    /// An integer, in the smallest representation.
    pub fn from_big(b: BigInt) -> Value {
        match b.to_i64() {
            Some(i) => Value::Int(i),
            None => Value::Big(Rc::new(b)),
        }
    }

    /// An unsigned integer.
    pub fn from_u64(u: u64) -> Value {
        Value::from_big(BigInt::from(u))
    }

    /// A floating-point value from a rational; beyond the exact range it is rounded.
    pub fn from_rat(r: BigRational) -> Value {
        if r.numer().bits() < EXACT_BITS && r.denom().bits() < EXACT_BITS {
            Value::Rat(Rc::new(r))
        } else {
            Value::from_float(BigFloat::from_ratio(r.numer(), r.denom()))
        }
    }

    /// A floating-point value; an overflowing one is unknown, and zero is the rational zero.
    pub fn from_float(f: BigFloat) -> Value {
        if f.is_inf() {
            Value::Unknown
        } else if f.is_zero() {
            Value::Rat(Rc::new(BigRational::zero()))
        } else {
            Value::Float(Rc::new(f))
        }
    }

    /// A floating-point value from a finite `f64`.
    pub fn from_f64(f: f64) -> Value {
        match BigRational::from_float(f) {
            Some(r) => Value::from_rat(r),
            None => Value::Unknown,
        }
    }

    /// A string.
    pub fn from_text(s: &str) -> Value {
        Value::Str(Rc::new(s.as_bytes().to_vec()))
    }

    /// A complex value from two real ones.
    pub fn complex(re: Value, im: Value) -> Value {
        if re == Value::Unknown || im == Value::Unknown {
            return Value::Unknown;
        }
        Value::Complex(Rc::new((re, im)))
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Unknown => Kind::Unknown,
            Value::Bool(_) => Kind::Bool,
            Value::Str(_) => Kind::String,
            Value::Int(_) | Value::Big(_) => Kind::Int,
            Value::Rat(_) | Value::Float(_) => Kind::Float,
            Value::Complex(_) => Kind::Complex,
        }
    }

    /// Whether the value is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The string's bytes, if it is one.
    pub fn as_str(&self) -> Option<&[u8]> {
        match self {
            Value::Str(s) => Some(s),
            _ => None,
        }
    }

    /// An integer as a big integer.
    pub fn as_big(&self) -> Option<BigInt> {
        match self {
            Value::Int(i) => Some(BigInt::from(*i)),
            Value::Big(b) => Some((**b).clone()),
            _ => None,
        }
    }

    /// An integer value (not a float with an integral value) that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }

    /// A non-negative integer value that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Int(i) => u64::try_from(*i).ok(),
            Value::Big(b) => b.to_u64(),
            _ => None,
        }
    }

    /// A real number as the nearest `f64`, infinite if too large.
    pub fn to_f64(&self) -> Option<f64> {
        match self {
            Value::Int(i) => Some(*i as f64),
            Value::Big(b) => Some(float::ratio_to_f64(b, &BigInt::one())),
            Value::Rat(r) => Some(float::ratio_to_f64(r.numer(), r.denom())),
            Value::Float(f) => Some(f.to_f64()),
            Value::Complex(c) if c.1.sign() == 0 => c.0.to_f64(),
            _ => None,
        }
    }

    /// A real number as the nearest `f32`, infinite if too large.
    pub fn to_f32(&self) -> Option<f32> {
        match self {
            Value::Int(i) => Some(*i as f32),
            Value::Big(b) => Some(float::ratio_to_f32(b, &BigInt::one())),
            Value::Rat(r) => Some(float::ratio_to_f32(r.numer(), r.denom())),
            Value::Float(f) => Some(f.to_f32()),
            Value::Complex(c) if c.1.sign() == 0 => c.0.to_f32(),
            _ => None,
        }
    }

    /// -1, 0 or 1 by sign; for complex values 0 means zero and 1 not zero. Unknown values count as positive.
    pub fn sign(&self) -> i32 {
        match self {
            Value::Int(i) => i.signum() as i32,
            Value::Big(b) => match b.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            },
            Value::Rat(r) => {
                if r.is_zero() {
                    0
                } else if r.is_negative() {
                    -1
                } else {
                    1
                }
            }
            Value::Float(f) => f.sign(),
            Value::Complex(c) => c.0.sign() | c.1.sign(),
            _ => 1,
        }
    }

    /// Number of bits of an integer's magnitude.
    pub fn bit_len(&self) -> u64 {
        match self {
            Value::Int(i) => 64 - u64::from(i.unsigned_abs().leading_zeros()),
            Value::Big(b) => b.bits(),
            _ => 0,
        }
    }

    /// The value as an integer, if it is one; else unknown.
    pub fn to_int(&self) -> Value {
        match self {
            Value::Int(_) | Value::Big(_) => self.clone(),
            Value::Rat(r) if r.is_integer() => Value::from_big(r.numer().clone()),
            Value::Float(f) => match f.to_int() {
                Some(b) => Value::from_big(b),
                None => Value::Unknown,
            },
            Value::Complex(c) if c.1.sign() == 0 => c.0.to_int(),
            _ => Value::Unknown,
        }
    }

    /// The value as a floating-point value, if it is real; else unknown.
    pub fn to_float(&self) -> Value {
        match self {
            Value::Int(i) => Value::Rat(Rc::new(BigRational::from_integer(BigInt::from(*i)))),
            Value::Big(b) => Value::from_rat(BigRational::from_integer((**b).clone())),
            Value::Rat(_) | Value::Float(_) => self.clone(),
            Value::Complex(c) if c.1.sign() == 0 => c.0.to_float(),
            _ => Value::Unknown,
        }
    }

    /// The value as a complex value, if it is numeric; else unknown.
    pub fn to_complex(&self) -> Value {
        match self {
            Value::Complex(_) => self.clone(),
            Value::Int(_) | Value::Big(_) | Value::Rat(_) | Value::Float(_) => {
                Value::Complex(Rc::new((self.clone(), Value::Int(0))))
            }
            _ => Value::Unknown,
        }
    }

    /// The real part of a number.
    pub fn real(&self) -> Value {
        match self {
            Value::Complex(c) => c.0.clone(),
            Value::Int(_) | Value::Big(_) | Value::Rat(_) | Value::Float(_) => self.clone(),
            _ => Value::Unknown,
        }
    }

    /// The imaginary part of a number.
    pub fn imag(&self) -> Value {
        match self {
            Value::Complex(c) => c.1.clone(),
            Value::Int(_) | Value::Big(_) | Value::Rat(_) | Value::Float(_) => Value::Int(0),
            _ => Value::Unknown,
        }
    }

    fn to_bigfloat(&self) -> Option<BigFloat> {
        match self {
            Value::Int(i) => Some(BigFloat::from_int(&BigInt::from(*i))),
            Value::Big(b) => Some(BigFloat::from_int(b)),
            Value::Rat(r) => Some(BigFloat::from_ratio(r.numer(), r.denom())),
            Value::Float(f) => Some((**f).clone()),
            _ => None,
        }
    }

    fn to_rat(&self) -> Option<BigRational> {
        match self {
            Value::Int(i) => Some(BigRational::from_integer(BigInt::from(*i))),
            Value::Big(b) => Some(BigRational::from_integer((**b).clone())),
            Value::Rat(r) => Some((**r).clone()),
            _ => None,
        }
    }
}

/// `op x`. `unsigned_bits` is the size of an unsigned type, whose complement stays within its bits; 0 for others.
pub fn unary_op(op: UnaryOp, x: &Value, unsigned_bits: u32) -> Value {
    match (op, x) {
        (UnaryOp::Plus, Value::Int(_) | Value::Big(_) | Value::Rat(_) | Value::Float(_) | Value::Complex(_)) => {
            x.clone()
        }
        (UnaryOp::Neg, Value::Int(i)) => match i.checked_neg() {
            Some(n) => Value::Int(n),
            None => Value::from_big(-BigInt::from(*i)),
        },
        (UnaryOp::Neg, Value::Big(b)) => Value::from_big(-(**b).clone()),
        (UnaryOp::Neg, Value::Rat(r)) => Value::Rat(Rc::new(-(**r).clone())),
        (UnaryOp::Neg, Value::Float(f)) => Value::Float(Rc::new(f.neg())),
        (UnaryOp::Neg, Value::Complex(c)) => {
            Value::complex(unary_op(UnaryOp::Neg, &c.0, 0), unary_op(UnaryOp::Neg, &c.1, 0))
        }
        (UnaryOp::Xor, Value::Int(_) | Value::Big(_)) => {
            let z = !x.as_big().unwrap_or_default();
            if unsigned_bits > 0 {
                let mask = (BigInt::one() << unsigned_bits) - 1;
                Value::from_big(z & mask)
            } else {
                Value::from_big(z)
            }
        }
        (UnaryOp::Not, Value::Bool(b)) => Value::Bool(!b),
        _ => Value::Unknown,
    }
}

/// `x op y` for arithmetic and logical operators. With `integer_division` the division of integers truncates; otherwise it
/// is exact. The divisor must not be zero (the result would be unknown).
pub fn binary_op(x: &Value, op: BinaryOp, y: &Value, integer_division: bool) -> Value {
    use BinaryOp::*;
    let kind = x.kind().max(y.kind());
    if x.is_unknown() || y.is_unknown() {
        return Value::Unknown;
    }
    match kind {
        Kind::Bool => match (op, x, y) {
            (AndAnd, Value::Bool(a), Value::Bool(b)) => Value::Bool(*a && *b),
            (OrOr, Value::Bool(a), Value::Bool(b)) => Value::Bool(*a || *b),
            _ => Value::Unknown,
        },
        Kind::String => match (op, x, y) {
            (Add, Value::Str(a), Value::Str(b)) => {
                let mut joined = Vec::with_capacity(a.len() + b.len());
                joined.extend_from_slice(a);
                joined.extend_from_slice(b);
                Value::Str(Rc::new(joined))
            }
            _ => Value::Unknown,
        },
        Kind::Int => int_op(x, op, y, integer_division),
        Kind::Float => float_op(x, op, y),
        Kind::Complex => complex_op(x, op, y),
        Kind::Unknown => Value::Unknown,
    }
}

fn int_op(x: &Value, op: BinaryOp, y: &Value, integer_division: bool) -> Value {
    use BinaryOp::*;
    if let (Value::Int(a), Value::Int(b)) = (x, y) {
        let (a, b) = (*a, *b);
        let small = match op {
            Add => a.checked_add(b),
            Sub => a.checked_sub(b),
            Mul => a.checked_mul(b),
            Div if integer_division => a.checked_div(b),
            Rem => a.checked_rem(b),
            And => Some(a & b),
            Or => Some(a | b),
            Xor => Some(a ^ b),
            AndNot => Some(a & !b),
            _ => None,
        };
        if let Some(v) = small {
            return Value::Int(v);
        }
    }
    let (Some(a), Some(b)) = (x.as_big(), y.as_big()) else { return Value::Unknown };
    if matches!(op, Div | Rem) && b.is_zero() {
        return Value::Unknown;
    }
    match op {
        Add => Value::from_big(a + b),
        Sub => Value::from_big(a - b),
        Mul => Value::from_big(a * b),
        Div if integer_division => Value::from_big(a / b),
        Div => Value::from_rat(BigRational::new(a, b)),
        Rem => Value::from_big(a % b),
        And => Value::from_big(a & b),
        Or => Value::from_big(a | b),
        Xor => Value::from_big(a ^ b),
        AndNot => Value::from_big(a & !b),
        _ => Value::Unknown,
    }
}

fn float_op(x: &Value, op: BinaryOp, y: &Value) -> Value {
    use BinaryOp::*;
    if op == Div && y.sign() == 0 {
        return Value::Unknown;
    }
    if let (Some(a), Some(b)) = (x.to_rat(), y.to_rat()) {
        return match op {
            Add => Value::from_rat(a + b),
            Sub => Value::from_rat(a - b),
            Mul => Value::from_rat(a * b),
            Div => Value::from_rat(a / b),
            _ => Value::Unknown,
        };
    }
    let (Some(a), Some(b)) = (x.to_bigfloat(), y.to_bigfloat()) else { return Value::Unknown };
    match op {
        Add => Value::from_float(a.add(&b)),
        Sub => Value::from_float(a.add(&b.neg())),
        Mul => Value::from_float(a.mul(&b)),
        Div => Value::from_float(a.div(&b)),
        _ => Value::Unknown,
    }
}

fn complex_op(x: &Value, op: BinaryOp, y: &Value) -> Value {
    use BinaryOp::*;
    let (a, b, c, d) = (x.real(), x.imag(), y.real(), y.imag());
    let calc = |x: &Value, op: BinaryOp, y: &Value| binary_op(x, op, y, false);
    match op {
        Add | Sub => Value::complex(calc(&a, op, &c), calc(&b, op, &d)),
        Mul => {
            let re = calc(&calc(&a, Mul, &c), Sub, &calc(&b, Mul, &d));
            let im = calc(&calc(&b, Mul, &c), Add, &calc(&a, Mul, &d));
            Value::complex(re, im)
        }
        Div => {
            let s = calc(&calc(&c, Mul, &c), Add, &calc(&d, Mul, &d));
            if s.sign() == 0 {
                return Value::Unknown;
            }
            let re = calc(&calc(&a, Mul, &c), Add, &calc(&b, Mul, &d));
            let im = calc(&calc(&b, Mul, &c), Sub, &calc(&a, Mul, &d));
            Value::complex(calc(&re, Div, &s), calc(&im, Div, &s))
        }
        _ => Value::Unknown,
    }
}

/// `x += y` for strings, which appends to `x` in place if nothing else refers to it; gives whether both are strings.
pub fn append(x: &mut Value, y: &Value) -> bool {
    let (Value::Str(a), Value::Str(b)) = (x, y) else { return false };
    Rc::make_mut(a).extend_from_slice(b);
    true
}

/// `x << count` or `x >> count` of an integer. The checker bounds `count`.
pub fn shift(x: &Value, op: BinaryOp, count: u32) -> Value {
    let Some(b) = x.as_big() else { return Value::Unknown };
    match op {
        BinaryOp::Shl => Value::from_big(b << count),
        BinaryOp::Shr => Value::from_big(b.div_floor(&(BigInt::one() << count.min(100_000)))),
        _ => Value::Unknown,
    }
}

/// `x op y` for a comparison operator; false if it cannot be decided.
pub fn compare(x: &Value, op: BinaryOp, y: &Value) -> bool {
    let by_order = |order: Ordering| match op {
        BinaryOp::Eq => order == Ordering::Equal,
        BinaryOp::Ne => order != Ordering::Equal,
        BinaryOp::Lt => order == Ordering::Less,
        BinaryOp::Le => order != Ordering::Greater,
        BinaryOp::Gt => order == Ordering::Greater,
        BinaryOp::Ge => order != Ordering::Less,
        _ => false,
    };
    if x.is_unknown() || y.is_unknown() {
        return false;
    }
    match x.kind().max(y.kind()) {
        Kind::Bool => match (x, y) {
            (Value::Bool(a), Value::Bool(b)) => by_order(a.cmp(b)),
            _ => false,
        },
        Kind::String => match (x, y) {
            (Value::Str(a), Value::Str(b)) => by_order(a.cmp(b)),
            _ => false,
        },
        Kind::Int => match (x, y) {
            (Value::Int(a), Value::Int(b)) => by_order(a.cmp(b)),
            _ => match (x.as_big(), y.as_big()) {
                (Some(a), Some(b)) => by_order(a.cmp(&b)),
                _ => false,
            },
        },
        Kind::Float => match (x.to_rat(), y.to_rat()) {
            (Some(a), Some(b)) => by_order(a.cmp(&b)),
            _ => match (x.to_bigfloat(), y.to_bigfloat()) {
                (Some(a), Some(b)) => by_order(a.order(&b)),
                _ => false,
            },
        },
        Kind::Complex => {
            let equal = compare(&x.real(), BinaryOp::Eq, &y.real()) && compare(&x.imag(), BinaryOp::Eq, &y.imag());
            match op {
                BinaryOp::Eq => equal,
                BinaryOp::Ne => !equal,
                _ => false,
            }
        }
        Kind::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::ast::LitKind;

    fn float(text: &str) -> Value {
        from_literal(text, LitKind::Float)
    }

    #[test]
    fn integers_grow_without_limit() {
        let x = shift(&Value::Int(1), BinaryOp::Shl, 500);
        assert_eq!(x.bit_len(), 501);
        assert_eq!(shift(&x, BinaryOp::Shr, 500), Value::Int(1));
        assert_eq!(shift(&Value::Int(-5), BinaryOp::Shr, 1), Value::Int(-3));
        assert_eq!(unary_op(UnaryOp::Xor, &Value::Int(0), 8), Value::Int(255));
    }

    #[test]
    fn division_is_exact_unless_integral() {
        let third = binary_op(&Value::Int(1), BinaryOp::Div, &Value::Int(3), false);
        assert_eq!(third.kind(), Kind::Float);
        assert_eq!(binary_op(&third, BinaryOp::Mul, &Value::Int(3), false).to_int(), Value::Int(1));
        assert_eq!(binary_op(&Value::Int(-7), BinaryOp::Div, &Value::Int(2), true), Value::Int(-3));
    }

    #[test]
    fn huge_exponents_are_cheap() {
        let x = float("1e100000");
        assert_eq!(x.kind(), Kind::Float);
        assert_eq!(x.to_string(), "1e+100000");
        assert_eq!(float("1e100000000000"), Value::Unknown);
        assert_eq!(float("1e-100000000000").sign(), 0);
        let one = binary_op(&x, BinaryOp::Div, &x, false);
        assert!(compare(&one, BinaryOp::Eq, &Value::Int(1)));
    }

    #[test]
    fn values_print_as_in_messages() {
        assert_eq!(float("0.1").to_string(), "0.1");
        assert_eq!(float("1e6").to_string(), "1e+06");
        assert_eq!(float("3.14159265358979").to_string(), "3.14159");
        assert_eq!(float("100").to_string(), "100");
        assert_eq!(float("1234567.5").to_string(), "1.23457e+06");
        assert_eq!(Value::from_text("a\"b\n\u{1}").to_string(), r#""a\"b\n\x01""#);
        assert_eq!(from_literal("2i", LitKind::Imag).to_string(), "(0 + 2i)");
    }
}
