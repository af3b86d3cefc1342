//! Conditions: branches on expressions, comparisons of all types, booleans as values.

use gol_lang::typed::{BinOp, Callee, CmpOp, Const, Expr, ExprKind, UnOp};
use gol_lang::types::TypeId;

use super::{Builder, Val};
use crate::bytecode::ops::Op;
use crate::compile::layout::Class;
use crate::ir::{Arg, BlockId, Cc, Cond, Fc, Ins, Opd, Reg, Term};

fn int_cc(op: CmpOp, signed: bool) -> Cc {
    match (op, signed) {
        (CmpOp::Eq, _) => Cc::Eq,
        (CmpOp::Ne, _) => Cc::Ne,
        (CmpOp::Lt, true) => Cc::Lt,
        (CmpOp::Le, true) => Cc::Le,
        (CmpOp::Gt, true) => Cc::Gt,
        (CmpOp::Ge, true) => Cc::Ge,
        (CmpOp::Lt, false) => Cc::Ltu,
        (CmpOp::Le, false) => Cc::Leu,
        (CmpOp::Gt, false) => Cc::Gtu,
        (CmpOp::Ge, false) => Cc::Geu,
    }
}

fn eval_float(op: CmpOp, a: f64, b: f64) -> bool {
    match op {
        CmpOp::Eq => a == b,
        CmpOp::Ne => a != b,
        CmpOp::Lt => a < b,
        CmpOp::Le => a <= b,
        CmpOp::Gt => a > b,
        CmpOp::Ge => a >= b,
    }
}

/// What a comparison comes down to.
enum Test {
    Known(bool),
    On(Cond),
}

impl<'c, 'p> Builder<'c, 'p> {
    /// Evaluates a boolean and branches.
    pub(super) fn cond(&mut self, e: &'p Expr, yes: BlockId, no: BlockId) {
        match &e.kind {
            ExprKind::And(a, b) => {
                let mid = self.f.block();
                self.cond(a, mid, no);
                self.start(mid);
                self.cond(b, yes, no);
            }
            ExprKind::Or(a, b) => {
                let mid = self.f.block();
                self.cond(a, yes, mid);
                self.start(mid);
                self.cond(b, yes, no);
            }
            ExprKind::Unary(UnOp::LogicalNot, x) => self.cond(x, no, yes),
            ExprKind::Retype(x) => self.cond(x, yes, no),
            ExprKind::Seq(ss, x) => {
                self.block(ss);
                self.cond(x, yes, no);
            }
            ExprKind::MapIterNext(l) => {
                let it = self.iter(*l);
                let r = self.local_reg(*l);
                let ix = self.cx.type_ix(it.map);
                self.at(e.span);
                let opt = |r: Reg| if r.n == 0 { Reg::NONE } else { r };
                let ins = Ins::new(
                    Op::mapnext,
                    self.pos,
                    &[r.into(), Arg::I(0), ix.into(), opt(it.key).into(), opt(it.value).into()],
                );
                self.end(Term::Exit { ins, exit: no, next: yes });
            }
            ExprKind::Call(Callee::Static(f), args) if self.inlines(*f, args) => {
                self.inline_cond(*f, &[], args, yes, no, e);
            }
            ExprKind::Call(Callee::Value(x), args) if self.known_callee(x).is_some_and(|k| self.inlines_known(&k)) => {
                if let Some(k) = self.known_callee(x) {
                    self.inline_cond(k.func, &k.captures, args, yes, no, e);
                }
            }
            _ => match self.test(e) {
                Test::Known(true) => self.jump(yes),
                Test::Known(false) => self.jump(no),
                Test::On(c) => self.branch(c, yes, no),
            },
        }
    }

