//! Reuse of values: an expression computed before, whose operands and result are unchanged, is not computed again.
//!
//! Works on extended basic blocks: a block with one predecessor starts with what is known at that one's end. Loads from
//! memory are known until something may write memory; a full-word store makes its value known as a load.

use std::collections::HashMap;
use std::rc::Rc;

use crate::bytecode::ops::Op;
use crate::ir::{Access, BlockId, Function, Ins, Reg, Term};

/// How many expressions are remembered at a time.
const KNOWN: usize = 24;

/// An expression and the register that holds its value.
#[derive(Clone)]
struct Fact {
    op: Op,
    /// Operands after the destination, raw.
    args: [u64; 3],
    regs: [Reg; 2],
    result: Reg,
    memory: bool,
}

/// Register-to-register operations worth remembering: (number of register operands after the destination).
fn computes(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        add | sub
            | mul
            | and
            | or
            | xor
            | andnot
            | addi
            | muli
            | andi
            | ori
            | xori
            | rsubi
            | divi
            | remi
            | divui
            | remui
            | divpi
            | rempi
            | addk
            | mulk
            | andk
            | ork
            | xork
            | neg
            | not
            | shl
            | shr
            | sar
            | shli
            | shri
            | sari
            | add32
            | addu32
            | sub32
            | subu32
            | mul32
            | mulu32
            | addi32
            | addiu32
            | muli32
            | muliu32
            | shli32
            | shliu32
            | rotliu32
            | rotli
            | sext8
            | zext8
            | sext16
            | zext16
            | sext32
            | zext32
            | fadd
            | fsub
            | fmul
            | fdiv
            | i2f
            | f2i
            | fsqrt
    )
}

/// Loads: (pointer or slice, offset or index).
fn loads(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        ld_i8
            | ld_u8
            | ld_i16
            | ld_u16
            | ld_i32
            | ld_u32
            | ld_64
            | ld2
            | ld3
            | ldx2
            | ldx3
            | ldxi2
            | ldx_i8
            | ldx_u8
            | ldx_i16
            | ldx_u16
            | ldx_i32
            | ldx_u32
            | ldx_64
            | ldxi_64
            | ldxi_u8
    )
}

/// Whether memory (or the world) may be different after it.
fn writes(ins: &Ins) -> bool {
    use Op::*;
    if ins.call().is_some() || crate::ir::is_safepoint(ins.op) {
        return true;
    }
    matches!(
        ins.op,
        st_8 | st_16
            | st_32
            | st_64
            | st_64p
            | st2
            | st2p
            | st3
            | st3p
            | stn
            | stnp
            | memzero
            | memzerop
            | memcopy
            | memcopyp
            | incm_64
            | incmi_64
            | sti_8
            | sti_32
            | sti_64
            | stnil
            | faddm
            | fsubm
            | fmulm
            | fmaddm
            | fmsubm
            | stmx_8
            | stmx_64
            | stxf_64
            | faddx
            | stx_8
            | stx_16
            | stx_32
            | stx_64
            | stx_64p
            | stx2
            | stx2p
            | stx3
            | stx3p
            | stxn
            | stxnp
            | stxi_8
            | stxi_16
            | stxi_32
            | stxi_64
            | stxx_8
            | stxx_16
            | stxx_32
            | stxx_64
            | incx_64
            | stu_8
            | stu_16
            | stu_32
            | stu_64
            | stu_64p
            | sta_8
            | sta_16
            | sta_32
            | sta_64
            | sta_64p
            | stg_8
            | stg_16
            | stg_32
            | stg_64
            | stg_64p
            | stg2
            | stg2p
            | stg3
            | stg3p
            | stgn
            | stgnp
            | stgx_64
            | stgx_8
            | stcapv_64
            | stcapv_64p
            | addcapv_64
    )
}

fn fact(ins: &Ins) -> Option<Fact> {
    let memory = loads(ins.op);
    if !memory && !computes(ins.op) {
        return None;
    }
    let info = ins.op.info().operands;
    let (mut args, mut regs, mut nr) = ([0; 3], [Reg::NONE; 2], 0);
    for (i, &(_, kind)) in info.iter().enumerate().skip(1) {
        args[i - 1] = ins.num(i) as u64;
        if crate::ir::access(ins.op, kind).is_some() {
            regs[nr] = ins.reg(i);
            nr += 1;
        }
    }
    Some(Fact { op: ins.op, args, regs, result: ins.reg(0), memory })
}

