//! Loops: `for` with its clauses, and ranges over everything but functions.

use super::Lowerer;
use super::function::{Target, Var, expr, int, stmt};
use crate::constant::Value;
use crate::intern::{Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{ExprId, StmtId};
use crate::typed::{BinOp, CmpOp, Expr, ExprKind, LabelId, LocalId, Stmt, StmtKind, Storage, UnOp};
use crate::types::{ObjId, Type, TypeId};

/// A range clause's left-hand side.
pub(crate) struct RangeVars<'a> {
    pub(crate) lhs: &'a [ExprId],
    pub(crate) define: bool,
}

impl Lowerer<'_> {
    /// A loop: pushes its target, lowers the body, and puts it together.
    fn looping(
        &mut self,
        name: Option<Symbol>,
        cond: Option<Expr>,
        before: Vec<Stmt>,
        body: StmtId,
        span: Span,
        post: impl FnOnce(&mut Self) -> Vec<Stmt>,
    ) -> Stmt {
        let label = self.loop_label(name);
        self.loop_with(label, cond, before, body, span, post)
    }

    fn loop_label(&mut self, name: Option<Symbol>) -> LabelId {
        let label = self.cur().label();
        self.cur().targets.push(Target { name, breaks: label, plain_break: true, is_loop: true });
        label
    }

    fn loop_with(
        &mut self,
        label: LabelId,
        cond: Option<Expr>,
        mut before: Vec<Stmt>,
        body: StmtId,
        span: Span,
        post: impl FnOnce(&mut Self) -> Vec<Stmt>,
    ) -> Stmt {
        before.extend(self.block(body));
        self.cur().targets.pop();
        let post = post(self);
        stmt(StmtKind::Loop { label, cond, body: before, post }, span)
    }

    /// `for init; cond; post { body }`.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn for_stmt(
        &mut self,
        init: Option<StmtId>,
        cond: Option<ExprId>,
        post: Option<StmtId>,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let mut all = Vec::new();
        if let Some(init) = init {
            self.stmt(init, None, &mut all);
        }
        // Variables on the heap are new ones in each iteration.
        let boxed: Vec<LocalId> = all
            .iter()
            .flat_map(|s| match &s.kind {
                StmtKind::Decl(local, _) => vec![*local],
                StmtKind::DeclTuple(locals, _) => locals.iter().copied().flatten().collect(),
                _ => Vec::new(),
            })
            .filter(|local| self.cur_ref().locals[local.index()].storage == Storage::Boxed)
            .collect();
        let cond =
            cond.filter(|&c| self.value_of(c).and_then(|v| v.as_bool()) != Some(true)).map(|c| self.condition(c));
        let looping = self.looping(name, cond, Vec::new(), body, span, |this| {
            let mut stmts = Vec::new();
            for local in boxed {
                let old = this.read(local, span);
                let (temp, decl) = this.temp_for(old);
                stmts.push(decl);
                let value = this.read(temp, span);
                stmts.push(stmt(StmtKind::Decl(local, Some(value)), span));
            }
            if let Some(post) = post {
                this.stmt(post, None, &mut stmts);
            }
            stmts
        });
        if all.is_empty() {
            out.push(looping);
        } else {
            all.push(looping);
            out.push(stmt(StmtKind::Block(all), span));
        }
    }

    /// `for lhs = range x { body }`.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn range_stmt(
        &mut self,
        lhs: &[ExprId],
        define: bool,
        x: ExprId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let ty = self.range_type(x, lhs, define);
        // `for range ch`, `for _ = range x` and the like want nothing.
        let used = lhs.iter().rposition(|&v| !self.is_blank_name(v)).map_or(0, |last| last + 1);
        let is_func = matches!(self.under(ty), Type::Signature(_));
        let vars = RangeVars { lhs: if is_func { lhs } else { &lhs[..used] }, define };
        let mut all = Vec::new();
        match self.under(ty) {
            Type::Basic(kind) if kind.is_string() => self.range_string(&vars, x, body, name, span, &mut all),
            Type::Basic(_) => self.range_int(&vars, x, ty, body, name, span, &mut all),
            Type::Array { .. } | Type::Slice(_) | Type::Pointer(_) => {
                self.range_indexed(&vars, x, body, name, span, &mut all);
            }
            Type::Map { key, elem } => {
                let (key, elem) = (self.canonical(key), self.canonical(elem));
                self.range_map(&vars, x, key, elem, body, name, span, &mut all);
            }
            Type::Chan { .. } => self.range_chan(&vars, x, body, name, span, &mut all),
            Type::Signature(_) => {
                self.range_func(&vars, x, body, name, span, &mut all);
            }
            _ => {}
        }
        out.push(stmt(StmtKind::Block(all), span));
    }

    /// The type ranged over: of an untyped constant, that of the variable.
    fn range_type(&mut self, x: ExprId, lhs: &[ExprId], define: bool) -> TypeId {
        let ty = self.ty(x);
        if self.value_of(x).is_some()
            && self.types().is_integer(ty)
            && let Some(&var) = lhs.first()
            && !self.is_blank_name(var)
        {
            return match self.declares(var) {
                Some(obj) if define => self.variable_type(obj),
                _ => self.ty(var),
            };
        }
        ty
    }

    fn is_blank_name(&self, id: ExprId) -> bool {
        let ast = &self.cur_ref().ast;
        ast.name(ast.unparen(id)) == Some(sym::BLANK)
    }

    /// Gives the values of an iteration to the variables of a range clause.
    pub(crate) fn bind_range(&mut self, vars: &RangeVars<'_>, values: Vec<Expr>, span: Span, out: &mut Vec<Stmt>) {
        if vars.define {
            for (&var, value) in vars.lhs.iter().zip(values) {
                let Some(obj) = self.declares(var) else { continue };
                let ty = self.variable_type(obj);
                let value = self.assign_to(value, ty);
                let local = self.declare(obj);
                out.push(stmt(StmtKind::Decl(local, Some(value)), span));
            }
            return;
        }
        let mut pairs = Vec::new();
        for (&var, value) in vars.lhs.iter().zip(values) {
            if self.is_blank_name(var) {
                continue;
            }
            let place = self.expr(var);
            let value = self.assign_to(value, place.ty);
            pairs.push((Some(place), value));
        }
        match pairs.len() {
            0 => {}
            1 => {
                if let Some((Some(place), value)) = pairs.pop() {
                    out.push(stmt(StmtKind::Assign(place, value), span));
                }
            }
            _ => out.push(stmt(StmtKind::AssignMany(pairs), span)),
        }
    }

    /// The variable declared at a place of a range clause, if it never changes, so that a hidden counter can be it.
    fn stable_var(&self, vars: &RangeVars<'_>, at: usize) -> Option<ObjId> {
        let obj = self.declares(*vars.lhs.get(at).filter(|_| vars.define)?)?;
        self.is_stable(obj).then_some(obj)
    }

    /// A counter from 0: the range variable itself if that does not change in the body. Gives the counter and whether the variable
    /// needs a value of its own in each iteration.
    fn counter(&mut self, vars: &RangeVars<'_>, ty: TypeId, span: Span, out: &mut Vec<Stmt>) -> (LocalId, bool) {
        let zero = self.constant(&Value::Int(0), ty, span);
        let (local, bind) = match self.stable_var(vars, 0) {
            Some(obj) if self.variable_type(obj) == ty => (self.declare(obj), false),
            _ => (self.temp(ty, span), !vars.lhs.is_empty()),
        };
        out.push(stmt(StmtKind::Decl(local, Some(zero)), span));
        (local, bind)
    }

    fn less(&self, x: LocalId, limit: Expr, span: Span) -> Expr {
        let x = self.read(x, span);
        expr(ExprKind::Compare(CmpOp::Lt, Box::new(x), Box::new(limit)), TypeId::BOOL, span)
    }

    fn increment(&mut self, x: LocalId, span: Span) -> Stmt {
        let place = self.read(x, span);
        let one = self.constant(&Value::Int(1), place.ty, span);
        stmt(StmtKind::OpAssign(BinOp::Add, place, one), span)
    }

    #[allow(clippy::too_many_arguments)]
    fn range_int(
        &mut self,
        vars: &RangeVars<'_>,
        x: ExprId,
        ty: TypeId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let limit = self.expr_to(x, ty);
        let limit = self.hold(limit, out);
        let (i, bind) = self.counter(vars, ty, span, out);
        let cond = self.less(i, limit, span);
        let mut before = Vec::new();
        if bind {
            let value = self.read(i, span);
            self.bind_range(vars, vec![value], span, &mut before);
        }
        let looping = self.looping(name, Some(cond), before, body, span, |this| vec![this.increment(i, span)]);
        out.push(looping);
    }

    fn range_indexed(
        &mut self,
        vars: &RangeVars<'_>,
        x: ExprId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let wants_value = vars.lhs.len() > 1;
        let ty = self.ty(x);
        let array = match self.under(ty) {
            Type::Array { len, .. } => Some(len),
            Type::Pointer(base) => match self.under(base) {
                Type::Array { len, .. } => Some(len),
                _ => None,
            },
            _ => None,
        };
        let is_pointer = matches!(self.under(ty), Type::Pointer(_));
        // What elements are taken from. The operand is not evaluated if only the length of an array is wanted.
        let mut source = None;
        if array.is_none() || wants_value || self.evaluates(x) {
            let value = self.expr(x);
            let stable = match value.kind {
                ExprKind::Local(_) => self.local_object(x).is_some_and(|obj| self.is_stable(obj)),
                _ => false,
            };
            let held = if stable {
                value
            } else {
                let (temp, decl) = self.temp_for(value);
                out.push(decl);
                self.read(temp, span)
            };
            source = Some(held);
        }
        let limit = match (array, &source) {
            (Some(len), _) => int(len, span),
            (None, Some(x)) => {
                let len = expr(ExprKind::Len(Box::new(super::assign::copy_place(x))), TypeId::INT, span);
                self.hold(len, out)
            }
            (None, None) => int(0, span),
        };
        let (i, bind) = self.counter(vars, TypeId::INT, span, out);
        let cond = self.less(i, limit, span);
        let mut before = Vec::new();
        let element = source.filter(|_| wants_value).map(|x| {
            let base = if is_pointer { self.deref(x, span) } else { x };
            let elem = self.elem(base.ty);
            let index = self.read(i, span);
            expr(ExprKind::Index(Box::new(base), Box::new(index)), elem, span)
        });
        if bind {
            let mut values = vec![self.read(i, span)];
            values.extend(element);
            self.bind_range(vars, values, span, &mut before);
        } else if let Some(element) = element {
            let rest = RangeVars { lhs: &vars.lhs[1..], define: vars.define };
            self.bind_range(&rest, vec![element], span, &mut before);
        }
        let looping = self.looping(name, Some(cond), before, body, span, |this| vec![this.increment(i, span)]);
        out.push(looping);
    }

    /// Whether ranging over an array's indices evaluates the array: it has calls or receive operations.
    fn evaluates(&self, x: ExprId) -> bool {
        use crate::syntax::ast::{Expr as Node, UnaryOp};
        let ast = &self.cur_ref().ast;
        let mut todo = vec![x];
        while let Some(id) = todo.pop() {
            if self.value_of(id).is_some() {
                continue;
            }
            match ast.expr(id) {
                Node::Call { fun, args, .. } => {
                    if !self.is_type(fun) {
                        return true;
                    }
                    todo.extend(ast.exprs(args));
                }
                Node::Unary { op: UnaryOp::Recv, .. } => return true,
                Node::Unary { x, .. } | Node::Paren(x) | Node::Star(x) | Node::Selector { x, .. } => todo.push(x),
                Node::Index { x, indices } => {
                    todo.push(x);
                    todo.extend(ast.exprs(indices));
                }
                Node::Binary { x, y, .. } => todo.extend([x, y]),
                Node::CompositeLit { elems, .. } => todo.extend(ast.exprs(elems)),
                Node::KeyValue { key, value } => todo.extend([key, value]),
                _ => {}
            }
        }
        false
    }

    /// The local variable that an expression is, if it is nothing but one.
    fn local_object(&self, x: ExprId) -> Option<ObjId> {
        let ast = &self.cur_ref().ast;
        let id = ast.unparen(x);
        ast.name(id)?;
        self.object_of(id).filter(|&obj| self.prog.objs[obj].is_var())
    }

    fn range_string(
        &mut self,
        vars: &RangeVars<'_>,
        x: ExprId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let s = self.expr(x);
        let s = self.hold(s, out);
        let (s, decl) = self.temp_for(s);
        out.push(decl);
        let limit = self.read(s, span);
        let limit = expr(ExprKind::Len(Box::new(limit)), TypeId::INT, span);
        let limit = self.hold(limit, out);
        let (i, bind) = self.counter(vars, TypeId::INT, span, out);
        let (rune, width) = (self.temp(TypeId::INT32, span), self.temp(TypeId::INT, span));
        out.push(stmt(StmtKind::Decl(width, None), span));
        let cond = self.less(i, limit, span);
        let tuple = self.tuple(&[TypeId::INT32, TypeId::INT]);
        let (text, at) = (self.read(s, span), self.read(i, span));
        let decode = expr(ExprKind::DecodeRune(Box::new(text), Box::new(at)), tuple, span);
        let places = vec![Some(self.read(rune, span)), Some(self.read(width, span))];
        out.push(stmt(StmtKind::Decl(rune, None), span));
        let mut before = vec![stmt(StmtKind::AssignTuple(places, decode), span)];
        let value = self.read(rune, span);
        if bind {
            let values = vec![self.read(i, span), value];
            self.bind_range(vars, values, span, &mut before);
        } else if vars.lhs.len() > 1 {
            let rest = RangeVars { lhs: &vars.lhs[1..], define: vars.define };
            self.bind_range(&rest, vec![value], span, &mut before);
        }
        let looping = self.looping(name, Some(cond), before, body, span, |this| {
            let (place, step) = (this.read(i, span), this.read(width, span));
            vec![stmt(StmtKind::OpAssign(BinOp::Add, place, step), span)]
        });
        out.push(looping);
    }

    #[allow(clippy::too_many_arguments)]
    fn range_map(
        &mut self,
        vars: &RangeVars<'_>,
        x: ExprId,
        key: TypeId,
        elem: TypeId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let m = self.expr(x);
        let iter = expr(ExprKind::MapIter(Box::new(m)), TypeId::UNSAFE_POINTER, span);
        let (iter, decl) = self.temp_for(iter);
        out.push(decl);
        let cond = expr(ExprKind::MapIterNext(iter), TypeId::BOOL, span);
        let mut before = Vec::new();
        let mut values = vec![expr(ExprKind::MapIterKey(iter), key, span)];
        if vars.lhs.len() > 1 {
            values.push(expr(ExprKind::MapIterValue(iter), elem, span));
        }
        self.bind_range(vars, values, span, &mut before);
        let looping = self.looping(name, Some(cond), before, body, span, |_| Vec::new());
        out.push(looping);
    }

    fn range_chan(
        &mut self,
        vars: &RangeVars<'_>,
        x: ExprId,
        body: StmtId,
        name: Option<Symbol>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let ch = self.expr(x);
        let elem = self.chan_elem(ch.ty);
        let (ch, decl) = self.temp_for(ch);
        out.push(decl);
        let label = self.loop_label(name);
        let (value, ok) = (self.temp(elem, span), self.temp(TypeId::BOOL, span));
        let chan = self.read(ch, span);
        let recv = expr(ExprKind::Recv(Box::new(chan), true), self.tuple(&[elem, TypeId::BOOL]), span);
        let mut before = vec![stmt(StmtKind::DeclTuple(vec![Some(value), Some(ok)], recv), span)];
        let ok = self.read(ok, span);
        let closed = expr(ExprKind::Unary(UnOp::LogicalNot, Box::new(ok)), TypeId::BOOL, span);
        before.push(stmt(StmtKind::If(closed, vec![stmt(StmtKind::Break(label), span)], Vec::new()), span));
        let value = self.read(value, span);
        self.bind_range(vars, vec![value], span, &mut before);
        let looping = self.loop_with(label, None, before, body, span, |_| Vec::new());
        out.push(looping);
    }

    /// The local for a variable made by lowering.
    pub(crate) fn made(&mut self, var: Var, span: Span) -> Expr {
        match self.var(var) {
            Some(local) => self.read(local, span),
            None => int(0, span),
        }
    }
}
