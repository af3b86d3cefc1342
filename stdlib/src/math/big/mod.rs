//! Arithmetic on word slices, low word first, without leading zeros.

use std::cmp::Ordering;

use gol_runtime::native::{Call, NativeTable, Ret};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::Zero;

fn trimmed(x: &[u64]) -> &[u64] {
    let n = x.iter().rposition(|&w| w != 0).map_or(0, |i| i + 1);
    &x[..n]
}

fn big(x: &[u64]) -> BigUint {
    BigUint::new(x.iter().flat_map(|&w| [w as u32, (w >> 32) as u32]).collect())
}

fn ret(c: &mut Call<'_>, i: usize, x: &[u64]) {
    let x = trimmed(x);
    if x.is_empty() {
        c.ret_zero(i, 3);
    } else {
        c.ret_words(i, x);
    }
}
fn ret_big(c: &mut Call<'_>, i: usize, x: &BigUint) -> Ret {
    ret(c, i, &x.to_u64_digits());
    Ret::Done
}

fn compare(x: &[u64], y: &[u64]) -> Ordering {
    x.len().cmp(&y.len()).then_with(|| x.iter().rev().cmp(y.iter().rev()))
}

fn add(c: &mut Call<'_>) -> Ret {
    let (mut x, mut y) = (c.words(0), c.words(3));
    if x.len() < y.len() {
        (x, y) = (y, x);
    }
    let mut out = Vec::with_capacity(x.len() + 1);
    let mut carry = false;
    for (i, &w) in x.iter().enumerate() {
        let (s, c1) = w.overflowing_add(y.get(i).copied().unwrap_or(0));
        let (s, c2) = s.overflowing_add(u64::from(carry));
        carry = c1 | c2;
        out.push(s);
    }
    if carry {
        out.push(1);
    }
    ret(c, 0, &out);
    Ret::Done
}

fn sub(c: &mut Call<'_>) -> Ret {
    let (x, y) = (c.words(0), c.words(3));
    let mut out = Vec::with_capacity(x.len());
    let mut borrow = false;
    for (i, &w) in x.iter().enumerate() {
        let (s, b1) = w.overflowing_sub(y.get(i).copied().unwrap_or(0));
        let (s, b2) = s.overflowing_sub(u64::from(borrow));
        borrow = b1 | b2;
        out.push(s);
    }
    ret(c, 0, &out);
    Ret::Done
}

fn cmp(c: &mut Call<'_>) -> Ret {
    let o = compare(trimmed(c.words(0)), trimmed(c.words(3)));
    c.ret_int(0, o as i64);
    Ret::Done
}

fn mul(c: &mut Call<'_>) -> Ret {
    let (x, y) = (c.words(0), c.words(3));
    if let ([a], [b]) = (x, y) {
        let p = u128::from(*a) * u128::from(*b);
        ret(c, 0, &[p as u64, (p >> 64) as u64]);
        return Ret::Done;
    }
    let p = big(x) * big(y);
    ret_big(c, 0, &p)
}

fn div_mod(c: &mut Call<'_>) -> Ret {
    let (x, y) = (c.words(0), c.words(3));
    if let ([a], [b]) = (x, y)
        && *b != 0
    {
        let (q, r) = (a / b, a % b);
        ret(c, 0, &[q]);
        ret(c, 3, &[r]);
        return Ret::Done;
    }
    let y = big(y);
    if y.is_zero() {
        return Ret::Panic(gol_runtime::fault::Fault::panic("division by zero"));
    }
    let (q, r) = big(x).div_rem(&y);
    ret_big(c, 0, &q);
    ret_big(c, 3, &r)
}

