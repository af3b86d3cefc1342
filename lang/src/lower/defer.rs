//! `go` and `defer`: function value and arguments are evaluated now, in a closure that makes the call later.

use std::rc::Rc;

use super::Lowerer;
use super::capture::Facts;
use super::function::{FnState, Var, expr, stmt};
use crate::source::Span;
use crate::syntax::ast::{Expr as Node, ExprId};
use crate::typed::{Callee, Expr, ExprKind, LocalId, Stmt, StmtKind, Storage};
use crate::types::{Signature, TypeId};

impl Lowerer<'_> {
    /// `go call` or `defer call`.
    pub(crate) fn go_or_defer(&mut self, call: ExprId, go: bool, span: Span, out: &mut Vec<Stmt>) {
        let ast = self.ast();
        let id = ast.unparen(call);
        let Node::Call { fun, args, .. } = ast.expr(id) else { return };
        let builtin = self.builtin_of(fun).or_else(|| self.builtin_of(ast.unparen(fun)));
        let mut before = Vec::new();
        let closure = if builtin.is_none()
            && args.is_empty()
            && !self.is_type(fun)
            && self.signature(self.ty(fun)).results.is_empty()
            && self.signature(self.ty(fun)).params.is_empty()
        {
            self.plain_call(fun, go, &mut before, span)
        } else {
            let x = self.expr(id);
            self.thunk(x, go, &mut before, span)
        };
        self.start(closure, go, span, &mut before);
        match before.len() {
            1 => out.extend(before),
            _ => out.push(stmt(StmtKind::Block(before), span)),
        }
    }

    fn start(&mut self, closure: Expr, go: bool, span: Span, out: &mut Vec<Stmt>) {
        if go {
            out.push(stmt(StmtKind::Go(closure), span));
            return;
        }
        let level = self.real_level();
        self.fns[level].flags.has_defer = true;
        if level + 1 == self.fns.len() {
            out.push(stmt(StmtKind::Defer(closure), span));
            return;
        }
        // In the body of a range over a function the call is made when the function around it returns.
        if !self.fns[level].vars.contains_key(&Var::DeferToken) {
            let state = &mut self.fns[level];
            let local = state.add_local(crate::intern::sym::EMPTY, TypeId::UINTPTR, Storage::Register, span);
            state.vars.insert(Var::DeferToken, local);
            let token = expr(ExprKind::DeferToken, TypeId::UINTPTR, span);
            state.prologue.push(stmt(StmtKind::Decl(local, Some(token)), span));
        }
        if let Some(local) = self.var(Var::DeferToken) {
            let token = self.read(local, span);
            out.push(stmt(StmtKind::DeferAt(token, closure), span));
        }
    }

    fn thunk_type(&self) -> TypeId {
        self.canonical(self.types().signature(Signature::default()))
    }

    /// A call without arguments and results: what it calls is itself the closure, unless a receiver must be held.
    fn plain_call(&mut self, fun: ExprId, go: bool, before: &mut Vec<Stmt>, span: Span) -> Expr {
        let target = self.call_target(fun);
        let ty = self.thunk_type();
        match (target.callee, target.first) {
            (Callee::Static(func), None) => expr(ExprKind::FuncValue(func), ty, span),
            (Callee::Value(f), None) => *f,
            (callee, first) => {
                let call = ExprKind::Call(callee, first.into_iter().collect());
                self.thunk(expr(call, TypeId::EMPTY_TUPLE, span), go, before, span)
            }
        }
    }

    fn thunk_state(&mut self, go: bool, span: Span) -> FnState {
        let func = self.new_func();
        let state = self.cur();
        state.thunks += 1;
        let kind = if go { "gowrap" } else { "deferwrap" };
        let name = format!("{}.{kind}{}", state.name, state.thunks);
        let (pkg, ast, env) = (state.pkg, state.ast.clone(), state.env.clone());
        let mut state = FnState::new(func, name, pkg, ast, env, Rc::new(Facts::default()));
        state.flags.wrapper = true;
        state.span = span;
        state.end = span;
        state
    }

    /// A closure that does what the top node of `x` does; its operands are evaluated now.
    fn thunk(&mut self, x: Expr, go: bool, before: &mut Vec<Stmt>, span: Span) -> Expr {
        let mut state = self.thunk_state(go, span);
        let mut captured: Vec<LocalId> = Vec::new();
        let x = self.unwrap(x, before);
        let body = self.delay(x, &mut state, &mut captured, before);
        let ty = self.thunk_type();
        state.flags.closure = !captured.is_empty();
        let (id, pkg) = (state.id, self.pkg_path(state.pkg));
        self.funcs[id.index()] = Some(state.finish(&self.prog.types, pkg, vec![stmt(StmtKind::Expr(body), span)]));
        let kind = if captured.is_empty() { ExprKind::FuncValue(id) } else { ExprKind::Closure(id, captured) };
        expr(kind, ty, span)
    }

    /// Moves statements that come before the call itself to where they are executed now.
    fn unwrap(&mut self, x: Expr, before: &mut Vec<Stmt>) -> Expr {
        match x.kind {
            ExprKind::Seq(stmts, value) => {
                before.extend(stmts);
                self.unwrap(*value, before)
            }
            ExprKind::LetTuple(locals, value, body) => {
                let span = x.span;
                let locals = locals.into_iter().map(Some).collect();
                before.push(stmt(StmtKind::DeclTuple(locals, *value), span));
                self.unwrap(*body, before)
            }
            // The value of a deferred call is dropped, and so is what would be made of it.
            ExprKind::Retype(inner) | ExprKind::Convert(_, inner) | ExprKind::ToInterface(inner)
                if matches!(inner.kind, ExprKind::Call(..)) =>
            {
                *inner
            }
            kind => expr(kind, x.ty, x.span),
        }
    }

    /// The same node in the thunk, with its operands captured.
    fn delay(&mut self, x: Expr, state: &mut FnState, captured: &mut Vec<LocalId>, before: &mut Vec<Stmt>) -> Expr {
        let span = x.span;
        let mut hold = |this: &mut Self, x: Expr| -> Expr {
            let value = this.hold(x, before);
            this.capture(value, state, captured)
        };
        let mut boxed = |this: &mut Self, x: Box<Expr>| Box::new(hold(this, *x));
        let kind = match x.kind {
            ExprKind::Call(callee, args) => {
                let callee = match callee {
                    Callee::Static(func) => Callee::Static(func),
                    Callee::Value(f) => Callee::Value(boxed(self, f)),
                    Callee::Interface(recv, index) => {
                        // A nil interface has no method to call later.
                        let (local, decl) = self.temp_for(*recv);
                        let mut check = vec![decl];
                        self.check_nil(local, &mut check, span);
                        let recv = super::function::seq(check, self.read(local, span));
                        Callee::Interface(boxed(self, Box::new(recv)), index)
                    }
                };
                ExprKind::Call(callee, args.into_iter().map(|arg| *boxed(self, Box::new(arg))).collect())
            }
            ExprKind::Panic(v) => ExprKind::Panic(boxed(self, v)),
            // Recovers on behalf of the function that defers it.
            ExprKind::Recover => ExprKind::Recover,
            ExprKind::Print(ln, list) => {
                ExprKind::Print(ln, list.into_iter().map(|v| *boxed(self, Box::new(v))).collect())
            }
            ExprKind::Close(ch) => ExprKind::Close(boxed(self, ch)),
            ExprKind::Clear(v) => ExprKind::Clear(boxed(self, v)),
            ExprKind::Delete(m, k) => {
                let m = boxed(self, m);
                ExprKind::Delete(m, boxed(self, k))
            }
            ExprKind::Copy(dst, src) => {
                let dst = boxed(self, dst);
                ExprKind::Copy(dst, boxed(self, src))
            }
            // Nothing else can be deferred.
            kind => return hold(self, expr(kind, x.ty, span)),
        };
        expr(kind, x.ty, span)
    }

    /// What a value held in the current function is called in the thunk.
    fn capture(&mut self, value: Expr, state: &mut FnState, captured: &mut Vec<LocalId>) -> Expr {
        match value.kind {
            ExprKind::Local(local) => {
                let inner = state.temp(value.ty, value.span);
                state.captures.push((Var::Made(0), inner));
                captured.push(local);
                expr(ExprKind::Local(inner), value.ty, value.span)
            }
            _ => value,
        }
    }
}
