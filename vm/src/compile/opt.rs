//! Passes over the IR between construction and register allocation. All are linear in the size of the function.
//!
//! 1. [`graph`]: jumps to jumps, unreachable blocks, straight lines of blocks.
//! 2. [`copies`]: moves that only rename.
//! 3. [`reuse`]: values that are there already.
//! 4. [`cells`]: heap cells that nobody else sees become registers (after closures that were inlined are gone).
//! 5. [`select`]: branches that are a minimum, a maximum or a flag.
//! 6. [`dead`]: pure instructions whose results nobody reads.
//! 7. [`fuse`], which makes superinstructions.
//! 8. [`tails`]: short blocks in place of jumps to them.

mod cells;
mod copies;
mod dead;
mod fuse;
mod graph;
mod reuse;
mod select;
mod tails;

use crate::ir::{Access, Function, Reg};

/// Runs all passes.
pub fn run(f: &mut Function) {
    graph::clean(f);
    copies::run(f);
    reuse::run(f);
    copies::run(f);
    if cells::any(f) {
        dead::run(f);
        if cells::run(f) {
            copies::run(f);
            reuse::run(f);
            copies::run(f);
        }
    }
    if select::run(f) {
        graph::clean(f);
        reuse::run(f);
        copies::run(f);
    }
    dead::run(f);
    fuse::run(f);
    if tails::run(f) {
        graph::clean(f);
    }
}

/// How often each virtual register is written and read.
pub struct Counts {
    /// Instructions that write (part of) it.
    pub defs: Vec<u32>,
    /// Operands that read it.
    pub uses: Vec<u32>,
}

impl Counts {
    /// Counts in the blocks of the layout.
    pub fn of(f: &Function) -> Counts {
        let mut c = Counts { defs: vec![0; f.vregs.len()], uses: vec![0; f.vregs.len()] };
        for &b in &f.order {
            let b = &f.blocks[b.0 as usize];
            for i in &b.ins {
                i.visit(|r, a| c.add(r, a));
            }
            b.term.visit(|r, a| c.add(r, a));
        }
        // Results are read by the caller, parameters written by it.
        for &r in &f.results {
            c.uses[r as usize] += 1;
            c.defs[r as usize] += 1;
        }
        for &p in &f.params {
            c.defs[p as usize] += 1;
        }
        c
    }

    fn add(&mut self, r: Reg, a: Access) {
        if a != Access::Use {
            self.defs[r.v as usize] += 1;
        }
        if a != Access::Def {
            self.uses[r.v as usize] += 1;
        }
    }
}
