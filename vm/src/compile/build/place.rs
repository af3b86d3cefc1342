//! Places: where assignable expressions live, and how they are read, written and addressed.

use gol_lang::typed::{Expr, ExprKind};
use gol_lang::types::TypeId;

use super::{Builder, ConstKey, Loc, Val};
use crate::bytecode::ops::Op;
use crate::compile::layout::{Class, Layout, Mem};
use crate::ir::{Arg, Reg};

/// Where a value can be read from or written to; operands are evaluated.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Whole slots of a register group.
    Reg(Reg),
    /// Bytes within a register group: (group part, byte offset from its first slot).
    Frame(Reg, u32),
    /// Element of an array that starts at a byte of a register group, by index register.
    FrameElem { group: Reg, byte: u32, index: Reg, len: u64, elem: TypeId },
    /// Part of something that can only be moved as a whole: `inner` lies in the copy at `copy`.
    Part { outer: Box<Place>, ty: TypeId, copy: Reg, inner: Box<Place> },
    /// Memory.
    Mem(Reg, u64),
    /// Byte offset in the globals.
    Global(u32),
    /// Element of a slice or string.
    Elem { slice: Reg, index: Val, elem: TypeId },
    /// Element of an array in memory, by index register.
    Array { base: Reg, index: Reg, len: u64, elem: TypeId },
    /// Element of an array among the globals, by index register.
    GlobalArray { at: u32, index: Reg, len: u64, elem: TypeId },
    /// Map element: map, key, map type.
    Map { map: Reg, key: Reg, ty: TypeId },
    /// One-word variable behind a captured word; pointer?
    Captured(u32, bool),
    /// A value that is nowhere in particular.
    Value(Val),
}

/// Byte operand: offset from the start of the virtual register.
fn byte(r: Reg, at: u32) -> Arg {
    Arg::R(Reg { v: r.v, off: (u32::from(r.off) * 8 + at) as u16, n: r.n })
}

impl<'c, 'p> Builder<'c, 'p> {
    /// Evaluates the operands of a place expression. Other expressions are evaluated to values.
    pub(super) fn place(&mut self, e: &'p Expr) -> Place {
        match &e.kind {
            ExprKind::Local(id) => match self.scope.locals[id.index()] {
                Loc::Reg(r) => Place::Reg(r),
                Loc::Cell(c) => Place::Mem(c, 0),
                Loc::Const(c) => Place::Value(Val::C(c)),
                Loc::CapturedCell(word, ptr) => Place::Captured(word, ptr),
                Loc::Captured(_) => {
                    let v = self.gen_(e, None);
                    match v {
                        Val::R(r) => Place::Reg(r),
                        c => Place::Value(c),
                    }
                }
                Loc::None => {
                    let storage = self.scope.func.locals[id.index()].storage;
                    let r = self.declare(*id, self.local_ty(*id), storage);
                    match self.scope.locals[id.index()] {
                        Loc::Cell(c) => Place::Mem(c, 0),
                        _ => Place::Reg(r),
                    }
                }
            },
            ExprKind::Global(g) => Place::Global(self.cx.globals[g.index()]),
            ExprKind::Deref(p) => {
                let r = self.reg(p);
                Place::Mem(r, 0)
            }
            ExprKind::Field(x, i) => {
                let base = self.place(x);
                let l = self.layout(x.ty);
                let Class::Struct(fields) = &l.class else { return base };
                let (ft, off) = fields[*i as usize];
                self.at(e.span);
                self.part(base, x.ty, off, ft)
            }
            ExprKind::Index(x, i) => self.index_place(x, i, e),
            ExprKind::MapIndex { map, key, .. } => {
                let m = self.reg(map);
                let m = match self.steady(Val::R(m), &[key], map.ty) {
                    Val::R(m) => m,
                    Val::C(_) => m,
                };
                let k = self.runtime_form(key);
                Place::Map { map: m, key: k, ty: map.ty }
            }
            ExprKind::Retype(x) if self.layout(x.ty).size == self.layout(e.ty).size => self.place(x),
            _ => {
                if self.layout(e.ty).large {
                    let (p, _) = self.gen_large(e);
                    return Place::Mem(p, 0);
                }
                match self.gen_(e, None) {
                    Val::R(r) if r.n > 1 => Place::Reg(r),
                    v => match (v, self.layout(e.ty).packed()) {
                        (Val::R(r), _) => Place::Reg(r),
                        (v, _) => Place::Value(v),
                    },
                }
            }
        }
    }

