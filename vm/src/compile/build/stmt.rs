//! Statements: declarations, assignments, calls, returns.

use gol_lang::typed::{BinOp, Expr, ExprKind, LocalId, Stmt, StmtKind, Storage};

use super::place::Place;
use super::{Builder, Loc, RetTo, Val};
use crate::bytecode::ops::Op;
use crate::compile::inline;
use crate::compile::layout::Class;
use crate::ir::{Cc, Cond, Mask, Opd, Reg};

/// The variables that a statement assigns by name.
fn targets<'e>(places: impl Iterator<Item = &'e Expr>) -> Vec<LocalId> {
    places
        .filter_map(|p| match p.kind {
            ExprKind::Local(l) => Some(l),
            _ => None,
        })
        .collect()
}

/// Whether the operands of a place must be copied before any of the statement's variables changes: those lend their old
/// values to the other places.
fn disturbed(p: &Expr, targets: &[LocalId]) -> bool {
    !matches!(p.kind, ExprKind::Local(_)) && targets.iter().any(|&l| inline::mentions(p, l))
}

impl<'c, 'p> Builder<'c, 'p> {
    /// Statements in order.
    pub(super) fn block(&mut self, ss: &'p [Stmt]) {
        for s in ss {
            self.stmt(s);
        }
    }

    fn stmt(&mut self, s: &'p Stmt) {
        self.at(s.span);
        match &s.kind {
            StmtKind::Expr(e) => self.effect(e),
            StmtKind::Decl(l, e) => self.decl(*l, e.as_ref()),
            StmtKind::DeclTuple(ls, e) => self.decl_tuple(ls, e),
            StmtKind::Assign(p, e) => self.assign(p, e),
            StmtKind::AssignTuple(ps, e) => self.assign_tuple(ps, e),
            StmtKind::AssignMany(ps) => self.assign_many(ps),
            StmtKind::OpAssign(op, p, e) => self.op_assign(*op, p, e),
            StmtKind::Block(b) => self.block(b),
            StmtKind::If(c, a, b) => self.if_stmt(c, a, b),
            StmtKind::Loop { label, cond, body, post } => self.loop_stmt(*label, cond.as_ref(), body, post),
            StmtKind::Breakable(l, b) => self.breakable(*l, b),
            StmtKind::Break(l) => {
                if let Some(t) = self.scope.labels.get(l) {
                    let b = t.brk;
                    self.jump(b);
                }
            }
            StmtKind::Continue(l) => {
                if let Some(t) = self.scope.labels.get(l) {
                    let b = t.cont;
                    self.jump(b);
                }
            }
            StmtKind::Goto(l) => {
                let b = self.goto_block(*l);
                self.jump(b);
            }
            StmtKind::Label(l) => {
                let b = self.goto_block(*l);
                self.start(b);
            }
            StmtKind::Switch { label, tag, arms, default } => self.switch(*label, tag, arms, *default, s.span),
            StmtKind::Select { label, cases, default } => self.select(*label, cases, default.as_deref(), s.span),
            StmtKind::Send(c, v) => {
                let ch = self.gen_(c, None);
                let ch = self.steady(ch, &[v], c.ty);
                let ch = self.reg_of(ch);
                let r = self.runtime_form(v);
                self.at(s.span);
                let ix = self.cx.type_ix(v.ty);
                self.emit(Op::send, &[r.into(), ch.into(), ix.into()]);
            }
            StmtKind::Go(e) => {
                let r = self.thunk(e);
                self.at(s.span);
                self.emit(Op::go, &[r.into()]);
            }
            StmtKind::Defer(e) => {
                let r = self.thunk(e);
                self.at(s.span);
                self.emit(Op::defer, &[r.into()]);
            }
            StmtKind::DeferAt(t, e) => {
                let (vt, ve) = self.pair(t, e);
                let (t, f) = (self.reg_of(vt), self.reg_of(ve));
                self.at(s.span);
                self.emit(Op::defer_at, &[t.into(), f.into()]);
            }
            StmtKind::Return(es) => self.return_stmt(es),
        }
    }

    // ---- declarations

