//! Binary floats of 512 bits for constants whose exponents are too large for rationals, and correct rounding to machine floats.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Mantissa bits.
const PREC: u64 = 512;
/// Binary exponents beyond this overflow (or underflow to zero).
const MAX_EXP: i64 = i32::MAX as i64;

/// `mant * 2^exp`, the mantissa rounded to 512 bits; or an infinity.
#[derive(Clone, Debug, PartialEq)]
pub struct BigFloat {
    mant: BigInt,
    exp: i64,
    inf: bool,
}

impl BigFloat {
    fn new(mant: BigInt, exp: i64) -> BigFloat {
        BigFloat::rounded(mant, exp, false)
    }

    /// Rounds to nearest, ties to even; `sticky` says that a non-zero rest below the last bit has been cut off.
    fn rounded(mant: BigInt, exp: i64, sticky: bool) -> BigFloat {
        if mant.is_zero() {
            return BigFloat { mant, exp: 0, inf: false };
        }
        let (mut mant, mut exp) = (mant, exp);
        let bits = mant.bits();
        if bits > PREC {
            let drop = bits - PREC;
            mant = round_shift(&mant, drop, sticky);
            exp += drop as i64;
        }
        // A canonical form, so that equality is structural.
        let zeros = mant.trailing_zeros().unwrap_or(0);
        mant >>= zeros;
        exp += zeros as i64;
        let top = exp + mant.bits() as i64;
        if top > MAX_EXP {
            return BigFloat {
                mant: if mant.is_negative() { -BigInt::one() } else { BigInt::one() },
                exp: 0,
                inf: true,
            };
        }
        if top < -MAX_EXP {
            return BigFloat { mant: BigInt::zero(), exp: 0, inf: false };
        }
        BigFloat { mant, exp, inf: false }
    }

    /// An integer, rounded.
    pub fn from_int(b: &BigInt) -> BigFloat {
        BigFloat::new(b.clone(), 0)
    }

    /// A quotient, rounded.
    pub fn from_ratio(num: &BigInt, den: &BigInt) -> BigFloat {
        BigFloat::from_int(num).div(&BigFloat::exact(den))
    }

    fn exact(b: &BigInt) -> BigFloat {
        BigFloat { mant: b.clone(), exp: 0, inf: false }
    }

    /// `digits * 10^exp10 * 2^exp2`
    pub fn from_decimal(digits: &BigInt, exp10: i64, exp2: i64) -> BigFloat {
        if digits.is_zero() {
            return BigFloat::new(BigInt::zero(), 0);
        }
        let magnitude =
            digits.bits() as f64 * std::f64::consts::LOG10_2 + exp10 as f64 + exp2 as f64 * std::f64::consts::LOG10_2;
        if magnitude > 1e9 {
            return BigFloat { mant: BigInt::one(), exp: 0, inf: true };
        }
        if magnitude < -1e9 {
            return BigFloat::new(BigInt::zero(), 0);
        }
        let mut power = BigFloat::new(BigInt::one(), 0);
        let mut base = BigFloat::new(BigInt::from(10), 0);
        let mut n = exp10.unsigned_abs();
        while n > 0 {
            if n & 1 == 1 {
                power = power.mul(&base);
            }
            base = base.mul(&base);
            n >>= 1;
        }
        let d = BigFloat::new(digits.clone(), exp2);
        if exp10 >= 0 { d.mul(&power) } else { d.div(&power) }
    }

