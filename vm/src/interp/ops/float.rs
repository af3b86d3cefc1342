//! Floats, complex numbers, numeric conversions, as Go has them on amd64.

use super::prelude::*;

fn f(x: u64) -> f64 {
    f64::from_bits(x)
}
fn g(x: u64) -> f32 {
    f32::from_bits(x as u32)
}
fn fb(x: f64) -> u64 {
    x.to_bits()
}
fn gb(x: f32) -> u64 {
    u64::from(x.to_bits())
}

macro_rules! f64_binary {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) { let ($x, $y) = (f(m.b()), f(m.c())); m.set_a(fb($e)) })* }
    };
}
macro_rules! f32_binary {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) { let ($x, $y) = (g(m.b()), g(m.c())); m.set_a(gb($e)) })* }
    };
}
macro_rules! compare {
    ($conv:ident: $($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) { let ($x, $y) = ($conv(m.b()), $conv(m.c())); m.set_a(u64::from($e)) })* }
    };
}
macro_rules! convert {
    ($($name:ident |$x:ident| $e:expr;)*) => { simple! { $($name(m) { let $x = m.b(); m.set_a($e) })* } };
}

/// min with Go's rules for NaN and zeros.
fn min64(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == y {
        f64::from_bits(x.to_bits() | y.to_bits())
    } else if x < y {
        x
    } else {
        y
    }
}
fn max64(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x == y {
        f64::from_bits(x.to_bits() & y.to_bits())
    } else if x > y {
        x
    } else {
        y
    }
}

f64_binary! {
    fadd |x, y| x + y;
    fsub |x, y| x - y;
    fmul |x, y| x * y;
    fdiv |x, y| x / y;
    fmin |x, y| min64(x, y);
    fmax |x, y| max64(x, y);
    fcopysign |x, y| x.copysign(y);
}
f32_binary! {
    gadd |x, y| x + y;
    gsub |x, y| x - y;
    gmul |x, y| x * y;
    gdiv |x, y| x / y;
    gmin |x, y| min64(f64::from(x), f64::from(y)) as f32;
    gmax |x, y| max64(f64::from(x), f64::from(y)) as f32;
}
compare! { f:
    feq |x, y| x == y;
    fne |x, y| x != y;
    flt |x, y| x < y;
    fle |x, y| x <= y;
}
compare! { g:
    geq |x, y| x == y;
    gne |x, y| x != y;
    glt |x, y| x < y;
    gle |x, y| x <= y;
}

/// float64 to int64 as CVTTSD2SQ: out of range and NaN give the minimum.
fn to_i64(x: f64) -> i64 {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_mm_cvttsd_si64, _mm_set_sd};
        // SAFETY: SSE2 is part of x86-64.
        unsafe { _mm_cvttsd_si64(_mm_set_sd(x)) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        if x >= -9223372036854775808.0 && x < 9223372036854775808.0 { x as i64 } else { i64::MIN }
    }
}
fn to_u64(x: f64) -> u64 {
    const TOP: f64 = 9223372036854775808.0;
    if x < TOP { to_i64(x) as u64 } else { to_i64(x - TOP) as u64 | 1 << 63 }
}
fn to_i32(x: f64) -> u64 {
    let v = to_i64(x);
    i64::from(i32::try_from(v).unwrap_or(i32::MIN)) as u64
}

convert! {
    i2f |x| fb(x as i64 as f64);
    u2f |x| fb(x as f64);
    i2g |x| gb(x as i64 as f32);
    u2g |x| gb(x as f32);
    f2i |x| to_i64(f(x)) as u64;
    f2u |x| to_u64(f(x));
    g2i |x| to_i64(f64::from(g(x))) as u64;
    g2u |x| to_u64(f64::from(g(x)));
    f2i32 |x| to_i32(f(x));
    g2i32 |x| to_i32(f64::from(g(x)));
    f2g |x| gb(f(x) as f32);
    g2f |x| fb(f64::from(g(x)));
    fneg |x| x ^ 1 << 63;
    gneg |x| x ^ 1 << 31;
    fabs |x| x & !(1 << 63);
    fsqrt |x| fb(f(x).sqrt());
    gsqrt |x| gb(g(x).sqrt());
}

simple! {
    // Separate rounding: Rust never contracts `a + b * c`.
    fmadd(m) { m.set_a(fb(f(m.a()) + f(m.b()) * f(m.c()))) }
}

/// Library calls would keep a frame in the handler, so these are outlined.
macro_rules! outlined {
    ($($name:ident |$x:ident| $e:expr;)*) => {
        simple! { $($name(m) {
            #[inline(never)]
            extern "C" fn far($x: f64) -> f64 { $e }
            m.set_a(fb(far(f(m.b()))))
        })* }
    };
}
outlined! {
    ffloor |x| x.floor();
    fceil |x| x.ceil();
    ftrunc |x| x.trunc();
}
simple! {
    ffma(m) {
        #[inline(never)]
        extern "C" fn far(x: f64, y: f64, z: f64) -> f64 { x.mul_add(y, z) }
        m.set_a(fb(far(f(m.b()), f(m.c()), f(m.slot(m.x0() as usize)))))
    }
}

