//! Typed tree → IR, one function at a time.
//!
//! Generation is destination-driven: [`Builder::gen`] takes the register a value is wanted in, or none and then answers
//! where the value already is (a variable's own register, a constant), so that few moves arise. What it may rely on:
//! a destination is never read by the expression after it was partly written; callers that cannot promise that ask for
//! a temporary and move.

use std::collections::HashMap;

use gol_lang::source::Span;
use gol_lang::typed::{self, Expr, ExprKind, Func, FuncId, LabelId, LocalId, Storage};
use gol_lang::types::TypeId;

use super::cx::Cx;
use super::layout::{Layout, Mem};
use crate::bytecode::InlinedCall;
use crate::bytecode::ops::Op;
use crate::ir::{Arg, BlockId, Cond, Ext, Function, Ins, Mask, Opd, PosId, Reg, Term};

mod arith;
mod call;
mod collection;
mod cond;
mod control;
mod expr;
mod iface;
mod literal;
mod place;
mod stmt;

/// Where a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Val {
    /// In a register (any number of slots; none for zero-size and empty values).
    R(Reg),
    /// A one-slot constant.
    C(i64),
}

/// Where a local lives.
#[derive(Clone, Copy, Debug)]
enum Loc {
    /// Not yet declared.
    None,
    /// In a register.
    Reg(Reg),
    /// In a heap cell whose address is in the register.
    Cell(Reg),
    /// Is a constant (parameter of an inlined call).
    Const(i64),
    /// Captured by value: read from the closure where it is mentioned, from this word on.
    Captured(u32),
    /// A one-word variable whose cell is captured; pointer?
    CapturedCell(u32, bool),
}

/// Blocks of a breakable statement.
#[derive(Clone, Copy)]
struct Target {
    brk: BlockId,
    cont: BlockId,
}

/// Where `return` goes.
enum RetTo {
    /// Out of the function.
    Function,
    /// To the code after an inlined call.
    Inline { done: BlockId },
    /// To one of two blocks, by the one boolean returned.
    Branch { yes: BlockId, no: BlockId },
    /// Nowhere: the only return is the end of an inlined call. Its value may be left where it is, or is wanted there.
    Tail(Option<Reg>),
}

/// A func value whose function and captured variables are known.
struct Known {
    func: FuncId,
    /// Where each captured variable lives, valid as long as the value can be called.
    captures: Vec<Loc>,
}

/// The function whose tree is being read: the one compiled, or an inlined one.
struct Scope<'p> {
    func: &'p Func,
    locals: Vec<Loc>,
    labels: HashMap<LabelId, Target>,
    gotos: HashMap<LabelId, BlockId>,
    ret: RetTo,
    /// 1 + index of the inlined call, or 0.
    inlined: u32,
    /// Iterators: current key and value registers.
    iters: HashMap<LocalId, Iter>,
    /// Locals that only the post statement of a loop being generated assigns: safe to alias in its body.
    steady: Vec<LocalId>,
    /// How often each local is assigned after its declaration.
    assigned: std::rc::Rc<[u8]>,
}

/// A map iteration.
#[derive(Clone, Copy)]
struct Iter {
    map: TypeId,
    key: Reg,
    value: Reg,
}

/// A loop being generated.
struct LoopCx {
    /// Block that runs once before it.
    pre: BlockId,
    /// Constants loaded there.
    consts: HashMap<ConstKey, Reg>,
}

#[derive(PartialEq, Eq, Hash, Clone, Copy)]
enum ConstKey {
    Word(i64),
    Type(u32),
    Itab(u32),
    Func(u32),
    Str(u32, u32),
    Global(u32),
}

/// Most constants kept in registers for one loop.
const MAX_LOOP_CONSTS: usize = 48;

/// Builds one function.
pub struct Builder<'c, 'p> {
    cx: &'c mut Cx<'p>,
    f: Function,
    cur: BlockId,
    /// The current block has its end: nothing more can be reached.
    ended: bool,
    pos: PosId,
    scope: Scope<'p>,
    loops: Vec<LoopCx>,
    /// Functions being inlined, outermost first.
    inlining: Vec<FuncId>,
    /// Locals that must be copied when read (parallel assignment).
    pinned: Vec<LocalId>,
    /// Registers that hold addresses of variables' cells, never nil.
    cells: std::collections::HashSet<u32>,
    /// Where functions that defer end.
    epilogue: Option<BlockId>,
    /// Registers that hold func values made in sight; each has this one definition.
    known: HashMap<u32, std::rc::Rc<Known>>,
    /// Registers of variables that keep their first value.
    fixed: std::collections::HashSet<u32>,
    /// Temporaries that more than one expression reads (bound to a parameter, loaded before a loop): not to be written.
    shared: std::collections::HashSet<u32>,
    /// Value returned by an inlined call whose return is its end.
    tail: Option<Val>,
    /// Tree nodes of the known closures inlined so far.
    grown: u32,
}

