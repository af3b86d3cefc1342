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

use crate::intern::Symbol;
use crate::source::{FileId, Pos, Span};
use std::marker::PhantomData;
use std::num::NonZeroU32;

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

/// Kinds of literals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum LitKind {
    Int,
    Float,
    Imag,
    Rune,
    String,
}

/// Unary operators, except `*`, which is [`Expr::Star`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UnaryOp {
    /// `+x`
    Plus,
    /// `-x`
    Neg,
    /// `!x`
    Not,
    /// `^x`
    Xor,
    /// `&x`
    Addr,
    /// `<-x`
    Recv,
    /// `~T`
    Tilde,
}

impl UnaryOp {
    /// The operator's text.
    pub fn as_str(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Neg => "-",
            UnaryOp::Not => "!",
            UnaryOp::Xor => "^",
            UnaryOp::Addr => "&",
            UnaryOp::Recv => "<-",
            UnaryOp::Tilde => "~",
        }
    }
}

/// Binary operators.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BinaryOp {
    /// `||`
    OrOr,
    /// `&&`
    AndAnd,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `|`, also between the terms of a union
    Or,
    /// `^`
    Xor,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `&`
    And,
    /// `&^`
    AndNot,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
}

impl BinaryOp {
    /// The operator's text.
    pub fn as_str(self) -> &'static str {
        use BinaryOp::*;
        match self {
            OrOr => "||",
            AndAnd => "&&",
            Eq => "==",
            Ne => "!=",
            Lt => "<",
            Le => "<=",
            Gt => ">",
            Ge => ">=",
            Add => "+",
            Sub => "-",
            Or => "|",
            Xor => "^",
            Mul => "*",
            Div => "/",
            Rem => "%",
            And => "&",
            AndNot => "&^",
            Shl => "<<",
            Shr => ">>",
        }
    }

    /// Binding strength, 1 (`||`) to 5 (`*`).
    pub fn precedence(self) -> u8 {
        use BinaryOp::*;
        match self {
            OrOr => 1,
            AndAnd => 2,
            Eq | Ne | Lt | Le | Gt | Ge => 3,
            Add | Sub | Or | Xor => 4,
            Mul | Div | Rem | And | AndNot | Shl | Shr => 5,
        }
    }

    /// Whether it compares: `== != < <= > >=`.
    pub fn is_comparison(self) -> bool {
        self.precedence() == 3
    }

    /// Whether it is `<<` or `>>`.
    pub fn is_shift(self) -> bool {
        matches!(self, BinaryOp::Shl | BinaryOp::Shr)
    }
}

/// Directions of channel types.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ChanDir {
    /// `chan T`
    Both,
    /// `chan<- T`
    Send,
    /// `<-chan T`
    Recv,
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
    /// Whether package clause and `func main` were left out and have been supplied.
    pub script: bool,
    /// Whether the file has syntax errors; its tree may then lack parts.
    pub has_errors: bool,
    /// Whether its first error is that it ends too early: more text could make it valid.
    pub incomplete: bool,
    /// End of the file.
    pub eof: Pos,
}

/// The nodes of a package.
#[derive(Clone, Debug, Default)]
pub struct Ast {
    exprs: Vec<Expr>,
    expr_spans: Vec<Span>,
    expr_pos: Vec<Pos>,
    stmts: Vec<Stmt>,
    stmt_spans: Vec<Span>,
    stmt_pos: Vec<Pos>,
    decls: Vec<Decl>,
    decl_spans: Vec<Span>,
    decl_pos: Vec<Pos>,
    fields: Vec<Field>,
    clauses: Vec<Clause>,
    expr_pool: Vec<ExprId>,
    stmt_pool: Vec<StmtId>,
    decl_pool: Vec<DeclId>,
    field_pool: Vec<FieldId>,
    clause_pool: Vec<ClauseId>,
}

/// Sizes of an arena, to go back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    nodes: [usize; 5],
    pools: [usize; 5],
}

/// A kind of node: where the arena keeps it, its positions, and lists of it.
pub trait Node: Copy {
    /// What the id stands for.
    type Data: Copy;
    #[doc(hidden)]
    fn data(ast: &Ast, id: Self) -> Self::Data;
    #[doc(hidden)]
    fn span(ast: &Ast, id: Self) -> Span;
    #[doc(hidden)]
    fn pos(ast: &Ast, id: Self) -> Pos;
    #[doc(hidden)]
    fn pool(ast: &Ast) -> &Vec<Self>;
    #[doc(hidden)]
    fn pool_mut(ast: &mut Ast) -> &mut Vec<Self>;
}

