//! The typed program: what `lower` produces and `vm` compiles.
//!
//! A monomorphic tree with every name resolved, every conversion explicit and no sugar left:
//!
//! * Types are canonical concrete [`TypeId`]s of the program's [`Types`] store: no type parameters, no untyped types, and two types
//!   are identical exactly if their ids are equal.
//! * There is one [`Func`] per function, method, closure and wrapper *instance* that can be reached; generic ones are compiled once
//!   per distinct list of type arguments.
//! * Sub-expressions are evaluated left to right, depth first; a node evaluates its operands exactly once. What Go leaves open
//!   (the order of variable reads relative to calls) is what this tree says.
//! * Range clauses, select, type switches, `defer`/`go` arguments, iterator functions, promoted fields and methods, `op=` on map
//!   elements and the like are already expressed through the nodes below.
//!
//! A *place* is an expression of one of the kinds [`ExprKind::Local`], [`Global`](ExprKind::Global), [`Deref`](ExprKind::Deref),
//! [`Field`](ExprKind::Field) of a place, [`Index`](ExprKind::Index) of an array place or of a slice, and (for assignment only)
//! [`MapIndex`](ExprKind::MapIndex). Used as an operand, a place is read.

pub mod dump;
pub mod verify;

use crate::intern::Symbol;
use crate::source::Span;
use crate::types::{BasicKind, Type, TypeId, Types};

/// Index into [`Program::funcs`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FuncId(pub u32);

/// Index into [`Program::globals`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct GlobalId(pub u32);

/// Index into [`Func::locals`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// A jump target within one function; unique in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct LabelId(pub u32);

/// A whole program, ready to be compiled.
pub struct Program {
    /// The type store; owns every type mentioned anywhere below.
    pub types: Types,
    /// All reachable functions.
    pub funcs: Vec<Func>,
    /// All reachable package-level variables.
    pub globals: Vec<Global>,
    /// A function without parameters that initialises every package in dependency order and then calls `main.main`.
    pub entry: FuncId,
    /// Method tables of every concrete type that can end up in an interface value.
    pub method_tables: Vec<MethodTable>,
    /// What the VM itself needs to know of package `runtime`.
    pub known: Known,
}

/// Types and functions of `.gol` packages that the VM refers to.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By name, e.g. `"runtime.errorString"`: types that the VM makes values of.
    pub types: Vec<(&'static str, TypeId)>,
    /// By name, e.g. `"runtime.printpanicval"`: functions that the VM calls.
    pub funcs: Vec<(&'static str, FuncId)>,
}

/// A package-level variable. Its initialiser is code in [`Program::entry`].
pub struct Global {
    /// Qualified name, for dumps (`main.x`).
    pub name: String,
    /// Its type.
    pub ty: TypeId,
    /// Where it is declared.
    pub span: Span,
}

/// The methods of a concrete type as interface values see them.
pub struct MethodTable {
    /// The concrete type (`T` or `*T`, also unnamed structs with promoted methods).
    pub ty: TypeId,
    /// The whole method set, sorted by name, then package path for unexported names.
    pub methods: Vec<MethodEntry>,
}

/// One row of a [`MethodTable`].
pub struct MethodEntry {
    /// Method name.
    pub name: Symbol,
    /// Package path if the name is not exported.
    pub pkg: Option<String>,
    /// Signature type, without receiver.
    pub sig: TypeId,
    /// What an itab holds: its first parameter is the interface's *data word* (see [`Types`] layout rules): the method itself for
    /// pointer-shaped and inline receivers, otherwise an unpacking wrapper. `None` if nothing reachable can call it.
    pub iface_fn: Option<FuncId>,
}

/// A function, method (receiver is the first parameter), closure body, or generated wrapper.
pub struct Func {
    /// Name as Go's tracebacks print it: `main.f`, `main.(*T).M`, `main.T.M`, `main.f.func1`, `main.g[...]`.
    pub name: String,
    /// Import path of the package it belongs to (`main` for the program).
    pub pkg: String,
    /// Parameters in order; the first [`Func::params`]`.len()` locals in slot order.
    pub params: Vec<LocalId>,
    /// Result variables in order; named or not, zero at entry. `Return` with values stores into them.
    pub results: Vec<LocalId>,
    /// For closures: locals that are bound at entry to the captured words, parallel to [`ExprKind::Closure`]'s list.
    pub captures: Vec<LocalId>,
    /// All variables and temporaries.
    pub locals: Vec<Local>,
    /// The code.
    pub body: Body,
    /// Properties that the compiler and the VM need.
    pub flags: FuncFlags,
    /// Position of the declaration's name or of the `func` keyword.
    pub span: Span,
    /// Position of the closing brace (return at the end of the body).
    pub end: Span,
}

/// What a function consists of.
pub enum Body {
    /// Statements.
    Script(Vec<Stmt>),
    /// A body-less declaration: bound to a native routine by name (`strings.IndexByte`, `time.Time.now`).
    Native(String),
}

/// Properties of a [`Func`].
#[derive(Clone, Copy, Default, Debug)]
pub struct FuncFlags {
    /// Is called through a closure object only; reads its captured words from it.
    pub closure: bool,
    /// Contains a `Defer`.
    pub has_defer: bool,
    /// Contains a `Recover`.
    pub has_recover: bool,
    /// `//go:noinline`: stays a function of its own.
    pub noinline: bool,
    /// Generated code (thunk of `defer`/`go`, promotion, bound method, interface wrapper): transparent for `recover` and tracebacks.
    pub wrapper: bool,
}

/// A variable or temporary.
pub struct Local {
    /// Its name; empty for temporaries.
    pub name: Symbol,
    /// Its type.
    pub ty: TypeId,
    /// Where its value lives.
    pub storage: Storage,
    /// Where it is declared.
    pub span: Span,
}

/// Where a local's value lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// In registers of the frame. Never captured by reference, its address is never taken.
    Register,
    /// In a heap cell made anew each time its [`StmtKind::Decl`] executes (at entry for parameters and results); the register holds
    /// the cell's address. Captured by sharing the cell.
    Boxed,
}