    /// Whether this is an infinity.
    pub fn is_inf(&self) -> bool {
        self.inf
    }
    /// Whether this is zero.
    pub fn is_zero(&self) -> bool {
        self.mant.is_zero()
    }
    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match self.mant.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        }
    }
    /// `-self`
    pub fn neg(&self) -> BigFloat {
        BigFloat { mant: -self.mant.clone(), exp: self.exp, inf: self.inf }
    }

    fn infinity(negative: bool) -> BigFloat {
        BigFloat { mant: if negative { -BigInt::one() } else { BigInt::one() }, exp: 0, inf: true }
    }

    /// `self + other`
    pub fn add(&self, other: &BigFloat) -> BigFloat {
        if self.inf || self.is_zero() && !other.inf {
            return if self.inf { self.clone() } else { other.clone() };
        }
        if other.inf || other.is_zero() {
            return if other.inf { other.clone() } else { self.clone() };
        }
        let (hi, lo) = if self.top() >= other.top() { (self, other) } else { (other, self) };
        if hi.top() - lo.top() > 2 * PREC as i64 {
            return hi.clone();
        }
        let exp = hi.exp.min(lo.exp);
        let a = &hi.mant << (hi.exp - exp) as u64;
        let b = &lo.mant << (lo.exp - exp) as u64;
        BigFloat::new(a + b, exp)
    }

    /// `self * other`
    pub fn mul(&self, other: &BigFloat) -> BigFloat {
        if self.inf || other.inf {
            return BigFloat::infinity(self.sign() * other.sign() < 0);
        }
        BigFloat::new(&self.mant * &other.mant, self.exp + other.exp)
    }

    /// `self / other`; the divisor is not zero.
    pub fn div(&self, other: &BigFloat) -> BigFloat {
        if self.inf || other.is_zero() {
            return BigFloat::infinity(self.sign() < 0);
        }
        if other.inf || self.is_zero() {
            return BigFloat::new(BigInt::zero(), 0);
        }
        let shift = (PREC + 2 + other.mant.bits()).saturating_sub(self.mant.bits());
        let num = &self.mant << shift;
        let q = &num / &other.mant;
        let exact = (&q * &other.mant) == num;
        BigFloat::rounded(q, self.exp - other.exp - shift as i64, !exact)
    }

    /// Exponent of the first bit above the value.
    fn top(&self) -> i64 {
        self.exp + self.mant.bits() as i64
    }

    /// Total order; no infinities occur in values.
    pub fn order(&self, other: &BigFloat) -> Ordering {
        match self.sign().cmp(&other.sign()) {
            Ordering::Equal => {}
            unequal => return unequal,
        }
        if self.is_zero() {
            return Ordering::Equal;
        }
        let by_size = if self.top() != other.top() {
            self.top().cmp(&other.top())
        } else {
            let exp = self.exp.min(other.exp);
            let a = self.mant.abs() << (self.exp - exp) as u64;
            let b = other.mant.abs() << (other.exp - exp) as u64;
            a.cmp(&b)
        };
        if self.sign() < 0 { by_size.reverse() } else { by_size }
    }

    /// The integer it is, if it is one of bearable size.
    pub fn to_int(&self) -> Option<BigInt> {
        if self.inf || self.exp < 0 && !self.is_zero() || self.top() > 100_000 {
            return None;
        }
        Some(&self.mant << self.exp.max(0) as u64)
    }

    /// Whether the value is an integer.
    pub fn is_int(&self) -> bool {
        !self.inf && (self.is_zero() || self.exp >= 0)
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        let sign = if self.sign() < 0 { -1.0 } else { 1.0 };
        if self.inf || self.top() > 1100 {
            return sign * f64::INFINITY;
        }
        if self.is_zero() || self.top() < -1100 {
            return 0.0;
        }
        if self.exp >= 0 {
            ratio_to_f64(&(&self.mant << self.exp as u64), &BigInt::one())
        } else {
            ratio_to_f64(&self.mant, &(BigInt::one() << (-self.exp) as u64))
        }
    }

    /// The nearest `f32`.
    pub fn to_f32(&self) -> f32 {
        let sign = if self.sign() < 0 { -1.0 } else { 1.0 };
        if self.inf || self.top() > 1100 {
            return sign * f32::INFINITY;
        }
        if self.is_zero() || self.top() < -1100 {
            return 0.0;
        }
        if self.exp >= 0 {
            ratio_to_f32(&(&self.mant << self.exp as u64), &BigInt::one())
        } else {
            ratio_to_f32(&self.mant, &(BigInt::one() << (-self.exp) as u64))
        }
    }

    /// Mantissa in `0.5 ..= 1` and binary exponent, for approximate printing.
    pub(super) fn mant_exp(&self) -> (f64, i64) {
        let bits = self.mant.bits();
        let drop = bits.saturating_sub(64);
        let m = (&self.mant >> drop).to_f64().unwrap_or(0.0);
        (m / 2f64.powi((bits - drop) as i32), self.top())
    }
}

