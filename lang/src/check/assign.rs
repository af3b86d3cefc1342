//! Initialisation and assignment: one value to one place, several to several, one call to several.

use crate::check::Checker;
use crate::check::advise::WantedBy;
use crate::check::errors::At;
use crate::check::operand::{Mode, Operand};
use crate::diag::Code;
use crate::intern::{Symbol, sym};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprId, StmtId};
use crate::types::object::VarKind;
use crate::types::{ObjId, Object, ObjectKind, Type, TypeId};

impl Checker {
    /// Checks the initialisation of a constant, which takes the type of `x` if it has none.
    pub(crate) fn init_const(&mut self, lhs: ObjId, x: &mut Operand) {
        let lhs_ty = self.objs[lhs].ty;
        if !x.is_valid() || !self.types.is_valid(x.ty) || lhs_ty.is_some_and(|t| !self.types.is_valid(t)) {
            self.objs[lhs].ty.get_or_insert(TypeId::INVALID);
            return;
        }
        if x.mode != Mode::Constant {
            let message = format!("{} is not constant", self.op_str(x));
            self.error(&*x, Code::InvalidConstInit, message);
            self.objs[lhs].ty.get_or_insert(TypeId::INVALID);
            return;
        }
        let ty = *self.objs[lhs].ty.get_or_insert(x.ty);
        self.assignment(x, Some(ty), "constant declaration");
        if x.is_valid() {
            self.objs[lhs].kind = ObjectKind::Const { value: x.val.clone() };
        }
    }

    /// Checks the initialisation of a variable, which takes the (default) type of `x` if it has none.
    pub(crate) fn init_var(&mut self, lhs: ObjId, x: &mut Operand, context: &str) {
        let lhs_ty = self.objs[lhs].ty;
        if !x.is_valid() || !self.types.is_valid(x.ty) || lhs_ty.is_some_and(|t| !self.types.is_valid(t)) {
            self.objs[lhs].ty.get_or_insert(TypeId::INVALID);
            x.invalidate();
            return;
        }
        if lhs_ty.is_none() {
            if x.ty == TypeId::UNTYPED_NIL {
                self.error(&*x, Code::UntypedNilUse, format!("use of untyped nil in {context}"));
                self.objs[lhs].ty = Some(TypeId::INVALID);
                x.invalidate();
                return;
            }
            self.objs[lhs].ty = Some(self.types.default_type(x.ty));
        }
        let ty = self.objs[lhs].ty;
        self.assignment(x, ty, context);
    }

    /// Checks the left-hand side of an assignment and gives its type: `None` for the blank identifier, invalid if in error.
    fn lhs_var(&mut self, lhs: ExprId) -> Option<TypeId> {
        let ast = self.ast.clone();
        let inner = ast.unparen(lhs);
        let ident = ast.name(inner);
        if ident == Some(sym::BLANK) {
            self.info().set_def(inner, None);
            return None;
        }
        // Assigning to a variable does not use it.
        let var = ident.and_then(|name| self.lookup(name)).filter(|&v| self.is_local_var_of_package(v));
        let used = var.map(|v| self.var_used(v));
        let mut x = Operand::new();
        self.expr(None, &mut x, lhs);
        if let (Some(v), Some(used)) = (var, used) {
            self.set_var_used(v, used);
        }
        if !x.is_valid() || !self.types.is_valid(x.ty) {
            return Some(TypeId::INVALID);
        }
        if matches!(x.mode, Mode::Variable | Mode::MapIndex) {
            return Some(x.ty);
        }
        if let Some(e) = x.expr
            && let Expr::Selector { x: base, .. } = ast.expr(e)
        {
            let mut op = Operand::new();
            self.expr(None, &mut op, base);
            if op.mode == Mode::MapIndex {
                let message = format!("cannot assign to struct field {} in map", self.expr_str(e));
                self.advise("assign a whole element: copy it to a variable, change that, and put it back");
                self.error(&x, Code::UnaddressableFieldAssign, message);
                return Some(TypeId::INVALID);
            }
        }
        let what = x.expr.map_or_else(String::new, |e| self.expr_str(e));
        let message = format!("cannot assign to {what} (neither addressable nor a map index expression)");
        self.error(&x, Code::UnassignableOperand, message);
        Some(TypeId::INVALID)
    }

