//! The shape of the graph: jump threading, removal of unreachable blocks, joining of straight lines.

use crate::ir::{BlockId, Function, Term};

/// Cleans the graph; afterwards `order` holds reachable blocks only.
pub fn clean(f: &mut Function) {
    thread(f);
    prune(f);
    join(f);
}

/// Where a jump to each block really leads.
fn thread(f: &mut Function) {
    let mut to: Vec<BlockId> = (0..f.blocks.len() as u32).map(BlockId).collect();
    let placed = {
        let mut p = vec![false; f.blocks.len()];
        f.order.iter().for_each(|b| p[b.0 as usize] = true);
        p
    };
    for (i, target) in to.iter_mut().enumerate() {
        // Follow the chain, then shorten it for everyone on it.
        let (mut b, mut steps) = (i, 0);
        while let Block::Empty(next) = kind(f, b) {
            b = next.0 as usize;
            steps += 1;
            if steps > 100 || !placed[b] {
                break;
            }
        }
        if steps <= 100 && placed[b] {
            *target = BlockId(b as u32);
        }
    }
    for b in &f.order.clone() {
        f.at(*b).term.map_successors(|s| to[s.0 as usize]);
        if let Term::Br { yes, no, .. } = f.at(*b).term
            && yes == no
        {
            f.at(*b).term = Term::Jump(yes);
        }
    }
}

enum Block {
    Empty(BlockId),
    Other,
}

fn kind(f: &Function, b: usize) -> Block {
    match &f.blocks[b] {
        crate::ir::Block { ins, term: Term::Jump(t) } if ins.is_empty() && t.0 as usize != b => Block::Empty(*t),
        _ => Block::Other,
    }
}

fn prune(f: &mut Function) {
    let mut seen = vec![false; f.blocks.len()];
    let mut work = vec![f.order[0]];
    work.extend(f.recover);
    while let Some(b) = work.pop() {
        if std::mem::replace(&mut seen[b.0 as usize], true) {
            continue;
        }
        f.blocks[b.0 as usize].term.successors(|s| work.push(s));
    }
    f.order.retain(|b| seen[b.0 as usize]);
}

/// How many ways lead to each block. The entry and where a recovered panic goes on have one more.
pub fn predecessors(f: &Function) -> Vec<u32> {
    let mut preds = vec![0u32; f.blocks.len()];
    for b in &f.order {
        f.blocks[b.0 as usize].term.successors(|s| preds[s.0 as usize] += 1);
    }
    preds[f.order[0].0 as usize] += 1;
    if let Some(r) = f.recover {
        preds[r.0 as usize] += 1;
    }
    preds
}

/// A block that only its predecessor in the layout jumps to becomes part of it.
fn join(f: &mut Function) {
    let preds = predecessors(f);
    let mut order: Vec<BlockId> = Vec::with_capacity(f.order.len());
    for b in std::mem::take(&mut f.order) {
        if let Some(&last) = order.last()
            && preds[b.0 as usize] == 1
            && matches!(f.at(last).term, Term::Jump(t) if t == b)
        {
            let taken = std::mem::replace(f.at(b), crate::ir::Block { ins: Vec::new(), term: Term::Open });
            let into = f.at(last);
            if into.ins.is_empty() {
                into.ins = taken.ins;
            } else {
                into.ins.extend(taken.ins);
            }
            into.term = taken.term;
            continue;
        }
        order.push(b);
    }
    f.order = order;
}
