//! Expressions: the dispatch over node kinds, constants, tuples, operand lists.

use gol_lang::typed::{Const, Expr, ExprKind, LocalId, Storage};
use gol_lang::types::TypeId;

use super::{Builder, ConstKey, Iter, Known, Loc, Val};
use crate::bytecode::ops::Op;
use crate::compile::layout::{Class, Layout};
use crate::ir::{Arg, Mask, Reg};

/// Bits of a one-slot constant of this layout.
pub(super) fn const_bits(c: &Const, l: &Layout) -> Option<i64> {
    Some(match (c, &l.class) {
        (Const::Bool(b), _) => i64::from(*b),
        (Const::Int(i), Class::F64) => (*i as f64).to_bits() as i64,
        (Const::Int(i), Class::F32) => i64::from((*i as f32).to_bits()),
        (Const::Int(i), Class::Int(t)) => t.canon(*i),
        (Const::Int(i), Class::C64) => i64::from((*i as f32).to_bits()),
        (Const::Int(i), _) if l.slots == 1 => *i,
        (Const::Float(f), Class::F32) => i64::from((*f as f32).to_bits()),
        (Const::Float(f), Class::F64) => f.to_bits() as i64,
        (Const::Float(f), Class::C64) => i64::from((*f as f32).to_bits()),
        (Const::Float(f), Class::Int(t)) => t.canon(*f as i64),
        (Const::Complex(re, im), Class::C64) => {
            (u64::from((*re as f32).to_bits()) | u64::from((*im as f32).to_bits()) << 32) as i64
        }
        _ => return None,
    })
}

impl<'c, 'p> Builder<'c, 'p> {
    /// Evaluates `e`; with `want`, into that register.
    pub(super) fn gen_(&mut self, e: &'p Expr, want: Option<Reg>) -> Val {
        let l = self.layout(e.ty);
        if l.large {
            let (r, fresh) = self.gen_large(e);
            return match want {
                None => Val::R(r),
                Some(d) if fresh => {
                    self.mov(d, r);
                    Val::R(d)
                }
                Some(d) => {
                    self.at(e.span);
                    self.new_cell(e.ty, Some(r), d);
                    Val::R(d)
                }
            };
        }
        let v = self.gen_kind(e, want, &l);
        match want {
            Some(d) if v != Val::R(d) => {
                self.put(d, v);
                Val::R(d)
            }
            _ => v,
        }
    }

    /// Evaluates into some register.
    pub(super) fn reg(&mut self, e: &'p Expr) -> Reg {
        let v = self.gen_(e, None);
        self.reg_of(v)
    }

    /// Evaluates into `d`.
    pub(super) fn to(&mut self, e: &'p Expr, d: Reg) {
        self.gen_(e, Some(d));
    }

    /// Evaluates and drops.
    pub(super) fn effect(&mut self, e: &'p Expr) {
        match &e.kind {
            ExprKind::Call(..) | ExprKind::LetTuple(..) => {
                let n = self.cx.lay.components(e.ty).len();
                self.tuple(e, &vec![None; n], true);
            }
            ExprKind::Seq(ss, x) => {
                self.block(ss);
                self.effect(x);
            }
            _ if matches!(self.layout(e.ty).class, Class::Tuple(_)) => {
                let n = self.cx.lay.components(e.ty).len();
                self.tuple(e, &vec![None; n], true);
            }
            _ => {
                self.gen_(e, None);
            }
        }
    }

    /// Whether evaluating any of `rest` may change a variable read before.
    fn disturbed(rest: &[&Expr]) -> bool {
        let mut budget = 64;
        rest.iter().any(|e| Self::may_assign(e, &mut budget))
    }

