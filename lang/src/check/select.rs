//! Select statements.

use crate::check::Checker;
use crate::diag::Code;
use crate::syntax::ast::{ClauseId, Expr, List, Stmt, UnaryOp};

impl Checker {
    /// Checks the cases of a select statement: each is a send, a receive, or the default.
    pub(crate) fn select_stmt(&mut self, clauses: List<ClauseId>) {
        let ast = self.ast.clone();
        let clauses = ast.clauses(clauses);
        self.multiple_defaults(clauses);
        for &c in clauses {
            let clause = ast.clause(c);
            if let Some(comm) = clause.comm {
                let received = match ast.stmt(comm) {
                    Stmt::Send { .. } => None,
                    Stmt::Expr(x) | Stmt::OpAssign { rhs: x, .. } => Some(Some(x)),
                    Stmt::Assign { rhs, .. } | Stmt::Define { rhs, .. } if rhs.len() == 1 => {
                        Some(Some(ast.exprs(rhs)[0]))
                    }
                    _ => Some(None),
                };
                let valid = match received {
                    None => true,
                    Some(None) => false,
                    Some(Some(x)) => matches!(ast.expr(ast.unparen(x)), Expr::Unary { op: UnaryOp::Recv, .. }),
                };
                if !valid {
                    let message = "select case must be send or receive (possibly with assignment)";
                    match ast.stmt(comm) {
                        Stmt::Expr(x) => self.error(ast.pos(x), Code::InvalidSelectCase, message),
                        _ => self.error(comm, Code::InvalidSelectCase, message),
                    }
                    continue;
                }
                if let Stmt::OpAssign { .. } = ast.stmt(comm) {
                    // Go's compiler notices this one only after checking.
                    let message = "select case must be receive, send or assign recv";
                    self.error(comm, Code::InvalidSelectCase, message);
                }
            }
            self.open_scope();
            if let Some(comm) = clause.comm {
                self.stmt(comm);
            }
            self.stmt_list(clause.body);
            self.close_scope();
        }
    }

    /// Reports default cases after the first.
    pub(crate) fn multiple_defaults(&mut self, clauses: &[ClauseId]) {
        let ast = self.ast.clone();
        let mut defaults = clauses.iter().filter(|&&c| ast.clause(c).is_default);
        let Some(&first) = defaults.next() else { return };
        for &c in defaults {
            let at = self.sources.location(ast.pos(first));
            self.point_at(first, "the first one");
            self.error(c, Code::DuplicateDefault, format!("multiple defaults (first at {at})"));
        }
    }
}
