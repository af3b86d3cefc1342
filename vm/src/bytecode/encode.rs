//! Ops to words: [`Asm`] assembles one function, with labels, far jumps and a line table.

use super::ops::Op;
use super::{LineEntry, Pos as SourcePos};

/// Where an operand sits: (word of the instruction, shift, width in bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pos {
    /// Word of the instruction, 0 for the first.
    pub word: u8,
    /// Bit of that word.
    pub shift: u8,
    /// Bits.
    pub width: u8,
}

/// The named positions.
#[allow(non_upper_case_globals, missing_docs)]
pub mod pos {
    use super::Pos;
    const fn p(word: u8, shift: u8, width: u8) -> Pos {
        Pos { word, shift, width }
    }
    pub const a: Pos = p(0, 16, 16);
    pub const b: Pos = p(0, 32, 16);
    pub const c: Pos = p(0, 48, 16);
    pub const bc: Pos = p(0, 32, 32);
    pub const x: Pos = p(1, 0, 64);
    pub const xl: Pos = p(1, 0, 32);
    pub const xh: Pos = p(1, 32, 32);
    pub const x0: Pos = p(1, 0, 16);
    pub const x1: Pos = p(1, 16, 16);
    pub const x2: Pos = p(1, 32, 16);
    pub const x3: Pos = p(1, 48, 16);
    pub const yl: Pos = p(2, 0, 32);
    pub const yh: Pos = p(2, 32, 32);
}

/// Length in words of an instruction with operands at these positions.
pub const fn length(at: &[Pos]) -> usize {
    let (mut n, mut i) = (1, 0);
    while i < at.len() {
        if at[i].word as usize + 1 > n {
            n = at[i].word as usize + 1;
        }
        i += 1;
    }
    n
}

/// A register: slot number from fp, 0..=8191.
pub type Reg = u16;

/// "No register" for optional operands.
pub const NO_REG: Reg = 0x1fff;

/// Highest slot number an operand can name directly.
pub const MAX_REG: Reg = 0x1ffe;

/// A jump target inside one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(u32);

/// An operand of [`Asm::insn`].
#[derive(Clone, Copy, Debug)]
pub enum Operand {
    /// Bits as they stand in the word.
    Bits(u64),
    /// Jump target.
    Label(Label),
}

/// A 16-bit jump does not reach; assemble the function again with `far`.
#[derive(Debug)]
pub struct TooFar;

/// What an operand means, as data for decoder, disassembler and verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum KindTag {
    /// Written registers.
    D,
    D2,
    D3,
    DN,
    /// Read registers.
    R,
    R2,
    R3,
    R4,
    D4,
    RN,
    /// Read and written registers.
    M,
    M3,
    /// Optional register.
    O,
    /// Byte offset from fp.
    P,
    /// Call window.
    W,
    I16,
    U16,
    I32,
    U32,
    U64,
    L16,
    L32,
    Func,
    Native,
    Type,
    Layout,
    Itab,
    Switch,
    Select,
    /// Offset in static data.
    Str,
    /// Byte offset in the globals.
    Global,
    /// Word distance to a function entry.
    Disp,
}

/// Operand kinds as types, for the encoder's signatures.
#[allow(missing_docs)]
pub mod kind {
    use super::{Asm, Label, Pos, Reg};

    /// How an argument of the encoder becomes bits.
    pub trait Kind {
        type Arg;
        fn put(asm: &mut Asm, at: usize, pos: Pos, arg: Self::Arg);
    }

    macro_rules! regs {
        ($($k:ident)*) => {$(
            #[derive(Debug)]
            pub struct $k;
            impl Kind for $k {
                type Arg = Reg;
                fn put(asm: &mut Asm, at: usize, pos: Pos, arg: Reg) {
                    debug_assert!(arg <= super::NO_REG, "register {arg} needs far_ld/far_st");
                    asm.put_bits(at, pos, u64::from(arg) * 8);
                }
            }
        )*};
    }
    regs!(D D2 D3 D4 DN R R2 R3 R4 RN M M3 O W);

    macro_rules! ints {
        ($($k:ident: $t:ty as $u:ty;)*) => {$(
            #[derive(Debug)]
            pub struct $k;
            impl Kind for $k {
                type Arg = $t;
                fn put(asm: &mut Asm, at: usize, pos: Pos, arg: $t) {
                    asm.put_bits(at, pos, u64::from(arg as $u));
                }
            }
        )*};
    }
    ints! {
        P: u16 as u16; I16: i16 as u16; U16: u16 as u16; I32: i32 as u32; U32: u32 as u32; U64: u64 as u64;
        Func: u32 as u32; Native: u32 as u32; Type: u32 as u32; Layout: u32 as u32; Itab: u32 as u32; Switch: u32 as u32;
        Select: u32 as u32; Str: u32 as u32; Global: u32 as u32; Disp: i32 as u32;
    }

    macro_rules! labels {
        ($($k:ident)*) => {$(
            #[derive(Debug)]
            pub struct $k;
            impl Kind for $k {
                type Arg = Label;
                fn put(asm: &mut Asm, at: usize, pos: Pos, arg: Label) {
                    asm.refer(at, pos, arg);
                }
            }
        )*};
    }
    labels!(L16 L32);
}

#[derive(Debug)]
struct Fixup {
    at: usize,
    pos: Pos,
    label: Label,
}

/// Assembles the code of one function.
#[derive(Debug, Default)]
pub struct Asm {
    words: Vec<u64>,
    labels: Vec<Option<usize>>,
    fixups: Vec<Fixup>,
    hop: Option<(Label, Label)>,
    far: bool,
    lines: Vec<LineEntry>,
    pos: SourcePos,
}