    fn index_place(&mut self, x: &'p Expr, i: &'p Expr, e: &'p Expr) -> Place {
        self.note_unsigned(i, e);
        let l = self.layout(x.ty);
        match &l.class {
            Class::Array(elem, len) => {
                let (elem, len) = (*elem, *len);
                let base = self.place(x);
                let index = match self.place_index(i) {
                    Val::C(c) if (c as u64) < len => {
                        let size = self.layout(elem).size;
                        self.at(e.span);
                        return self.part(base, x.ty, c as u64 * size, elem);
                    }
                    v => self.reg_of(v),
                };
                self.at(e.span);
                match base {
                    Place::Reg(r) => Place::FrameElem { group: r, byte: 0, index, len, elem },
                    Place::Frame(r, b) => Place::FrameElem { group: r, byte: b, index, len, elem },
                    Place::Mem(base, 0) => Place::Array { base, index, len, elem },
                    Place::Global(at) => Place::GlobalArray { at, index, len, elem },
                    Place::Mem(..)
                    | Place::Captured(..)
                    | Place::Elem { .. }
                    | Place::Array { .. }
                    | Place::GlobalArray { .. } => {
                        let base = self.addr(&base, x.ty, None);
                        Place::Array { base, index, len, elem }
                    }
                    other @ Place::Map { .. } if l.large => {
                        let base = self.load_copy(&other, x.ty);
                        Place::Array { base, index, len, elem }
                    }
                    other => {
                        let copy = self.load_copy(&other, x.ty);
                        let inner = Place::FrameElem { group: copy, byte: 0, index, len, elem };
                        Place::Part { outer: Box::new(other), ty: x.ty, copy, inner: Box::new(inner) }
                    }
                }
            }
            _ => {
                let elem = match l.class {
                    Class::Slice(e) => e,
                    _ => TypeId::UINT8,
                };
                let s = self.reg(x);
                let s = match self.steady(Val::R(s), &[i], x.ty) {
                    Val::R(s) => s,
                    Val::C(_) => s,
                };
                let index = self.place_index(i);
                self.at(e.span);
                Place::Elem { slice: s, index, elem }
            }
        }
    }

    /// An index value.
    fn place_index(&mut self, i: &'p Expr) -> Val {
        self.gen_(i, None)
    }

    /// Reads a place into a fresh register of its own.
    fn load_copy(&mut self, p: &Place, t: TypeId) -> Reg {
        let d = self.temp(t);
        let v = self.load(p, t, Some(d));
        if v != Val::R(d) {
            self.put(d, v);
        }
        d
    }

    /// The part of type `t` at byte `off` of a place of type `whole`.
    pub(super) fn part(&mut self, base: Place, whole: TypeId, off: u64, t: TypeId) -> Place {
        let l = self.layout(t);
        match base {
            Place::Reg(r) => self.frame_part(r, off as u32, &l),
            Place::Frame(r, b) => self.frame_part(r, b + off as u32, &l),
            Place::Mem(r, o) => Place::Mem(r, o + off),
            Place::Captured(..) => {
                let p = self.addr(&base, whole, None);
                Place::Mem(p, off)
            }
            Place::Global(g) => Place::Global(g + off as u32),
            Place::Elem { .. } | Place::Array { .. } | Place::GlobalArray { .. } => {
                let p = self.addr(&base, whole, None);
                Place::Mem(p, off)
            }
            Place::Part { outer, ty, copy, inner } => {
                let inner = self.part(*inner, whole, off, t);
                Place::Part { outer, ty, copy, inner: Box::new(inner) }
            }
            Place::Value(Val::R(r)) => self.frame_part(r, off as u32, &l),
            Place::Value(v) => {
                let d = self.temp(whole);
                self.put(d, v);
                self.frame_part(d, off as u32, &l)
            }
            Place::Map { .. } if self.layout(whole).large => {
                // A large value is held by its address; an element of a map can only be read in part.
                let copy = self.load_copy(&base, whole);
                Place::Mem(copy, off)
            }
            Place::FrameElem { .. } | Place::Map { .. } => {
                let copy = self.load_copy(&base, whole);
                let inner = self.frame_part(copy, off as u32, &l);
                Place::Part { outer: Box::new(base), ty: whole, copy, inner: Box::new(inner) }
            }
        }
    }

