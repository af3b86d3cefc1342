//! Arithmetic: folding of constants, choice of operations by type and immediate, shifts, complex numbers, conversions.

use gol_lang::typed::{BinOp, ConvKind, Expr, ExprKind, UnOp};
use gol_lang::types::TypeId;

use super::{Builder, Val};
use crate::bytecode::Trap;
use crate::bytecode::ops::Op;
use crate::compile::layout::{Class, IntTy, Layout};
use crate::ir::{Arg, Cc, Cond, Reg, Term};

/// Result of an integer operation on constants; `None` where it would panic.
fn fold(op: BinOp, t: IntTy, a: i64, b: i64) -> Option<i64> {
    let signed = t.signed();
    Some(t.canon(match op {
        BinOp::Add => a.wrapping_add(b),
        BinOp::Sub => a.wrapping_sub(b),
        BinOp::Mul => a.wrapping_mul(b),
        BinOp::Div if b == 0 => return None,
        BinOp::Div if signed => a.wrapping_div(b),
        BinOp::Div => (a as u64 / b as u64) as i64,
        BinOp::Rem if b == 0 => return None,
        BinOp::Rem if signed => a.wrapping_rem(b),
        BinOp::Rem => (a as u64 % b as u64) as i64,
        BinOp::And => a & b,
        BinOp::Or => a | b,
        BinOp::Xor => a ^ b,
        BinOp::AndNot => a & !b,
        BinOp::Shl => {
            if b as u64 >= 64 {
                0
            } else {
                a << b
            }
        }
        BinOp::Shr if signed => a >> (b as u64).min(63),
        BinOp::Shr => {
            if b as u64 >= 64 {
                0
            } else {
                ((a as u64) >> b) as i64
            }
        }
    }))
}

fn fold_float(op: BinOp, single: bool, a: i64, b: i64) -> Option<i64> {
    fn go<
        F: std::ops::Add<Output = F> + std::ops::Sub<Output = F> + std::ops::Mul<Output = F> + std::ops::Div<Output = F>,
    >(
        op: BinOp,
        a: F,
        b: F,
    ) -> Option<F> {
        Some(match op {
            BinOp::Add => a + b,
            BinOp::Sub => a - b,
            BinOp::Mul => a * b,
            BinOp::Div => a / b,
            _ => return None,
        })
    }
    if single {
        go(op, f32::from_bits(a as u32), f32::from_bits(b as u32)).map(|f| i64::from(f.to_bits()))
    } else {
        go(op, f64::from_bits(a as u64), f64::from_bits(b as u64)).map(|f| f.to_bits() as i64)
    }
}

fn imm(c: i64) -> bool {
    i16::try_from(c).is_ok()
}

fn commutes(op: BinOp) -> bool {
    matches!(op, BinOp::Add | BinOp::Mul | BinOp::And | BinOp::Or | BinOp::Xor)
}