/// Compiles one function to IR.
pub fn build(cx: &mut Cx<'_>, id: FuncId) -> Function {
    let func = cx.func(id);
    let assigned = super::inline::assignments(func);
    let scope = Scope {
        func,
        locals: vec![Loc::None; func.locals.len()],
        labels: HashMap::new(),
        gotos: HashMap::new(),
        ret: RetTo::Function,
        inlined: 0,
        iters: HashMap::new(),
        steady: Vec::new(),
        assigned,
    };
    let f = Function {
        name: func.name.clone(),
        closure: !func.captures.is_empty(),
        wrapper: func.flags.wrapper,
        has_defer: func.flags.has_defer,
        ..Function::default()
    };
    let mut b = Builder {
        cx,
        f,
        cur: BlockId(0),
        ended: false,
        pos: PosId(0),
        scope,
        loops: Vec::new(),
        inlining: vec![id],
        pinned: Vec::new(),
        cells: Default::default(),
        epilogue: None,
        known: HashMap::new(),
        fixed: Default::default(),
        shared: Default::default(),
        tail: None,
        grown: 0,
    };
    b.function();
    b.f
}

impl<'c, 'p> Builder<'c, 'p> {
    // ---- the function

    fn function(&mut self) {
        let func = self.scope.func;
        self.at(func.span);
        self.cur = self.f.block();
        self.f.order.push(self.cur);
        for &p in &func.params {
            let l = self.layout(func.locals[p.index()].ty);
            let r = self.f.vreg(l.slots, l.mask, true);
            self.f.params.push(r.v);
            self.scope.locals[p.index()] = Loc::Reg(r);
        }
        for &p in &func.results {
            let l = self.layout(func.locals[p.index()].ty);
            let r = self.f.vreg(l.slots, l.mask, true);
            self.f.results.push(r.v);
            self.scope.locals[p.index()] = Loc::Reg(r);
        }
        if let typed::Body::Native(name) = &func.body {
            let n = self.cx.native_index(name, self.inlining[0]);
            self.emit(Op::calln, &[Arg::I(0), n.into()]);
            self.end(Term::Ret(self.pos));
            return;
        }
        let typed::Body::Script(body) = &func.body else { return };
        for (i, p) in func.params.iter().enumerate() {
            if self.scope.assigned[p.index()] == 0 {
                self.fixed.insert(self.f.params[i]);
            }
        }
        // Cells for parameters; large ones already are one.
        for (i, &p) in func.params.iter().enumerate() {
            let local = &func.locals[p.index()];
            let l = self.layout(local.ty);
            let r = self.f.whole(self.f.params[i]);
            if l.large {
                self.scope.locals[p.index()] = Loc::Cell(r);
            } else if local.storage == Storage::Boxed {
                let cell = self.f.vreg(1, Mask::PTR, true);
                self.variable_cell(local.ty, Some(r), cell);
                self.scope.locals[p.index()] = Loc::Cell(cell);
            }
        }
        let named = func.results.iter().any(|r| func.locals[r.index()].name.0 != 0);
        self.f.clear_results = named || func.flags.has_defer;
        for (i, &p) in func.results.iter().enumerate() {
            let local = &func.locals[p.index()];
            let l = self.layout(local.ty);
            if local.storage == Storage::Boxed || l.large {
                let cell = self.f.vreg(1, Mask::PTR, true);
                self.new_cell(local.ty, None, cell);
                self.scope.locals[p.index()] = Loc::Cell(cell);
            } else {
                let r = self.f.whole(self.f.results[i]);
                if self.f.clear_results {
                    self.zero(r);
                }
            }
        }
        let mut word = 0;
        let uses = if func.captures.is_empty() { Vec::new() } else { super::inline::uses(func) };
        for &c in &func.captures {
            let local = &func.locals[c.index()];
            let l = self.layout(local.ty);
            // What is mentioned once or twice stays in the closure.
            match (local.storage, l.mem()) {
                (Storage::Boxed, Mem::W(ptr)) if uses[c.index()] <= 2 => {
                    self.scope.locals[c.index()] = Loc::CapturedCell(word as u32, ptr);
                    word += 1;
                    continue;
                }
                (Storage::Register, _) if uses[c.index()] <= 1 && !l.large && (1..=3).contains(&l.slots) => {
                    self.scope.locals[c.index()] = Loc::Captured(word as u32);
                    word += i64::from(l.slots);
                    continue;
                }
                _ => {}
            }
            if local.storage == Storage::Boxed || l.large {
                let cell = self.f.vreg(1, Mask::PTR, true);
                self.emit(Op::ldcap, &[cell.into(), Arg::I(word)]);
                self.scope.locals[c.index()] = Loc::Cell(cell);
                word += 1;
            } else {
                let r = self.f.vreg(l.slots, l.mask, true);
                self.fixed.insert(r.v);
                match l.slots {
                    0 => {}
                    1 => self.emit(Op::ldcap, &[r.into(), Arg::I(word)]),
                    2 => self.emit(Op::ldcap2, &[r.into(), Arg::I(word)]),
                    3 => self.emit(Op::ldcap3, &[r.into(), Arg::I(word)]),
                    n => self.emit(Op::ldcapn, &[r.into(), Arg::I(word), n.into()]),
                }
                self.scope.locals[c.index()] = Loc::Reg(r);
                word += i64::from(l.slots);
            }
        }
        if func.flags.has_defer {
            self.epilogue = Some(self.f.block());
        }
        self.block(body);
        self.at(func.end);
        self.finish_return();
        if let Some(e) = self.epilogue {
            self.f.recover = Some(e);
            self.start(e);
            self.emit(Op::rundefers, &[Arg::I(0)]);
            self.leave();
        }
    }

