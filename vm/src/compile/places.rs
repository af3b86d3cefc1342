//! Where the instructions of the IR end up in the code: turns live ranges over positions into ranges over words.

use super::lives::Life;
use crate::bytecode::LiveRange;

/// Where each position of a function begins. Positions are those of [`super::regs`]: instructions are two apart, and what is
/// written at position p is there from p + 1 on.
pub struct Places {
    /// Word at which the instruction begins, by half its position; [`NONE`] if its code is part of the one before.
    begin: Vec<u32>,
    /// Calls: half the position, and where they return to. What is moved out of the window follows there.
    calls: Vec<(u32, u32)>,
    here: u32,
}

const NONE: u32 = u32::MAX;

impl Places {
    /// For a function all of whose positions are below `last`.
    pub fn new(last: u32) -> Places {
        Places { begin: vec![NONE; last as usize / 2 + 1], calls: Vec::new(), here: 0 }
    }

    /// The instruction at a position begins at word `at`. Positions come in ascending order.
    pub fn instruction(&mut self, position: u32, at: usize) {
        self.here = position / 2;
        self.begin[self.here as usize] = at as u32;
    }

    /// The instruction is a call, which returns to word `at`.
    pub fn call(&mut self, at: usize) {
        self.calls.push((self.here, at as u32));
    }

    /// Live ranges over positions, as ranges over words. `len` is the length of the code.
    pub fn lives(mut self, lives: &[Life], len: usize) -> Vec<LiveRange> {
        let mut at = 0;
        for begin in &mut self.begin {
            if *begin == NONE {
                *begin = at;
            }
            at = *begin;
        }
        // Where the code of each ends: where the next that has code of its own begins.
        let mut end = vec![len as u32; self.begin.len()];
        for i in (0..self.begin.len() - 1).rev() {
            end[i] = if self.begin[i + 1] > self.begin[i] { self.begin[i + 1] } else { end[i + 1] };
        }
        for &(i, behind) in &self.calls {
            end[i as usize] = behind;
        }
        let half = |position: u32| (position as usize / 2).min(end.len() - 1);
        let range = |l: &Life| {
            let from = if l.first % 2 == 1 { end[half(l.first)] } else { self.begin[half(l.first)] };
            let to = end[half(l.last)].saturating_sub(1);
            // What is written and never read is never live.
            (from <= to).then_some(LiveRange { slot: l.slot, from, to, sure: l.sure })
        };
        lives.iter().filter_map(range).collect()
    }
}
