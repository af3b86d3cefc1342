//! The intermediate representation of one function: a control-flow graph whose instructions are the bytecode's own
//! operations over *virtual registers*.
//!
//! * A virtual register ([`VReg`]) is a group of consecutive slots with a pointer map; an operand ([`Reg`]) names some
//!   slots of one group. Structs and small arrays are one group in memory layout, strings, slices and interfaces too.
//! * An instruction ([`Ins`]) is an [`Op`] and its operands in the order of the list in `bytecode/ops.rs`; what it reads
//!   and writes follows from the operand kinds there. Calls carry their arguments and results in [`Call`]; the window
//!   and the moves into and out of it are the register allocator's.
//! * A block ends in a [`Term`]. Conditions are kept as [`Cond`] so that layout can negate them.
//! * There is no SSA form. Blocks are kept in an order in which loops are contiguous and the first occurrence of a
//!   register is its first definition, which is what makes live ranges computable in one linear walk (see
//!   `compile/regs.rs`).

use crate::bytecode::encode::{KindTag, NO_REG};
use crate::bytecode::ops::Op;

mod print;

pub use print::listing;

/// Slots of one virtual register as an operand: register, first slot, number of slots. Operands of kind `P` count
/// bytes instead of slots in the second part.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reg {
    /// The virtual register.
    pub v: u32,
    /// First slot (or byte, for frame-memory operands) within it.
    pub off: u16,
    /// Number of slots.
    pub n: u16,
}

impl Reg {
    /// No register at all (optional operands).
    pub const NONE: Reg = Reg { v: u32::MAX, off: 0, n: 0 };

    /// `n` slots from slot `off` of this operand.
    pub fn sub(self, off: u32, n: u32) -> Reg {
        debug_assert!(off + n <= u32::from(self.n).max(off + n).max(1));
        Reg { v: self.v, off: self.off + off as u16, n: n as u16 }
    }

    /// Whether two operands share a slot.
    pub fn overlaps(self, o: Reg) -> bool {
        self.v == o.v && self.off < o.off + o.n && o.off < self.off + self.n
    }

    fn bits(self) -> u64 {
        u64::from(self.v) | u64::from(self.off) << 32 | u64::from(self.n) << 48
    }

    fn of(bits: u64) -> Reg {
        Reg { v: bits as u32, off: (bits >> 32) as u16, n: (bits >> 48) as u16 }
    }
}

/// A block of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct BlockId(pub u32);

/// A source position of a function: index into [`Function::positions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct PosId(pub u32);

/// Which slots of a group may hold pointers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Mask {
    /// Bit per slot, for the first 128.
    pub bits: u128,
    /// Slots from number 128 on may all hold pointers.
    pub rest: bool,
}

impl Mask {
    /// No pointers.
    pub const NONE: Mask = Mask { bits: 0, rest: false };
    /// One pointer.
    pub const PTR: Mask = Mask { bits: 1, rest: false };

    /// May slot `i` hold a pointer?
    pub fn get(self, i: u32) -> bool {
        if i < 128 { self.bits >> i & 1 != 0 } else { self.rest }
    }

    /// Marks slot `i`.
    pub fn set(&mut self, i: u32) {
        if i < 128 {
            self.bits |= 1 << i;
        } else {
            self.rest = true;
        }
    }

    /// Marks the slots of `m` from slot `at` on.
    pub fn add(&mut self, m: Mask, at: u32, n: u32) {
        for i in 0..n {
            if m.get(i) {
                self.set(at + i);
            }
        }
    }

    /// Has no pointers at all.
    pub fn is_empty(self) -> bool {
        self.bits == 0 && !self.rest
    }
}

/// A virtual register.
#[derive(Clone, Copy, Debug)]
pub struct VReg {
    /// Slots.
    pub n: u32,
    /// Pointer map.
    pub mask: Mask,
    /// A variable of the program (else a temporary).
    pub var: bool,
}

/// What a call passes and where its results go.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Arguments in slot order.
    pub args: Vec<Opd>,
    /// Results in slot order: register, or a gap of dropped slots ([`Reg::NONE`] with `n` slots).
    pub results: Vec<Reg>,
    /// Where each argument (first slot) sits in the window, and where results begin; filled by the builder.
    pub arg_slots: u32,
}

