//! Function bodies and statements.
//!
//! Function literals met in a statement are checked at its end ([`Checker::process_delayed`]): late enough for types that refer to
//! them, early enough that variables declared by the next statement are not visible in them.

use std::rc::Rc;

use crate::check::Checker;
use crate::check::expr::ExprKind;
use crate::check::operand::{Mode, Operand};
use crate::check::{DeclRef, Env, FuncEnv};
use crate::constant::Value;
use crate::diag::Code;
use crate::intern::sym;
use crate::syntax::ast::{ExprId, List, Stmt, StmtId};
use crate::types::{ObjId, ScopeId, TypeId};

/// A function body to be checked.
pub(crate) struct FuncBody {
    /// The package-level declaration that it belongs to.
    pub(crate) decl: Option<DeclRef>,
    /// The scope of its parameters.
    pub(crate) scope: ScopeId,
    /// Its signature.
    pub(crate) sig: TypeId,
    /// Its result variables.
    pub(crate) results: Rc<[ObjId]>,
    /// The block.
    pub(crate) body: StmtId,
    /// The value of iota, for a function literal in a constant declaration.
    pub(crate) iota: Option<Value>,
}

impl Checker {
    /// Checks a function body.
    pub(crate) fn func_body(&mut self, f: FuncBody) {
        let ast = self.ast.clone();
        let Stmt::Block { list, rbrace } = ast.stmt(f.body) else { return };
        let env = Env {
            decl: f.decl,
            iota: f.iota,
            func: Some(FuncEnv { sig: f.sig, results: f.results.clone() }),
            ..Env::at_file(f.scope, self.env.version)
        };
        let outer = std::mem::replace(&mut self.env, env);
        let first = self.objs.len();
        self.check_branches(f.body);
        self.stmt_list(list);
        if !f.results.is_empty() && !self.is_terminating(f.body) {
            self.say_here("the function can end here");
            for &r in f.results.iter().take(1) {
                self.point_at(r, "but has to return a value");
            }
            self.error(rbrace, Code::MissingReturn, "missing return");
        }
        self.unused_vars(first);
        self.env = outer;
    }

    /// Checks statements in the current scope.
    pub(crate) fn stmt_list(&mut self, list: List<StmtId>) {
        let ast = self.ast.clone();
        for &s in ast.stmts(list) {
            self.stmt(s);
        }
    }

    /// Checks a block in a scope of its own.
    pub(crate) fn block(&mut self, list: List<StmtId>) {
        self.open_scope();
        self.stmt_list(list);
        self.close_scope();
    }

    /// Checks a statement.
    pub(crate) fn stmt(&mut self, s: StmtId) {
        let mark = self.delayed_mark();
        self.stmt_inner(s);
        self.process_delayed(mark);
    }

    fn stmt_inner(&mut self, s: StmtId) {
        let ast = self.ast.clone();
        match ast.stmt(s) {
            Stmt::Empty | Stmt::Fallthrough | Stmt::Goto(_) => {}
            Stmt::Break(_) | Stmt::Continue(_) => {} // see labels.rs
            Stmt::Decl(decls) => self.decl_stmt(decls),
            Stmt::Labeled { stmt, .. } => {
                self.env.has_label = true;
                self.stmt(stmt);
            }
            Stmt::Expr(x) if self.at_unit_level() => self.show_stmt(s, x),
            Stmt::Expr(x) => self.expr_stmt(x),
            Stmt::Send { chan, value } => {
                let (mut ch, mut val) = (Operand::new(), Operand::new());
                self.expr(None, &mut ch, chan);
                self.generic_expr(&mut val, value, None);
                if !ch.is_valid() || !val.is_valid() {
                    return;
                }
                if let Some(elem) = self.chan_elem(&ch, false) {
                    self.assignment(&mut val, Some(elem), "send");
                }
            }
            Stmt::IncDec { x: lhs, inc } => {
                let mut x = Operand::new();
                self.expr(None, &mut x, lhs);
                if !x.is_valid() {
                    return;
                }
                if !self.types.all_numeric(x.ty) {
                    let op = if inc { "++" } else { "--" };
                    let message = format!(
                        "invalid operation: {}{op} (non-numeric type {})",
                        self.expr_str(lhs),
                        self.ty_str(x.ty)
                    );
                    self.error(lhs, Code::NonNumericIncDec, message);
                    return;
                }
                self.assign_operand(lhs, &mut x, "assignment");
            }
            Stmt::Assign { lhs, rhs } => self.assign_vars(ast.exprs(lhs), ast.exprs(rhs)),
            Stmt::Define { lhs, rhs } => self.short_var_decl(s, ast.exprs(lhs), ast.exprs(rhs)),
            Stmt::OpAssign { op, lhs, rhs } => {
                let mut x = Operand::new();
                self.binary(&mut x, None, lhs, rhs, op);
                self.assign_operand(lhs, &mut x, "assignment");
            }
            Stmt::Go(call) => self.suspended_call("go", call),
            Stmt::Defer(call) => self.suspended_call("defer", call),
            Stmt::Return(results) => self.return_stmt(s, ast.exprs(results)),
            Stmt::Block { list, .. } => self.block(list),
            Stmt::If { .. } => self.if_stmt(s),
            Stmt::Switch { init, tag, clauses, rbrace } => {
                self.open_scope();
                if let Some(init) = init {
                    self.stmt(init);
                }
                self.switch_stmt(tag, clauses, rbrace);
                self.close_scope();
            }
            Stmt::TypeSwitch { init, lhs, x, clauses, .. } => {
                self.open_scope();
                if let Some(init) = init {
                    self.stmt(init);
                }
                self.type_switch_stmt(lhs, x, clauses);
                self.close_scope();
            }
            Stmt::Select { clauses, .. } => self.select_stmt(clauses),
            Stmt::For { init, cond, post, body } => {
                self.open_scope();
                if let Some(init) = init {
                    self.stmt(init);
                }
                if let Some(cond) = cond {
                    self.condition(cond, "for");
                }
                if let Some(post) = post {
                    self.stmt(post);
                }
                self.stmt(body);
                self.close_scope();
            }
            Stmt::Range { lhs, define, x, body, .. } => self.range_stmt(s, ast.exprs(lhs), define, x, body),
        }
    }

