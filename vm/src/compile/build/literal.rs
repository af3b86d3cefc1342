//! Composite literals and `new`: values in registers, or filled in place in fresh memory; runs of constants are copied
//! from static data.

use gol_lang::typed::{Const, Expr, ExprKind};
use gol_lang::types::TypeId;

use super::place::Place;
use super::{Builder, Val};
use crate::bytecode::ops::Op;
use crate::compile::layout::Class;
use crate::ir::{Arg, Reg};

/// Constant elements from which copying an image pays.
const IMAGE_MIN: usize = 4;

impl<'c, 'p> Builder<'c, 'p> {
    pub(super) fn struct_lit(&mut self, fields: &'p [(u32, Expr)], want: Option<Reg>, e: &'p Expr) -> Val {
        let l = self.layout(e.ty);
        let Class::Struct(layout) = &l.class else { return Val::C(0) };
        let d = self.dst(want, e.ty);
        // Whatever is not written slot by slot starts as zero.
        let mut covered = 0u64;
        for (i, x) in fields {
            let (ft, _) = layout[*i as usize];
            let fl = self.layout(ft);
            if !fl.packed() && fl.size.is_multiple_of(8) && !matches!(x.kind, ExprKind::Zero) {
                covered += fl.size;
            }
        }
        if covered < u64::from(l.slots) * 8 {
            self.zero(d);
        }
        for (i, x) in fields {
            let (ft, off) = layout[*i as usize];
            if matches!(x.kind, ExprKind::Zero) && covered < u64::from(l.slots) * 8 {
                continue;
            }
            let p = self.part(Place::Reg(d), e.ty, off, ft);
            self.init(&p, x);
        }
        Val::R(d)
    }

    /// Evaluates into a place nobody has seen yet.
    fn init(&mut self, p: &Place, x: &'p Expr) {
        match p {
            Place::Reg(r) if r.n > 0 => self.to(x, *r),
            _ => {
                let v = self.gen_(x, None);
                self.at(x.span);
                self.store(p, x.ty, v);
            }
        }
    }

    pub(super) fn array_lit(&mut self, xs: &'p [(u64, Expr)], want: Option<Reg>, e: &'p Expr) -> Val {
        let l = self.layout(e.ty);
        let Class::Array(elem, len) = l.class else { return Val::C(0) };
        let d = self.dst(want, e.ty);
        let el = self.layout(elem);
        let whole = el.size.is_multiple_of(8) && !el.packed() && xs.len() as u64 == len;
        if let Some(bytes) = self.const_image(xs, elem, l.size.next_multiple_of(8)) {
            let at = self.cx.image(&bytes);
            let s = self.f.vreg(2, crate::ir::Mask::PTR, false);
            self.emit(Op::ldstr, &[s.into(), at.into(), (bytes.len() as u32).into()]);
            self.emit(Op::ldn, &[d.into(), s.sub(0, 1).into(), Arg::I(0), (bytes.len() as u32).into()]);
        } else if !whole {
            self.zero(d);
        }
        let image = xs.len() >= IMAGE_MIN && self.image_able(elem);
        for (i, x) in xs {
            if image && matches!(x.kind, ExprKind::Const(_)) || (!whole && matches!(x.kind, ExprKind::Zero)) {
                continue;
            }
            let p = self.part(Place::Reg(d), e.ty, i * el.size, elem);
            self.init(&p, x);
        }
        Val::R(d)
    }

    /// Element types whose constants can be put into static data.
    fn image_able(&self, elem: TypeId) -> bool {
        matches!(self.layout(elem).class, Class::Bool | Class::Int(_) | Class::F32 | Class::F64)
    }

    /// The bytes of the constant elements, zero elsewhere; `None` if there are too few to bother.
    fn const_image(&self, xs: &'p [(u64, Expr)], elem: TypeId, size: u64) -> Option<Vec<u8>> {
        if xs.len() < IMAGE_MIN || !self.image_able(elem) || size > 1 << 30 {
            return None;
        }
        let n = xs.iter().filter(|x| matches!(x.1.kind, ExprKind::Const(_))).count();
        if n < IMAGE_MIN {
            // The others rely on the same decision: none of the few is skipped then.
            return if n == 0 { None } else { Some(self.bytes_of(xs, elem, size)) };
        }
        Some(self.bytes_of(xs, elem, size))
    }

    fn bytes_of(&self, xs: &'p [(u64, Expr)], elem: TypeId, size: u64) -> Vec<u8> {
        let l = self.layout(elem);
        let mut bytes = vec![0; size as usize];
        for (i, x) in xs {
            if let ExprKind::Const(c) = &x.kind
                && let Some(bits) = super::expr::const_bits(c, &l)
            {
                let (at, n) = ((i * l.size) as usize, l.size as usize);
                bytes[at..at + n].copy_from_slice(&bits.to_le_bytes()[..n]);
            }
        }
        bytes
    }

