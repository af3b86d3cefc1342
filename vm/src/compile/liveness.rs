//! Which registers matter where: a backward dataflow over blocks (Aho, Lam, Sethi, Ullman: Compilers, 9.2.5), then a walk through each
//! block. Positions are those of [`super::regs`].
//!
//! Slots are allocated by single intervals, which cover branches where a register only holds what an earlier turn of a loop left there.
//! The collector must not keep that alive.

use crate::ir::{Access, Block, BlockId, Function, Reg, Term, is_safepoint};

/// Some registers of a function, and where they matter.
pub struct Liveness<'a> {
    f: &'a Function,
    /// Position of each block's first instruction.
    starts: &'a [u32],
    /// Index of a register among those asked for, or [`OTHER`].
    index: Vec<u32>,
    /// Words of a row.
    width: usize,
    /// A row for each block: what matters at its beginning.
    before: Vec<u64>,
    /// What matters where a recovered panic continues, and so everywhere.
    always: Vec<u64>,
    /// Positions at which a collection can happen, ascending.
    safepoints: Vec<u32>,
}

const OTHER: u32 = u32::MAX;

/// The effect of a touch on whether a register matters before it.
enum Touch {
    Set,
    Used,
}

impl<'a> Liveness<'a> {
    /// Of the registers `of`. Those that the function returns matter where it does.
    pub fn new(f: &'a Function, starts: &'a [u32], of: &[u32]) -> Liveness<'a> {
        let mut index = vec![OTHER; f.vregs.len()];
        of.iter().enumerate().for_each(|(i, &v)| index[v as usize] = i as u32);
        let width = of.len().div_ceil(64);
        let before = vec![0; width * f.blocks.len()];
        let mut l = Liveness { f, starts, index, width, before, always: vec![0; width], safepoints: Vec::new() };
        l.solve();
        if let Some(r) = f.recover {
            l.always = l.row(r).to_vec();
        }
        l.find_safepoints();
        l
    }

    fn block(&self, b: BlockId) -> &'a Block {
        &self.f.blocks[b.0 as usize]
    }

    fn row(&self, b: BlockId) -> &[u64] {
        &self.before[b.0 as usize * self.width..][..self.width]
    }

    /// Position of a block's terminator.
    fn end(&self, b: BlockId) -> u32 {
        self.starts[b.0 as usize] + 2 * self.block(b).ins.len() as u32
    }

    /// What matters behind a block, its terminator included.
    fn behind(&self, b: BlockId, row: &mut [u64]) {
        row.fill(0);
        let term = &self.block(b).term;
        if matches!(term, Term::Ret(_)) {
            for i in self.f.results.iter().map(|&v| self.index[v as usize]).filter(|&i| i != OTHER) {
                set(row, i);
            }
        }
        term.successors(|s| row.iter_mut().zip(self.row(s)).for_each(|(a, b)| *a |= b));
        // What an instruction that may leave the block sets may stay as it is, too.
        term.visit(|r, _| {
            let i = self.index[r.v as usize];
            if i != OTHER {
                set(row, i);
            }
        });
    }

    /// Visits what the instructions of a block do to the registers, last to first: index, what, position. What an instruction sets comes
    /// before what it uses.
    fn backwards(&self, b: BlockId, mut visit: impl FnMut(u32, Touch, u32)) {
        let start = self.starts[b.0 as usize];
        for (k, ins) in self.block(b).ins.iter().enumerate().rev() {
            let at = start + 2 * k as u32;
            let whole = |r: Reg| r.off == 0 && u32::from(r.n) == self.f.vregs[r.v as usize].n;
            for sets in [true, false] {
                ins.visit(|r, access| {
                    let i = self.index[r.v as usize];
                    if i != OTHER && sets == (access == Access::Def && whole(r)) {
                        visit(i, if sets { Touch::Set } else { Touch::Used }, at);
                    }
                });
            }
        }
    }

    fn solve(&mut self) {
        let mut row = vec![0; self.width];
        let mut changed = true;
        while changed {
            changed = false;
            for &b in self.f.order.iter().rev() {
                self.behind(b, &mut row);
                self.backwards(b, |i, touch, _| match touch {
                    Touch::Set => row[i as usize / 64] &= !(1 << (i % 64)),
                    Touch::Used => set(&mut row, i),
                });
                let at = b.0 as usize * self.width;
                let old = &mut self.before[at..at + self.width];
                if old != &row[..] {
                    old.copy_from_slice(&row);
                    changed = true;
                }
            }
        }
    }

    fn find_safepoints(&mut self) {
        let mut all = Vec::new();
        for &b in &self.f.order {
            let (start, end) = (self.starts[b.0 as usize], self.end(b));
            let block = self.block(b);
            let ins = block.ins.iter().enumerate().filter(|(_, ins)| is_safepoint(ins.op) || ins.call().is_some());
            all.extend(ins.map(|(k, _)| start + 2 * k as u32));
            let mut polls = matches!(&block.term, Term::Exit { .. });
            block.term.successors(|s| polls |= self.starts[s.0 as usize] <= start);
            if polls {
                all.push(end);
            }
        }
        self.safepoints = all;
    }

    /// Whether a collection can happen between two positions.
    fn may_collect(&self, from: u32, to: u32) -> bool {
        let next = self.safepoints.partition_point(|&p| p < from);
        self.safepoints.get(next).is_some_and(|&p| p <= to)
    }

    /// Says for each register (by its index) the stretches of positions in which it matters, from the first to the last, ascending for
    /// each. Those between which no collection happens are one. `None` for one that matters everywhere.
    pub fn stretches(&self, mut say: impl FnMut(u32, Option<(u32, u32)>)) {
        let n = self.width * 64;
        let is_always = |i: u32| self.always[i as usize / 64] >> (i % 64) & 1 != 0;
        // The stretch that is not said yet, as it may go on.
        let mut open: Vec<Option<(u32, u32)>> = vec![None; n];
        let mut last: Vec<Option<u32>> = vec![None; n];
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        let mut row = vec![0; self.width];
        let entry = self.f.order.first().copied();
        for &b in &self.f.order {
            self.behind(b, &mut row);
            let end = self.end(b);
            each(&row, |i| last[i as usize] = Some(end));
            found.clear();
            self.backwards(b, |i, touch, at| match touch {
                Touch::Set => {
                    if let Some(to) = last[i as usize].take() {
                        found.push((i, at + 1, to));
                    }
                }
                Touch::Used => {
                    last[i as usize].get_or_insert(at);
                }
            });
            // Arguments are there before the first instruction.
            let start = if Some(b) == entry { 0 } else { self.starts[b.0 as usize] };
            each(self.row(b), |i| {
                if let Some(to) = last[i as usize].take() {
                    found.push((i, start, to));
                }
            });
            for &(i, from, to) in found.iter().rev() {
                match &mut open[i as usize] {
                    Some(o) if !self.may_collect(o.1 + 1, from) => o.1 = to,
                    o => {
                        if let Some(done) = o.replace((from, to))
                            && !is_always(i)
                        {
                            say(i, Some(done));
                        }
                    }
                }
            }
        }
        each(&self.always, |i| say(i, None));
        for (i, o) in open.iter().enumerate().filter(|(i, _)| !is_always(*i as u32)) {
            if o.is_some() {
                say(i as u32, *o);
            }
        }
    }
}

fn set(row: &mut [u64], i: u32) {
    row[i as usize / 64] |= 1 << (i % 64);
}

/// Calls `f` for every bit that is set.
fn each(row: &[u64], mut f: impl FnMut(u32)) {
    for (k, &word) in row.iter().enumerate() {
        let mut word = word;
        while word != 0 {
            f(k as u32 * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
}