/// A register or a one-slot constant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opd {
    /// Register.
    R(Reg),
    /// Constant bits.
    C(i64),
}

/// A case of a `select` in virtual registers.
#[derive(Clone, Copy, Debug)]
pub struct SelectArm {
    /// A send (else a receive).
    pub send: bool,
    /// Channel.
    pub chan: Reg,
    /// Value to send, or where the received one goes ([`Reg::NONE`]: dropped).
    pub value: Reg,
    /// Where `ok` goes, or [`Reg::NONE`].
    pub ok: Reg,
    /// Program type index of the element.
    pub elem: u32,
}

/// What only some instructions have.
#[derive(Clone, Debug, Default)]
pub enum Ext {
    /// Nothing.
    #[default]
    No,
    /// Operands from the fifth on.
    More(Box<[u64; 4]>),
    /// A call.
    Call(Box<Call>),
    /// A `select`: arms, and whether there is a default.
    Select(Box<(Vec<SelectArm>, bool)>),
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct Ins {
    /// Operation.
    pub op: Op,
    /// Position.
    pub pos: PosId,
    a: [u64; 4],
    /// The rest.
    pub ext: Ext,
}

/// How an instruction touches an operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Reads.
    Use,
    /// Writes.
    Def,
    /// Reads and writes (also: writes only part of the group).
    Both,
}

/// Operand of an instruction under construction.
#[derive(Clone, Copy, Debug)]
pub enum Arg {
    /// Register.
    R(Reg),
    /// Number.
    I(i64),
}

impl From<Reg> for Arg {
    fn from(r: Reg) -> Arg {
        Arg::R(r)
    }
}
impl From<i64> for Arg {
    fn from(i: i64) -> Arg {
        Arg::I(i)
    }
}
impl From<u32> for Arg {
    fn from(i: u32) -> Arg {
        Arg::I(i64::from(i))
    }
}
impl From<u64> for Arg {
    fn from(i: u64) -> Arg {
        Arg::I(i as i64)
    }
}

impl Ins {
    /// An instruction with these operands, in list order. Jump targets are given as 0.
    pub fn new(op: Op, pos: PosId, args: &[Arg]) -> Ins {
        debug_assert_eq!(args.len(), op.info().operands.len(), "{op:?}");
        let mut ins = Ins { op, pos, a: [0; 4], ext: Ext::No };
        for (i, a) in args.iter().enumerate() {
            ins.set_raw(
                i,
                match *a {
                    Arg::R(r) => r.bits(),
                    Arg::I(n) => n as u64,
                },
            );
        }
        ins
    }

    fn raw(&self, i: usize) -> u64 {
        if i < 4 {
            return self.a[i];
        }
        match &self.ext {
            Ext::More(m) => m[i - 4],
            _ => 0,
        }
    }

    fn set_raw(&mut self, i: usize, bits: u64) {
        if i < 4 {
            self.a[i] = bits;
            return;
        }
        if !matches!(self.ext, Ext::More(_)) {
            self.ext = Ext::More(Box::new([0; 4]));
        }
        if let Ext::More(m) = &mut self.ext {
            m[i - 4] = bits;
        }
    }

    /// Operand `i` as a register.
    pub fn reg(&self, i: usize) -> Reg {
        Reg::of(self.raw(i))
    }

    /// Operand `i` as a number.
    pub fn num(&self, i: usize) -> i64 {
        self.raw(i) as i64
    }

    /// Replaces register operand `i`.
    pub fn set_reg(&mut self, i: usize, r: Reg) {
        self.set_raw(i, r.bits());
    }

    /// Replaces number operand `i`.
    pub fn set_num(&mut self, i: usize, n: i64) {
        self.set_raw(i, n as u64);
    }

    /// The call, if it is one.
    pub fn call(&self) -> Option<&Call> {
        match &self.ext {
            Ext::Call(c) => Some(c),
            _ => None,
        }
    }