/// `m >> drop`, to nearest, ties to even.
fn round_shift(m: &BigInt, drop: u64, sticky: bool) -> BigInt {
    if drop == 0 {
        return m.clone();
    }
    let a = m.abs();
    let mut q = &a >> drop;
    let half = a.bit(drop - 1);
    let rest = sticky || a.trailing_zeros().is_some_and(|z| z < drop - 1);
    if half && (rest || q.bit(0)) {
        q += 1;
    }
    if m.is_negative() { -q } else { q }
}

/// Rounds `num / den` to `prec` mantissa bits with smallest exponent `min_exp`; gives mantissa and exponent.
fn round_ratio(num: &BigInt, den: &BigInt, prec: u64, min_exp: i64) -> (BigInt, i64) {
    // Quotient with at least prec + 2 bits and a sticky bit.
    let shift = (prec as i64 + 2 + den.bits() as i64 - num.bits() as i64).max(0) as u64;
    let n = num << shift;
    let q = &n / den;
    let sticky = (&q * den) != n;
    let mut exp = -(shift as i64);
    let mut drop = q.bits().saturating_sub(prec);
    if exp + (drop as i64) < min_exp {
        drop = (min_exp - exp) as u64;
    }
    let m = round_shift(&q, drop, sticky);
    exp += drop as i64;
    (m, exp)
}

/// The `f64` nearest to `num / den`.
pub(super) fn ratio_to_f64(num: &BigInt, den: &BigInt) -> f64 {
    if num.is_zero() {
        return 0.0;
    }
    let (m, exp) = round_ratio(&num.abs(), den, 53, -1074);
    let v = scale(m.to_f64().unwrap_or(f64::INFINITY), exp);
    if num.is_negative() { -v } else { v }
}

/// The `f32` nearest to `num / den`.
pub(super) fn ratio_to_f32(num: &BigInt, den: &BigInt) -> f32 {
    if num.is_zero() {
        return 0.0;
    }
    let (m, exp) = round_ratio(&num.abs(), den, 24, -149);
    // Mantissa and exponent are exact in f64; a value beyond the range becomes infinite.
    let v = scale(m.to_f64().unwrap_or(f64::INFINITY), exp) as f32;
    if num.is_negative() { -v } else { v }
}

/// `m * 2^exp` where the result is exact or overflows.
fn scale(m: f64, exp: i64) -> f64 {
    let (mut m, mut exp) = (m, exp.clamp(-5000, 5000));
    while exp > 0 {
        let step = exp.min(1000);
        m *= 2f64.powi(step as i32);
        exp -= step;
    }
    while exp < 0 {
        let step = (-exp).min(1000);
        m /= 2f64.powi(step as i32);
        exp += step;
    }
    m
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_matches_the_machine() {
        for text in
            ["0.1", "1e308", "4.9e-324", "2.2250738585072011e-308", "1.7976931348623157e308", "123456789.123456789"]
        {
            let (digits, exp) = match text.split_once('e') {
                Some((d, e)) => (d, e.parse::<i64>().unwrap()),
                None => (text, 0),
            };
            let (int, frac) = digits.split_once('.').unwrap_or((digits, ""));
            let n: BigInt = format!("{int}{frac}").parse().unwrap();
            let e = exp - frac.len() as i64;
            let ten = BigInt::from(10);
            let (num, den) = if e >= 0 { (n * ten.pow(e as u32), BigInt::one()) } else { (n, ten.pow(-e as u32)) };
            assert_eq!(ratio_to_f64(&num, &den), text.parse::<f64>().unwrap(), "{text}");
            assert_eq!(ratio_to_f32(&num, &den), text.parse::<f32>().unwrap(), "{text}");
        }
    }
}
