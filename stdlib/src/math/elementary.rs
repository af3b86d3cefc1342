//! Elementary functions by the methods, and with the coefficients, that Go uses, so that results agree to the last bit:
//! sine, cosine, tangent, arctangent and Gamma after Moshier's Cephes library; logarithm and cube root after FreeBSD's msun; hyperbolic
//! functions after Hart and Cheney; the exponential by a scaled Taylor series with fused steps, as Go's amd64 code does it.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, LN_10, PI, SQRT_2};

/// Horner's rule, highest coefficient first.
fn poly(x: f64, c: &[f64]) -> f64 {
    c[1..].iter().fold(c[0], |acc, k| acc * x + k)
}

/// frac in [½, 1) and exp with x = frac × 2^exp.
pub fn frexp(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (x, extra) = if x.abs() < f64::MIN_POSITIVE { (x * (1u64 << 52) as f64, -52) } else { (x, 0) };
    let bits = x.to_bits();
    let exp = ((bits >> 52 & 0x7FF) as i64) - 1022;
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exp + extra)
}

/// frac × 2^exp, rounded once.
pub fn ldexp(frac: f64, exp: i64) -> f64 {
    if frac == 0.0 || !frac.is_finite() {
        return frac;
    }
    let (f, e) = frexp(frac);
    let exp = exp.saturating_add(e);
    if exp > 1024 {
        return f64::INFINITY.copysign(frac);
    }
    if exp < -1075 {
        return 0f64.copysign(frac);
    }
    let pow = |e: i64| f64::from_bits(((e + 1023) as u64) << 52);
    if exp >= -1021 {
        // f is at least ½, so the product is normal.
        f * 2.0 * pow(exp - 1)
    } else {
        f * pow(exp + 53) * pow(-53)
    }
}

/// e^x.
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x == f64::NEG_INFINITY {
        return 0.0;
    }
    if x > 7.09782712893384e+02 {
        return f64::INFINITY;
    }
    if x < -7.6e+02 {
        return 0.0;
    }
    const LN2_HI: f64 = 0.693_147_180_559_662_956_511_601_805_686_950_683_593_75;
    const LN2_LO: f64 = 0.282_352_905_630_315_77e-12;
    let k = (x * std::f64::consts::LOG2_E).round_ties_even();
    let r = (-k).mul_add(LN2_LO, (-k).mul_add(LN2_HI, x)) * 0.0625;
    let series = [
        2.4801587301587301587e-5,
        1.9841269841269841270e-4,
        1.3888888888888888889e-3,
        8.3333333333333333333e-3,
        4.1666666666666666667e-2,
        1.6666666666666666667e-1,
        0.5,
        1.0,
    ];
    let mut y = r * series[1..].iter().fold(series[0], |acc: f64, c| acc.mul_add(r, *c));
    // (1+y)² - 1 = y(y+2), four times; the last step adds the 1.
    for _ in 0..3 {
        y *= y + 2.0;
    }
    y = (y + 2.0).mul_add(y, 1.0);
    let biased = k as i64 + 0x3FF;
    if biased <= 0 {
        if biased < -52 {
            return 0.0;
        }
        return y * f64::from_bits(((biased + 0x3FE) as u64) << 52) * f64::from_bits(1 << 52);
    }
    if biased >= 0x7FF {
        return f64::INFINITY;
    }
    y * f64::from_bits((biased as u64) << 52)
}

