//! Heap cells and small objects that nobody but this function sees: their words become registers.
//!
//! An object qualifies if its address is in one register with one definition, the allocation, and every other occurrence
//! of that register is the base of a load or store of a fixed part. (A function that inlined its closures is full of
//! such cells.) The register is set anew each time the allocation would run, so what an earlier object held is lost just
//! as it would be with nobody pointing to it.

use crate::bytecode::ops::Op;
use crate::ir::{Arg, Function, Ins, Mask, Reg};

/// Most words of an object that moves to registers.
const MAX_WORDS: u32 = 12;

/// An access narrower than a word.
enum Narrow {
    Load,
    Store,
}

#[derive(Clone, Default)]
struct Object {
    /// Allocations of which this is the result.
    made: u32,
    /// Occurrences that are understood.
    good: u32,
    /// All occurrences.
    all: u32,
    words: u32,
    mask: Mask,
    load: Option<Op>,
    store: Option<Op>,
    wide: bool,
    odd: bool,
}

/// Words that an instruction loads or stores through a pointer in operand 1.
fn words(op: Op) -> Option<(u32, bool)> {
    Some(match op {
        Op::ld_64 => (1, true),
        Op::ld2 => (2, true),
        Op::ld3 => (3, true),
        Op::st_64 | Op::st_64p | Op::incm_64 => (1, false),
        Op::st2 | Op::st2p => (2, false),
        Op::st3 | Op::st3p => (3, false),
        _ => return None,
    })
}

fn narrow(op: Op) -> Option<Narrow> {
    Some(match op {
        Op::ld_i8 | Op::ld_u8 | Op::ld_i16 | Op::ld_u16 | Op::ld_i32 | Op::ld_u32 => Narrow::Load,
        Op::st_8 | Op::st_16 | Op::st_32 => Narrow::Store,
        _ => return None,
    })
}

fn bits(op: Op) -> u32 {
    match op {
        Op::ld_i8 | Op::ld_u8 | Op::st_8 => 8,
        Op::ld_i16 | Op::ld_u16 | Op::st_16 => 16,
        _ => 32,
    }
}

/// Whether there is anything to look at.
pub fn any(f: &Function) -> bool {
    let makes = |i: &Ins| matches!(i.op, Op::alloc | Op::alloc_noted | Op::mkbox);
    !f.has_defer && f.order.iter().any(|b| f.blocks[b.0 as usize].ins.iter().any(makes))
}

/// Runs the pass; answers whether it changed anything.
pub fn run(f: &mut Function) -> bool {
    let mut objects = vec![Object::default(); f.vregs.len()];
    let pointers = |f: &Function, r: Reg, at: u32, o: &mut Object| {
        let mask = f.vregs[r.v as usize].mask;
        for i in 0..u32::from(r.n) {
            if mask.get(u32::from(r.off) + i) {
                o.mask.set(at + i);
            }
        }
    };
    for &b in &f.order {
        let block = &f.blocks[b.0 as usize];
        for i in &block.ins {
            i.visit(|r, _| objects[r.v as usize].all += 1);
            match i.op {
                Op::alloc | Op::alloc_noted | Op::mkbox => {
                    let o = &mut objects[i.reg(0).v as usize];
                    o.made += 1;
                    o.good += 1;
                    if i.op == Op::mkbox {
                        let s = i.reg(1);
                        o.words = o.words.max(u32::from(s.n));
                        pointers(f, s, 0, o);
                        o.odd |= s.n == 0;
                    }
                }
                Op::nilchk => objects[i.reg(0).v as usize].good += 1,
                op => {
                    let (base, off) = match words(op).is_some() || narrow(op).is_some() {
                        true => (i.reg(1), i.num(2) as u32),
                        false => continue,
                    };
                    let o = &mut objects[base.v as usize];
                    o.good += 1;
                    if let Some((n, _)) = words(op) {
                        o.wide = true;
                        o.odd |= !off.is_multiple_of(8);
                        o.words = o.words.max(off / 8 + n);
                        pointers(f, i.reg(0), off / 8, o);
                    } else {
                        o.odd |= off != 0;
                        o.words = o.words.max(1);
                        let seen = match narrow(op) {
                            Some(Narrow::Load) => &mut o.load,
                            _ => &mut o.store,
                        };
                        o.odd |= seen.is_some_and(|s| s != op);
                        *seen = Some(op);
                    }
                }
            }
        }
        block.term.visit(|r, _| objects[r.v as usize].all += 1);
    }
    for &v in f.params.iter().chain(&f.results) {
        objects[v as usize].odd = true;
    }
    let mut place: Vec<Option<(Reg, Option<Op>)>> = vec![None; objects.len()];
    for (v, o) in objects.iter().enumerate() {
        let mixed = (o.load.is_some() || o.store.is_some())
            && (o.wide || o.words > 1 || o.load.zip(o.store).is_some_and(|(l, s)| bits(l) != bits(s)));
        if o.made == 1 && o.good == o.all && !o.odd && !mixed && (1..=MAX_WORDS).contains(&o.words) {
            place[v] = Some((f.vreg(o.words, o.mask, true), o.load));
        }
    }
    if place.iter().all(Option::is_none) {
        return false;
    }
    for bi in 0..f.order.len() {
        let block = f.order[bi].0 as usize;
        let list = std::mem::take(&mut f.blocks[block].ins);
        let out = list.into_iter().filter_map(|i| rewrite(i, &place)).collect();
        f.blocks[block].ins = out;
    }
    true
}

