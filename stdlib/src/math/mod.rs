//! Functions of real numbers and of machine words.

use gol_runtime::native::{Call, NativeTable, Ret};

mod elementary;
use elementary as el;

/// Natives of one float64 to one float64.
macro_rules! unary {
    ($($name:ident = $f:expr;)*) => {
        $(fn $name(c: &mut Call<'_>) -> Ret {
            let f: fn(f64) -> f64 = $f;
            let y = f(c.f64(0));
            c.ret_f64(0, y);
            Ret::Done
        })*
    };
}

/// Natives of two float64 to one float64.
macro_rules! binary {
    ($($name:ident = $f:expr;)*) => {
        $(fn $name(c: &mut Call<'_>) -> Ret {
            let f: fn(f64, f64) -> f64 = $f;
            let y = f(c.f64(0), c.f64(1));
            c.ret_f64(0, y);
            Ret::Done
        })*
    };
}

unary! {
    abs = f64::abs;
    sqrt = f64::sqrt;
    floor = f64::floor;
    ceil = f64::ceil;
    trunc = f64::trunc;
    round = f64::round;
    round_even = f64::round_ties_even;
    exp = el::exp;
    exp2 = el::exp2;
    expm1 = libm::expm1;
    log = el::log;
    log10 = el::log10;
    log2 = el::log2;
    log1p = libm::log1p;
    cbrt = el::cbrt;
    sin = el::sin;
    cos = el::cos;
    tan = el::tan;
    asin = el::asin;
    acos = el::acos;
    atan = el::atan;
    sinh = el::sinh;
    cosh = el::cosh;
    tanh = el::tanh;
    asinh = el::asinh;
    acosh = el::acosh;
    atanh = el::atanh;
    gamma = el::gamma;
    erf = libm::erf;
    erfc = libm::erfc;
    j0 = libm::j0;
    j1 = libm::j1;
    y0 = libm::y0;
    y1 = libm::y1;
}

binary! {
    modulo = |x, y| x % y;
    remainder = libm::remainder;
    pow = el::pow;
    hypot = el::hypot;
    atan2 = el::atan2;
}

/// Registers keep float bits as they are, so these natives only hand their word on.
fn same_word(c: &mut Call<'_>) -> Ret {
    let w = c.word(0);
    c.ret(0, w);
    Ret::Done
}
fn float32_bits(c: &mut Call<'_>) -> Ret {
    let w = c.word(0) & 0xFFFF_FFFF;
    c.ret(0, w);
    Ret::Done
}
fn fma(c: &mut Call<'_>) -> Ret {
    let y = c.f64(0).mul_add(c.f64(1), c.f64(2));
    c.ret_f64(0, y);
    Ret::Done
}
fn frexp(c: &mut Call<'_>) -> Ret {
    let (frac, exp) = el::frexp(c.f64(0));
    c.ret_f64(0, frac);
    c.ret_int(1, exp);
    Ret::Done
}
fn ldexp(c: &mut Call<'_>) -> Ret {
    let y = el::ldexp(c.f64(0), c.int(1));
    c.ret_f64(0, y);
    Ret::Done
}
fn pow10(c: &mut Call<'_>) -> Ret {
    let y = match c.int(0) {
        ..-323 => 0.0,
        309.. => f64::INFINITY,
        n => format!("1e{n}").parse().unwrap_or(0.0),
    };
    c.ret_f64(0, y);
    Ret::Done
}
fn lgamma(c: &mut Call<'_>) -> Ret {
    let x = c.f64(0);
    let (v, sign) = if x == f64::NEG_INFINITY { (x, 1) } else { libm::lgamma_r(x) };
    c.ret_f64(0, v);
    c.ret_int(1, if sign < 0 || x == 0.0 && x.is_sign_negative() { -1 } else { 1 });
    Ret::Done
}
fn jn(c: &mut Call<'_>) -> Ret {
    let y = libm::jn(c.int(0) as i32, c.f64(1));
    c.ret_f64(0, y);
    Ret::Done
}
fn yn(c: &mut Call<'_>) -> Ret {
    let y = libm::yn(c.int(0) as i32, c.f64(1));
    c.ret_f64(0, y);
    Ret::Done
}