/// The load that would now give what a store wrote.
fn stored(ins: &Ins) -> Option<Fact> {
    let op = match ins.op {
        Op::st_64 | Op::st_64p => Op::ld_64,
        Op::stx_64 | Op::stx_64p => Op::ldx_64,
        _ => return None,
    };
    let regs = if op == Op::ld_64 { [ins.reg(1), Reg::NONE] } else { [ins.reg(1), ins.reg(2)] };
    Some(Fact { op, args: [ins.num(1) as u64, ins.num(2) as u64, 0], regs, result: ins.reg(0), memory: true })
}

/// The register that `r` is a copy of.
fn original(known: &[Fact], r: Reg) -> Reg {
    for k in known {
        let d = k.result;
        if k.op == Op::mov && d.v == r.v && r.off >= d.off && r.off + r.n <= d.off + d.n {
            let s = k.regs[0];
            return Reg { v: s.v, off: s.off + (r.off - d.off), n: r.n };
        }
    }
    r
}

/// Runs the pass.
pub fn run(f: &mut Function) {
    let mut preds: HashMap<BlockId, (u32, BlockId)> = HashMap::new();
    let mut exits = vec![false; f.blocks.len()];
    for &b in &f.order {
        f.blocks[b.0 as usize].term.successors(|s| {
            let e = preds.entry(s).or_insert((0, b));
            e.0 += 1;
            e.1 = b;
        });
        // The registers that such an end writes are written on one way only.
        exits[b.0 as usize] = matches!(f.blocks[b.0 as usize].term, Term::Exit { .. });
    }
    let mut at_end: HashMap<BlockId, Rc<Vec<Fact>>> = HashMap::new();
    let entry = f.order[0];
    for i in 0..f.order.len() {
        let b = f.order[i];
        let mut known: Vec<Fact> = match preds.get(&b) {
            Some(&(1, p)) if b != entry && Some(b) != f.recover && !exits[p.0 as usize] => {
                at_end.get(&p).map(|k| k.to_vec()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let block = &mut f.blocks[b.0 as usize];
        for ins in &mut block.ins {
            ins.map_slots(|r, a| if a == Access::Use { original(&known, r) } else { r });
            let new = fact(ins);
            if let Some(n) = &new
                && let Some(old) = known.iter().find(|k| k.op == n.op && k.args == n.args && k.result.n == n.result.n)
            {
                let (d, s) = (n.result.into(), old.result.into());
                *ins = match n.result.n {
                    1 => Ins::new(Op::mov, ins.pos, &[d, s]),
                    2 => Ins::new(Op::mov2, ins.pos, &[d, s]),
                    _ => Ins::new(Op::mov3, ins.pos, &[d, s]),
                };
            }
            if writes(ins) {
                known.retain(|k| !k.memory);
            }
            ins.visit(|r, a| {
                if a != Access::Use {
                    known.retain(|k| k.result.v != r.v && k.regs.iter().all(|x| x.v != r.v));
                }
            });
            let remember = match ins.op {
                Op::mov | Op::mov2 | Op::mov3 => {
                    let (result, from) = (ins.reg(0), ins.reg(1));
                    Some(Fact { op: Op::mov, args: [0; 3], regs: [from, Reg::NONE], result, memory: false })
                }
                _ => new.or_else(|| stored(ins)),
            };
            if let Some(n) = remember
                && n.regs.iter().all(|r| r.v != n.result.v)
            {
                if known.len() == KNOWN {
                    known.remove(0);
                }
                known.push(n);
            }
        }
        block.term.map_regs(|r, a| if a == Access::Use { original(&known, r) } else { r });
        let mut wanted = false;
        block.term.successors(|s| wanted |= preds.get(&s).is_some_and(|p| p.0 == 1));
        if wanted && !known.is_empty() {
            at_end.insert(b, Rc::new(known));
        }
    }
}
