//! Moves, constants, integers, comparisons.

use super::prelude::*;

simple! {
    nop(_m) {}
    mov(m) { m.set_a(m.b()) }
    mov2(m) { m.set_an(m.b2()) }
    mov3(m) { m.set_an(m.b3()) }
    mov4(m) {
        let r = m.rb();
        m.set_an([m.slot(r), m.slot_n(r, 1), m.slot_n(r, 2), m.slot_n(r, 3)])
    }
    movn(m) { m.copy(m.frame_at(m.ra()), m.frame_at(m.rb()), m.rc() * 8) }
    movp(m) {
        m.set_a(m.b());
        m.set_slot(m.x0() as usize, m.slot(m.x1() as usize))
    }
    far_ld(m) { m.set_a(m.slot(m.x() as usize * 8)) }
    far_st(m) { m.set_slot(m.x() as usize * 8, m.a()) }
    far_ldn(m) { m.copy(m.frame_at(m.ra()), m.frame_at(m.x() as usize * 8), m.bc() as usize * 8) }
    far_stn(m) { m.copy(m.frame_at(m.x() as usize * 8), m.frame_at(m.ra()), m.bc() as usize * 8) }
    far_zero(m) { m.clear(m.frame_at(m.xl() as usize * 8), m.xh() as usize * 8) }
    ldi(m) { m.set_a(m.ibc() as u64) }
    ldk(m) { m.set_a(m.x()) }
    ldstr(m) { m.set_an([m.ctx().data as u64 + u64::from(m.xl()), u64::from(m.xh())]) }
    ldtype(m) { m.set_a(m.ctx().type_word(m.bc())) }
    lditab(m) { m.set_a(m.ctx().itab_word(m.bc())) }
    ldfunc(m) { m.set_a(m.ctx().static_closure(m.bc())) }
    zero(m) { m.clear_slots(m.ra(), m.bc() as usize) }
    zero2(m) { m.set_an([0; 2]) }
    zero3(m) { m.set_an([0; 3]) }
    swap(m) {
        let (a, b) = (m.a(), m.b());
        m.set_a(b);
        m.set_slot(m.rb(), a)
    }
    select_val(m) {
        let (b, c) = (m.b(), m.c());
        m.set_a(if m.slot(m.x0() as usize) != 0 { b } else { c })
    }

    madd(m) { m.set_a(m.a().wrapping_add(m.b().wrapping_mul(m.c()))) }
    mulwide(m) {
        let p = u128::from(m.b()) * u128::from(m.c());
        m.set_an([(p >> 64) as u64, p as u64])
    }
    addcarry(m) {
        let (s, c1) = m.b().overflowing_add(m.c());
        let (s, c2) = s.overflowing_add(m.slot(m.x0() as usize));
        m.set_an([s, u64::from(c1 | c2)])
    }
    subborrow(m) {
        let (s, c1) = m.b().overflowing_sub(m.c());
        let (s, c2) = s.overflowing_sub(m.slot(m.x0() as usize));
        m.set_an([s, u64::from(c1 | c2)])
    }
    addk(m) { m.set_a(m.b().wrapping_add(m.x())) }
    mulk(m) { m.set_a(m.b().wrapping_mul(m.x())) }
    andk(m) { m.set_a(m.b() & m.x()) }
    ork(m) { m.set_a(m.b() | m.x()) }
    xork(m) { m.set_a(m.b() ^ m.x()) }
    addku32(m) { m.set_a(u64::from((m.b() as u32).wrapping_add(m.xl()))) }
    add3u32(m) {
        let x = m.slot(m.x0() as usize);
        m.set_a(u64::from((m.b() as u32).wrapping_add(m.c() as u32).wrapping_add(x as u32)))
    }
}

/// A = f(B, C) on register bits.
macro_rules! binary {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) { let ($x, $y) = (m.b(), m.c()); m.set_a($e) })* }
    };
}
/// A = f(B, signed immediate C).
macro_rules! immediate {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) { let ($x, $y) = (m.b(), m.ic()); m.set_a($e) })* }
    };
}
/// A = f(B).
macro_rules! unary {
    ($($name:ident |$x:ident| $e:expr;)*) => { simple! { $($name(m) { let $x = m.b(); m.set_a($e) })* } };
}

fn s32(x: i32) -> u64 {
    x as i64 as u64
}
fn u32_(x: u32) -> u64 {
    u64::from(x)
}
fn shl_(x: u64, n: u64) -> u64 {
    if n < 64 { x << n } else { 0 }
}

binary! {
    add |x, y| x.wrapping_add(y);
    sub |x, y| x.wrapping_sub(y);
    mul |x, y| x.wrapping_mul(y);
    and |x, y| x & y;
    or |x, y| x | y;
    xor |x, y| x ^ y;
    andnot |x, y| x & !y;
    mulhu |x, y| ((u128::from(x) * u128::from(y)) >> 64) as u64;
    shl |x, n| shl_(x, n);
    shr |x, n| if n < 64 { x >> n } else { 0 };
    sar |x, n| (x as i64 >> n.min(63)) as u64;
    rotl |x, n| x.rotate_left(n as u32 & 63);
    imin |x, y| (x as i64).min(y as i64) as u64;
    imax |x, y| (x as i64).max(y as i64) as u64;
    umin |x, y| x.min(y);
    umax |x, y| x.max(y);
    eq |x, y| u64::from(x == y);
    ne |x, y| u64::from(x != y);
    lt |x, y| u64::from((x as i64) < y as i64);
    le |x, y| u64::from(x as i64 <= y as i64);
    ltu |x, y| u64::from(x < y);
    leu |x, y| u64::from(x <= y);
    add32 |x, y| s32((x as i32).wrapping_add(y as i32));
    sub32 |x, y| s32((x as i32).wrapping_sub(y as i32));
    mul32 |x, y| s32((x as i32).wrapping_mul(y as i32));
    addu32 |x, y| u32_((x as u32).wrapping_add(y as u32));
    subu32 |x, y| u32_((x as u32).wrapping_sub(y as u32));
    mulu32 |x, y| u32_((x as u32).wrapping_mul(y as u32));
    shl32 |x, n| s32(shl_(x, n) as i32);
    shlu32 |x, n| u32_(shl_(x, n) as u32);
    rotlu32 |x, n| u32_((x as u32).rotate_left(n as u32 & 31));
    addu8 |x, y| u64::from((x as u8).wrapping_add(y as u8));
    subu8 |x, y| u64::from((x as u8).wrapping_sub(y as u8));
    mulu8 |x, y| u64::from((x as u8).wrapping_mul(y as u8));
    shlu8 |x, n| u64::from(shl_(x, n) as u8);
}