macro_rules! node {
    ($id:ident, $data:ident, $nodes:ident, $pool:ident, |$ast:ident, $at:ident| $span:expr, $pos:expr) => {
        impl Node for $id {
            type Data = $data;
            fn data(ast: &Ast, id: Self) -> $data {
                ast.$nodes[id.index()]
            }
            fn span($ast: &Ast, $at: Self) -> Span {
                $span
            }
            fn pos($ast: &Ast, $at: Self) -> Pos {
                $pos
            }
            fn pool(ast: &Ast) -> &Vec<Self> {
                &ast.$pool
            }
            fn pool_mut(ast: &mut Ast) -> &mut Vec<Self> {
                &mut ast.$pool
            }
        }
    };
}

node!(ExprId, Expr, exprs, expr_pool, |ast, id| ast.expr_spans[id.index()], ast.expr_pos[id.index()]);
node!(StmtId, Stmt, stmts, stmt_pool, |ast, id| ast.stmt_spans[id.index()], ast.stmt_pos[id.index()]);
node!(DeclId, Decl, decls, decl_pool, |ast, id| ast.decl_spans[id.index()], ast.decl_pos[id.index()]);
node!(FieldId, Field, fields, field_pool, |ast, id| ast.field_span(id), ast.fields[id.index()].pos);
node!(ClauseId, Clause, clauses, clause_pool, |ast, id| ast.clauses[id.index()].span, ast.clauses[id.index()].span.lo);

impl Ast {
    /// An empty arena.
    pub fn new() -> Ast {
        Ast::default()
    }

    /// Any node by id.
    pub fn get<T: Node>(&self, id: T) -> T::Data {
        T::data(self, id)
    }