/// 2^x.
pub fn exp2(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x > 1.0239999999999999e+03 {
        return f64::INFINITY;
    }
    if x < -1.0740e+03 {
        return 0.0;
    }
    let k = if x > 0.0 { (x + 0.5) as i64 } else { (x - 0.5) as i64 };
    let t = x - k as f64;
    let (hi, lo) = (t * 6.93147180369123816490e-01, -t * 1.90821492927058770002e-10);
    let r = hi - lo;
    let t = r * r;
    let p = t
        * (1.66666666666666657415e-01
            + t * (-2.77777777770155933842e-03
                + t * (6.61375632143793436117e-05
                    + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    let c = r - p;
    ldexp(1.0 - ((lo - (r * c) / (2.0 - c)) - hi), k)
}

/// Natural logarithm.
pub fn log(x: f64) -> f64 {
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    let (mut f1, mut ki) = frexp(x);
    if f1 < SQRT_2 / 2.0 {
        f1 *= 2.0;
        ki -= 1;
    }
    let f = f1 - 1.0;
    let k = ki as f64;
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let t1 = s2
        * (6.666666666666735130e-01
            + s4 * (2.857142874366239149e-01 + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)));
    let t2 = s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01));
    let half = 0.5 * f * f;
    k * 6.93147180369123816490e-01 - ((half - (s * (half + (t1 + t2)) + k * 1.90821492927058770002e-10)) - f)
}

/// Decimal logarithm.
pub fn log10(x: f64) -> f64 {
    log(x) * (1.0 / LN_10)
}

/// Binary logarithm, exact for powers of two.
pub fn log2(x: f64) -> f64 {
    let (frac, exp) = frexp(x);
    if frac == 0.5 { (exp - 1) as f64 } else { log(frac) * (1.0 / LN_2) + exp as f64 }
}

fn is_odd(y: f64) -> bool {
    y.abs() < 9007199254740992.0 && y.trunc() == y && (y as i64) & 1 == 1
}

