//! Calls of functions and methods, and conversions written as calls.

use std::rc::Rc;

use super::Lowerer;
use super::function::{expr, seq};
use crate::check::info::SelectionKind;
use crate::source::Span;
use crate::syntax::ast::{Expr as Node, ExprId, List};
use crate::typed::{Callee, Expr, ExprKind, Stmt};
use crate::types::{Signature, TypeId};

/// What a call calls, before its arguments are known.
pub(crate) struct Target {
    pub(crate) callee: Callee,
    /// The receiver of a method called statically.
    pub(crate) first: Option<Expr>,
    pub(crate) sig: Rc<Signature>,
}

impl Lowerer<'_> {
    /// A call expression, conversion, or call of a predeclared function.
    pub(crate) fn call(&mut self, id: ExprId) -> Expr {
        let ast = self.ast();
        let span = ast.error_span(id);
        let Node::Call { fun, args, dots } = ast.expr(id) else { unreachable!("called for a call") };
        if self.is_type(fun) {
            let target = self.ty(fun);
            return match ast.exprs(args).first() {
                Some(&x) => self.conversion(x, target, span),
                None => expr(ExprKind::Zero, target, span),
            };
        }
        if let Some(builtin) = self.builtin_of(fun).or_else(|| self.builtin_of(ast.unparen(fun))) {
            return self.builtin(id, builtin, args, dots);
        }
        let target = self.call_target(fun);
        self.finish_call(target, args, dots, span)
    }

    /// Evaluates what a call calls, up to its arguments.
    pub(crate) fn call_target(&mut self, fun: ExprId) -> Target {
        let ast = self.ast();
        let fun = ast.unparen(fun);
        let span = ast.error_span(fun);
        let sig = self.signature(self.ty(fun));
        // Explicit type arguments do not change what is called.
        let inner = match ast.expr(fun) {
            Node::Index { x, .. } if self.instantiated_name(x).is_some() => ast.unparen(x),
            _ => fun,
        };
        match ast.expr(inner) {
            Node::Name(_) => {
                if let Some(obj) = self.object_of(inner)
                    && self.prog.objs[obj].is_func()
                {
                    let targs = self.type_args(inner);
                    let callee = Callee::Static(self.instance(obj, targs, span));
                    return Target { callee, first: None, sig };
                }
            }
            Node::Selector { x, sel } => match self.info().selections.get(&inner).cloned() {
                None => {
                    if let Some(obj) = self.object_of(sel)
                        && self.prog.objs[obj].is_func()
                    {
                        let targs = self.type_args(sel);
                        let callee = Callee::Static(self.instance(obj, targs, span));
                        return Target { callee, first: None, sig };
                    }
                }
                Some(selection) if selection.kind == SelectionKind::MethodValue => {
                    let recv = self.expr(x);
                    let name = self.selected_name(&selection.what);
                    let targs = self.type_args(sel);
                    let (callee, first) = self.method_callee(recv, name, targs, span);
                    return Target { callee, first, sig };
                }
                Some(selection) if selection.kind == SelectionKind::MethodExpr => {
                    let recv = self.canon(selection.recv);
                    let name = self.selected_name(&selection.what);
                    let targs = self.type_args(sel);
                    let callee = Callee::Static(self.method_function(recv, name, targs, span));
                    return Target { callee, first: None, sig };
                }
                Some(_) => {}
            },
            _ => {}
        }
        let f = self.expr(fun);
        Target { callee: Callee::Value(Box::new(f)), first: None, sig }
    }

    fn finish_call(&mut self, target: Target, args: List<ExprId>, dots: bool, span: Span) -> Expr {
        let results: Vec<TypeId> = target.sig.results.iter().map(|r| r.ty).collect();
        let ty = self.values_type(&results);
        let Target { mut callee, mut first, sig } = target;
        let ast = self.ast();
        let args = ast.exprs(args);
        if let [arg] = *args
            && let Some(parts) = self.tuple_call(arg)
        {
            // f(g()): what f is, is determined before g is called.
            let mut before: Vec<Stmt> = Vec::new();
            callee = match callee {
                Callee::Value(f) => Callee::Value(Box::new(self.hold(*f, &mut before))),
                Callee::Interface(recv, index) => Callee::Interface(Box::new(self.hold(*recv, &mut before)), index),
                Callee::Static(func) => Callee::Static(func),
            };
            first = first.map(|recv| self.hold(recv, &mut before));
            let value = self.expr(arg);
            let locals: Vec<_> = parts.iter().map(|&t| self.temp(t, span)).collect();
            let values: Vec<Expr> = locals.iter().map(|&local| self.read(local, span)).collect();
            let mut all: Vec<Expr> = first.into_iter().collect();
            self.arguments(&sig, values, &mut all, span);
            let call = expr(ExprKind::Call(callee, all), ty, span);
            return seq(before, expr(ExprKind::LetTuple(locals, Box::new(value), Box::new(call)), ty, span));
        }
        let mut all: Vec<Expr> = first.into_iter().collect();
        let fixed = if sig.variadic { sig.params.len() - 1 } else { sig.params.len() };
        for (i, &arg) in args.iter().enumerate().take(fixed) {
            let value = self.expr_to(arg, sig.params[i].ty);
            all.push(value);
        }
        if sig.variadic {
            let slice = sig.params[fixed].ty;
            if dots {
                if let Some(&last) = args.get(fixed) {
                    let value = self.expr_to(last, slice);
                    all.push(value);
                }
            } else {
                let elem = self.elem(slice);
                let values: Vec<Expr> = args.iter().skip(fixed).map(|&arg| self.expr_to(arg, elem)).collect();
                all.push(variadic(values, slice, span));
            }
        }
        expr(ExprKind::Call(callee, all), ty, span)
    }

    /// Values as arguments of a call, packed if it is variadic.
    fn arguments(&mut self, sig: &Signature, values: Vec<Expr>, out: &mut Vec<Expr>, span: Span) {
        let fixed = if sig.variadic { sig.params.len() - 1 } else { sig.params.len() };
        let mut rest = Vec::new();
        for (i, value) in values.into_iter().enumerate() {
            if i < fixed {
                out.push(self.assign_to(value, sig.params[i].ty));
            } else if sig.variadic {
                let elem = self.elem(sig.params[fixed].ty);
                rest.push(self.assign_to(value, elem));
            }
        }
        if sig.variadic {
            out.push(variadic(rest, sig.params[fixed].ty, span));
        }
    }

    /// The types of the several values of a call, if an expression is such a call.
    pub(crate) fn tuple_call(&mut self, id: ExprId) -> Option<Vec<TypeId>> {
        let ast = self.ast();
        let id = ast.unparen(id);
        let Node::Call { fun, .. } = ast.expr(id) else { return None };
        if self.is_type(fun) || self.builtin_of(fun).is_some() {
            return None;
        }
        let sig = self.signature(self.ty(ast.unparen(fun)));
        (sig.results.len() > 1).then(|| sig.results.iter().map(|r| r.ty).collect())
    }
}

/// The slice that a variadic function gets.
fn variadic(values: Vec<Expr>, slice: TypeId, span: Span) -> Expr {
    if values.is_empty() {
        return expr(ExprKind::Zero, slice, span);
    }
    let len = values.len() as u64;
    let elems = values.into_iter().enumerate().map(|(i, v)| (i as u64, v)).collect();
    expr(ExprKind::SliceLit(len, elems), slice, span)
}
