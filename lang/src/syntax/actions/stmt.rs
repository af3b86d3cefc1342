//! Statements.

use super::{Actions, Guard, Header, span};
use crate::source::Pos;
use crate::syntax::ast::*;
use crate::syntax::print;
use crate::syntax::token::SemiKind;

impl Actions<'_> {
    /// `{ list }`
    pub fn block(&mut self, l: u32, r: u32, list: u32, rbrace: u32) -> StmtId {
        let list = self.stmt_list(list);
        self.stmt(Stmt::Block { list, rbrace: Pos(rbrace) }, l, r, l)
    }

    /// An expression as a statement.
    pub fn expr_stmt(&mut self, x: ExprId) -> StmtId {
        let (extent, at) = (self.ast.span(x), self.ast.pos(x));
        self.stmt(Stmt::Expr(x), extent.lo.0, extent.hi.0, at.0)
    }

    /// A declaration as a statement.
    pub fn decl_stmt(&mut self, l: u32, r: u32, start: u32) -> StmtId {
        let list = self.decl_list(start);
        self.stmt(Stmt::Decl(list), l, r, l)
    }

    /// `label : stmt`
    pub fn labeled(&mut self, l: u32, r: u32, colon: u32, label: ExprId, stmt: Option<StmtId>) -> StmtId {
        let stmt = stmt.unwrap_or_else(|| self.stmt(Stmt::Empty, r, r, r));
        self.stmt(Stmt::Labeled { label, stmt }, l, r, colon)
    }

    /// `go x`
    pub fn go(&mut self, l: u32, r: u32, x: ExprId) -> StmtId {
        let x = self.unparenthesized(x, "go");
        self.stmt(Stmt::Go(x), l, r, l)
    }

    /// `defer x`
    pub fn defer(&mut self, l: u32, r: u32, x: ExprId) -> StmtId {
        let x = self.unparenthesized(x, "defer");
        self.stmt(Stmt::Defer(x), l, r, l)
    }

    pub(super) fn unparenthesized(&mut self, x: ExprId, keyword: &str) -> ExprId {
        let inner = self.ast.unparen(x);
        if inner != x {
            self.error(self.ast.pos(x).0, format!("expression in {keyword} must not be parenthesized"));
        }
        inner
    }

    /// `if {`
    pub fn no_condition(&mut self, brace: u32) -> Header {
        self.syntax_error(brace, "missing condition in if statement");
        let bad = self.bad(brace, brace);
        Header { init: None, cond: Some(self.expr_stmt(bad)), semi: None }
    }

    /// The expression that a condition or tag must be.
    pub(super) fn value_of(&mut self, stmt: StmtId) -> ExprId {
        if let Stmt::Expr(x) = self.ast.stmt(stmt) {
            return x;
        }
        let at = self.ast.pos(stmt).0;
        let shown = print::statement_as_value(self.ast, self.interner, stmt);
        self.syntax_error(at, format!("cannot use {shown} as value"));
        self.bad(at, at)
    }

    /// `if header then else els`
    pub fn if_stmt(&mut self, l: u32, r: u32, header: Header, then: StmtId, els: Option<StmtId>) -> StmtId {
        let cond = match (header.cond, header.semi) {
            (Some(cond), _) => self.value_of(cond),
            (None, semi) => {
                let (at, kind) = semi.unwrap_or((l, SemiKind::Semicolon));
                match kind {
                    SemiKind::Semicolon => self.syntax_error(at, "missing condition in if statement"),
                    SemiKind::Newline => self.syntax_error(at, "unexpected newline, expected { after if clause"),
                    SemiKind::Eof => self.syntax_error(at, "unexpected EOF, expected { after if clause"),
                }
                self.bad(at, at)
            }
        };
        self.stmt(Stmt::If { init: header.init, cond, then, els }, l, r, l)
    }

    /// `for init ; cond ; post body`
    pub fn for_stmt(
        &mut self,
        l: u32,
        r: u32,
        init: Option<StmtId>,
        cond: Option<StmtId>,
        post: Option<StmtId>,
        body: StmtId,
    ) -> StmtId {
        let cond = cond.map(|cond| self.value_of(cond));
        if let Some(post) = post
            && let Stmt::Define { .. } = self.ast.stmt(post)
        {
            self.syntax_error(self.ast.pos(post).0, "cannot declare in post statement of for loop");
        }
        self.stmt(Stmt::For { init, cond, post, body }, l, r, l)
    }

    /// `for lhs = range x body`
    #[allow(clippy::too_many_arguments)]
    pub fn range_stmt(
        &mut self,
        l: u32,
        r: u32,
        keyword: u32,
        lhs: List<ExprId>,
        define: bool,
        x: ExprId,
        body: StmtId,
    ) -> StmtId {
        self.stmt(Stmt::Range { lhs, define, x, range: Pos(keyword), body }, l, r, l)
    }

    /// What a switch's header says to switch on.
    pub fn guard(&mut self, tag: Option<StmtId>) -> Guard {
        let Some(stmt) = tag else { return Guard::Tag(None) };
        match self.ast.stmt(stmt) {
            Stmt::Expr(tag) => {
                if let Expr::TypeSwitchGuard { x } = self.ast.expr(tag) {
                    return Guard::Type(None, x, self.ast.pos(tag));
                }
            }
            Stmt::Define { lhs, rhs } => {
                if let (&[name], &[guard]) = (self.ast.exprs(lhs), self.ast.exprs(rhs))
                    && let (Expr::Name(_), Expr::TypeSwitchGuard { x }) = (self.ast.expr(name), self.ast.expr(guard))
                {
                    return Guard::Type(Some(name), x, self.ast.pos(guard));
                }
            }
            _ => {}
        }
        Guard::Tag(Some(self.value_of(stmt)))
    }

    /// `switch header { clauses }`
    pub fn switch_stmt(
        &mut self,
        l: u32,
        r: u32,
        (init, guard): (Option<StmtId>, Guard),
        clauses: u32,
        rbrace: u32,
    ) -> StmtId {
        let (clauses, rbrace) = (self.clause_list(clauses), Pos(rbrace));
        let stmt = match guard {
            Guard::Tag(tag) => Stmt::Switch { init, tag, clauses, rbrace },
            Guard::Type(lhs, x, guard) => Stmt::TypeSwitch { init, lhs, x, guard, clauses, rbrace },
        };
        self.stmt(stmt, l, r, l)
    }

    /// `case list : body`, or `default : body` without a list. `r` is 0 if the body is complete with its semicolons.
    pub fn case_clause(&mut self, l: u32, r: u32, (list, colon): (Option<List<ExprId>>, u32), body: u32) {
        self.clause(l, r, colon, list.unwrap_or_default(), None, list.is_none(), body);
    }

    /// `case comm : body`, or `default : body`.
    pub fn comm_clause(&mut self, l: u32, r: u32, (comm, colon): (Option<StmtId>, u32), body: u32) {
        self.clause(l, r, colon, List::EMPTY, comm, comm.is_none(), body);
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn clause(
        &mut self,
        l: u32,
        r: u32,
        colon: u32,
        cases: List<ExprId>,
        comm: Option<StmtId>,
        is_default: bool,
        body: u32,
    ) {
        let body = self.stmt_list(body);
        let end = self.ast.stmts(body).last().map_or(colon + 1, |&last| self.ast.end(last).0);
        let clause = Clause { cases, comm, is_default, body, colon: Pos(colon), span: span(l, r.max(end)) };
        let clause = self.ast.add_clause(clause);
        self.clauses.push(clause);
    }

    /// `select { clauses }`
    pub fn select_stmt(&mut self, l: u32, r: u32, clauses: u32, rbrace: u32) -> StmtId {
        let clauses = self.clause_list(clauses);
        self.stmt(Stmt::Select { clauses, rbrace: Pos(rbrace) }, l, r, l)
    }
}