/// A statement.
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// Where it comes from; used for the line table.
    pub span: Span,
}

/// What a statement does.
pub enum StmtKind {
    /// Evaluates and drops the value (calls, receives).
    Expr(Expr),
    /// Begins the life of a variable: fresh cell if boxed; the value, or zero.
    Decl(LocalId, Option<Expr>),
    /// `a, b := f()`: the expression has a tuple type; `None` drops a component. Every named local begins its life here.
    DeclTuple(Vec<Option<LocalId>>, Expr),
    /// `place = value`; operands of the place are evaluated before the value.
    Assign(Expr, Expr),
    /// `p1, p2 = f()` for a tuple-typed expression; `None` is the blank identifier.
    AssignTuple(Vec<Option<Expr>>, Expr),
    /// `p1, p2 = v1, v2`: operands of all places first, then all values, then the assignments left to right.
    AssignMany(Vec<(Option<Expr>, Expr)>),
    /// `place op= value`; the place's operands are evaluated once. Also for `++` and `--`. Shifts included. String `+=` included.
    OpAssign(BinOp, Expr, Expr),
    /// A scope.
    Block(Vec<Stmt>),
    /// Conditional.
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `for cond { body } post`: `Continue(label)` goes to `post`, `Break(label)` leaves.
    Loop {
        /// Target of break and continue.
        label: LabelId,
        /// `None` is forever.
        cond: Option<Expr>,
        /// Executed while the condition holds.
        body: Vec<Stmt>,
        /// Executed after the body and on continue.
        post: Vec<Stmt>,
    },
    /// A block that `Break(label)` leaves (switch, select, labelled block).
    Breakable(LabelId, Vec<Stmt>),
    /// Leaves the loop, switch, or block with this label.
    Break(LabelId),
    /// Goes on with the post statements of the loop with this label.
    Continue(LabelId),
    /// Jumps to a [`StmtKind::Label`] of the same function.
    Goto(LabelId),
    /// Target of `Goto`.
    Label(LabelId),
    /// A switch over constants of one integer or string type; other switches are lowered to `If`.
    Switch {
        /// `Break(label)` leaves it.
        label: LabelId,
        /// The value switched on.
        tag: Expr,
        /// Arms in source order.
        arms: Vec<SwitchArm>,
        /// Index into `arms` of the default arm.
        default: Option<usize>,
    },
    /// Chooses a communication; channels and values to send are evaluated in order first.
    Select {
        /// `Break(label)` leaves it.
        label: LabelId,
        /// The communications.
        cases: Vec<SelectCase>,
        /// The body of `default`.
        default: Option<Vec<Stmt>>,
    },
    /// `ch <- v`.
    Send(Expr, Expr),
    /// Starts a goroutine that calls this func value, which has no parameters and no results.
    Go(Expr),
    /// Defers a call of this func value, which has no parameters and no results.
    Defer(Expr),
    /// Like `Defer`, but the call belongs to the frame that made the token (first operand, see [`ExprKind::DeferToken`]), an outer
    /// frame of the same goroutine: `defer` in the body of a range over a function.
    DeferAt(Expr, Expr),
    /// Returns. Values (already converted) are evaluated, then stored into the result variables; an empty list returns what the result
    /// variables hold. A single tuple-typed expression stands for all results.
    Return(Vec<Expr>),
}