    fn test(&mut self, e: &'p Expr) -> Test {
        match &e.kind {
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b, e),
            ExprKind::IsNil(eq, x) => {
                let r = self.reg(x);
                let cc = if *eq { Cc::Eq } else { Cc::Ne };
                Test::On(Cond::Int(cc, r.sub(0, 1), Opd::C(0)))
            }
            ExprKind::TypeTest(x, t) => {
                let r = self.reg(x);
                self.at(e.span);
                Test::On(self.type_test(r, x.ty, *t))
            }
            _ => match self.gen_(e, None) {
                Val::C(c) => Test::Known(c != 0),
                Val::R(r) => Test::On(Cond::True(r)),
            },
        }
    }

    fn compare(&mut self, op: CmpOp, a: &'p Expr, b: &'p Expr, e: &'p Expr) -> Test {
        let l = self.layout(a.ty);
        if l.large {
            let (x, _) = self.gen_large(a);
            let (y, _) = self.gen_large(b);
            self.at(e.span);
            let d = self.word();
            let ix = self.cx.type_ix(a.ty);
            self.emit(Op::memeq, &[d.into(), x.into(), y.into(), ix.into()]);
            return Test::On(if op == CmpOp::Ne { Cond::False(d) } else { Cond::True(d) });
        }
        // Strings against constants.
        if matches!(l.class, Class::Str) && matches!(op, CmpOp::Eq | CmpOp::Ne) {
            let (x, s) = match (&a.kind, &b.kind) {
                (_, ExprKind::Const(Const::Str(s))) => (a, Some(s)),
                (ExprKind::Const(Const::Str(s)), _) => (b, Some(s)),
                _ => (a, None),
            };
            if let Some(s) = s {
                let r = self.reg(x);
                self.at(e.span);
                if s.is_empty() {
                    let z = r.sub(1, 1);
                    let cc = if op == CmpOp::Eq { Cc::Eq } else { Cc::Ne };
                    return Test::On(Cond::Int(cc, z, Opd::C(0)));
                }
                let at = self.cx.string(s);
                return Test::On(Cond::StrConst(op == CmpOp::Eq, r, at, s.len() as u32));
            }
        }
        // Divisibility by a power of two is about the low bits, whatever the sign.
        if let (ExprKind::Binary(BinOp::Rem, x, n), ExprKind::Const(Const::Int(0)), CmpOp::Eq | CmpOp::Ne) =
            (&a.kind, &b.kind, op)
            && let ExprKind::Const(Const::Int(n)) = n.kind
            && n > 1
            && (n as u64).is_power_of_two()
            && let Class::Int(t) = l.class
        {
            let v = self.gen_(x, None);
            self.at(e.span);
            let low = self.int_op(BinOp::And, t, v, Val::C(n - 1), None);
            return self.compare_values(op, a.ty, low, Val::C(0));
        }
        let (va, vb) = self.pair(a, b);
        self.at(e.span);
        self.compare_values(op, a.ty, va, vb)
    }

    fn compare_values(&mut self, op: CmpOp, t: TypeId, va: Val, vb: Val) -> Test {
        let l = self.layout(t);
        let eq_result = |d: Reg| Test::On(if op == CmpOp::Ne { Cond::False(d) } else { Cond::True(d) });
        match &l.class {
            Class::Bool | Class::Int(_) | Class::Ptr | Class::Chan(_) | Class::Map(..) | Class::Func => {
                let signed = matches!(l.class, Class::Int(t) if t.signed());
                let cc = int_cc(op, signed);
                match (va, vb) {
                    (Val::C(x), Val::C(y)) => Test::Known(cc.eval(x, y)),
                    (Val::C(x), Val::R(y)) => Test::On(self.int_cond(cc.swapped(), y, Val::C(x))),
                    (Val::R(x), y) => Test::On(self.int_cond(cc, x, y)),
                }
            }
            Class::F64 | Class::F32 => {
                let single = matches!(l.class, Class::F32);
                if let (Val::C(x), Val::C(y)) = (va, vb) {
                    let f = |c: i64| {
                        if single { f64::from(f32::from_bits(c as u32)) } else { f64::from_bits(c as u64) }
                    };
                    return Test::Known(eval_float(op, f(x), f(y)));
                }
                let (x, y) = (self.reg_of(va), self.reg_of(vb));
                Test::On(match op {
                    CmpOp::Eq => Cond::Float(Fc::Eq, single, x, y),
                    CmpOp::Ne => Cond::Float(Fc::Ne, single, x, y),
                    CmpOp::Lt => Cond::Float(Fc::Lt, single, x, y),
                    CmpOp::Le => Cond::Float(Fc::Le, single, x, y),
                    CmpOp::Gt => Cond::Float(Fc::Lt, single, y, x),
                    CmpOp::Ge => Cond::Float(Fc::Le, single, y, x),
                })
            }
            Class::Str => {
                let (x, y) = (self.reg_of(va), self.reg_of(vb));
                Test::On(match op {
                    CmpOp::Eq => Cond::Str(Cc::Eq, x, y),
                    CmpOp::Ne => Cond::Str(Cc::Ne, x, y),
                    CmpOp::Lt => Cond::Str(Cc::Lt, x, y),
                    CmpOp::Le => Cond::Str(Cc::Le, x, y),
                    CmpOp::Gt => Cond::Str(Cc::Lt, y, x),
                    CmpOp::Ge => Cond::Str(Cc::Le, y, x),
                })
            }
            Class::C64 | Class::C128 => {
                let (x, y) = (self.reg_of(va), self.reg_of(vb));
                let d = self.word();
                let o = if l.slots == 2 { Op::ceq } else { Op::deq };
                self.emit(o, &[d.into(), x.into(), y.into()]);
                eq_result(d)
            }
            Class::Iface(empty) => {
                let (x, y) = (self.reg_of(va), self.reg_of(vb));
                let d = self.word();
                self.emit(if *empty { Op::ifeq } else { Op::ifeqi }, &[d.into(), x.into(), y.into()]);
                eq_result(d)
            }
            _ if l.size == 0 => Test::Known(op == CmpOp::Eq),
            _ => {
                let (x, y) = (self.reg_of(va), self.reg_of(vb));
                let d = self.word();
                let ix = self.cx.type_ix(t);
                self.emit(Op::regeq, &[d.into(), x.into(), y.into(), ix.into()]);
                eq_result(d)
            }
        }
    }

    /// Comparison of a register with a value; constants that fit no immediate become registers.
    pub(super) fn int_cond(&mut self, cc: Cc, x: Reg, y: Val) -> Cond {
        match y {
            Val::R(y) => Cond::Int(cc, x, Opd::R(y)),
            Val::C(c) => {
                let unsigned = matches!(cc, Cc::Ltu | Cc::Leu | Cc::Gtu | Cc::Geu);
                let fits = if unsigned { u16::try_from(c).is_ok() } else { i16::try_from(c).is_ok() };
                if fits {
                    return Cond::Int(cc, x, Opd::C(c));
                }
                let r = self.reg_of(Val::C(c));
                Cond::Int(cc, x, Opd::R(r))
            }
        }
    }

    /// A boolean expression as a value.
    pub(super) fn bool_value(&mut self, e: &'p Expr, want: Option<Reg>) -> Val {
        match &e.kind {
            ExprKind::And(..) | ExprKind::Or(..) | ExprKind::MapIterNext(_) => return self.by_branches(e, want),
            _ => {}
        }
        match self.test(e) {
            Test::Known(b) => Val::C(i64::from(b)),
            Test::On(c) => self.cond_value(c, want),
        }
    }

    fn by_branches(&mut self, e: &'p Expr, want: Option<Reg>) -> Val {
        let d = want.unwrap_or_else(|| self.word());
        let (yes, no, done) = (self.f.block(), self.f.block(), self.f.block());
        self.cond(e, yes, no);
        self.start(yes);
        self.set_const(d, 1);
        self.jump(done);
        self.start(no);
        self.set_const(d, 0);
        self.start(done);
        Val::R(d)
    }

    /// A condition as 0 or 1.
    fn cond_value(&mut self, c: Cond, want: Option<Reg>) -> Val {
        if let Cond::True(r) = c {
            return Val::R(r);
        }
        let d = want.unwrap_or_else(|| self.word());
        let three = |b: &mut Self, o: Op, x: Reg, y: Reg| {
            b.emit(o, &[d.into(), x.into(), y.into()]);
            Val::R(d)
        };
        let with_imm = |b: &mut Self, o: Op, x: Reg, y: i64| {
            b.emit(o, &[d.into(), x.into(), Arg::I(y)]);
            Val::R(d)
        };
        match c {
            Cond::True(r) => Val::R(r),
            Cond::False(r) => {
                self.emit(Op::notb, &[d.into(), r.into()]);
                Val::R(d)
            }
            Cond::Int(cc, x, y) => {
                if let (Opd::C(y), Some(o)) = (y, cc.op_imm()) {
                    return with_imm(self, o, x, y);
                }
                let y = match y {
                    Opd::R(y) => y,
                    Opd::C(y) => self.reg_of(Val::C(y)),
                };
                let (o, swap) = cc.op();
                if swap { three(self, o, y, x) } else { three(self, o, x, y) }
            }
            Cond::Float(fc, single, x, y) => {
                let (o, neg) = match (fc, single) {
                    (Fc::Eq, false) => (Op::feq, false),
                    (Fc::Ne, false) => (Op::fne, false),
                    (Fc::Lt, false) => (Op::flt, false),
                    (Fc::Le, false) => (Op::fle, false),
                    (Fc::Nlt, false) => (Op::flt, true),
                    (Fc::Nle, false) => (Op::fle, true),
                    (Fc::Eq, true) => (Op::geq, false),
                    (Fc::Ne, true) => (Op::gne, false),
                    (Fc::Lt, true) => (Op::glt, false),
                    (Fc::Le, true) => (Op::gle, false),
                    (Fc::Nlt, true) => (Op::glt, true),
                    (Fc::Nle, true) => (Op::gle, true),
                };
                three(self, o, x, y);
                if neg {
                    self.emit(Op::notb, &[d.into(), d.into()]);
                }
                Val::R(d)
            }
            Cond::Str(cc, x, y) => {
                let o = match cc {
                    Cc::Eq => Op::seq,
                    Cc::Ne => Op::sne,
                    Cc::Lt => Op::slt,
                    _ => Op::sle,
                };
                three(self, o, x, y)
            }
            Cond::StrConst(eq, x, at, len) => {
                let y = self.const_reg(super::ConstKey::Str(at, len));
                three(self, if eq { Op::seq } else { Op::sne }, x, y)
            }
            Cond::Type(eq, x, t) => {
                let y = self.const_reg(super::ConstKey::Type(t));
                three(self, if eq { Op::eq } else { Op::ne }, x, y)
            }
        }
    }
}
