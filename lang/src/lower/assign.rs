//! Assignments and short variable declarations.

use super::Lowerer;
use super::expr::arithmetic;
use super::function::{expr, stmt};
use crate::constant::Value;
use crate::intern::sym;
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Expr as Node, ExprId, UnaryOp};
use crate::typed::{BinOp, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::types::object::VarKind;
use crate::types::{ObjId, ObjectKind, TypeId};

impl Lowerer<'_> {
    fn is_blank(&self, id: ExprId) -> bool {
        let ast = &self.cur_ref().ast;
        ast.name(ast.unparen(id)) == Some(sym::BLANK)
    }

    /// Whether an expression in a two-valued place yields a second value saying whether there was a first.
    fn is_comma_ok(&self, id: ExprId) -> bool {
        let ast = &self.cur_ref().ast;
        matches!(
            ast.expr(ast.unparen(id)),
            Node::Index { .. } | Node::TypeAssert { .. } | Node::Unary { op: UnaryOp::Recv, .. }
        )
    }

    /// An expression of a tuple type, and its components, if `rhs` gives several values.
    fn several(&mut self, rhs: ExprId) -> Option<(Expr, Vec<TypeId>)> {
        let x = if self.is_comma_ok(rhs) { self.comma_ok(rhs) } else { self.expr(rhs) };
        let parts = self.components(x.ty);
        Some((x, parts))
    }

    /// A place to assign to; none for the blank identifier.
    fn place(&mut self, id: ExprId) -> Option<Expr> {
        if self.is_blank(id) { None } else { Some(self.expr(id)) }
    }

    /// `lhs = rhs`.
    pub(crate) fn assign(&mut self, lhs: &[ExprId], rhs: &[ExprId], span: Span, out: &mut Vec<Stmt>) {
        let places: Vec<Option<Expr>> = lhs.iter().map(|&x| self.place(x)).collect();
        self.assign_places(places, rhs, span, out);
    }

    fn assign_places(&mut self, mut places: Vec<Option<Expr>>, rhs: &[ExprId], span: Span, out: &mut Vec<Stmt>) {
        if let ([place], [value]) = (&mut places[..], rhs) {
            match place.take() {
                None => self.discard(*value, out),
                Some(place) => {
                    let value = self.expr_to(*value, place.ty);
                    out.push(stmt(StmtKind::Assign(place, value), span));
                }
            }
            return;
        }
        if let [value] = rhs {
            let Some((value, parts)) = self.several(*value) else { return };
            let exact = places.iter().zip(&parts).all(|(p, t)| p.as_ref().is_none_or(|p| p.ty == *t));
            if exact {
                out.push(stmt(StmtKind::AssignTuple(places, value), span));
                return;
            }
            let mut before = Vec::new();
            for place in places.iter_mut().flatten() {
                self.freeze(place, &mut before);
            }
            let locals: Vec<Option<LocalId>> =
                places.iter().zip(&parts).map(|(p, &t)| p.as_ref().map(|_| self.temp(t, span))).collect();
            before.push(stmt(StmtKind::DeclTuple(locals.clone(), value), span));
            for (place, local) in places.into_iter().zip(locals) {
                if let (Some(place), Some(local)) = (place, local) {
                    let x = self.read(local, span);
                    let x = self.assign_to(x, place.ty);
                    before.push(stmt(StmtKind::Assign(place, x), span));
                }
            }
            out.push(stmt(StmtKind::Block(before), span));
            return;
        }
        let mut pairs = Vec::new();
        for (place, &value) in places.into_iter().zip(rhs) {
            let value = match &place {
                Some(place) => self.expr_to(value, place.ty),
                None if self.is_nil(value) => expr(ExprKind::Zero, TypeId::UNSAFE_POINTER, span),
                None => self.expr(value),
            };
            pairs.push((place, value));
        }
        out.push(stmt(StmtKind::AssignMany(pairs), span));
    }

    /// `lhs := rhs`, and `var lhs = rhs` inside functions.
    pub(crate) fn define(&mut self, lhs: &[ExprId], rhs: &[ExprId], span: Span, out: &mut Vec<Stmt>) {
        let new: Vec<Option<ObjId>> = lhs.iter().map(|&x| self.declares(x)).collect();
        // What a session's statements declare are package variables.
        if new.iter().flatten().any(|&obj| self.is_package_var(obj)) {
            let places: Vec<Option<Expr>> = lhs
                .iter()
                .zip(&new)
                .map(|(&x, new)| match new {
                    Some(obj) => Some(self.variable(*obj, span)),
                    None => self.place(x),
                })
                .collect();
            self.assign_places(places, rhs, span, out);
            return;
        }
        if rhs.len() == lhs.len() {
            let simple = lhs.len() == 1 || lhs.iter().zip(&new).all(|(&x, new)| new.is_some() || self.is_blank(x));
            if simple {
                // Right-hand sides cannot mention the variables declared here.
                let mut values = Vec::new();
                for (i, &value) in rhs.iter().enumerate() {
                    values.push(match new[i] {
                        Some(obj) => {
                            let ty = self.variable_type(obj);
                            self.expr_to(value, ty)
                        }
                        None if self.is_nil(value) => expr(ExprKind::Zero, TypeId::UNSAFE_POINTER, span),
                        None => self.expr(value),
                    });
                }
                if values.len() > 1 {
                    let state = self.fns.last_mut().expect("a function is being lowered");
                    out.extend(super::order::values(&self.prog.types, &mut state.locals, &mut values));
                }
                for (new, value) in new.into_iter().zip(values) {
                    match new {
                        Some(obj) => {
                            let local = self.declare(obj);
                            out.push(stmt(StmtKind::Decl(local, Some(value)), span));
                        }
                        None if matches!(value.kind, ExprKind::Const(_) | ExprKind::Zero) => {}
                        None => out.push(stmt(StmtKind::Expr(value), span)),
                    }
                }
                return;
            }
            let mut values = Vec::new();
            for (i, &value) in rhs.iter().enumerate() {
                let want = match new[i] {
                    Some(obj) => Some(self.variable_type(obj)),
                    None => self.place(lhs[i]).map(|p| p.ty),
                };
                match want {
                    Some(want) => {
                        let value = self.expr_to(value, want);
                        let (local, decl) = self.temp_for(value);
                        out.push(decl);
                        values.push(Some(local));
                    }
                    None => {
                        self.discard(value, out);
                        values.push(None);
                    }
                }
            }
            for (i, local) in values.into_iter().enumerate() {
                let Some(local) = local else { continue };
                let value = self.read(local, span);
                self.bind(new[i], lhs[i], value, span, out);
            }
            return;
        }
        let Some(&value) = rhs.first() else { return };
        let Some((value, parts)) = self.several(value) else { return };
        // New variables of the right type are declared at once, the others by way of temporaries.
        let mut later = Vec::new();
        let mut locals = Vec::new();
        for (i, &part) in parts.iter().enumerate().take(lhs.len()) {
            match new[i] {
                Some(obj) if self.variable_type(obj) == part => locals.push(Some(self.declare(obj))),
                None if self.is_blank(lhs[i]) => locals.push(None),
                _ => {
                    let local = self.temp(part, span);
                    later.push((i, local));
                    locals.push(Some(local));
                }
            }
        }
        out.push(stmt(StmtKind::DeclTuple(locals, value), span));
        for (i, local) in later {
            let value = self.read(local, span);
            self.bind(new[i], lhs[i], value, span, out);
        }
    }

    /// Declares a variable with a value, or assigns it to an old one.
    fn bind(&mut self, new: Option<ObjId>, lhs: ExprId, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        match new {
            Some(obj) => {
                let ty = self.variable_type(obj);
                let value = self.assign_to(value, ty);
                let local = self.declare(obj);
                out.push(stmt(StmtKind::Decl(local, Some(value)), span));
            }
            None => {
                if let Some(place) = self.place(lhs) {
                    let value = self.assign_to(value, place.ty);
                    out.push(stmt(StmtKind::Assign(place, value), span));
                }
            }
        }
    }

    /// The variable that an identifier on the left of `:=` declares, if it is new.
    pub(crate) fn declares(&self, id: ExprId) -> Option<ObjId> {
        if self.is_blank(id) {
            return None;
        }
        self.info().def(id).filter(|&obj| self.prog.objs[obj].is_var())
    }

    /// Whether an object is a package variable.
    pub(crate) fn is_package_var(&self, obj: ObjId) -> bool {
        matches!(self.prog.objs[obj].kind, ObjectKind::Var { kind: VarKind::PackageVar, .. })
    }

    /// The type of a variable of the source.
    pub(crate) fn variable_type(&self, obj: ObjId) -> TypeId {
        self.canon(self.prog.objs[obj].ty.unwrap_or(TypeId::INVALID))
    }

    /// `lhs op= rhs`.
    pub(crate) fn op_assign(&mut self, op: BinaryOp, lhs: ExprId, rhs: ExprId, span: Span, out: &mut Vec<Stmt>) {
        let place = self.expr(lhs);
        let value = if op.is_shift() { self.shift_count(rhs) } else { self.expr_to(rhs, place.ty) };
        self.update(arithmetic(op), place, value, span, out);
    }

    /// `x++` and `x--`.
    pub(crate) fn inc_dec(&mut self, x: ExprId, inc: bool, span: Span, out: &mut Vec<Stmt>) {
        let place = self.expr(x);
        let one = self.constant(&Value::Int(1), place.ty, span);
        self.update(if inc { BinOp::Add } else { BinOp::Sub }, place, one, span, out);
    }

    fn update(&mut self, op: BinOp, mut place: Expr, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        if !contains_map_element(&place) {
            out.push(stmt(StmtKind::OpAssign(op, place, value), span));
            return;
        }
        let mut before = Vec::new();
        self.freeze(&mut place, &mut before);
        let ty = place.ty;
        let old = copy_place(&place);
        let kind = if op == BinOp::Add && self.types().is_string(ty) {
            ExprKind::Concat(vec![old, value])
        } else {
            ExprKind::Binary(op, Box::new(old), Box::new(value))
        };
        before.push(stmt(StmtKind::Assign(place, expr(kind, ty, span)), span));
        out.push(stmt(StmtKind::Block(before), span));
    }

    /// Evaluates the operands of a place into temporaries, so that it can be written down twice, or later.
    pub(crate) fn freeze(&mut self, place: &mut Expr, before: &mut Vec<Stmt>) {
        let mut hold = |this: &mut Self, x: &mut Box<Expr>| {
            let placeholder = expr(ExprKind::Zero, x.ty, x.span);
            let value = std::mem::replace(&mut **x, placeholder);
            **x = this.hold(value, before);
        };
        match &mut place.kind {
            ExprKind::Deref(p) => hold(self, p),
            ExprKind::MapIndex { map, key, .. } => {
                hold(self, map);
                hold(self, key);
            }
            ExprKind::Index(base, index) => {
                if let crate::types::Type::Array { .. } = self.under(base.ty) {
                    self.freeze(base, before);
                } else {
                    hold(self, base);
                }
                let placeholder = expr(ExprKind::Zero, index.ty, index.span);
                let value = std::mem::replace(&mut **index, placeholder);
                **index = self.hold(value, before);
            }
            ExprKind::Field(base, _) => self.freeze(base, before),
            _ => {}
        }
    }
}

fn contains_map_element(place: &Expr) -> bool {
    matches!(place.kind, ExprKind::MapIndex { .. })
}

/// A copy of a place whose operands are temporaries and constants.
pub(crate) fn copy_place(x: &Expr) -> Expr {
    let copy = |x: &Expr| Box::new(copy_place(x));
    let kind = match &x.kind {
        ExprKind::Local(id) => ExprKind::Local(*id),
        ExprKind::Global(id) => ExprKind::Global(*id),
        ExprKind::Const(c) => ExprKind::Const(c.clone()),
        ExprKind::FuncValue(id) => ExprKind::FuncValue(*id),
        ExprKind::Deref(p) => ExprKind::Deref(copy(p)),
        ExprKind::Field(base, index) => ExprKind::Field(copy(base), *index),
        ExprKind::Index(base, index) => ExprKind::Index(copy(base), copy(index)),
        ExprKind::MapIndex { map, key, comma_ok } => {
            ExprKind::MapIndex { map: copy(map), key: copy(key), comma_ok: *comma_ok }
        }
        _ => ExprKind::Zero,
    };
    expr(kind, x.ty, x.span)
}