    /// An expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    /// A statement.
    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts[id.index()]
    }

    /// A declaration.
    pub fn decl(&self, id: DeclId) -> Decl {
        self.decls[id.index()]
    }

    /// A field.
    pub fn field(&self, id: FieldId) -> Field {
        self.fields[id.index()]
    }

    /// A clause.
    pub fn clause(&self, id: ClauseId) -> Clause {
        self.clauses[id.index()]
    }

    /// The elements of a list of any kind.
    pub fn list<T: Node>(&self, list: List<T>) -> &[T] {
        &T::pool(self)[list.start as usize..(list.start + list.len) as usize]
    }

    /// The expressions of a list.
    pub fn exprs(&self, list: List<ExprId>) -> &[ExprId] {
        self.list(list)
    }

    /// The statements of a list.
    pub fn stmts(&self, list: List<StmtId>) -> &[StmtId] {
        self.list(list)
    }

    /// The declarations of a list.
    pub fn decls(&self, list: List<DeclId>) -> &[DeclId] {
        self.list(list)
    }

    /// The fields of a list.
    pub fn fields(&self, list: List<FieldId>) -> &[FieldId] {
        self.list(list)
    }

    /// The clauses of a list.
    pub fn clauses(&self, list: List<ClauseId>) -> &[ClauseId] {
        self.list(list)
    }

    /// A node's full extent.
    pub fn span<T: Node>(&self, id: T) -> Span {
        T::span(self, id)
    }

    /// The position that Go's compiler reports a node at. See the module's description.
    pub fn pos<T: Node>(&self, id: T) -> Pos {
        T::pos(self, id)
    }

    /// The text extent to underline for an error about a node: from the reported position to the node's end.
    pub fn error_span<T: Node>(&self, id: T) -> Span {
        let (pos, span) = (self.pos(id), self.span(id));
        Span::new(pos, span.hi.max(pos))
    }

    /// Where an expression begins, as Go's compiler computes it, which is where its type checker reports most errors: the first
    /// token, except that a slice expression begins at its bracket and a function type at its parameters.
    pub fn start_pos(&self, mut id: ExprId) -> Pos {
        loop {
            id = match self.expr(id) {
                Expr::CompositeLit { typ: Some(typ), .. } => typ,
                Expr::KeyValue { key: x, .. } | Expr::Binary { x, .. } | Expr::Call { fun: x, .. } => x,
                Expr::Selector { x, .. } | Expr::Index { x, .. } => x,
                Expr::TypeAssert { x, .. } | Expr::TypeSwitchGuard { x } => x,
                _ => return self.pos(id),
            };
        }
    }

    /// Where a node begins: its first token.
    pub fn start<T: Node>(&self, id: T) -> Pos {
        self.span(id).lo
    }

    /// Where a node ends.
    pub fn end<T: Node>(&self, id: T) -> Pos {
        self.span(id).hi
    }

    /// The symbol of an [`Expr::Name`]; `None` for other expressions.
    pub fn name(&self, id: ExprId) -> Option<Symbol> {
        match self.expr(id) {
            Expr::Name(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// The expression without parentheses around it.
    pub fn unparen(&self, mut id: ExprId) -> ExprId {
        while let Expr::Paren(x) = self.expr(id) {
            id = x;
        }
        id
    }

    /// Number of expressions; ids are below it.
    pub fn expr_count(&self) -> usize {
        self.exprs.len()
    }

    /// Number of statements.
    pub fn stmt_count(&self) -> usize {
        self.stmts.len()
    }

    /// Number of declarations.
    pub fn decl_count(&self) -> usize {
        self.decls.len()
    }

    /// Number of fields.
    pub fn field_count(&self) -> usize {
        self.fields.len()
    }

    /// Number of clauses.
    pub fn clause_count(&self) -> usize {
        self.clauses.len()
    }

    fn field_span(&self, id: FieldId) -> Span {
        let field = self.field(id);
        let last = self.span(field.tag.unwrap_or(field.typ));
        Span::new(field.pos, last.hi)
    }

    /// Adds an expression.
    pub fn add_expr(&mut self, expr: Expr, span: Span, pos: Pos) -> ExprId {
        self.exprs.push(expr);
        self.expr_spans.push(span);
        self.expr_pos.push(pos);
        ExprId::from_index(self.exprs.len() - 1)
    }

    /// Adds a statement.
    pub fn add_stmt(&mut self, stmt: Stmt, span: Span, pos: Pos) -> StmtId {
        self.stmts.push(stmt);
        self.stmt_spans.push(span);
        self.stmt_pos.push(pos);
        StmtId::from_index(self.stmts.len() - 1)
    }

    /// Adds a declaration.
    pub fn add_decl(&mut self, decl: Decl, span: Span, pos: Pos) -> DeclId {
        self.decls.push(decl);
        self.decl_spans.push(span);
        self.decl_pos.push(pos);
        DeclId::from_index(self.decls.len() - 1)
    }

    /// Adds a field.
    pub fn add_field(&mut self, field: Field) -> FieldId {
        self.fields.push(field);
        FieldId::from_index(self.fields.len() - 1)
    }

    /// Adds a clause.
    pub fn add_clause(&mut self, clause: Clause) -> ClauseId {
        self.clauses.push(clause);
        ClauseId::from_index(self.clauses.len() - 1)
    }

    /// Adds a list.
    pub fn add_list<T: Node>(&mut self, ids: &[T]) -> List<T> {
        let pool = T::pool_mut(self);
        let start = pool.len() as u32;
        pool.extend_from_slice(ids);
        List { start, len: ids.len() as u32, kind: PhantomData }
    }

    /// How much there is, for [`Ast::rollback`].
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            nodes: [self.exprs.len(), self.stmts.len(), self.decls.len(), self.fields.len(), self.clauses.len()],
            pools: [
                self.expr_pool.len(),
                self.stmt_pool.len(),
                self.decl_pool.len(),
                self.field_pool.len(),
                self.clause_pool.len(),
            ],
        }
    }

    /// Forgets what was added since.
    pub(crate) fn rollback(&mut self, to: Checkpoint) {
        let [exprs, stmts, decls, fields, clauses] = to.nodes;
        self.exprs.truncate(exprs);
        self.expr_spans.truncate(exprs);
        self.expr_pos.truncate(exprs);
        self.stmts.truncate(stmts);
        self.stmt_spans.truncate(stmts);
        self.stmt_pos.truncate(stmts);
        self.decls.truncate(decls);
        self.decl_spans.truncate(decls);
        self.decl_pos.truncate(decls);
        self.fields.truncate(fields);
        self.clauses.truncate(clauses);
        let [exprs, stmts, decls, fields, clauses] = to.pools;
        self.expr_pool.truncate(exprs);
        self.stmt_pool.truncate(stmts);
        self.decl_pool.truncate(decls);
        self.field_pool.truncate(fields);
        self.clause_pool.truncate(clauses);
    }

    /// Replaces an expression in place: the parser turns parts of what it has read into something else.
    pub(crate) fn set_expr(&mut self, id: ExprId, expr: Expr) {
        self.exprs[id.index()] = expr;
    }

    /// Replaces an expression's extent.
    pub(crate) fn set_expr_span(&mut self, id: ExprId, span: Span) {
        self.expr_spans[id.index()] = span;
    }

    /// Replaces the position that an expression is reported at.
    pub(crate) fn set_expr_pos(&mut self, id: ExprId, pos: Pos) {
        self.expr_pos[id.index()] = pos;
    }

    /// Replaces a field in place.
    pub(crate) fn set_field(&mut self, id: FieldId, field: Field) {
        self.fields[id.index()] = field;
    }

    /// Replaces a declaration in place.
    pub(crate) fn set_decl(&mut self, id: DeclId, decl: Decl) {
        self.decls[id.index()] = decl;
    }
}
