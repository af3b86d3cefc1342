//! Live ranges of the words of a frame, for the collector.
//!
//! They lie within the intervals that slots were allocated by, and leave out where a register does not matter ([`super::liveness`]). Where
//! one is reached without passing the register's first definition, the slot can still hold what another register left there. Those
//! ranges are told apart: what they cover may be a pointer that matters, but nothing can be concluded from it.

use super::liveness::Liveness;
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

/// Blocks times registers beyond which liveness is not worked out, and what slots were allocated by has to do.
const MOST: usize = 1 << 21;

/// The live ranges of all words that hold pointers. Results of functions that defer have none: they always matter, as a recovered
/// panic returns them.
pub fn lives(f: &Function, ranges: &[Range], frame: &Frame) -> Vec<Life> {
    let mut lives = Vec::new();
    let is_result = |at: u32| (frame.args..frame.args + frame.results).contains(&at);
    let slot = |v: u32| match frame.loc[v as usize] {
        Loc::Slot(at) if !(f.has_defer && is_result(at)) => Some(at),
        _ => None,
    };
    let has_pointers = |v: u32| (0..f.vregs[v as usize].n).any(|i| f.vregs[v as usize].mask.get(i));
    let of: Vec<u32> = (0..f.vregs.len() as u32)
        .filter(|&v| ranges[v as usize].start != UNSEEN && slot(v).is_some() && has_pointers(v))
        .collect();
    let sure = defined(f);
    let mut add = |v: u32, stretch: Option<(u32, u32)>| {
        let group = &f.vregs[v as usize];
        let Some(at) = slot(v) else { return };
        let (first, last) = match stretch {
            Some(s) => s,
            None if is_result(at) => (0, frame.last),
            None => (ranges[v as usize].start, ranges[v as usize].end),
        };
        let words = (0..group.n).filter(|&i| group.mask.get(i));
        lives.extend(words.map(|i| Life { slot: at + i, first, last, sure: sure[v as usize] && !is_result(at) }));
    };
    if f.blocks.len().saturating_mul(of.len()) <= MOST {
        Liveness::new(f, &frame.starts, &of).stretches(|i, stretch| add(of[i as usize], stretch));
    } else {
        of.iter().for_each(|&v| add(v, None));
    }
    if frame.spill > 0 {
        lives.push(Life { slot: frame.spill_slot, first: 0, last: frame.last, sure: true });
    }
    lives
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
