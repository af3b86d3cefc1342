//! Strings, slices, maps and channels: the built-in functions and operators over them.

use gol_lang::typed::{Const, Expr, ExprKind};
use gol_lang::types::{Type, TypeId};

use super::place::Place;
use super::{Builder, Val};
use crate::bytecode::PrintKind;
use crate::bytecode::ops::Op;
use crate::compile::layout::{Class, IntTy, Mem};
use crate::ir::{Arg, Mask, Reg, Term};

/// Key families that have operations of their own.
#[derive(Clone, Copy)]
enum KeyKind {
    Any,
    W64,
    W32,
    Str,
}

impl<'c, 'p> Builder<'c, 'p> {
    // ---- strings

    pub(super) fn concat(&mut self, xs: &'p [Expr], want: Option<Reg>, e: &'p Expr) -> Val {
        if let [a, b] = xs {
            let (va, vb) = self.pair(a, b);
            let (x, y) = (self.reg_of(va), self.reg_of(vb));
            let d = self.dst(want, e.ty);
            self.at(e.span);
            self.emit(Op::concat2, &[d.into(), x.into(), y.into()]);
            return Val::R(d);
        }
        // In bounded groups: a group is contiguous in the frame.
        let mut acc: Option<Reg> = None;
        for chunk in xs.chunks(60) {
            let n = chunk.len() + usize::from(acc.is_some());
            let mut mask = Mask::NONE;
            (0..n as u32).for_each(|i| mask.set(2 * i));
            let group = self.f.vreg(2 * n as u32, mask, false);
            let mut at = 0;
            if let Some(a) = acc {
                self.mov(group.sub(0, 2), a);
                at = 2;
            }
            for x in chunk {
                self.to(x, group.sub(at, 2));
                at += 2;
            }
            let d = self.temp(e.ty);
            self.at(e.span);
            self.emit(Op::concat, &[d.into(), group.into(), Arg::I(n as i64)]);
            acc = Some(d);
        }
        match (acc, want) {
            (Some(a), _) => Val::R(a),
            (None, want) => {
                let d = self.dst(want, e.ty);
                self.zero(d);
                Val::R(d)
            }
        }
    }

    pub(super) fn decode_rune(&mut self, s: &'p Expr, i: &'p Expr, wants: &[Option<Reg>], e: &'p Expr) -> Vec<Val> {
        let (vs, vi) = self.pair(s, i);
        let s = self.reg_of(vs);
        self.at(e.span);
        // (index, rune, next) of `rangestr`, started at the index.
        let t = self.f.vreg(3, Mask::NONE, false);
        self.put(t.sub(2, 1), vi);
        let next = self.f.block();
        let ins = crate::ir::Ins::new(Op::rangestr, self.pos, &[t.into(), s.into(), Arg::I(0)]);
        self.end(Term::Exit { ins, exit: next, next });
        self.start(next);
        let width = wants.get(1).copied().flatten().unwrap_or_else(|| self.word());
        self.emit(Op::sub, &[width.into(), t.sub(2, 1).into(), t.sub(0, 1).into()]);
        vec![Val::R(t.sub(1, 1)), Val::R(width)]
    }

    // ---- lengths

    pub(super) fn len(&mut self, x: &'p Expr, want: Option<Reg>) -> Val {
        if let ExprKind::Const(Const::Str(s)) = &x.kind {
            return Val::C(s.len() as i64);
        }
        let l = self.layout(x.ty);
        let op = match &l.class {
            Class::Str | Class::Slice(_) => return self.part_of(x, 1),
            Class::Map(..) => Op::maplen,
            Class::Chan(_) => Op::chlen,
            Class::Array(_, n) => {
                let n = *n;
                self.effect(x);
                return Val::C(n as i64);
            }
            _ => {
                // Pointer to array.
                let n = match self.layout(self.cx.pointee(x.ty)).class {
                    Class::Array(_, n) => n,
                    _ => 0,
                };
                self.effect(x);
                return Val::C(n as i64);
            }
        };
        let r = self.reg(x);
        self.at(x.span);
        let d = want.unwrap_or_else(|| self.word());
        self.emit(op, &[d.into(), r.into()]);
        Val::R(d)
    }