    /// Fills zeroed memory at `base + off` with a literal's value.
    pub(super) fn fill(&mut self, e: &'p Expr, base: Reg, off: u64) {
        match &e.kind {
            ExprKind::Zero => {}
            ExprKind::StructLit(fields) => {
                let l = self.layout(e.ty);
                let Class::Struct(layout) = &l.class else { return };
                for (i, x) in fields {
                    self.fill(x, base, off + layout[*i as usize].1);
                }
            }
            ExprKind::ArrayLit(xs) => {
                let l = self.layout(e.ty);
                let Class::Array(elem, _) = l.class else { return };
                self.fill_elements(xs, elem, base, off, l.size);
            }
            ExprKind::Retype(x) if matches!(x.kind, ExprKind::StructLit(_) | ExprKind::ArrayLit(_)) => {
                self.fill(x, base, off);
            }
            ExprKind::Const(Const::Str(s)) if s.is_empty() => {}
            _ => {
                let v = self.gen_(e, None);
                self.at(e.span);
                let l = self.layout(e.ty);
                if l.large {
                    self.store(&Place::Mem(base, off), e.ty, v);
                } else if l.size > 0 {
                    // Nothing is overwritten: the collector need not be told.
                    let s = self.reg_of(v);
                    self.store_mem(l.mem().first(), s, base, off);
                }
            }
        }
    }

    fn fill_elements(&mut self, xs: &'p [(u64, Expr)], elem: TypeId, base: Reg, off: u64, size: u64) {
        let el = self.layout(elem);
        let image = self.const_image(xs, elem, size);
        if let Some(bytes) = &image {
            let at = self.cx.image(bytes);
            let s = self.f.vreg(2, crate::ir::Mask::PTR, false);
            self.emit(Op::ldstr, &[s.into(), at.into(), (bytes.len() as u32).into()]);
            let to = if off == 0 {
                base
            } else {
                let p = self.ptr();
                self.emit(Op::leax, &[p.into(), base.into(), off.into()]);
                p
            };
            self.emit(Op::memcopy, &[to.into(), s.sub(0, 1).into(), (bytes.len() as u32).into()]);
        }
        for (i, x) in xs {
            if image.is_some() && matches!(x.kind, ExprKind::Const(_)) {
                continue;
            }
            self.fill(x, base, off + i * el.size);
        }
    }

    /// `new(T)`, `&T{...}`.
    pub(super) fn new_value(&mut self, x: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let l = self.layout(x.ty);
        let inner = match &x.kind {
            ExprKind::Retype(y) => y,
            _ => x,
        };
        let literal = matches!(inner.kind, ExprKind::StructLit(_) | ExprKind::ArrayLit(_));
        if literal || matches!(x.kind, ExprKind::Zero) {
            // Not the destination: the literal's parts may read it.
            let d = if literal { self.ptr() } else { want.unwrap_or_else(|| self.ptr()) };
            self.at(e.span);
            self.new_cell(x.ty, None, d);
            self.fill(inner, d, 0);
            return Val::R(d);
        }
        let v = self.gen_(x, None);
        self.at(e.span);
        let r = self.reg_of(v);
        let d = want.unwrap_or_else(|| self.ptr());
        if l.large {
            let p = self.ptr();
            self.new_cell(x.ty, None, p);
            self.copy_mem(x.ty, p, r);
            self.mov(d, p);
            return Val::R(d);
        }
        self.new_cell(x.ty, Some(r), d);
        Val::R(d)
    }

    pub(super) fn slice_lit(&mut self, n: u64, xs: &'p [(u64, Expr)], want: Option<Reg>, e: &'p Expr) -> Val {
        let Class::Slice(elem) = self.layout(e.ty).class else { return Val::C(0) };
        let d = if xs.is_empty() { self.dst(want, e.ty) } else { self.temp(e.ty) };
        self.at(e.span);
        let len = self.word();
        self.set_const(len, n as i64);
        self.emit_mkslice(d, elem, len, len);
        let size = self.layout(elem).size * n;
        self.fill_elements(xs, elem, d.sub(0, 1), 0, size);
        Val::R(d)
    }

    pub(super) fn map_lit(&mut self, xs: &'p [(Expr, Expr)], want: Option<Reg>, e: &'p Expr) -> Val {
        let d = if xs.is_empty() { want.unwrap_or_else(|| self.ptr()) } else { self.ptr() };
        self.at(e.span);
        let n = self.word();
        self.set_const(n, xs.len() as i64);
        let ix = self.cx.type_ix(e.ty);
        self.emit(Op::mkmap, &[d.into(), n.into(), ix.into()]);
        for (k, v) in xs {
            let kr = self.runtime_form(k);
            let kr = match self.steady(Val::R(kr), &[v], k.ty) {
                Val::R(r) => r,
                Val::C(_) => kr,
            };
            let vv = self.gen_(v, None);
            self.at(k.span);
            self.store(&Place::Map { map: d, key: kr, ty: e.ty }, v.ty, vv);
        }
        Val::R(d)
    }
}
