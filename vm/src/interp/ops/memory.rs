//! Loads and stores: packed frame leaves, pointers, globals, captured variables.

use super::prelude::*;

/// What a load of a scalar leaves in a register.
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

macro_rules! frame_loads {
    ($($name:ident $t:ident;)*) => { simple! { $(
        $name(m) { m.set_a(widen!($t, m.load::<$t>(m.frame_at(m.rb()) as u64))) }
    )* } };
}
frame_loads! { fget_i8 i8; fget_u8 u8; fget_i16 i16; fget_u16 u16; fget_i32 i32; fget_u32 u32; }

simple! {
    fput_8(m) { m.store(m.frame_at(m.rb()) as u64, m.a() as u8) }
    fput_16(m) { m.store(m.frame_at(m.rb()) as u64, m.a() as u16) }
    fput_32(m) { m.store(m.frame_at(m.rb()) as u64, m.a() as u32) }
    fcopy(m) { m.copy(m.frame_at(m.ra()), m.frame_at(m.rb()), m.rc()) }
}

/// A body with a nil-checked pointer in B.
macro_rules! through {
    ($($name:ident |$m:ident, $p:ident| $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            let $p = $m.b();
            if $p == 0 {
                return $m.nil::<D>();
            }
            let () = $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
macro_rules! loads {
    ($($name:ident $t:ident;)*) => { through! { $(
        $name |m, p| m.set_a(widen!($t, m.load::<$t>(p.wrapping_add(m.rc() as u64))));
    )* } };
}
loads! { ld_i8 i8; ld_u8 u8; ld_i16 i16; ld_u16 u16; ld_i32 i32; ld_u32 u32; ld_64 u64; }

macro_rules! stores {
    ($($name:ident $t:ident;)*) => { through! { $(
        $name |m, p| m.store(p.wrapping_add(m.rc() as u64), m.a() as $t);
    )* } };
}
stores! { st_8 u8; st_16 u16; st_32 u32; st_64 u64; }

through! {
    ld2 |m, p| m.set_an(m.load::<[u64; 2]>(p.wrapping_add(m.rc() as u64)));
    ld3 |m, p| m.set_an(m.load::<[u64; 3]>(p.wrapping_add(m.rc() as u64)));
    ldn |m, p| m.copy(m.frame_at(m.ra()), (p + m.rc() as u64) as *const u8, m.xl() as usize);
    st2 |m, p| m.store(p.wrapping_add(m.rc() as u64), m.a2());
    st3 |m, p| m.store(p.wrapping_add(m.rc() as u64), m.a3());
    stn |m, p| m.copy((p + m.rc() as u64) as *mut u8, m.frame_at(m.ra()), m.xl() as usize);
    lea |m, p| m.set_a(p.wrapping_add(m.rc() as u64));
    leax |m, p| m.set_a(p.wrapping_add(u64::from(m.xl())));
    incm_64 |m, p| {
        let at = p.wrapping_add(m.rc() as u64);
        m.store(at, m.load::<u64>(at).wrapping_add(m.a()))
    };
}

pointer_stores! {
    st_64p |m, at| nil m.b(); at m.b().wrapping_add(m.rc() as u64), 8 => m.store(at, m.a());
    st2p |m, at| nil m.b(); at m.b().wrapping_add(m.rc() as u64), 16 => m.store(at, m.a2());
    st3p |m, at| nil m.b(); at m.b().wrapping_add(m.rc() as u64), 24 => m.store(at, m.a3());
    stnp |m, at| nil m.b(); at m.b().wrapping_add(m.rc() as u64), m.xl() as usize
        => m.copy(at as *mut u8, m.frame_at(m.ra()), m.xl() as usize);
    memzerop |m, at| nil m.a(); at m.a(), m.bc() as usize => m.clear(at as *mut u8, m.bc() as usize);
    memcopyp |m, at| nil m.a() & ((m.b() != 0) as u64 * !0); at m.a(), m.xl() as usize
        => m.copy_over(at, m.b(), m.xl() as usize);
    stg_64p |m, at| nil 1; at m.global(m.bc()), 8 => m.store(at, m.a());
    stg2p |m, at| nil 1; at m.global(m.bc()), 16 => m.store(at, m.a2());
    stg3p |m, at| nil 1; at m.global(m.bc()), 24 => m.store(at, m.a3());
    stgnp |m, at| nil 1; at m.global(m.bc()), m.xl() as usize => m.copy(at as *mut u8, m.frame_at(m.ra()), m.xl() as usize);
    stcapv_64p |m, at| nil 1; at m.load(m.captured(m.bc() as usize) as u64), 8 => m.store(at, m.a());
}

/// A body with nil-checked pointers.
macro_rules! checked {
    ($($name:ident($m:ident) nil if $nil:expr; $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>($m: M) -> D::Out {
            if $nil {
                return $m.nil::<D>();
            }
            let () = $body;
            $m.skip::<D>(len::$name)
        }
    )*};
}
checked! {
    memzero(m) nil if m.a() == 0; m.clear(m.a() as *mut u8, m.bc() as usize);
    memcopy(m) nil if m.a() == 0 || m.b() == 0; m.copy(m.a() as *mut u8, m.b() as *const u8, m.xl() as usize);
    nilchk(m) nil if m.a() == 0; ();
}

macro_rules! global_loads {
    ($($name:ident $t:ident;)*) => { simple! { $(
        $name(m) { m.set_a(widen!($t, m.load::<$t>(m.global(m.bc())))) }
    )* } };
}
global_loads! { ldg_i8 i8; ldg_u8 u8; ldg_i16 i16; ldg_u16 u16; ldg_i32 i32; ldg_u32 u32; ldg_64 u64; }
macro_rules! global_stores {
    ($($name:ident $t:ident;)*) => { simple! { $(
        $name(m) { m.store(m.global(m.bc()), m.a() as $t) }
    )* } };
}
global_stores! { stg_8 u8; stg_16 u16; stg_32 u32; stg_64 u64; }

simple! {
    ldg2(m) { m.set_an(m.load::<[u64; 2]>(m.global(m.bc()))) }
    ldg3(m) { m.set_an(m.load::<[u64; 3]>(m.global(m.bc()))) }
    ldgn(m) { m.copy(m.frame_at(m.ra()), m.global(m.bc()) as *const u8, m.xl() as usize) }
    stg2(m) { m.store(m.global(m.bc()), m.a2()) }
    stg3(m) { m.store(m.global(m.bc()), m.a3()) }
    stgn(m) { m.copy(m.global(m.bc()) as *mut u8, m.frame_at(m.ra()), m.xl() as usize) }
    gaddr(m) { m.set_a(m.global(m.bc())) }

    ldcap(m) { m.set_a(m.load(m.captured(m.bc() as usize) as u64)) }
    ldcap2(m) { m.set_an(m.load::<[u64; 2]>(m.captured(m.bc() as usize) as u64)) }
    ldcap3(m) { m.set_an(m.load::<[u64; 3]>(m.captured(m.bc() as usize) as u64)) }
    ldcapn(m) { m.copy(m.frame_at(m.ra()), m.captured(m.rb()) as *const u8, m.rc() * 8) }
    ldcapv_64(m) { m.set_a(m.load(m.load(m.captured(m.bc() as usize) as u64))) }
    stcapv_64(m) { m.store(m.load(m.captured(m.bc() as usize) as u64), m.a()) }
    addcapv_64(m) {
        let p: u64 = m.load(m.captured(m.bc() as usize) as u64);
        m.store(p, m.load::<u64>(p).wrapping_add(m.a()))
    }
}
