//! Superinstructions: pairs and triples that compiled code is full of.

use gol_runtime::fault::SliceBound;

use super::prelude::*;

fn f(x: u64) -> f64 {
    f64::from_bits(x)
}

impl M {
    /// Field A as a signed immediate.
    #[inline(always)]
    fn ia(self) -> i64 {
        i64::from((self.w >> 16) as i16)
    }
    /// Field X0 as a signed immediate.
    #[inline(always)]
    fn ix0(self) -> u64 {
        self.x0() as i16 as u64
    }
}

// ---- calls and returns

/// The jump of a return; see `ret`.
#[inline(always)]
pub(crate) fn ret_mov<D: Dispatch>(m: M) -> D::Out {
    m.set_a(m.b());
    super::ret::<D>(m)
}

#[inline(always)]
pub(crate) fn ret_ldi<D: Dispatch>(m: M) -> D::Out {
    m.set_a(m.ibc() as u64);
    super::ret::<D>(m)
}

// ---- arithmetic

simple! {
    divpi(m) {
        let (x, k) = (m.b() as i64, m.rc() as u32);
        // Negative numbers round up: 2^k - 1 is added to them.
        m.set_a((x.wrapping_add(((x >> 63) as u64 >> (64 - k)) as i64) >> k) as u64)
    }
    rempi(m) {
        let (x, k) = (m.b() as i64, m.rc() as u32);
        let bias = ((x >> 63) as u64 >> (64 - k)) as i64;
        m.set_a((x.wrapping_add(bias) & ((1 << k) - 1)).wrapping_sub(bias) as u64)
    }
    xrot2(m) {
        let x = m.b() as u32;
        m.set_a(u64::from(x.rotate_left(m.x0().into()) ^ x.rotate_left(m.x1().into())))
    }
    xrot3(m) {
        let x = m.b() as u32;
        let y = x.rotate_left(m.x0().into()) ^ x.rotate_left(m.x1().into());
        m.set_a(u64::from(y ^ x.rotate_left(m.x2().into())))
    }
    xrot2s(m) {
        let x = m.b() as u32;
        let y = x.rotate_left(m.x0().into()) ^ x.rotate_left(m.x1().into());
        m.set_a(u64::from(y ^ x.wrapping_shr(m.x2().into())))
    }
    fmsub(m) { m.set_a((f(m.a()) - f(m.b()) * f(m.c())).to_bits()) }
}

/// A = f(B, C, X0), float64; Rust contracts nothing, so every product is rounded.
macro_rules! float_three {
    ($($name:ident |$x:ident, $y:ident, $z:ident| $e:expr;)*) => {
        simple! { $($name(m) {
            let ($x, $y, $z) = (f(m.b()), f(m.c()), f(m.slot(m.x0() as usize)));
            m.set_a(($e).to_bits())
        })* }
    };
}
float_three! {
    fmuladd |x, y, z| x * y + z;
    fmulsub |x, y, z| x * y - z;
    fmulrsub |x, y, z| z - x * y;
    fmulrdiv |x, y, z| z / (x * y);
    fsubadd |x, y, z| x - y + z;
    fsubmul |x, y, z| (x - y) * z;
    fadd3 |x, y, z| x + y + z;
    faddmul |x, y, z| (x + y) * z;
}

/// A = f(B, C, X0), integers.
macro_rules! three {
    ($($name:ident |$x:ident, $y:ident, $z:ident| $e:expr;)*) => {
        simple! { $($name(m) {
            let ($x, $y, $z) = (m.b(), m.c(), m.slot(m.x0() as usize));
            m.set_a($e)
        })* }
    };
}
three! {
    add3 |x, y, z| x.wrapping_add(y).wrapping_add(z);
    muladd |x, y, z| x.wrapping_mul(y).wrapping_add(z);
    mulrsub |x, y, z| z.wrapping_sub(x.wrapping_mul(y));
    andxor |x, y, z| (x & y) ^ z;
    andnotxor |x, y, z| (x & !y) ^ z;
}
simple! {
    addaddi(m) { m.set_a(m.b().wrapping_add(m.c()).wrapping_add(m.ix0())) }
    muliadd(m) { m.set_a(m.b().wrapping_mul(m.ic() as u64).wrapping_add(m.slot(m.x0() as usize))) }
    muliaddi(m) { m.set_a(m.b().wrapping_mul(m.ic() as u64).wrapping_add(m.ix0())) }
    shriandi(m) { m.set_a(m.b() >> (m.rc() & 63) & m.ix0()) }
    xorshri(m) { m.set_a(m.b() ^ m.c() >> (m.x0() & 63)) }
    xorshli(m) { m.set_a(m.b() ^ m.c() << (m.x0() & 63)) }
}

