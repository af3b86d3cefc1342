//! Words to instructions, table-driven: for everything that is not the interpreter's loop.

use super::encode::{KindTag, Pos};
use super::ops::{Op, OpInfo};

/// One decoded instruction.
#[derive(Debug)]
pub struct Insn<'a> {
    /// Which.
    pub info: &'static OpInfo,
    /// Its words.
    pub words: &'a [u64],
}

impl Insn<'_> {
    /// The opcode.
    pub fn op(&self) -> Op {
        self.info.op
    }

    /// The operands with their raw bits.
    pub fn operands(&self) -> impl Iterator<Item = (KindTag, u64)> + '_ {
        self.info.operands.iter().map(|&(pos, kind)| (kind, bits(self.words, pos)))
    }

    /// The jump offset, if the instruction has one.
    pub fn jump(&self) -> Option<i64> {
        self.info.operands.iter().find_map(|&(pos, kind)| match kind {
            KindTag::L16 => Some(i64::from(bits(self.words, pos) as i16)),
            KindTag::L32 => Some(i64::from(bits(self.words, pos) as i32)),
            _ => None,
        })
    }

    /// Whether control never goes on to the next instruction.
    pub fn ends_block(&self) -> bool {
        matches!(
            self.info.op,
            Op::jmp
                | Op::jmpb
                | Op::ret
                | Op::ret_mov
                | Op::ret_ldi
                | Op::panic
                | Op::goexit
                | Op::trap
                | Op::jmptab
                | Op::jmptabb
                | Op::switch_int
                | Op::switch_str
        )
    }
}

/// Reads the instruction at `at`; `None` if the opcode is unknown or words are missing.
pub fn decode(code: &[u64], at: usize) -> Option<Insn<'_>> {
    let info = Op::of(*code.get(at)?)?.info();
    let words = code.get(at..at + info.len)?;
    Some(Insn { info, words })
}

fn bits(words: &[u64], pos: Pos) -> u64 {
    words[pos.word as usize] >> pos.shift & (u64::MAX >> (64 - pos.width))
}
