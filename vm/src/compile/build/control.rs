//! Control flow: conditionals, loops, switches, select.

use gol_lang::source::Span;
use gol_lang::typed::{Const, Expr, ExprKind, LabelId, LocalId, SelectCase, SelectComm, Stmt, StmtKind, SwitchArm};
use gol_lang::types::TypeId;

use super::{Builder, Iter, Loc, LoopCx, Target};
use crate::bytecode::SwitchTable;
use crate::bytecode::ops::Op;
use crate::compile::inline;
use crate::compile::layout::Class;
use crate::ir::{Arg, BlockId, Cond, Ext, Ins, Mask, Reg, SelectArm, Term};

/// Cases up to which a switch is a chain of comparisons.
const CHAIN: usize = 4;

impl<'c, 'p> Builder<'c, 'p> {
    pub(super) fn if_stmt(&mut self, c: &'p Expr, a: &'p [Stmt], b: &'p [Stmt]) {
        let (yes, done) = (self.f.block(), self.f.block());
        if b.is_empty() {
            self.cond(c, yes, done);
            self.start(yes);
            self.block(a);
            self.start(done);
            return;
        }
        let no = self.f.block();
        self.cond(c, yes, no);
        self.start(yes);
        self.block(a);
        self.jump(done);
        self.start(no);
        self.block(b);
        self.start(done);
    }

    pub(super) fn breakable(&mut self, l: LabelId, b: &'p [Stmt]) {
        let done = self.f.block();
        self.scope.labels.insert(l, Target { brk: done, cont: done });
        self.block(b);
        self.start(done);
    }

    pub(super) fn goto_block(&mut self, l: LabelId) -> BlockId {
        if let Some(b) = self.scope.gotos.get(&l) {
            return *b;
        }
        let b = self.f.block();
        self.scope.gotos.insert(l, b);
        b
    }

    pub(super) fn loop_stmt(&mut self, l: LabelId, cond: Option<&'p Expr>, body: &'p [Stmt], post: &'p [Stmt]) {
        let (pre, head, next, exit) = (self.f.block(), self.f.block(), self.f.block(), self.f.block());
        self.start(pre);
        self.scope.labels.insert(l, Target { brk: exit, cont: next });
        self.loops.push(LoopCx { pre, consts: Default::default() });
        // Counters that only the post statement changes can stand for their per-iteration copies.
        let counters = self.counters(post);
        let before = self.scope.steady.len();
        self.scope.steady.extend(&counters);
        let at_top = cond.is_some_and(steps_iterator);
        match cond {
            Some(c) if at_top => {
                // The condition itself steps an iteration: test at the top.
                let enter = self.f.block();
                self.start(head);
                self.cond(c, enter, exit);
                self.start(enter);
                self.block(body);
                self.start(next);
                self.block(post);
                self.jump(head);
            }
            Some(c) => {
                // Bottom-tested: the condition is generated twice if it is small, else jumped to.
                let test = self.f.block();
                // A block of its own, so that the preheader stays straight-line code.
                let entry = self.f.block();
                self.start(entry);
                if small(c) {
                    self.cond(c, head, exit);
                } else {
                    self.jump(test);
                }
                self.start(head);
                self.block(body);
                self.start(next);
                self.scope.steady.truncate(before);
                self.block(post);
                self.start(test);
                self.cond(c, head, exit);
            }
            None => {
                self.start(head);
                self.block(body);
                self.start(next);
                self.scope.steady.truncate(before);
                self.block(post);
                self.jump(head);
            }
        }
        self.scope.steady.retain(|l| !counters.contains(l));
        self.loops.pop();
        self.start(exit);
    }

    /// Locals whose one assignment is in these statements.
    fn counters(&self, post: &'p [Stmt]) -> Vec<LocalId> {
        let mut out = Vec::new();
        for s in post {
            if let StmtKind::OpAssign(_, p, _) | StmtKind::Assign(p, _) = &s.kind
                && let ExprKind::Local(l) = p.kind
                && self.scope.assigned[l.index()] == 1
                && matches!(self.scope.locals[l.index()], Loc::Reg(_))
            {
                out.push(l);
            }
        }
        out
    }

    // ---- map iterators

    /// Registers for the entries of a new iterator.
    pub(super) fn declare_iter(&mut self, l: LocalId, map: TypeId) {
        if self.scope.iters.contains_key(&l) {
            return;
        }
        let (k, v) = match self.layout(map).class {
            Class::Map(k, v) => (k, v),
            _ => return,
        };
        let (key, value) = (self.entry_reg(k), self.entry_reg(v));
        self.scope.iters.insert(l, Iter { map, key, value });
    }

    fn entry_reg(&mut self, t: TypeId) -> Reg {
        if self.layout(t).large {
            return self.image(t);
        }
        let l = self.layout(t);
        self.f.vreg(l.slots, l.mask, true)
    }

