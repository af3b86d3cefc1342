//! Jumps, loops, switches, polls.

use super::prelude::*;
use crate::bytecode::SwitchTable;

impl M {
    /// A taken back-edge: goes to the target, or leaves there if somebody asks (never half-way through a fused op).
    #[inline(always)]
    fn back<D: Dispatch>(self, words: i64) -> D::Out {
        if self.ctx().polled() {
            return self.leave_to::<D>(self.at(words) as u64);
        }
        self.skip::<D>(words)
    }
    /// How far the `jmp` chosen by a jump table leads; it is done with the table.
    #[inline(always)]
    fn chosen(self) -> i64 {
        let i = 1 + self.a().min(u64::from(self.bc())) as i64;
        let jmp = M { w: self.load(self.at(i) as u64), ..self };
        i + jmp.ibc()
    }
    /// Field C as a jump.
    #[inline(always)]
    pub(super) fn jump_if<D: Dispatch>(self, taken: bool, len: i64) -> D::Out {
        if taken { self.skip::<D>(self.ic()) } else { self.skip::<D>(len) }
    }
    #[inline(always)]
    fn back_if<D: Dispatch>(self, taken: bool) -> D::Out {
        if taken { self.back::<D>(self.ic()) } else { self.skip::<D>(1) }
    }
}

/// Bodies that go where their expression says.
macro_rules! jumps {
    ($($name:ident<$d:ident>($m:ident) $body:expr;)*) => {$(
        #[inline(always)]
        pub(crate) fn $name<$d: Dispatch>($m: M) -> $d::Out { $body }
    )*};
}

jumps! {
    jmp<D>(m) m.skip::<D>(m.ibc());
    jmpb<D>(m) m.back::<D>(m.ibc());
    jt<D>(m) if m.a() != 0 { m.skip::<D>(m.ibc()) } else { m.skip::<D>(1) };
    jf<D>(m) if m.a() == 0 { m.skip::<D>(m.ibc()) } else { m.skip::<D>(1) };
    jtb<D>(m) if m.a() != 0 { m.back::<D>(m.ibc()) } else { m.skip::<D>(1) };
    jfb<D>(m) if m.a() == 0 { m.back::<D>(m.ibc()) } else { m.skip::<D>(1) };
    poll<D>(m) m.back::<D>(1);
    jmptab<D>(m) m.skip::<D>(m.chosen());
    jmptabb<D>(m) m.back::<D>(m.chosen());
}

/// Register-register jumps, plain and as back-edges.
macro_rules! branches {
    ($($name:ident, $back:ident |$x:ident, $y:ident| $cond:expr;)*) => { jumps! { $(
        $name<D>(m) { let ($x, $y) = (m.a(), m.b()); m.jump_if::<D>($cond, 1) };
        $back<D>(m) { let ($x, $y) = (m.a(), m.b()); m.back_if::<D>($cond) };
    )* } };
}
/// Register-immediate jumps, plain and as back-edges.
macro_rules! branches_imm {
    ($($name:ident, $back:ident |$x:ident, $y:ident| $cond:expr;)*) => { jumps! { $(
        $name<D>(m) { let ($x, $y) = (m.a(), m.ib()); m.jump_if::<D>($cond, 1) };
        $back<D>(m) { let ($x, $y) = (m.a(), m.ib()); m.back_if::<D>($cond) };
    )* } };
}

branches! {
    jeq, jeqb |x, y| x == y;
    jne, jneb |x, y| x != y;
    jlt, jltb |x, y| (x as i64) < y as i64;
    jle, jleb |x, y| x as i64 <= y as i64;
    jltu, jltub |x, y| x < y;
    jleu, jleub |x, y| x <= y;
}
branches_imm! {
    jeqi, jeqib |x, y| x as i64 == y;
    jnei, jneib |x, y| x as i64 != y;
    jlti, jltib |x, y| (x as i64) < y;
    jlei, jleib |x, y| x as i64 <= y;
    jgti, jgtib |x, y| x as i64 > y;
    jgei, jgeib |x, y| x as i64 >= y;
    jltui, jltuib |x, y| x < u64::from(y as u16);
    jleui, jleuib |x, y| x <= u64::from(y as u16);
    jgtui, jgtuib |x, y| x > u64::from(y as u16);
    jgeui, jgeuib |x, y| x >= u64::from(y as u16);
}