    /// Slot `i` of a string or slice: only that word is loaded if the operand is in memory.
    fn part_of(&mut self, x: &'p Expr, i: u32) -> Val {
        if matches!(x.kind, ExprKind::Deref(_) | ExprKind::Field(..) | ExprKind::Global(_) | ExprKind::Index(..)) {
            let p = self.place(x);
            self.at(x.span);
            let off = u64::from(i) * 8;
            match p {
                Place::Mem(b, o) => {
                    let d = self.word();
                    self.load_mem(Mem::W(false), d, b, o + off);
                    return Val::R(d);
                }
                Place::Global(g) => {
                    let d = self.word();
                    self.emit(Op::ldg_64, &[d.into(), (g + off as u32).into()]);
                    return Val::R(d);
                }
                p => {
                    let v = self.load(&p, x.ty, None);
                    let r = self.reg_of(v);
                    return Val::R(r.sub(i, 1));
                }
            }
        }
        let r = self.reg(x);
        Val::R(r.sub(i, 1))
    }

    pub(super) fn cap(&mut self, x: &'p Expr, want: Option<Reg>) -> Val {
        match self.layout(x.ty).class {
            Class::Slice(_) => self.part_of(x, 2),
            Class::Chan(_) => {
                let r = self.reg(x);
                let d = want.unwrap_or_else(|| self.word());
                self.emit(Op::chcap, &[d.into(), r.into()]);
                Val::R(d)
            }
            _ => self.len(x, want),
        }
    }

    // ---- slices

