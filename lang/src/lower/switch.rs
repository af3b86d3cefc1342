//! Switches, type switches and selects.

use super::Lowerer;
use super::function::{Target, expr, stmt};
use crate::intern::Symbol;
use crate::source::Span;
use crate::syntax::ast::{Clause, ClauseId, Expr as Node, ExprId, List, Stmt as StmtNode, StmtId, UnaryOp};
use crate::typed::{
    Const, Expr, ExprKind, LabelId, LocalId, SelectCase, SelectComm, Stmt, StmtKind, Storage, SwitchArm,
};
use crate::types::{BasicKind, TypeId};

/// A clause ready to be put together: its condition (none: default) and its body.
struct Arm {
    cond: Option<Expr>,
    body: Vec<Stmt>,
    falls: bool,
    span: Span,
}

impl Lowerer<'_> {
    /// `switch init; tag { clauses }`.
    pub(crate) fn switch_stmt(
        &mut self,
        init: Option<StmtId>,
        tag: Option<ExprId>,
        clauses: List<ClauseId>,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let ast = self.ast();
        let mut all = Vec::new();
        if let Some(init) = init {
            self.stmt(init, None, &mut all);
        }
        let clauses: Vec<Clause> = ast.clauses(clauses).iter().map(|&c| ast.clause(c)).collect();
        let switch = match tag {
            Some(tag) if self.is_constant_switch(tag, &clauses) => {
                let tag = self.expr(tag);
                self.constant_switch(tag, &clauses, name, span)
            }
            _ => {
                let tag = match tag {
                    Some(tag) if self.value_of(tag).and_then(|v| v.as_bool()) != Some(true) => {
                        let value = self.expr(tag);
                        Some(self.hold(value, &mut all))
                    }
                    _ => None,
                };
                self.chained_switch(tag, &clauses, name, span)
            }
        };
        if all.is_empty() {
            out.push(switch);
        } else {
            all.push(switch);
            out.push(stmt(StmtKind::Block(all), span));
        }
    }

    /// Whether all cases are constants of the tag's type, which is an integer or string type.
    fn is_constant_switch(&self, tag: ExprId, clauses: &[Clause]) -> bool {
        let ty = self.ty(tag);
        let Some(kind) = self.types().basic(ty) else { return false };
        if !(kind.is_integer() || kind.is_string()) || kind == BasicKind::UnsafePointer {
            return false;
        }
        let ast = &self.cur_ref().ast;
        clauses.iter().all(|c| {
            ast.exprs(c.cases).iter().all(|&x| self.value_of(x).is_some() && !self.types().is_interface(self.ty(x)))
        })
    }

    fn falls_through(&self, clause: &Clause) -> bool {
        let ast = &self.cur_ref().ast;
        let mut last = ast.stmts(clause.body).iter().rev().copied().find(|&s| !matches!(ast.stmt(s), StmtNode::Empty));
        while let Some(StmtNode::Labeled { stmt, .. }) = last.map(|s| ast.stmt(s)) {
            last = Some(stmt);
        }
        matches!(last.map(|s| ast.stmt(s)), Some(StmtNode::Fallthrough))
    }

    fn switch_label(&mut self, name: Option<Symbol>) -> LabelId {
        let breaks = self.cur().label();
        self.cur().targets.push(Target { name, breaks, plain_break: true, is_loop: false });
        breaks
    }

    fn constant_switch(&mut self, tag: Expr, clauses: &[Clause], name: Option<Symbol>, span: Span) -> Stmt {
        let label = self.switch_label(name);
        let ast = self.ast();
        let ty = tag.ty;
        let mut seen: std::collections::HashSet<Vec<u8>> = std::collections::HashSet::new();
        let mut arms = Vec::new();
        let mut default = None;
        for clause in clauses {
            let mut consts = Vec::new();
            for &case in ast.exprs(clause.cases) {
                let x = self.expr_to(case, ty);
                if let ExprKind::Const(c) = x.kind {
                    // Instances of generic functions can have duplicates; the first one counts.
                    let key = match &c {
                        Const::Str(bytes) => bytes.to_vec(),
                        Const::Int(n) => n.to_le_bytes().to_vec(),
                        _ => continue,
                    };
                    if seen.insert(key) {
                        consts.push(c);
                    }
                }
            }
            if clause.is_default {
                default = Some(arms.len());
            }
            let mut body = Vec::new();
            self.stmts(clause.body, &mut body);
            arms.push(SwitchArm { consts, body, fallthrough: self.falls_through(clause) });
        }
        self.cur().targets.pop();
        stmt(StmtKind::Switch { label, tag, arms, default }, span)
    }

    fn chained_switch(&mut self, tag: Option<Expr>, clauses: &[Clause], name: Option<Symbol>, span: Span) -> Stmt {
        let label = self.switch_label(name);
        let ast = self.ast();
        let mut arms = Vec::new();
        for clause in clauses {
            let mut cond: Option<Expr> = None;
            for &case in ast.exprs(clause.cases) {
                let test = match &tag {
                    None => self.expr(case),
                    Some(tag) => {
                        let tag = super::assign::copy_place(tag);
                        self.case_test(tag, case)
                    }
                };
                cond = Some(either(cond, test));
            }
            let mut body = Vec::new();
            self.stmts(clause.body, &mut body);
            arms.push(Arm { cond, body, falls: self.falls_through(clause), span: clause.span });
        }
        self.cur().targets.pop();
        self.chain(arms, label, span)
    }

    fn case_test(&mut self, tag: Expr, case: ExprId) -> Expr {
        let span = self.ast().error_span(case);
        if self.is_nil(case) {
            return expr(ExprKind::IsNil(true, Box::new(tag)), TypeId::BOOL, span);
        }
        let case = if self.value_of(case).is_some() && !self.types().is_interface(tag.ty) {
            self.expr_to(case, tag.ty)
        } else {
            self.expr(case)
        };
        self.equal(tag, case, span)
    }

    /// Clauses as a flat list of tests, of which the first that holds decides.
    fn chain(&mut self, arms: Vec<Arm>, label: LabelId, span: Span) -> Stmt {
        let mut out = Vec::new();
        if arms.iter().any(|arm| arm.falls) {
            // Tests first, then the bodies one after the other.
            let labels: Vec<LabelId> = arms.iter().map(|_| self.cur().label()).collect();
            let mut last = StmtKind::Break(label);
            let mut bodies = Vec::new();
            for (i, arm) in arms.into_iter().enumerate() {
                let go = StmtKind::Goto(labels[i]);
                match arm.cond {
                    Some(cond) => out.push(stmt(StmtKind::If(cond, vec![stmt(go, arm.span)], Vec::new()), arm.span)),
                    None => last = go,
                }
                bodies.push(stmt(StmtKind::Label(labels[i]), arm.span));
                bodies.push(stmt(StmtKind::Block(arm.body), arm.span));
                if !arm.falls {
                    bodies.push(stmt(StmtKind::Break(label), arm.span));
                }
            }
            out.push(stmt(last, span));
            out.extend(bodies);
            return stmt(StmtKind::Breakable(label, out), span);
        }
        let mut default = Vec::new();
        for arm in arms {
            let mut body = arm.body;
            match arm.cond {
                Some(cond) => {
                    body.push(stmt(StmtKind::Break(label), arm.span));
                    out.push(stmt(StmtKind::If(cond, body, Vec::new()), arm.span));
                }
                None => default = vec![stmt(StmtKind::Block(body), arm.span)],
            }
        }
        out.extend(default);
        stmt(StmtKind::Breakable(label, out), span)
    }

    /// `switch init; v := x.(type) { clauses }`.
    pub(crate) fn type_switch(
        &mut self,
        init: Option<StmtId>,
        x: ExprId,
        clauses: List<ClauseId>,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let ast = self.ast();
        let mut all = Vec::new();
        if let Some(init) = init {
            self.stmt(init, None, &mut all);
        }
        let value = self.expr(x);
        let (x, decl) = self.temp_for(value);
        all.push(decl);
        let label = self.switch_label(name);
        let mut arms = Vec::new();
        for &id in ast.clauses(clauses) {
            let clause = ast.clause(id);
            let mut cond: Option<Expr> = None;
            let mut single = None;
            let cases = ast.exprs(clause.cases);
            for &case in cases {
                let span = ast.error_span(case);
                let value = self.read(x, span);
                let test = if self.is_nil(case) {
                    expr(ExprKind::IsNil(true, Box::new(value)), TypeId::BOOL, span)
                } else {
                    let target = self.ty(case);
                    self.note_asserted(target);
                    single = Some(target);
                    expr(ExprKind::TypeTest(Box::new(value), target), TypeId::BOOL, span)
                };
                cond = Some(either(cond, test));
            }
            let mut body = Vec::new();
            if let Some(&obj) = self.info().clause_vars.get(&id) {
                let value = self.read(x, clause.span);
                let value = match single {
                    Some(target) if cases.len() == 1 => {
                        let kind = ExprKind::TypeAssert { x: Box::new(value), target, comma_ok: false };
                        expr(kind, target, clause.span)
                    }
                    _ => value,
                };
                let ty = self.variable_type(obj);
                let value = self.assign_to(value, ty);
                let local = self.declare(obj);
                body.push(stmt(StmtKind::Decl(local, Some(value)), clause.span));
            }
            self.stmts(clause.body, &mut body);
            arms.push(Arm { cond, body, falls: false, span: clause.span });
        }
        self.cur().targets.pop();
        let switch = self.chain(arms, label, span);
        all.push(switch);
        out.push(stmt(StmtKind::Block(all), span));
    }

    /// `select { clauses }`.
    pub(crate) fn select_stmt(
        &mut self,
        clauses: List<ClauseId>,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let ast = self.ast();
        let label = self.switch_label(name);
        let mut cases = Vec::new();
        let mut default = None;
        for &id in ast.clauses(clauses) {
            let clause = ast.clause(id);
            let mut body = Vec::new();
            let comm = clause.comm.map(|comm| self.communication(comm, &mut body));
            self.stmts(clause.body, &mut body);
            match comm {
                Some(comm) => cases.push(SelectCase { comm, body, span: clause.span }),
                None => default = Some(body),
            }
        }
        self.cur().targets.pop();
        out.push(stmt(StmtKind::Select { label, cases, default }, span));
    }

    /// A select clause's communication; what follows it at once goes to `body`.
    fn communication(&mut self, id: StmtId, body: &mut Vec<Stmt>) -> SelectComm {
        let ast = self.ast();
        let span = ast.error_span(id);
        match ast.stmt(id) {
            StmtNode::Send { chan, value } => {
                let chan = self.expr(chan);
                let elem = self.chan_elem(chan.ty);
                let value = self.expr_to(value, elem);
                SelectComm::Send(chan, value)
            }
            StmtNode::Expr(x) => {
                let chan = self.received(x);
                SelectComm::Recv { chan, value: None, ok: None }
            }
            StmtNode::Assign { lhs, rhs } | StmtNode::Define { lhs, rhs } => {
                let define = matches!(ast.stmt(id), StmtNode::Define { .. });
                let lhs = ast.exprs(lhs);
                let chan = self.received(ast.exprs(rhs)[0]);
                let elem = self.chan_elem(chan.ty);
                let mut locals: [Option<LocalId>; 2] = [None, None];
                let mut later = Vec::new();
                for (i, (&x, ty)) in lhs.iter().zip([elem, TypeId::BOOL]).enumerate() {
                    if ast.name(ast.unparen(x)) == Some(crate::intern::sym::BLANK) {
                        continue;
                    }
                    let new = if define { self.declares(x) } else { None };
                    if let Some(obj) = new
                        && self.variable_type(obj) == ty
                    {
                        let local = self.declare(obj);
                        if self.cur_ref().locals[local.index()].storage == Storage::Register {
                            locals[i] = Some(local);
                            continue;
                        }
                        let temp = self.temp(ty, span);
                        locals[i] = Some(temp);
                        let value = self.read(temp, span);
                        body.push(stmt(StmtKind::Decl(local, Some(value)), span));
                        continue;
                    }
                    let temp = self.temp(ty, span);
                    locals[i] = Some(temp);
                    later.push((new, x, temp));
                }
                let mut pairs = Vec::new();
                for (new, x, temp) in later {
                    let value = self.read(temp, span);
                    match new {
                        Some(obj) => {
                            let ty = self.variable_type(obj);
                            let value = self.assign_to(value, ty);
                            let local = self.declare(obj);
                            body.push(stmt(StmtKind::Decl(local, Some(value)), span));
                        }
                        None => {
                            let place = self.expr(x);
                            let value = self.assign_to(value, place.ty);
                            pairs.push((Some(place), value));
                        }
                    }
                }
                if !pairs.is_empty() {
                    body.push(stmt(StmtKind::AssignMany(pairs), span));
                }
                SelectComm::Recv { chan, value: locals[0], ok: locals[1] }
            }
            _ => {
                let nil = expr(ExprKind::Zero, TypeId::INVALID, span);
                SelectComm::Recv { chan: nil, value: None, ok: None }
            }
        }
    }

    /// The channel of a receive expression.
    fn received(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        match ast.expr(ast.unparen(id)) {
            Node::Unary { op: UnaryOp::Recv, x } => self.expr(x),
            _ => self.expr(id),
        }
    }
}

/// `a || b`.
fn either(a: Option<Expr>, b: Expr) -> Expr {
    match a {
        None => b,
        Some(a) => {
            let span = a.span;
            expr(ExprKind::Or(Box::new(a), Box::new(b)), TypeId::BOOL, span)
        }
    }
}
