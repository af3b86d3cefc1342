//! What the grammar's productions call: building nodes, and the checks of Go's parser that a grammar cannot make.
//!
//! Lists under construction lie on scratch stacks, one for each kind of node; a production passes on where its list begins. Nested
//! lists are complete before the outer one goes on, so each list is the top of its stack when it is finished.

mod decl;
mod depth;
mod expr;
mod stmt;
mod types;

use super::ast::*;
use super::token::SemiKind;
use crate::diag::{Code, Diagnostics};
use crate::intern::Interner;
use crate::source::{Pos, Span};

/// A list under construction, and below it those that wait for it.
pub struct Scratch<T>(Vec<T>);

impl<T> Scratch<T> {
    /// Begins an empty list.
    pub fn begin(&mut self) -> u32 {
        self.0.len() as u32
    }

    /// Begins a list of one.
    pub fn start(&mut self, first: T) -> u32 {
        self.0.push(first);
        self.0.len() as u32 - 1
    }

    /// Adds to the list.
    pub fn push(&mut self, next: T) {
        self.0.push(next);
    }

    fn since(&self, start: u32) -> &[T] {
        &self.0[start as usize..]
    }
}

/// One entry of a parameter list: until the list is complete, a lone name may be a parameter or its type.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Where it begins.
    pub pos: u32,
    /// The name.
    pub name: Option<ExprId>,
    /// The type.
    pub typ: Option<ExprId>,
}

/// The header of an `if`.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// The statement before the semicolon.
    pub init: Option<StmtId>,
    /// What should be the condition.
    pub cond: Option<StmtId>,
    /// The semicolon.
    pub semi: Option<(u32, SemiKind)>,
}

/// What a switch switches on.
#[derive(Clone, Copy, Debug)]
pub enum Guard {
    /// A value, or nothing.
    Tag(Option<ExprId>),
    /// `lhs := x.(type)`
    Type(Option<ExprId>, ExprId, Pos),
}

/// The parser's state.
pub struct Actions<'s> {
    pub(crate) exprs: Scratch<ExprId>,
    pub(crate) stmts: Scratch<StmtId>,
    pub(crate) decls: Scratch<DeclId>,
    pub(crate) fields: Scratch<FieldId>,
    pub(crate) clauses: Scratch<ClauseId>,
    pub(crate) params: Scratch<Param>,
    ast: &'s mut Ast,
    interner: &'s mut Interner,
    diags: &'s mut Diagnostics,
    first_expr: usize,
    first_stmt: usize,
    expr_depth: Vec<u32>,
    stmt_depth: Vec<u32>,
    too_deep: bool,
    after_decl: bool,
    package: Option<ExprId>,
    file_decls: List<DeclId>,
}

fn span(l: u32, r: u32) -> Span {
    Span::new(Pos(l), Pos(r.max(l)))
}

impl<'s> Actions<'s> {
    /// A state that appends to `ast`.
    pub fn new(ast: &'s mut Ast, interner: &'s mut Interner, diags: &'s mut Diagnostics) -> Actions<'s> {
        Actions {
            exprs: Scratch(Vec::new()),
            stmts: Scratch(Vec::new()),
            decls: Scratch(Vec::new()),
            fields: Scratch(Vec::new()),
            clauses: Scratch(Vec::new()),
            params: Scratch(Vec::new()),
            first_expr: ast.expr_count(),
            first_stmt: ast.stmt_count(),
            expr_depth: Vec::new(),
            stmt_depth: Vec::new(),
            too_deep: false,
            after_decl: false,
            package: None,
            file_decls: List::EMPTY,
            ast,
            interner,
            diags,
        }
    }

    /// The package's name and the file's declarations. A file that nests too deep has none, so that later passes need not care.
    pub fn finish(self) -> (Option<ExprId>, List<DeclId>) {
        (self.package, if self.too_deep { List::EMPTY } else { self.file_decls })
    }

    fn error(&mut self, at: u32, message: impl Into<String>) {
        self.diags.error(Code::Syntax, Pos(at), message);
    }

    fn syntax_error(&mut self, at: u32, message: impl std::fmt::Display) {
        self.error(at, format!("syntax error: {message}"));
    }

    // ---- Nodes

    /// Adds an expression that extends from `l` to `r` and is reported at `at`.
    pub fn expr(&mut self, expr: Expr, l: u32, r: u32, at: u32) -> ExprId {
        let depth = self.depth_of_expr(expr);
        self.check_depth(depth, at);
        self.expr_depth.push(depth);
        self.ast.add_expr(expr, span(l, r), Pos(at))
    }

    /// Adds a statement that extends from `l` to `r` and is reported at `at`.
    pub fn stmt(&mut self, stmt: Stmt, l: u32, r: u32, at: u32) -> StmtId {
        let depth = self.depth_of_stmt(stmt);
        self.check_depth(depth, at);
        self.stmt_depth.push(depth);
        self.ast.add_stmt(stmt, span(l, r), Pos(at))
    }

    /// Finishes a list of expressions.
    pub fn expr_list(&mut self, start: u32) -> List<ExprId> {
        let list = self.ast.add_list(self.exprs.since(start));
        self.exprs.0.truncate(start as usize);
        list
    }

    /// Finishes a list of fields.
    pub fn field_list(&mut self, start: u32) -> List<FieldId> {
        let list = self.ast.add_list(self.fields.since(start));
        self.fields.0.truncate(start as usize);
        list
    }

    fn stmt_list(&mut self, start: u32) -> List<StmtId> {
        let list = self.ast.add_list(self.stmts.since(start));
        self.stmts.0.truncate(start as usize);
        list
    }

    fn clause_list(&mut self, start: u32) -> List<ClauseId> {
        let list = self.ast.add_list(self.clauses.since(start));
        self.clauses.0.truncate(start as usize);
        list
    }

    fn decl_list(&mut self, start: u32) -> List<DeclId> {
        let list = self.ast.add_list(self.decls.since(start));
        self.decls.0.truncate(start as usize);
        list
    }
}