    /// Calls `f` for every register operand, uses before definitions.
    pub fn visit(&self, mut f: impl FnMut(Reg, Access)) {
        let ops = self.op.info().operands;
        let mut defs: [Reg; 4] = [Reg::NONE; 4];
        let mut nd = 0;
        for (i, &(_, kind)) in ops.iter().enumerate() {
            match access(self.op, kind) {
                Some(Access::Def) => {
                    defs[nd] = self.reg(i);
                    nd += 1;
                }
                Some(a) => {
                    let r = self.reg(i);
                    if r != Reg::NONE {
                        f(r, a);
                    }
                }
                None => {}
            }
        }
        match &self.ext {
            Ext::Call(c) => {
                for a in &c.args {
                    if let Opd::R(r) = a {
                        f(*r, Access::Use);
                    }
                }
                for r in &c.results {
                    if r.v != Reg::NONE.v {
                        f(*r, Access::Def);
                    }
                }
            }
            Ext::Select(s) => {
                for a in &s.0 {
                    f(a.chan, Access::Use);
                    if a.send && a.value.v != Reg::NONE.v {
                        f(a.value, Access::Use);
                    }
                }
                for a in &s.0 {
                    // Only one case's registers are written: not a full definition.
                    if !a.send && a.value.v != Reg::NONE.v {
                        f(a.value, Access::Both);
                    }
                    if a.ok.v != Reg::NONE.v {
                        f(a.ok, Access::Both);
                    }
                }
            }
            _ => {}
        }
        for &r in &defs[..nd] {
            if r != Reg::NONE {
                f(r, Access::Def);
            }
        }
    }

    /// Rewrites every register operand but those that name bytes of the frame.
    pub fn map_slots(&mut self, f: impl FnMut(Reg, Access) -> Reg) {
        self.map_operands(false, f);
    }

    /// Rewrites every register operand.
    pub fn map_regs(&mut self, f: impl FnMut(Reg, Access) -> Reg) {
        self.map_operands(true, f);
    }

    fn map_operands(&mut self, bytes: bool, mut f: impl FnMut(Reg, Access) -> Reg) {
        let ops = self.op.info().operands;
        for (i, &(_, kind)) in ops.iter().enumerate() {
            if kind == KindTag::P && !bytes {
                continue;
            }
            if let Some(a) = access(self.op, kind) {
                let r = self.reg(i);
                if r != Reg::NONE {
                    self.set_raw(i, f(r, a).bits());
                }
            }
        }
        match &mut self.ext {
            Ext::Call(c) => {
                for a in &mut c.args {
                    if let Opd::R(r) = a {
                        *r = f(*r, Access::Use);
                    }
                }
                for r in &mut c.results {
                    if r.v != Reg::NONE.v {
                        *r = f(*r, Access::Def);
                    }
                }
            }
            Ext::Select(s) => {
                for a in &mut s.0 {
                    a.chan = f(a.chan, Access::Use);
                    if a.value.v != Reg::NONE.v {
                        a.value = f(a.value, if a.send { Access::Use } else { Access::Both });
                    }
                    if a.ok.v != Reg::NONE.v {
                        a.ok = f(a.ok, Access::Both);
                    }
                }
            }
            _ => {}
        }
    }
}

/// How an operand of this kind is touched; `None` if it is no register.
pub fn access(op: Op, kind: KindTag) -> Option<Access> {
    Some(match kind {
        KindTag::D | KindTag::D2 | KindTag::D3 | KindTag::D4 | KindTag::DN => Access::Def,
        KindTag::R | KindTag::R2 | KindTag::R3 | KindTag::R4 | KindTag::RN => Access::Use,
        KindTag::M | KindTag::M3 => Access::Both,
        KindTag::O => {
            if op == Op::mapnext {
                Access::Def
            } else {
                Access::Use
            }
        }
        // Frame memory: stores touch part of a group.
        KindTag::P => match op {
            Op::fput_8 | Op::fput_16 | Op::fput_32 | Op::stf_8 | Op::stf_16 | Op::stf_32 | Op::stf_64 | Op::stf_n => {
                Access::Both
            }
            Op::fcopy => Access::Both,
            _ => Access::Use,
        },
        _ => return None,
    })
}

/// Comparison of integers, or of floats.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cc {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Ltu,
    Leu,
    Gtu,
    Geu,
}