/// x^y, by squarings of the fraction of x and an exponential for the rest of y.
pub fn pow(x: f64, y: f64) -> f64 {
    let inf = f64::INFINITY;
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 1.0 {
        return x;
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == 0.0 {
        let odd = x.is_sign_negative() && is_odd(y);
        return match (y < 0.0, odd) {
            (true, true) => -inf,
            (true, false) => inf,
            (false, true) => x,
            (false, false) => 0.0,
        };
    }
    if y.is_infinite() {
        return if x == -1.0 {
            1.0
        } else if (x.abs() < 1.0) == (y > 0.0) {
            0.0
        } else {
            inf
        };
    }
    if x == -inf {
        return pow(1.0 / x, -y);
    }
    if x == inf {
        return if y < 0.0 { 0.0 } else { inf };
    }
    if y == 0.5 {
        return x.sqrt();
    }
    if y == -0.5 {
        return 1.0 / x.sqrt();
    }
    let mut yi = y.abs().trunc();
    let mut yf = y.abs() - yi;
    if yf != 0.0 && x < 0.0 {
        return f64::NAN;
    }
    if yi >= 9.223372036854775808e18 {
        return if x == -1.0 {
            1.0
        } else if (x.abs() < 1.0) == (y > 0.0) {
            0.0
        } else {
            inf
        };
    }
    let (mut a1, mut ae) = (1.0, 0i64);
    if yf != 0.0 {
        if yf > 0.5 {
            yf -= 1.0;
            yi += 1.0;
        }
        a1 = exp(yf * log(x));
    }
    let (mut x1, mut xe) = frexp(x);
    let mut i = yi as i64;
    while i != 0 {
        if !(-4096..=4096).contains(&xe) {
            // Overflow or underflow is certain.
            ae += xe;
            break;
        }
        if i & 1 == 1 {
            a1 *= x1;
            ae += xe;
        }
        x1 *= x1;
        xe <<= 1;
        if x1 < 0.5 {
            x1 += x1;
            xe -= 1;
        }
        i >>= 1;
    }
    if y < 0.0 {
        a1 = 1.0 / a1;
        ae = -ae;
    }
    ldexp(a1, ae)
}

const SIN: [f64; 6] = [
    1.58962301576546568060e-10,
    -2.50507477628578072866e-8,
    2.75573136213857245213e-6,
    -1.98412698295895385996e-4,
    8.33333333332211858878e-3,
    -1.66666666666666307295e-1,
];
const COS: [f64; 6] = [
    -1.13585365213876817300e-11,
    2.08757008419747316778e-9,
    -2.75573141792967388112e-7,
    2.48015872888517045348e-5,
    -1.38888888888730564116e-3,
    4.16666666666665929218e-2,
];

/// 4/π in binary: the integer part, then 64 bits of fraction each.
const FOUR_OVER_PI: [u64; 20] = [
    0x0000000000000001,
    0x45f306dc9c882a53,
    0xf84eafa3ea69bb81,
    0xb6c52b3278872083,
    0xfca2c757bd778ac3,
    0x6e48dc74849ba5c0,
    0x0c925dd413a32439,
    0xfc3bd63962534e7d,
    0xd1046bea5d768909,
    0xd338e04d68befc82,
    0x7323ac7306a673e9,
    0x3908bf177bf25076,
    0x3ff12fffbc0b301f,
    0xde5e2316b414da3e,
    0xda6cfd9e4f96136e,
    0x9e8c7ecd3cbfd45a,
    0xea4f758fd7cbe2f6,
    0x7a0e73ef14a525d4,
    0xd7f6bf623f1aba10,
    0xac06608df8f6d757,
];

/// Octant of a non-negative angle, odd ones joined to the next, and what is left of it.
fn octant(x: f64) -> (u64, f64) {
    if x >= (1u64 << 29) as f64 {
        return reduce_large(x);
    }
    let mut j = (x * (4.0 / PI)) as u64;
    let mut y = j as f64;
    if j & 1 == 1 {
        j += 1;
        y += 1.0;
    }
    let z = ((x - y * 7.85398125648498535156e-1) - y * 3.77489470793079817668e-8) - y * 2.69515142907905952645e-15;
    (j & 7, z)
}

/// Payne and Hanek's reduction: multiplies by as many bits of 4/π as matter.
fn reduce_large(x: f64) -> (u64, f64) {
    let bits = x.to_bits();
    let exp = (bits >> 52 & 0x7FF) as i64 - 1023 - 52;
    let m = bits & ((1 << 52) - 1) | 1 << 52;
    let (digit, shift) = (((exp + 61) / 64) as usize, ((exp + 61) % 64) as u32);
    let word = |i: usize| {
        let (a, b) = (FOUR_OVER_PI[digit + i], FOUR_OVER_PI[digit + i + 1]);
        if shift == 0 { a } else { a << shift | b >> (64 - shift) }
    };
    let wide = |a: u64| a as u128 * m as u128;
    let low = wide(word(1)) + (wide(word(2)) >> 64);
    let all = low.wrapping_add((word(0).wrapping_mul(m) as u128) << 64);
    let (mut hi, lo) = ((all >> 64) as u64, all as u64);
    let mut j = hi >> 61;
    hi = hi << 3 | lo >> 61;
    let lz = hi.leading_zeros();
    let e = 1023 - (lz as u64 + 1);
    let shl = |v: u64, n: u32| if n > 63 { 0 } else { v << n };
    hi = shl(hi, lz + 1) | lo >> (64 - (lz + 1)).min(63);
    let mut z = f64::from_bits(hi >> 12 | e << 52);
    if j & 1 == 1 {
        j = (j + 1) & 7;
        z -= 1.0;
    }
    (j, z * FRAC_PI_4)
}

fn sin_poly(z: f64) -> f64 {
    let zz = z * z;
    z + z * zz * poly(zz, &SIN)
}
fn cos_poly(z: f64) -> f64 {
    let zz = z * z;
    1.0 - 0.5 * zz + zz * zz * poly(zz, &COS)
}

/// Sine.
pub fn sin(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return f64::NAN;
    }
    let (mut j, z) = octant(x.abs());
    let mut neg = x < 0.0;
    if j > 3 {
        neg = !neg;
        j -= 4;
    }
    let y = if j == 1 || j == 2 { cos_poly(z) } else { sin_poly(z) };
    if neg { -y } else { y }
}