// ---- memory operands

/// Bodies with a nil-checked pointer.
macro_rules! through {
    ($($name:ident |$m:ident, $p:ident| $base:expr => $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            let $p = $base;
            if $p == 0 {
                return $m.nil::<D>();
            }
            $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}

through! {
    incmi_64 |m, p| m.b() => {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, m.load::<u64>(at).wrapping_add(m.ia() as u64))
    };
    sti_8 |m, p| m.b() => m.store(p.wrapping_add(m.rc() as u64), m.ia() as u8);
    sti_32 |m, p| m.b() => m.store(p.wrapping_add(m.rc() as u64), m.ia() as u32);
    sti_64 |m, p| m.b() => m.store(p.wrapping_add(m.rc() as u64), m.ia() as u64);
    faddl |m, p| m.c() => m.set_a((f(m.b()) + f(m.load(p.wrapping_add(u64::from(m.x0()))))).to_bits());
    fsubl |m, p| m.c() => m.set_a((f(m.b()) - f(m.load(p.wrapping_add(u64::from(m.x0()))))).to_bits());
    fmull |m, p| m.c() => m.set_a((f(m.b()) * f(m.load(p.wrapping_add(u64::from(m.x0()))))).to_bits());
    faddm |m, p| m.b() => {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, (f(m.load(at)) + f(m.a())).to_bits())
    };
    fsubm |m, p| m.b() => {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, (f(m.load(at)) - f(m.a())).to_bits())
    };
    fmulm |m, p| m.b() => {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, (f(m.load(at)) * f(m.a())).to_bits())
    };
    fmaddm |m, p| m.b() => {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, (f(m.load(at)) + f(m.a()) * f(m.slot(m.x0() as usize))).to_bits())
    };
    fmsubm |m, p| m.b() => {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, (f(m.load(at)) - f(m.a()) * f(m.slot(m.x0() as usize))).to_bits())
    };
}

pointer_stores! {
    stnil |m, at| nil m.a(); at m.a().wrapping_add(u64::from(m.bc())), 8 => m.store(at, 0u64);
}

#[inline(always)]
pub(crate) fn fsubll<D: Dispatch>(m: M) -> D::Out {
    let (p, q) = (m.b(), m.c());
    if p == 0 || q == 0 {
        return m.nil::<D>();
    }
    let (x, y) = (m.load(p.wrapping_add(u64::from(m.x0()))), m.load(q.wrapping_add(u64::from(m.x1()))));
    m.set_a((f(x) - f(y)).to_bits());
    m.skip::<D>(len::fsubll)
}

// ---- elements

/// Multiply-add with an element of the slice in C.
macro_rules! dot {
    ($($name:ident |$a:ident, $x:ident, $y:ident| $e:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            let (i, [p, n]) = (m.slot(m.x0() as usize), m.c2());
            if i >= n {
                return m.bad_index::<D>(i, n);
            }
            let ($a, $x, $y) = (m.a(), m.b(), m.load::<u64>(p.wrapping_add(i.wrapping_mul(8))));
            m.set_a($e);
            m.skip::<D>(len::$name)
        }
    )*};
}
dot! {
    fmaddx |a, x, y| (f(a) + f(x) * f(y)).to_bits();
    maddx |a, x, y| a.wrapping_add(x.wrapping_mul(y));
}

#[inline(always)]
pub(crate) fn fmaddxx<D: Dispatch>(m: M) -> D::Out {
    let (i, [rows, n]) = (m.slot(m.x0() as usize), m.c2());
    if i >= n {
        return m.bad_index::<D>(i, n);
    }
    let row = rows.wrapping_add(i * 24);
    let (j, n) = (m.slot(m.x1() as usize), m.load::<u64>(row + 8));
    if j >= n {
        return m.bad_index::<D>(j, n);
    }
    let y = m.load::<u64>(m.load::<u64>(row).wrapping_add(j.wrapping_mul(8)));
    m.set_a((f(m.a()) + f(m.b()) * f(y)).to_bits());
    m.skip::<D>(len::fmaddxx)
}

