//! Live ranges of the words of a frame, for the collector.
//!
//! They are those that slots were allocated by, single intervals over the order of the code. Where such an interval covers code that is
//! reached without passing the register's first definition, the slot can still hold what another register left there. Those ranges
//! are told apart: what they cover may be a pointer that matters, but nothing can be concluded from it.

use super::regs::{Frame, Loc, Range, UNSEEN};
use crate::ir::{Access, BlockId, Function, Reg, Term};

/// A live range of a word.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Slot of the frame.
    pub slot: u32,
    /// First position.
    pub first: u32,
    /// Last position.
    pub last: u32,
    /// The register's own value is there in all of it.
    pub sure: bool,
}

/// The live ranges of all words that hold pointers. Results of functions that defer have none: they always matter, as a recovered
/// panic returns them.
pub fn lives(f: &Function, ranges: &[Range], frame: &Frame) -> Vec<Life> {
    let mut lives = Vec::new();
    let sure = defined(f);
    for (v, ((loc, range), g)) in frame.loc.iter().zip(ranges).zip(&f.vregs).enumerate() {
        let Loc::Slot(at) = *loc else { continue };
        let result = (frame.args..frame.args + frame.results).contains(&at);
        if !result && range.start != UNSEEN {
            let words = (0..g.n).filter(|&i| g.mask.get(i));
            lives.extend(words.map(|i| Life { slot: at + i, first: range.start, last: range.end, sure: sure[v] }));
        }
    }
    if !f.has_defer {
        results(f, frame, &mut lives);
    }
    if frame.spill > 0 {
        lives.push(Life { slot: frame.spill_slot, first: 0, last: frame.last, sure: true });
    }
    lives
}

/// The live ranges of results: from where one is set to where the function returns. A result is often set in one branch while others
/// call; what an earlier call left in its slot must not be kept meanwhile.
fn results(f: &Function, frame: &Frame, lives: &mut Vec<Life>) {
    for &v in &f.results {
        let group = &f.vregs[v as usize];
        let Loc::Slot(at) = frame.loc[v as usize] else { continue };
        if (0..group.n).all(|i| !group.mask.get(i)) {
            continue;
        }
        for (first, last) in set_to_returned(f, frame, v) {
            let words = (0..group.n).filter(|&i| group.mask.get(i));
            lives.extend(words.map(|i| Life { slot: at + i, first, last, sure: false }));
        }
    }
}

/// Stretches of positions at which the value of a result is going to be returned, ascending.
fn set_to_returned(f: &Function, frame: &Frame, v: u32) -> Vec<(u32, u32)> {
    let mut needed = vec![false; f.blocks.len()];
    let behind = |b: BlockId, needed: &[bool]| {
        let term = &f.blocks[b.0 as usize].term;
        let mut live = matches!(term, Term::Ret(_));
        term.successors(|s| live |= needed[s.0 as usize]);
        live
    };
    let mut changed = true;
    while changed {
        changed = false;
        for &b in f.order.iter().rev() {
            let live = stretches(f, frame, b, v, behind(b, &needed), |_, _| ());
            changed |= std::mem::replace(&mut needed[b.0 as usize], live) != live;
        }
    }
    let mut all: Vec<(u32, u32)> = Vec::new();
    let mut end = UNSEEN;
    for &b in &f.order {
        let from = all.len();
        stretches(f, frame, b, v, behind(b, &needed), |first, last| all.push((first, last)));
        all[from..].reverse();
        let start = frame.starts[b.0 as usize];
        if from > 0 && all.len() > from && all[from].0 == start && all[from - 1].1 == end {
            all[from - 1].1 = all[from].1;
            all.remove(from);
        }
        end = start + 2 * f.blocks[b.0 as usize].ins.len() as u32;
    }
    all
}

/// The stretches of one block, last to first, if the register is or is not live behind it; answers whether it is before it.
fn stretches(f: &Function, frame: &Frame, b: BlockId, v: u32, behind: bool, mut say: impl FnMut(u32, u32)) -> bool {
    let block = &f.blocks[b.0 as usize];
    let start = frame.starts[b.0 as usize];
    let end = start + 2 * block.ins.len() as u32;
    let mut live = behind.then_some(end);
    // An instruction that may leave the block may leave the register as it is, too.
    block.term.visit(|r, _| {
        if r.v == v {
            live = Some(end);
        }
    });
    for (i, ins) in block.ins.iter().enumerate().rev() {
        let at = start + 2 * i as u32;
        let (mut set, mut used) = (false, false);
        ins.visit(|r, access| {
            if r.v == v {
                let whole = r.off == 0 && u32::from(r.n) == f.vregs[v as usize].n;
                if access == Access::Def && whole { set = true } else { used = true }
            }
        });
        if set && let Some(last) = live.take() {
            say(at + 1, last);
        }
        if used && live.is_none() {
            live = Some(at);
        }
    }
    if let Some(last) = live {
        say(start, last);
    }
    live.is_some()
}

