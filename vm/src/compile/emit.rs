//! IR with registers assigned → bytecode words: operand encoding, moves into and out of call windows, branch layout,
//! fused loop ends, switch tables, line table.

use std::collections::HashMap;

use super::Env;
use super::cx::Cx;
use super::places::Places;
use super::regs::{Frame, Loc};
use crate::bytecode::encode::{KindTag, Operand, TooFar};
use crate::bytecode::ops::Op;
use crate::bytecode::{
    Asm, Bitmap, FuncFlags, Function, Label, LineEntry, LiveRange, NO_REG, Pos, RED_ZONE, SelectCase, SelectTable,
};
use crate::ir::{self, Access, BlockId, Cc, Cond, Ext, Fc, Ins, Opd, Reg, Term, access};

/// Source files met so far and their numbers.
#[derive(Default)]
pub struct Files {
    names: Vec<String>,
    index: HashMap<std::sync::Arc<str>, u32>,
}

/// Scratch slots to be stored to spilled registers: (scratch slot, register's slot, slots).
type WriteBacks = Vec<(u32, u32, u32)>;

impl Files {
    /// The run-time form of a position.
    pub fn pos(&mut self, env: &Env<'_>, at: gol_lang::source::Pos, inlined: u32) -> Pos {
        if !at.is_known() {
            return Pos { file: 0, line: 0, col: 0, inlined, unsigned: false };
        }
        let l = env.sources.location(at);
        let names = &mut self.names;
        let file = *self.index.entry(l.name.clone()).or_insert_with(|| {
            names.push(l.name.to_string());
            names.len() as u32 - 1
        });
        Pos { file, line: l.line, col: l.col, inlined, unsigned: false }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Those from number `from` on.
    pub fn names_from(&self, from: usize) -> Vec<String> {
        self.names[from..].to_vec()
    }
}

struct Emitter<'a, 'c, 'p> {
    f: &'a ir::Function,
    fr: &'a Frame,
    cx: &'c mut Cx<'p>,
    asm: Asm,
    labels: Vec<Label>,
    /// Index in the layout of each block.
    at: Vec<u32>,
    here: u32,
    calls: usize,
    places: Places,
    positions: &'a [Pos],
}

/// Emits one function; its code is appended to `code`.
pub fn emit(
    cx: &mut Cx<'_>,
    env: &Env<'_>,
    files: &mut Files,
    f: &ir::Function,
    fr: &Frame,
    pos: Pos,
    code: &mut Vec<u64>,
) -> Function {
    let positions: Vec<Pos> = f
        .positions
        .iter()
        .map(|&(at, inlined)| Pos { unsigned: f.unsigned.contains(&at), ..files.pos(env, at, inlined) })
        .collect();
    let selects = cx.selects.len();
    for far in [false, true] {
        cx.selects.truncate(selects);
        let e = Emitter {
            f,
            fr,
            cx,
            asm: Asm::new(far),
            labels: Vec::new(),
            at: vec![u32::MAX; f.blocks.len()],
            here: 0,
            calls: 0,
            places: Places::new(fr.last),
            positions: &positions,
        };
        if let Ok(Code { words, lines, recover_pc, lives }) = e.function() {
            let entry = code.len() as u32;
            let len = words.len() as u32;
            code.extend(words);
            let mut result_ptrs = Bitmap::default();
            let mut at = fr.args;
            for &r in f.results.iter().filter(|_| f.has_defer) {
                let v = &f.vregs[r as usize];
                (0..v.n).filter(|&i| v.mask.get(i)).for_each(|i| result_ptrs.set(at + i));
                at += v.n;
            }
            return Function {
                name: f.name.clone(),
                entry,
                len,
                frame: fr.size,
                args: fr.args,
                results: fr.results,
                result_ptrs,
                ptr_lo: fr.ptr_lo,
                ptr_hi: fr.ptr_hi,
                lives,
                windows: fr.area,
                out: fr.out,
                flags: FuncFlags { closure: f.closure, wrapper: f.wrapper, has_defer: f.has_defer, late: false },
                recover_pc,
                lines,
                pos,
            };
        }
    }
    unreachable!("far jumps reach everything")
}

