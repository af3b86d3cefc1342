//! Superinstructions made of neighbours: loads with the arithmetic that wants them, arithmetic in memory, elements of
//! structs and of slices in structs.

use super::Counts;
use crate::bytecode::ops::Op;
use crate::ir::{Access, Arg, Function, Ins, Reg};

/// Runs the pass.
pub fn run(f: &mut Function) {
    narrow(f);
    let c = Counts::of(f);
    let single: Vec<bool> =
        (0..f.vregs.len()).map(|v| c.defs[v] == 1 && c.uses[v] == 1 && !f.vregs[v].var && f.vregs[v].n > 0).collect();
    let once = |r: Reg| r.v != Reg::NONE.v && single[r.v as usize];
    for &b in &f.order {
        let ins = &mut f.blocks[b.0 as usize].ins;
        if ins.len() < 2 {
            continue;
        }
        let mut out: Vec<Ins> = Vec::with_capacity(ins.len());
        for i in ins.drain(..) {
            out.push(i);
            while let Some((n, new)) = combine(&out, &once) {
                out.truncate(out.len() - n);
                out.push(new);
            }
        }
        *ins = out;
    }
}

/// Slices of which the capacity is never looked at are loaded without it.
fn narrow(f: &mut Function) {
    let mut wide = vec![false; f.vregs.len()];
    let mut defs = vec![0u32; f.vregs.len()];
    let mark = |r: Reg, a: Access, wide: &mut Vec<bool>, defs: &mut Vec<u32>| {
        if a != Access::Def && r.off + r.n > 2 {
            wide[r.v as usize] = true;
        }
        if a != Access::Use {
            defs[r.v as usize] += 1;
        }
    };
    for &b in &f.order {
        let block = &f.blocks[b.0 as usize];
        for i in &block.ins {
            i.visit(|r, a| mark(r, a, &mut wide, &mut defs));
        }
        block.term.visit(|r, a| mark(r, a, &mut wide, &mut defs));
    }
    for &r in f.params.iter().chain(&f.results) {
        wide[r as usize] = true;
    }
    for &b in &f.order {
        for i in &mut f.blocks[b.0 as usize].ins {
            let op = match i.op {
                Op::ld3 => Op::ld2,
                Op::ldg3 => Op::ldg2,
                Op::mov3 => Op::mov2,
                _ => continue,
            };
            let d = i.reg(0);
            if d.off != 0 || wide[d.v as usize] || defs[d.v as usize] != 1 {
                continue;
            }
            i.op = op;
            i.set_reg(0, d.sub(0, 2));
            if op == Op::mov2 {
                let s = i.reg(1);
                i.set_reg(1, s.sub(0, 2));
            }
        }
    }
}

/// One instruction for the last few, and how many it replaces.
fn combine(list: &[Ins], once: &dyn Fn(Reg) -> bool) -> Option<(usize, Ins)> {
    let last = list.last()?;
    let prev = list.len().checked_sub(2).map(|i| &list[i])?;
    let third = list.len().checked_sub(3).map(|i| &list[i]);
    special(last, prev, third, once).or_else(|| three(prev, last, once).map(|new| (2, new)))
}