/// An arm of [`StmtKind::Switch`].
pub struct SwitchArm {
    /// Constants of the tag's type; duplicates do not occur. Empty for the default arm.
    pub consts: Vec<Const>,
    /// Code.
    pub body: Vec<Stmt>,
    /// Falls through into the next arm.
    pub fallthrough: bool,
}

/// One communication of [`StmtKind::Select`].
pub struct SelectCase {
    /// Send or receive.
    pub comm: SelectComm,
    /// Code.
    pub body: Vec<Stmt>,
    /// Position of the case.
    pub span: Span,
}

/// What a select case does.
pub enum SelectComm {
    /// `ch <- value`.
    Send(Expr, Expr),
    /// `value, ok = <-ch`: register locals to set before the body runs.
    Recv {
        /// The channel.
        chan: Expr,
        /// Gets the value.
        value: Option<LocalId>,
        /// Gets whether the value was sent (not closed).
        ok: Option<LocalId>,
    },
}

/// An expression.
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Its type; a tuple for several values, the empty tuple for none.
    pub ty: TypeId,
    /// Where it comes from: the position that a run-time panic is reported at.
    pub span: Span,
}

/// A constant of a concrete type.
#[derive(Clone, PartialEq, Debug)]
pub enum Const {
    /// Boolean.
    Bool(bool),
    /// Any integer type (also `uintptr`, `unsafe.Pointer` conversions of constants), in canonical 64-bit form.
    Int(i64),
    /// `float32` and `float64`: already rounded to the type.
    Float(f64),
    /// `complex64` and `complex128`.
    Complex(f64, f64),
    /// Bytes of a string; need not be UTF-8.
    Str(std::rc::Rc<[u8]>),
}