/// Bodies with a slice header at B + C and an index in X0.
macro_rules! indirect {
    ($($name:ident $size:literal |$m:ident, $at:ident| $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            let p = $m.b();
            if p == 0 {
                return $m.nil::<D>();
            }
            let head = p.wrapping_add($m.rc() as u64);
            let (i, n) = ($m.slot($m.x0() as usize), $m.load::<u64>(head.wrapping_add(8)));
            if i >= n {
                return $m.bad_index::<D>(i, n);
            }
            let $at = $m.load::<u64>(head).wrapping_add(i.wrapping_mul($size));
            $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
indirect! {
    ldmx_u8 1 |m, at| m.set_a(u64::from(m.load::<u8>(at)));
    ldmx_i32 4 |m, at| m.set_a(i64::from(m.load::<i32>(at)) as u64);
    ldmx_64 8 |m, at| m.set_a(m.load(at));
    stmx_8 1 |m, at| m.store(at, m.a() as u8);
    stmx_64 8 |m, at| m.store(at, m.a());
}

/// Bodies with a slice in B and an index in C.
macro_rules! elements {
    ($($name:ident |$m:ident, $at:ident| $size:expr => $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            let (i, [p, n]) = ($m.c(), $m.b2());
            if i >= n {
                return $m.bad_index::<D>(i, n);
            }
            let $at = p.wrapping_add(i.wrapping_mul($size));
            $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
elements! {
    ldxf_64 |m, at| u64::from(m.xl()) => m.set_a(m.load(at.wrapping_add(u64::from(m.xh()))));
    stxf_64 |m, at| u64::from(m.xl()) => m.store(at.wrapping_add(u64::from(m.xh())), m.a());
    faddx |m, at| 8 => m.store(at, (f(m.load(at)) + f(m.a())).to_bits());
}

// ---- slicing with one bound

impl M {
    #[inline(always)]
    fn bad_slice<D: Dispatch>(self, bound: u64, at: u64, limit: u64) -> D::Out {
        #[cold]
        #[inline(never)]
        extern "C" fn far(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, bound: u64, at: u64, limit: u64) {
            let what = match bound {
                0 => SliceBound::HighCap,
                1 => SliceBound::HighLen,
                _ => SliceBound::LowHigh,
            };
            let m = M { pc, fp, cx, w: 0 };
            m.stop(Stop::Fault(Fault::slice(what, at, limit, m.signed())));
        }
        far(self.pc, self.fp, self.cx, bound, at, limit);
        D::exit()
    }
}

#[inline(always)]
pub(crate) fn slice_to<D: Dispatch>(m: M) -> D::Out {
    let ([p, _, cap], n) = (m.b3(), m.c());
    if n > cap {
        return m.bad_slice::<D>(0, n, cap);
    }
    m.set_an([p, n, cap]);
    m.skip::<D>(len::slice_to)
}

#[inline(always)]
pub(crate) fn slice_from<D: Dispatch>(m: M) -> D::Out {
    let ([p, n, cap], low) = (m.b3(), m.c());
    if low > n {
        return m.bad_slice::<D>(2, low, n);
    }
    // A result without capacity keeps the base, as Go does.
    let p = if low == cap { p } else { p.wrapping_add(low.wrapping_mul(u64::from(m.xl()))) };
    m.set_an([p, n - low, cap - low]);
    m.skip::<D>(len::slice_from)
}

#[inline(always)]
pub(crate) fn str_to<D: Dispatch>(m: M) -> D::Out {
    let ([p, len], n) = (m.b2(), m.c());
    if n > len {
        return m.bad_slice::<D>(1, n, len);
    }
    m.set_an([p, n]);
    m.skip::<D>(len::str_to)
}

#[inline(always)]
pub(crate) fn str_from<D: Dispatch>(m: M) -> D::Out {
    let ([p, len], low) = (m.b2(), m.c());
    if low > len {
        return m.bad_slice::<D>(2, low, len);
    }
    let p = if low == len { p } else { p.wrapping_add(low) };
    m.set_an([p, len - low]);
    m.skip::<D>(len::str_from)
}