/// What becomes of a function.
struct Code {
    words: Vec<u64>,
    lines: Vec<LineEntry>,
    recover_pc: Option<u32>,
    lives: Vec<LiveRange>,
}

impl Emitter<'_, '_, '_> {
    fn function(mut self) -> Result<Code, TooFar> {
        for i in 0..self.f.blocks.len() {
            let l = self.asm.label();
            self.labels.push(l);
            debug_assert_eq!(i + 1, self.labels.len());
        }
        for (i, b) in self.f.order.iter().enumerate() {
            self.at[b.0 as usize] = i as u32;
        }
        self.prologue();
        for (i, &b) in self.f.order.iter().enumerate() {
            self.here = i as u32;
            self.asm.bind(self.labels[b.0 as usize]);
            self.block(b);
        }
        let recover = self.f.recover.and_then(|b| self.asm.offset(self.labels[b.0 as usize]));
        let (words, lines) = self.asm.finish()?;
        let recover_pc = recover.map(|r| r as u32);
        let lives = self.places.lives(&self.fr.lives, words.len());
        Ok(Code { words, lines, recover_pc, lives })
    }

    fn prologue(&mut self) {
        if let Some(p) = self.positions.first() {
            self.asm.at(*p);
        }
        if self.fr.size > RED_ZONE {
            self.asm.stkchk(self.fr.size * 8);
        }
        if let Some((lo, hi)) = self.uncleared() {
            let at = lo as u16;
            match hi - lo {
                1 => self.asm.ldi(at, 0),
                2 => self.asm.zero2(at),
                3 => self.asm.zero3(at),
                n => self.asm.zero(at, n),
            }
        }
        if self.fr.spill > 0 {
            let layout = self.cx.spill_layout(self.fr.spill + 1, &self.fr.spill_ptrs);
            self.asm.closure(self.fr.spill_slot as u16, 0, 0, 0, layout);
        }
    }

    /// Pointerful slots that a collection could see before they are written.
    fn uncleared(&self) -> Option<(u32, u32)> {
        let fr = self.fr;
        if fr.ptr_hi == fr.ptr_lo || !(fr.safepoints || self.f.has_defer) {
            return None;
        }
        let mut written = vec![false; (fr.ptr_hi - fr.ptr_lo) as usize];
        let entry = &self.f.blocks[self.f.order[0].0 as usize];
        let looped = self.f.order.iter().any(|b| {
            let mut to_entry = false;
            self.f.blocks[b.0 as usize].term.successors(|s| to_entry |= s == self.f.order[0]);
            to_entry
        });
        for ins in &entry.ins {
            // What the first safepoint itself writes is written after it.
            if looped || self.f.has_defer || ir::is_safepoint(ins.op) || fr.spill > 0 {
                break;
            }
            ins.visit(|r, a| {
                if let (Access::Def, Loc::Slot(s)) = (a, self.loc(r)) {
                    let at = s + u32::from(r.off);
                    for i in at..at + u32::from(r.n) {
                        if (fr.ptr_lo..fr.ptr_hi).contains(&i) {
                            written[(i - fr.ptr_lo) as usize] = true;
                        }
                    }
                }
            });
        }
        let lo = written.iter().position(|w| !w)? as u32;
        let hi = written.iter().rposition(|w| !w)? as u32 + 1;
        Some((fr.ptr_lo + lo, fr.ptr_lo + hi))
    }

    fn block(&mut self, b: BlockId) {
        let block = &self.f.blocks[b.0 as usize];
        let start = self.fr.starts[b.0 as usize];
        let behind = |n: usize| start + 2 * n as u32;
        if self.loop_end(block, start) {
            return;
        }
        let rest = &block.ins[..];
        if let (Term::Ret(_), [first @ .., last]) = (&block.term, rest)
            && self.fused_return(last)
        {
            self.straight(first, start);
            self.place(behind(first.len()));
            self.at(last.pos);
            let d = self.slot(last.reg(0)) as u16;
            if last.op == Op::mov {
                let s = self.slot(last.reg(1)) as u16;
                self.asm.ret_mov(d, s);
            } else {
                self.asm.ret_ldi(d, last.num(1) as i32);
            }
            return;
        }
        if let (Term::Ret(_), [first @ .., last]) = (&block.term, rest)
            && let Some(c) = last.call()
        {
            self.straight(first, start);
            self.place(behind(first.len()));
            self.at(last.pos);
            if !self.call(last, c, true) {
                self.place(behind(rest.len()));
                self.term(&block.term);
            }
            return;
        }
        self.straight(rest, start);
        self.place(behind(rest.len()));
        self.term(&block.term);
    }

    /// What follows is emitted for the instruction at this position.
    fn place(&mut self, position: u32) {
        self.places.instruction(position, self.asm.here());
    }

    /// Whether the last instruction before a return can be one with it.
    fn fused_return(&self, last: &Ins) -> bool {
        match last.op {
            Op::mov => !self.spilled(last.reg(0)) && !self.spilled(last.reg(1)),
            Op::ldi => !self.spilled(last.reg(0)),
            _ => false,
        }
    }

    /// Straight-line code from this position on; two single moves in a row are one operation.
    fn straight(&mut self, list: &[Ins], start: u32) {
        let mut i = 0;
        while i < list.len() {
            self.place(start + 2 * i as u32);
            if let [p, q, ..] = &list[i..]
                && p.op == Op::mov
                && q.op == Op::mov
                && self.is_real_move(p)
                && self.is_real_move(q)
            {
                self.at(p.pos);
                let s = |r: Reg| self.slot(r) as u16;
                let (a, b, c, d) = (s(p.reg(0)), s(p.reg(1)), s(q.reg(0)), s(q.reg(1)));
                self.asm.movp(a, b, c, d);
                i += 2;
                continue;
            }
            self.ins(&list[i]);
            i += 1;
        }
    }

    fn is_real_move(&self, m: &Ins) -> bool {
        let (d, s) = (m.reg(0), m.reg(1));
        !self.spilled(d) && !self.spilled(s) && self.slot(d) != self.slot(s)
    }

    // ---- operands

    fn loc(&self, r: Reg) -> Loc {
        self.fr.loc[r.v as usize]
    }

    /// First slot of an operand in the frame.
    fn slot(&self, r: Reg) -> u32 {
        match self.loc(r) {
            Loc::Slot(s) => s + u32::from(r.off),
            // Zero-size values and registers that never occur.
            Loc::None | Loc::Spill(_) => 0,
        }
    }

    fn bits(&self, r: Reg) -> Operand {
        if r == Reg::NONE {
            return Operand::Bits(u64::from(NO_REG) * 8);
        }
        Operand::Bits(u64::from(self.slot(r)) * 8)
    }

    fn spilled(&self, r: Reg) -> bool {
        r.v != Reg::NONE.v && matches!(self.loc(r), Loc::Spill(_))
    }

    fn at(&mut self, p: ir::PosId) {
        if let Some(p) = self.positions.get(p.0 as usize) {
            self.asm.at(*p);
        }
    }

    // ---- spilled registers

    /// Moves words between the spill object and frame slots.
    fn transfer(&mut self, load: bool, slot: u32, word: u32, n: u32, tmp: u32) {
        if n == 0 {
            return;
        }
        let (mut base, mut off) = (self.fr.spill_slot as u16, u64::from(word) * 8);
        if off > 0xffff {
            self.asm.leax(tmp as u16, base, off as u32);
            (base, off) = (tmp as u16, 0);
        }
        let (s, c) = (slot as u16, off as u16);
        match (load, n) {
            (true, 1) => self.asm.ld_64(s, base, c),
            (true, n) => self.asm.ldn(s, base, c, n * 8),
            (false, 1) => self.asm.st_64p(s, base, c),
            (false, n) => self.asm.stnp(s, base, c, n * 8),
        }
    }

    /// Brings spilled operands of an instruction into scratch slots; answers what must be stored afterwards.
    fn fetch(&mut self, ins: &Ins) -> (Vec<(u32, u32)>, WriteBacks) {
        let mut next = self.fr.scratch + 1;
        let tmp = self.fr.scratch;
        let (mut slots, mut back) = (Vec::new(), Vec::new());
        for (i, &(_, kind)) in ins.op.info().operands.iter().enumerate() {
            let Some(a) = access(ins.op, kind) else { continue };
            let r = ins.reg(i);
            if r == Reg::NONE || !self.spilled(r) {
                continue;
            }
            let Loc::Spill(word) = self.loc(r) else { continue };
            let whole = kind == KindTag::P;
            let (word, n) =
                if whole { (word, self.f.vregs[r.v as usize].n) } else { (word + u32::from(r.off), u32::from(r.n)) };
            if a != Access::Def {
                self.transfer(true, next, word, n, tmp);
            }
            if a != Access::Use {
                back.push((next, word, n));
            }
            slots.push((i as u32, next));
            next += n;
        }
        (slots, back)
    }

    // ---- instructions

    fn ins(&mut self, ins: &Ins) {
        self.at(ins.pos);
        match &ins.ext {
            Ext::Call(c) => {
                self.call(ins, c, false);
                return;
            }
            Ext::Select(s) => return self.select(ins, s),
            _ => {}
        }
        match ins.op {
            Op::nop => return,
            Op::mov | Op::mov2 | Op::mov3 | Op::mov4 | Op::movn => {
                let (d, s) = (ins.reg(0), ins.reg(1));
                if self.loc(d) == self.loc(s) && d.off == s.off {
                    return;
                }
            }
            Op::rundefers => {
                let w = self.fr.windows[self.calls];
                self.calls += 1;
                self.asm.run_defers(w as u16);
                return;
            }
            Op::calln if ins.call().is_none() => {
                self.asm.calln(0, ins.num(1) as u32);
                return;
            }
            _ => {}
        }
        let mut any = false;
        ins.visit(|r, _| any |= self.spilled(r));
        let (slots, back) = if any { self.fetch(ins) } else { (Vec::new(), Vec::new()) };
        let list = self.operands(ins, &slots, None);
        self.asm.insn(ins.op, &list);
        for (slot, word, n) in back {
            self.transfer(false, slot, word, n, self.fr.scratch);
        }
    }

    fn operands(&self, ins: &Ins, moved: &[(u32, u32)], target: Option<Label>) -> Vec<Operand> {
        let info = ins.op.info();
        let mut out = Vec::with_capacity(info.operands.len());
        for (i, &(_, kind)) in info.operands.iter().enumerate() {
            let o = match kind {
                KindTag::L16 | KindTag::L32 => match target {
                    Some(l) => Operand::Label(l),
                    None => Operand::Bits(0),
                },
                KindTag::P => {
                    let r = ins.reg(i);
                    let slot = match moved.iter().find(|m| m.0 == i as u32) {
                        Some(m) => m.1,
                        None => self.slot(Reg { off: 0, ..r }),
                    };
                    Operand::Bits(u64::from(slot) * 8 + u64::from(r.off))
                }
                _ if access(ins.op, kind).is_some() => match moved.iter().find(|m| m.0 == i as u32) {
                    Some(m) => Operand::Bits(u64::from(m.1) * 8),
                    None => self.bits(ins.reg(i)),
                },
                _ => Operand::Bits(ins.num(i) as u64),
            };
            out.push(o);
        }
        out
    }

    // ---- calls

    /// A call, with the moves around it; with `then_return`, a single result on its way to its slot is returned by one
    /// operation: answers whether that was done.
    fn call(&mut self, ins: &Ins, c: &ir::Call, then_return: bool) -> bool {
        let w = self.fr.windows[self.calls];
        self.calls += 1;
        let tmp = self.fr.scratch;
        let mut at = w + u32::from(ins.op == Op::calli);
        let mut moves = Vec::new();
        let mut later = Vec::new();
        for a in &c.args {
            match a {
                Opd::R(r) => {
                    let n = u32::from(r.n);
                    match self.loc(*r) {
                        _ if n == 0 => {}
                        Loc::Spill(word) => later.push((at, Err((word + u32::from(r.off), n)))),
                        _ => moves.push((at, self.slot(*r), n)),
                    }
                    at += n;
                }
                Opd::C(k) => {
                    later.push((at, Ok(*k)));
                    at += 1;
                }
            }
        }
        self.moves(moves);
        for (slot, what) in later {
            match what {
                Ok(k) => self.constant(slot, k),
                Err((word, n)) => self.transfer(true, slot, word, n, tmp),
            }
        }
        // The callee's value, if it is spilled.
        let (slots, _) = match ins.op {
            Op::callc | Op::calli if self.spilled(ins.reg(1)) => self.fetch(ins),
            _ => Default::default(),
        };
        let mut list = self.operands(ins, &slots, None);
        list[0] = Operand::Bits(u64::from(w) * 8);
        self.asm.insn(ins.op, &list);
        self.places.call(self.asm.here());
        let mut at = w + c.arg_slots;
        let mut moves = Vec::new();
        let mut spills = Vec::new();
        for r in &c.results {
            let n = u32::from(r.n);
            if r.v != Reg::NONE.v && n > 0 {
                match self.loc(*r) {
                    Loc::None => {}
                    Loc::Spill(word) => spills.push((at, word + u32::from(r.off), n)),
                    Loc::Slot(_) => moves.push((self.slot(*r), at, n)),
                }
            }
            at += n;
        }
        for (slot, word, n) in spills {
            self.transfer(false, slot, word, n, tmp);
        }
        if then_return && let [(d, s, 1)] = moves[..] {
            self.asm.ret_mov(d as u16, s as u16);
            return true;
        }
        self.moves(moves);
        false
    }

    fn constant(&mut self, slot: u32, k: i64) {
        match i32::try_from(k) {
            Ok(k) => self.asm.ldi(slot as u16, k),
            Err(_) => self.asm.ldk(slot as u16, k as u64),
        }
    }

    fn mov(&mut self, d: u32, s: u32, n: u32) {
        let (d, s) = (d as u16, s as u16);
        match n {
            0 => {}
            1 => self.asm.mov(d, s),
            2 => self.asm.mov2(d, s),
            3 => self.asm.mov3(d, s),
            4 => self.asm.mov4(d, s),
            n => self.asm.movn(d, s, n as u16),
        }
    }

    /// Moves (to, from, slots) as if all happened at once.
    fn moves(&mut self, mut list: Vec<(u32, u32, u32)>) {
        list.retain(|m| m.0 != m.1 && m.2 > 0);
        let overlap = |a: u32, n: u32, b: u32, m: u32| a < b + m && b < a + n;
        while !list.is_empty() {
            // One whose destination nobody else still reads.
            let free = (0..list.len()).find(|&i| {
                let (d, _, n) = list[i];
                list.iter().enumerate().all(|(j, o)| j == i || !overlap(d, n, o.1, o.2))
            });
            match free {
                Some(i) => {
                    let (d, s, n) = list.remove(i);
                    // Two single ones that do not meet are one operation.
                    if let [(e, t, 1), ..] = list[..]
                        && n == 1
                        && (1..list.len()).all(|j| !overlap(e, 1, list[j].1, list[j].2))
                    {
                        list.remove(0);
                        self.asm.movp(d as u16, s as u16, e as u16, t as u16);
                        continue;
                    }
                    self.mov(d, s, n);
                }
                None => {
                    // Cycles: slot by slot, exchanging.
                    let mut slots: Vec<(u32, u32)> =
                        list.drain(..).flat_map(|(d, s, n)| (0..n).map(move |i| (d + i, s + i))).collect();
                    while let Some(i) = (0..slots.len())
                        .find(|&i| slots.iter().enumerate().all(|(j, o)| j == i || slots[i].0 != o.1))
                        .or(if slots.is_empty() { None } else { Some(usize::MAX) })
                    {
                        if i != usize::MAX {
                            let (d, s) = slots.remove(i);
                            self.mov(d, s, 1);
                            continue;
                        }
                        let (d, s) = slots.remove(0);
                        self.asm.swap(d as u16, s as u16);
                        // What was in `d` is now in `s`, and the other way round.
                        for o in &mut slots {
                            if o.1 == d {
                                o.1 = s;
                            } else if o.1 == s {
                                o.1 = d;
                            }
                        }
                        slots.retain(|o| o.0 != o.1);
                    }
                }
            }
        }
    }

    fn select(&mut self, ins: &Ins, s: &(Vec<ir::SelectArm>, bool)) {
        let reg = |r: Reg| if r.v == Reg::NONE.v { NO_REG } else { self.slot(r) as u16 };
        let cases = s
            .0
            .iter()
            .map(|a| SelectCase { send: a.send, chan: reg(a.chan), value: reg(a.value), ok: reg(a.ok), elem: a.elem })
            .collect();
        let d = self.slot(ins.reg(0)) as u16;
        self.cx.selects.push(SelectTable { cases, default: s.1 });
        self.asm.select(d, self.cx.selects.len() as u32 - 1);
    }

    // ---- ends of blocks

    fn next(&self) -> Option<BlockId> {
        self.f.order.get(self.here as usize + 1).copied()
    }

    /// Back-edges poll.
    fn is_back(&self, b: BlockId) -> bool {
        self.at[b.0 as usize] <= self.here
    }

    fn label(&self, b: BlockId) -> Label {
        self.labels[b.0 as usize]
    }

    fn jump(&mut self, b: BlockId) {
        if self.next() == Some(b) {
            return;
        }
        let l = self.label(b);
        if self.is_back(b) {
            self.asm.jmpb(l);
        } else {
            self.asm.jmp(l);
        }
    }

    fn term(&mut self, t: &Term) {
        match t {
            Term::Open | Term::Stop => {
                // Control cannot get here; a function must not end in the middle all the same.
                self.asm.trap(crate::bytecode::Trap::Unreachable as u32);
            }
            Term::Jump(b) => self.jump(*b),
            Term::Ret(p) => {
                self.at(*p);
                self.asm.ret();
            }
            Term::Br { cond, yes, no, pos } => {
                self.at(*pos);
                let cond = self.near_cond(*cond);
                if self.next() == Some(*no) {
                    self.jump_if(cond, *yes);
                } else if self.next() == Some(*yes) {
                    self.jump_if(cond.negated(), *no);
                } else if self.is_back(*no) && !self.is_back(*yes) {
                    self.jump_if(cond.negated(), *no);
                    self.jump(*yes);
                } else {
                    self.jump_if(cond, *yes);
                    self.jump(*no);
                }
            }
            Term::Exit { ins, exit, next } => {
                self.at(ins.pos);
                let l = self.label(*exit);
                let list = self.operands(ins, &[], Some(l));
                self.asm.insn(ins.op, &list);
                self.jump(*next);
            }
            Term::Table { ins, targets } => {
                self.at(ins.pos);
                let (slots, _) = if self.spilled(ins.reg(0)) { self.fetch(ins) } else { Default::default() };
                let list = self.operands(ins, &slots, None);
                let polls = ins.op == Op::jmptab && targets.iter().any(|&t| self.is_back(t));
                self.asm.insn(if polls { Op::jmptabb } else { ins.op }, &list);
                // Back-edges poll, in the table or out of line.
                let mut stubs: Vec<(Label, Label)> = Vec::new();
                for &t in targets {
                    let mut l = self.label(t);
                    if self.is_back(t) && !polls {
                        l = match stubs.iter().find(|s| s.1 == l) {
                            Some(s) => s.0,
                            None => {
                                let stub = self.asm.label();
                                stubs.push((stub, l));
                                stub
                            }
                        };
                    }
                    self.asm.jmp(l);
                }
                for (stub, l) in stubs {
                    self.asm.bind(stub);
                    self.asm.jmpb(l);
                }
            }
        }
    }

    /// Loads spilled registers of a condition; they are then named by slots of a pretended register.
    fn near_cond(&mut self, mut c: Cond) -> Cond {
        let mut any = false;
        c.visit(|r| any |= self.spilled(r));
        if any {
            let tmp = self.fr.scratch;
            let mut next = tmp + 1;
            let mut loads = Vec::new();
            c.map_regs(|r| {
                let Loc::Spill(word) = self.loc(r) else { return r };
                loads.push((next, word + u32::from(r.off), u32::from(r.n)));
                let fake = Reg { v: SCRATCH, off: (next - tmp) as u16, n: r.n };
                next += u32::from(r.n);
                fake
            });
            for (slot, word, n) in loads {
                self.transfer(true, slot, word, n, tmp);
            }
        }
        c
    }

    fn cond_slot(&self, r: Reg) -> u64 {
        if r.v == SCRATCH {
            return u64::from(self.fr.scratch + u32::from(r.off)) * 8;
        }
        u64::from(self.slot(r)) * 8
    }

    fn jump_if(&mut self, c: Cond, to: BlockId) {
        let back = self.is_back(to);
        let l = self.label(to);
        let polls = matches!(c, Cond::True(_) | Cond::False(_) | Cond::Int(..));
        if back && !polls {
            // Over a polling jump.
            let skip = self.asm.label();
            self.branch(c.negated(), skip, false);
            self.asm.jmpb(l);
            self.asm.bind(skip);
            return;
        }
        self.branch(c, l, back);
    }

    fn branch(&mut self, c: Cond, l: Label, back: bool) {
        let r = |e: &Self, r: Reg| Operand::Bits(e.cond_slot(r));
        let t = Operand::Label(l);
        match c {
            Cond::True(a) | Cond::Int(Cc::Ne, a, Opd::C(0)) => {
                let a = r(self, a);
                self.asm.insn(if back { Op::jtb } else { Op::jt }, &[a, t]);
            }
            Cond::False(a) | Cond::Int(Cc::Eq, a, Opd::C(0)) => {
                let a = r(self, a);
                self.asm.insn(if back { Op::jfb } else { Op::jf }, &[a, t]);
            }
            Cond::Int(cc, a, Opd::R(b)) => {
                let (op, swap) = int_jump(cc, back);
                let (a, b) = if swap { (b, a) } else { (a, b) };
                let (a, b) = (r(self, a), r(self, b));
                self.asm.insn(op, &[a, b, t]);
            }
            Cond::Int(cc, a, Opd::C(k)) => {
                let a = r(self, a);
                self.asm.insn(imm_jump(cc, back), &[a, Operand::Bits(k as u64), t]);
            }
            Cond::Float(fc, single, a, b) => {
                let op = match (fc, single) {
                    (Fc::Eq, false) => Op::jfeq,
                    (Fc::Ne, false) => Op::jfne,
                    (Fc::Lt, false) => Op::jflt,
                    (Fc::Le, false) => Op::jfle,
                    (Fc::Nlt, false) => Op::jfnlt,
                    (Fc::Nle, false) => Op::jfnle,
                    (Fc::Eq, true) => Op::jgeq,
                    (Fc::Ne, true) => Op::jgne,
                    (Fc::Lt, true) => Op::jglt,
                    (Fc::Le, true) => Op::jgle,
                    (Fc::Nlt, true) => Op::jgnlt,
                    (Fc::Nle, true) => Op::jgnle,
                };
                let (a, b) = (r(self, a), r(self, b));
                self.asm.insn(op, &[a, b, t]);
            }
            Cond::Str(cc, a, b) => {
                let op = match cc {
                    Cc::Eq => Op::jseq,
                    Cc::Ne => Op::jsne,
                    Cc::Lt => Op::jslt,
                    _ => Op::jsle,
                };
                let (a, b) = (r(self, a), r(self, b));
                self.asm.insn(op, &[a, b, t]);
            }
            Cond::StrConst(eq, a, at, n) => {
                let a = r(self, a);
                let op = if eq { Op::jseqk } else { Op::jsnek };
                self.asm.insn(op, &[a, t, Operand::Bits(u64::from(at)), Operand::Bits(u64::from(n))]);
            }
            Cond::Type(eq, a, ty) => {
                let a = r(self, a);
                let op = if eq { Op::jtype } else { Op::jntype };
                self.asm.insn(op, &[a, t, Operand::Bits(u64::from(ty))]);
            }
        }
    }

    /// Fuses `i++` with the test and the jump back; answers whether it did (everything is emitted then).
    fn loop_end(&mut self, block: &ir::Block, start: u32) -> bool {
        let Term::Br { cond, yes, no, .. } = &block.term else { return false };
        let (cond, back, other) = if self.is_back(*yes) {
            (*cond, *yes, *no)
        } else if self.is_back(*no) {
            (cond.negated(), *no, *yes)
        } else {
            return false;
        };
        let Some(last) = block.ins.last() else { return false };
        // The step: a constant or a register.
        let step = match last.op {
            Op::addi if last.reg(0) == last.reg(1) => Opd::C(last.num(2)),
            Op::add if last.reg(0) == last.reg(1) => Opd::R(last.reg(2)),
            Op::add if last.reg(0) == last.reg(2) => Opd::R(last.reg(1)),
            _ => return false,
        };
        if self.spilled(last.reg(0)) || matches!(step, Opd::R(r) if self.spilled(r)) {
            return false;
        }
        let i = last.reg(0);
        let Cond::Int(mut cc, mut a, mut b) = cond else { return false };
        if b == Opd::R(i) {
            (cc, a, b) = (cc.swapped(), i, Opd::R(a));
        }
        if a != i || b == Opd::R(i) {
            return false;
        }
        let op = match (cc, b, step) {
            (_, Opd::R(r), _) if self.spilled(r) => return false,
            (Cc::Lt, Opd::R(_), Opd::C(1)) => Op::looplt,
            (Cc::Le, Opd::R(_), Opd::C(1)) => Op::loople,
            (Cc::Ne, Opd::R(_), Opd::C(1)) => Op::loopne,
            (Cc::Lt, Opd::C(_), Opd::C(1)) => Op::looplti,
            (Cc::Le, Opd::C(_), Opd::C(1)) => Op::looplei,
            (Cc::Ge, Opd::C(_), Opd::C(-1)) => Op::loopgei,
            (Cc::Gt, Opd::C(_), Opd::C(-1)) => Op::loopgti,
            (Cc::Lt, Opd::R(_), Opd::C(_)) => Op::loopaddlt,
            (Cc::Le, Opd::R(_), Opd::C(_)) => Op::loopaddle,
            (Cc::Lt, Opd::R(_), Opd::R(_)) => Op::looprlt,
            (Cc::Le, Opd::R(_), Opd::R(_)) => Op::looprle,
            _ => return false,
        };
        let n = block.ins.len() - 1;
        self.straight(&block.ins[..n], start);
        self.place(start + 2 * n as u32);
        self.at(last.pos);
        let b = match b {
            Opd::R(r) => self.bits(r),
            Opd::C(k) => Operand::Bits(k as u64),
        };
        let (i, l) = (self.bits(i), Operand::Label(self.label(back)));
        match (op, step) {
            (Op::loopaddlt | Op::loopaddle, Opd::C(k)) => self.asm.insn(op, &[i, b, l, Operand::Bits(k as u64)]),
            (_, Opd::R(r)) => {
                let r = self.bits(r);
                self.asm.insn(op, &[i, b, l, r]);
            }
            _ => self.asm.insn(op, &[i, b, l]),
        }
        self.jump(other);
        true
    }
}