/// What an expression computes.
pub enum ExprKind {
    /// A constant of a basic underlying type.
    Const(Const),
    /// The zero value of any type (also `nil`).
    Zero,
    /// A variable.
    Local(LocalId),
    /// A package-level variable.
    Global(GlobalId),
    /// A func value of a function without captured variables.
    FuncValue(FuncId),
    /// A new closure object: the function, and the locals of the enclosing function whose value (register) or cell (boxed) it captures.
    Closure(FuncId, Vec<LocalId>),
    /// `-x`, `+x` is dropped, `^x`, `!x`.
    Unary(UnOp, Box<Expr>),
    /// Arithmetic of two operands of the node's type; shifts: the right operand has any integer type. String `+` becomes `Concat`.
    Binary(BinOp, Box<Expr>, Box<Expr>),
    /// Comparison of two operands of the same type (any comparable type; interfaces included); yields a boolean type.
    Compare(CmpOp, Box<Expr>, Box<Expr>),
    /// Comparison of a slice, map, func, chan, pointer or interface with nil: `true` tests for equality.
    IsNil(bool, Box<Expr>),
    /// `a && b`.
    And(Box<Expr>, Box<Expr>),
    /// `a || b`.
    Or(Box<Expr>, Box<Expr>),
    /// String concatenation of two or more operands.
    Concat(Vec<Expr>),
    /// A conversion that changes representation; see [`ConvKind`].
    Convert(ConvKind, Box<Expr>),
    /// Same representation, another type (named ↔ underlying, channel direction, unsafe.Pointer ↔ pointer/uintptr).
    Retype(Box<Expr>),
    /// Concrete value → interface (with or without methods).
    ToInterface(Box<Expr>),
    /// Interface → interface known statically to have the methods (nil stays nil).
    InterfaceToInterface(Box<Expr>),
    /// `x.(T)`: panics on failure. With `comma_ok` the node's type is the tuple (T, bool).
    TypeAssert {
        /// Interface operand.
        x: Box<Expr>,
        /// Target: concrete or interface.
        target: TypeId,
        /// Two results, no panic.
        comma_ok: bool,
    },
    /// Does interface value `x` hold (concrete target) or implement (interface target) the type? Yields bool.
    TypeTest(Box<Expr>, TypeId),
    /// Field of a struct value or place, by index. (Through pointers: `Field(Deref(p), i)`.)
    Field(Box<Expr>, u32),
    /// Element of an array value/place, slice, or string, with bounds check.
    Index(Box<Expr>, Box<Expr>),
    /// `m[k]`; with `comma_ok` the node's type is the tuple (V, bool).
    MapIndex {
        /// The map.
        map: Box<Expr>,
        /// The key, of the map's key type.
        key: Box<Expr>,
        /// Two results.
        comma_ok: bool,
    },
    /// `x[lo:hi:max]` of a string, slice, or **pointer to array** (an array place is written as `AddrOf(place)`).
    Slice {
        /// Operand.
        x: Box<Expr>,
        /// Low bound.
        lo: Option<Box<Expr>>,
        /// High bound.
        hi: Option<Box<Expr>>,
        /// Capacity bound.
        max: Option<Box<Expr>>,
    },
    /// `*p`, with nil check.
    Deref(Box<Expr>),
    /// `&place`: a boxed local, global, field, element of a slice or of an array place, or dereferenced pointer.
    AddrOf(Box<Expr>),
    /// `&T{…}` / `new(T)` / `new(expr)`: a new heap variable initialised with the operand (`Zero` for `new(T)`).
    New(Box<Expr>),
    /// Struct literal: one expression per given field; others are zero.
    StructLit(Vec<(u32, Expr)>),
    /// Array literal: elements with their indices; others are zero.
    ArrayLit(Vec<(u64, Expr)>),
    /// Slice literal of this length: elements with their indices; others are zero.
    SliceLit(u64, Vec<(u64, Expr)>),
    /// Map literal: key-value pairs inserted in order.
    MapLit(Vec<(Expr, Expr)>),
    /// A call; the node's type is the result type, a tuple of several, or the empty tuple.
    Call(Callee, Vec<Expr>),
    /// `f(g())` where g's results feed f: a tuple-typed expression is bound to fresh register locals (declared here), then the body is evaluated.
    LetTuple(Vec<LocalId>, Box<Expr>, Box<Expr>),
    /// Statements, then a value: what lowering needs inside expressions.
    Seq(Vec<Stmt>, Box<Expr>),
    /// `<-ch`; with `comma_ok` the node's type is the tuple (T, bool).
    Recv(Box<Expr>, bool),
    /// `len(x)` of string, slice, map, chan (arrays are constants or `Seq`).
    Len(Box<Expr>),
    /// `cap(x)` of slice or chan.
    Cap(Box<Expr>),
    /// `make([]T, len, cap)`; operands have any integer type.
    MakeSlice(Box<Expr>, Option<Box<Expr>>),
    /// `make(map[K]V, hint)`.
    MakeMap(Option<Box<Expr>>),
    /// `make(chan T, size)`.
    MakeChan(Option<Box<Expr>>),
    /// `append(s, a, b, c)`: values of the element type.
    Append(Box<Expr>, Vec<Expr>),
    /// `append(s, t...)`: t is a slice, or a string if s is a byte slice.
    AppendSlice(Box<Expr>, Box<Expr>),
    /// `copy(dst, src)`: src may be a string; yields int.
    Copy(Box<Expr>, Box<Expr>),
    /// `delete(m, k)`.
    Delete(Box<Expr>, Box<Expr>),
    /// `clear(m)` or `clear(s)`.
    Clear(Box<Expr>),
    /// `close(ch)`.
    Close(Box<Expr>),
    /// `min(…)`/`max(…)` of two or more ordered operands of the node's type; `true` is max.
    MinMax(bool, Vec<Expr>),
    /// `complex(re, im)`.
    Complex(Box<Expr>, Box<Expr>),
    /// `real(x)`.
    Real(Box<Expr>),
    /// `imag(x)`.
    Imag(Box<Expr>),
    /// `panic(v)`; the operand has type `any`.
    Panic(Box<Expr>),
    /// `recover()`.
    Recover,
    /// `print`/`println` (true); operands have basic, pointer-like, interface or slice types.
    Print(bool, Vec<Expr>),
    /// A new iteration over a map; the node's type is `unsafe.Pointer` (an opaque iterator object).
    MapIter(Box<Expr>),
    /// Advances the iterator held in a local; yields bool: is there an entry?
    MapIterNext(LocalId),
    /// Key of the iterator's current entry; the node's type is the key type.
    MapIterKey(LocalId),
    /// Value of the iterator's current entry; the node's type is the value type.
    MapIterValue(LocalId),
    /// Decodes the rune of a string that starts at a byte index known to be in range; yields the tuple (rune, int): the rune and its width.
    DecodeRune(Box<Expr>, Box<Expr>),
    /// Names the current frame for `DeferAt`; the node's type is `uintptr` (such as the frame's offset from the base of its stack). The
    /// function has `has_defer` set.
    DeferToken,
    /// `unsafe.Add(p, n)`.
    UnsafeAdd(Box<Expr>, Box<Expr>),
    /// `unsafe.Slice(p, n)`.
    UnsafeSlice(Box<Expr>, Box<Expr>),
    /// `unsafe.String(p, n)`.
    UnsafeString(Box<Expr>, Box<Expr>),
    /// `unsafe.SliceData(s)` and `unsafe.StringData(s)`.
    UnsafeData(Box<Expr>),
}