/// Natives of one word to one word.
macro_rules! word {
    ($($name:ident = $f:expr;)*) => {
        $(fn $name(c: &mut Call<'_>) -> Ret {
            let f: fn(u64) -> u64 = $f;
            let y = f(c.word(0));
            c.ret(0, y);
            Ret::Done
        })*
    };
}

word! {
    leading_zeros64 = |x| x.leading_zeros() as u64;
    trailing_zeros64 = |x| x.trailing_zeros() as u64;
    ones_count64 = |x| x.count_ones() as u64;
    reverse64 = u64::reverse_bits;
    reverse_bytes64 = u64::swap_bytes;
}

fn mul64(c: &mut Call<'_>) -> Ret {
    let p = c.word(0) as u128 * c.word(1) as u128;
    c.ret(0, (p >> 64) as u64);
    c.ret(1, p as u64);
    Ret::Done
}
fn div64(c: &mut Call<'_>) -> Ret {
    let (hi, lo, y) = (c.word(0), c.word(1), c.word(2));
    if y == 0 {
        return Ret::Panic(gol_runtime::fault::Fault::divide());
    }
    if y <= hi {
        return Ret::Panic(gol_runtime::fault::Fault::runtime("integer overflow"));
    }
    let n = (hi as u128) << 64 | lo as u128;
    c.ret(0, (n / y as u128) as u64);
    c.ret(1, (n % y as u128) as u64);
    Ret::Done
}

/// Natives of math and math/bits.
pub const TABLE: NativeTable = &[
    ("math.Float64bits", same_word),
    ("math.Float64frombits", same_word),
    ("math.Float32bits", float32_bits),
    ("math.Float32frombits", float32_bits),
    ("math.Abs", abs),
    ("math.Sqrt", sqrt),
    ("math.Floor", floor),
    ("math.Ceil", ceil),
    ("math.Trunc", trunc),
    ("math.Round", round),
    ("math.RoundToEven", round_even),
    ("math.FMA", fma),
    ("math.Mod", modulo),
    ("math.Remainder", remainder),
    ("math.Frexp", frexp),
    ("math.Ldexp", ldexp),
    ("math.Exp", exp),
    ("math.Exp2", exp2),
    ("math.Expm1", expm1),
    ("math.Log", log),
    ("math.Log10", log10),
    ("math.Log2", log2),
    ("math.Log1p", log1p),
    ("math.Pow", pow),
    ("math.Pow10", pow10),
    ("math.Cbrt", cbrt),
    ("math.Hypot", hypot),
    ("math.Sin", sin),
    ("math.Cos", cos),
    ("math.Tan", tan),
    ("math.Asin", asin),
    ("math.Acos", acos),
    ("math.Atan", atan),
    ("math.Atan2", atan2),
    ("math.Sinh", sinh),
    ("math.Cosh", cosh),
    ("math.Tanh", tanh),
    ("math.Asinh", asinh),
    ("math.Acosh", acosh),
    ("math.Atanh", atanh),
    ("math.Gamma", gamma),
    ("math.Lgamma", lgamma),
    ("math.Erf", erf),
    ("math.Erfc", erfc),
    ("math.J0", j0),
    ("math.J1", j1),
    ("math.Jn", jn),
    ("math.Y0", y0),
    ("math.Y1", y1),
    ("math.Yn", yn),
    ("math/bits.LeadingZeros64", leading_zeros64),
    ("math/bits.TrailingZeros64", trailing_zeros64),
    ("math/bits.OnesCount64", ones_count64),
    ("math/bits.Reverse64", reverse64),
    ("math/bits.ReverseBytes64", reverse_bytes64),
    ("math/bits.Mul64", mul64),
    ("math/bits.Div64", div64),
];