immediate! {
    addi |x, y| x.wrapping_add(y as u64);
    muli |x, y| x.wrapping_mul(y as u64);
    andi |x, y| x & y as u64;
    ori |x, y| x | y as u64;
    xori |x, y| x ^ y as u64;
    rsubi |x, y| (y as u64).wrapping_sub(x);
    shli |x, y| x << (y & 63);
    shri |x, y| x >> (y & 63);
    sari |x, y| (x as i64 >> (y & 63)) as u64;
    rotli |x, y| x.rotate_left(y as u32 & 63);
    addi32 |x, y| s32((x as i32).wrapping_add(y as i32));
    addiu32 |x, y| u32_((x as u32).wrapping_add(y as u32));
    muli32 |x, y| s32((x as i32).wrapping_mul(y as i32));
    muliu32 |x, y| u32_((x as u32).wrapping_mul(y as u32));
    shli32 |x, y| s32((x as i32) << (y & 31));
    shliu32 |x, y| u32_((x as u32) << (y & 31));
    rotliu32 |x, y| u32_((x as u32).rotate_left(y as u32 & 31));
    addiu8 |x, y| u64::from((x as u8).wrapping_add(y as u8));
    eqi |x, y| u64::from(x as i64 == y);
    nei |x, y| u64::from(x as i64 != y);
    lti |x, y| u64::from((x as i64) < y);
    lei |x, y| u64::from(x as i64 <= y);
    gti |x, y| u64::from(x as i64 > y);
    gei |x, y| u64::from(x as i64 >= y);
    ltui |x, y| u64::from(x < u64::from(y as u16));
    gtui |x, y| u64::from(x > u64::from(y as u16));
}

unary! {
    neg |x| x.wrapping_neg();
    not |x| !x;
    notb |x| x ^ 1;
    clz |x| u64::from(x.leading_zeros());
    ctz |x| u64::from(x.trailing_zeros());
    popcnt |x| u64::from(x.count_ones());
    bswap |x| x.swap_bytes();
    bitrev |x| x.reverse_bits();
    neg32 |x| s32((x as i32).wrapping_neg());
    negu32 |x| u32_((x as u32).wrapping_neg());
    notu32 |x| u32_(!(x as u32));
    bswapu32 |x| u32_((x as u32).swap_bytes());
    bswapu16 |x| u64::from((x as u16).swap_bytes());
    sext8 |x| x as i8 as i64 as u64;
    sext16 |x| x as i16 as i64 as u64;
    sext32 |x| s32(x as i32);
    zext8 |x| u64::from(x as u8);
    zext16 |x| u64::from(x as u16);
    zext32 |x| u32_(x as u32);
}

/// A = f(B, C), which faults if C is 0.
macro_rules! division {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<D: Dispatch>(m: M) -> D::Out {
            let ($x, $y) = (m.b(), m.c());
            if $y == 0 {
                return m.divide::<D>();
            }
            m.set_a($e);
            m.skip::<D>(len::$name)
        }
    )*};
}

division! {
    div |x, y| (x as i64).wrapping_div(y as i64) as u64;
    rem |x, y| (x as i64).wrapping_rem(y as i64) as u64;
    divu |x, y| x / y;
    remu |x, y| x % y;
    div32 |x, y| s32((x as i32).wrapping_div(y as i32));
}

#[inline(always)]
pub(crate) fn shchk<D: Dispatch>(m: M) -> D::Out {
    if (m.a() as i64) < 0 {
        return m.bad_shift::<D>();
    }
    m.skip::<D>(len::shchk)
}

/// A = f(B, constant C), which the verifier knows not to be 0.
macro_rules! division_imm {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) {
            let ($x, $y) = (m.b(), m.ic());
            // SAFETY: verified: the immediate is not 0.
            unsafe { std::hint::assert_unchecked($y as u16 != 0) };
            m.set_a($e)
        })* }
    };
}
division_imm! {
    divi |x, y| (x as i64).wrapping_div(y) as u64;
    remi |x, y| (x as i64).wrapping_rem(y) as u64;
    divui |x, y| x / u64::from(y as u16);
    remui |x, y| x % u64::from(y as u16);
}

/// Three-way or equality comparison of strings to a bool.
macro_rules! strings {
    ($($name:ident |$x:ident, $y:ident| $e:expr;)*) => {
        simple! { $($name(m) {
            let ($x, $y) = (m.bytes(m.b2()), m.bytes(m.c2()));
            m.set_a($e)
        })* }
    };
}

strings! {
    seq |x, y| u64::from(x == y);
    sne |x, y| u64::from(x != y);
    slt |x, y| u64::from(x < y);
    sle |x, y| u64::from(x <= y);
    scmp |x, y| x.cmp(y) as i64 as u64;
}