    fn frame_part(&mut self, r: Reg, byte: u32, l: &Layout) -> Place {
        // A one-slot scalar seen as a struct of itself keeps its canonical form only in the packed sense: parts narrower
        // than a slot go through typed frame access.
        if byte.is_multiple_of(8) && !l.packed() && l.size.is_multiple_of(8) {
            Place::Reg(r.sub(byte / 8, l.slots))
        } else {
            Place::Frame(r, byte)
        }
    }

    // ---- reading

    /// Reads a place of type `t`.
    pub(super) fn load(&mut self, p: &Place, t: TypeId, want: Option<Reg>) -> Val {
        let l = self.layout(t);
        if l.large {
            let a = self.addr(p, t, None);
            return Val::R(a);
        }
        match p {
            Place::Reg(r) => Val::R(*r),
            Place::Value(v) => *v,
            Place::Frame(r, b) => self.load_frame(*r, *b, &l, want, t),
            Place::Part { inner, .. } => self.load(inner, t, want),
            _ if l.size == 0 && !matches!(p, Place::Map { .. }) => {
                self.touch(p);
                Val::R(self.f.vreg(0, l.mask, false))
            }
            Place::Mem(base, off) => {
                let d = self.dst(want, t);
                self.load_mem(l.mem(), d, *base, *off);
                Val::R(d)
            }
            Place::Global(at) => {
                let d = self.dst(want, t);
                let at = Arg::from(*at);
                let o = match l.mem() {
                    Mem::Zero => return Val::R(d),
                    Mem::I8 => Op::ldg_i8,
                    Mem::U8 => Op::ldg_u8,
                    Mem::I16 => Op::ldg_i16,
                    Mem::U16 => Op::ldg_u16,
                    Mem::I32 => Op::ldg_i32,
                    Mem::U32 => Op::ldg_u32,
                    Mem::W(_) => Op::ldg_64,
                    Mem::W2(_) => Op::ldg2,
                    Mem::W3(_) => Op::ldg3,
                    Mem::N(n, _) => {
                        self.emit(Op::ldgn, &[d.into(), at, n.into()]);
                        return Val::R(d);
                    }
                };
                self.emit(o, &[d.into(), at]);
                Val::R(d)
            }
            Place::Elem { slice, index, .. } => self.load_elem(*slice, *index, &l, t, want),
            Place::Array { base, index, len, elem } => {
                let o = match l.mem() {
                    _ if t != *elem => None,
                    Mem::I8 => Some(Op::lda_i8),
                    Mem::U8 => Some(Op::lda_u8),
                    Mem::I16 => Some(Op::lda_i16),
                    Mem::U16 => Some(Op::lda_u16),
                    Mem::I32 => Some(Op::lda_i32),
                    Mem::U32 => Some(Op::lda_u32),
                    Mem::W(_) => Some(Op::lda_64),
                    _ => None,
                };
                if let Some(o) = o {
                    let d = self.dst(want, t);
                    self.emit(o, &[d.into(), (*base).into(), (*index).into(), (*len).into()]);
                    return Val::R(d);
                }
                let a = self.addr(p, t, None);
                let d = self.dst(want, t);
                self.load_mem(l.mem(), d, a, 0);
                Val::R(d)
            }
            Place::GlobalArray { at, index, len, .. } => {
                let o = match l.mem() {
                    Mem::U8 => Some(Op::ldga_u8),
                    Mem::U32 => Some(Op::ldga_u32),
                    Mem::W(_) => Some(Op::ldga_64),
                    _ => None,
                };
                if let Some(o) = o {
                    let d = self.dst(want, t);
                    self.emit(o, &[d.into(), (*index).into(), (*at).into(), (*len).into()]);
                    return Val::R(d);
                }
                let q = self.global_array(p);
                self.load(&q, t, want)
            }
            Place::FrameElem { group, byte: b, index, len, .. } => {
                let d = self.dst(want, t);
                let args = [d.into(), byte(*group, *b), Arg::from(*index), Arg::from(*len)];
                let o = match l.mem() {
                    Mem::I8 => Op::ldf_i8,
                    Mem::U8 => Op::ldf_u8,
                    Mem::I16 => Op::ldf_i16,
                    Mem::U16 => Op::ldf_u16,
                    Mem::I32 => Op::ldf_i32,
                    Mem::U32 => Op::ldf_u32,
                    Mem::W(_) => Op::ldf_64,
                    _ => {
                        let size = l.size as u32;
                        self.emit(Op::ldf_n, &[args[0], args[1], args[2], args[3], size.into()]);
                        return Val::R(d);
                    }
                };
                self.emit(o, &args);
                Val::R(d)
            }
            Place::Map { map, key, ty } => self.map_load(*map, *key, *ty, t, want),
            Place::Captured(word, _) => {
                let d = self.dst(want, t);
                self.emit(Op::ldcapv_64, &[d.into(), (*word).into()]);
                Val::R(d)
            }
        }
    }