    /// An expression as a statement: calls and receive operations only.
    fn expr_stmt(&mut self, e: ExprId) {
        let mut x = Operand::new();
        let kind = self.raw_expr(None, &mut x, e, None, false);
        let (code, what) = match x.mode {
            Mode::Builtin => (Code::UncalledBuiltin, "must be called"),
            Mode::TypeExpr => (Code::NotAnExpr, "is not an expression"),
            _ if kind == ExprKind::Statement => return,
            _ => (Code::UnusedExpr, "is not used"),
        };
        let message = format!("{} {what}", self.op_str(&x));
        self.advise_unused_value(&x);
        self.error(&x, code, message);
    }

    /// The call of a `go` or `defer` statement.
    fn suspended_call(&mut self, keyword: &str, call: ExprId) {
        let code = if keyword == "go" { Code::InvalidGo } else { Code::InvalidDefer };
        let ast = self.ast.clone();
        if !matches!(ast.expr(call), crate::syntax::ast::Expr::Call { .. }) {
            self.error(call, code, format!("expression in {keyword} must be function call"));
            self.use_exprs(&[call]);
            return;
        }
        let mut x = Operand::new();
        let (code, what) = match self.raw_expr(None, &mut x, call, None, false) {
            ExprKind::Conversion => (code, "requires function call, not conversion"),
            ExprKind::Expression => (Code::UnusedResults, "discards result of"),
            ExprKind::Statement => return,
        };
        let message = format!("{keyword} {what} {}", self.op_str(&x));
        self.error(&x, code, message);
    }

    fn return_stmt(&mut self, s: StmtId, values: &[ExprId]) {
        let results = self.env.func.as_ref().map(|f| f.results.clone()).unwrap_or_else(|| Rc::new([]));
        let named = results.first().is_some_and(|&r| self.objs[r].name != sym::EMPTY);
        if !values.is_empty() || !named {
            // A function without results may have a plain return only.
            if results.is_empty() && values.is_empty() {
                return;
            }
            self.init_vars(&results, values, Some(s));
            return;
        }
        for &r in results.iter() {
            let Some(alt) = self.lookup(self.objs[r].name).filter(|&alt| alt != r) else { continue };
            let (name, ty) = (self.obj_name(r), self.ty_str(self.objs[r].ty.unwrap_or(TypeId::INVALID)));
            let mut err = self.new_error(Code::OutOfScopeResult);
            self.add_part(&mut err, s, format!("result parameter {name} not in scope at return"));
            self.add_part(&mut err, alt, format!("inner declaration of var {name} {ty}"));
            self.report(err);
        }
    }

    /// An `if` with all the `else if` that follow, each in a scope inside the one before.
    fn if_stmt(&mut self, s: StmtId) {
        let ast = self.ast.clone();
        let mut opened = 0;
        let mut next = Some(s);
        while let Some(s) = next.take() {
            let Stmt::If { init, cond, then, els } = ast.stmt(s) else {
                self.stmt(s);
                break;
            };
            self.open_scope();
            opened += 1;
            if let Some(init) = init {
                self.stmt(init);
            }
            self.condition(cond, "if");
            self.stmt(then);
            next = els;
        }
        for _ in 0..opened {
            self.close_scope();
        }
    }

    fn condition(&mut self, cond: ExprId, what: &str) {
        let mut x = Operand::new();
        self.expr(None, &mut x, cond);
        if x.is_valid() && !self.types.all_boolean(x.ty) {
            self.error(cond, Code::InvalidCond, format!("non-boolean condition in {what} statement"));
        }
    }
}