impl Asm {
    /// A new assembler; `far` makes every 16-bit jump able to reach anything (use it after [`TooFar`]).
    pub fn new(far: bool) -> Asm {
        Asm { far, ..Asm::default() }
    }

    /// Words emitted so far: the offset of the next instruction.
    pub fn here(&self) -> usize {
        self.words.len()
    }

    /// Source position of the instructions that follow.
    pub fn at(&mut self, pos: SourcePos) {
        self.pos = pos;
    }

    /// A label not yet placed.
    pub fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places a label at the next instruction.
    pub fn bind(&mut self, label: Label) {
        debug_assert!(self.labels[label.0 as usize].is_none(), "label bound twice");
        self.labels[label.0 as usize] = Some(self.words.len());
    }

    /// Offset of a bound label.
    pub fn offset(&self, label: Label) -> Option<usize> {
        self.labels[label.0 as usize]
    }

    /// The end of functions that defer: runs all pending deferred calls in the window at `w`, then goes on.
    pub fn run_defers(&mut self, w: Reg) {
        let top = self.label();
        self.bind(top);
        self.rundefers(w);
        self.jmp(top);
    }

    /// Emits an instruction whose operands are all in the first word, by raw fields (A, B, C as encoded: registers * 8).
    pub fn abc(&mut self, op: Op, a: u16, b: u16, c: u16) {
        debug_assert_eq!(op.info().len, 1);
        let at = self.open(op);
        self.words[at] |= u64::from(a) << 16 | u64::from(b) << 32 | u64::from(c) << 48;
        self.close();
    }

    /// Emits a register-register-label jump chosen at run time (`jlt`, `jflt`, `jslt`, `looplt`, ...).
    pub fn branch(&mut self, op: Op, a: Reg, b: Reg, target: Label) {
        let at = self.open(op);
        self.words[at] |= u64::from(a * 8) << 16 | u64::from(b * 8) << 32;
        self.refer(at, pos::c, target);
        self.close();
    }

    /// Emits a register-immediate-label jump chosen at run time (`jlti`, `jgtuib`, `looplti`, ...).
    pub fn branch_imm(&mut self, op: Op, a: Reg, imm: i16, target: Label) {
        let at = self.open(op);
        self.words[at] |= u64::from(a * 8) << 16 | u64::from(imm as u16) << 32;
        self.refer(at, pos::c, target);
        self.close();
    }

    /// Emits an instruction from its operands in list order: raw bits (registers as byte offsets), or jump targets.
    pub fn insn(&mut self, op: Op, operands: &[Operand]) {
        let at = self.open(op);
        for (&(pos, _), &operand) in op.info().operands.iter().zip(operands) {
            match operand {
                Operand::Bits(bits) => self.put_bits(at, pos, bits & (u64::MAX >> (64 - pos.width))),
                Operand::Label(label) => self.refer(at, pos, label),
            }
        }
        self.close();
    }

    /// The finished code (jumps resolved) and its line table.
    pub fn finish(mut self) -> Result<(Vec<u64>, Vec<LineEntry>), TooFar> {
        for f in std::mem::take(&mut self.fixups) {
            let target = self.labels[f.label.0 as usize].expect("every label used is bound");
            let off = target as i64 - f.at as i64;
            if f.pos.width == 16 && i16::try_from(off).is_err() {
                return Err(TooFar);
            }
            let bits = off as u64 & (u64::MAX >> (64 - f.pos.width));
            self.words[f.at + f.pos.word as usize] |= bits << f.pos.shift;
        }
        Ok((self.words, self.lines))
    }

    fn open(&mut self, op: Op) -> usize {
        let at = self.words.len();
        if self.lines.last().is_none_or(|l| l.pos != self.pos) {
            self.lines.push(LineEntry { pc: at as u32, pos: self.pos });
        }
        self.words.push(op as u64);
        self.words.resize(at + op.info().len, 0);
        at
    }

    fn put_bits(&mut self, at: usize, pos: Pos, bits: u64) {
        self.words[at + pos.word as usize] |= bits << pos.shift;
    }

    fn refer(&mut self, at: usize, pos: Pos, label: Label) {
        if self.far && pos.width == 16 {
            let hop = self.label();
            self.hop = Some((hop, label));
            self.fixups.push(Fixup { at, pos, label: hop });
        } else {
            self.fixups.push(Fixup { at, pos, label });
        }
    }

    /// Completes an instruction: a far conditional jump becomes `op hop; jmp past; hop: jmp target; past:`.
    fn close(&mut self) {
        if let Some((hop, target)) = self.hop.take() {
            let past = self.label();
            self.jmp(past);
            self.bind(hop);
            self.jmp(target);
            self.bind(past);
        }
    }
}

macro_rules! encoder {
    ($($(#[doc = $doc:literal])* $name:ident($($pos:ident: $kind:ident),*);)*) => {
        /// One method per instruction; registers are slot numbers.
        #[allow(clippy::too_many_arguments, clippy::should_implement_trait)]
        impl Asm {
            $($(#[doc = $doc])*
            pub fn $name(&mut self $(, $pos: <kind::$kind as kind::Kind>::Arg)*) {
                #[allow(unused_variables)]
                let at = self.open(Op::$name);
                $(<kind::$kind as kind::Kind>::put(self, at, pos::$pos, $pos);)*
                self.close();
            })*
        }
    };
}
crate::for_each_op!(encoder);
