//! The syntax tree: one arena a package, to which its files are appended.
//!
//! Nodes are small `Copy` enums in vectors, named by typed 32-bit ids; lists are ranges ([`List`]) into shared pools. Types are
//! expressions, and every occurrence of an identifier, declaring or using, is an [`Expr::Name`] of its own, so that the checker's
//! tables are vectors indexed by [`ExprId`]. Above each node stands its production.
//!
//! Each node has two positions. [`Ast::span`] is its full extent. [`Ast::pos`] is the one token that Go's compiler reports errors
//! at: the operator of a binary expression, the `(` of a call, the `[` of an index or slice expression, the `.` of a selector or
//! type assertion, the `{` of a composite literal, the `:` of a key-value pair or label, the operator of an assignment, send
//! or `++`, the `(` of a function type, the token after `func` in a declaration; otherwise the first token.

mod arena;
mod op;

use crate::intern::Symbol;
use crate::source::{FileId, Pos, Span};
use std::marker::PhantomData;
use std::num::NonZeroU32;

pub use arena::{Ast, Node};
pub use op::{BinaryOp, ChanDir, LitKind, UnaryOp};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// Place in a table of such nodes, from 0.
            pub fn index(self) -> usize {
                self.0.get() as usize - 1
            }

            /// The id with this place. Panics beyond 2^32 - 2 nodes, which no source of 4 GiB can have.
            pub fn from_index(index: usize) -> $name {
                $name(NonZeroU32::new(index as u32 + 1).expect("too many syntax nodes"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.index())
            }
        }
    )*};
}

ids! {
    /// An expression or type.
    ExprId
    /// A statement.
    StmtId
    /// A declaration: one spec of a group.
    DeclId
    /// A struct field, parameter, result, type parameter or interface element.
    FieldId
    /// A case of a switch or select.
    ClauseId
}

/// A list of ids: a range in the arena's pool for that kind.
pub struct List<T> {
    start: u32,
    len: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// The list of nothing.
    pub const EMPTY: List<T> = List { start: 0, len: 0, kind: PhantomData };

    /// Number of elements.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> List<T> {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> PartialEq for List<T> {
    fn eq(&self, other: &List<T>) -> bool {
        (self.start, self.len) == (other.start, other.len)
    }
}

impl<T> Eq for List<T> {}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        List::EMPTY
    }
}

impl<T> std::fmt::Debug for List<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}; {}]", self.start, self.len)
    }
}

/// Expressions and types.
#[derive(Clone, Copy, PartialEq, Debug)]
#[allow(missing_docs)]
pub enum Expr {
    /// Stands for something missing or wrong that has been reported.
    Bad,
    /// `Value`; an import's `.` counts as a name.
    Name(Symbol),
    /// A literal. `value` is its text in the source, quotes included; see [`crate::syntax::literal`]. `bad` if reported as malformed.
    BasicLit { kind: LitKind, value: Symbol, bad: bool },
    /// `typ { elems }`; elements may be [`Expr::KeyValue`]. No type when nested in another literal.
    CompositeLit { typ: Option<ExprId>, elems: List<ExprId>, rbrace: Pos },
    /// `key : value`, only in composite literals.
    KeyValue { key: ExprId, value: ExprId },
    /// `func typ body`; `typ` is an [`Expr::FuncType`], `body` a [`Stmt::Block`].
    FuncLit { typ: ExprId, body: StmtId },
    /// `( x )`. Not kept around types that stand where only a type can.
    Paren(ExprId),
    /// `x . sel`; `sel` is an [`Expr::Name`].
    Selector { x: ExprId, sel: ExprId },
    /// `x [ indices ]`: an index, or an instantiation when there are several or they are types.
    Index { x: ExprId, indices: List<ExprId> },
    /// `x [ index[0] : index[1] : index[2] ]`; `full` if there are two colons.
    Slice { x: ExprId, index: [Option<ExprId>; 3], full: bool },
    /// `x . ( typ )`
    TypeAssert { x: ExprId, typ: ExprId },
    /// `x . ( type )` elsewhere than as the guard of a type switch, which is [`Stmt::TypeSwitch`].
    TypeSwitchGuard { x: ExprId },
    /// `fun ( args )`, or `fun ( args ... )` if `dots`.
    Call { fun: ExprId, args: List<ExprId>, dots: bool },
    /// `* x`: indirection or pointer type.
    Star(ExprId),
    /// `op x`
    Unary { op: UnaryOp, x: ExprId },
    /// `x op y`
    Binary { op: BinaryOp, x: ExprId, y: ExprId },
    /// `[ len ] elem`; no length means `[...]`.
    ArrayType { len: Option<ExprId>, elem: ExprId },
    /// `[] elem`
    SliceType { elem: ExprId },
    /// `... elem`, the type of a final parameter.
    DotsType { elem: ExprId },
    /// `struct { fields }`
    StructType { fields: List<FieldId> },
    /// `func ( params ) results`
    FuncType { params: List<FieldId>, results: List<FieldId> },
    /// `interface { elems }`: fields with a name are methods, whose type is an [`Expr::FuncType`]; the others are embedded elements:
    /// types and unions of terms, as [`BinaryOp::Or`] and [`UnaryOp::Tilde`].
    InterfaceType { elems: List<FieldId> },
    /// `map [ key ] value`
    MapType { key: ExprId, value: ExprId },
    /// `chan elem`, `chan<- elem`, `<-chan elem`
    ChanType { dir: ChanDir, elem: ExprId },
}

