//! Terminating statements: does control leave a function only through `return`, `panic` and the like?

use crate::check::Checker;
use crate::intern::{FastSet, Symbol};
use crate::syntax::ast::{Ast, ClauseId, Expr, ExprId, List, Stmt, StmtId};

impl Checker {
    /// Whether a statement is terminating in the sense of the language.
    pub(crate) fn is_terminating(&self, stmt: StmtId) -> bool {
        Terminating { ast: &self.ast, panics: &self.env.panics.borrow() }.stmt(stmt, None)
    }
}

struct Terminating<'a> {
    ast: &'a Ast,
    /// The calls of predeclared panic.
    panics: &'a FastSet<ExprId>,
}

impl Terminating<'_> {
    fn stmt(&self, stmt: StmtId, label: Option<Symbol>) -> bool {
        let ast = self.ast;
        match ast.stmt(stmt) {
            Stmt::Empty
            | Stmt::Send { .. }
            | Stmt::Decl(_)
            | Stmt::Assign { .. }
            | Stmt::Define { .. }
            | Stmt::OpAssign { .. }
            | Stmt::IncDec { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Go(_)
            | Stmt::Defer(_)
            // A range clause ends at some time.
            | Stmt::Range { .. } => false,
            Stmt::Goto(_) | Stmt::Fallthrough | Stmt::Return(_) => true,
            Stmt::Labeled { label, stmt } => self.stmt(stmt, ast.name(label)),
            Stmt::Expr(x) => {
                let x = ast.unparen(x);
                matches!(ast.expr(x), Expr::Call { .. }) && self.panics.contains(&x)
            }
            Stmt::Block { list, .. } => self.list(list),
            Stmt::If { then, els, .. } => els.is_some_and(|els| self.stmt(then, None) && self.stmt(els, None)),
            Stmt::For { cond, body, .. } => cond.is_none() && !has_break(ast, body, label, true),
            Stmt::Switch { clauses, .. } | Stmt::TypeSwitch { clauses, .. } => {
                ast.clauses(clauses).iter().any(|&c| ast.clause(c).is_default) && self.clauses(clauses, label)
            }
            Stmt::Select { clauses, .. } => self.clauses(clauses, label),
        }
    }

    fn list(&self, list: List<StmtId>) -> bool {
        let last = self.ast.stmts(list).iter().rev().find(|&&s| !matches!(self.ast.stmt(s), Stmt::Empty));
        last.is_some_and(|&s| self.stmt(s, None))
    }

    fn clauses(&self, clauses: List<ClauseId>, label: Option<Symbol>) -> bool {
        self.ast.clauses(clauses).iter().all(|&c| {
            let body = self.ast.clause(c).body;
            self.list(body) && !self.ast.stmts(body).iter().any(|&s| has_break(self.ast, s, label, true))
        })
    }
}

/// Whether a statement contains a `break` out of the statement labelled `label` or, if `implicit`, one without a label that is not
/// inside another statement to break out of.
fn has_break(ast: &Ast, stmt: StmtId, label: Option<Symbol>, implicit: bool) -> bool {
    let any = |list: List<StmtId>, implicit| ast.stmts(list).iter().any(|&s| has_break(ast, s, label, implicit));
    match ast.stmt(stmt) {
        Stmt::Break(None) => implicit,
        Stmt::Break(Some(name)) => label.is_some() && ast.name(name) == label,
        Stmt::Labeled { stmt, .. } => has_break(ast, stmt, label, implicit),
        Stmt::Block { list, .. } => any(list, implicit),
        Stmt::If { then, els, .. } => {
            has_break(ast, then, label, implicit) || els.is_some_and(|els| has_break(ast, els, label, implicit))
        }
        Stmt::Switch { clauses, .. } | Stmt::TypeSwitch { clauses, .. } | Stmt::Select { clauses, .. } => {
            label.is_some() && ast.clauses(clauses).iter().any(|&c| any(ast.clause(c).body, false))
        }
        Stmt::For { body, .. } | Stmt::Range { body, .. } => label.is_some() && has_break(ast, body, label, false),
        Stmt::Empty
        | Stmt::Expr(_)
        | Stmt::Send { .. }
        | Stmt::Decl(_)
        | Stmt::Assign { .. }
        | Stmt::Define { .. }
        | Stmt::OpAssign { .. }
        | Stmt::IncDec { .. }
        | Stmt::Continue(_)
        | Stmt::Goto(_)
        | Stmt::Fallthrough
        | Stmt::Go(_)
        | Stmt::Defer(_)
        | Stmt::Return(_) => false,
    }
}