    /// Result variables are set: leaves the function, through the epilogue if it defers.
    fn finish_return(&mut self) {
        match self.epilogue {
            Some(e) => self.jump(e),
            None => self.leave(),
        }
    }

    /// Copies boxed results to their slots and returns.
    fn leave(&mut self) {
        let func = self.scope.func;
        for (i, &p) in func.results.iter().enumerate() {
            if let Loc::Cell(cell) = self.scope.locals[p.index()] {
                let slot = self.f.whole(self.f.results[i]);
                let l = self.layout(func.locals[p.index()].ty);
                if l.large {
                    self.mov(slot, cell);
                } else {
                    self.load_mem(l.mem(), slot, cell, 0);
                }
            }
        }
        self.end(Term::Ret(self.pos));
    }

    // ---- blocks

    /// Makes `b` the current block, next in the layout.
    fn start(&mut self, b: BlockId) {
        if !self.ended {
            self.f.at(self.cur).term = Term::Jump(b);
        }
        self.f.order.push(b);
        self.cur = b;
        self.ended = false;
    }

    /// Ends the current block with a jump.
    fn jump(&mut self, b: BlockId) {
        self.end(Term::Jump(b));
    }

    /// Ends the current block; what follows is unreachable until `start`.
    fn end(&mut self, t: Term) {
        if !self.ended {
            self.f.at(self.cur).term = t;
            self.ended = true;
        }
    }

    fn branch(&mut self, cond: Cond, yes: BlockId, no: BlockId) {
        let pos = self.pos;
        self.end(Term::Br { cond, yes, no, pos });
    }

    // ---- positions

    fn at(&mut self, span: Span) {
        let key = (span.lo, self.scope.inlined);
        if self.f.positions.last() != Some(&key) {
            self.f.positions.push(key);
        }
        self.pos = PosId(self.f.positions.len() as u32 - 1);
    }

    /// If `index` is an unsigned 64-bit number, messages about `e` will say so.
    fn note_unsigned(&mut self, index: &Expr, e: &Expr) {
        if matches!(self.layout(index.ty).class, super::layout::Class::Int(super::layout::IntTy::U64)) {
            self.f.unsigned.insert(e.span.lo);
        }
    }

    fn new_inlined(&mut self, callee: &Func, call: Span) -> u32 {
        self.cx.inlined.push(InlinedCall { name: callee.name.clone(), call: Default::default() });
        let i = self.cx.inlined.len() as u32;
        self.cx.inlined_calls.push((call.lo, self.scope.inlined));
        i
    }

    // ---- instructions

    fn emit(&mut self, op: Op, args: &[Arg]) {
        let ins = Ins::new(op, self.pos, args);
        self.push(ins);
    }

    fn push(&mut self, ins: Ins) {
        if self.ended {
            // Unreachable: kept apart, dropped later.
            let b = self.f.block();
            self.start(b);
        }
        self.f.at(self.cur).ins.push(ins);
    }

    fn emit_ext(&mut self, op: Op, args: &[Arg], ext: Ext) {
        let mut ins = Ins::new(op, self.pos, args);
        ins.ext = ext;
        self.push(ins);
    }

