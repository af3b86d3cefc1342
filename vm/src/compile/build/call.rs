//! Calls: of known functions, func values, interface methods and natives; inlining; closures.

use std::rc::Rc;

use gol_lang::typed::{Body, Callee, Expr, ExprKind, Func, FuncId, LocalId, Storage};
use gol_lang::types::TypeId;

use super::{Builder, Known, Loc, RetTo, Scope, Val};
use crate::bytecode::ops::Op;
use crate::compile::layout::Class;
use crate::ir::{Arg, Call, Ext, Mask, Reg};

/// Nesting of inlined calls.
const MAX_INLINE_DEPTH: usize = 6;

/// Nesting of inlined calls of known func values.
const MAX_KNOWN_DEPTH: usize = 12;

/// How often a closure's function may be inlined into itself (the closures differ).
const MAX_NESTED: usize = 3;

/// Tree nodes that known func values may add to one function.
const MAX_GROWTH: u32 = 2000;

impl<'c, 'p> Builder<'c, 'p> {
    pub(super) fn call(
        &mut self,
        callee: &'p Callee,
        args: &'p [Expr],
        wants: &[Option<Reg>],
        drop: bool,
        e: &'p Expr,
    ) -> Vec<Val> {
        let result_types = self.cx.lay.components(e.ty);
        if let Callee::Static(f) = callee {
            if let Some(v) = self.intrinsic(*f, args, wants, e) {
                return vec![v];
            }
            if self.may_inline(*f) || self.may_inline_higher(*f, args) {
                return self.inline(*f, &[], args, wants, &result_types, e);
            }
        }
        if let Callee::Value(x) = callee {
            // A closure called on the spot.
            if let ExprKind::Closure(..) = x.kind
                && let Val::R(r) = self.gen_(x, None)
                && let Some(k) = self.known.get(&r.v).cloned()
                && self.may_inline_known(k.func)
            {
                return self.inline(k.func, &k.captures, args, wants, &result_types, e);
            }
            if let Some(k) = self.known_callee(x)
                && self.may_inline_known(k.func)
            {
                return self.inline(k.func, &k.captures, args, wants, &result_types, e);
            }
        }
        // The callee's value comes first, then the arguments.
        let captured = match callee {
            Callee::Value(f) => match &f.kind {
                ExprKind::Local(l) => match self.scope.locals[l.index()] {
                    Loc::Captured(word) => Some(word),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let head = match callee {
            Callee::Static(_) => None,
            Callee::Value(_) if captured.is_some() => None,
            Callee::Value(x) | Callee::Interface(x, _) => {
                let v = self.gen_(x, None);
                let rest: Vec<&Expr> = args.iter().collect();
                let v = self.steady(v, &rest, x.ty);
                Some(self.reg_of(v))
            }
        };
        let mut list = Vec::with_capacity(args.len());
        let mut slots = u32::from(matches!(callee, Callee::Interface(..)));
        for (i, a) in args.iter().enumerate() {
            let v = self.argument(a);
            let rest: Vec<&Expr> = args[i + 1..].iter().collect();
            let v = self.steady(v, &rest, a.ty);
            slots += self.cx.lay.slots(a.ty);
            list.push(Self::opd(v));
        }
        self.at(e.span);
        let mut results = Vec::with_capacity(result_types.len());
        let mut out = Vec::with_capacity(result_types.len());
        for (i, &t) in result_types.iter().enumerate() {
            let l = self.layout(t);
            let r = match wants.get(i).copied().flatten() {
                Some(d) => d,
                None if drop => Reg { v: Reg::NONE.v, off: 0, n: l.slots as u16 },
                None => self.temp(t),
            };
            results.push(r);
            out.push(Val::R(if r.v == Reg::NONE.v { self.f.vreg(0, Mask::NONE, false) } else { r }));
        }
        let call = Ext::Call(Box::new(Call { args: list, results, arg_slots: slots }));
        match callee {
            Callee::Static(f) => match self.cx.native_of(*f) {
                Some(name) => {
                    let n = self.cx.native_index(name, *f);
                    self.emit_ext(Op::calln, &[Arg::I(0), n.into()], call);
                }
                None => self.emit_ext(Op::call, &[Arg::I(0), f.0.into()], call),
            },
            Callee::Value(_) if captured.is_some() => {
                let word = captured.unwrap_or_default();
                self.emit_ext(Op::callcap, &[Arg::I(0), word.into()], call);
            }
            Callee::Value(_) => {
                let f = head.unwrap_or(Reg::NONE);
                self.emit_ext(Op::callc, &[Arg::I(0), f.into()], call);
            }
            Callee::Interface(x, m) => {
                let f = head.unwrap_or(Reg::NONE);
                let slot = self.cx.method_slot(x.ty, *m);
                self.emit_ext(Op::calli, &[Arg::I(0), f.into(), slot.into()], call);
            }
        }
        out
    }

    /// An argument: large values are copied, for the callee owns what it gets.
    fn argument(&mut self, a: &'p Expr) -> Val {
        if self.layout(a.ty).large {
            let d = self.ptr();
            return self.gen_(a, Some(d));
        }
        self.gen_(a, None)
    }

    // ---- closures

    pub(super) fn closure(&mut self, f: FuncId, locals: &'p [LocalId], want: Option<Reg>, e: &'p Expr) -> Val {
        self.at(e.span);
        let mut words = Vec::new();
        let (mut n, mut mask) = (0u32, Mask::NONE);
        for &l in locals {
            let r = self.captured(l);
            let m = if r.v == Reg::NONE.v { Mask::NONE } else { self.f.vregs[r.v as usize].mask };
            for i in 0..u32::from(r.n) {
                if m.get(u32::from(r.off) + i) {
                    mask.set(n + i);
                }
            }
            n += u32::from(r.n);
            words.push(r);
        }
        // One register is a group already.
        let group = match words[..] {
            [r] => r,
            _ => {
                let group = self.f.vreg(n, mask, false);
                let mut at = 0;
                for &r in &words {
                    self.mov(group.sub(at, u32::from(r.n)), r);
                    at += u32::from(r.n);
                }
                group
            }
        };
        let layout = self.cx.closure_layout(n, mask);
        let d = self.dst(want, e.ty);
        self.emit(Op::closure, &[d.into(), group.into(), n.into(), f.0.into(), layout.into()]);
        if want.is_none() {
            let captures = locals.iter().map(|&l| self.kept(l)).collect();
            self.known.insert(d.v, std::rc::Rc::new(Known { func: f, captures }));
            self.shared.insert(d.v);
        }
        Val::R(d)
    }

    /// Where a captured variable's value, or its cell, can be found as long as the closure can be called.
    fn kept(&mut self, l: LocalId) -> Loc {
        match self.scope.locals[l.index()] {
            Loc::Reg(r) if self.is_temp(r) || self.fixed.contains(&r.v) => {
                self.shared.insert(r.v);
                Loc::Reg(r)
            }
            Loc::Reg(r) => {
                let l = self.layout(self.local_ty(l));
                let d = self.f.vreg(l.slots, l.mask, true);
                self.fixed.insert(d.v);
                self.mov(d, r);
                Loc::Reg(d)
            }
            loc => loc,
        }
    }

    /// The function and captured variables of a func value, if they are known.
    pub(super) fn known_callee(&self, x: &Expr) -> Option<Rc<Known>> {
        match &x.kind {
            ExprKind::Local(l) => match self.scope.locals[l.index()] {
                Loc::Reg(r) => self.known.get(&r.v).cloned(),
                _ => None,
            },
            ExprKind::Retype(x) => self.known_callee(x),
            _ => None,
        }
    }

    /// The word(s) that a closure captures for a local.
    fn captured(&mut self, l: LocalId) -> Reg {
        match self.scope.locals[l.index()] {
            Loc::Reg(r) | Loc::Cell(r) => r,
            Loc::Const(c) => self.reg_of(Val::C(c)),
            Loc::CapturedCell(word, _) => {
                let d = self.ptr();
                self.emit(Op::ldcap, &[d.into(), word.into()]);
                d
            }
            Loc::Captured(word) => {
                let d = self.temp(self.local_ty(l));
                let op = match d.n {
                    1 => Op::ldcap,
                    2 => Op::ldcap2,
                    _ => Op::ldcap3,
                };
                self.emit(op, &[d.into(), word.into()]);
                d
            }
            Loc::None => {
                let ty = self.local_ty(l);
                let storage = self.scope.func.locals[l.index()].storage;
                let r = self.declare(l, ty, storage);
                self.zero(r);
                r
            }
        }
    }

    // ---- inlining

    fn may_inline(&mut self, f: FuncId) -> bool {
        // A function that calls itself is unrolled once: half as many calls, and none at the leaves of a recursion.
        let unrolls = self.inlining[..] == [f];
        if !unrolls && (self.inlining.contains(&f) || self.inlining.len() > MAX_INLINE_DEPTH) {
            return false;
        }
        self.cx.summary(f).inline
    }

    /// A call that is given func values made in sight: inlining it may make all calls of them disappear.
    fn may_inline_higher(&mut self, f: FuncId, args: &[Expr]) -> bool {
        let known = args.iter().any(|a| match &a.kind {
            ExprKind::Closure(..) | ExprKind::FuncValue(_) => true,
            _ => self.known_callee(a).is_some(),
        });
        known && !self.inlining.contains(&f) && self.may_inline_known(f)
    }

    /// Whether a call of a known func value may be replaced. Closures made of closures of the same function nest.
    fn may_inline_known(&mut self, f: FuncId) -> bool {
        if self.inlining.len() > MAX_KNOWN_DEPTH || self.inlining.iter().filter(|g| **g == f).count() > MAX_NESTED {
            return false;
        }
        let s = self.cx.summary(f);
        if !s.known || self.grown + s.nodes > MAX_GROWTH {
            return false;
        }
        self.grown += s.nodes;
        true
    }

    fn inline(
        &mut self,
        f: FuncId,
        captures: &[Loc],
        args: &'p [Expr],
        wants: &[Option<Reg>],
        result_types: &[TypeId],
        e: &'p Expr,
    ) -> Vec<Val> {
        let (func, mut locals, assigned) = self.bind(f, captures, args, wants);
        self.at(e.span);
        // Ends with its only return: the value is used from where it is.
        if let ([r], [t]) = (&func.results[..], result_types)
            && self.cx.summary(f).tail
            && func.locals[r.index()].name.0 == 0
            && !self.is_large(*t)
        {
            let outer = self.tail.take();
            let ret = RetTo::Tail(wants.first().copied().flatten());
            self.inlined_body(f, func, locals, assigned, ret, e);
            self.at(e.span);
            let v = std::mem::replace(&mut self.tail, outer);
            return vec![v.unwrap_or_else(|| Val::R(self.temp(*t)))];
        }
        // Results: unnamed ones are written by `return` only, so they may be where they are wanted.
        let mut results = Vec::with_capacity(result_types.len());
        for (i, (&r, &t)) in func.results.iter().zip(result_types).enumerate() {
            let l = self.layout(t);
            let named = func.locals[r.index()].name.0 != 0;
            let d = match wants.get(i).copied().flatten() {
                Some(d) if !named && func.results.len() == 1 => d,
                _ => self.f.vreg(l.slots, l.mask, named),
            };
            if l.large {
                self.variable_cell(t, None, d);
                locals[r.index()] = Loc::Cell(d);
            } else {
                if named {
                    self.zero(d);
                }
                locals[r.index()] = Loc::Reg(d);
            }
            results.push(d);
        }
        let done = self.f.block();
        self.inlined_body(f, func, locals, assigned, RetTo::Inline { done }, e);
        self.start(done);
        self.at(e.span);
        results.into_iter().map(Val::R).collect()
    }

    /// Whether a call of `f` in a condition is worth inlining as one.
    pub(super) fn inlines(&mut self, f: FuncId, args: &[Expr]) -> bool {
        self.decides(f) && (self.may_inline(f) || self.may_inline_higher(f, args))
    }

    /// The same for a known func value.
    pub(super) fn inlines_known(&mut self, k: &Known) -> bool {
        self.decides(k.func) && self.may_inline_known(k.func)
    }

    fn decides(&self, f: FuncId) -> bool {
        let func = self.cx.func(f);
        func.results.len() == 1 && func.locals[func.results[0].index()].name.0 == 0
    }

    /// An inlined call whose result decides a branch.
    pub(super) fn inline_cond(
        &mut self,
        f: FuncId,
        captures: &[Loc],
        args: &'p [Expr],
        yes: crate::ir::BlockId,
        no: crate::ir::BlockId,
        e: &'p Expr,
    ) {
        let (func, locals, assigned) = self.bind(f, captures, args, &[]);
        self.at(e.span);
        self.inlined_body(f, func, locals, assigned, RetTo::Branch { yes, no }, e);
        self.at(e.span);
        // Control never gets to the end of a body without returning.
        self.end(crate::ir::Term::Stop);
    }

    /// Binds the parameters of an inlined call.
    fn bind(
        &mut self,
        f: FuncId,
        captures: &[Loc],
        args: &'p [Expr],
        wants: &[Option<Reg>],
    ) -> (&'p Func, Vec<Loc>, Rc<[u8]>) {
        let func: &'p Func = self.cx.func(f);
        let assigned = self.cx.summary(f).assigned.clone();
        let mut locals = vec![Loc::None; func.locals.len()];
        for (c, &loc) in func.captures.iter().zip(captures) {
            locals[c.index()] = loc;
        }
        let mut values = Vec::with_capacity(args.len());
        for (i, a) in args.iter().enumerate() {
            let v = self.argument(a);
            let rest: Vec<&Expr> = args[i + 1..].iter().collect();
            values.push(self.steady(v, &rest, a.ty));
        }
        for (&p, v) in func.params.iter().zip(values) {
            let local = &func.locals[p.index()];
            let l = self.layout(local.ty);
            let reassigned = assigned[p.index()] > 0;
            locals[p.index()] = match v {
                Val::R(r) if l.large => Loc::Cell(r),
                Val::C(c) if !reassigned => Loc::Const(c),
                // Nothing in the body can change the caller's variables, nor may it change them.
                Val::R(r) if !reassigned && !wants.iter().flatten().any(|w| w.v == r.v) => {
                    self.shared.insert(r.v);
                    Loc::Reg(r)
                }
                Val::R(r)
                    if reassigned
                        && self.is_temp(r)
                        && !self.shared.contains(&r.v)
                        && u32::from(r.n) == self.vreg_slots(r) =>
                {
                    // From here on it is a variable: whoever needs its value later must copy it.
                    self.f.vregs[r.v as usize].var = true;
                    self.cells.remove(&r.v);
                    Loc::Reg(r)
                }
                v => {
                    let d = self.f.vreg(l.slots, l.mask, true);
                    if !reassigned {
                        self.fixed.insert(d.v);
                    }
                    self.put(d, v);
                    Loc::Reg(d)
                }
            };
        }
        (func, locals, assigned)
    }

    fn inlined_body(
        &mut self,
        f: FuncId,
        func: &'p Func,
        locals: Vec<Loc>,
        assigned: std::rc::Rc<[u8]>,
        ret: RetTo,
        e: &'p Expr,
    ) {
        let inlined = self.new_inlined(func, e.span);
        let scope = Scope {
            func,
            locals,
            labels: Default::default(),
            gotos: Default::default(),
            ret,
            inlined,
            iters: Default::default(),
            steady: Vec::new(),
            assigned,
        };
        let outer = std::mem::replace(&mut self.scope, scope);
        let pinned = std::mem::take(&mut self.pinned);
        self.inlining.push(f);
        if let Body::Script(body) = &func.body {
            self.block(body);
        }
        self.inlining.pop();
        self.pinned = pinned;
        self.scope = outer;
    }

    fn vreg_slots(&self, r: Reg) -> u32 {
        self.f.vregs[r.v as usize].n
    }

    // ---- intrinsics

    /// Library functions that are one instruction.
    fn intrinsic(&mut self, f: FuncId, args: &'p [Expr], wants: &[Option<Reg>], e: &'p Expr) -> Option<Val> {
        let func = self.cx.func(f);
        let op = match (func.pkg.as_str(), func.name.as_str()) {
            ("math", "math.Sqrt") => Op::fsqrt,
            ("math", "math.Abs") => Op::fabs,
            ("math", "math.Floor") => Op::ffloor,
            ("math", "math.Ceil") => Op::fceil,
            ("math", "math.Trunc") => Op::ftrunc,
            ("math", "math.Copysign") => Op::fcopysign,
            ("math", "math.FMA") => Op::ffma,
            ("math", "math.Float64bits" | "math.Float64frombits" | "math.Float32bits" | "math.Float32frombits") => {
                return Some(self.gen_(&args[0], wants.first().copied().flatten()));
            }
            ("math/bits", "math/bits.LeadingZeros64") => Op::clz,
            ("math/bits", "math/bits.TrailingZeros64" | "math/bits.TrailingZeros") => Op::ctz,
            (
                "math/bits",
                "math/bits.OnesCount64"
                | "math/bits.OnesCount"
                | "math/bits.OnesCount32"
                | "math/bits.OnesCount8"
                | "math/bits.OnesCount16",
            ) => Op::popcnt,
            ("math/bits", "math/bits.ReverseBytes64") => Op::bswap,
            ("math/bits", "math/bits.Reverse64") => Op::bitrev,
            ("math/bits", "math/bits.RotateLeft64" | "math/bits.RotateLeft") => Op::rotl,
            ("math/bits", "math/bits.RotateLeft32") => Op::rotlu32,
            _ => return None,
        };
        if args.len() + 1 != op.info().operands.len() {
            return None;
        }
        let es: Vec<&Expr> = args.iter().collect();
        let vs = self.operands(&es);
        let mut list: Vec<Arg> = Vec::new();
        let d = self.dst(wants.first().copied().flatten(), e.ty);
        list.push(d.into());
        for v in vs {
            list.push(self.reg_of(v).into());
        }
        self.at(e.span);
        self.emit(op, &list);
        Some(Val::R(d))
    }

    // ---- go, defer

    /// A func value to start or defer.
    pub(super) fn thunk(&mut self, e: &'p Expr) -> Reg {
        self.reg(e)
    }

    /// Is it a literal call of a closure made on the spot?
    pub(super) fn is_call(e: &Expr) -> bool {
        matches!(e.kind, ExprKind::Call(..))
    }

    /// Storage of a local.
    pub(super) fn storage(&self, l: LocalId) -> Storage {
        self.scope.func.locals[l.index()].storage
    }

    /// Whether a type's register form is a pointer to memory.
    pub(super) fn is_large(&self, t: TypeId) -> bool {
        self.layout(t).large
    }

    /// Values of a tuple type.
    pub(super) fn arity(&self, t: TypeId) -> usize {
        match &self.layout(t).class {
            Class::Tuple(ts) => ts.len(),
            _ => 1,
        }
    }
}