    fn decl(&mut self, l: LocalId, e: Option<&'p Expr>) {
        let ty = self.local_ty(l);
        let storage = self.storage(l);
        let large = self.is_large(ty);
        if storage == Storage::Boxed || large {
            return self.decl_cell(l, e, storage);
        }
        if let Some(Expr { kind: ExprKind::MapIter(m), .. }) = e {
            self.declare_iter(l, m.ty);
        }
        // A copy of a variable that stays as it is while this one lives needs no register.
        if let Some(Expr { kind: ExprKind::Local(from), .. }) = e
            && self.scope.assigned[l.index()] == 0
            && (self.scope.steady.contains(from) || self.scope.assigned[from.index()] == 0)
            && let loc @ (Loc::Reg(_) | Loc::Const(_)) = self.scope.locals[from.index()]
            && !self.declared_in_frame(l)
        {
            self.scope.locals[l.index()] = loc;
            self.scope.steady.push(l);
            return;
        }
        let steady = self.scope.assigned[l.index()] == 0;
        // A func value that stays what it is: calls of it may be replaced by its body.
        if let Some(e) = e
            && steady
            && matches!(self.layout(ty).class, Class::Func)
        {
            let again = self.declared_in_frame(l);
            let v = self.gen_(e, None);
            if let Val::R(r) = v
                && !again
                && self.known.contains_key(&r.v)
            {
                self.scope.locals[l.index()] = Loc::Reg(r);
                return;
            }
            let r = self.declare(l, ty, storage);
            // Its second definition: nobody may take it for the first one's value any more.
            self.known.remove(&r.v);
            return self.put(r, v);
        }
        let r = self.declare(l, ty, storage);
        match e {
            Some(e) => self.to(e, r),
            None => self.zero(r),
        }
        if steady {
            self.fixed.insert(r.v);
        }
    }

    /// Whether the local already got a register of its own (its declaration was generated before: duplicated code).
    fn declared_in_frame(&self, l: LocalId) -> bool {
        matches!(self.scope.locals[l.index()], Loc::Reg(_)) && !self.scope.steady.contains(&l)
    }

    fn decl_cell(&mut self, l: LocalId, e: Option<&'p Expr>, storage: Storage) {
        let ty = self.local_ty(l);
        // The value may mention an earlier life of the variable: a fresh cell, then the register.
        match e {
            None => {
                let c = self.declare(l, ty, storage);
                self.variable_cell(ty, None, c);
            }
            Some(e) if self.is_large(ty) => {
                let (p, fresh) = self.gen_large(e);
                let c = self.declare(l, ty, storage);
                if fresh {
                    self.cells.insert(c.v);
                    self.mov(c, p);
                } else {
                    self.variable_cell(ty, Some(p), c);
                }
            }
            Some(Expr { kind: ExprKind::Zero, .. }) => {
                let c = self.declare(l, ty, storage);
                self.variable_cell(ty, None, c);
            }
            Some(e) => {
                let r = self.reg(e);
                let c = self.declare(l, ty, storage);
                self.variable_cell(ty, Some(r), c);
            }
        }
    }

    fn decl_tuple(&mut self, ls: &'p [Option<LocalId>], e: &'p Expr) {
        let mut wants = Vec::with_capacity(ls.len());
        for l in ls {
            wants.push(match l {
                Some(l) if self.storage(*l) == Storage::Register && !self.is_large(self.local_ty(*l)) => {
                    let ty = self.local_ty(*l);
                    Some(self.declare(*l, ty, Storage::Register))
                }
                Some(l) => Some(self.temp(self.local_ty(*l))),
                None => None,
            });
        }
        self.tuple_into(e, &wants);
        for (l, w) in ls.iter().zip(wants) {
            let (Some(l), Some(w)) = (*l, w) else { continue };
            let ty = self.local_ty(l);
            let storage = self.storage(l);
            if self.is_large(ty) {
                let c = self.declare(l, ty, storage);
                self.cells.insert(c.v);
                self.mov(c, w);
            } else if storage == Storage::Boxed {
                let c = self.declare(l, ty, storage);
                self.variable_cell(ty, Some(w), c);
            }
        }
    }

    // ---- assignments

