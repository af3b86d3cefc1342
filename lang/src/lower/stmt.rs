//! Statements: blocks, declarations, returns, labels and jumps.

use super::Lowerer;
use super::function::{Exit, Target, Var, boolean, expr, int, stmt};
use crate::intern::Symbol;
use crate::source::Span;
use crate::syntax::ast::{Decl, DeclId, ExprId, List, Stmt as Node, StmtId};
use crate::typed::{Expr, ExprKind, LabelId, Stmt, StmtKind};

/// States of a range over a function.
pub(crate) mod state {
    /// The loop is over.
    pub(crate) const DONE: i64 = 0;
    /// The body may be called.
    pub(crate) const READY: i64 = 1;
    /// The body is running, or has panicked.
    pub(crate) const PANIC: i64 = 2;
    /// The iterator has returned.
    pub(crate) const EXHAUSTED: i64 = 3;
    /// The iterator swallowed the body's panic.
    pub(crate) const MISSING_PANIC: i64 = 4;
}

impl Lowerer<'_> {
    /// The statements of a function's body.
    pub(crate) fn body(&mut self, id: StmtId) -> Vec<Stmt> {
        let ast = self.ast();
        let Node::Block { list, rbrace } = ast.stmt(id) else { return Vec::new() };
        self.cur().end = rbrace.span();
        let mut out = Vec::new();
        self.stmts(list, &mut out);
        out
    }

    /// A list of statements.
    pub(crate) fn stmts(&mut self, list: List<StmtId>, out: &mut Vec<Stmt>) {
        let ast = self.ast();
        for &id in ast.stmts(list) {
            self.stmt(id, None, out);
        }
    }

    /// A block's statements as a list of their own.
    pub(crate) fn block(&mut self, id: StmtId) -> Vec<Stmt> {
        let ast = self.ast();
        let mut out = Vec::new();
        match ast.stmt(id) {
            Node::Block { list, .. } => self.stmts(list, &mut out),
            _ => self.stmt(id, None, &mut out),
        }
        out
    }

    /// One statement; `label` is the label right before it.
    pub(crate) fn stmt(&mut self, id: StmtId, label: Option<Symbol>, out: &mut Vec<Stmt>) {
        let ast = self.ast();
        let span = ast.error_span(id);
        match ast.stmt(id) {
            Node::Empty => {}
            Node::Labeled { label, stmt: inner } => {
                let Some(name) = ast.name(label) else { return };
                if self.cur_ref().facts.gotos.contains(&name) {
                    let target = self.cur().named_label(name);
                    out.push(stmt(StmtKind::Label(target), span));
                }
                self.stmt(inner, Some(name), out);
            }
            Node::Block { .. } => {
                let inner = match label {
                    Some(_) => self.breakable(label, false, span, |this, _| this.block(id)),
                    None => stmt(StmtKind::Block(self.block(id)), span),
                };
                out.push(inner);
            }
            Node::Expr(x) => {
                if self.show(id, out) {
                    return;
                }
                let x = self.expr(x);
                out.push(stmt(StmtKind::Expr(x), span));
            }
            Node::Send { chan, value } => {
                let chan = self.expr(chan);
                let elem = self.chan_elem(chan.ty);
                let value = self.expr_to(value, elem);
                out.push(stmt(StmtKind::Send(chan, value), span));
            }
            Node::Decl(decls) => {
                for &decl in ast.decls(decls) {
                    self.decl(decl, span, out);
                }
            }
            Node::Assign { lhs, rhs } => self.assign(ast.exprs(lhs), ast.exprs(rhs), span, out),
            Node::Define { lhs, rhs } => self.define(ast.exprs(lhs), ast.exprs(rhs), span, out),
            Node::OpAssign { op, lhs, rhs } => self.op_assign(op, lhs, rhs, span, out),
            Node::IncDec { x, inc } => self.inc_dec(x, inc, span, out),
            Node::Break(None) => {
                let jump = self.plain_jump(false);
                self.jump(jump, span, out);
            }
            Node::Continue(None) => {
                let jump = self.plain_jump(true);
                self.jump(jump, span, out);
            }
            Node::Break(Some(label)) | Node::Continue(Some(label)) => {
                let Some(name) = ast.name(label) else { return };
                let jump = self.labelled_jump(name, matches!(ast.stmt(id), Node::Continue(_)));
                self.jump(jump, span, out);
            }
            Node::Goto(label) => {
                let Some(name) = ast.name(label) else { return };
                let jump = self.goto(name);
                self.jump(Some(jump), span, out);
            }
            // Switches look for it at the end of their clauses.
            Node::Fallthrough => {}
            Node::Go(call) => self.go_or_defer(call, true, span, out),
            Node::Defer(call) => self.go_or_defer(call, false, span, out),
            Node::Return(values) => self.return_stmt(ast.exprs(values), span, out),
            Node::If { .. } => self.if_stmt(id, label, out),
            Node::For { init, cond, post, body } => self.for_stmt(init, cond, post, body, label, span, out),
            Node::Range { lhs, define, x, body, .. } => {
                self.range_stmt(ast.exprs(lhs), define, x, body, label, span, out);
            }
            Node::Switch { init, tag, clauses, .. } => self.switch_stmt(init, tag, clauses, label, span, out),
            Node::TypeSwitch { init, x, clauses, .. } => self.type_switch(init, x, clauses, label, span, out),
            Node::Select { clauses, .. } => self.select_stmt(clauses, label, span, out),
        }
    }

    /// A statement that `break` leaves.
    pub(crate) fn breakable(
        &mut self,
        name: Option<Symbol>,
        plain_break: bool,
        span: Span,
        body: impl FnOnce(&mut Self, LabelId) -> Vec<Stmt>,
    ) -> Stmt {
        let breaks = self.cur().label();
        self.cur().targets.push(Target { name, breaks, plain_break, is_loop: false });
        let stmts = body(self, breaks);
        self.cur().targets.pop();
        stmt(StmtKind::Breakable(breaks, stmts), span)
    }

    /// `if`, with its chain of `else if`s.
    fn if_stmt(&mut self, id: StmtId, label: Option<Symbol>, out: &mut Vec<Stmt>) {
        let ast = self.ast();
        if label.is_some() {
            let span = ast.error_span(id);
            let inner = self.breakable(label, false, span, |this, _| {
                let mut out = Vec::new();
                this.if_stmt(id, None, &mut out);
                out
            });
            out.push(inner);
            return;
        }
        // A chain may be long; it is nested from its end.
        struct Link {
            before: Vec<Stmt>,
            cond: Expr,
            then: Vec<Stmt>,
            span: Span,
        }
        let mut links: Vec<Link> = Vec::new();
        let mut last: Vec<Stmt> = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at {
            let Node::If { init, cond, then, els } = ast.stmt(id) else {
                last = self.block(id);
                break;
            };
            let mut before = Vec::new();
            if let Some(init) = init {
                self.stmt(init, None, &mut before);
            }
            let cond = self.condition(cond);
            let then = self.block(then);
            links.push(Link { before, cond, then, span: ast.error_span(id) });
            at = els;
        }
        let mut rest = last;
        while let Some(Link { mut before, cond, then, span }) = links.pop() {
            let test = stmt(StmtKind::If(cond, then, rest), span);
            rest = if before.is_empty() {
                vec![test]
            } else {
                before.push(test);
                vec![stmt(StmtKind::Block(before), span)]
            };
        }
        out.extend(rest);
    }

    /// A condition.
    pub(crate) fn condition(&mut self, id: ExprId) -> Expr {
        self.expr(id)
    }

    fn decl(&mut self, id: DeclId, span: Span, out: &mut Vec<Stmt>) {
        let ast = self.ast();
        let Decl::Var { names, values, .. } = ast.decl(id) else { return };
        let names = ast.exprs(names);
        if values.is_empty() {
            for &name in names {
                if let Some(obj) = self.object_of(name).filter(|&obj| self.prog.objs[obj].is_var()) {
                    if self.is_package_var(obj) {
                        let place = self.variable(obj, span);
                        let zero = expr(ExprKind::Zero, place.ty, span);
                        out.push(stmt(StmtKind::Assign(place, zero), span));
                        continue;
                    }
                    let local = self.declare(obj);
                    out.push(stmt(StmtKind::Decl(local, None), span));
                }
            }
            return;
        }
        self.define(names, ast.exprs(values), span, out);
    }

    /// `return values`.
    fn return_stmt(&mut self, values: &[ExprId], span: Span, out: &mut Vec<Stmt>) {
        let level = self.real_level();
        if level + 1 != self.fns.len() {
            self.return_from_range(level, values, span, out);
            return;
        }
        let wants: Vec<_> = self.cur_ref().results.iter().map(|&r| self.cur_ref().locals[r.index()].ty).collect();
        let values = self.values(values, &wants, span, out);
        out.push(stmt(StmtKind::Return(values), span));
    }

    /// Values for variables of the given types. A call of several values stays whole if nothing needs converting.
    pub(crate) fn values(
        &mut self,
        values: &[ExprId],
        wants: &[crate::types::TypeId],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Vec<Expr> {
        if let [one] = *values
            && wants.len() > 1
            && let Some(parts) = self.tuple_call(one)
        {
            let call = self.expr(one);
            if parts == wants {
                return vec![call];
            }
            let locals: Vec<_> = parts.iter().map(|&t| self.temp(t, span)).collect();
            let decl = StmtKind::DeclTuple(locals.iter().map(|&local| Some(local)).collect(), call);
            out.push(stmt(decl, span));
            return locals
                .iter()
                .zip(wants)
                .map(|(&local, &want)| {
                    let x = self.read(local, span);
                    self.assign_to(x, want)
                })
                .collect();
        }
        values.iter().zip(wants).map(|(&x, &want)| self.expr_to(x, want)).collect()
    }

    /// Return from the body of a range over a function: the results of the function around it are set first.
    fn return_from_range(&mut self, level: usize, values: &[ExprId], span: Span, out: &mut Vec<Stmt>) {
        if !values.is_empty() {
            let results = self.fns[level].results.clone();
            let wants: Vec<_> = results.iter().map(|&r| self.fns[level].locals[r.index()].ty).collect();
            let values = self.values(values, &wants, span, out);
            let mut places = Vec::new();
            for i in 0..results.len() {
                if let Some(local) = self.var(Var::Result(i as u32)) {
                    places.push(self.read(local, span));
                }
            }
            if values.len() == 1 && places.len() > 1 {
                let mut values = values;
                let places = places.into_iter().map(Some).collect();
                out.push(stmt(StmtKind::AssignTuple(places, values.remove(0)), span));
            } else {
                let pairs = places.into_iter().map(Some).zip(values).collect();
                out.push(stmt(StmtKind::AssignMany(pairs), span));
            }
        }
        self.jump(Some(Exit::Return(level)), span, out);
    }

    /// Where an unlabelled break or continue goes.
    fn plain_jump(&self, continues: bool) -> Option<Exit> {
        let level = self.fns.len() - 1;
        let state = self.cur_ref();
        let target = state.targets.iter().rev().find(|t| if continues { t.is_loop } else { t.plain_break });
        match target {
            Some(t) if continues => Some(Exit::Continue(level, t.breaks)),
            Some(t) => Some(Exit::Break(level, t.breaks)),
            None if state.range.is_some() && continues => Some(Exit::RangeContinue(level)),
            None if state.range.is_some() => Some(Exit::RangeBreak(level)),
            None => None,
        }
    }

    /// Where a labelled break or continue goes.
    fn labelled_jump(&self, name: Symbol, continues: bool) -> Option<Exit> {
        let mut level = self.fns.len() - 1;
        loop {
            let state = &self.fns[level];
            if let Some(t) = state.targets.iter().rev().find(|t| t.name == Some(name)) {
                return Some(if continues { Exit::Continue(level, t.breaks) } else { Exit::Break(level, t.breaks) });
            }
            let range = state.range.as_ref()?;
            if range.name == Some(name) {
                return Some(if continues { Exit::RangeContinue(level) } else { Exit::RangeBreak(level) });
            }
            level = level.checked_sub(1)?;
        }
    }

    fn goto(&mut self, name: Symbol) -> Exit {
        let mut level = self.fns.len() - 1;
        while level > 0 && self.fns[level].range.is_some() && !self.fns[level].own_labels.contains(&name) {
            level -= 1;
        }
        let label = self.fns[level].named_label(name);
        Exit::Goto(level, label)
    }

    /// Goes where `exit` says, from the innermost function.
    pub(crate) fn jump(&mut self, exit: Option<Exit>, span: Span, out: &mut Vec<Stmt>) {
        let Some(exit) = exit else { return };
        let level = self.fns.len() - 1;
        let kind = match exit {
            Exit::Return(at) if at == level => StmtKind::Return(Vec::new()),
            Exit::Break(at, label) if at == level => StmtKind::Break(label),
            Exit::Continue(at, label) if at == level => StmtKind::Continue(label),
            Exit::Goto(at, label) if at == level => StmtKind::Goto(label),
            Exit::RangeContinue(at) if at == level => {
                self.end_iteration(state::READY, span, out);
                return;
            }
            Exit::RangeBreak(at) if at == level => {
                self.end_iteration(state::DONE, span, out);
                return;
            }
            _ => {
                let code = self.exit_code(exit);
                let Some(next) = self.cur_ref().range.as_ref().map(|r| r.next) else { return };
                if let Some(next) = self.var(next) {
                    let place = self.read(next, span);
                    out.push(stmt(StmtKind::Assign(place, int(code, span)), span));
                }
                self.end_iteration(state::DONE, span, out);
                return;
            }
        };
        out.push(stmt(kind, span));
    }

    /// Leaves the body of a range over a function, whose loop gets a new state.
    pub(crate) fn end_iteration(&mut self, new: i64, span: Span, out: &mut Vec<Stmt>) {
        let Some(var) = self.cur_ref().range.as_ref().map(|r| r.state) else { return };
        if let Some(local) = self.var(var) {
            let place = self.read(local, span);
            out.push(stmt(StmtKind::Assign(place, int(new, span)), span));
        }
        out.push(stmt(StmtKind::Return(vec![boolean(new == state::READY, span)]), span));
    }

    /// The code of a way out of the innermost range body.
    pub(crate) fn exit_code(&mut self, exit: Exit) -> i64 {
        let real = self.real_level();
        let known =
            self.cur_ref().range.as_ref().and_then(|r| r.exits.iter().find(|(e, _)| *e == exit).map(|&(_, c)| c));
        if let Some(code) = known {
            return code;
        }
        self.fns[real].exit_codes += 1;
        let code = self.fns[real].exit_codes;
        if let Some(range) = self.cur().range.as_mut() {
            range.exits.push((exit, code));
        }
        code
    }

    /// `x == n` for an `int` variable.
    pub(crate) fn is_int(&self, local: crate::typed::LocalId, n: i64, equal: bool, span: Span) -> Expr {
        let op = if equal { crate::typed::CmpOp::Eq } else { crate::typed::CmpOp::Ne };
        let x = self.read(local, span);
        expr(ExprKind::Compare(op, Box::new(x), Box::new(int(n, span))), crate::types::TypeId::BOOL, span)
    }
}