impl<'c, 'p> Builder<'c, 'p> {
    pub(super) fn binary(&mut self, op: BinOp, a: &'p Expr, b: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        if matches!(op, BinOp::Shl | BinOp::Shr) {
            let (va, vb) = self.pair(a, b);
            self.at(e.span);
            return self.shift(op, e.ty, va, vb, b.ty, want);
        }
        let l = self.layout(e.ty);
        // uint32 sums of three: one operation.
        if op == BinOp::Add
            && matches!(l.class, Class::Int(IntTy::U32))
            && let ExprKind::Binary(BinOp::Add, x, y) = &a.kind
        {
            let vs = self.operands(&[x, y, b]);
            if let [Val::R(x), Val::R(y), Val::R(z)] = vs[..] {
                let d = self.dst(want, e.ty);
                self.at(e.span);
                self.emit(Op::add3u32, &[d.into(), x.into(), y.into(), z.into()]);
                return Val::R(d);
            }
            let t = self.arith(op, e.ty, &l, vs[0], vs[1], None);
            return self.arith(op, e.ty, &l, t, vs[2], want);
        }
        let (va, vb) = self.pair(a, b);
        self.at(e.span);
        self.arith(op, e.ty, &l, va, vb, want)
    }

    /// `a op b` for operands of type `t` (not shifts).
    pub(super) fn arith(&mut self, op: BinOp, t: TypeId, l: &Layout, a: Val, b: Val, want: Option<Reg>) -> Val {
        match l.class {
            Class::Int(it) => self.int_op(op, it, a, b, want),
            Class::F64 | Class::F32 => {
                let single = matches!(l.class, Class::F32);
                if let (Val::C(x), Val::C(y)) = (a, b)
                    && let Some(c) = fold_float(op, single, x, y)
                {
                    return Val::C(c);
                }
                let (x, y) = (self.reg_of(a), self.reg_of(b));
                let d = self.dst(want, t);
                let o = match (op, single) {
                    (BinOp::Add, false) => Op::fadd,
                    (BinOp::Sub, false) => Op::fsub,
                    (BinOp::Mul, false) => Op::fmul,
                    (_, false) => Op::fdiv,
                    (BinOp::Add, true) => Op::gadd,
                    (BinOp::Sub, true) => Op::gsub,
                    (BinOp::Mul, true) => Op::gmul,
                    (_, true) => Op::gdiv,
                };
                self.emit(o, &[d.into(), x.into(), y.into()]);
                Val::R(d)
            }
            Class::C128 | Class::C64 => {
                let (x, y) = (self.reg_of(a), self.reg_of(b));
                let d = self.dst(want, t);
                let wide = matches!(l.class, Class::C128);
                let o = match (op, wide) {
                    (BinOp::Add, true) => Op::cadd,
                    (BinOp::Sub, true) => Op::csub,
                    (BinOp::Mul, true) => Op::cmul,
                    (_, true) => Op::cdiv,
                    (BinOp::Add, false) => Op::dadd,
                    (BinOp::Sub, false) => Op::dsub,
                    (BinOp::Mul, false) => Op::dmul,
                    (_, false) => Op::ddiv,
                };
                self.emit(o, &[d.into(), x.into(), y.into()]);
                Val::R(d)
            }
            Class::Str => {
                let (x, y) = (self.reg_of(a), self.reg_of(b));
                let d = self.dst(want, t);
                self.emit(Op::concat2, &[d.into(), x.into(), y.into()]);
                Val::R(d)
            }
            _ => a,
        }
    }

    fn op3(&mut self, o: Op, d: Reg, a: Reg, b: Reg) {
        self.emit(o, &[d.into(), a.into(), b.into()]);
    }

    fn op3i(&mut self, o: Op, d: Reg, a: Reg, c: i64) {
        self.emit(o, &[d.into(), a.into(), Arg::I(c)]);
    }

    /// Brings the low bits of `r` into canonical form.
    fn canon(&mut self, t: IntTy, d: Reg, r: Reg) {
        let o = match t {
            IntTy::I8 => Op::sext8,
            IntTy::U8 => Op::zext8,
            IntTy::I16 => Op::sext16,
            IntTy::U16 => Op::zext16,
            IntTy::I32 => Op::sext32,
            IntTy::U32 => Op::zext32,
            IntTy::I64 | IntTy::U64 => return self.mov(d, r),
        };
        self.emit(o, &[d.into(), r.into()]);
    }

    pub(super) fn int_op(&mut self, op: BinOp, t: IntTy, a: Val, b: Val, want: Option<Reg>) -> Val {
        if let (Val::C(x), Val::C(y)) = (a, b)
            && let Some(c) = fold(op, t, x, y)
        {
            return Val::C(c);
        }
        let (a, b) = if commutes(op) && matches!(a, Val::C(_)) { (b, a) } else { (a, b) };
        // Neutral and absorbing constants.
        if let (Val::R(_), Val::C(c)) = (a, b) {
            match (op, c) {
                (BinOp::Add | BinOp::Sub | BinOp::Or | BinOp::Xor | BinOp::AndNot, 0)
                | (BinOp::Mul | BinOp::Div, 1) => {
                    return a;
                }
                (BinOp::Mul | BinOp::And, 0) => return Val::C(0),
                (BinOp::And, -1) => return a,
                (BinOp::Mul, c) if c > 1 && (c as u64).is_power_of_two() && t.bits() >= 32 => {
                    return self.shift_const(BinOp::Shl, t, a, u64::from(c.trailing_zeros()), want);
                }
                (BinOp::Div, c) if !t.signed() && (c as u64).is_power_of_two() => {
                    return self.shift_const(BinOp::Shr, t, a, u64::from(c.trailing_zeros()), want);
                }
                (BinOp::Rem, c) if !t.signed() && (c as u64).is_power_of_two() => {
                    return self.int_op(BinOp::And, t, a, Val::C(c - 1), want);
                }
                (BinOp::Rem, 1 | -1) => return Val::C(0),
                (BinOp::Div | BinOp::Rem, c) if t.signed() && c > 1 && (c as u64).is_power_of_two() => {
                    let Val::R(a) = a else { return a };
                    let d = want.unwrap_or_else(|| self.word());
                    let o = if op == BinOp::Div { Op::divpi } else { Op::rempi };
                    self.op3i(o, d, a, i64::from(c.trailing_zeros()));
                    return Val::R(d);
                }
                _ => {}
            }
        }
        let d = want.unwrap_or_else(|| self.word());
        let narrow = t.bits() < 32;
        match (op, a, b) {
            (BinOp::Add | BinOp::Sub, a, Val::C(c)) => {
                let a = self.reg_of(a);
                let c = if op == BinOp::Sub { c.wrapping_neg() } else { c };
                match t {
                    IntTy::I32 if imm(c) => self.op3i(Op::addi32, d, a, c),
                    IntTy::U32 if imm(c) => self.op3i(Op::addiu32, d, a, c),
                    IntTy::U32 => self.op3i(Op::addku32, d, a, i64::from(c as u32)),
                    IntTy::U8 => self.op3i(Op::addiu8, d, a, i64::from(c as i8)),
                    IntTy::I64 | IntTy::U64 if imm(c) => self.op3i(Op::addi, d, a, c),
                    IntTy::I64 | IntTy::U64 => self.op3i(Op::addk, d, a, c),
                    _ => {
                        let o = if imm(c) { Op::addi } else { Op::addk };
                        self.op3i(o, d, a, c);
                        self.canon(t, d, d);
                    }
                }
            }
            (BinOp::Sub, Val::C(c), Val::R(b)) if imm(c) => {
                self.op3i(Op::rsubi, d, b, c);
                if t.bits() < 64 {
                    self.canon(t, d, d);
                }
            }
            (BinOp::Mul, Val::R(a), Val::C(c)) => {
                match t {
                    IntTy::I32 if imm(c) => self.op3i(Op::muli32, d, a, c),
                    IntTy::U32 if imm(c) => self.op3i(Op::muliu32, d, a, c),
                    _ => {
                        self.op3i(if imm(c) { Op::muli } else { Op::mulk }, d, a, c);
                        if t.bits() < 64 {
                            self.canon(t, d, d);
                        }
                    }
                };
            }
            (BinOp::And, Val::R(a), Val::C(c)) => self.op3i(if imm(c) { Op::andi } else { Op::andk }, d, a, c),
            (BinOp::AndNot, Val::R(a), Val::C(c)) => self.op3i(if imm(!c) { Op::andi } else { Op::andk }, d, a, !c),
            (BinOp::Or, Val::R(a), Val::C(c)) => self.op3i(if imm(c) { Op::ori } else { Op::ork }, d, a, c),
            (BinOp::Xor, Val::R(a), Val::C(c)) => self.op3i(if imm(c) { Op::xori } else { Op::xork }, d, a, c),
            (BinOp::Div, Val::R(a), Val::C(c)) if c != 0 && t.signed() && imm(c) => {
                self.op3i(Op::divi, d, a, c);
                if t.bits() < 64 && c == -1 {
                    self.canon(t, d, d);
                }
            }
            (BinOp::Rem, Val::R(a), Val::C(c)) if c != 0 && t.signed() && imm(c) => self.op3i(Op::remi, d, a, c),
            (BinOp::Div, Val::R(a), Val::C(c)) if c > 0 && !t.signed() && c <= 0xffff => self.op3i(Op::divui, d, a, c),
            (BinOp::Rem, Val::R(a), Val::C(c)) if c > 0 && !t.signed() && c <= 0xffff => self.op3i(Op::remui, d, a, c),
            (BinOp::Div | BinOp::Rem, _, Val::C(0)) => {
                self.emit(Op::trap, &[Arg::I(Trap::Divide as i64)]);
                self.end(Term::Stop);
            }
            (op, a, b) => {
                let (a, b) = (self.reg_of(a), self.reg_of(b));
                let o = match (op, t) {
                    (BinOp::Add, IntTy::I32) => Op::add32,
                    (BinOp::Add, IntTy::U32) => Op::addu32,
                    (BinOp::Add, IntTy::U8) => Op::addu8,
                    (BinOp::Add, _) => Op::add,
                    (BinOp::Sub, IntTy::I32) => Op::sub32,
                    (BinOp::Sub, IntTy::U32) => Op::subu32,
                    (BinOp::Sub, IntTy::U8) => Op::subu8,
                    (BinOp::Sub, _) => Op::sub,
                    (BinOp::Mul, IntTy::I32) => Op::mul32,
                    (BinOp::Mul, IntTy::U32) => Op::mulu32,
                    (BinOp::Mul, IntTy::U8) => Op::mulu8,
                    (BinOp::Mul, _) => Op::mul,
                    (BinOp::Div, IntTy::I32) => Op::div32,
                    (BinOp::Div, t) if t.signed() => Op::div,
                    (BinOp::Div, _) => Op::divu,
                    (BinOp::Rem, t) if t.signed() => Op::rem,
                    (BinOp::Rem, _) => Op::remu,
                    (BinOp::And, _) => Op::and,
                    (BinOp::Or, _) => {
                        if self.rotate(t, d, a, b) {
                            return Val::R(d);
                        }
                        Op::or
                    }
                    (BinOp::Xor, _) => Op::xor,
                    (BinOp::AndNot, _) => Op::andnot,
                    (BinOp::Shl | BinOp::Shr, _) => Op::nop,
                };
                self.op3(o, d, a, b);
                let inexact = matches!(op, BinOp::Add | BinOp::Sub | BinOp::Mul) && t != IntTy::U8
                    || op == BinOp::Div && t.signed();
                if narrow && inexact {
                    self.canon(t, d, d);
                }
            }
        }
        Val::R(d)
    }

    /// Recognises `x<<k | x>>(w-k)` in the two shifts just emitted and replaces them by a rotation.
    fn rotate(&mut self, t: IntTy, d: Reg, a: Reg, b: Reg) -> bool {
        let (left, op) = match t {
            IntTy::U32 => (Op::shliu32, Op::rotliu32),
            IntTy::U64 => (Op::shli, Op::rotli),
            _ => return false,
        };
        if !self.is_temp(a) || !self.is_temp(b) {
            return false;
        }
        let ins = &mut self.f.at(self.cur).ins;
        let [.., p, q] = &ins[..] else { return false };
        if p.op == q.op || ![left, Op::shri].contains(&p.op) || ![left, Op::shri].contains(&q.op) {
            return false;
        }
        if p.reg(0) != a || q.reg(0) != b || p.reg(1) != q.reg(1) || p.num(2) + q.num(2) != i64::from(t.bits()) {
            return false;
        }
        let (x, k) = (p.reg(1), if p.op == left { p.num(2) } else { q.num(2) });
        ins.truncate(ins.len() - 2);
        self.op3i(op, d, x, k);
        true
    }

    /// Shift of a `t` by a constant.
    fn shift_const(&mut self, op: BinOp, t: IntTy, a: Val, k: u64, want: Option<Reg>) -> Val {
        let a = match a {
            Val::C(c) => return Val::C(fold(op, t, c, k.min(64) as i64).unwrap_or(0)),
            Val::R(a) if k == 0 => return Val::R(a),
            Val::R(a) => a,
        };
        let w = u64::from(t.bits());
        if k >= w && !(op == BinOp::Shr && t.signed()) {
            return Val::C(0);
        }
        let d = want.unwrap_or_else(|| self.word());
        match (op, t) {
            (BinOp::Shl, IntTy::I64 | IntTy::U64) => self.op3i(Op::shli, d, a, k as i64),
            (BinOp::Shl, IntTy::I32) => self.op3i(Op::shli32, d, a, k as i64),
            (BinOp::Shl, IntTy::U32) => self.op3i(Op::shliu32, d, a, k as i64),
            (BinOp::Shl, _) => {
                self.op3i(Op::shli, d, a, k as i64);
                self.canon(t, d, d);
            }
            (_, t) if t.signed() => self.op3i(Op::sari, d, a, k.min(63) as i64),
            _ => self.op3i(Op::shri, d, a, k as i64),
        }
        Val::R(d)
    }

    /// `a << b` or `a >> b`; `bt` is the count's type.
    pub(super) fn shift(&mut self, op: BinOp, t: TypeId, a: Val, b: Val, bt: TypeId, want: Option<Reg>) -> Val {
        let Class::Int(it) = self.layout(t).class else { return a };
        let signed_count = matches!(self.layout(bt).class, Class::Int(c) if c.signed());
        let b = match b {
            Val::C(k) if signed_count && k < 0 => {
                self.emit(Op::trap, &[Arg::I(Trap::Shift as i64)]);
                self.end(Term::Stop);
                return a;
            }
            Val::C(k) => return self.shift_const(op, it, a, k as u64, want),
            Val::R(b) => b,
        };
        if signed_count {
            self.emit(Op::shchk, &[b.into()]);
        }
        let a = self.reg_of(a);
        let d = self.dst(want, t);
        match (op, it) {
            (BinOp::Shl, IntTy::I64 | IntTy::U64) => self.op3(Op::shl, d, a, b),
            (BinOp::Shl, IntTy::I32) => self.op3(Op::shl32, d, a, b),
            (BinOp::Shl, IntTy::U32) => self.op3(Op::shlu32, d, a, b),
            (BinOp::Shl, IntTy::U8) => self.op3(Op::shlu8, d, a, b),
            (BinOp::Shl, _) => {
                self.op3(Op::shl, d, a, b);
                self.canon(it, d, d);
            }
            (_, t) if t.signed() => self.op3(Op::sar, d, a, b),
            _ => self.op3(Op::shr, d, a, b),
        }
        Val::R(d)
    }

    pub(super) fn unary(&mut self, op: UnOp, x: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let v = self.gen_(x, None);
        self.at(e.span);
        let l = self.layout(e.ty);
        match (op, &l.class, v) {
            (UnOp::LogicalNot, _, Val::C(c)) => return Val::C(c ^ 1),
            (UnOp::Neg, Class::Int(t), Val::C(c)) => return Val::C(t.canon(c.wrapping_neg())),
            (UnOp::Not, Class::Int(t), Val::C(c)) => return Val::C(t.canon(!c)),
            (UnOp::Neg, Class::F64, Val::C(c)) => return Val::C((-f64::from_bits(c as u64)).to_bits() as i64),
            (UnOp::Neg, Class::F32, Val::C(c)) => return Val::C(i64::from((-f32::from_bits(c as u32)).to_bits())),
            _ => {}
        }
        let r = self.reg_of(v);
        let d = self.dst(want, e.ty);
        let (o, ext) = match (op, &l.class) {
            (UnOp::LogicalNot, _) => (Op::notb, None),
            (UnOp::Neg, Class::Int(IntTy::I32)) => (Op::neg32, None),
            (UnOp::Neg, Class::Int(IntTy::U32)) => (Op::negu32, None),
            (UnOp::Neg, Class::Int(t)) => (Op::neg, (t.bits() < 64).then_some(*t)),
            (UnOp::Neg, Class::F64) => (Op::fneg, None),
            (UnOp::Neg, Class::F32) => (Op::gneg, None),
            (UnOp::Neg, Class::C128) => (Op::cneg, None),
            (UnOp::Neg, _) => (Op::dneg, None),
            (UnOp::Not, Class::Int(IntTy::U32)) => (Op::notu32, None),
            (UnOp::Not, Class::Int(t)) => (Op::not, (t.bits() < 32 && !t.signed()).then_some(*t)),
            (UnOp::Not, _) => (Op::not, None),
        };
        self.emit(o, &[d.into(), r.into()]);
        if let Some(t) = ext {
            self.canon(t, d, d);
        }
        Val::R(d)
    }

    // ---- minimum, maximum

    pub(super) fn min_max(&mut self, max: bool, xs: &'p [Expr], want: Option<Reg>, e: &'p Expr) -> Val {
        let es: Vec<&Expr> = xs.iter().collect();
        let vs = self.operands(&es);
        self.at(e.span);
        let l = self.layout(e.ty);
        let op = match (&l.class, max) {
            (Class::F64, false) => Op::fmin,
            (Class::F64, true) => Op::fmax,
            (Class::F32, false) => Op::gmin,
            (Class::F32, true) => Op::gmax,
            (Class::Int(t), false) => {
                if t.signed() {
                    Op::imin
                } else {
                    Op::umin
                }
            }
            (Class::Int(t), true) => {
                if t.signed() {
                    Op::imax
                } else {
                    Op::umax
                }
            }
            _ => return self.string_min_max(max, &vs, e),
        };
        let rs: Vec<Reg> = vs.into_iter().map(|v| self.reg_of(v)).collect();
        let d = match want {
            // The destination may be one of the operands still to be read.
            Some(d) if rs.len() == 2 || !rs.contains(&d) => d,
            _ => self.temp(e.ty),
        };
        let mut acc = rs[0];
        for &r in &rs[1..] {
            self.op3(op, d, acc, r);
            acc = d;
        }
        Val::R(acc)
    }

    fn string_min_max(&mut self, max: bool, vs: &[Val], e: &'p Expr) -> Val {
        let d = self.temp(e.ty);
        for (i, &v) in vs.iter().enumerate() {
            let r = self.reg_of(v);
            if i == 0 {
                self.mov(d, r);
                continue;
            }
            let (take, next) = (self.f.block(), self.f.block());
            let cond = if max { Cond::Str(Cc::Lt, d, r) } else { Cond::Str(Cc::Lt, r, d) };
            self.branch(cond, take, next);
            self.start(take);
            self.mov(d, r);
            self.jump(next);
            self.start(next);
        }
        Val::R(d)
    }

    // ---- complex numbers

    pub(super) fn complex(&mut self, a: &'p Expr, b: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let (va, vb) = self.pair(a, b);
        self.at(e.span);
        let (x, y) = (self.reg_of(va), self.reg_of(vb));
        if self.layout(e.ty).slots == 1 {
            let d = self.dst(want, e.ty);
            self.op3(Op::dmake, d, x, y);
            return Val::R(d);
        }
        let d = match want {
            Some(d) if !d.overlaps(y) => d,
            _ => self.temp(e.ty),
        };
        self.mov(d.sub(0, 1), x);
        self.mov(d.sub(1, 1), y);
        Val::R(d)
    }

    pub(super) fn complex_part(&mut self, x: &'p Expr, imag: bool, want: Option<Reg>, e: &'p Expr) -> Val {
        let r = self.reg(x);
        if r.n == 2 {
            return Val::R(r.sub(u32::from(imag), 1));
        }
        let d = self.dst(want, e.ty);
        self.emit(if imag { Op::dimag } else { Op::dreal }, &[d.into(), r.into()]);
        Val::R(d)
    }

    // ---- conversions

    pub(super) fn convert(&mut self, k: ConvKind, x: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let v = self.gen_(x, None);
        self.at(e.span);
        match k {
            ConvKind::Numeric => self.numeric(v, x.ty, e.ty, want),
            ConvKind::RuneToString => {
                let r = self.reg_of(v);
                let d = self.dst(want, e.ty);
                // Values outside int32 are no runes either way.
                self.emit(Op::rune2str, &[d.into(), r.into()]);
                Val::R(d)
            }
            ConvKind::BytesToString => self.op2(Op::bytes2str, v, want, e.ty),
            ConvKind::RunesToString => self.op2(Op::runes2str, v, want, e.ty),
            ConvKind::StringToBytes => self.op2(Op::str2bytes, v, want, e.ty),
            ConvKind::StringToRunes => self.op2(Op::str2runes, v, want, e.ty),
            ConvKind::SliceToArrayPtr => {
                let r = self.reg_of(v);
                let d = self.dst(want, e.ty);
                let n = match self.layout(self.cx.pointee(e.ty)).class {
                    Class::Array(_, n) => n,
                    _ => 0,
                };
                self.emit(Op::slice2arr, &[d.into(), r.into(), n.into()]);
                Val::R(d)
            }
            ConvKind::SliceToArray => {
                let r = self.reg_of(v);
                let l = self.layout(e.ty);
                let n = match l.class {
                    Class::Array(_, n) => n,
                    _ => 0,
                };
                let p = self.ptr();
                self.emit(Op::slice2arr, &[p.into(), r.into(), n.into()]);
                let d = self.dst(want, e.ty);
                if l.size > 0 {
                    self.load_mem(l.mem(), d, p, 0);
                }
                Val::R(d)
            }
        }
    }

    fn op2(&mut self, o: Op, v: Val, want: Option<Reg>, t: TypeId) -> Val {
        let r = self.reg_of(v);
        let d = self.dst(want, t);
        self.emit(o, &[d.into(), r.into()]);
        Val::R(d)
    }

    pub(super) fn numeric(&mut self, v: Val, from: TypeId, to: TypeId, want: Option<Reg>) -> Val {
        let (lf, lt) = (self.layout(from), self.layout(to));
        match (&lf.class, &lt.class) {
            (Class::Int(_), Class::Int(t)) | (Class::Ptr, Class::Int(t)) => self.int_conv(v, &lf.class, *t, want),
            (Class::Int(f), Class::F64 | Class::F32) => {
                let single = matches!(lt.class, Class::F32);
                if let Val::C(c) = v {
                    return Val::C(match (single, f) {
                        (false, IntTy::U64) => (c as u64 as f64).to_bits() as i64,
                        (false, _) => (c as f64).to_bits() as i64,
                        (true, IntTy::U64) => i64::from((c as u64 as f32).to_bits()),
                        (true, _) => i64::from((c as f32).to_bits()),
                    });
                }
                let o = match (single, *f == IntTy::U64) {
                    (false, false) => Op::i2f,
                    (false, true) => Op::u2f,
                    (true, false) => Op::i2g,
                    (true, true) => Op::u2g,
                };
                self.op2(o, v, want, to)
            }
            (Class::F64 | Class::F32, Class::Int(t)) => {
                let single = matches!(lf.class, Class::F32);
                let o = match (single, t) {
                    (false, IntTy::I64 | IntTy::U32) => Op::f2i,
                    (true, IntTy::I64 | IntTy::U32) => Op::g2i,
                    (false, IntTy::U64) => Op::f2u,
                    (true, IntTy::U64) => Op::g2u,
                    (false, _) => Op::f2i32,
                    (true, _) => Op::g2i32,
                };
                let r = self.reg_of(v);
                let d = self.dst(want, to);
                self.emit(o, &[d.into(), r.into()]);
                if t.bits() < 32 || *t == IntTy::U32 {
                    self.canon(*t, d, d);
                }
                Val::R(d)
            }
            (Class::F64, Class::F32) => match v {
                Val::C(c) => Val::C(i64::from((f64::from_bits(c as u64) as f32).to_bits())),
                v => self.op2(Op::f2g, v, want, to),
            },
            (Class::F32, Class::F64) => match v {
                Val::C(c) => Val::C(f64::from(f32::from_bits(c as u32)).to_bits() as i64),
                v => self.op2(Op::g2f, v, want, to),
            },
            (Class::C128, Class::C64) => self.op2(Op::c2d, v, want, to),
            (Class::C64, Class::C128) => self.op2(Op::d2c, v, want, to),
            _ => v,
        }
    }

    fn int_conv(&mut self, v: Val, from: &Class, t: IntTy, want: Option<Reg>) -> Val {
        let r = match v {
            Val::C(c) => return Val::C(t.canon(c)),
            Val::R(r) => r,
        };
        // Canonical forms that are the same in both types need no instruction.
        let same = match from {
            Class::Int(f) => {
                *f == t
                    || t.bits() == 64
                    || (!f.signed() && f.bits() < t.bits())
                    || (f.signed() && t.signed() && f.bits() <= t.bits())
            }
            _ => t.bits() == 64,
        };
        if same {
            return Val::R(r);
        }
        let d = want.unwrap_or_else(|| self.word());
        self.canon(t, d, r);
        Val::R(d)
    }

    // ---- op=

    /// `place op= value` with the place's old value in a register or constant.
    pub(super) fn op_value(
        &mut self,
        op: BinOp,
        t: TypeId,
        old: Val,
        value: Val,
        value_ty: TypeId,
        want: Option<Reg>,
    ) -> Val {
        if matches!(op, BinOp::Shl | BinOp::Shr) {
            return self.shift(op, t, old, value, value_ty, want);
        }
        let l = self.layout(t);
        self.arith(op, t, &l, old, value, want)
    }
}
