//! Short blocks that are jumped to are copied to where the jump is: ends of loops after the branches of a conditional, and
//! the head of an interpreter's loop with its switch after every case (each then has a branch history of its own).

use crate::ir::{Function, Ins, Term, is_safepoint};

/// Longest block that is copied.
const SHORT: usize = 4;

/// Most targets of a switch that is copied.
const TARGETS: usize = 40;

/// Instructions (and targets) that copies may add to one function.
const GROWTH: usize = 600;

/// Runs the pass; answers whether it changed anything.
pub fn run(f: &mut Function) -> bool {
    let mut left = GROWTH;
    let mut changed = false;
    for i in 0..f.order.len() {
        let b = f.order[i];
        let Term::Jump(t) = f.blocks[b.0 as usize].term else { continue };
        if t == b || f.order.get(i + 1) == Some(&t) {
            continue;
        }
        let target = &f.blocks[t.0 as usize];
        let cost = target.ins.len()
            + match &target.term {
                Term::Br { .. } => 1,
                Term::Table { targets, .. } if targets.len() <= TARGETS => targets.len(),
                Term::Ret(_) => 0,
                _ => continue,
            };
        let plain = |i: &Ins| i.call().is_none() && !is_safepoint(i.op);
        if target.ins.len() > SHORT || cost > left || !target.ins.iter().all(plain) {
            continue;
        }
        left -= cost;
        let (ins, term) = (target.ins.clone(), target.term.clone());
        let block = f.at(b);
        block.ins.extend(ins);
        block.term = term;
        changed = true;
    }
    changed
}