fn shl(c: &mut Call<'_>) -> Ret {
    let (x, n) = (c.words(0), c.uint(3) as usize);
    if x.is_empty() {
        c.ret_zero(0, 3);
        return Ret::Done;
    }
    if n > 1 << 36 {
        return Ret::Panic(gol_runtime::fault::Fault::makeslice_len());
    }
    let (words, bits) = (n / 64, n % 64);
    let mut out = vec![0; words];
    let mut low = 0;
    for &w in x {
        out.push(w << bits | low);
        low = if bits == 0 { 0 } else { w >> (64 - bits) };
    }
    out.push(low);
    ret(c, 0, &out);
    Ret::Done
}

fn shr(c: &mut Call<'_>) -> Ret {
    let (x, n) = (c.words(0), c.uint(3));
    let (words, bits) = ((n / 64) as usize, n % 64);
    let x = x.get(words..).unwrap_or(&[]);
    let out: Vec<u64> = x
        .iter()
        .enumerate()
        .map(|(i, &w)| match (bits, x.get(i + 1)) {
            (0, _) => w,
            (_, Some(&next)) => w >> bits | next << (64 - bits),
            (_, None) => w >> bits,
        })
        .collect();
    ret(c, 0, &out);
    Ret::Done
}

fn bitwise(c: &mut Call<'_>, f: fn(u64, u64) -> u64) -> Ret {
    let (x, y) = (c.words(0), c.words(3));
    let at = |s: &[u64], i: usize| s.get(i).copied().unwrap_or(0);
    let out: Vec<u64> = (0..x.len().max(y.len())).map(|i| f(at(x, i), at(y, i))).collect();
    ret(c, 0, &out);
    Ret::Done
}
fn and(c: &mut Call<'_>) -> Ret {
    bitwise(c, |a, b| a & b)
}
fn or(c: &mut Call<'_>) -> Ret {
    bitwise(c, |a, b| a | b)
}
fn xor(c: &mut Call<'_>) -> Ret {
    bitwise(c, |a, b| a ^ b)
}
fn and_not(c: &mut Call<'_>) -> Ret {
    bitwise(c, |a, b| a & !b)
}

fn sqrt(c: &mut Call<'_>) -> Ret {
    let r = big(c.words(0)).sqrt();
    ret_big(c, 0, &r)
}
fn gcd(c: &mut Call<'_>) -> Ret {
    let g = big(c.words(0)).gcd(&big(c.words(3)));
    ret_big(c, 0, &g)
}
fn pow(c: &mut Call<'_>) -> Ret {
    let (x, n) = (c.words(0), c.uint(3));
    let x = big(x);
    if x.bits() > 1 && u128::from(x.bits() - 1) * u128::from(n) > 1 << 36 {
        return Ret::Panic(gol_runtime::fault::Fault::out_of_memory());
    }
    let p = num_traits::Pow::pow(&x, n);
    ret_big(c, 0, &p)
}
fn mod_pow(c: &mut Call<'_>) -> Ret {
    let m = big(c.words(6));
    if m.is_zero() {
        return Ret::Panic(gol_runtime::fault::Fault::panic("division by zero"));
    }
    let p = big(c.words(0)).modpow(&big(c.words(3)), &m);
    ret_big(c, 0, &p)
}

fn text(c: &mut Call<'_>) -> Ret {
    const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let (x, base) = (c.words(0), c.int(3));
    if !(2..=62).contains(&base) {
        return Ret::Panic(gol_runtime::fault::Fault::panic("invalid base"));
    }
    let digits: Vec<u8> = if x.is_empty() { vec![0] } else { big(x).to_radix_be(base as u32) };
    let s: Vec<u8> = digits.into_iter().map(|d| DIGITS[d as usize]).collect();
    c.ret_str(0, s);
    Ret::Done
}
fn parse(c: &mut Call<'_>) -> Ret {
    let (s, base) = (c.bytes(0), c.int(2));
    let digits: Vec<u8> = s
        .iter()
        .map(|&b| match b {
            b'0'..=b'9' => b - b'0',
            b'a'..=b'z' => b - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => b - b'A' + 10,
            _ => b.wrapping_sub(b'A').wrapping_add(36),
        })
        .collect();
    let x = BigUint::from_radix_be(&digits, base as u32).unwrap_or_default();
    ret_big(c, 0, &x)
}
fn bytes(c: &mut Call<'_>) -> Ret {
    let x = c.words(0);
    let b = if x.is_empty() { Vec::new() } else { big(x).to_bytes_be() };
    c.ret_bytes(0, &b);
    Ret::Done
}
fn from_bytes(c: &mut Call<'_>) -> Ret {
    let x = BigUint::from_bytes_be(c.bytes(0));
    ret_big(c, 0, &x)
}