    pub(super) fn slice(&mut self, x: &'p Expr, bounds: [Option<&'p Expr>; 3], want: Option<Reg>, e: &'p Expr) -> Val {
        let mut es: Vec<&Expr> = vec![x];
        es.extend(bounds.into_iter().flatten());
        es[1..].iter().for_each(|b| self.note_unsigned(b, e));
        let vs = self.operands(&es);
        self.at(e.span);
        let r = self.reg_of(vs[0]);
        let (mut flags, mut at) = (0i64, 1);
        let mut args = [Reg::NONE; 3];
        for (i, b) in bounds.iter().enumerate() {
            if b.is_some() {
                flags |= 1 << i;
                args[i] = self.reg_of(vs[at]);
                at += 1;
            }
        }
        let d = self.dst(want, e.ty);
        // One bound only.
        match (flags, &self.layout(x.ty).class) {
            (1, Class::Slice(elem)) => {
                let n = self.layout(*elem).size;
                self.emit(Op::slice_from, &[d.into(), r.into(), args[0].into(), n.into()]);
                return Val::R(d);
            }
            (2, Class::Slice(_)) => {
                self.emit(Op::slice_to, &[d.into(), r.into(), args[1].into()]);
                return Val::R(d);
            }
            (1, Class::Str) => {
                self.emit(Op::str_from, &[d.into(), r.into(), args[0].into()]);
                return Val::R(d);
            }
            (2, Class::Str) => {
                self.emit(Op::str_to, &[d.into(), r.into(), args[1].into()]);
                return Val::R(d);
            }
            (0, Class::Slice(_) | Class::Str) => return Val::R(r),
            _ => {}
        }
        let [x0, x1, x2] = args;
        let size = |b: &Self, t: TypeId| b.layout(t).size;
        match self.layout(x.ty).class {
            Class::Str => self.emit(Op::slice_str, &[d.into(), r.into(), Arg::I(flags), x0.into(), x1.into()]),
            Class::Slice(elem) => {
                let n = size(self, elem);
                self.emit(Op::slice, &[d.into(), r.into(), Arg::I(flags), x0.into(), x1.into(), x2.into(), n.into()]);
            }
            _ => {
                let (elem, len) = match self.layout(self.cx.pointee(x.ty)).class {
                    Class::Array(elem, len) => (elem, len),
                    _ => (TypeId::UINT8, 0),
                };
                let n = size(self, elem);
                self.emit(
                    Op::slice_arr,
                    &[d.into(), r.into(), Arg::I(flags), x0.into(), x1.into(), x2.into(), n.into(), len.into()],
                );
            }
        }
        Val::R(d)
    }

    /// A length as a signed 64-bit register: unsigned ones beyond that range become negative, which is refused alike.
    fn length(&mut self, v: Val) -> Reg {
        self.reg_of(v)
    }

    /// `d` = a new slice of elements of type `elem`.
    pub(super) fn emit_mkslice(&mut self, d: Reg, elem: TypeId, len: Reg, cap: Reg) {
        let op = if self.cx.is_waited(elem) { Op::mkslice_noted } else { Op::mkslice };
        let ix = self.cx.type_ix(elem);
        self.emit(op, &[d.into(), len.into(), cap.into(), ix.into()]);
    }

    pub(super) fn make_slice(&mut self, n: &'p Expr, c: Option<&'p Expr>, want: Option<Reg>, e: &'p Expr) -> Val {
        let mut es = vec![n];
        es.extend(c);
        let vs = self.operands(&es);
        let n = self.length(vs[0]);
        let c = vs.get(1).map_or(n, |v| self.length(*v));
        let d = self.dst(want, e.ty);
        self.at(e.span);
        let Class::Slice(elem) = self.layout(e.ty).class else { return Val::R(d) };
        self.emit_mkslice(d, elem, n, c);
        Val::R(d)
    }

    pub(super) fn append(&mut self, s: &'p Expr, xs: &'p [Expr], want: Option<Reg>, e: &'p Expr) -> Val {
        let Class::Slice(elem) = self.layout(e.ty).class else { return Val::C(0) };
        let el = self.layout(elem);
        let ix = self.cx.type_ix(elem);
        match xs {
            [] => self.gen_(s, want),
            [x] if !el.large => {
                let (vs, vx) = self.pair(s, x);
                let (s, x) = (self.reg_of(vs), self.reg_of(vx));
                let d = self.dst(want, e.ty);
                self.at(e.span);
                let op = match el.mem() {
                    Mem::I8 | Mem::U8 => Op::append_8,
                    Mem::I16 | Mem::U16 => Op::append_16,
                    Mem::I32 | Mem::U32 => Op::append_32,
                    Mem::W(_) => Op::append_64,
                    Mem::W2(_) => Op::append_2,
                    Mem::W3(_) => Op::append_3,
                    _ => Op::append_n,
                };
                self.emit(op, &[d.into(), s.into(), x.into(), ix.into()]);
                Val::R(d)
            }
            _ => {
                // Values first, then the space for them, then the stores.
                let mut es: Vec<&Expr> = vec![s];
                es.extend(xs);
                let mut vs = self.operands(&es);
                self.at(e.span);
                let values = vs.split_off(1);
                let old = self.reg_of(vs[0]);
                let mut old_len = self.word();
                self.mov(old_len, old.sub(1, 1));
                let d = self.temp(e.ty);
                let mut from = old;
                for chunk in values.chunks(1024) {
                    self.emit(Op::append_grow, &[d.into(), from.into(), Arg::I(chunk.len() as i64), ix.into()]);
                    from = d;
                    if el.size > 0 {
                        // The new elements as memory behind the first of them.
                        let p = self.ptr();
                        self.emit(Op::eaddr, &[p.into(), d.sub(0, 2).into(), old_len.into(), el.size.into()]);
                        for (i, v) in chunk.iter().enumerate() {
                            self.store(&Place::Mem(p, i as u64 * el.size), elem, *v);
                        }
                    }
                    if values.len() > 1024 {
                        let next = self.word();
                        self.emit(Op::addi, &[next.into(), old_len.into(), Arg::I(chunk.len() as i64)]);
                        old_len = next;
                    }
                }
                Val::R(d)
            }
        }
    }

    pub(super) fn append_slice(&mut self, s: &'p Expr, t: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let Class::Slice(elem) = self.layout(e.ty).class else { return Val::C(0) };
        let (vs, vt) = self.pair(s, t);
        let (x, y) = (self.reg_of(vs), self.reg_of(vt));
        let d = self.dst(want, e.ty);
        self.at(e.span);
        let ix = self.cx.type_ix(elem);
        let op = if y.n == 2 { Op::append_str } else { Op::append_s };
        self.emit(op, &[d.into(), x.into(), y.into(), ix.into()]);
        Val::R(d)
    }

    pub(super) fn copy(&mut self, a: &'p Expr, b: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let (va, vb) = self.pair(a, b);
        let (x, y) = (self.reg_of(va), self.reg_of(vb));
        let d = want.unwrap_or_else(|| self.word());
        self.at(e.span);
        if y.n == 2 {
            self.emit(Op::copy_str, &[d.into(), x.into(), y.into()]);
        } else {
            let Class::Slice(elem) = self.layout(a.ty).class else { return Val::R(d) };
            let ix = self.cx.type_ix(elem);
            self.emit(Op::copy, &[d.into(), x.into(), y.into(), ix.into()]);
        }
        Val::R(d)
    }

    pub(super) fn unsafe_slice(&mut self, p: &'p Expr, n: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let (vp, vn) = self.pair(p, n);
        let l = self.layout(e.ty);
        // A destination may hold an operand.
        let d = self.f.vreg(l.slots, l.mask, false);
        self.put(d.sub(0, 1), vp);
        self.put(d.sub(1, 1), vn);
        let (elem, string) = match l.class {
            Class::Slice(elem) => (elem, 0),
            _ => (TypeId::BYTE, 1),
        };
        let ix = self.cx.type_ix(elem);
        self.at(e.span);
        self.emit(Op::chkunsafe, &[d.sub(0, 1).into(), d.sub(1, 1).into(), Arg::I(string), ix.into()]);
        if l.slots == 3 {
            self.mov(d.sub(2, 1), d.sub(1, 1));
        }
        match want {
            Some(w) => {
                self.mov(w, d);
                Val::R(w)
            }
            None => Val::R(d),
        }
    }

    // ---- maps

    fn key_kind(&self, map: TypeId) -> KeyKind {
        let key = match self.layout(map).class {
            Class::Map(k, _) => k,
            _ => return KeyKind::Any,
        };
        match self.layout(key).class {
            Class::Int(IntTy::I64 | IntTy::U64) => KeyKind::W64,
            Class::Int(IntTy::I32 | IntTy::U32) => KeyKind::W32,
            Class::Str => KeyKind::Str,
            _ => KeyKind::Any,
        }
    }

    fn map_op(&self, map: TypeId, ops: [Op; 4]) -> Op {
        match self.key_kind(map) {
            KeyKind::Any => ops[0],
            KeyKind::W64 => ops[1],
            KeyKind::W32 => ops[2],
            KeyKind::Str => ops[3],
        }
    }

    fn map_operands(&mut self, map: &'p Expr, key: &'p Expr) -> (Reg, Reg) {
        let m = self.gen_(map, None);
        let m = self.steady(m, &[key], map.ty);
        let m = self.reg_of(m);
        (m, self.runtime_form(key))
    }

    pub(super) fn map_index(&mut self, map: &'p Expr, key: &'p Expr, want: Option<Reg>, e: &'p Expr) -> Val {
        let (m, k) = self.map_operands(map, key);
        self.at(e.span);
        self.map_load(m, k, map.ty, e.ty, want)
    }

    pub(super) fn map_load(&mut self, m: Reg, k: Reg, ty: TypeId, elem: TypeId, want: Option<Reg>) -> Val {
        let d = self.dst(want, elem);
        let ix = self.cx.type_ix(ty);
        let op = self.map_op(ty, [Op::mapget, Op::mapget_64, Op::mapget_32, Op::mapget_str]);
        self.emit(op, &[d.into(), m.into(), k.into(), ix.into()]);
        Val::R(d)
    }

    pub(super) fn map_store(&mut self, m: Reg, k: Reg, ty: TypeId, v: Reg) {
        let ix = self.cx.type_ix(ty);
        let op = self.map_op(ty, [Op::mapset, Op::mapset_64, Op::mapset_32, Op::mapset_str]);
        self.emit(op, &[v.into(), m.into(), k.into(), ix.into()]);
    }

    /// Address of an element, inserted if absent.
    pub(super) fn map_ref(&mut self, m: Reg, k: Reg, ty: TypeId) -> Reg {
        let d = self.ptr();
        let ix = self.cx.type_ix(ty);
        let op = self.map_op(ty, [Op::mapref, Op::mapref_64, Op::mapref_32, Op::mapref_str]);
        self.emit(op, &[d.into(), m.into(), k.into(), ix.into()]);
        d
    }

    /// Address of a large element's value (a fresh zero one if absent), and whether it is there.
    pub(super) fn map_element(&mut self, m: Reg, k: Reg, ty: TypeId) -> (Reg, Reg) {
        let elem = match self.layout(ty).class {
            Class::Map(_, e) => e,
            _ => ty,
        };
        let (has, p) = (self.word(), self.ptr());
        let ix = self.cx.type_ix(ty);
        let op = self.map_op(ty, [Op::maphas, Op::maphas_64, Op::maphas_32, Op::maphas_str]);
        self.emit(op, &[has.into(), m.into(), k.into(), ix.into()]);
        let (yes, no, done) = (self.f.block(), self.f.block(), self.f.block());
        self.branch(crate::ir::Cond::True(has), yes, no);
        self.start(yes);
        let q = self.map_ref(m, k, ty);
        self.mov(p, q);
        self.jump(done);
        self.start(no);
        self.new_cell(elem, None, p);
        self.start(done);
        (p, has)
    }

    /// Address and presence of `map[key]` for large elements.
    pub(super) fn map_pointer(&mut self, map: &'p Expr, key: &'p Expr, e: &'p Expr) -> (Reg, Reg) {
        let (m, k) = self.map_operands(map, key);
        self.at(e.span);
        self.map_element(m, k, map.ty)
    }

    pub(super) fn map_index_ok(
        &mut self,
        map: &'p Expr,
        key: &'p Expr,
        wants: &[Option<Reg>],
        e: &'p Expr,
    ) -> Vec<Val> {
        let elem = match self.layout(map.ty).class {
            Class::Map(_, v) => v,
            _ => e.ty,
        };
        let (w0, w1) = (wants.first().copied().flatten(), wants.get(1).copied().flatten());
        if self.layout(elem).large {
            let (p, has) = self.map_pointer(map, key, e);
            let d = self.ptr();
            self.new_cell(elem, Some(p), d);
            return vec![Val::R(d), Val::R(has)];
        }
        let (m, k) = self.map_operands(map, key);
        self.at(e.span);
        let ix = self.cx.type_ix(map.ty);
        let ok = w1.unwrap_or_else(|| self.word());
        let d = self.dst(w0, elem);
        if d.n == 0 {
            let op = self.map_op(map.ty, [Op::maphas, Op::maphas_64, Op::maphas_32, Op::maphas_str]);
            self.emit(op, &[ok.into(), m.into(), k.into(), ix.into()]);
            return vec![Val::R(d), Val::R(ok)];
        }
        let op = self.map_op(map.ty, [Op::mapget2, Op::mapget2_64, Op::mapget2_32, Op::mapget2_str]);
        self.emit(op, &[d.into(), m.into(), k.into(), ix.into(), ok.into()]);
        vec![Val::R(d), Val::R(ok)]
    }

    pub(super) fn delete(&mut self, map: &'p Expr, key: &'p Expr, e: &'p Expr) {
        let (m, k) = self.map_operands(map, key);
        self.at(e.span);
        let ix = self.cx.type_ix(map.ty);
        let op = self.map_op(map.ty, [Op::mapdel, Op::mapdel_64, Op::mapdel_32, Op::mapdel_str]);
        self.emit(op, &[m.into(), k.into(), ix.into()]);
    }

    pub(super) fn make_map(&mut self, n: Option<&'p Expr>, want: Option<Reg>, e: &'p Expr) -> Val {
        let n = match n {
            Some(n) => self.gen_(n, None),
            None => Val::C(0),
        };
        let n = self.reg_of(n);
        let d = want.unwrap_or_else(|| self.ptr());
        self.at(e.span);
        let ix = self.cx.type_ix(e.ty);
        self.emit(Op::mkmap, &[d.into(), n.into(), ix.into()]);
        Val::R(d)
    }

    // ---- channels

    pub(super) fn make_chan(&mut self, n: Option<&'p Expr>, want: Option<Reg>, e: &'p Expr) -> Val {
        let n = match n {
            Some(n) => self.gen_(n, None),
            None => Val::C(0),
        };
        let n = self.reg_of(n);
        let d = want.unwrap_or_else(|| self.ptr());
        self.at(e.span);
        let ix = self.cx.type_ix(e.ty);
        self.emit(Op::mkchan, &[d.into(), n.into(), ix.into()]);
        Val::R(d)
    }

    pub(super) fn recv_ok(&mut self, ch: &'p Expr, wants: &[Option<Reg>], e: &'p Expr) -> Vec<Val> {
        let elem = match self.layout(ch.ty).class {
            Class::Chan(t) => t,
            _ => e.ty,
        };
        let c = self.reg(ch);
        self.at(e.span);
        let ix = self.cx.type_ix(elem);
        let ok = wants.get(1).copied().flatten().unwrap_or_else(|| self.word());
        if self.layout(elem).large {
            let img = self.image(elem);
            self.emit(Op::recv2, &[img.into(), c.into(), ok.into(), ix.into()]);
            let p = self.unpack_image(elem, img);
            return vec![Val::R(p), Val::R(ok)];
        }
        let d = self.dst(wants.first().copied().flatten(), elem);
        self.emit(Op::recv2, &[d.into(), c.into(), ok.into(), ix.into()]);
        vec![Val::R(d), Val::R(ok)]
    }

    // ---- print

    pub(super) fn print(&mut self, newline: bool, xs: &'p [Expr], e: &'p Expr) {
        let es: Vec<&Expr> = xs.iter().collect();
        let vs = self.operands(&es);
        self.at(e.span);
        let none = Reg { v: self.f.vreg(1, Mask::NONE, false).v, off: 0, n: 1 };
        for (i, (v, x)) in vs.into_iter().zip(xs).enumerate() {
            if newline && i > 0 {
                self.emit(Op::print, &[none.into(), Arg::I(PrintKind::Space as i64)]);
            }
            let r = self.reg_of(v);
            let kind = match self.layout(x.ty).class {
                Class::Bool => PrintKind::Bool,
                Class::Int(t) if t.signed() => PrintKind::Int,
                Class::Int(_) => PrintKind::Uint,
                Class::F64 => PrintKind::Float,
                Class::F32 => PrintKind::Float32,
                Class::C128 => PrintKind::Complex,
                Class::C64 => PrintKind::Complex64,
                Class::Str => PrintKind::Str,
                Class::Slice(_) => PrintKind::Slice,
                Class::Iface(_) => PrintKind::Iface,
                _ => PrintKind::Ptr,
            };
            self.emit(Op::print, &[r.into(), Arg::I(kind as i64)]);
        }
        if newline {
            self.emit(Op::print, &[none.into(), Arg::I(PrintKind::Newline as i64)]);
        }
    }

    /// The type a channel or map type's element has, for callers that only have the composite.
    pub(super) fn elem_of(&self, t: TypeId) -> TypeId {
        match self.cx.program.types.under_type(t) {
            Type::Chan { elem, .. } | Type::Map { elem, .. } | Type::Slice(elem) | Type::Array { elem, .. } => elem,
            Type::Pointer(e) => e,
            _ => t,
        }
    }
}