type C = (f64, f64);

fn cmul_(x: C, y: C) -> C {
    (x.0 * y.0 - x.1 * y.1, x.0 * y.1 + x.1 * y.0)
}

/// Complex division after Smith (1962), with C99's treatment of infinities, as Go does it.
fn cdiv_(n: C, d: C) -> C {
    let (mut re, mut im);
    if d.0.abs() >= d.1.abs() {
        let r = d.1 / d.0;
        let den = d.0 + r * d.1;
        (re, im) = ((n.0 + n.1 * r) / den, (n.1 - n.0 * r) / den);
    } else {
        let r = d.0 / d.1;
        let den = d.1 + r * d.0;
        (re, im) = ((n.0 * r + n.1) / den, (n.1 * r - n.0) / den);
    }
    if re.is_nan() && im.is_nan() {
        let unit = |x: f64| if x.is_infinite() { 1f64.copysign(x) } else { 0f64.copysign(x) };
        let inf = f64::INFINITY;
        if d == (0.0, 0.0) && !(n.0.is_nan() && n.1.is_nan()) {
            (re, im) = (inf.copysign(d.0) * n.0, inf.copysign(d.0) * n.1);
        } else if (n.0.is_infinite() || n.1.is_infinite()) && d.0.is_finite() && d.1.is_finite() {
            let (a, b) = (unit(n.0), unit(n.1));
            (re, im) = (inf * (a * d.0 + b * d.1), inf * (b * d.0 - a * d.1));
        } else if (d.0.is_infinite() || d.1.is_infinite()) && n.0.is_finite() && n.1.is_finite() {
            let (c, e) = (unit(d.0), unit(d.1));
            (re, im) = (0.0 * (n.0 * c + n.1 * e), 0.0 * (n.1 * c - n.0 * e));
        }
    }
    (re, im)
}

#[inline(always)]
fn c128(s: [u64; 2]) -> C {
    (f(s[0]), f(s[1]))
}
#[inline(always)]
fn c128b(c: C) -> [u64; 2] {
    [fb(c.0), fb(c.1)]
}
#[inline(always)]
fn c64(s: u64) -> (f32, f32) {
    (g(s), g(s >> 32))
}
#[inline(always)]
fn c64b(c: (f32, f32)) -> u64 {
    gb(c.0) | gb(c.1) << 32
}

macro_rules! complex {
    ($($name:ident, $name64:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $(
            $name(m) { let ($x, $y) = (c128(m.b2()), c128(m.c2())); m.set_an(c128b($e)) }
            $name64(m) { let ($x, $y) = (c64(m.b()), c64(m.c())); m.set_a(c64b($e)) }
        )* }
    };
}
complex! {
    cadd, dadd |x, y| (x.0 + y.0, x.1 + y.1);
    csub, dsub |x, y| (x.0 - y.0, x.1 - y.1);
}
simple! {
    cmul(m) { m.set_an(c128b(cmul_(c128(m.b2()), c128(m.c2())))) }
    dmul(m) {
        let (x, y) = (c64(m.b()), c64(m.c()));
        m.set_a(c64b((x.0 * y.0 - x.1 * y.1, x.0 * y.1 + x.1 * y.0)))
    }
    cneg(m) { let [x, y] = m.b2(); m.set_an([x ^ 1 << 63, y ^ 1 << 63]) }
    dneg(m) { m.set_a(m.b() ^ (1 << 63 | 1 << 31)) }
    ceq(m) { m.set_a(u64::from(c128(m.b2()) == c128(m.c2()))) }
    deq(m) { m.set_a(u64::from(c64(m.b()) == c64(m.c()))) }
    dmake(m) { m.set_a(m.b() & 0xffff_ffff | m.c() << 32) }
    dreal(m) { m.set_a(m.b() & 0xffff_ffff) }
    dimag(m) { m.set_a(m.b() >> 32) }
    c2d(m) { let c = c128(m.b2()); m.set_a(c64b((c.0 as f32, c.1 as f32))) }
    d2c(m) { let c = c64(m.b()); m.set_an([fb(f64::from(c.0)), fb(f64::from(c.1))]) }
}

slow! {
    cdiv(m) { m.set_an(c128b(cdiv_(c128(m.b2()), c128(m.c2())))); Ok(()) }
    ddiv(m) {
        let (x, y) = (c64(m.b()), c64(m.c()));
        let wide = |c: (f32, f32)| (f64::from(c.0), f64::from(c.1));
        let q = cdiv_(wide(x), wide(y));
        m.set_a(c64b((q.0 as f32, q.1 as f32)));
        Ok(())
    }
}