fn special(last: &Ins, prev: &Ins, third: Option<&Ins>, once: &dyn Fn(Reg) -> bool) -> Option<(usize, Ins)> {
    match last.op {
        // t = *(p + off); d = x op t
        Op::fadd | Op::fsub | Op::fmul if prev.op == Op::ld_64 => {
            let t = prev.reg(0);
            let (mut x, y) = (last.reg(1), last.reg(2));
            if y != t {
                if x != t || last.op == Op::fsub {
                    return None;
                }
                x = y;
            }
            if !once(t) || x == t || x.v == t.v {
                return None;
            }
            let op = match last.op {
                Op::fadd => Op::faddl,
                Op::fsub => Op::fsubl,
                _ => Op::fmull,
            };
            Some((2, Ins::new(op, last.pos, &[last.reg(0).into(), x.into(), prev.reg(1).into(), Arg::I(prev.num(2))])))
        }
        // t = *(p + off); u = t op x; *(p + off) = u
        Op::st_64 if matches!(prev.op, Op::fadd | Op::fsub | Op::fmul | Op::faddl | Op::fmull) => {
            let (u, p, off) = (last.reg(0), last.reg(1), last.num(2));
            if prev.reg(0) != u || !once(u) {
                return None;
            }
            let (x, n, op) = match prev.op {
                Op::faddl | Op::fmull => {
                    if prev.reg(2) != p || prev.num(3) != off {
                        return None;
                    }
                    (prev.reg(1), 2, if prev.op == Op::faddl { Op::faddm } else { Op::fmulm })
                }
                o => {
                    let ld = third?;
                    let t = ld.reg(0);
                    if ld.op != Op::ld_64 || ld.reg(1) != p || ld.num(2) != off || prev.reg(1) != t || !once(t) {
                        return None;
                    }
                    let op = match o {
                        Op::fadd => Op::faddm,
                        Op::fsub => Op::fsubm,
                        _ => Op::fmulm,
                    };
                    (prev.reg(2), 3, op)
                }
            };
            if x.v == u.v {
                return None;
            }
            Some((n, Ins::new(op, last.pos, &[x.into(), p.into(), Arg::I(off)])))
        }
        // m = a * b; *(p + off) += m
        Op::faddm | Op::fsubm if prev.op == Op::fmul => {
            let m = last.reg(0);
            if prev.reg(0) != m || !once(m) {
                return None;
            }
            let op = if last.op == Op::faddm { Op::fmaddm } else { Op::fmsubm };
            let args = [prev.reg(1).into(), last.reg(1).into(), Arg::I(last.num(2)), prev.reg(2).into()];
            Some((2, Ins::new(op, last.pos, &args)))
        }
        // k = imm; *(p + off) = k
        Op::st_8 | Op::st_32 | Op::st_64 | Op::st_64p | Op::incm_64 if prev.op == Op::ldi => {
            let k = prev.reg(0);
            let c = i16::try_from(prev.num(1)).ok()?;
            if last.reg(0) != k || !once(k) {
                return None;
            }
            let (p, off) = (last.reg(1), last.num(2));
            if last.op == Op::st_64p {
                return (c == 0).then(|| (2, Ins::new(Op::stnil, last.pos, &[p.into(), Arg::I(off)])));
            }
            let op = match last.op {
                Op::st_8 => Op::sti_8,
                Op::st_32 => Op::sti_32,
                Op::st_64 => Op::sti_64,
                _ => Op::incmi_64,
            };
            Some((2, Ins::new(op, last.pos, &[Arg::I(i64::from(c)), p.into(), Arg::I(off)])))
        }
        // s = slice at p + off; d = s[i]
        Op::ldx_u8 | Op::ldx_i32 | Op::ldx_64 | Op::stx_8 | Op::stx_64 if matches!(prev.op, Op::ld2 | Op::ld3) => {
            let s = prev.reg(0);
            if last.reg(1).v != s.v || last.reg(1).off != s.off || !once(s) {
                return None;
            }
            if last.reg(2).v == s.v || last.reg(0).v == s.v {
                return None;
            }
            let op = match last.op {
                Op::ldx_u8 => Op::ldmx_u8,
                Op::ldx_i32 => Op::ldmx_i32,
                Op::ldx_64 => Op::ldmx_64,
                Op::stx_8 => Op::stmx_8,
                _ => Op::stmx_64,
            };
            let args = [last.reg(0).into(), prev.reg(1).into(), Arg::I(prev.num(2)), last.reg(2).into()];
            Some((2, Ins::new(op, last.pos, &args)))
        }
        // t = &s[i]; d = *(t + off)
        Op::ld_64 | Op::st_64 if prev.op == Op::eaddr => {
            let t = prev.reg(0);
            if last.reg(1) != t || !once(t) || last.reg(0).v == t.v {
                return None;
            }
            let op = if last.op == Op::ld_64 { Op::ldxf_64 } else { Op::stxf_64 };
            let args =
                [last.reg(0).into(), prev.reg(1).into(), prev.reg(2).into(), Arg::I(prev.num(3)), Arg::I(last.num(2))];
            Some((2, Ins::new(op, last.pos, &args)))
        }
        // t = s[i]; u = t + x; s[i] = u
        Op::stx_64 if prev.op == Op::fadd => {
            let ld = third?;
            let (u, t) = (last.reg(0), ld.reg(0));
            if ld.op != Op::ldx_64 || ld.reg(1) != last.reg(1) || ld.reg(2) != last.reg(2) {
                return None;
            }
            if prev.reg(0) != u || prev.reg(1) != t || !once(u) || !once(t) || prev.reg(2).v == t.v {
                return None;
            }
            Some((3, Ins::new(Op::faddx, last.pos, &[prev.reg(2).into(), last.reg(1).into(), last.reg(2).into()])))
        }
        // Rotations of one value, exclusive or.
        Op::xor => {
            let first = third?;
            let (p, q) = (first.reg(0), prev.reg(0));
            let (a, b) = (last.reg(1), last.reg(2));
            let both = (a == p && b == q) || (a == q && b == p);
            if !both || p == q || !once(p) || !once(q) || first.reg(1) != prev.reg(1) || prev.reg(1).v == p.v {
                return None;
            }
            let (d, x) = (last.reg(0).into(), prev.reg(1).into());
            let (i, k) = (|n: i64| Arg::I(n), prev.num(2));
            let new = match (first.op, prev.op) {
                (Op::rotliu32, Op::rotliu32) => Ins::new(Op::xrot2, last.pos, &[d, x, i(first.num(2)), i(k)]),
                (Op::xrot2, Op::rotliu32) => {
                    Ins::new(Op::xrot3, last.pos, &[d, x, i(first.num(2)), i(first.num(3)), i(k)])
                }
                (Op::xrot2, Op::shri) => {
                    Ins::new(Op::xrot2s, last.pos, &[d, x, i(first.num(2)), i(first.num(3)), i(k)])
                }
                _ => return None,
            };
            Some((3, new))
        }
        // x = ^e; d = x & g
        Op::and if matches!(prev.op, Op::not | Op::notu32) => {
            let t = prev.reg(0);
            let (a, b) = (last.reg(1), last.reg(2));
            let g = if a == t { b } else { a };
            if (a != t && b != t) || !once(t) || g.v == t.v {
                return None;
            }
            Some((2, Ins::new(Op::andnot, last.pos, &[last.reg(0).into(), g.into(), prev.reg(1).into()])))
        }
        // t = a * b; x -= t
        Op::fsub if prev.op == Op::fmul => {
            let t = prev.reg(0);
            let d = last.reg(0);
            if last.reg(1) != d || last.reg(2) != t || !once(t) || prev.reg(1) == d && prev.reg(2) == d {
                return None;
            }
            Some((2, Ins::new(Op::fmsub, last.pos, &[d.into(), prev.reg(1).into(), prev.reg(2).into()])))
        }
        Op::fadd if prev.op == Op::fmul && (last.reg(1) == last.reg(0) || last.reg(2) == last.reg(0)) => {
            let t = prev.reg(0);
            let d = last.reg(0);
            if !once(t) {
                return None;
            }
            let other = if last.reg(1) == t { last.reg(2) } else { last.reg(1) };
            if (last.reg(1) != t && last.reg(2) != t) || other != d {
                return None;
            }
            Some((2, Ins::new(Op::fmadd, last.pos, &[d.into(), prev.reg(1).into(), prev.reg(2).into()])))
        }
        // t = *(p + i); d = t - *(q + j)
        Op::fsubl if prev.op == Op::ld_64 => {
            let t = prev.reg(0);
            if last.reg(1) != t || !once(t) || last.reg(2).v == t.v {
                return None;
            }
            let (i, j) = (Arg::I(prev.num(2)), Arg::I(last.num(3)));
            Some((
                2,
                Ins::new(Op::fsubll, last.pos, &[last.reg(0).into(), prev.reg(1).into(), last.reg(2).into(), i, j]),
            ))
        }
        // t = s[i]; d += x * t
        Op::fmadd | Op::madd if matches!(prev.op, Op::ldx_64 | Op::ldxx_64) => {
            let t = prev.reg(0);
            let x = if last.reg(2) == t { last.reg(1) } else { last.reg(2) };
            if (last.reg(1) != t && last.reg(2) != t) || !once(t) || x.v == t.v || last.reg(0).v == t.v {
                return None;
            }
            let (d, s, i) = (last.reg(0).into(), prev.reg(1).into(), prev.reg(2).into());
            Some(match (last.op, prev.op) {
                (Op::fmadd, Op::ldx_64) => (2, Ins::new(Op::fmaddx, last.pos, &[d, x.into(), s, i])),
                (Op::madd, Op::ldx_64) => (2, Ins::new(Op::maddx, last.pos, &[d, x.into(), s, i])),
                (Op::fmadd, _) => (2, Ins::new(Op::fmaddxx, last.pos, &[d, x.into(), s, i, prev.reg(3).into()])),
                _ => return None,
            })
        }
        _ => None,
    }
}