    /// Checks `lhs = rhs`.
    fn assign_var(&mut self, lhs: ExprId, rhs: ExprId, context: &str) {
        let t = self.lhs_var(lhs);
        if t.is_some_and(|t| !self.types.is_valid(t)) {
            self.use_exprs(&[rhs]);
            return;
        }
        let target = t.filter(|&t| self.types.as_signature(t).is_some()).and_then(|t| {
            let desc = self.expr_str(lhs);
            self.new_target(Some(t), &desc)
        });
        let mut x = Operand::new();
        self.expr(target.as_ref(), &mut x, rhs);
        if self.ast.name(lhs).is_some() {
            self.wanted = self.denoted(lhs).filter(|&v| self.objs[v].is_var()).map(WantedBy::Variable);
        }
        self.assign_to(t, &mut x, context);
        self.wanted = None;
    }

    /// Checks `lhs = x` for an operand that has been evaluated.
    pub(crate) fn assign_operand(&mut self, lhs: ExprId, x: &mut Operand, context: &str) {
        let t = self.lhs_var(lhs);
        if t.is_some_and(|t| !self.types.is_valid(t)) {
            x.invalidate();
            return;
        }
        self.assign_to(t, x, context);
    }

    fn assign_to(&mut self, t: Option<TypeId>, x: &mut Operand, context: &str) {
        let context = if t.is_none() && context == "assignment" { "assignment to _ identifier" } else { context };
        self.assignment(x, t, context);
    }

    /// `(int, number, ...string)`: a list of types as messages about counts show it.
    pub(crate) fn types_summary(&self, list: &[TypeId], variadic: bool, dots: bool) -> String {
        let mut out = Vec::new();
        for (i, &t) in list.iter().enumerate() {
            let mut s = match self.types.get(t) {
                _ if !self.types.is_valid(t) => "unknown type".to_string(),
                Type::Basic(k) if k.is_untyped() && k.is_numeric() => "number".to_string(),
                Type::Basic(k) if k.is_untyped() => k.name().replace("untyped ", ""),
                _ => self.ty_str(t),
            };
            if i + 1 == list.len() {
                if variadic {
                    if let Type::Slice(elem) = self.types.get(t) {
                        s = self.ty_str(elem);
                    }
                    s = format!("...{s}");
                } else if dots {
                    s.push_str("...");
                }
            }
            out.push(s);
        }
        format!("({})", out.join(", "))
    }

    fn assign_error(&mut self, rhs: &[ExprId], l: usize, r: usize) {
        let measure = |n: usize, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
        let (vars, vals) = (measure(l, "variable"), measure(r, "value"));
        let first = rhs[0];
        let ast = self.ast.clone();
        let message = match ast.expr(ast.unparen(first)) {
            Expr::Call { fun, .. } if rhs.len() == 1 => {
                format!("assignment mismatch: {vars} but {} returns {vals}", self.expr_str(fun))
            }
            _ => format!("assignment mismatch: {vars} but {vals}"),
        };
        if let Expr::Call { fun, .. } = ast.expr(ast.unparen(first))
            && rhs.len() == 1
        {
            self.point_at_function(fun);
        }
        self.error(first, Code::WrongAssignCount, message);
    }

