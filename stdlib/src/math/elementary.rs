//! Elementary functions by the methods, and with the coefficients, that Go uses, so that results agree to the last bit:
//! sine, cosine, tangent, arctangent and Gamma after Moshier's Cephes library; logarithm and cube root after FreeBSD's msun; hyperbolic
//! functions after Hart and Cheney; the exponential by a scaled Taylor series with fused steps, as Go's amd64 code does it.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, LOG2_E, LOG10_E, PI, SQRT_2};

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
    let k = (x * LOG2_E).round_ties_even();
    let r = (-k).mul_add(LN2_LO, (-k).mul_add(LN2_HI, x)) * 0.0625;
    let series = [
        2.480_158_730_158_73e-5,
        1.984_126_984_126_984e-4,
        1.388_888_888_888_889e-3,
        8.333_333_333_333_333e-3,
        4.166_666_666_666_666_4e-2,
        1.666_666_666_666_666_6e-1,
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
    let (hi, lo) = (t * 6.931_471_803_691_238e-1, -t * 1.908_214_929_270_587_7e-10);
    let r = hi - lo;
    let t = r * r;
    let p = t
        * (1.666_666_666_666_666_6e-1
            + t * (-2.777_777_777_701_559_3e-3
                + t * (6.613_756_321_437_934e-5 + t * (-1.653_390_220_546_525_2e-6 + t * 4.138_136_797_057_238_5e-8))));
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
        * (6.666_666_666_666_735e-1
            + s4 * (2.857_142_874_366_239e-1 + s4 * (1.818_357_216_161_805e-1 + s4 * 1.479_819_860_511_658_6e-1)));
    let t2 = s4 * (3.999_999_999_940_942e-1 + s4 * (2.222_219_843_214_978_4e-1 + s4 * 1.531_383_769_920_937_3e-1));
    let half = 0.5 * f * f;
    k * 6.931_471_803_691_238e-1 - ((half - (s * (half + (t1 + t2)) + k * 1.908_214_929_270_587_7e-10)) - f)
}

/// Decimal logarithm.
pub fn log10(x: f64) -> f64 {
    log(x) * LOG10_E
}

/// Binary logarithm, exact for powers of two.
pub fn log2(x: f64) -> f64 {
    let (frac, exp) = frexp(x);
    if frac == 0.5 { (exp - 1) as f64 } else { log(frac) * LOG2_E + exp as f64 }
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
    if yi >= 9.223_372_036_854_776e18 {
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
    1.589_623_015_765_465_6e-10,
    -2.505_074_776_285_780_7e-8,
    2.755_731_362_138_572_2e-6,
    -1.984_126_982_958_954e-4,
    8.333_333_333_322_118e-3,
    -1.666_666_666_666_663e-1,
];
const COS: [f64; 6] = [
    -1.135_853_652_138_768_2e-11,
    2.087_570_084_197_473e-9,
    -2.755_731_417_929_674e-7,
    2.480_158_728_885_170_4e-5,
    -1.388_888_888_887_305_6e-3,
    4.166_666_666_666_659_5e-2,
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
    let mut j = (x * 1.273_239_544_735_162_7) as u64;
    let mut y = j as f64;
    if j & 1 == 1 {
        j += 1;
        y += 1.0;
    }
    let z = ((x - y * 7.853_981_256_484_985e-1) - y * 3.774_894_707_930_798e-8) - y * 2.695_151_429_079_059_5e-15;
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
        let p = poly(zz, &[-1.309_369_391_813_837_9e4, 1.153_516_648_385_874_2e6, -1.795_652_519_764_848_8e7]);
        let q = poly(
            zz,
            &[
                1.0,
                1.368_129_634_706_929_6e4,
                -1.320_892_344_402_109_7e6,
                2.500_838_018_233_579e7,
                -5.386_957_559_294_546_4e7,
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
            -8.750_608_600_031_904e-1,
            -1.615_753_718_733_365_2e1,
            -7.500_855_792_314_705e1,
            -1.228_866_684_490_136_1e2,
            -6.485_021_904_942_025e1,
        ],
    );
    let q = poly(
        z,
        &[
            1.0,
            2.485_846_490_142_306_2e1,
            1.650_270_098_316_988_5e2,
            4.328_810_604_912_902_7e2,
            4.853_903_996_359_137e2,
            1.945_506_571_482_614e2,
        ],
    );
    x * (z * p / q) + x
}

fn atan_positive(x: f64) -> f64 {
    const MORE_BITS: f64 = 6.123_233_995_736_766e-17;
    if x <= 0.66 {
        atan_small(x)
    } else if x > 2.414_213_562_373_095 {
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
            (false, true) => 2.356_194_490_192_345,
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
            &[-2.630_563_213_397_497e1, -2.894_211_355_989_564e3, -8.991_272_022_039_509e4, -6.307_673_640_497_717e5],
        ) * a;
        p / poly(s, &[1.0, -1.736_789_535_582_337e2, 1.521_517_378_790_019e4, -6.307_673_640_497_717e5])
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
    if z > 0.5 * 8.802_969_193_111_305e1 {
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
    let p = poly(s, &[-9.643_991_794_250_523e-1, -9.928_772_310_019_185e1, -1.614_687_684_417_084_5e3]);
    let q = poly(s, &[1.0, 1.128_116_784_916_329_3e2, 2.235_488_390_601_004_5e3, 4.844_063_053_251_255e3]);
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
    let s = 5.428_571_428_571_428e-1 + r * t;
    t *= 3.571_428_571_428_571_5e-1
        + 1.607_142_857_142_857_2 / (s + 1.414_285_714_285_714_4 + -7.053_061_224_489_796e-1 / s);
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
                7.873_113_957_930_937e-4,
                -2.295_499_616_133_781_3e-4,
                -2.681_326_178_057_812_4e-3,
                3.472_222_216_054_586_6e-3,
                8.333_333_333_334_822e-2,
            ],
        );
    let e = exp(x);
    let (y1, y2) = if x > 143.01608 {
        let v = pow(x, 0.5 * x - 0.25);
        (v, v / e)
    } else {
        (pow(x, x - 0.5) / e, 1.0)
    };
    (y1, 2.506_628_274_631_000_7 * w * y2)
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
            1.601_195_224_767_518_5e-4,
            1.191_351_470_065_863_8e-3,
            1.042_137_975_617_615_8e-2,
            4.763_678_004_571_372e-2,
            2.074_482_276_484_359_8e-1,
            4.942_148_268_014_971e-1,
            1.0,
        ],
    );
    let q = poly(
        x,
        &[
            -2.315_818_733_241_201_4e-5,
            5.396_055_804_933_034e-4,
            -4.456_419_138_517_973e-3,
            1.181_397_852_220_604_3e-2,
            3.582_363_986_054_986_5e-2,
            -2.345_917_957_182_433_5e-1,
            7.143_049_170_302_73e-2,
            1.0,
        ],
    );
    z * p / q
}