/// Two operations on three registers (or a small constant) in one: `t = x op y; d = t op z`.
fn three(prev: &Ins, last: &Ins, once: &dyn Fn(Reg) -> bool) -> Option<Ins> {
    use Op::*;
    if !matches!(prev.op, fmul | fadd | fsub | add | mul | muli | and | andnot | shri | shli) || prev.reg(0).n != 1 {
        return None;
    }
    let t = prev.reg(0);
    if !once(t) {
        return None;
    }
    let (d, x) = (last.reg(0).into(), prev.reg(1).into());
    // With a constant in the second place.
    let y = || Arg::from(prev.reg(2));
    let k = Arg::I(prev.num(2));
    match (prev.op, last.op) {
        (add, addi) | (muli, addi) | (shri, andi) if last.reg(1) == t => {
            let (op, y) = match prev.op {
                add => (addaddi, y()),
                muli => (muliaddi, k),
                _ => (shriandi, k),
            };
            return Some(Ins::new(op, last.pos, &[d, x, y, Arg::I(last.num(2))]));
        }
        (_, addi | andi) => return None,
        _ => {}
    }
    if !matches!(last.op, fadd | fsub | fmul | fdiv | add | sub | xor) {
        return None;
    }
    let first = last.reg(1) == t;
    let z = if first { last.reg(2) } else { last.reg(1) };
    if (!first && last.reg(2) != t) || z.v == t.v {
        return None;
    }
    let op = match (prev.op, last.op, first) {
        (fmul, fadd, _) => fmuladd,
        (fmul, fsub, true) => fmulsub,
        (fmul, fsub, false) => fmulrsub,
        (fmul, fdiv, false) => fmulrdiv,
        (fsub, fadd, _) => fsubadd,
        (fsub, fmul, _) => fsubmul,
        (fadd, fadd, _) => fadd3,
        (fadd, fmul, _) => faddmul,
        (add, add, _) => add3,
        (mul, add, _) if z == last.reg(0) => return Some(Ins::new(madd, last.pos, &[d, x, y()])),
        (mul, add, _) => muladd,
        (mul, sub, false) => mulrsub,
        (and, xor, _) => andxor,
        (andnot, xor, _) => andnotxor,
        (muli, add, _) => return Some(Ins::new(muliadd, last.pos, &[d, x, k, z.into()])),
        (shri, xor, _) => return Some(Ins::new(xorshri, last.pos, &[d, z.into(), x, k])),
        (shli, xor, _) => return Some(Ins::new(xorshli, last.pos, &[d, z.into(), x, k])),
        _ => return None,
    };
    Some(Ins::new(op, last.pos, &[d, x, y(), z.into()]))
}