macro_rules! float_branches {
    ($bits:ty, $float:ty: $($name:ident |$x:ident, $y:ident| $cond:expr;)*) => { jumps! { $(
        $name<D>(m) {
            let ($x, $y) = (<$float>::from_bits(m.a() as $bits), <$float>::from_bits(m.b() as $bits));
            m.jump_if::<D>($cond, 1)
        };
    )* } };
}
/// The negation of a comparison, which is true of NaN: not what the opposite comparison says.
#[inline(always)]
fn unless(holds: bool) -> bool {
    !holds
}

float_branches! { u64, f64:
    jfeq |x, y| x == y;
    jfne |x, y| x != y;
    jflt |x, y| x < y;
    jfle |x, y| x <= y;
    jfnlt |x, y| unless(x < y);
    jfnle |x, y| unless(x <= y);
}
float_branches! { u32, f32:
    jgeq |x, y| x == y;
    jgne |x, y| x != y;
    jglt |x, y| x < y;
    jgle |x, y| x <= y;
    jgnlt |x, y| unless(x < y);
    jgnle |x, y| unless(x <= y);
}

jumps! {
    jseq<D>(m) m.jump_if::<D>(m.bytes(m.a2()) == m.bytes(m.b2()), 1);
    jsne<D>(m) m.jump_if::<D>(m.bytes(m.a2()) != m.bytes(m.b2()), 1);
    jslt<D>(m) m.jump_if::<D>(m.bytes(m.a2()) < m.bytes(m.b2()), 1);
    jsle<D>(m) m.jump_if::<D>(m.bytes(m.a2()) <= m.bytes(m.b2()), 1);
    jseqk<D>(m) m.jump_if::<D>(m.bytes(m.a2()) == m.static_str(), 2);
    jsnek<D>(m) m.jump_if::<D>(m.bytes(m.a2()) != m.static_str(), 2);
}

impl M {
    #[inline(always)]
    fn static_str<'a>(self) -> &'a [u8] {
        self.bytes([self.ctx().data as u64 + u64::from(self.xl()), u64::from(self.xh())])
    }
}

/// Step, compare, jump back.
macro_rules! loops {
    ($($name:ident($len:literal) |$m:ident, $x:ident| $step:expr, $cond:expr;)*) => { jumps! { $(
        $name<D>($m) {
            let $x = ($m.a() as i64).wrapping_add($step);
            $m.set_a($x as u64);
            if $cond { $m.back::<D>($m.ic()) } else { $m.skip::<D>($len) }
        };
    )* } };
}
loops! {
    looplt(1) |m, x| 1, x < m.b() as i64;
    loople(1) |m, x| 1, x <= m.b() as i64;
    loopne(1) |m, x| 1, x != m.b() as i64;
    looplti(1) |m, x| 1, x < m.ib();
    looplei(1) |m, x| 1, x <= m.ib();
    loopgei(1) |m, x| -1, x >= m.ib();
    loopgti(1) |m, x| -1, x > m.ib();
    loopaddlt(2) |m, x| m.x() as i64, x < m.b() as i64;
    loopaddle(2) |m, x| m.x() as i64, x <= m.b() as i64;
    looprlt(2) |m, x| m.slot(m.x0() as usize) as i64, x < m.b() as i64;
    looprle(2) |m, x| m.slot(m.x0() as usize) as i64, x <= m.b() as i64;
}

slow_jump! {
    switch_int(m) {
        let SwitchTable::Int(keys) = &m.ctx().image().switches[m.bc() as usize] else { return Ok(1) };
        let at = keys.binary_search(&(m.a() as i64)).unwrap_or(keys.len());
        Ok(1 + at as i64)
    }
    switch_str(m) {
        let SwitchTable::Str(keys) = &m.ctx().image().switches[m.bc() as usize] else { return Ok(1) };
        let s = m.bytes(m.a2());
        let at = keys.binary_search_by(|k| k.as_slice().cmp(s)).unwrap_or(keys.len());
        Ok(1 + at as i64)
    }
}

slow! {
    trap(m) {
        Err(match m.bc() {
            0 => Fault::nil_deref(),
            1 => Fault::divide(),
            2 => Fault::negative_shift(),
            _ => Fault::fatal("unreachable code reached"),
        }.into())
    }
}