/// Cosine.
pub fn cos(x: f64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    let (mut j, z) = octant(x.abs());
    let mut neg = false;
    if j > 3 {
        j -= 4;
        neg = true;
    }
    if j > 1 {
        neg = !neg;
    }
    let y = if j == 1 || j == 2 { sin_poly(z) } else { cos_poly(z) };
    if neg { -y } else { y }
}

/// Tangent.
pub fn tan(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() {
        return x;
    }
    if x.is_infinite() {
        return f64::NAN;
    }
    let (j, z) = octant(x.abs());
    let zz = z * z;
    let mut y = z;
    if zz > 1e-14 {
        let p = poly(zz, &[-1.30936939181383777646e4, 1.15351664838587416140e6, -1.79565251976484877988e7]);
        let q = poly(
            zz,
            &[
                1.0,
                1.36812963470692954678e4,
                -1.32089234440210967447e6,
                2.50083801823357915839e7,
                -5.38695755929454629881e7,
            ],
        );
        y = z + z * (zz * p / q);
    }
    if j & 2 == 2 {
        y = -1.0 / y;
    }
    if x < 0.0 { -y } else { y }
}

/// Arctangent of 0 to 0.66.
fn atan_small(x: f64) -> f64 {
    let z = x * x;
    let p = poly(
        z,
        &[
            -8.750608600031904122785e-01,
            -1.615753718733365076637e+01,
            -7.500855792314704667340e+01,
            -1.228866684490136173410e+02,
            -6.485021904942025371773e+01,
        ],
    );
    let q = poly(
        z,
        &[
            1.0,
            2.485846490142306297962e+01,
            1.650270098316988542046e+02,
            4.328810604912902668951e+02,
            4.853903996359136964868e+02,
            1.945506571482613964425e+02,
        ],
    );
    x * (z * p / q) + x
}

fn atan_positive(x: f64) -> f64 {
    const MORE_BITS: f64 = 6.123233995736765886130e-17;
    if x <= 0.66 {
        atan_small(x)
    } else if x > 2.41421356237309504880 {
        FRAC_PI_2 - atan_small(1.0 / x) + MORE_BITS
    } else {
        FRAC_PI_4 + atan_small((x - 1.0) / (x + 1.0)) + 0.5 * MORE_BITS
    }
}

/// Arctangent.
pub fn atan(x: f64) -> f64 {
    if x == 0.0 {
        x
    } else if x > 0.0 {
        atan_positive(x)
    } else {
        -atan_positive(-x)
    }
}

/// Arcsine.
pub fn asin(x: f64) -> f64 {
    if x == 0.0 {
        return x;
    }
    let a = x.abs();
    if a > 1.0 || x.is_nan() {
        return f64::NAN;
    }
    let root = (1.0 - a * a).sqrt();
    let t = if a > 0.7 { FRAC_PI_2 - atan_positive(root / a) } else { atan_positive(a / root) };
    if x < 0.0 { -t } else { t }
}

/// Arccosine.
pub fn acos(x: f64) -> f64 {
    FRAC_PI_2 - asin(x)
}

/// Angle of a point.
pub fn atan2(y: f64, x: f64) -> f64 {
    if y.is_nan() || x.is_nan() {
        return f64::NAN;
    }
    if y == 0.0 {
        return if x >= 0.0 && !x.is_sign_negative() { 0f64.copysign(y) } else { PI.copysign(y) };
    }
    if x == 0.0 {
        return FRAC_PI_2.copysign(y);
    }
    if x.is_infinite() {
        let a = match (x > 0.0, y.is_infinite()) {
            (true, true) => FRAC_PI_4,
            (true, false) => 0.0,
            (false, true) => 3.0 * PI / 4.0,
            (false, false) => PI,
        };
        return a.copysign(y);
    }
    if y.is_infinite() {
        return FRAC_PI_2.copysign(y);
    }
    let q = atan(y / x);
    match (x < 0.0, q <= 0.0) {
        (true, true) => q + PI,
        (true, false) => q - PI,
        _ => q,
    }
}

