//! Interfaces: making them, testing and unpacking them.

use gol_lang::typed::Expr;
use gol_lang::types::TypeId;

use super::{Builder, ConstKey, Val};
use crate::bytecode::ops::Op;
use crate::compile::layout::Class;
use crate::ir::{Cond, Reg};

impl<'c, 'p> Builder<'c, 'p> {
    fn is_empty_iface(&self, t: TypeId) -> bool {
        matches!(self.layout(t).class, Class::Iface(true))
    }

    fn is_iface(&self, t: TypeId) -> bool {
        matches!(self.layout(t).class, Class::Iface(_))
    }

    pub(super) fn make_interface(&mut self, x: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let l = self.layout(x.ty);
        let v = self.gen_(x, None);
        self.at(e.span);
        let d = match want {
            // Both words are written after the operand was read, unless it lies across the destination.
            Some(d) if !matches!(v, Val::R(r) if r.overlaps(d)) => d,
            _ => self.temp(e.ty),
        };
        let ix = self.cx.type_ix(x.ty);
        let (type_word, data) = (d.sub(0, 1), d.sub(1, 1));
        let inline = l.slots == 1 && !l.ptrs && l.size <= 8 && !l.large;
        if l.pointer_shaped(&self.cx.lay) || (inline && !matches!(l.class, Class::Struct(_) | Class::Array(..))) {
            self.put(data, v);
        } else if l.size == 0 {
            self.set_const(data, 0);
        } else if l.large {
            // A box of its own: fresh copies need no second one.
            let p = self.reg_of(v);
            self.new_cell(x.ty, Some(p), data);
        } else {
            let r = self.reg_of(v);
            self.emit(Op::mkidata, &[data.into(), r.into(), ix.into()]);
        }
        if self.is_empty_iface(e.ty) {
            self.emit(Op::ldtype, &[type_word.into(), ix.into()]);
        } else {
            let itab = self.cx.itab_ix(e.ty, x.ty);
            self.emit(Op::lditab, &[type_word.into(), itab.into()]);
        }
        Val::R(d)
    }

    pub(super) fn interface_to_interface(&mut self, x: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let r = self.reg(x);
        self.at(e.span);
        if x.ty == e.ty {
            return Val::R(r);
        }
        match (self.is_empty_iface(x.ty), self.is_empty_iface(e.ty)) {
            (true, true) => Val::R(r),
            (false, true) => {
                let d = match want {
                    Some(d) if d == r || !d.overlaps(r) => d,
                    _ => self.temp(e.ty),
                };
                self.emit(Op::iftype, &[d.sub(0, 1).into(), r.sub(0, 1).into()]);
                self.mov(d.sub(1, 1), r.sub(1, 1));
                Val::R(d)
            }
            _ => {
                let d = self.dst(want, e.ty);
                let (to, from) = (self.cx.type_ix(e.ty), self.cx.type_ix(x.ty));
                self.emit(Op::i2i, &[d.into(), r.into(), to.into(), from.into()]);
                Val::R(d)
            }
        }
    }

    /// The word of an interface value that names its dynamic type.
    fn type_word(&mut self, r: Reg, iface: TypeId) -> Reg {
        if self.is_empty_iface(iface) {
            return r.sub(0, 1);
        }
        let d = self.word();
        self.emit(Op::iftype, &[d.into(), r.sub(0, 1).into()]);
        d
    }

    /// Does the interface value hold (or implement) `t`?
    pub(super) fn type_test(&mut self, r: Reg, iface: TypeId, t: TypeId) -> Cond {
        if !self.is_iface(t) && !self.is_empty_iface(iface) {
            // The type words of non-empty interfaces are itabs, of which there is one per pair of types.
            let itab = self.cx.itab_ix_checked(iface, t);
            if let Some(itab) = itab {
                let k = self.const_reg(ConstKey::Itab(itab));
                return Cond::Int(crate::ir::Cc::Eq, r.sub(0, 1), crate::ir::Opd::R(k));
            }
        }
        let w = self.type_word(r, iface);
        let ix = self.cx.type_ix(t);
        if self.is_iface(t) {
            let d = self.word();
            self.emit(Op::implements, &[d.into(), w.into(), ix.into()]);
            return Cond::True(d);
        }
        Cond::Type(true, w, ix)
    }

    pub(super) fn type_assert(&mut self, x: &'p Expr, target: TypeId, want: Option<Reg>, e: &'p Expr) -> Val {
        let r = self.reg(x);
        let d = self.dst(want, target);
        self.at(e.span);
        let (to, from) = (self.cx.type_ix(target), self.cx.type_ix(x.ty));
        let op = if self.is_iface(target) { Op::asserti } else { Op::assert };
        self.emit(op, &[d.into(), r.into(), to.into(), from.into()]);
        Val::R(d)
    }

    /// Panics unless the value holds large type `target`, whose box is then the data word.
    pub(super) fn assert_large(&mut self, r: Reg, iface: TypeId, target: TypeId) {
        let cond = self.type_test(r, iface, target);
        let (ok, fail) = (self.f.block(), self.f.block());
        self.branch(cond, ok, fail);
        self.start(fail);
        let (to, from) = (self.cx.type_ix(target), self.cx.type_ix(iface));
        let never = self.image(target);
        self.emit(Op::assert, &[never.into(), r.into(), to.into(), from.into()]);
        self.end(crate::ir::Term::Stop);
        self.start(ok);
    }

    pub(super) fn type_assert_ok(
        &mut self,
        x: &'p Expr,
        target: TypeId,
        wants: &[Option<Reg>],
        e: &'p Expr,
    ) -> Vec<Val> {
        let r = self.reg(x);
        self.at(e.span);
        let (w0, w1) = (wants.first().copied().flatten(), wants.get(1).copied().flatten());
        let (to, from) = (self.cx.type_ix(target), self.cx.type_ix(x.ty));
        if self.layout(target).large {
            let cond = self.type_test(r, x.ty, target);
            let (d, ok) = (self.ptr(), self.word());
            let (yes, no, done) = (self.f.block(), self.f.block(), self.f.block());
            self.branch(cond, yes, no);
            self.start(yes);
            self.new_cell(target, Some(r.sub(1, 1)), d);
            self.set_const(ok, 1);
            self.jump(done);
            self.start(no);
            self.new_cell(target, None, d);
            self.set_const(ok, 0);
            self.start(done);
            return vec![Val::R(d), Val::R(ok)];
        }
        let ok = w1.unwrap_or_else(|| self.word());
        let d = self.dst(w0, target);
        let op = if self.is_iface(target) { Op::asserti2 } else { Op::assert2 };
        self.emit(op, &[d.into(), r.into(), ok.into(), to.into(), from.into()]);
        vec![Val::R(d), Val::R(ok)]
    }
}