    /// Checks that a zero-size place exists (nil, bounds) without moving anything.
    fn touch(&mut self, p: &Place) {
        match p {
            Place::Mem(base, _) => self.emit(Op::nilchk, &[(*base).into()]),
            Place::Elem { slice, index, .. } => match *index {
                Val::C(c) if u32::try_from(c).is_ok() => {
                    self.emit(Op::boundi, &[slice.sub(1, 1).into(), Arg::I(c)]);
                }
                v => {
                    let i = self.reg_of(v);
                    self.emit(Op::bound, &[i.into(), slice.sub(1, 1).into()]);
                }
            },
            Place::Array { index, len, .. }
            | Place::GlobalArray { index, len, .. }
            | Place::FrameElem { index, len, .. } => {
                self.emit(Op::boundk, &[(*index).into(), (*len).min(u64::from(u32::MAX)).into()]);
            }
            Place::Part { inner, .. } => {
                let inner = inner.clone();
                self.touch(&inner);
            }
            _ => {}
        }
    }

    fn load_frame(&mut self, r: Reg, b: u32, l: &Layout, want: Option<Reg>, t: TypeId) -> Val {
        if l.size == 0 {
            return Val::R(self.f.vreg(0, l.mask, false));
        }
        let o = match l.mem() {
            Mem::I8 => Op::fget_i8,
            Mem::U8 => Op::fget_u8,
            Mem::I16 => Op::fget_i16,
            Mem::U16 => Op::fget_u16,
            Mem::I32 => Op::fget_i32,
            Mem::U32 => Op::fget_u32,
            _ if b.is_multiple_of(8) => return Val::R(r.sub(b / 8, l.slots)),
            _ => {
                let d = self.f.vreg(l.slots, l.mask, false);
                self.emit(Op::fcopy, &[byte(d, 0), byte(r, b), Arg::from(l.size)]);
                return Val::R(d);
            }
        };
        let d = self.dst(want, t);
        self.emit(o, &[d.into(), byte(r, b)]);
        Val::R(d)
    }