    // ---- registers

    fn layout(&self, t: TypeId) -> std::rc::Rc<Layout> {
        self.cx.lay.get(t)
    }

    /// A new one-slot scalar.
    fn word(&mut self) -> Reg {
        self.f.vreg(1, Mask::NONE, false)
    }

    /// A new one-slot pointer.
    fn ptr(&mut self) -> Reg {
        self.f.vreg(1, Mask::PTR, false)
    }

    /// A new temporary for a value of type `t`.
    fn temp(&mut self, t: TypeId) -> Reg {
        let l = self.layout(t);
        self.f.vreg(l.slots, l.mask, false)
    }

    fn dst(&mut self, want: Option<Reg>, t: TypeId) -> Reg {
        want.unwrap_or_else(|| self.temp(t))
    }

    fn mov(&mut self, d: Reg, s: Reg) {
        if d == s || d.n == 0 {
            return;
        }
        debug_assert_eq!(d.n, s.n, "move of unequal sizes");
        match d.n {
            1 => self.emit(Op::mov, &[d.into(), s.into()]),
            2 => self.emit(Op::mov2, &[d.into(), s.into()]),
            3 => self.emit(Op::mov3, &[d.into(), s.into()]),
            4 => self.emit(Op::mov4, &[d.into(), s.into()]),
            n => self.emit(Op::movn, &[d.into(), s.into(), Arg::I(i64::from(n))]),
        }
    }

    fn zero(&mut self, d: Reg) {
        match d.n {
            0 => {}
            1 => self.emit(Op::ldi, &[d.into(), Arg::I(0)]),
            2 => self.emit(Op::zero2, &[d.into()]),
            3 => self.emit(Op::zero3, &[d.into()]),
            n => self.emit(Op::zero, &[d.into(), Arg::I(i64::from(n))]),
        }
    }

    /// Loads a constant into a register.
    fn set_const(&mut self, d: Reg, c: i64) {
        if i32::try_from(c).is_ok() {
            self.emit(Op::ldi, &[d.into(), Arg::I(c)]);
        } else {
            self.emit(Op::ldk, &[d.into(), Arg::I(c)]);
        }
    }

    /// A register holding what `key` names, loaded before the outermost loop if there is one.
    fn const_reg(&mut self, key: ConstKey) -> Reg {
        let (n, mask) = match key {
            ConstKey::Word(_) | ConstKey::Type(_) | ConstKey::Itab(_) => (1, Mask::NONE),
            ConstKey::Func(_) | ConstKey::Global(_) => (1, Mask::PTR),
            ConstKey::Str(..) => (2, Mask::PTR),
        };
        let hoist = self.loops.first().is_some_and(|l| l.consts.len() < MAX_LOOP_CONSTS);
        if let Some(r) = self.loops.first().and_then(|l| l.consts.get(&key)) {
            return *r;
        }
        let r = self.f.vreg(n, mask, false);
        let back = (self.cur, self.ended);
        if hoist {
            self.loops[0].consts.insert(key, r);
            self.shared.insert(r.v);
            (self.cur, self.ended) = (self.loops[0].pre, false);
        }
        match key {
            ConstKey::Word(c) => self.set_const(r, c),
            ConstKey::Type(t) => self.emit(Op::ldtype, &[r.into(), t.into()]),
            ConstKey::Itab(t) => self.emit(Op::lditab, &[r.into(), t.into()]),
            ConstKey::Func(t) => self.emit(Op::ldfunc, &[r.into(), t.into()]),
            ConstKey::Global(t) => self.emit(Op::gaddr, &[r.into(), t.into()]),
            ConstKey::Str(at, len) => self.emit(Op::ldstr, &[r.into(), at.into(), len.into()]),
        }
        if hoist {
            (self.cur, self.ended) = back;
        }
        r
    }

    fn reg_of(&mut self, v: Val) -> Reg {
        match v {
            Val::R(r) => r,
            Val::C(c) => self.const_reg(ConstKey::Word(c)),
        }
    }

    fn opd(v: Val) -> Opd {
        match v {
            Val::R(r) => Opd::R(r),
            Val::C(c) => Opd::C(c),
        }
    }

    /// Puts a value into `d`.
    fn put(&mut self, d: Reg, v: Val) {
        match v {
            Val::R(r) => self.mov(d, r),
            Val::C(c) => self.set_const(d, c),
        }
    }

    fn is_temp(&self, r: Reg) -> bool {
        r.v == Reg::NONE.v || !self.f.vregs[r.v as usize].var
    }

    // ---- heap cells