fn rewrite(i: Ins, place: &[Option<(Reg, Option<Op>)>]) -> Option<Ins> {
    let at = |r: Reg| place.get(r.v as usize).copied().flatten().map(|p| p.0);
    let mov = |d: Reg, s: Reg| {
        let (a, b) = (d.into(), s.into());
        match d.n {
            1 => Ins::new(Op::mov, i.pos, &[a, b]),
            2 => Ins::new(Op::mov2, i.pos, &[a, b]),
            3 => Ins::new(Op::mov3, i.pos, &[a, b]),
            4 => Ins::new(Op::mov4, i.pos, &[a, b]),
            n => Ins::new(Op::movn, i.pos, &[a, b, Arg::I(i64::from(n))]),
        }
    };
    match i.op {
        Op::alloc | Op::alloc_noted => {
            let Some(r) = at(i.reg(0)) else { return Some(i) };
            Some(match r.n {
                1 => Ins::new(Op::ldi, i.pos, &[r.into(), Arg::I(0)]),
                2 => Ins::new(Op::zero2, i.pos, &[r.into()]),
                3 => Ins::new(Op::zero3, i.pos, &[r.into()]),
                n => Ins::new(Op::zero, i.pos, &[r.into(), Arg::I(i64::from(n))]),
            })
        }
        Op::mkbox => {
            let Some(r) = at(i.reg(0)) else { return Some(i) };
            let s = i.reg(1);
            // The first part of a packed struct, or a scalar that is canonical already.
            let part = place[i.reg(0).v as usize].and_then(|p| p.1).map(|narrow| match narrow {
                Op::ld_i8 => Op::sext8,
                Op::ld_u8 => Op::zext8,
                Op::ld_i16 => Op::sext16,
                Op::ld_u16 => Op::zext16,
                Op::ld_i32 => Op::sext32,
                _ => Op::zext32,
            });
            Some(match part {
                Some(op) => Ins::new(op, i.pos, &[r.into(), s.into()]),
                None => mov(r.sub(0, u32::from(s.n)), s),
            })
        }
        Op::nilchk if at(i.reg(0)).is_some() => None,
        op if words(op).is_some() || narrow(op).is_some() => {
            let Some(r) = at(i.reg(1)) else { return Some(i) };
            let x = i.reg(0);
            let part = r.sub(i.num(2) as u32 / 8, u32::from(x.n));
            let load = matches!(words(op), Some((_, true))) || matches!(narrow(op), Some(Narrow::Load));
            Some(match load {
                _ if op == Op::incm_64 => Ins::new(Op::add, i.pos, &[part.into(), part.into(), x.into()]),
                true => mov(x, part),
                false => mov(part, x),
            })
        }
        _ => Some(i),
    }
}
