//! How deep the tree is: a limit, so that passes over it may recurse.

use super::Actions;
use crate::diag::{Code, Diagnostic};
use crate::source::Pos;
use crate::syntax::ast::*;

/// Nesting costs so much of [`LIMIT`]; a step down the left side of a binary expression costs [`CHAIN`].
const NEST: u32 = 5;
const CHAIN: u32 = 2;
/// Recursive passes over the tree go at most 10 000 levels deep, 25 000 in chains of binary operators.
const LIMIT: u32 = 50_000;

impl Actions<'_> {
    pub(super) fn check_depth(&mut self, depth: u32, at: u32) {
        if depth > LIMIT && !self.too_deep {
            self.too_deep = true;
            self.diags.push(Diagnostic::error(Code::NestingLimit, Pos(at), "nesting depth limit exceeded"));
        }
    }

    pub(super) fn below(&self, id: ExprId) -> u32 {
        self.expr_depth[id.index() - self.first_expr]
    }

    pub(super) fn below_stmt(&self, id: Option<StmtId>) -> u32 {
        id.map_or(0, |id| self.stmt_depth[id.index() - self.first_stmt])
    }

    pub(super) fn below_all(&self, list: List<ExprId>) -> u32 {
        self.ast.exprs(list).iter().map(|&id| self.below(id)).max().unwrap_or(0)
    }

    pub(super) fn below_stmts(&self, list: List<StmtId>) -> u32 {
        self.ast.stmts(list).iter().map(|&id| self.below_stmt(Some(id))).max().unwrap_or(0)
    }

    pub(super) fn below_fields(&self, list: List<FieldId>) -> u32 {
        self.ast.fields(list).iter().map(|&id| self.below(self.ast.field(id).typ)).max().unwrap_or(0)
    }

    pub(super) fn below_clauses(&self, list: List<ClauseId>) -> u32 {
        let clause_depth = |&id: &ClauseId| {
            let clause = self.ast.clause(id);
            let body = self.below_stmts(clause.body).max(self.below_stmt(clause.comm));
            body.max(self.below_all(clause.cases))
        };
        self.ast.clauses(list).iter().map(clause_depth).max().unwrap_or(0)
    }

    pub(super) fn below_decl(&self, id: DeclId) -> u32 {
        let optional = |id: Option<ExprId>| id.map_or(0, |id| self.below(id));
        match self.ast.decl(id) {
            Decl::Import { .. } => 0,
            Decl::Const { typ, values, .. } | Decl::Var { typ, values, .. } => {
                optional(typ).max(self.below_all(values))
            }
            Decl::Type { tparams, typ, .. } => self.below_fields(tparams).max(self.below(typ)),
            Decl::Func { typ, body, .. } => self.below(typ).max(self.below_stmt(body)),
        }
    }

    pub(super) fn depth_of_expr(&self, expr: Expr) -> u32 {
        let optional = |id: Option<ExprId>| id.map_or(0, |id| self.below(id));
        let inner = match expr {
            Expr::Bad | Expr::Name(_) | Expr::BasicLit { .. } => 0,
            Expr::Binary { x, y, .. } => return (self.below(x) + CHAIN).max(self.below(y) + NEST),
            Expr::CompositeLit { typ, elems, .. } => optional(typ).max(self.below_all(elems)),
            Expr::KeyValue { key, value } | Expr::MapType { key, value } => self.below(key).max(self.below(value)),
            Expr::FuncLit { typ, body } => self.below(typ).max(self.below_stmt(Some(body))),
            Expr::Paren(x) | Expr::Selector { x, .. } | Expr::TypeSwitchGuard { x } => self.below(x),
            Expr::Star(x) | Expr::Unary { x, .. } => self.below(x),
            Expr::Index { x, indices } => self.below(x).max(self.below_all(indices)),
            Expr::Slice { x, index, .. } => index.into_iter().map(optional).fold(self.below(x), u32::max),
            Expr::TypeAssert { x, typ } => self.below(x).max(self.below(typ)),
            Expr::Call { fun, args, .. } => self.below(fun).max(self.below_all(args)),
            Expr::ArrayType { len, elem } => optional(len).max(self.below(elem)),
            Expr::SliceType { elem } | Expr::DotsType { elem } | Expr::ChanType { elem, .. } => self.below(elem),
            Expr::StructType { fields } => self.below_fields(fields),
            Expr::FuncType { params, results } => self.below_fields(params).max(self.below_fields(results)),
            Expr::InterfaceType { elems } => self.below_fields(elems),
        };
        inner + NEST
    }

    pub(super) fn depth_of_stmt(&self, stmt: Stmt) -> u32 {
        let optional = |id: Option<ExprId>| id.map_or(0, |id| self.below(id));
        let inner = match stmt {
            Stmt::Empty | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Goto(_) | Stmt::Fallthrough => 0,
            Stmt::Labeled { stmt, .. } => self.below_stmt(Some(stmt)),
            Stmt::Block { list, .. } => self.below_stmts(list),
            Stmt::Expr(x) | Stmt::IncDec { x, .. } | Stmt::Go(x) | Stmt::Defer(x) => self.below(x),
            Stmt::Send { chan, value } => self.below(chan).max(self.below(value)),
            Stmt::Decl(list) => self.ast.decls(list).iter().map(|&id| self.below_decl(id)).max().unwrap_or(0),
            Stmt::Assign { lhs, rhs } | Stmt::Define { lhs, rhs } => self.below_all(lhs).max(self.below_all(rhs)),
            Stmt::OpAssign { lhs, rhs, .. } => self.below(lhs).max(self.below(rhs)),
            Stmt::Return(results) => self.below_all(results),
            Stmt::If { init, cond, then, els } => {
                let header = self.below_stmt(init).max(self.below(cond));
                header.max(self.below_stmt(Some(then))).max(self.below_stmt(els))
            }
            Stmt::For { init, cond, post, body } => {
                let header = self.below_stmt(init).max(optional(cond)).max(self.below_stmt(post));
                header.max(self.below_stmt(Some(body)))
            }
            Stmt::Range { lhs, x, body, .. } => self.below_all(lhs).max(self.below(x)).max(self.below_stmt(Some(body))),
            Stmt::Switch { init, tag, clauses, .. } => {
                self.below_stmt(init).max(optional(tag)).max(self.below_clauses(clauses))
            }
            Stmt::TypeSwitch { init, x, clauses, .. } => {
                self.below_stmt(init).max(self.below(x)).max(self.below_clauses(clauses))
            }
            Stmt::Select { clauses, .. } => self.below_clauses(clauses),
        };
        inner + NEST
    }
}