/// Hyperbolic sine.
pub fn sinh(x: f64) -> f64 {
    let a = x.abs();
    let t = if a > 21.0 {
        exp(a) * 0.5
    } else if a > 0.5 {
        let e = exp(a);
        (e - 1.0 / e) * 0.5
    } else {
        let s = a * a;
        let p = poly(
            s,
            &[
                -0.2630563213397497062819489e+2,
                -0.2894211355989563807284660366e+4,
                -0.8991272022039509355398013511e+5,
                -0.6307673640497716991184787251e+6,
            ],
        ) * a;
        p / poly(
            s,
            &[
                1.0,
                -0.173678953558233699533450911e+3,
                0.1521517378790019070696485176e+5,
                -0.6307673640497716991212077277e+6,
            ],
        )
    };
    if x < 0.0 || x == 0.0 && x.is_sign_negative() { -t } else { t }
}

/// Hyperbolic cosine.
pub fn cosh(x: f64) -> f64 {
    let a = x.abs();
    let e = exp(a);
    if a > 21.0 { e * 0.5 } else { (e + 1.0 / e) * 0.5 }
}

/// Hyperbolic tangent.
pub fn tanh(x: f64) -> f64 {
    let z = x.abs();
    if z > 0.5 * 8.8029691931113054295988e+01 {
        return 1f64.copysign(x);
    }
    if z >= 0.625 {
        let t = 1.0 - 2.0 / (exp(2.0 * z) + 1.0);
        return if x < 0.0 { -t } else { t };
    }
    if x == 0.0 {
        return x;
    }
    let s = x * x;
    let p = poly(s, &[-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3]);
    let q = poly(s, &[1.0, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3]);
    x + x * s * p / q
}

/// Inverse hyperbolic sine.
pub fn asinh(x: f64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    let a = x.abs();
    let t = if a > 268435456.0 {
        log(a) + LN_2
    } else if a > 2.0 {
        log(2.0 * a + 1.0 / ((a * a + 1.0).sqrt() + a))
    } else if a < 1.0 / 268435456.0 {
        a
    } else {
        libm::log1p(a + a * a / (1.0 + (1.0 + a * a).sqrt()))
    };
    t.copysign(x)
}

/// Inverse hyperbolic cosine.
pub fn acosh(x: f64) -> f64 {
    if x < 1.0 || x.is_nan() {
        f64::NAN
    } else if x == 1.0 {
        0.0
    } else if x >= 268435456.0 {
        log(x) + LN_2
    } else if x > 2.0 {
        log(2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt()))
    } else {
        let t = x - 1.0;
        libm::log1p(t + (2.0 * t + t * t).sqrt())
    }
}

/// Inverse hyperbolic tangent.
pub fn atanh(x: f64) -> f64 {
    if !(-1.0..=1.0).contains(&x) {
        return f64::NAN;
    }
    let a = x.abs();
    if a == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    let t = if a < 1.0 / 268435456.0 {
        a
    } else if a < 0.5 {
        let t = a + a;
        0.5 * libm::log1p(t + t * a / (1.0 - a))
    } else {
        0.5 * libm::log1p((a + a) / (1.0 - a))
    };
    t.copysign(x)
}

/// Length of (p, q).
pub fn hypot(p: f64, q: f64) -> f64 {
    let (p, q) = (p.abs(), q.abs());
    if p.is_infinite() || q.is_infinite() {
        return f64::INFINITY;
    }
    if p.is_nan() || q.is_nan() {
        return f64::NAN;
    }
    let (hi, lo) = if p > q { (p, q) } else { (q, p) };
    if hi == 0.0 {
        return 0.0;
    }
    let r = lo / hi;
    hi * (r * r + 1.0).sqrt()
}