/// `name typ tag`. Fields declared together (`a, b int`) share the same `typ`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Field {
    /// An [`Expr::Name`]; none if embedded or unnamed.
    pub name: Option<ExprId>,
    /// The type; of a method, its signature; of a type parameter, its constraint.
    pub typ: ExprId,
    /// A struct field's tag, an [`Expr::BasicLit`].
    pub tag: Option<ExprId>,
    /// The name's position, or the type's first token.
    pub pos: Pos,
}

/// Statements.
#[derive(Clone, Copy, PartialEq, Debug)]
#[allow(missing_docs)]
pub enum Stmt {
    /// Nothing.
    Empty,
    /// `label : stmt`; `label` is an [`Expr::Name`].
    Labeled { label: ExprId, stmt: StmtId },
    /// `{ list }`; `rbrace` is where a missing return is reported.
    Block { list: List<StmtId>, rbrace: Pos },
    /// `x`
    Expr(ExprId),
    /// `chan <- value`
    Send { chan: ExprId, value: ExprId },
    /// A declaration, or a group of them.
    Decl(List<DeclId>),
    /// `lhs = rhs`
    Assign { lhs: List<ExprId>, rhs: List<ExprId> },
    /// `lhs := rhs`
    Define { lhs: List<ExprId>, rhs: List<ExprId> },
    /// `lhs op= rhs`
    OpAssign { op: BinaryOp, lhs: ExprId, rhs: ExprId },
    /// `x ++`, or `x --` if not `inc`
    IncDec { x: ExprId, inc: bool },
    /// `break label`
    Break(Option<ExprId>),
    /// `continue label`
    Continue(Option<ExprId>),
    /// `goto label`
    Goto(ExprId),
    /// `fallthrough`
    Fallthrough,
    /// `go call`
    Go(ExprId),
    /// `defer call`
    Defer(ExprId),
    /// `return results`
    Return(List<ExprId>),
    /// `if init ; cond then else els`; `then` is a block, `els` a block or another `if`.
    If { init: Option<StmtId>, cond: ExprId, then: StmtId, els: Option<StmtId> },
    /// `for init ; cond ; post body`
    For { init: Option<StmtId>, cond: Option<ExprId>, post: Option<StmtId>, body: StmtId },
    /// `for lhs = range x body`, `for lhs := range x body` if `define`, or `for range x body` with an empty `lhs`.
    Range { lhs: List<ExprId>, define: bool, x: ExprId, range: Pos, body: StmtId },
    /// `switch init ; tag { clauses }`
    Switch { init: Option<StmtId>, tag: Option<ExprId>, clauses: List<ClauseId>, rbrace: Pos },
    /// `switch init ; lhs := x . ( type ) { clauses }`; `guard` is the position of the dot.
    TypeSwitch {
        init: Option<StmtId>,
        lhs: Option<ExprId>,
        x: ExprId,
        guard: Pos,
        clauses: List<ClauseId>,
        rbrace: Pos,
    },
    /// `select { clauses }`
    Select { clauses: List<ClauseId>, rbrace: Pos },
}