    /// The register of a register local.
    pub(super) fn local_reg(&mut self, l: LocalId) -> Reg {
        match self.scope.locals[l.index()] {
            Loc::Reg(r) => r,
            Loc::Cell(c) => {
                let d = self.ptr();
                self.emit(Op::ld_64, &[d.into(), c.into(), Arg::I(0)]);
                d
            }
            _ => self.ptr(),
        }
    }

    // ---- switch

    pub(super) fn switch(
        &mut self,
        label: LabelId,
        tag: &'p Expr,
        arms: &'p [SwitchArm],
        default: Option<usize>,
        span: Span,
    ) {
        let done = self.f.block();
        self.scope.labels.insert(label, Target { brk: done, cont: done });
        let blocks: Vec<BlockId> = arms.iter().map(|_| self.f.block()).collect();
        let other = default.map_or(done, |d| blocks[d]);
        let is_string = matches!(self.layout(tag.ty).class, Class::Str);
        let v = self.gen_(tag, None);
        self.at(span);
        let r = self.reg_of(v);
        if is_string {
            self.switch_string(r, arms, &blocks, other);
        } else {
            self.switch_int(r, tag.ty, arms, &blocks, other);
        }
        for (i, arm) in arms.iter().enumerate() {
            self.start(blocks[i]);
            self.block(&arm.body);
            if arm.fallthrough && i + 1 < arms.len() {
                self.jump(blocks[i + 1]);
            } else {
                self.jump(done);
            }
        }
        self.start(done);
    }

    fn switch_string(&mut self, r: Reg, arms: &'p [SwitchArm], blocks: &[BlockId], other: BlockId) {
        let mut keys: Vec<(&[u8], BlockId)> = Vec::new();
        for (arm, b) in arms.iter().zip(blocks) {
            for c in &arm.consts {
                if let Const::Str(s) = c {
                    keys.push((s, *b));
                }
            }
        }
        if keys.len() <= CHAIN {
            for (s, b) in keys {
                let next = self.f.block();
                let cond = if s.is_empty() {
                    self.equals(r.sub(1, 1), 0)
                } else {
                    let at = self.cx.string(s);
                    Cond::StrConst(true, r, at, s.len() as u32)
                };
                self.branch(cond, b, next);
                self.start(next);
            }
            return self.jump(other);
        }
        keys.sort();
        let table = SwitchTable::Str(keys.iter().map(|k| k.0.to_vec()).collect());
        self.cx.switches.push(table);
        let ix = self.cx.switches.len() as u32 - 1;
        let ins = Ins::new(Op::switch_str, self.pos, &[r.into(), ix.into()]);
        let targets = keys.iter().map(|k| k.1).chain([other]).collect();
        self.end(Term::Table { ins, targets });
    }

    fn switch_int(&mut self, r: Reg, ty: TypeId, arms: &'p [SwitchArm], blocks: &[BlockId], other: BlockId) {
        let l = self.layout(ty);
        let mut keys: Vec<(i64, BlockId)> = Vec::new();
        for (arm, b) in arms.iter().zip(blocks) {
            for c in &arm.consts {
                if let Some(bits) = super::expr::const_bits(c, &l) {
                    keys.push((bits, *b));
                }
            }
        }
        if keys.len() <= CHAIN {
            for (k, b) in keys {
                let next = self.f.block();
                let cond = self.equals(r, k);
                self.branch(cond, b, next);
                self.start(next);
            }
            return self.jump(other);
        }
        keys.sort_by_key(|k| k.0);
        let (lo, hi) = (keys[0].0, keys[keys.len() - 1].0);
        let range = hi.wrapping_sub(lo) as u64;
        if range < 4 * keys.len() as u64 + 8 {
            // Dense: index minus the lowest key; what is below wraps around to far above.
            let index = if lo == 0 {
                r
            } else {
                let d = self.word();
                match i16::try_from(lo.wrapping_neg()) {
                    Ok(n) => self.emit(Op::addi, &[d.into(), r.into(), Arg::I(i64::from(n))]),
                    Err(_) => self.emit(Op::addk, &[d.into(), r.into(), Arg::I(lo.wrapping_neg())]),
                }
                d
            };
            let n = range as usize + 1;
            let mut targets = vec![other; n + 1];
            for (k, b) in keys {
                targets[k.wrapping_sub(lo) as usize] = b;
            }
            let ins = Ins::new(Op::jmptab, self.pos, &[index.into(), Arg::I(n as i64)]);
            self.end(Term::Table { ins, targets });
            return;
        }
        let table = SwitchTable::Int(keys.iter().map(|k| k.0).collect());
        self.cx.switches.push(table);
        let ix = self.cx.switches.len() as u32 - 1;
        let ins = Ins::new(Op::switch_int, self.pos, &[r.into(), ix.into()]);
        let targets = keys.iter().map(|k| k.1).chain([other]).collect();
        self.end(Term::Table { ins, targets });
    }