/// `x / y` rounded to nearest even at `mant` bits with least exponent `emin` of the last bit; (bits, exponent, exact).
fn quotient(x: &BigUint, y: &BigUint, mant: u64, emin: i64) -> (u64, i64, bool) {
    let mut exp = (x.bits() as i64 - y.bits() as i64 - mant as i64).max(emin);
    loop {
        let (num, den) = if exp >= 0 { (x.clone(), y << exp) } else { (x << -exp, y.clone()) };
        let (q, r) = num.div_rem(&den);
        if q.bits() > mant {
            exp += 1;
            continue;
        }
        let mut m = q.to_u64_digits().first().copied().unwrap_or(0);
        let exact = r.is_zero();
        let up = match (r << 1u32).cmp(&den) {
            Ordering::Greater => true,
            Ordering::Equal => m & 1 == 1,
            Ordering::Less => false,
        };
        m += u64::from(up);
        return (m, exp, exact);
    }
}

fn quo_float64(c: &mut Call<'_>) -> Ret {
    let (x, y) = (big(c.words(0)), big(c.words(3)));
    if x.is_zero() || y.is_zero() {
        c.ret_f64(0, 0.0);
        c.ret_bool(1, true);
        return Ret::Done;
    }
    let (m, e, exact) = quotient(&x, &y, 53, -1074);
    // Products of a 53-bit number and a power of two in range are exact; two steps reach the subnormal ones.
    let f = if e > 1024 {
        f64::INFINITY
    } else if e < -1000 {
        m as f64 * 2f64.powi(-1000) * 2f64.powi((e + 1000) as i32)
    } else if e > 900 {
        m as f64 * 2f64.powi(900) * 2f64.powi((e - 900) as i32)
    } else {
        m as f64 * 2f64.powi(e as i32)
    };
    c.ret_f64(0, f);
    c.ret_bool(1, exact && f.is_finite());
    Ret::Done
}
fn quo_float32(c: &mut Call<'_>) -> Ret {
    let (x, y) = (big(c.words(0)), big(c.words(3)));
    if x.is_zero() || y.is_zero() {
        c.ret_f32(0, 0.0);
        c.ret_bool(1, true);
        return Ret::Done;
    }
    let (m, e, exact) = quotient(&x, &y, 24, -149);
    let f = if e > 200 { f32::INFINITY } else { (m as f64 * 2f64.powi(e as i32)) as f32 };
    c.ret_f32(0, f);
    c.ret_bool(1, exact && f.is_finite());
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("math/big.natAdd", add),
    ("math/big.natSub", sub),
    ("math/big.natCmp", cmp),
    ("math/big.natMul", mul),
    ("math/big.natDivMod", div_mod),
    ("math/big.natShl", shl),
    ("math/big.natShr", shr),
    ("math/big.natAnd", and),
    ("math/big.natOr", or),
    ("math/big.natXor", xor),
    ("math/big.natAndNot", and_not),
    ("math/big.natSqrt", sqrt),
    ("math/big.natGCD", gcd),
    ("math/big.natPow", pow),
    ("math/big.natModPow", mod_pow),
    ("math/big.natText", text),
    ("math/big.natParse", parse),
    ("math/big.natBytes", bytes),
    ("math/big.natFromBytes", from_bytes),
    ("math/big.natQuoFloat64", quo_float64),
    ("math/big.natQuoFloat32", quo_float32),
];