    fn load_elem(&mut self, s: Reg, index: Val, l: &Layout, t: TypeId, want: Option<Reg>) -> Val {
        let m = l.mem();
        if let Val::C(c) = index {
            let o = match m {
                Mem::I8 => Some(Op::ldxi_i8),
                Mem::U8 => Some(Op::ldxi_u8),
                Mem::I16 => Some(Op::ldxi_i16),
                Mem::U16 => Some(Op::ldxi_u16),
                Mem::I32 => Some(Op::ldxi_i32),
                Mem::U32 => Some(Op::ldxi_u32),
                Mem::W(_) => Some(Op::ldxi_64),
                Mem::W2(_) => Some(Op::ldxi2),
                _ => None,
            };
            if let (Some(o), true) = (o, u16::try_from(c).is_ok()) {
                let d = self.dst(want, t);
                self.emit(o, &[d.into(), s.sub(0, 2).into(), Arg::I(c)]);
                return Val::R(d);
            }
        }
        let i = self.reg_of(index);
        let d = self.dst(want, t);
        let o = match m {
            Mem::Zero => return Val::R(d),
            Mem::I8 => Op::ldx_i8,
            Mem::U8 => Op::ldx_u8,
            Mem::I16 => Op::ldx_i16,
            Mem::U16 => Op::ldx_u16,
            Mem::I32 => Op::ldx_i32,
            Mem::U32 => Op::ldx_u32,
            Mem::W(_) => Op::ldx_64,
            Mem::W2(_) => Op::ldx2,
            Mem::W3(_) => Op::ldx3,
            Mem::N(n, _) => {
                self.emit(Op::ldxn, &[d.into(), s.sub(0, 2).into(), i.into(), n.into()]);
                return Val::R(d);
            }
        };
        // a[i][j]: the row header just loaded need not be kept.
        if let Some(ins) = self.f.blocks[self.cur.0 as usize].ins.last()
            && !self.ended
            && ins.op == Op::ldx3
            && ins.reg(0) == (Reg { n: 3, ..s })
            && self.is_temp(s)
            && i.v != s.v
        {
            let two = match o {
                Op::ldx_i8 => Some(Op::ldxx_i8),
                Op::ldx_u8 => Some(Op::ldxx_u8),
                Op::ldx_i16 => Some(Op::ldxx_i16),
                Op::ldx_u16 => Some(Op::ldxx_u16),
                Op::ldx_i32 => Some(Op::ldxx_i32),
                Op::ldx_u32 => Some(Op::ldxx_u32),
                Op::ldx_64 => Some(Op::ldxx_64),
                _ => None,
            };
            if let Some(o) = two {
                let (rows, row) = (ins.reg(1), ins.reg(2));
                self.f.blocks[self.cur.0 as usize].ins.pop();
                self.emit(o, &[d.into(), rows.into(), row.into(), i.into()]);
                return Val::R(d);
            }
        }
        self.emit(o, &[d.into(), s.sub(0, 2).into(), i.into()]);
        Val::R(d)
    }

    /// A global array element as an element of an array in memory.
    fn global_array(&mut self, p: &Place) -> Place {
        let Place::GlobalArray { at, index, len, elem } = p else { return p.clone() };
        let base = self.const_reg(ConstKey::Global(*at));
        Place::Array { base, index: *index, len: *len, elem: *elem }
    }

    // ---- writing