/// Pretended virtual register of scratch slots.
const SCRATCH: u32 = u32::MAX - 1;

/// Jump for a comparison of registers, and whether to exchange them.
fn int_jump(cc: Cc, back: bool) -> (Op, bool) {
    let (op, polled, swap) = match cc {
        Cc::Eq => (Op::jeq, Op::jeqb, false),
        Cc::Ne => (Op::jne, Op::jneb, false),
        Cc::Lt => (Op::jlt, Op::jltb, false),
        Cc::Le => (Op::jle, Op::jleb, false),
        Cc::Gt => (Op::jlt, Op::jltb, true),
        Cc::Ge => (Op::jle, Op::jleb, true),
        Cc::Ltu => (Op::jltu, Op::jltub, false),
        Cc::Leu => (Op::jleu, Op::jleub, false),
        Cc::Gtu => (Op::jltu, Op::jltub, true),
        Cc::Geu => (Op::jleu, Op::jleub, true),
    };
    (if back { polled } else { op }, swap)
}

fn imm_jump(cc: Cc, back: bool) -> Op {
    let (op, polled) = match cc {
        Cc::Eq => (Op::jeqi, Op::jeqib),
        Cc::Ne => (Op::jnei, Op::jneib),
        Cc::Lt => (Op::jlti, Op::jltib),
        Cc::Le => (Op::jlei, Op::jleib),
        Cc::Gt => (Op::jgti, Op::jgtib),
        Cc::Ge => (Op::jgei, Op::jgeib),
        Cc::Ltu => (Op::jltui, Op::jltuib),
        Cc::Leu => (Op::jleui, Op::jleuib),
        Cc::Gtu => (Op::jgtui, Op::jgtuib),
        Cc::Geu => (Op::jgeui, Op::jgeuib),
    };
    if back { polled } else { op }
}
