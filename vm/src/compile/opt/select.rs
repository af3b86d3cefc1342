//! Branches around a single assignment that a comparison can do by itself: minimum and maximum, and 0 or 1 by a condition.
//! What data decide is badly predicted, so this saves more than the instructions.

use crate::bytecode::ops::Op;
use crate::ir::{Access, Arg, BlockId, Cc, Cond, Function, Ins, Opd, Reg, Term};

/// Runs the pass; answers whether it changed anything.
pub fn run(f: &mut Function) -> bool {
    let mut preds = super::graph::predecessors(f);
    let (mut changed, defers) = (false, f.has_defer);
    // Backwards, so that chains (the smallest of three) fold from their end.
    for i in (0..f.order.len()).rev() {
        let b = f.order[i];
        let Term::Br { cond: Cond::Int(cc, x, y), yes, no, .. } = f.blocks[b.0 as usize].term else { continue };
        let only = |t: BlockId, next: BlockId| {
            let block = &f.blocks[t.0 as usize];
            let straight = matches!(block.term, Term::Jump(n) if n == next);
            (preds[t.0 as usize] == 1 && straight && block.ins.len() == 1 && t != b && next != b)
                .then(|| block.ins[0].clone())
        };
        let (ins, holds, next) = if let Some(ins) = only(yes, no) {
            (ins, cc, no)
        } else if let Some(ins) = only(no, yes) {
            (ins, cc.negated(), yes)
        } else {
            continue;
        };
        let block = f.at(b);
        let new = match ins.op {
            Op::mov => extreme(&ins, holds, x, y),
            // (A panic between the two assignments may be recovered from, and the first be a result.)
            Op::ldi if !defers => flag(&ins, holds, x, y, &mut block.ins),
            _ => None,
        };
        if let Some(new) = new {
            block.ins.push(new);
            block.term = Term::Jump(next);
            // The block in between is gone, and with it a way to the next one.
            preds[next.0 as usize] -= 1;
            changed = true;
        }
    }
    changed
}

/// `if x cc y { d = s }` where d and s are x and y.
fn extreme(ins: &Ins, cc: Cc, x: Reg, y: Opd) -> Option<Ins> {
    let (d, s) = (ins.reg(0), ins.reg(1));
    let Opd::R(y) = y else { return None };
    if d.n != 1 || !((x == d && y == s) || (x == s && y == d)) || d == s {
        return None;
    }
    // As a comparison of the new value with the old.
    let cc = if x == s { cc } else { cc.swapped() };
    let op = match cc {
        Cc::Lt | Cc::Le => Op::imin,
        Cc::Gt | Cc::Ge => Op::imax,
        Cc::Ltu | Cc::Leu => Op::umin,
        Cc::Gtu | Cc::Geu => Op::umax,
        Cc::Eq | Cc::Ne => return None,
    };
    Some(Ins::new(op, ins.pos, &[d.into(), d.into(), s.into()]))
}

/// `d = k; ... if x cc y { d = 1 - k }`: removes the first assignment.
fn flag(ins: &Ins, cc: Cc, x: Reg, y: Opd, before: &mut Vec<Ins>) -> Option<Ins> {
    let (d, k) = (ins.reg(0), ins.num(1));
    if d.n != 1 || !(0..=1).contains(&k) || x.overlaps(d) || matches!(y, Opd::R(y) if y.overlaps(d)) {
        return None;
    }
    let mut at = None;
    for (i, p) in before.iter().enumerate().rev() {
        let mut touched = false;
        p.visit(|r, _: Access| touched |= r.v == d.v);
        if touched {
            if p.op == Op::ldi && p.reg(0) == d && p.num(1) == 1 - k {
                at = Some(i);
            }
            break;
        }
    }
    let at = at?;
    let cc = if k == 1 { cc } else { cc.negated() };
    let new = set(d, cc, x, y, ins)?;
    before.remove(at);
    Some(new)
}

/// d = x cc y.
fn set(d: Reg, cc: Cc, x: Reg, y: Opd, at: &Ins) -> Option<Ins> {
    let (op, a, b) = match y {
        Opd::R(y) => {
            let (op, swap) = cc.op();
            if swap { (op, y, Arg::R(x)) } else { (op, x, Arg::R(y)) }
        }
        Opd::C(k) => (cc.op_imm()?, x, Arg::I(k)),
    };
    Some(Ins::new(op, at.pos, &[d.into(), a.into(), b]))
}