    /// Whether `e` can be evaluated straight into local `l` although it mentions it.
    fn direct(&self, l: LocalId, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Retype(x) => self.direct(l, x),
            ExprKind::StructLit(_) | ExprKind::ArrayLit(_) | ExprKind::Call(..) | ExprKind::Seq(..) => {
                !inline::mentions(e, l) && !self.kept_on_panic(l)
            }
            ExprKind::And(..) | ExprKind::Or(..) => true,
            _ => true,
        }
    }

    /// Results of functions that may recover keep their value until the assignment is complete.
    fn kept_on_panic(&self, l: LocalId) -> bool {
        self.epilogue.is_some() && self.scope.func.results.contains(&l)
    }

    fn assign(&mut self, p: &'p Expr, e: &'p Expr) {
        if let ExprKind::Local(l) = &p.kind
            && let Loc::Reg(r) = self.scope.locals[l.index()]
        {
            if self.direct(*l, e) {
                self.to(e, r);
            } else {
                let t = self.temp(e.ty);
                self.to(e, t);
                self.mov(r, t);
            }
            return;
        }
        // `x = x op y` written out, in memory: like `op=`.
        let place = self.place(p);
        let place = self.steady_place(place, e);
        // Part of a register group: directly, if nothing can see the difference.
        if let (Place::Reg(r), Some(l)) = (&place, inline::root_local(p))
            && self.direct(l, e)
            && !matches!(e.kind, ExprKind::StructLit(_) | ExprKind::ArrayLit(_))
        {
            return self.to(e, *r);
        }
        if matches!(e.kind, ExprKind::Zero) && self.zero_place(&place, p) {
            return;
        }
        let v = self.gen_(e, None);
        self.at(p.span);
        self.store(&place, p.ty, v);
    }

    /// Clears memory in place.
    fn zero_place(&mut self, place: &Place, p: &'p Expr) -> bool {
        let l = self.layout(p.ty);
        if l.size <= 64 || l.size > u64::from(u32::MAX) || !matches!(l.class, Class::Struct(_) | Class::Array(..)) {
            return false;
        }
        match place {
            Place::Mem(..) | Place::Global(_) | Place::Elem { .. } | Place::Array { .. } => {
                let a = self.addr(place, p.ty, None);
                let op = if l.ptrs { Op::memzerop } else { Op::memzero };
                self.emit(op, &[a.into(), l.size.into()]);
                true
            }
            _ => false,
        }
    }

    /// A place whose registers keep their values while `e` is evaluated.
    fn steady_place(&mut self, p: Place, e: &'p Expr) -> Place {
        let mut budget = 64;
        if !Self::may_assign(e, &mut budget) {
            return p;
        }
        self.copy_place(p)
    }

    /// A place with its own copies of variables used as operands.
    fn copy_place(&mut self, p: Place) -> Place {
        match p {
            Place::Mem(r, o) => Place::Mem(self.own(r), o),
            Place::Elem { slice, index, elem } => {
                Place::Elem { slice: self.own(slice), index: self.own_val(index), elem }
            }
            Place::Array { base, index, len, elem } => {
                Place::Array { base: self.own(base), index: self.own(index), len, elem }
            }
            Place::GlobalArray { at, index, len, elem } => Place::GlobalArray { at, index: self.own(index), len, elem },
            Place::FrameElem { group, byte, index, len, elem } => {
                Place::FrameElem { group, byte, index: self.own(index), len, elem }
            }
            Place::Map { map, key, ty } => Place::Map { map: self.own(map), key: self.own(key), ty },
            other => other,
        }
    }

    fn own(&mut self, r: Reg) -> Reg {
        if self.is_temp(r) || r.n == 0 || self.cells.contains(&r.v) {
            return r;
        }
        let whole = self.f.vregs[r.v as usize];
        let mut mask = Mask::NONE;
        for i in 0..u32::from(r.n) {
            if whole.mask.get(u32::from(r.off) + i) {
                mask.set(i);
            }
        }
        let t = self.f.vreg(u32::from(r.n), mask, false);
        self.mov(t, r);
        t
    }

    fn own_val(&mut self, v: Val) -> Val {
        match v {
            Val::R(r) => Val::R(self.own(r)),
            c => c,
        }
    }

    fn assign_tuple(&mut self, ps: &'p [Option<Expr>], e: &'p Expr) {
        let targets = targets(ps.iter().flatten());
        let mut places = Vec::with_capacity(ps.len());
        for p in ps {
            let place = match p {
                Some(p) => {
                    let place = self.place(p);
                    Some(if disturbed(p, &targets) { self.copy_place(place) } else { self.steady_place(place, e) })
                }
                None => None,
            };
            places.push(place);
        }
        let many = ps.iter().flatten().count() > 1;
        let mut wants = Vec::with_capacity(ps.len());
        for (place, p) in places.iter().zip(ps) {
            wants.push(match (place, p) {
                (Some(Place::Reg(r)), Some(p)) if self.plain_local(p) && !self.is_large(p.ty) && !many => Some(*r),
                (Some(Place::Reg(r)), Some(p))
                    if self.plain_local(p) && !self.is_large(p.ty) && Self::is_call(e) && !self.inlined_call(e) =>
                {
                    Some(*r)
                }
                (Some(_), Some(p)) => Some(self.temp(p.ty)),
                _ => None,
            });
        }
        self.tuple_into(e, &wants);
        for ((place, p), w) in places.iter().zip(ps).zip(wants) {
            if let (Some(place), Some(p), Some(w)) = (place, p, w)
                && !matches!(place, Place::Reg(r) if *r == w)
            {
                self.store(place, p.ty, Val::R(w));
            }
        }
    }

    fn plain_local(&self, p: &Expr) -> bool {
        matches!(p.kind, ExprKind::Local(l) if !self.kept_on_panic(l))
    }

    fn inlined_call(&mut self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Call(gol_lang::typed::Callee::Static(f), _) => self.cx.summary(*f).inline,
            _ => false,
        }
    }

    fn assign_many(&mut self, ps: &'p [(Option<Expr>, Expr)]) {
        // Operands of the places, then the values, then the stores.
        let targets = targets(ps.iter().filter_map(|p| p.0.as_ref()));
        let mut places = Vec::with_capacity(ps.len());
        for (p, _) in ps {
            let place = match p {
                Some(p) => {
                    let place = self.place(p);
                    let mut budget = 64;
                    if disturbed(p, &targets) || ps.iter().any(|(_, e)| Self::may_assign(e, &mut budget)) {
                        Some(self.copy_place(place))
                    } else {
                        Some(place)
                    }
                }
                None => None,
            };
            places.push(place);
        }
        let mut values: Vec<Val> = Vec::with_capacity(ps.len());
        for (i, (p, e)) in ps.iter().enumerate() {
            let large = self.is_large(e.ty);
            let v = if large {
                let d = self.ptr();
                self.gen_(e, Some(d))
            } else if i + 1 == ps.len() && p.is_some() && self.last_direct(ps, &places) {
                // The last value goes straight home if no earlier store can disturb it and nobody reads it any more.
                let Some(Place::Reg(r)) = places[i] else { continue };
                self.gen_(e, Some(r))
            } else {
                let v = self.gen_(e, None);
                match v {
                    // A variable that this statement changes before the value is stored.
                    Val::R(r) if !self.is_temp(r) && self.changed(r, &places[..i]) => Val::R(self.own(r)),
                    v => {
                        let rest: Vec<&Expr> = ps[i + 1..].iter().map(|p| &p.1).collect();
                        self.steady(v, &rest, e.ty)
                    }
                }
            };
            values.push(v);
        }
        for ((place, (p, _)), v) in places.iter().zip(ps).zip(values) {
            if let (Some(place), Some(p)) = (place, p) {
                self.at(p.span);
                self.store(place, p.ty, v);
            }
        }
    }

    /// Whether the last of a parallel assignment is a plain register that no other value or place reads.
    fn last_direct(&self, ps: &[(Option<Expr>, Expr)], places: &[Option<Place>]) -> bool {
        let Some((Some(p), e)) = ps.last() else { return false };
        let ExprKind::Local(l) = p.kind else { return false };
        if !matches!(places.last(), Some(Some(Place::Reg(_)))) || !self.direct(l, e) || self.kept_on_panic(l) {
            return false;
        }
        let n = ps.len() - 1;
        // Earlier values that are plain reads of it would be read after its new value is there.
        ps[..n].iter().all(|(q, x)| {
            !matches!(&x.kind, ExprKind::Local(m) if *m == l)
                && inline::root_local(x) != Some(l)
                && q.as_ref().is_none_or(|q| !inline::mentions(q, l))
        })
    }

    /// Whether one of the earlier stores of this statement writes the group of `r`.
    fn changed(&self, r: Reg, before: &[Option<Place>]) -> bool {
        before.iter().flatten().any(|p| match p {
            Place::Reg(q) | Place::Frame(q, _) => q.v == r.v,
            Place::FrameElem { group, .. } => group.v == r.v,
            Place::Part { inner, .. } => match &**inner {
                Place::Reg(q) | Place::Frame(q, _) => q.v == r.v,
                _ => true,
            },
            _ => false,
        })
    }

    fn op_assign(&mut self, op: BinOp, p: &'p Expr, e: &'p Expr) {
        if let ExprKind::Local(l) = &p.kind
            && let Loc::Reg(r) = self.scope.locals[l.index()]
        {
            if self.multiply_add(op, r, e) {
                return;
            }
            let mut budget = 64;
            let keep = Self::may_assign(e, &mut budget);
            let old = if keep { self.own(r) } else { r };
            let v = self.gen_(e, None);
            self.at(p.span);
            let out = self.op_value(op, p.ty, Val::R(old), v, e.ty, Some(r));
            if out != Val::R(r) {
                self.put(r, out);
            }
            return;
        }
        let place = self.place(p);
        let place = self.steady_place(place, e);
        // Map elements are found once, where nothing can panic between finding and storing.
        if let Place::Map { map, key, ty } = place {
            let v = self.gen_(e, None);
            self.at(p.span);
            let l = self.layout(p.ty);
            let safe = !matches!(op, BinOp::Div | BinOp::Rem | BinOp::Shl | BinOp::Shr)
                && !matches!(l.class, Class::Str)
                && !l.large;
            if safe {
                let a = self.map_ref(map, key, ty);
                let slot = Place::Mem(a, 0);
                let old = self.load(&slot, p.ty, None);
                let new = self.op_value(op, p.ty, old, v, e.ty, None);
                self.store(&slot, p.ty, new);
            } else {
                let place = Place::Map { map, key, ty };
                let old = self.load(&place, p.ty, None);
                let new = self.op_value(op, p.ty, old, v, e.ty, None);
                self.store(&place, p.ty, new);
            }
            return;
        }
        // Sums in memory.
        let l = self.layout(p.ty);
        if matches!(op, BinOp::Add) && matches!(l.class, Class::Int(t) if t.bits() == 64) {
            let v = self.gen_(e, None);
            self.at(p.span);
            match &place {
                Place::Mem(base, off) if *off <= 0xffff => {
                    let r = self.reg_of(v);
                    return self.emit(Op::incm_64, &[r.into(), (*base).into(), (*off).into()]);
                }
                Place::Captured(word, _) => {
                    let r = self.reg_of(v);
                    return self.emit(Op::addcapv_64, &[r.into(), (*word).into()]);
                }
                Place::Elem { slice, index, elem } if self.layout(*elem).size == 8 => {
                    let (r, i) = (self.reg_of(v), self.reg_of(*index));
                    return self.emit(Op::incx_64, &[r.into(), slice.sub(0, 2).into(), i.into()]);
                }
                _ => {}
            }
            return self.op_assign_place(op, p, e, place, v);
        }
        let place = self.single(place, p);
        let v = self.gen_(e, None);
        self.at(p.span);
        self.op_assign_place(op, p, e, place, v);
    }

    /// A place that can be read and written with one check: elements become addresses.
    fn single(&mut self, place: Place, p: &'p Expr) -> Place {
        match place {
            Place::Array { .. } | Place::GlobalArray { .. } if self.layout(p.ty).slots > 1 => {
                let a = self.addr(&place, p.ty, None);
                self.cells.insert(a.v);
                Place::Mem(a, 0)
            }
            p => p,
        }
    }

    fn op_assign_place(&mut self, op: BinOp, p: &'p Expr, e: &'p Expr, place: Place, v: Val) {
        let old = self.load(&place, p.ty, None);
        let want = match &place {
            Place::Reg(r) => Some(*r),
            _ => None,
        };
        let new = self.op_value(op, p.ty, old, v, e.ty, want);
        if want.is_none_or(|w| new != Val::R(w)) {
            self.store(&place, p.ty, new);
        }
    }

    /// `x += a * b`.
    fn multiply_add(&mut self, op: BinOp, r: Reg, e: &'p Expr) -> bool {
        let ExprKind::Binary(BinOp::Mul, a, b) = &e.kind else { return false };
        if op != BinOp::Add {
            return false;
        }
        let o = match self.layout(e.ty).class {
            Class::F64 => Op::fmadd,
            Class::Int(t) if t.bits() == 64 => Op::madd,
            _ => return false,
        };
        let mut budget = 64;
        if Self::may_assign(e, &mut budget) {
            return false;
        }
        let (va, vb) = self.pair(a, b);
        if o == Op::madd && (matches!(va, Val::C(_)) || matches!(vb, Val::C(_))) {
            self.at(e.span);
            let l = self.layout(e.ty);
            let t = self.arith(BinOp::Mul, e.ty, &l, va, vb, None);
            let out = self.arith(BinOp::Add, e.ty, &l, Val::R(r), t, Some(r));
            if out != Val::R(r) {
                self.put(r, out);
            }
            return true;
        }
        let (x, y) = (self.reg_of(va), self.reg_of(vb));
        self.at(e.span);
        self.emit(o, &[r.into(), x.into(), y.into()]);
        true
    }

    // ---- return

    fn return_stmt(&mut self, es: &'p [Expr]) {
        let func = self.scope.func;
        let inline_to = match &self.scope.ret {
            RetTo::Inline { done } => Some(*done),
            RetTo::Function => None,
            RetTo::Branch { yes, no } => {
                let (yes, no) = (*yes, *no);
                if let [e] = es {
                    self.cond(e, yes, no);
                }
                return;
            }
            RetTo::Tail(want) => {
                let want = *want;
                if let [e] = es {
                    self.tail = Some(self.gen_(e, want));
                }
                return;
            }
        };
        let span_pos = self.pos;
        let homes: Vec<Loc> = func.results.iter().map(|r| self.scope.locals[r.index()]).collect();
        let named = func.results.iter().any(|r| func.locals[r.index()].name.0 != 0);
        match es {
            [] => {}
            [e] if homes.len() != 1 || self.arity(e.ty) != 1 => {
                // One call for all results.
                let wants: Vec<Option<Reg>> = homes
                    .iter()
                    .zip(&func.results)
                    .map(|(h, r)| match h {
                        Loc::Reg(d) if self.epilogue.is_none() && !named => Some(*d),
                        _ => {
                            let t = func.locals[r.index()].ty;
                            Some(self.temp(t))
                        }
                    })
                    .collect();
                self.tuple_into(e, &wants);
                for ((h, w), r) in homes.iter().zip(wants).zip(&func.results) {
                    let t = func.locals[r.index()].ty;
                    if let Some(w) = w {
                        self.set_result(*h, t, Val::R(w));
                    }
                }
            }
            [e] => {
                let t = func.locals[func.results[0].index()].ty;
                match homes[0] {
                    Loc::Reg(d) if self.epilogue.is_none() && (!named || self.direct(func.results[0], e)) => {
                        self.to(e, d);
                    }
                    h => {
                        let v = self.gen_(e, None);
                        self.set_result(h, t, v);
                    }
                }
            }
            _ => {
                let direct = !named && self.epilogue.is_none() && homes.iter().all(|h| matches!(h, Loc::Reg(_)));
                if direct {
                    for (e, h) in es.iter().zip(&homes) {
                        if let Loc::Reg(d) = h {
                            self.to(e, *d);
                        }
                    }
                } else {
                    let list: Vec<&Expr> = es.iter().collect();
                    let mut vs = Vec::with_capacity(es.len());
                    for (i, e) in list.iter().enumerate() {
                        let v = if self.is_large(e.ty) {
                            let d = self.ptr();
                            self.gen_(e, Some(d))
                        } else {
                            self.gen_(e, None)
                        };
                        let v = self.steady(v, &list[i + 1..], e.ty);
                        // Another result variable, which may be set before this value is stored.
                        let v = match v {
                            Val::R(r) if homes.iter().any(|h| matches!(h, Loc::Reg(d) if d.v == r.v)) => {
                                Val::R(self.own(r))
                            }
                            v => v,
                        };
                        vs.push(v);
                    }
                    for ((v, h), r) in vs.into_iter().zip(&homes).zip(&func.results) {
                        self.set_result(*h, func.locals[r.index()].ty, v);
                    }
                }
            }
        }
        self.pos = span_pos;
        match inline_to {
            Some(done) => self.jump(done),
            None => self.finish_return(),
        }
    }

    fn set_result(&mut self, home: Loc, t: gol_lang::types::TypeId, v: Val) {
        match home {
            Loc::Reg(d) => {
                if v != Val::R(d) {
                    self.put(d, v);
                }
            }
            Loc::Cell(c) => self.store(&Place::Mem(c, 0), t, v),
            Loc::None | Loc::Const(_) | Loc::Captured(_) | Loc::CapturedCell(..) => {}
        }
    }

    /// Tests a register against a constant.
    pub(super) fn equals(&mut self, r: Reg, c: i64) -> Cond {
        if i16::try_from(c).is_ok() {
            return Cond::Int(Cc::Eq, r, Opd::C(c));
        }
        let k = self.reg_of(Val::C(c));
        Cond::Int(Cc::Eq, r, Opd::R(k))
    }
}