impl Cc {
    /// The instruction that compares registers, and whether to exchange them.
    pub fn op(self) -> (Op, bool) {
        match self {
            Cc::Eq => (Op::eq, false),
            Cc::Ne => (Op::ne, false),
            Cc::Lt => (Op::lt, false),
            Cc::Le => (Op::le, false),
            Cc::Gt => (Op::lt, true),
            Cc::Ge => (Op::le, true),
            Cc::Ltu => (Op::ltu, false),
            Cc::Leu => (Op::leu, false),
            Cc::Gtu => (Op::ltu, true),
            Cc::Geu => (Op::leu, true),
        }
    }

    /// The instruction that compares a register with a constant, if there is one.
    pub fn op_imm(self) -> Option<Op> {
        match self {
            Cc::Eq => Some(Op::eqi),
            Cc::Ne => Some(Op::nei),
            Cc::Lt => Some(Op::lti),
            Cc::Le => Some(Op::lei),
            Cc::Gt => Some(Op::gti),
            Cc::Ge => Some(Op::gei),
            Cc::Ltu => Some(Op::ltui),
            Cc::Gtu => Some(Op::gtui),
            Cc::Leu | Cc::Geu => None,
        }
    }

    /// The opposite.
    pub fn negated(self) -> Cc {
        match self {
            Cc::Eq => Cc::Ne,
            Cc::Ne => Cc::Eq,
            Cc::Lt => Cc::Ge,
            Cc::Le => Cc::Gt,
            Cc::Gt => Cc::Le,
            Cc::Ge => Cc::Lt,
            Cc::Ltu => Cc::Geu,
            Cc::Leu => Cc::Gtu,
            Cc::Gtu => Cc::Leu,
            Cc::Geu => Cc::Ltu,
        }
    }

    /// The same comparison with operands exchanged.
    pub fn swapped(self) -> Cc {
        match self {
            Cc::Eq => Cc::Eq,
            Cc::Ne => Cc::Ne,
            Cc::Lt => Cc::Gt,
            Cc::Le => Cc::Ge,
            Cc::Gt => Cc::Lt,
            Cc::Ge => Cc::Le,
            Cc::Ltu => Cc::Gtu,
            Cc::Leu => Cc::Geu,
            Cc::Gtu => Cc::Ltu,
            Cc::Geu => Cc::Leu,
        }
    }

    /// Evaluates it.
    pub fn eval(self, a: i64, b: i64) -> bool {
        match self {
            Cc::Eq => a == b,
            Cc::Ne => a != b,
            Cc::Lt => a < b,
            Cc::Le => a <= b,
            Cc::Gt => a > b,
            Cc::Ge => a >= b,
            Cc::Ltu => (a as u64) < b as u64,
            Cc::Leu => a as u64 <= b as u64,
            Cc::Gtu => a as u64 > b as u64,
            Cc::Geu => a as u64 >= b as u64,
        }
    }
}

/// Comparison of floats: negation is not another comparison because of NaN.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fc {
    Eq,
    Ne,
    Lt,
    Le,
    /// !(a < b)
    Nlt,
    /// !(a <= b)
    Nle,
}

impl Fc {
    /// The opposite.
    pub fn negated(self) -> Fc {
        match self {
            Fc::Eq => Fc::Ne,
            Fc::Ne => Fc::Eq,
            Fc::Lt => Fc::Nlt,
            Fc::Le => Fc::Nle,
            Fc::Nlt => Fc::Lt,
            Fc::Nle => Fc::Le,
        }
    }
}

/// A condition of a branch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cond {
    /// The register is not zero.
    True(Reg),
    /// The register is zero.
    False(Reg),
    /// Integers, pointers, bools.
    Int(Cc, Reg, Opd),
    /// Floats; `true` for float32.
    Float(Fc, bool, Reg, Reg),
    /// Strings; Eq, Ne, Lt, Le.
    Str(Cc, Reg, Reg),
    /// String equal (true) or unequal to static data (offset, length).
    StrConst(bool, Reg, u32, u32),
    /// Type word is (true) or is not the type with this program index.
    Type(bool, Reg, u32),
}

