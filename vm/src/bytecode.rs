//! Program and Function: everything `compile` hands to `link` and the interpreter.

pub mod decode;
pub mod disasm;
pub mod encode;
pub mod ops;
pub mod store;
pub mod verify;

pub use gol_runtime::object::registry::{FieldDesc, IMethodDesc, MethodDesc, TypeDesc};

pub use encode::{Asm, Label, NO_REG, Reg};
pub use ops::Op;

/// Slots a callee may use without asking: functions with larger frames start with `stkchk`.
pub const RED_ZONE: u32 = 32;

/// How much of each table an earlier part of a growing program holds: all zero for a program that is compiled whole.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Base {
    pub functions: u32,
    pub code: u32,
    pub data: u32,
    pub types: u32,
    pub layouts: u32,
    pub itabs: u32,
    pub natives: u32,
    pub switches: u32,
    pub selects: u32,
    pub files: u32,
    pub inlined: u32,
}

/// A whole program, as compiled, or what is new in one that grows: then the tables hold only what is new, behind [`Program::base`],
/// and all indices and code offsets count from the beginning of the whole. Code and tables are shared by all goroutines and never change after linking.
#[derive(Debug, Default)]
pub struct Program {
    /// What earlier parts hold.
    pub base: Base,
    /// All functions; a func value, an itab slot and `call` name them by index.
    pub functions: Vec<Function>,
    /// The code of all functions, one after the other.
    pub code: Vec<u64>,
    /// Static string data, addressed by `ldstr` and friends.
    pub data: Vec<u8>,
    /// Size of the globals in bytes (a multiple of 8).
    pub globals_size: u32,
    /// One bit per word of the globals: may hold a pointer.
    pub globals_ptrs: Bitmap,
    /// Initial contents of parts of the globals: (byte offset, bytes).
    pub globals_init: Vec<(u32, Vec<u8>)>,
    /// Runtime types by the index that ops use; they name each other by the same index.
    pub types: Vec<TypeDesc>,
    /// Method tables: type index and its methods (function indices inside). Itabs are made from these.
    pub methods: Vec<(u32, Vec<MethodDesc>)>,
    /// Memory layouts that are no Go types (closure objects), by the index that `closure` uses.
    pub layouts: Vec<Layout>,
    /// Itabs by the index that `lditab` uses: (interface type, concrete type).
    pub itabs: Vec<(u32, u32)>,
    /// Natives by the index that `calln` uses; `link` binds them by name.
    pub natives: Vec<NativeDecl>,
    /// Tables of `switch_int` and `switch_str`.
    pub switches: Vec<SwitchTable>,
    /// Tables of `select`.
    pub selects: Vec<SelectTable>,
    /// Source files that positions name.
    pub files: Vec<String>,
    /// Calls that were inlined: positions refer to them.
    pub inlined: Vec<InlinedCall>,
    /// Global variables that goroutines can wait on.
    pub waited: Vec<GlobalVar>,
    /// What runs first: initialises all packages, in order, then calls main.main. No parameters, no results.
    pub entry: u32,
}

impl Program {
    /// The program that this part and the one compiled after it are together.
    pub fn join(mut self, part: Program) -> Program {
        self.functions.extend(part.functions);
        self.code.extend(part.code);
        self.data.extend(part.data);
        self.globals_size = part.globals_size;
        self.globals_ptrs = part.globals_ptrs;
        self.globals_init.extend(part.globals_init);
        self.types.extend(part.types);
        // The later part has the whole table of each type that got more methods.
        self.methods.retain(|(ty, _)| part.methods.iter().all(|(new, _)| new != ty));
        self.methods.extend(part.methods);
        self.layouts.extend(part.layouts);
        self.itabs.extend(part.itabs);
        self.natives.extend(part.natives);
        self.switches.extend(part.switches);
        self.selects.extend(part.selects);
        self.files.extend(part.files);
        self.inlined.extend(part.inlined);
        self.waited.extend(part.waited);
        self.entry = part.entry;
        self
    }
}

/// Layout of heap objects that are no Go values.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Name for listings.
    pub name: String,
    /// Size in words, the function word of a closure included.
    pub words: u32,
    /// Which words may hold pointers, ascending (word 0 of a closure is not one).
    pub ptrs: Vec<u32>,
}

/// A body-less function.
#[derive(Clone, Debug, Default)]
pub struct NativeDecl {
    /// `pkg/path.Func` or `pkg/path.Type.Method`.
    pub name: String,
    /// Argument slots.
    pub args: u32,
    /// Result slots.
    pub results: u32,
}

/// One compiled function.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// Full name as in tracebacks: `main.f`, `main.(*T).M`, `main.f.func1`.
    pub name: String,
    /// First word in [`Program::code`].
    pub entry: u32,
    /// Words of code.
    pub len: u32,
    /// Frame size in slots, outgoing windows (with their linkage, arguments and results) included.
    pub frame: u32,
    /// Argument slots, from slot 0.
    pub args: u32,
    /// Result slots, after the arguments.
    pub results: u32,
    /// One bit per argument and result slot: a result that may hold a pointer, and matters all the time as a recovered panic returns it.
    pub result_ptrs: Bitmap,
    /// First pointerful local slot.
    pub ptr_lo: u32,
    /// One past the last pointerful local slot; the range is cleared at entry.
    pub ptr_hi: u32,
    /// When the words of the frame that hold pointers matter, results apart. What no range covers is garbage.
    pub lives: Vec<LiveRange>,
    /// First of the windows; before them, from `out` on, are slots through which spilled registers pass.
    pub windows: u32,
    /// First slot of the outgoing area.
    pub out: u32,
    /// What is special about it.
    pub flags: FuncFlags,
    /// Word offset (from `entry`) of the epilogue that runs remaining defers, copies boxed results and returns: where a
    /// recovered panic continues. Required with `has_defer`.
    pub recover_pc: Option<u32>,
    /// pc offset → source position, ascending.
    pub lines: Vec<LineEntry>,
    /// Position of the declaration.
    pub pos: Pos,
}