/// Cube root.
pub fn cbrt(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let a = x.abs();
    let mut t = f64::from_bits(a.to_bits() / 3 + (715094163u64 << 32));
    if a < f64::MIN_POSITIVE {
        let scaled = (1u64 << 54) as f64 * a;
        t = f64::from_bits(scaled.to_bits() / 3 + (696219795u64 << 32));
    }
    let r = t * t / a;
    let s = 5.42857142857142815906e-01 + r * t;
    t *= 3.57142857142857150787e-01
        + 1.60714285714285720630e+00 / (s + 1.41428571428571436819e+00 + -7.05306122448979611050e-01 / s);
    t = f64::from_bits((t.to_bits() & (0xF_FFFF_FFFCu64 << 28)) + (1 << 30));
    let s = t * t;
    let r = a / s;
    let w = t + t;
    t += t * ((r - t) / (w + r));
    t.copysign(x)
}

/// Stirling's formula; the factors are to be multiplied.
fn stirling(x: f64) -> (f64, f64) {
    if x > 200.0 {
        return (f64::INFINITY, 1.0);
    }
    let w = 1.0 / x;
    let w = 1.0
        + w * poly(
            w,
            &[
                7.87311395793093628397e-04,
                -2.29549961613378126380e-04,
                -2.68132617805781232825e-03,
                3.47222221605458667310e-03,
                8.33333333333482257126e-02,
            ],
        );
    let e = exp(x);
    let (y1, y2) = if x > 143.01608 {
        let v = pow(x, 0.5 * x - 0.25);
        (v, v / e)
    } else {
        (pow(x, x - 0.5) / e, 1.0)
    };
    (y1, 2.506628274631000502417 * w * y2)
}

/// Gamma.
pub fn gamma(x: f64) -> f64 {
    if x.is_nan() || x == f64::NEG_INFINITY || x < 0.0 && x.trunc() == x {
        return f64::NAN;
    }
    if x == f64::INFINITY {
        return x;
    }
    if x == 0.0 {
        return f64::INFINITY.copysign(x);
    }
    let q = x.abs();
    if q > 33.0 {
        if x >= 0.0 {
            let (a, b) = stirling(x);
            return a * b;
        }
        let mut p = q.floor();
        let sign = if (p as i64) & 1 == 0 { -1.0 } else { 1.0 };
        let mut z = q - p;
        if z > 0.5 {
            p += 1.0;
            z = q - p;
        }
        z = q * sin(PI * z);
        if z == 0.0 {
            return f64::INFINITY * sign;
        }
        let (a, b) = stirling(q);
        let z = z.abs();
        let d = z * a * b;
        return sign * if d.is_infinite() { PI / z / a / b } else { PI / d };
    }
    let mut x = x;
    let mut z = 1.0;
    while x >= 3.0 {
        x -= 1.0;
        z *= x;
    }
    let small = |x: f64, z: f64| {
        if x == 0.0 { f64::INFINITY } else { z / ((1.0 + 0.577_215_664_901_532_9 * x) * x) }
    };
    while x < 0.0 {
        if x > -1e-09 {
            return small(x, z);
        }
        z /= x;
        x += 1.0;
    }
    while x < 2.0 {
        if x < 1e-09 {
            return small(x, z);
        }
        z /= x;
        x += 1.0;
    }
    if x == 2.0 {
        return z;
    }
    x -= 2.0;
    let p = poly(
        x,
        &[
            1.60119522476751861407e-04,
            1.19135147006586384913e-03,
            1.04213797561761569935e-02,
            4.76367800457137231464e-02,
            2.07448227648435975150e-01,
            4.94214826801497100753e-01,
            9.99999999999999996796e-01,
        ],
    );
    let q = poly(
        x,
        &[
            -2.31581873324120129819e-05,
            5.39605580493303397842e-04,
            -4.45641913851797240494e-03,
            1.18139785222060435552e-02,
            3.58236398605498653373e-02,
            -2.34591795718243348568e-01,
            7.14304917030273074085e-02,
            1.00000000000000000320e+00,
        ],
    );
    z * p / q
}
