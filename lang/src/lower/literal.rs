//! Composite and function literals.

use super::Lowerer;
use super::function::{FnState, Var, expr, seq};
use crate::intern::sym;
use crate::source::Span;
use crate::syntax::ast::{Expr as Node, ExprId};
use crate::typed::{Expr, ExprKind, FuncId, LocalId, Stmt, Storage};
use crate::types::{NameId, Type, TypeId};

/// A struct literal's value for a field, or for promoted fields inside it.
enum Part {
    Value(Expr),
    Inner(Vec<(u32, Part)>),
}

impl Lowerer<'_> {
    /// A composite literal with its own type; elided `&T` included.
    pub(crate) fn composite(&mut self, id: ExprId) -> Expr {
        let ty = self.ty(id);
        self.literal_for(id, ty)
    }

    /// A composite literal for a place of type `ty`; pointers stand for `&T{…}`.
    fn literal_for(&mut self, id: ExprId, ty: TypeId) -> Expr {
        if let Some(elem) = self.pointer_elem(ty) {
            let span = self.ast().error_span(id);
            let value = self.composite_of(id, elem);
            return expr(ExprKind::New(Box::new(value)), ty, span);
        }
        self.composite_of(id, ty)
    }

    /// The value of a composite literal of type `ty`.
    pub(crate) fn composite_of(&mut self, id: ExprId, ty: TypeId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(id);
        let Node::CompositeLit { elems, .. } = ast.expr(id) else { unreachable!("called for a composite literal") };
        let elems = ast.exprs(elems);
        match self.under(ty) {
            Type::Struct(s) => {
                let keyed = elems.first().is_some_and(|&e| matches!(ast.expr(e), Node::KeyValue { .. }));
                if keyed {
                    return self.keyed_struct(elems, ty, span);
                }
                // Blank fields stay zero; what is written for them is evaluated, in its turn.
                let blank = s.fields.iter().any(|f| f.id.name == sym::BLANK);
                let mut before: Vec<Stmt> = Vec::new();
                let mut fields = Vec::new();
                for (i, (&elem, field)) in elems.iter().zip(&s.fields).enumerate() {
                    let want = self.canonical(field.ty);
                    let mut x = self.element(elem, want);
                    if blank {
                        x = self.hold(x, &mut before);
                    }
                    if field.id.name != sym::BLANK {
                        fields.push((i as u32, x));
                    }
                }
                seq(before, expr(ExprKind::StructLit(fields), ty, span))
            }
            Type::Array { elem, .. } => {
                let elem = self.canonical(elem);
                let (values, _) = self.indexed(elems, elem);
                expr(ExprKind::ArrayLit(values), ty, span)
            }
            Type::Slice(elem) => {
                let elem = self.canonical(elem);
                let (values, len) = self.indexed(elems, elem);
                expr(ExprKind::SliceLit(len, values), ty, span)
            }
            Type::Map { key, elem } => {
                let (key, elem) = (self.canonical(key), self.canonical(elem));
                let mut pairs = Vec::new();
                for &e in elems {
                    let Node::KeyValue { key: k, value } = ast.expr(e) else { continue };
                    let k = self.element(k, key);
                    let v = self.element(value, elem);
                    pairs.push((k, v));
                }
                expr(ExprKind::MapLit(pairs), ty, span)
            }
            _ => expr(ExprKind::Zero, ty, span),
        }
    }

    /// An element of a literal, converted to `want`. Literals may leave out their type.
    fn element(&mut self, id: ExprId, want: TypeId) -> Expr {
        if let Node::CompositeLit { typ: None, .. } = self.ast().expr(id) {
            return self.literal_for(id, want);
        }
        self.expr_to(id, want)
    }

    fn indexed(&mut self, elems: &[ExprId], elem: TypeId) -> (Vec<(u64, Expr)>, u64) {
        let ast = self.ast();
        let (mut next, mut len) = (0u64, 0u64);
        let mut values = Vec::with_capacity(elems.len());
        for &e in elems {
            let value = match ast.expr(e) {
                Node::KeyValue { key, value } => {
                    if let Some(index) = self.value_of(key).and_then(|v| v.to_int().as_u64()) {
                        next = index;
                    }
                    value
                }
                _ => e,
            };
            values.push((next, self.element(value, elem)));
            next += 1;
            len = len.max(next);
        }
        (values, len)
    }

    fn keyed_struct(&mut self, elems: &[ExprId], ty: TypeId, span: Span) -> Expr {
        let ast = self.ast();
        let mut before: Vec<Stmt> = Vec::new();
        let mut paths: Vec<(Vec<u32>, ExprId)> = Vec::new();
        for &e in elems {
            let Node::KeyValue { key, value } = ast.expr(e) else { continue };
            let Some(name) = ast.name(key) else { continue };
            let exported = self.prog.is_exported(name);
            let id = NameId { name, pkg: if exported { None } else { Some(self.cur_ref().pkg) } };
            let path = self.literal_field(ty, id);
            if !path.is_empty() {
                paths.push((path, value));
            }
        }
        // With promoted fields the order in which parts nest differs from that in which values are written.
        let nested = paths.iter().any(|(path, _)| path.len() > 1);
        let mut parts = Vec::new();
        for (path, value) in paths {
            let want = self.field_type(ty, &path);
            let mut x = self.element(value, want);
            if nested {
                x = self.hold(x, &mut before);
            }
            insert(&mut parts, &path, x);
        }
        let value = self.build(parts, ty, span);
        seq(before, value)
    }

    fn field_type(&self, ty: TypeId, path: &[u32]) -> TypeId {
        let mut t = ty;
        for &index in path {
            let base = self.pointer_elem(t).unwrap_or(t);
            let Type::Struct(s) = self.under(base) else { return TypeId::INVALID };
            t = s.fields.get(index as usize).map_or(TypeId::INVALID, |f| self.canonical(f.ty));
        }
        t
    }

    fn build(&mut self, parts: Vec<(u32, Part)>, ty: TypeId, span: Span) -> Expr {
        if let Some(elem) = self.pointer_elem(ty) {
            let value = self.build(parts, elem, span);
            return expr(ExprKind::New(Box::new(value)), ty, span);
        }
        let mut fields = Vec::new();
        for (index, part) in parts {
            let value = match part {
                Part::Value(x) => x,
                Part::Inner(inner) => {
                    let field = self.field_type(ty, &[index]);
                    self.build(inner, field, span)
                }
            };
            fields.push((index, value));
        }
        expr(ExprKind::StructLit(fields), ty, span)
    }

    /// A function literal.
    pub(crate) fn func_lit(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let span = ast.span(id);
        let Node::FuncLit { body, .. } = ast.expr(id) else { unreachable!("called for a function literal") };
        let ty = self.ty(id);
        let objs = self.info().func_lits.get(&id).cloned().unwrap_or_default();
        let func = self.new_func();
        let name = self.literal_name();
        let parent = self.cur_ref();
        let mut state =
            FnState::new(func, name, parent.pkg, parent.ast.clone(), parent.env.clone(), parent.facts.clone());
        state.is_literal = true;
        state.span = span;
        state.own_labels = state.facts.labels.get(&body).cloned().unwrap_or_default();
        self.fns.push(state);
        self.declare_signature(&objs.params, &objs.results, body);
        let stmts = self.body(body);
        self.close_function(stmts, ty, ast.error_span(id))
    }

    /// Declares parameters and results of the innermost function.
    pub(crate) fn declare_signature(
        &mut self,
        params: &[crate::types::ObjId],
        results: &[crate::types::ObjId],
        body: crate::syntax::ast::StmtId,
    ) {
        for &obj in params {
            let local = self.declare(obj);
            self.cur().params.push(local);
        }
        let boxed = self.cur_ref().facts.boxed_results.contains(&body);
        for (i, &obj) in results.iter().enumerate() {
            let local: LocalId = self.declare(obj);
            let state = self.cur();
            if boxed {
                state.locals[local.index()].storage = Storage::Boxed;
            }
            state.results.push(local);
            state.vars.insert(Var::Result(i as u32), local);
        }
    }

    fn literal_name(&mut self) -> String {
        let state = self.cur();
        state.literals += 1;
        let n = state.literals;
        if state.is_literal || state.range.is_some() {
            format!("{}.{n}", state.name)
        } else {
            format!("{}.func{n}", state.name)
        }
    }

    /// A place for a function that is about to be lowered.
    pub(crate) fn new_func(&mut self) -> FuncId {
        self.funcs.push(None);
        FuncId(self.funcs.len() as u32 - 1)
    }
}

fn insert(parts: &mut Vec<(u32, Part)>, path: &[u32], value: Expr) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        parts.push((*first, Part::Value(value)));
        return;
    }
    if let Some((_, Part::Inner(inner))) =
        parts.iter_mut().find(|(i, part)| i == first && matches!(part, Part::Inner(_)))
    {
        insert(inner, rest, value);
        return;
    }
    let mut inner = Vec::new();
    insert(&mut inner, rest, value);
    parts.push((*first, Part::Inner(inner)));
}