    /// Evaluates operands left to right so that all values are still there at the end.
    pub(super) fn operands(&mut self, es: &[&'p Expr]) -> Vec<Val> {
        let mut out = Vec::with_capacity(es.len());
        for (i, e) in es.iter().enumerate() {
            let v = self.gen_(e, None);
            out.push(self.steady(v, &es[i + 1..], e.ty));
        }
        out
    }

    /// `v` itself, or a copy if evaluating `rest` may change it.
    pub(super) fn steady(&mut self, v: Val, rest: &[&'p Expr], ty: TypeId) -> Val {
        match v {
            Val::R(r) if r.n > 0 && !self.is_temp(r) && !rest.is_empty() && Self::disturbed(rest) => {
                let l = self.layout(ty);
                let t = self.f.vreg(u32::from(r.n), l.mask, false);
                self.mov(t, r);
                Val::R(t)
            }
            v => v,
        }
    }

    /// Two operands.
    pub(super) fn pair(&mut self, a: &'p Expr, b: &'p Expr) -> (Val, Val) {
        let va = self.gen_(a, None);
        let va = self.steady(va, &[b], a.ty);
        (va, self.gen_(b, None))
    }

    /// A constant of type `t`.
    pub(super) fn constant(&mut self, c: &Const, l: &Layout, want: Option<Reg>) -> Val {
        if let Some(bits) = const_bits(c, l) {
            return Val::C(bits);
        }
        match c {
            Const::Str(s) => {
                let at = self.cx.string(s);
                let len = s.len() as u32;
                match want {
                    Some(d) => {
                        self.emit(Op::ldstr, &[d.into(), at.into(), len.into()]);
                        Val::R(d)
                    }
                    None => Val::R(self.const_reg(ConstKey::Str(at, len))),
                }
            }
            _ => {
                let (re, im) = match c {
                    Const::Complex(re, im) => (*re, *im),
                    Const::Float(f) => (*f, 0.0),
                    Const::Int(i) => (*i as f64, 0.0),
                    _ => (0.0, 0.0),
                };
                let d = want.unwrap_or_else(|| self.f.vreg(l.slots, l.mask, false));
                if l.slots == 2 {
                    self.set_const(d.sub(0, 1), re.to_bits() as i64);
                    self.set_const(d.sub(1, 1), im.to_bits() as i64);
                }
                Val::R(d)
            }
        }
    }

    fn empty(&mut self) -> Val {
        Val::R(self.f.vreg(0, Mask::NONE, false))
    }

    fn gen_kind(&mut self, e: &'p Expr, want: Option<Reg>, l: &Layout) -> Val {
        use ExprKind::*;
        match &e.kind {
            Const(c) => self.constant(c, l, want),
            Zero => {
                if l.slots == 1 {
                    return Val::C(0);
                }
                let d = self.dst(want, e.ty);
                self.zero(d);
                Val::R(d)
            }
            Local(id) => self.read_local(*id, want),
            Global(_) | Deref(_) | Field(..) | Index(..) => {
                let p = self.place(e);
                self.at(e.span);
                self.load(&p, e.ty, want)
            }
            FuncValue(f) => match want {
                Some(d) => {
                    self.emit(Op::ldfunc, &[d.into(), f.0.into()]);
                    Val::R(d)
                }
                None => {
                    let r = self.const_reg(ConstKey::Func(f.0));
                    self.known.insert(r.v, std::rc::Rc::new(Known { func: *f, captures: Vec::new() }));
                    self.shared.insert(r.v);
                    Val::R(r)
                }
            },
            Closure(f, ls) => self.closure(*f, ls, want, e),
            Unary(op, x) => self.unary(*op, x, want, e),
            Binary(op, a, b) => self.binary(*op, a, b, want, e),
            Compare(..) | IsNil(..) | And(..) | Or(..) | TypeTest(..) | MapIterNext(_) => self.bool_value(e, want),
            Concat(xs) => self.concat(xs, want, e),
            Convert(k, x) => self.convert(*k, x, want, e),
            Retype(x) => self.retype(x, want, l),
            ToInterface(x) => self.make_interface(x, want, e),
            InterfaceToInterface(x) => self.interface_to_interface(x, want, e),
            TypeAssert { x, target, comma_ok: false } => self.type_assert(x, *target, want, e),
            MapIndex { map, key, comma_ok: false } => self.map_index(map, key, want, e),
            Recv(ch, false) => {
                let c = self.reg(ch);
                let d = self.dst(want, e.ty);
                self.at(e.span);
                let ix = self.cx.type_ix(e.ty);
                self.emit(Op::recv, &[d.into(), c.into(), ix.into()]);
                Val::R(d)
            }
            Call(..) | LetTuple(..) | TypeAssert { .. } | MapIndex { .. } | Recv(..) | DecodeRune(..) => {
                let one = self.tuple(e, &[want], false);
                match one.first() {
                    Some(&v) => v,
                    None => self.empty(),
                }
            }
            Seq(ss, x) => {
                self.block(ss);
                if matches!(self.layout(x.ty).class, Class::Tuple(_)) {
                    self.effect(x);
                    return self.empty();
                }
                self.gen_(x, want)
            }
            Slice { x, lo, hi, max } => self.slice(x, [lo.as_deref(), hi.as_deref(), max.as_deref()], want, e),
            AddrOf(x) => {
                let p = self.place(x);
                self.at(e.span);
                Val::R(self.addr(&p, x.ty, want))
            }
            New(x) => self.new_value(x, want, e),
            StructLit(fs) => self.struct_lit(fs, want, e),
            ArrayLit(xs) => self.array_lit(xs, want, e),
            SliceLit(n, xs) => self.slice_lit(*n, xs, want, e),
            MapLit(xs) => self.map_lit(xs, want, e),
            Len(x) => self.len(x, want),
            Cap(x) => self.cap(x, want),
            MakeSlice(n, c) => self.make_slice(n, c.as_deref(), want, e),
            MakeMap(n) => self.make_map(n.as_deref(), want, e),
            MakeChan(n) => self.make_chan(n.as_deref(), want, e),
            Append(s, xs) => self.append(s, xs, want, e),
            AppendSlice(s, t) => self.append_slice(s, t, want, e),
            Copy(a, b) => self.copy(a, b, want, e),
            Delete(m, k) => {
                self.delete(m, k, e);
                self.empty()
            }
            Clear(x) => {
                let r = self.reg(x);
                self.at(e.span);
                match self.layout(x.ty).class {
                    Class::Slice(elem) => {
                        let ix = self.cx.type_ix(elem);
                        self.emit(Op::clear_slice, &[r.into(), ix.into()]);
                    }
                    _ => {
                        let ix = self.cx.type_ix(x.ty);
                        self.emit(Op::clear_map, &[r.into(), ix.into()]);
                    }
                }
                self.empty()
            }
            Close(x) => {
                let r = self.reg(x);
                self.at(e.span);
                self.emit(Op::chclose, &[r.into()]);
                self.empty()
            }
            MinMax(max, xs) => self.min_max(*max, xs, want, e),
            Complex(a, b) => self.complex(a, b, want, e),
            Real(x) => self.complex_part(x, false, want, e),
            Imag(x) => self.complex_part(x, true, want, e),
            Panic(x) => {
                let r = self.reg(x);
                self.at(e.span);
                self.emit(Op::panic, &[r.into()]);
                self.end(crate::ir::Term::Stop);
                self.empty()
            }
            Recover => {
                let d = self.dst(want, e.ty);
                self.at(e.span);
                self.emit(Op::recover, &[d.into()]);
                Val::R(d)
            }
            Print(newline, xs) => {
                self.print(*newline, xs, e);
                self.empty()
            }
            MapIter(m) => {
                let r = self.reg(m);
                let d = self.dst(want, e.ty);
                self.at(e.span);
                let ix = self.cx.type_ix(m.ty);
                self.emit(Op::mapiter, &[d.into(), r.into(), ix.into()]);
                Val::R(d)
            }
            MapIterKey(l) => Val::R(self.iter(*l).key),
            MapIterValue(l) => Val::R(self.iter(*l).value),
            UnsafeAdd(p, n) => {
                let (a, b) = self.pair(p, n);
                let d = self.dst(want, e.ty);
                let (a, b) = (self.reg_of(a), self.reg_of(b));
                self.emit(Op::add, &[d.into(), a.into(), b.into()]);
                Val::R(d)
            }
            UnsafeSlice(p, n) => self.unsafe_slice(p, n, want, e),
            UnsafeString(p, n) => self.unsafe_slice(p, n, want, e),
            UnsafeData(x) => {
                let r = self.reg(x);
                Val::R(r.sub(0, 1))
            }
            DeferToken => {
                let d = self.dst(want, e.ty);
                self.emit(Op::defer_token, &[d.into()]);
                Val::R(d)
            }
        }
    }

    /// The registers of a map iterator's current entry.
    pub(super) fn iter(&mut self, l: LocalId) -> Iter {
        if let Some(i) = self.scope.iters.get(&l) {
            return *i;
        }
        let none = Reg { v: self.f.vreg(0, Mask::NONE, false).v, off: 0, n: 0 };
        Iter { map: TypeId::INVALID, key: none, value: none }
    }

    fn read_local(&mut self, id: LocalId, want: Option<Reg>) -> Val {
        match self.scope.locals[id.index()] {
            Loc::Reg(r) => {
                if want.is_none() && self.pinned.contains(&id) {
                    let t = self.temp(self.local_ty(id));
                    self.mov(t, r);
                    return Val::R(t);
                }
                Val::R(r)
            }
            Loc::Const(c) => Val::C(c),
            Loc::Captured(word) => {
                let d = self.dst(want, self.local_ty(id));
                let op = match d.n {
                    1 => Op::ldcap,
                    2 => Op::ldcap2,
                    _ => Op::ldcap3,
                };
                self.emit(op, &[d.into(), word.into()]);
                Val::R(d)
            }
            Loc::CapturedCell(word, _) => {
                let d = self.dst(want, self.local_ty(id));
                self.emit(Op::ldcapv_64, &[d.into(), word.into()]);
                Val::R(d)
            }
            Loc::Cell(cell) => {
                let t = self.local_ty(id);
                let d = self.dst(want, t);
                let m = self.layout(t).mem();
                if m != crate::compile::layout::Mem::Zero {
                    self.load_mem(m, d, cell, 0);
                }
                Val::R(d)
            }
            Loc::None => {
                // Read before its declaration was reached: code that cannot run, or a jump over it.
                let t = self.local_ty(id);
                let r = self.declare(id, t, self.scope.func.locals[id.index()].storage);
                if want.is_none() {
                    self.zero(r);
                }
                Val::R(r)
            }
        }
    }

    /// Gives a register local its register (once).
    pub(super) fn declare(&mut self, id: LocalId, ty: TypeId, storage: Storage) -> Reg {
        let l = self.layout(ty);
        if storage == Storage::Boxed || l.large {
            if let Loc::Cell(c) = self.scope.locals[id.index()] {
                return c;
            }
            let c = self.f.vreg(1, Mask::PTR, true);
            self.scope.locals[id.index()] = Loc::Cell(c);
            return c;
        }
        if let Loc::Reg(r) = self.scope.locals[id.index()]
            && !self.scope.steady.contains(&id)
        {
            return r;
        }
        let r = self.f.vreg(l.slots, l.mask, true);
        self.scope.locals[id.index()] = Loc::Reg(r);
        r
    }

    /// Same bits under another type. Struct and array forms may differ from the scalar's only in packing.
    fn retype(&mut self, x: &'p Expr, want: Option<Reg>, l: &Layout) -> Val {
        debug_assert_eq!(self.layout(x.ty).slots, l.slots);
        self.gen_(x, want)
    }

    /// A value held in memory: its address, and whether it is a fresh copy that the caller may keep.
    pub(super) fn gen_large(&mut self, e: &'p Expr) -> (Reg, bool) {
        use ExprKind::*;
        match &e.kind {
            Local(_) | Global(_) | Deref(_) | Index(..) => {
                let p = self.place(e);
                self.at(e.span);
                (self.addr(&p, e.ty, None), false)
            }
            Field(..) => {
                let p = self.place(e);
                self.at(e.span);
                (self.addr(&p, e.ty, None), false)
            }
            Retype(x) => self.gen_large(x),
            Seq(ss, x) => {
                self.block(ss);
                self.gen_large(x)
            }
            Call(..) | LetTuple(..) => {
                let vs = self.tuple(e, &[None], false);
                let v = vs[0];
                (self.reg_of(v), true)
            }
            Zero => {
                let p = self.ptr();
                self.new_cell(e.ty, None, p);
                (p, true)
            }
            StructLit(_) | ArrayLit(_) => {
                let p = self.ptr();
                self.at(e.span);
                self.new_cell(e.ty, None, p);
                self.fill(e, p, 0);
                (p, true)
            }
            TypeAssert { x, target, .. } => {
                let iface = self.reg(x);
                self.at(e.span);
                self.assert_large(iface, x.ty, *target);
                (iface.sub(1, 1), false)
            }
            MapIndex { map, key, .. } => {
                let (p, _) = self.map_pointer(map, key, e);
                (p, false)
            }
            Recv(ch, _) => {
                let c = self.reg(ch);
                self.at(e.span);
                let ix = self.cx.type_ix(e.ty);
                let img = self.image(e.ty);
                self.emit(Op::recv, &[img.into(), c.into(), ix.into()]);
                (self.unpack_image(e.ty, img), true)
            }
            MapIterKey(l) | MapIterValue(l) => {
                let it = self.iter(*l);
                let img = if matches!(e.kind, MapIterKey(_)) { it.key } else { it.value };
                (self.unpack_image(e.ty, img), true)
            }
            Convert(_, x) => {
                // slice → array: the memory behind the slice
                let s = self.reg(x);
                self.at(e.span);
                let n = match self.layout(e.ty).class {
                    Class::Array(_, n) => n,
                    _ => 0,
                };
                let p = self.ptr();
                self.emit(Op::slice2arr, &[p.into(), s.into(), n.into()]);
                (p, false)
            }
            _ => {
                let p = self.ptr();
                self.new_cell(e.ty, None, p);
                (p, true)
            }
        }
    }

    /// A register group that holds the image of a large type, for operations that take nothing else.
    pub(super) fn image(&mut self, t: TypeId) -> Reg {
        let l = self.layout(t);
        let mut mask = Mask::NONE;
        self.cx.lay.pointer_words(t, 0, &mut |w| mask.set(w as u32));
        self.f.vreg(l.size.div_ceil(8) as u32, mask, false)
    }

    /// A heap copy of an image.
    pub(super) fn unpack_image(&mut self, t: TypeId, img: Reg) -> Reg {
        let p = self.ptr();
        let ix = self.cx.type_ix(t);
        self.emit(Op::mkbox, &[p.into(), img.into(), ix.into()]);
        p
    }

    /// The image of the large value at `p`.
    pub(super) fn pack_image(&mut self, t: TypeId, p: Reg) -> Reg {
        let img = self.image(t);
        let size = self.layout(t).size as u32;
        self.emit(Op::ldn, &[img.into(), p.into(), Arg::I(0), size.into()]);
        img
    }

    /// A value in the register form that typed operations (channels, maps) expect: large ones as images.
    pub(super) fn runtime_form(&mut self, e: &'p Expr) -> Reg {
        if self.layout(e.ty).large {
            let (p, _) = self.gen_large(e);
            return self.pack_image(e.ty, p);
        }
        self.reg(e)
    }

    /// Evaluates an expression with several (or one, or no) values. `wants` says where each is wanted; with `drop`
    /// values without a wanted place are not needed.
    pub(super) fn tuple(&mut self, e: &'p Expr, wants: &[Option<Reg>], drop: bool) -> Vec<Val> {
        match &e.kind {
            ExprKind::Call(callee, args) => self.call(callee, args, wants, drop, e),
            ExprKind::LetTuple(locals, x, body) => {
                let ds: Vec<Option<Reg>> = locals.iter().map(|&l| Some(self.fresh_local(l))).collect();
                self.tuple_into(x, &ds);
                self.tuple(body, wants, drop)
            }
            ExprKind::Seq(ss, x) => {
                self.block(ss);
                self.tuple(x, wants, drop)
            }
            ExprKind::TypeAssert { x, target, comma_ok: true } => self.type_assert_ok(x, *target, wants, e),
            ExprKind::MapIndex { map, key, comma_ok: true } => self.map_index_ok(map, key, wants, e),
            ExprKind::Recv(ch, true) => self.recv_ok(ch, wants, e),
            ExprKind::DecodeRune(s, i) => self.decode_rune(s, i, wants, e),
            _ if matches!(self.layout(e.ty).class, Class::Tuple(_)) => {
                self.gen_(e, None);
                Vec::new()
            }
            _ => vec![self.gen_(e, wants.first().copied().flatten())],
        }
    }

    /// Evaluates a tuple-typed expression, values into the given registers.
    pub(super) fn tuple_into(&mut self, e: &'p Expr, wants: &[Option<Reg>]) {
        let vs = self.tuple(e, wants, true);
        for (v, w) in vs.into_iter().zip(wants) {
            if let Some(d) = w
                && v != Val::R(*d)
            {
                self.put(*d, v);
            }
        }
    }

    /// Declares a register local and answers its register.
    fn fresh_local(&mut self, l: LocalId) -> Reg {
        let ty = self.local_ty(l);
        let storage = self.scope.func.locals[l.index()].storage;
        self.declare(l, ty, storage)
    }
}