/// Which registers are written as a whole before anything else happens to them, on every way there is.
fn defined(f: &Function) -> Vec<bool> {
    /// Where a register first occurs, if that defines it.
    #[derive(Clone, Copy, PartialEq)]
    enum First {
        None,
        In(u32),
        Unsure,
    }
    let mut first = vec![First::None; f.vregs.len()];
    let idom = dominators(f);
    f.params.iter().for_each(|&p| first[p as usize] = First::In(0));
    for (i, &b) in f.order.iter().enumerate() {
        let i = i as u32;
        let mut touch = |r: Reg, access: Access, leaves: bool| {
            let whole = r.off == 0 && u32::from(r.n) == f.vregs[r.v as usize].n;
            let known = &mut first[r.v as usize];
            *known = match *known {
                First::None if access == Access::Def && whole && !leaves => First::In(i),
                First::In(d) if dominates(&idom, d, i) => First::In(d),
                _ => First::Unsure,
            };
        };
        let block = &f.blocks[b.0 as usize];
        block.ins.iter().for_each(|ins| ins.visit(|r, a| touch(r, a, false)));
        // What leaves a loop writes nothing then.
        let leaves = matches!(block.term, Term::Exit { .. });
        block.term.visit(|r, a| touch(r, a, leaves));
    }
    first.iter().map(|d| matches!(d, First::In(_))).collect()
}

/// The immediate dominator of each block of the layout, by place in the layout; the first block's is itself. (Cooper, Harvey, Kennedy:
/// A Simple, Fast Dominance Algorithm.)
fn dominators(f: &Function) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let n = f.order.len();
    let mut place = vec![NONE; f.blocks.len()];
    f.order.iter().enumerate().for_each(|(i, b)| place[b.0 as usize] = i as u32);
    let mut preds: Vec<Vec<u32>> = vec![Vec::new(); n];
    for (i, b) in f.order.iter().enumerate() {
        f.blocks[b.0 as usize].term.successors(|s: BlockId| {
            let to = place[s.0 as usize];
            if to != NONE {
                preds[to as usize].push(i as u32);
            }
        });
    }
    // A recovered panic comes from anywhere.
    if let Some(r) = f.recover
        && place[r.0 as usize] != NONE
    {
        preds[place[r.0 as usize] as usize].push(0);
    }
    let mut number = vec![NONE; n];
    let mut order: Vec<u32> = Vec::with_capacity(n);
    // Postorder from the entry, then from what only panics reach.
    let roots = [Some(0), f.recover.map(|r| place[r.0 as usize]).filter(|&p| p != NONE)];
    for root in roots.into_iter().flatten() {
        postorder(f, &place, root, &mut number, &mut order);
    }
    let mut idom = vec![NONE; n];
    idom[0] = 0;
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().rev().filter(|&&b| b != 0) {
            let mut new = NONE;
            for &p in preds[b as usize].iter().filter(|&&p| idom[p as usize] != NONE) {
                new = if new == NONE { p } else { meet(&idom, &number, new, p) };
            }
            if new != NONE && idom[b as usize] != new {
                idom[b as usize] = new;
                changed = true;
            }
        }
    }
    idom
}

fn postorder(f: &Function, place: &[u32], root: u32, number: &mut [u32], order: &mut Vec<u32>) {
    let mut seen = number.iter().map(|&k| k != u32::MAX).collect::<Vec<bool>>();
    let successors = |b: u32| {
        let mut next = Vec::new();
        f.blocks[f.order[b as usize].0 as usize].term.successors(|s| next.push(place[s.0 as usize]));
        next.retain(|&s| s != u32::MAX);
        next
    };
    if std::mem::replace(&mut seen[root as usize], true) {
        return;
    }
    let mut stack = vec![(root, successors(root))];
    while let Some((b, rest)) = stack.last_mut() {
        match rest.pop() {
            Some(s) => {
                if !std::mem::replace(&mut seen[s as usize], true) {
                    stack.push((s, successors(s)));
                }
            }
            None => {
                number[*b as usize] = order.len() as u32;
                order.push(*b);
                stack.pop();
            }
        }
    }
}

fn meet(idom: &[u32], number: &[u32], mut a: u32, mut b: u32) -> u32 {
    while a != b {
        // The entry is numbered last of all that it reaches; what only panics reach hangs on it.
        if a != 0 && (b == 0 || number[a as usize] < number[b as usize]) {
            a = idom[a as usize];
        } else {
            b = idom[b as usize];
        }
    }
    a
}

fn dominates(idom: &[u32], d: u32, mut b: u32) -> bool {
    loop {
        if b == d {
            return true;
        }
        let up = idom[b as usize];
        if up == b || up == u32::MAX {
            return false;
        }
        b = up;
    }
}