    fn return_error(&mut self, stmt: StmtId, lhs: &[ObjId], rhs: &[Operand]) {
        let (l, r) = (lhs.len(), rhs.len());
        let (at, qualifier) = if r > l {
            (At::at(&&rhs[l], self), "too many")
        } else if r > 0 {
            (At::at(&&rhs[r - 1], self), "not enough")
        } else {
            (At::at(&stmt, self), "not enough")
        };
        let have: Vec<TypeId> = rhs.iter().map(|x| x.ty).collect();
        let want: Vec<TypeId> = lhs.iter().map(|&v| self.objs[v].ty.unwrap_or(TypeId::INVALID)).collect();
        if let Some(&first) = lhs.first() {
            self.point_at(first, "the results are declared here");
        }
        let mut err = self.new_error(Code::WrongResultCount);
        self.add_part(&mut err, at, format!("{qualifier} return values"));
        self.add_part(&mut err, Span::NONE, format!("have {}", self.types_summary(&have, false, false)));
        self.add_part(&mut err, Span::NONE, format!("want {}", self.types_summary(&want, false, false)));
        self.report(err);
    }

    /// Checks the initialisation of variables or, for a return statement, of result parameters.
    pub(crate) fn init_vars(&mut self, lhs: &[ObjId], rhs: &[ExprId], ret: Option<StmtId>) {
        let context = match ret {
            Some(_) => "return statement",
            None if lhs.len() > 1 => "multiple assignment",
            None => "assignment",
        };
        let ast = self.ast.clone();
        let is_call = rhs.len() == 1 && matches!(ast.expr(ast.unparen(rhs[0])), Expr::Call { .. });
        if lhs.len() == rhs.len() && !is_call {
            for (&v, &e) in lhs.iter().zip(rhs) {
                let target = self.objs[v].ty.and_then(|t| {
                    let name = self.obj_name(v);
                    let desc = if ret.is_some() && name.is_empty() { "result variable" } else { &name };
                    self.new_target(Some(t), desc)
                });
                let mut x = Operand::new();
                self.expr(target.as_ref(), &mut x, e);
                self.wanted = Some(if ret.is_some() { WantedBy::Result(v) } else { WantedBy::Variable(v) });
                self.init_var(v, &mut x, context);
                self.wanted = None;
            }
            return;
        }
        if rhs.len() != 1 {
            // A mismatch is reported only if there is nothing else to report.
            if self.use_exprs(rhs) {
                match ret {
                    Some(stmt) => {
                        let values = self.expr_list(rhs);
                        self.return_error(stmt, lhs, &values);
                    }
                    None => self.assign_error(rhs, lhs.len(), rhs.len()),
                }
            }
            self.settle_vars(lhs);
            return;
        }
        let (mut values, comma_ok) = self.multi_expr(rhs[0], lhs.len() == 2 && ret.is_none());
        if lhs.len() == values.len() {
            for (&v, x) in lhs.iter().zip(&mut values) {
                self.wanted = Some(if ret.is_some() { WantedBy::Result(v) } else { WantedBy::Variable(v) });
                self.init_var(v, x, context);
                self.wanted = None;
            }
            if comma_ok && values.iter().all(Operand::is_valid) {
                self.record_comma_ok_types(rhs[0], [values[0].ty, values[1].ty]);
            }
            return;
        }
        if values[0].is_valid() {
            match ret {
                Some(stmt) => self.return_error(stmt, lhs, &values),
                None => self.assign_error(rhs, lhs.len(), values.len()),
            }
        }
        self.settle_vars(lhs);
    }

    /// Gives variables whose initialisation failed an invalid type.
    fn settle_vars(&mut self, vars: &[ObjId]) {
        for &v in vars {
            self.objs[v].ty.get_or_insert(TypeId::INVALID);
        }
    }