impl Cond {
    /// The opposite.
    pub fn negated(self) -> Cond {
        match self {
            Cond::True(r) => Cond::False(r),
            Cond::False(r) => Cond::True(r),
            Cond::Int(c, a, b) => Cond::Int(c.negated(), a, b),
            Cond::Float(c, g, a, b) => Cond::Float(c.negated(), g, a, b),
            Cond::Str(Cc::Lt, a, b) => Cond::Str(Cc::Le, b, a),
            Cond::Str(Cc::Le, a, b) => Cond::Str(Cc::Lt, b, a),
            Cond::Str(c, a, b) => Cond::Str(c.negated(), a, b),
            Cond::StrConst(e, a, o, n) => Cond::StrConst(!e, a, o, n),
            Cond::Type(e, a, t) => Cond::Type(!e, a, t),
        }
    }

    /// Calls `f` for the registers it reads.
    pub fn visit(&self, mut f: impl FnMut(Reg)) {
        match *self {
            Cond::True(r) | Cond::False(r) | Cond::StrConst(_, r, _, _) | Cond::Type(_, r, _) => f(r),
            Cond::Int(_, a, b) => {
                f(a);
                if let Opd::R(b) = b {
                    f(b);
                }
            }
            Cond::Float(_, _, a, b) | Cond::Str(_, a, b) => {
                f(a);
                f(b);
            }
        }
    }

    /// Rewrites the registers it reads.
    pub fn map_regs(&mut self, mut f: impl FnMut(Reg) -> Reg) {
        match self {
            Cond::True(r) | Cond::False(r) | Cond::StrConst(_, r, _, _) | Cond::Type(_, r, _) => *r = f(*r),
            Cond::Int(_, a, b) => {
                *a = f(*a);
                if let Opd::R(b) = b {
                    *b = f(*b);
                }
            }
            Cond::Float(_, _, a, b) | Cond::Str(_, a, b) => {
                *a = f(*a);
                *b = f(*b);
            }
        }
    }
}

/// How a block ends.
#[derive(Clone, Debug)]
pub enum Term {
    /// Not yet decided; after construction: unreachable.
    Open,
    /// Goes on elsewhere.
    Jump(BlockId),
    /// Chooses.
    Br {
        /// Condition.
        cond: Cond,
        /// If it holds.
        yes: BlockId,
        /// If not.
        no: BlockId,
        /// Position.
        pos: PosId,
    },
    /// An instruction that jumps by itself (`rangestr`, `mapnext`), to `exit`, or falls through.
    Exit {
        /// The instruction.
        ins: Ins,
        /// Where it jumps.
        exit: BlockId,
        /// Where it falls through.
        next: BlockId,
    },
    /// `jmptab`, `switch_int`, `switch_str`: targets in order, the default last.
    Table {
        /// The instruction.
        ins: Ins,
        /// Targets.
        targets: Vec<BlockId>,
    },
    /// Returns.
    Ret(PosId),
    /// Never gets here (after a panic, or the end of an endless loop).
    Stop,
}

impl Term {
    /// Calls `f` for every successor.
    pub fn successors(&self, mut f: impl FnMut(BlockId)) {
        match self {
            Term::Jump(b) => f(*b),
            Term::Br { yes, no, .. } => {
                f(*yes);
                f(*no);
            }
            Term::Exit { exit, next, .. } => {
                f(*next);
                f(*exit);
            }
            Term::Table { targets, .. } => targets.iter().for_each(|b| f(*b)),
            Term::Open | Term::Ret(_) | Term::Stop => {}
        }
    }

    /// Rewrites every successor.
    pub fn map_successors(&mut self, mut f: impl FnMut(BlockId) -> BlockId) {
        match self {
            Term::Jump(b) => *b = f(*b),
            Term::Br { yes, no, .. } => {
                *yes = f(*yes);
                *no = f(*no);
            }
            Term::Exit { exit, next, .. } => {
                *next = f(*next);
                *exit = f(*exit);
            }
            Term::Table { targets, .. } => targets.iter_mut().for_each(|b| *b = f(*b)),
            Term::Open | Term::Ret(_) | Term::Stop => {}
        }
    }

    /// Calls `f` for every register operand.
    pub fn visit(&self, mut f: impl FnMut(Reg, Access)) {
        match self {
            Term::Br { cond, .. } => cond.visit(|r| f(r, Access::Use)),
            Term::Exit { ins, .. } | Term::Table { ins, .. } => ins.visit(f),
            _ => {}
        }
    }