/// A word of the frame holds a pointer that matters from one instruction to another. Offsets are in words from the function's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveRange {
    /// Slot of the frame.
    pub slot: u32,
    /// First offset at which it is there: behind the instruction that writes it.
    pub from: u32,
    /// Last offset at which it matters: in the instruction that uses it last.
    pub to: u32,
    /// Nothing else can be there in between.
    pub sure: bool,
}

impl LiveRange {
    /// Whether the value matters to a function that stands at this instruction and has not begun with it.
    pub fn at(&self, pc: u32) -> bool {
        self.from <= pc && pc <= self.to
    }

    /// Whether it matters while the call is under way that returns to this offset.
    pub fn across(&self, pc: u32) -> bool {
        self.from < pc && pc <= self.to
    }
}

impl Function {
    /// The position of the instruction that word `word` of the code belongs to.
    pub fn pos_at(&self, word: u32) -> Pos {
        let i = self.lines.partition_point(|l| l.pc <= word - self.entry);
        i.checked_sub(1).map_or(self.pos, |i| self.lines[i].pos)
    }
}

/// Properties of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FuncFlags {
    /// Uses fp[-2] (captures something).
    pub closure: bool,
    /// Compiler-made wrapper: transparent to recover() and tracebacks.
    pub wrapper: bool,
    /// Contains `defer`.
    pub has_defer: bool,
    /// May get another body while the program runs: calls find it by its index each time.
    pub late: bool,
}

/// From this code offset (words from the function's entry) on, the position is `pos`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineEntry {
    /// Word offset.
    pub pc: u32,
    /// Position.
    pub pos: Pos,
}

/// A source position at run time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pos {
    /// Index into [`Program::files`].
    pub file: u32,
    /// Line, from 1; 0 unknown.
    pub line: u32,
    /// Column, from 1.
    pub col: u32,
    /// 0, or 1 + index into [`Program::inlined`]: this code comes from that inlined call.
    pub inlined: u32,
    /// An index or slice bound here is an unsigned 64-bit number.
    pub unsigned: bool,
}

/// A global variable, for reports.
#[derive(Clone, Debug, Default)]
pub struct GlobalVar {
    /// Qualified name.
    pub name: String,
    /// Its first byte among the globals.
    pub at: u32,
    /// Its bytes.
    pub size: u32,
    /// Where it is declared.
    pub pos: Pos,
}

/// A call that was replaced by the callee's body.
#[derive(Clone, Debug, Default)]
pub struct InlinedCall {
    /// Name of the callee.
    pub name: String,
    /// Where the call was (may itself be inside an inlined call).
    pub call: Pos,
}

/// Keys of a `switch_int` or `switch_str`, in case order: key i goes to the i-th `jmp`; unknown keys to the last.
#[derive(Clone, Debug)]
pub enum SwitchTable {
    /// Integer keys (register bits), ascending.
    Int(Vec<i64>),
    /// String keys, ascending bytewise.
    Str(Vec<Vec<u8>>),
}

/// Cases of a `select`, in source order.
#[derive(Clone, Debug, Default)]
pub struct SelectTable {
    /// Send and receive cases.
    pub cases: Vec<SelectCase>,
    /// Has a default (result -1).
    pub default: bool,
}

/// One case of a `select`. Registers are slot numbers.
#[derive(Clone, Copy, Debug)]
pub struct SelectCase {
    /// A send (else a receive).
    pub send: bool,
    /// The channel.
    pub chan: Reg,
    /// Value sent, or where the received value goes (NO_REG: dropped).
    pub value: Reg,
    /// Where `ok` goes (NO_REG: not wanted).
    pub ok: Reg,
    /// Element type, index into [`Program::types`].
    pub elem: u32,
}

/// A bit set over slots or words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap(Vec<u64>);

impl Bitmap {
    /// Sets bit `i`.
    pub fn set(&mut self, i: u32) {
        let w = (i / 64) as usize;
        if self.0.len() <= w {
            self.0.resize(w + 1, 0);
        }
        self.0[w] |= 1 << (i % 64);
    }

    /// Bit `i`.
    pub fn get(&self, i: u32) -> bool {
        self.0.get((i / 64) as usize).is_some_and(|w| w >> (i % 64) & 1 != 0)
    }

    /// The words, 64 bits each.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// Numbers of the set bits, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(i, &w)| (0..64u32).filter(move |b| w >> b & 1 != 0).map(move |b| i as u32 * 64 + b))
    }
}

/// Runtime errors raised by `trap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Trap {
    /// Nil pointer dereference.
    Nil = 0,
    /// Integer divide by zero.
    Divide = 1,
    /// Negative shift amount.
    Shift = 2,
    /// Code that cannot be reached.
    Unreachable = 3,
}

/// How `print` shows a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum PrintKind {
    /// Signed integer.
    Int = 0,
    /// Unsigned integer.
    Uint = 1,
    /// float64.
    Float = 2,
    /// bool.
    Bool = 3,
    /// String, two slots.
    Str = 4,
    /// Pointer, map, chan, func: hexadecimal.
    Ptr = 5,
    /// complex128, two slots.
    Complex = 6,
    /// Interface, two slots: (type,data).
    Iface = 7,
    /// Slice, three slots: [len/cap]ptr.
    Slice = 8,
    /// A space (no operand).
    Space = 9,
    /// A newline (no operand).
    Newline = 10,
    /// float32.
    Float32 = 11,
    /// complex64.
    Complex64 = 12,
}
