//! Selectors: fields, methods called, bound or used as functions, and names of other packages.

use super::Lowerer;
use super::function::expr;
use crate::check::info::SelectionKind;
use crate::source::Span;
use crate::syntax::ast::{Expr as Node, ExprId};
use crate::typed::{Callee, Expr, ExprKind};
use crate::types::lookup::{Lookup, Selected};
use crate::types::{NameId, Type, TypeId};

/// What a method selector means for a concrete receiver type.
pub(crate) struct Found {
    /// Embedded fields to go through.
    pub(crate) path: Vec<u32>,
    /// The method.
    pub(crate) what: Selected,
}

impl Lowerer<'_> {
    /// `x.f` as a value.
    pub(crate) fn selector(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(id);
        let Node::Selector { x, sel } = ast.expr(id) else { unreachable!("called for a selector") };
        let Some(selection) = self.info().selections.get(&id).cloned() else {
            return self.function_or_variable(sel, id, span);
        };
        match selection.kind {
            SelectionKind::Field => {
                let base = self.expr(x);
                self.field_path(base, &selection.index, span)
            }
            SelectionKind::MethodValue => {
                let recv = self.expr(x);
                let name = self.selected_name(&selection.what);
                let targs = self.type_args(sel);
                let ty = self.ty(id);
                self.bound_method(recv, name, targs, ty, span)
            }
            SelectionKind::MethodExpr => {
                let recv = self.canon(selection.recv);
                let name = self.selected_name(&selection.what);
                let targs = self.type_args(sel);
                let func = self.method_function(recv, name, targs, span);
                expr(ExprKind::FuncValue(func), self.ty(id), span)
            }
        }
    }

    /// `p.x` for a package p.
    fn function_or_variable(&mut self, sel: ExprId, id: ExprId, span: Span) -> Expr {
        let ty = self.ty(id);
        let Some(obj) = self.object_of(sel) else { return expr(ExprKind::Zero, ty, span) };
        if self.prog.objs[obj].is_var() {
            return self.variable(obj, span);
        }
        if self.prog.objs[obj].is_func() {
            return self.function_value(id, sel, ty);
        }
        expr(ExprKind::Zero, ty, span)
    }

    /// A declared function, perhaps generic, as a value. `x` is the expression without type arguments, `name` the identifier in it.
    pub(crate) fn function_value(&mut self, x: ExprId, name: ExprId, ty: TypeId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(x);
        let x = ast.unparen(x);
        if self.info().selections.contains_key(&x) {
            // A generic method, bound or as an expression.
            let mut value = self.selector(x);
            value.ty = ty;
            return value;
        }
        let Some(obj) = self.object_of(name) else { return expr(ExprKind::Zero, ty, span) };
        let targs = self.type_args(name);
        let func = self.instance(obj, targs, span);
        expr(ExprKind::FuncValue(func), ty, span)
    }

    /// The name of what was selected.
    pub(crate) fn selected_name(&self, what: &Selected) -> NameId {
        match what {
            Selected::Field(field) => field.id,
            Selected::Method { method, .. } => method.id,
            Selected::Interface(method) => method.id,
        }
    }

    /// Follows a path of field indices, through pointers where fields are embedded by pointer.
    pub(crate) fn field_path(&mut self, base: Expr, path: &[u32], span: Span) -> Expr {
        let mut x = base;
        for &index in path {
            if self.pointer_elem(x.ty).is_some() {
                x = self.deref(x, span);
            }
            let Type::Struct(s) = self.under(x.ty) else { return x };
            let Some(field) = s.fields.get(index as usize) else { return x };
            let ty = self.canonical(field.ty);
            x = expr(ExprKind::Field(Box::new(x), index), ty, span);
        }
        x
    }

    /// Looks a method up in a concrete type.
    pub(crate) fn find_method(&self, recv: TypeId, name: NameId) -> Option<Found> {
        match self.types().lookup(recv, true, name) {
            Lookup::Found { what, mut index, .. } => {
                index.pop();
                Some(Found { path: index, what })
            }
            _ => None,
        }
    }

    /// What to call for method `name` of `recv`, and the receiver to pass as first argument, if that is not part of the callee.
    pub(crate) fn method_callee(
        &mut self,
        recv: Expr,
        name: NameId,
        targs: std::rc::Rc<[TypeId]>,
        span: Span,
    ) -> (Callee, Option<Expr>) {
        let Some(found) = self.find_method(recv.ty, name) else {
            // Not reached by checked programs.
            return (Callee::Value(Box::new(recv)), None);
        };
        let recv = self.field_path(recv, &found.path, span);
        match found.what {
            Selected::Method { method, owner } => {
                let func = self.method_instance(&method, owner, &targs, span);
                let recv = match (method.ptr_recv, self.is_pointer_to_named(recv.ty)) {
                    (true, false) => self.addr_of(recv),
                    (false, true) => self.deref(recv, span),
                    _ => recv,
                };
                (Callee::Static(func), Some(recv))
            }
            Selected::Interface(method) => {
                let index = self.interface_method(recv.ty, method.id).map_or(0, |(index, _)| index);
                self.note_called(method.id);
                (Callee::Interface(Box::new(recv), index), None)
            }
            Selected::Field(_) => (Callee::Value(Box::new(recv)), None),
        }
    }

    /// Whether a type is an unnamed pointer, so that methods of its base are called through it.
    fn is_pointer_to_named(&self, t: TypeId) -> bool {
        matches!(self.types().get(t), Type::Pointer(_))
    }
}