/// `case cases : body` of a switch, `case comm : body` of a select; `default : body` has neither.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Clause {
    /// Values or types, in a switch.
    pub cases: List<ExprId>,
    /// Communication, in a select: `Send`, `Expr`, `Assign` or `Define` of a receive. The grammar lets any simple statement through.
    pub comm: Option<StmtId>,
    /// `default`
    pub is_default: bool,
    /// The statements.
    pub body: List<StmtId>,
    /// The colon.
    pub colon: Pos,
    /// From `case` to the end of the body.
    pub span: Span,
}

/// Declarations: each spec of a group is one.
#[derive(Clone, Copy, PartialEq, Debug)]
#[allow(missing_docs)]
pub enum Decl {
    /// `import local path`; `local` is an [`Expr::Name`], `.` included; `path` an [`Expr::BasicLit`].
    Import { local: Option<ExprId>, path: ExprId },
    /// `const names typ = values`. `iota` is the index in the group. Without type and values it repeats those of `inherit`, the
    /// nearest spec above it in the group that has values.
    Const { names: List<ExprId>, typ: Option<ExprId>, values: List<ExprId>, iota: u32, inherit: Option<DeclId> },
    /// `type name [ tparams ] typ`, or `type name [ tparams ] = typ` if `alias`.
    Type { name: ExprId, tparams: List<FieldId>, alias: bool, typ: ExprId },
    /// `var names typ = values`
    Var { names: List<ExprId>, typ: Option<ExprId>, values: List<ExprId> },
    /// `func ( recv ) name [ tparams ] typ body`; `typ` is an [`Expr::FuncType`], `body` a [`Stmt::Block`].
    Func { recv: Option<FieldId>, name: ExprId, tparams: List<FieldId>, typ: ExprId, body: Option<StmtId> },
}

/// What a directive stands before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The package clause.
    Package,
    /// A function or method.
    Func,
    /// A variable, in a function's body if `inside`.
    Var {
        /// Whether it is a local variable.
        inside: bool,
    },
    /// Another declaration.
    Decl,
    /// Nothing that takes directives.
    Nowhere,
}

/// A `//go:name args` or `//export`-like comment directive that stands before a declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// Where the comment starts.
    pub pos: Pos,
    /// What follows `go:`, up to a blank.
    pub name: String,
    /// The rest, trimmed.
    pub args: String,
    /// The top-level declaration that follows.
    pub decl: Option<DeclId>,
    /// What it stands before.
    pub place: Place,
}

/// One file: `package name ; decls`.
#[derive(Clone, Debug)]
pub struct FileNode {
    /// Which source.
    pub file: FileId,
    /// The package's name, an [`Expr::Name`]; none if there is no package clause and the file is not a script.
    pub package: Option<ExprId>,
    /// Top-level declarations in source order, imports included.
    pub decls: List<DeclId>,
    /// The condition of the `//go:build` line, without the prefix.
    pub build: Option<String>,
    /// The Go version that the build condition implies, such as (1, 21).
    pub go_version: Option<(u32, u32)>,
    /// Comment directives in source order.
    pub directives: Vec<Directive>,
    /// Bodies of functions that have not been parsed yet, with the function that each belongs to.
    pub bodies: Vec<(DeclId, Span)>,
    /// Whether package clause and `func main` were left out and have been supplied.
    pub script: bool,
    /// Whether the file has syntax errors; its tree may then lack parts.
    pub has_errors: bool,
    /// Whether its first error is that it ends too early: more text could make it valid.
    pub incomplete: bool,
    /// End of the file.
    pub eof: Pos,
}
