//! Elements: slices, strings, arrays in memory and in frames, with their bounds checks.

use super::prelude::*;

macro_rules! widen {
    (i8, $e:expr) => {
        $e as i8 as i64 as u64
    };
    (i16, $e:expr) => {
        $e as i16 as i64 as u64
    };
    (i32, $e:expr) => {
        $e as i32 as i64 as u64
    };
    ($t:ident, $e:expr) => {
        $e as u64
    };
}

/// A body for element `i` of something with `len` elements; `p` is its address once the index is known to be good.
macro_rules! elements {
    ($($name:ident |$m:ident, $p:ident| $i:expr, $len:expr, $size:expr, $base:expr => $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            let (i, n) = ($i, $len);
            if i >= n {
                return $m.bad_index::<D>(i, n);
            }
            let $p = $base.wrapping_add(i.wrapping_mul($size as u64));
            let () = $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}

/// Size in bytes of an element type.
const fn size<T>() -> u64 {
    size_of::<T>() as u64
}

impl M {
    #[inline(always)]
    fn b_len(self) -> u64 {
        self.slot_n(self.rb(), 1)
    }
}

macro_rules! slice_loads {
    ($($name:ident, $imm:ident, $nested:ident, $unchecked:ident, $array:ident, $frame:ident: $t:ident;)*) => {
        elements! { $(
            $name |m, p| m.c(), m.b_len(), size::<$t>(), m.b() => m.set_a(widen!($t, m.load::<$t>(p)));
            $imm |m, p| m.rc() as u64, m.b_len(), size::<$t>(), m.b() => m.set_a(widen!($t, m.load::<$t>(p)));
            $frame |m, p| m.c(), u64::from(m.xl()), size::<$t>(), (m.frame_at(m.rb()) as u64)
                => m.set_a(widen!($t, m.load::<$t>(p)));
        )* }
        $(
            #[inline(always)]
            pub(crate) fn $nested<D: Dispatch>(m: M) -> D::Out {
                let (i, n) = (m.c(), m.b_len());
                if i >= n {
                    return m.bad_index::<D>(i, n);
                }
                let row = m.b().wrapping_add(i * 24);
                let (j, n) = (m.slot(m.x0() as usize), m.load::<u64>(row + 8));
                if j >= n {
                    return m.bad_index::<D>(j, n);
                }
                let p = m.load::<u64>(row).wrapping_add(j.wrapping_mul(size::<$t>()));
                m.set_a(widen!($t, m.load::<$t>(p)));
                m.skip::<D>(len::$nested)
            }
            #[inline(always)]
            pub(crate) fn $array<D: Dispatch>(m: M) -> D::Out {
                let (p, i, n) = (m.b(), m.c(), u64::from(m.xl()));
                if p == 0 {
                    return m.nil::<D>();
                }
                if i >= n {
                    return m.bad_index::<D>(i, n);
                }
                m.set_a(widen!($t, m.load::<$t>(p + i * size::<$t>())));
                m.skip::<D>(len::$array)
            }
        )*
        simple! { $(
            $unchecked(m) { m.set_a(widen!($t, m.load::<$t>(m.b().wrapping_add(m.c().wrapping_mul(size::<$t>()))))) }
        )* }
    };
}
slice_loads! {
    ldx_i8, ldxi_i8, ldxx_i8, ldu_i8, lda_i8, ldf_i8: i8;
    ldx_u8, ldxi_u8, ldxx_u8, ldu_u8, lda_u8, ldf_u8: u8;
    ldx_i16, ldxi_i16, ldxx_i16, ldu_i16, lda_i16, ldf_i16: i16;
    ldx_u16, ldxi_u16, ldxx_u16, ldu_u16, lda_u16, ldf_u16: u16;
    ldx_i32, ldxi_i32, ldxx_i32, ldu_i32, lda_i32, ldf_i32: i32;
    ldx_u32, ldxi_u32, ldxx_u32, ldu_u32, lda_u32, ldf_u32: u32;
    ldx_64, ldxi_64, ldxx_64, ldu_64, lda_64, ldf_64: u64;
}

macro_rules! slice_stores {
    ($($name:ident, $imm:ident, $nested:ident, $unchecked:ident, $array:ident, $frame:ident: $t:ident;)*) => {
        elements! { $(
            $name |m, p| m.c(), m.b_len(), size::<$t>(), m.b() => m.store(p, m.a() as $t);
            $imm |m, p| m.rc() as u64, m.b_len(), size::<$t>(), m.b() => m.store(p, m.a() as $t);
            $frame |m, p| m.c(), u64::from(m.xl()), size::<$t>(), (m.frame_at(m.rb()) as u64) => m.store(p, m.a() as $t);
        )* }
        $(
            #[inline(always)]
            pub(crate) fn $nested<D: Dispatch>(m: M) -> D::Out {
                let (i, n) = (m.c(), m.b_len());
                if i >= n {
                    return m.bad_index::<D>(i, n);
                }
                let row = m.b().wrapping_add(i * 24);
                let (j, n) = (m.slot(m.x0() as usize), m.load::<u64>(row + 8));
                if j >= n {
                    return m.bad_index::<D>(j, n);
                }
                m.store(m.load::<u64>(row).wrapping_add(j.wrapping_mul(size::<$t>())), m.a() as $t);
                m.skip::<D>(len::$nested)
            }
            #[inline(always)]
            pub(crate) fn $array<D: Dispatch>(m: M) -> D::Out {
                let (p, i, n) = (m.b(), m.c(), u64::from(m.xl()));
                if p == 0 {
                    return m.nil::<D>();
                }
                if i >= n {
                    return m.bad_index::<D>(i, n);
                }
                m.store(p + i * size::<$t>(), m.a() as $t);
                m.skip::<D>(len::$array)
            }
        )*
        simple! { $(
            $unchecked(m) { m.store(m.b().wrapping_add(m.c().wrapping_mul(size::<$t>())), m.a() as $t) }
        )* }
    };
}
slice_stores! {
    stx_8, stxi_8, stxx_8, stu_8, sta_8, stf_8: u8;
    stx_16, stxi_16, stxx_16, stu_16, sta_16, stf_16: u16;
    stx_32, stxi_32, stxx_32, stu_32, sta_32, stf_32: u32;
    stx_64, stxi_64, stxx_64, stu_64, sta_64, stf_64: u64;
}

elements! {
    ldx2 |m, p| m.c(), m.b_len(), 16, m.b() => m.set_an(m.load::<[u64; 2]>(p));
    ldx3 |m, p| m.c(), m.b_len(), 24, m.b() => m.set_an(m.load::<[u64; 3]>(p));
    ldxn |m, p| m.c(), m.b_len(), m.xl(), m.b() => m.copy(m.frame_at(m.ra()), p as *const u8, m.xl() as usize);
    ldxi2 |m, p| m.rc() as u64, m.b_len(), 16, m.b() => m.set_an(m.load::<[u64; 2]>(p));
    stx2 |m, p| m.c(), m.b_len(), 16, m.b() => m.store(p, m.a2());
    stx3 |m, p| m.c(), m.b_len(), 24, m.b() => m.store(p, m.a3());
    stxn |m, p| m.c(), m.b_len(), m.xl(), m.b() => m.copy(p as *mut u8, m.frame_at(m.ra()), m.xl() as usize);
    incx_64 |m, p| m.c(), m.b_len(), 8, m.b() => m.store(p, m.load::<u64>(p).wrapping_add(m.a()));
    eaddr |m, p| m.c(), m.b_len(), m.xl(), m.b() => m.set_a(p);
    ldf_n |m, p| m.c(), u64::from(m.xl()), m.xh(), (m.frame_at(m.rb()) as u64)
        => m.copy(m.frame_at(m.ra()), p as *const u8, m.xh() as usize);
    stf_n |m, p| m.c(), u64::from(m.xl()), m.xh(), (m.frame_at(m.rb()) as u64)
        => m.copy(p as *mut u8, m.frame_at(m.ra()), m.xh() as usize);
    bound |m, _p| m.a(), m.b(), 0, 0u64 => ();
    boundk |m, _p| m.a(), u64::from(m.bc()), 0, 0u64 => ();
    boundi |m, _p| u64::from(m.bc()), m.a(), 0, 0u64 => ();
    ldgx_64 |m, p| m.b(), m.load::<u64>(m.global(m.xl()) + 8), 8, m.load::<u64>(m.global(m.xl())) => m.set_a(m.load(p));
    stgx_64 |m, p| m.b(), m.load::<u64>(m.global(m.xl()) + 8), 8, m.load::<u64>(m.global(m.xl())) => m.store(p, m.a());
    ldgx_u8 |m, p| m.b(), m.load::<u64>(m.global(m.xl()) + 8), 1, m.load::<u64>(m.global(m.xl()))
        => m.set_a(u64::from(m.load::<u8>(p)));
    stgx_8 |m, p| m.b(), m.load::<u64>(m.global(m.xl()) + 8), 1, m.load::<u64>(m.global(m.xl()))
        => m.store(p, m.a() as u8);
    ldga_64 |m, p| m.b(), u64::from(m.xh()), 8, m.global(m.xl()) => m.set_a(m.load(p));
    ldga_u32 |m, p| m.b(), u64::from(m.xh()), 4, m.global(m.xl()) => m.set_a(u64::from(m.load::<u32>(p)));
    ldga_u8 |m, p| m.b(), u64::from(m.xh()), 1, m.global(m.xl()) => m.set_a(u64::from(m.load::<u8>(p)));
}

simple! {
    ldu2(m) { m.set_an(m.load::<[u64; 2]>(m.b().wrapping_add(m.c() * 16))) }
}

pointer_elements! {
    stx_64p |m, at| m.c(), m.b_len(); at m.b().wrapping_add(m.c().wrapping_mul(8)), 8 => m.store(at, m.a());
    stx2p |m, at| m.c(), m.b_len(); at m.b().wrapping_add(m.c().wrapping_mul(16)), 16 => m.store(at, m.a2());
    stx3p |m, at| m.c(), m.b_len(); at m.b().wrapping_add(m.c().wrapping_mul(24)), 24 => m.store(at, m.a3());
    stxnp |m, at| m.c(), m.b_len(); at m.b().wrapping_add(m.c().wrapping_mul(u64::from(m.xl()))), m.xl() as usize
        => m.copy(at as *mut u8, m.frame_at(m.ra()), m.xl() as usize);
}

pointer_stores! {
    stu_64p |m, at| nil 1; at m.b().wrapping_add(m.c() * 8), 8 => m.store(at, m.a());
}

#[inline(always)]
pub(crate) fn sta_64p<D: Dispatch>(m: M) -> D::Out {
    #[cold]
    #[inline(never)]
    #[allow(improper_ctypes_definitions)]
    extern "C" fn recorded<D: Dispatch>(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx, w: u64) -> D::Out {
        let m = M { pc, fp, cx, w };
        if m.b() != 0 && m.c() < u64::from(m.xl()) {
            m.shade(m.b() + m.c() * 8, 8);
        }
        sta_64::<D>(m)
    }
    if m.barrier() {
        return recorded::<D>(m.pc, m.fp, m.cx, m.w);
    }
    sta_64::<D>(m)
}

#[inline(always)]
pub(crate) fn aaddr<D: Dispatch>(m: M) -> D::Out {
    let (p, i, n) = (m.b(), m.c(), u64::from(m.xl()));
    if p == 0 {
        return m.nil::<D>();
    }
    if i >= n {
        return m.bad_index::<D>(i, n);
    }
    m.set_a(p + i * u64::from(m.xh()));
    m.skip::<D>(len::aaddr)
}