    /// Writes a value of type `t`.
    pub(super) fn store(&mut self, p: &Place, t: TypeId, v: Val) {
        let l = self.layout(t);
        if l.large {
            let src = self.reg_of(v);
            if let Place::Map { map, key, ty } = p {
                let a = self.map_ref(*map, *key, *ty);
                return self.copy_mem(t, a, src);
            }
            let a = self.addr(p, t, None);
            return self.copy_mem(t, a, src);
        }
        match p {
            Place::Reg(r) => self.put(*r, v),
            Place::Value(_) => {}
            Place::Frame(r, b) => {
                let s = self.reg_of(v);
                let o = match l.mem() {
                    Mem::Zero => return,
                    Mem::I8 | Mem::U8 => Op::fput_8,
                    Mem::I16 | Mem::U16 => Op::fput_16,
                    Mem::I32 | Mem::U32 => Op::fput_32,
                    _ => {
                        self.emit(Op::fcopy, &[byte(*r, *b), byte(s, 0), Arg::from(l.size)]);
                        return;
                    }
                };
                self.emit(o, &[s.into(), byte(*r, *b)]);
            }
            Place::Part { outer, ty, copy, inner } => {
                self.store(inner, t, v);
                self.store(outer, *ty, Val::R(*copy));
            }
            Place::Map { map, key, ty } => {
                let s = self.reg_of(v);
                self.map_store(*map, *key, *ty, s);
            }
            _ if l.size == 0 => self.touch(p),
            Place::Captured(word, ptr) => {
                let s = self.reg_of(v);
                let op = if *ptr { Op::stcapv_64p } else { Op::stcapv_64 };
                self.emit(op, &[s.into(), (*word).into()]);
            }
            Place::Mem(base, off) => {
                let s = self.reg_of(v);
                self.store_mem(l.mem(), s, *base, *off);
            }
            Place::Global(at) => {
                let s = self.reg_of(v);
                let at = Arg::from(*at);
                let o = match l.mem() {
                    Mem::Zero => return,
                    Mem::I8 | Mem::U8 => Op::stg_8,
                    Mem::I16 | Mem::U16 => Op::stg_16,
                    Mem::I32 | Mem::U32 => Op::stg_32,
                    Mem::W(false) => Op::stg_64,
                    Mem::W(true) => Op::stg_64p,
                    Mem::W2(false) => Op::stg2,
                    Mem::W2(true) => Op::stg2p,
                    Mem::W3(false) => Op::stg3,
                    Mem::W3(true) => Op::stg3p,
                    Mem::N(n, ptrs) => {
                        let o = if ptrs { Op::stgnp } else { Op::stgn };
                        self.emit(o, &[s.into(), at, n.into()]);
                        return;
                    }
                };
                self.emit(o, &[s.into(), at]);
            }
            Place::Elem { slice, index, .. } => {
                let s = self.reg_of(v);
                self.store_elem(*slice, *index, &l, s);
            }
            Place::Array { base, index, len, elem } => {
                let s = self.reg_of(v);
                let o = match l.mem() {
                    _ if t != *elem => None,
                    Mem::I8 | Mem::U8 => Some(Op::sta_8),
                    Mem::I16 | Mem::U16 => Some(Op::sta_16),
                    Mem::I32 | Mem::U32 => Some(Op::sta_32),
                    Mem::W(false) => Some(Op::sta_64),
                    Mem::W(true) => Some(Op::sta_64p),
                    _ => None,
                };
                if let Some(o) = o {
                    self.emit(o, &[s.into(), (*base).into(), (*index).into(), (*len).into()]);
                    return;
                }
                let a = self.addr(p, t, None);
                self.store_mem(l.mem(), s, a, 0);
            }
            Place::GlobalArray { .. } => {
                let q = self.global_array(p);
                self.store(&q, t, v);
            }
            Place::FrameElem { group, byte: b, index, len, .. } => {
                let s = self.reg_of(v);
                let args = [s.into(), byte(*group, *b), Arg::from(*index), Arg::from(*len)];
                let o = match l.mem() {
                    Mem::I8 | Mem::U8 => Op::stf_8,
                    Mem::I16 | Mem::U16 => Op::stf_16,
                    Mem::I32 | Mem::U32 => Op::stf_32,
                    Mem::W(_) => Op::stf_64,
                    _ => {
                        let size = l.size as u32;
                        self.emit(Op::stf_n, &[args[0], args[1], args[2], args[3], size.into()]);
                        return;
                    }
                };
                self.emit(o, &args);
            }
        }
    }