    /// Checks `lhs… = rhs…`.
    pub(crate) fn assign_vars(&mut self, lhs: &[ExprId], rhs: &[ExprId]) {
        let context = if lhs.len() > 1 { "multiple assignment" } else { "assignment" };
        let ast = self.ast.clone();
        let is_call = rhs.len() == 1 && matches!(ast.expr(ast.unparen(rhs[0])), Expr::Call { .. });
        if lhs.len() == rhs.len() && !is_call {
            for (&l, &r) in lhs.iter().zip(rhs) {
                self.assign_var(l, r, context);
            }
            return;
        }
        if rhs.len() != 1 {
            let lhs_ok = self.use_lhs(lhs);
            let rhs_ok = self.use_exprs(rhs);
            if lhs_ok && rhs_ok {
                self.assign_error(rhs, lhs.len(), rhs.len());
            }
            return;
        }
        let (mut values, comma_ok) = self.multi_expr(rhs[0], lhs.len() == 2);
        if lhs.len() == values.len() {
            for (&l, x) in lhs.iter().zip(&mut values) {
                self.assign_operand(l, x, context);
            }
            if comma_ok && values.iter().all(Operand::is_valid) {
                self.record_comma_ok_types(rhs[0], [values[0].ty, values[1].ty]);
            }
            return;
        }
        if values[0].is_valid() {
            self.assign_error(rhs, lhs.len(), values.len());
        }
        self.use_lhs(lhs);
    }

    /// A new local variable without a type.
    pub(crate) fn new_local(&mut self, name: Symbol, span: Span, ty: Option<TypeId>) -> ObjId {
        let kind = ObjectKind::Var { kind: VarKind::LocalVar, used: false };
        let mut obj = Object::new(kind, name, span, Some(self.pkg));
        obj.ty = ty;
        self.objs.add(obj)
    }

    /// Checks `lhs… := rhs…`. Names declared in the current scope already are assigned to; there must be a new one.
    pub(crate) fn short_var_decl(&mut self, stmt: StmtId, lhs: &[ExprId], rhs: &[ExprId]) {
        let mark = self.delayed_mark();
        let scope = self.env.scope;
        let ast = self.ast.clone();
        let mut seen: Vec<Symbol> = Vec::new();
        let mut vars: Vec<Option<ObjId>> = Vec::with_capacity(lhs.len());
        let mut new_vars: Vec<ObjId> = Vec::new();
        let mut has_err = false;
        for &l in lhs {
            vars.push(None);
            let Some(name) = ast.name(l) else {
                self.use_lhs(&[l]);
                let message = format!("non-name {} on left side of :=", self.expr_str(l));
                self.error(l, Code::BadDecl, message);
                has_err = true;
                continue;
            };
            if name != sym::BLANK {
                if seen.contains(&name) {
                    let message = format!("{} repeated on left side of :=", self.names.str(name));
                    self.error(l, Code::RepeatedDecl, message);
                    has_err = true;
                    continue;
                }
                seen.push(name);
            }
            // The scope of new variables begins after the declaration, so only what is declared here before counts.
            if let Some(alt) = self.scopes[scope].lookup(name) {
                self.info().set_use(l, alt);
                if self.objs[alt].is_var() {
                    *vars.last_mut().expect("just pushed") = Some(alt);
                } else {
                    let message = format!("cannot assign to {}", self.names.str(name));
                    self.error(l, Code::UnassignableOperand, message);
                    has_err = true;
                }
                continue;
            }
            let obj = self.new_local(name, ast.span(l), None);
            *vars.last_mut().expect("just pushed") = Some(obj);
            if name != sym::BLANK {
                new_vars.push(obj);
            }
            self.info().set_def(l, Some(obj));
        }
        let vars: Vec<ObjId> = vars
            .into_iter()
            .zip(lhs)
            .map(|(v, &l)| v.unwrap_or_else(|| self.new_local(sym::BLANK, ast.span(l), None)))
            .collect();
        self.init_vars(&vars, rhs, None);
        // Function literals on the right-hand side must not see the new variables.
        self.process_delayed(mark);
        if new_vars.is_empty() && !has_err {
            if let Some(&v) = vars.iter().find(|&&v| self.objs[v].name != sym::BLANK) {
                let text = self.obj_name(v);
                self.point_at(v, format!("{text} is declared here"));
            }
            self.advise("use = to assign to variables that exist");
            self.soft_error(ast.pos(stmt), Code::NoNewVar, "no new variables on left side of :=");
            return;
        }
        let scope_pos = rhs.last().map_or(ast.end(stmt), |&e| ast.end(e));
        for obj in new_vars {
            self.declare(scope, None, obj, scope_pos);
        }
    }
}