/// What a call calls.
pub enum Callee {
    /// A function known at compile time (methods take their receiver as first argument).
    Static(FuncId),
    /// A func value.
    Value(Box<Expr>),
    /// A method of an interface value: its index in the interface's sorted method list ([`Types`] order). The receiver is not in the argument list.
    Interface(Box<Expr>, u32),
}

/// Conversions that compute something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConvKind {
    /// Between numeric types: integer width and sign changes, integer ↔ float, float ↔ float, complex ↔ complex. Source and
    /// destination are the operand's and the node's type.
    Numeric,
    /// Integer → string (one rune).
    RuneToString,
    /// `[]byte` → string.
    BytesToString,
    /// `[]rune` → string.
    RunesToString,
    /// string → `[]byte`.
    StringToBytes,
    /// string → `[]rune`.
    StringToRunes,
    /// slice → pointer to array, panics if too short.
    SliceToArrayPtr,
    /// slice → array, panics if too short.
    SliceToArray,
}

/// Unary operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnOp {
    /// `-x` of integers, floats, complex numbers.
    Neg,
    /// `^x`.
    Not,
    /// `!x`.
    LogicalNot,
}

/// Binary operators (and their `op=` forms).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinOp {
    /// `+` of numbers (of strings only in [`StmtKind::OpAssign`]).
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`; integers panic on a zero divisor.
    Div,
    /// `%`.
    Rem,
    /// `&`.
    And,
    /// `|`.
    Or,
    /// `^`.
    Xor,
    /// `&^`.
    AndNot,
    /// `<<`; a negative count panics.
    Shl,
    /// `>>`; a negative count panics.
    Shr,
}

/// Comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CmpOp {
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
}

impl FuncId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
impl GlobalId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
impl LocalId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a value of a concrete type sits in the data word of an interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DataWord {
    /// A pointer-shaped value is the word itself.
    Pointer,
    /// A pointer-free value of at most 8 bytes is the word, in its register form.
    Inline,
    /// No bytes: the word is 0.
    Empty,
    /// The word points to an immutable copy on the heap.
    Boxed,
}

/// How values of concrete type `ty` sit in interfaces.
pub fn data_word(types: &Types, ty: TypeId) -> DataWord {
    if types.sizeof(ty) == 0 {
        return DataWord::Empty;
    }
    if is_pointer_shaped(types, ty) {
        return DataWord::Pointer;
    }
    if types.sizeof(ty) <= 8 && is_pointer_free(types, ty) { DataWord::Inline } else { DataWord::Boxed }
}

/// Whether a value is one pointer and nothing else.
fn is_pointer_shaped(types: &Types, ty: TypeId) -> bool {
    match types.under_type(ty) {
        Type::Pointer(_) | Type::Map { .. } | Type::Chan { .. } | Type::Signature(_) => true,
        Type::Basic(kind) => kind == BasicKind::UnsafePointer,
        Type::Array { len: 1, elem } => is_pointer_shaped(types, elem),
        Type::Struct(s) => s.fields.len() == 1 && is_pointer_shaped(types, s.fields[0].ty),
        _ => false,
    }
}

/// Whether a value holds no pointers.
pub fn is_pointer_free(types: &Types, ty: TypeId) -> bool {
    match types.under_type(ty) {
        Type::Basic(kind) => !kind.is_string() && kind != BasicKind::UnsafePointer,
        Type::Array { len, elem } => len == 0 || is_pointer_free(types, elem),
        Type::Struct(s) => s.fields.iter().all(|f| is_pointer_free(types, f.ty)),
        _ => false,
    }
}