    /// The cell of a variable of the program: its register keeps this address while the variable lives.
    fn variable_cell(&mut self, t: TypeId, value: Option<Reg>, cell: Reg) {
        self.cells.insert(cell.v);
        self.new_cell(t, value, cell);
    }

    /// `cell` = address of a new object of type `t` holding `value`, or zero.
    fn new_cell(&mut self, t: TypeId, value: Option<Reg>, cell: Reg) {
        // A pointer variable may get another value, nil for one.
        if self.is_temp(cell) {
            self.cells.insert(cell.v);
        }
        let ix = self.cx.type_ix(t);
        let waited = self.cx.is_waited(t);
        let make = if waited { Op::alloc_noted } else { Op::alloc };
        match value {
            Some(v) if !waited && !self.layout(t).large => self.emit(Op::mkbox, &[cell.into(), v.into(), ix.into()]),
            Some(v) => {
                let (p, l) = (self.ptr(), self.layout(t));
                self.emit(make, &[p.into(), ix.into()]);
                if l.large {
                    self.copy_mem(t, p, v);
                } else {
                    self.store_mem(l.mem().first(), v, p, 0);
                }
                self.mov(cell, p);
            }
            None => self.emit(make, &[cell.into(), ix.into()]),
        }
    }

    /// Copies a value of type `t` from memory at `src` to memory at `dst`.
    fn copy_mem(&mut self, t: TypeId, dst: Reg, src: Reg) {
        let l = self.layout(t);
        let op = if l.ptrs { Op::memcopyp } else { Op::memcopy };
        self.emit(op, &[dst.into(), src.into(), l.size.into()]);
    }

    // ---- memory

    /// Base and 16-bit offset for byte `off` at `base`.
    fn reach(&mut self, base: Reg, off: u64, span: u64) -> (Reg, Arg) {
        if off + span <= 0xffff {
            return (base, Arg::I(off as i64));
        }
        let p = self.ptr();
        self.emit(Op::leax, &[p.into(), base.into(), off.into()]);
        (p, Arg::I(0))
    }

    fn load_mem(&mut self, m: Mem, d: Reg, base: Reg, off: u64) {
        let (b, c) = self.reach(base, off, 0);
        let op = match m {
            Mem::Zero => return self.emit(Op::nilchk, &[b.into()]),
            Mem::I8 => Op::ld_i8,
            Mem::U8 => Op::ld_u8,
            Mem::I16 => Op::ld_i16,
            Mem::U16 => Op::ld_u16,
            Mem::I32 => Op::ld_i32,
            Mem::U32 => Op::ld_u32,
            Mem::W(_) => Op::ld_64,
            Mem::W2(_) => Op::ld2,
            Mem::W3(_) => Op::ld3,
            Mem::N(n, _) => return self.emit(Op::ldn, &[d.into(), b.into(), c, n.into()]),
        };
        self.emit(op, &[d.into(), b.into(), c]);
    }

    fn store_mem(&mut self, m: Mem, s: Reg, base: Reg, off: u64) {
        let (b, c) = self.reach(base, off, 0);
        let op = match m {
            Mem::Zero => return self.emit(Op::nilchk, &[b.into()]),
            Mem::I8 | Mem::U8 => Op::st_8,
            Mem::I16 | Mem::U16 => Op::st_16,
            Mem::I32 | Mem::U32 => Op::st_32,
            Mem::W(false) => Op::st_64,
            Mem::W(true) => Op::st_64p,
            Mem::W2(false) => Op::st2,
            Mem::W2(true) => Op::st2p,
            Mem::W3(false) => Op::st3,
            Mem::W3(true) => Op::st3p,
            Mem::N(n, p) => {
                let op = if p { Op::stnp } else { Op::stn };
                return self.emit(op, &[s.into(), b.into(), c, n.into()]);
            }
        };
        self.emit(op, &[s.into(), b.into(), c]);
    }

    // ---- locals

    fn local_ty(&self, l: LocalId) -> TypeId {
        self.scope.func.locals[l.index()].ty
    }

    /// Whether evaluating `e` may change variables of this frame (it contains statements).
    fn may_assign(e: &Expr, budget: &mut u32) -> bool {
        if *budget == 0 {
            return true;
        }
        *budget -= 1;
        match &e.kind {
            ExprKind::Const(_) | ExprKind::Zero | ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::FuncValue(_) => {
                false
            }
            ExprKind::Seq(..) | ExprKind::LetTuple(..) => true,
            _ => {
                let mut found = false;
                super::inline::children(e, &mut |c| found = found || Self::may_assign(c, budget));
                found
            }
        }
    }
}
