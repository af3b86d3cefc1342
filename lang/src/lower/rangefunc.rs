//! Ranges over functions: the body becomes a function that the iterator calls.
//!
//! ```text
//! state := ready
//! f(func(k, v) bool {
//!     if old := state; state = running; old != ready { panic }
//!     body                      // continue: state = ready; return true
//!     state = ready             // break: state = done; return false
//!     return true               // any other way out: next = code; state = done; return false
//! })
//! if state == running { panic }
//! state = exhausted
//! if next == code { next = 0; go there }
//! ```
//!
//! Where "there" lies outside of another range body, that one is left first, in the same way.

use super::Lowerer;
use super::function::{Exit, FnState, RangeBody, Var, expr, int, stmt};
use super::loops::RangeVars;
use super::stmt::state;
use crate::intern::{Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{ExprId, StmtId};
use crate::typed::{Callee, Expr, ExprKind, Stmt, StmtKind, Storage};
use crate::types::TypeId;

impl Lowerer<'_> {
    /// `for vars = range f { body }`.
    pub(crate) fn range_func(
        &mut self,
        vars: &RangeVars<'_>,
        x: ExprId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let f = self.expr(x);
        let sig = self.signature(f.ty);
        let Some(yield_ty) = sig.params.first().map(|p| p.ty) else { return };
        let f = self.hold(f, out);

        // Where to go on is told by a variable that nested loops share.
        let shared = self.cur_ref().range.as_ref().map(|r| r.next);
        let (next, declared) = match shared {
            Some(next) => (next, None),
            None => {
                let (next, local) = self.made_var(TypeId::INT, Storage::Boxed, span);
                (next, Some(local))
            }
        };
        let (state_var, state_local) = self.made_var(TypeId::INT, Storage::Boxed, span);
        out.push(stmt(StmtKind::Decl(state_local, Some(int(state::READY, span))), span));
        let next_at = out.len();

        let range = RangeBody { name, state: state_var, next, exits: Vec::new() };
        let (closure, exits) = self.range_body(vars, body, range, yield_ty, span);
        // The body's function captures the variable if it, or a loop nested in it, leaves other than by its end.
        let shares = |local| matches!(&closure.kind, ExprKind::Closure(_, captured) if captured.contains(&local));
        if let Some(local) = declared
            && (shares(local) || !exits.is_empty())
        {
            out.insert(next_at, stmt(StmtKind::Decl(local, Some(int(0, span))), span));
        }
        let call = expr(ExprKind::Call(Callee::Value(Box::new(f)), vec![closure]), TypeId::EMPTY_TUPLE, span);
        out.push(stmt(StmtKind::Expr(call), span));

        let missing = self.state_panic(int(state::MISSING_PANIC, span), span);
        let test = self.is_int(state_local, state::PANIC, true, span);
        out.push(stmt(StmtKind::If(test, missing, Vec::new()), span));
        let place = self.read(state_local, span);
        out.push(stmt(StmtKind::Assign(place, int(state::EXHAUSTED, span)), span));
        for (exit, code) in exits {
            self.leave_range(exit, code, next, span, out);
        }
    }

    /// Lowers the body as a function. Gives its closure and the ways out of it.
    fn range_body(
        &mut self,
        vars: &RangeVars<'_>,
        body: StmtId,
        range: RangeBody,
        yield_ty: TypeId,
        span: Span,
    ) -> (Expr, Vec<(Exit, i64)>) {
        let func = self.new_func();
        let state = self.cur();
        state.ranges += 1;
        let func_name = format!("{}-range{}", state.name, state.ranges);
        let (pkg, ast, env, facts) = (state.pkg, state.ast.clone(), state.env.clone(), state.facts.clone());
        let state_var = range.state;
        let mut state = FnState::new(func, func_name, pkg, ast.clone(), env, facts);
        state.span = span;
        state.own_labels = state.facts.labels.get(&body).cloned().unwrap_or_default();
        state.range = Some(range);
        let sig = self.signature(yield_ty);
        let mut params = Vec::new();
        for p in &sig.params {
            let local = state.temp(p.ty, span);
            state.params.push(local);
            params.push(expr(ExprKind::Local(local), p.ty, span));
        }
        let ok = state.add_local(sym::EMPTY, TypeId::BOOL, Storage::Register, span);
        state.results.push(ok);
        self.fns.push(state);

        let mut stmts = Vec::new();
        let old = self.made(state_var, span);
        let (old, decl) = self.temp_for(old);
        stmts.push(decl);
        let place = self.made(state_var, span);
        stmts.push(stmt(StmtKind::Assign(place, int(state::PANIC, span)), span));
        let value = self.read(old, span);
        let panic = self.state_panic(value, span);
        let test = self.is_int(old, state::READY, false, span);
        stmts.push(stmt(StmtKind::If(test, panic, Vec::new()), span));
        self.bind_range(vars, params, span, &mut stmts);
        let body_stmts = self.body(body);
        stmts.push(stmt(StmtKind::Block(body_stmts), span));
        let end = self.cur_ref().end;
        self.end_iteration(state::READY, end, &mut stmts);
        let exits = self.cur().range.as_mut().map(|r| std::mem::take(&mut r.exits)).unwrap_or_default();
        (self.close_function(stmts, yield_ty, span), exits)
    }

    /// Panics because the loop is in the wrong state.
    fn state_panic(&mut self, state: Expr, span: Span) -> Vec<Stmt> {
        let Some(func) = self.runtime_func("panicrangestate") else { return Vec::new() };
        let call = expr(ExprKind::Call(Callee::Static(func), vec![state]), TypeId::EMPTY_TUPLE, span);
        vec![stmt(StmtKind::Expr(call), span)]
    }

    /// After the iterator has returned: goes on the way out with this code, if it was taken.
    fn leave_range(&mut self, exit: Exit, code: i64, next: Var, span: Span, out: &mut Vec<Stmt>) {
        let level = self.fns.len() - 1;
        let here = match exit {
            Exit::Return(at)
            | Exit::Break(at, _)
            | Exit::Continue(at, _)
            | Exit::Goto(at, _)
            | Exit::RangeBreak(at)
            | Exit::RangeContinue(at) => at == level,
        };
        let Some(local) = self.var(next) else { return };
        let test = self.is_int(local, code, true, span);
        let mut then = Vec::new();
        if here {
            let place = self.read(local, span);
            then.push(stmt(StmtKind::Assign(place, int(0, span)), span));
            self.jump(Some(exit), span, &mut then);
        } else {
            // The code stays for the loop around this one, which must know of it.
            if let Some(range) = self.cur().range.as_mut()
                && !range.exits.iter().any(|(e, c)| *e == exit && *c == code)
            {
                range.exits.push((exit, code));
            }
            self.end_iteration(state::DONE, span, &mut then);
        }
        out.push(stmt(StmtKind::If(test, then, Vec::new()), span));
    }
}
