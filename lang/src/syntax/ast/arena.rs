//! The arena: vectors of nodes, their positions, and the pools that lists are ranges of.

use super::{Clause, ClauseId, Decl, DeclId, Expr, ExprId, Field, FieldId, List, Stmt, StmtId};
use crate::intern::Symbol;
use crate::source::{Pos, Span};
use std::marker::PhantomData;

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

    /// All expressions, of declarations and of what has been dropped while parsing.
    pub fn all_exprs(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.exprs.len()).map(ExprId::from_index)
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
