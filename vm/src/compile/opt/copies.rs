//! Moves that only rename: a temporary that is one read of another register, and a temporary that is moved on soon.

use super::Counts;
use crate::bytecode::ops::Op;
use crate::ir::{Access, Function, Ins, Reg};

fn is_move(op: Op) -> bool {
    matches!(op, Op::mov | Op::mov2 | Op::mov3 | Op::mov4 | Op::movn)
}

/// How far back from a move the value's making is looked for.
const BACK: usize = 6;

/// How many copies are followed at a time.
const ACTIVE: usize = 8;

/// Runs the pass.
pub fn run(f: &mut Function) {
    let mut c = Counts::of(f);
    // A recovered panic shows the results' registers as they were.
    let visible = f.has_defer;
    let fixed: Vec<bool> = {
        let mut v = vec![false; f.vregs.len()];
        f.params.iter().chain(&f.results).for_each(|&r| v[r as usize] = true);
        v
    };
    for &b in &f.order {
        let block = &mut f.blocks[b.0 as usize];
        let vregs = &f.vregs;
        let temp = |c: &Counts, r: Reg| {
            let v = r.v as usize;
            !fixed[v] && c.defs[v] == 1 && c.uses[v] == 1 && r.off == 0 && u32::from(r.n) == vregs[v].n
        };
        // Backward: `t = op; d = t` becomes `d = op`.
        let ins = &mut block.ins;
        let mut w = 0usize;
        for i in 0..ins.len() {
            let drop = w > 0 && is_move(ins[i].op) && {
                let (d, t) = (ins[i].reg(0), ins[i].reg(1));
                t.v != d.v && temp(&c, t) && same_shape(vregs, d, t) && {
                    // The nearest instruction that touches either must be the one that makes the value.
                    let near = if d.n == 1 && !visible { BACK } else { 1 };
                    let touches = |i: &Ins| {
                        let mut found = false;
                        i.visit(|r, _| found |= r.v == t.v || r.v == d.v);
                        found
                    };
                    let at = (w.saturating_sub(near)..w).rev().find(|&j| touches(&ins[j]));
                    at.is_some_and(|j| retarget(&mut ins[j], t, d))
                }
            };
            if drop {
                let t = ins[i].reg(1).v as usize;
                c.uses[t] = 0;
                c.defs[t] = 0;
                continue;
            }
            if w != i {
                ins.swap(w, i);
            }
            w += 1;
        }
        ins.truncate(w);
        // Forward: `t = x; ... t ...` reads x, as long as x keeps its value.
        let mut active: Vec<(Reg, Reg)> = Vec::new();
        for i in ins.iter_mut() {
            if !active.is_empty() {
                i.map_slots(|r, a| replace(&active, r, a));
                let mut kill = |v: u32| active.retain(|(t, x)| t.v != v && x.v != v);
                i.visit(|r, a| {
                    if a != Access::Use {
                        kill(r.v);
                    }
                });
            }
            if is_move(i.op) && temp(&c, i.reg(0)) && i.reg(0).v != i.reg(1).v && active.len() < ACTIVE {
                active.push((i.reg(0), i.reg(1)));
            }
        }
        if !active.is_empty() {
            block.term.map_regs(|r, a| replace(&active, r, a));
        }
    }
}

fn replace(active: &[(Reg, Reg)], r: Reg, a: Access) -> Reg {
    if a == Access::Use
        && let Some((_, x)) = active.iter().find(|(t, _)| *t == r)
    {
        return *x;
    }
    r
}

/// Slots of a group keep their pointerness wherever they live.
fn same_shape(vregs: &[crate::ir::VReg], d: Reg, t: Reg) -> bool {
    let (dm, tm) = (vregs[d.v as usize].mask, vregs[t.v as usize].mask);
    (0..u32::from(t.n)).all(|i| dm.get(u32::from(d.off) + i) || !tm.get(u32::from(t.off) + i))
}

/// Makes the instruction write `d` where it wrote `t`, if it defines all of `t` and does not depend on `d` otherwise.
fn retarget(ins: &mut Ins, t: Reg, d: Reg) -> bool {
    let (mut defines, mut other) = (0, false);
    let mut reads = false;
    ins.visit(|r, a| {
        if a == Access::Def && r == t {
            defines += 1;
        } else if r.v == t.v || (r.v == d.v && a != Access::Use) {
            other = true;
        } else if r.v == d.v {
            reads = true;
        }
    });
    // Instructions read before they write, but partial overlaps of groups are left alone; frame-memory operands too.
    if defines != 1 || other || (reads && t.n > 1) {
        return false;
    }
    if reads && ins.op.info().operands.iter().any(|o| o.1 == crate::bytecode::encode::KindTag::P) {
        return false;
    }
    ins.map_regs(|r, a| if a == Access::Def && r == t { d } else { r });
    true
}