    /// Rewrites every register operand.
    pub fn map_regs(&mut self, mut f: impl FnMut(Reg, Access) -> Reg) {
        match self {
            Term::Br { cond, .. } => cond.map_regs(|r| f(r, Access::Use)),
            Term::Exit { ins, .. } | Term::Table { ins, .. } => ins.map_regs(f),
            _ => {}
        }
    }
}

/// A basic block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Straight-line code.
    pub ins: Vec<Ins>,
    /// The end.
    pub term: Term,
}

/// A function under compilation.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// Full name.
    pub name: String,
    /// Virtual registers.
    pub vregs: Vec<VReg>,
    /// Blocks; the first of `order` is the entry.
    pub blocks: Vec<Block>,
    /// Layout.
    pub order: Vec<BlockId>,
    /// Parameters, in slot order from slot 0.
    pub params: Vec<u32>,
    /// Results, in slot order after the parameters.
    pub results: Vec<u32>,
    /// Where a recovered panic continues.
    pub recover: Option<BlockId>,
    /// Results must be cleared at entry even where no collection can see them.
    pub clear_results: bool,
    /// Positions: (source span position, 1 + index of the inlined call or 0).
    pub positions: Vec<(gol_lang::source::Pos, u32)>,
    /// Where elements or parts are named by unsigned 64-bit numbers: messages print them as such.
    pub unsigned: std::collections::HashSet<gol_lang::source::Pos>,
    /// Switch tables made (indices into the program's).
    pub closure: bool,
    /// Wrapper code.
    pub wrapper: bool,
    /// Has deferred calls.
    pub has_defer: bool,
}

impl Function {
    /// A new virtual register.
    pub fn vreg(&mut self, n: u32, mask: Mask, var: bool) -> Reg {
        let v = self.vregs.len() as u32;
        self.vregs.push(VReg { n, mask, var });
        Reg { v, off: 0, n: n as u16 }
    }

    /// A new block, not yet in the layout.
    pub fn block(&mut self) -> BlockId {
        self.blocks.push(Block { ins: Vec::new(), term: Term::Open });
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// The block.
    pub fn at(&mut self, b: BlockId) -> &mut Block {
        &mut self.blocks[b.0 as usize]
    }

    /// The whole of a virtual register.
    pub fn whole(&self, v: u32) -> Reg {
        Reg { v, off: 0, n: self.vregs[v as usize].n as u16 }
    }
}

/// Whether the operation can start a collection, switch goroutines or call script code.
pub fn is_safepoint(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        call | calld
            | callc
            | calli
            | calln
            | go
            | defer
            | rundefers
            | panic
            | recover
            | goexit
            | closure
            | alloc
            | alloc_noted
            | mkbox
            | mkslice
            | mkslice_noted
            | append_8
            | append_16
            | append_32
            | append_64
            | append_2
            | append_3
            | append_n
            | append_grow
            | append_s
            | append_str
            | slice2arr
            | concat
            | concat2
            | str2bytes
            | bytes2str
            | str2runes
            | runes2str
            | rune2str
            | mapget
            | mapget2
            | maphas
            | mapset
            | mapref
            | mapdel
            | mapget_64
            | mapget2_64
            | maphas_64
            | mapset_64
            | mapref_64
            | mapdel_64
            | mapget_32
            | mapget2_32
            | maphas_32
            | mapset_32
            | mapref_32
            | mapdel_32
            | mapget_str
            | mapget2_str
            | maphas_str
            | mapset_str
            | mapref_str
            | mapdel_str
            | mkmap
            | clear_map
            | mapiter
            | mapnext
            | i2i
            | assert
            | assert2
            | asserti
            | asserti2
            | implements
            | mkidata
            | ifeq
            | ifeqi
            | regeq
            | memeq
            | mkchan
            | send
            | recv
            | recv2
            | chclose
            | select
            | poll
            | trap
            | load
            | store
            | copy
            | copy_str
            | clear_slice
    )
}

/// Marks an operand that is not there.
pub const ABSENT: u16 = NO_REG;