    // ---- select

    pub(super) fn select(&mut self, label: LabelId, cases: &'p [SelectCase], default: Option<&'p [Stmt]>, span: Span) {
        let done = self.f.block();
        self.scope.labels.insert(label, Target { brk: done, cont: done });
        let mut arms = Vec::with_capacity(cases.len());
        // Large received values arrive as images and move to the heap in their case.
        let mut images: Vec<Option<(LocalId, TypeId, Reg)>> = Vec::new();
        for c in cases {
            match &c.comm {
                SelectComm::Send(ch, v) => {
                    let chan = self.reg(ch);
                    let chan = self.keep(chan);
                    let value = self.runtime_form(v);
                    let value = self.keep(value);
                    let elem = self.cx.type_ix(v.ty);
                    let value = if value.n == 0 { Reg::NONE } else { value };
                    arms.push(SelectArm { send: true, chan, value, ok: Reg::NONE, elem });
                    images.push(None);
                }
                SelectComm::Recv { chan, value, ok } => {
                    let elem_ty = self.elem_of(chan.ty);
                    let ch = self.reg(chan);
                    let ch = self.keep(ch);
                    let elem = self.cx.type_ix(elem_ty);
                    let mut image = None;
                    let value = match value {
                        None => Reg::NONE,
                        Some(l) if self.is_large(elem_ty) => {
                            let img = self.image(elem_ty);
                            image = Some((*l, elem_ty, img));
                            img
                        }
                        Some(l) => {
                            let storage = gol_lang::typed::Storage::Register;
                            let r = self.declare(*l, elem_ty, storage);
                            if r.n == 0 { Reg::NONE } else { r }
                        }
                    };
                    let ok = match ok {
                        None => Reg::NONE,
                        Some(l) => self.declare(*l, TypeId::BOOL, gol_lang::typed::Storage::Register),
                    };
                    arms.push(SelectArm { send: false, chan: ch, value, ok, elem });
                    images.push(image);
                }
            }
        }
        self.at(span);
        let d = self.word();
        self.emit_ext(Op::select, &[d.into(), Arg::I(0)], Ext::Select(Box::new((arms, default.is_some()))));
        let blocks: Vec<BlockId> = cases.iter().map(|_| self.f.block()).collect();
        let other = self.f.block();
        if blocks.len() <= CHAIN {
            for (i, b) in blocks.iter().enumerate() {
                if i + 1 == blocks.len() && default.is_none() {
                    self.jump(*b);
                    break;
                }
                let next = self.f.block();
                let cond = self.equals(d, i as i64);
                self.branch(cond, *b, next);
                self.start(next);
            }
            self.jump(other);
        } else {
            let ins = Ins::new(Op::jmptab, self.pos, &[d.into(), Arg::I(blocks.len() as i64)]);
            let targets = blocks.iter().copied().chain([other]).collect();
            self.end(Term::Table { ins, targets });
        }
        for ((c, b), image) in cases.iter().zip(&blocks).zip(images) {
            self.start(*b);
            self.at(c.span);
            if let Some((l, t, img)) = image {
                let p = self.unpack_image(t, img);
                let cell = self.declare(l, t, gol_lang::typed::Storage::Boxed);
                self.mov(cell, p);
            }
            self.block(&c.body);
            self.jump(done);
        }
        self.start(other);
        if let Some(b) = default {
            self.block(b);
        } else if cases.is_empty() || blocks.len() > CHAIN {
            self.end(Term::Stop);
        }
        self.start(done);
    }

    /// The operand itself; later cases are evaluated after it, so variables they may assign are copied.
    fn keep(&mut self, r: Reg) -> Reg {
        if self.is_temp(r) || r.n == 0 {
            return r;
        }
        let whole = self.f.vregs[r.v as usize].mask;
        let mut mask = Mask::NONE;
        for i in 0..u32::from(r.n) {
            if whole.get(u32::from(r.off) + i) {
                mask.set(i);
            }
        }
        let t = self.f.vreg(u32::from(r.n), mask, false);
        self.mov(t, r);
        t
    }
}

/// Whether a condition advances an iteration rather than tests something.
fn steps_iterator(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::MapIterNext(_) | ExprKind::Seq(..) | ExprKind::LetTuple(..) => true,
        ExprKind::Retype(x) => steps_iterator(x),
        _ => {
            let mut found = false;
            inline::children(e, &mut |c| found |= steps_iterator(c));
            found
        }
    }
}

/// Whether a condition is worth generating twice.
fn small(e: &Expr) -> bool {
    fn cost(e: &Expr) -> u32 {
        let mut n = match &e.kind {
            ExprKind::Call(..) => 100,
            _ => 1,
        };
        inline::children(e, &mut |c| n += cost(c));
        n
    }
    cost(e) <= 8
}