    fn store_elem(&mut self, s: Reg, index: Val, l: &Layout, v: Reg) {
        let m = l.mem();
        if let Val::C(c) = index {
            let o = match m {
                Mem::I8 | Mem::U8 => Some(Op::stxi_8),
                Mem::I16 | Mem::U16 => Some(Op::stxi_16),
                Mem::I32 | Mem::U32 => Some(Op::stxi_32),
                Mem::W(false) => Some(Op::stxi_64),
                _ => None,
            };
            if let (Some(o), true) = (o, u16::try_from(c).is_ok()) {
                return self.emit(o, &[v.into(), s.sub(0, 2).into(), Arg::I(c)]);
            }
        }
        let i = self.reg_of(index);
        let o = match m {
            Mem::Zero => return,
            Mem::I8 | Mem::U8 => Op::stx_8,
            Mem::I16 | Mem::U16 => Op::stx_16,
            Mem::I32 | Mem::U32 => Op::stx_32,
            Mem::W(false) => Op::stx_64,
            Mem::W(true) => Op::stx_64p,
            Mem::W2(false) => Op::stx2,
            Mem::W2(true) => Op::stx2p,
            Mem::W3(false) => Op::stx3,
            Mem::W3(true) => Op::stx3p,
            Mem::N(n, ptrs) => {
                let o = if ptrs { Op::stxnp } else { Op::stxn };
                return self.emit(o, &[v.into(), s.sub(0, 2).into(), i.into(), n.into()]);
            }
        };
        self.emit(o, &[v.into(), s.sub(0, 2).into(), i.into()]);
    }

    // ---- addresses

    /// Address of a place of type `t`.
    pub(super) fn addr(&mut self, p: &Place, t: TypeId, want: Option<Reg>) -> Reg {
        match p {
            // A cell's own address, or a pointer known to be checked by whoever uses it... only offset 0 of a variable.
            Place::Mem(base, 0) if self.is_cell(*base) => *base,
            Place::Mem(base, off) => {
                let d = want.unwrap_or_else(|| self.ptr());
                if *off <= 0xffff {
                    self.emit(Op::lea, &[d.into(), (*base).into(), Arg::from(*off)]);
                } else {
                    self.emit(Op::leax, &[d.into(), (*base).into(), Arg::from(*off)]);
                }
                d
            }
            Place::Captured(word, _) => {
                let d = want.unwrap_or_else(|| self.ptr());
                self.emit(Op::ldcap, &[d.into(), (*word).into()]);
                d
            }
            Place::Global(at) => match want {
                Some(d) => {
                    self.emit(Op::gaddr, &[d.into(), (*at).into()]);
                    d
                }
                None => self.const_reg(ConstKey::Global(*at)),
            },
            Place::Elem { slice, index, elem } => {
                let i = self.reg_of(*index);
                let d = want.unwrap_or_else(|| self.ptr());
                let size = self.layout(*elem).size;
                self.emit(Op::eaddr, &[d.into(), slice.sub(0, 2).into(), i.into(), size.into()]);
                d
            }
            Place::Array { base, index, len, elem } => {
                let d = want.unwrap_or_else(|| self.ptr());
                let size = self.layout(*elem).size;
                self.emit(Op::aaddr, &[d.into(), (*base).into(), (*index).into(), (*len).into(), size.into()]);
                d
            }
            Place::GlobalArray { .. } => {
                let q = self.global_array(p);
                self.addr(&q, t, want)
            }
            Place::Map { map, key, ty } => {
                // Reading a large element: never null, the zero value if absent.
                let (m, k, ty) = (*map, *key, *ty);
                self.map_element(m, k, ty).0
            }
            Place::Reg(_) | Place::Frame(..) | Place::FrameElem { .. } | Place::Part { .. } | Place::Value(_) => {
                // Not addressable: a copy on the heap.
                let v = self.load(p, t, None);
                let r = self.reg_of(v);
                let d = want.unwrap_or_else(|| self.ptr());
                self.new_cell(t, Some(r), d);
                d
            }
        }
    }

    /// Whether a register holds the address of a variable's cell (never nil).
    fn is_cell(&self, r: Reg) -> bool {
        self.cells.contains(&r.v)
    }
}
