//! Range clauses: what can be iterated over, and the iteration variables.

use crate::check::Checker;
use crate::check::info::{Mode, TypeAndValue};
use crate::check::operand::Operand;
use crate::constant::Value;
use crate::diag::Code;
use crate::intern::sym;
use crate::syntax::ast::{ChanDir, ExprId, StmtId};
use crate::types::{BasicKind, Type, TypeId};

/// What a range clause yields: types of key and value, if any; or why it is not permitted (perhaps without saying why).
type KeyValue = Result<(Option<TypeId>, Option<TypeId>), String>;

impl Checker {
    /// Checks `for lhs… = range x { body }`.
    pub(crate) fn range_stmt(&mut self, s: StmtId, lhs: &[ExprId], define: bool, range: ExprId, body: StmtId) {
        let ast = self.ast.clone();
        let key_expr = lhs.first().copied();
        let value_expr = lhs.get(1).copied();
        let mut x = Operand::new();
        self.env.has_call_or_recv = false;
        self.expr(None, &mut x, range);
        // Of an array only the length matters if there is no second variable: x is not evaluated then.
        if x.is_valid()
            && value_expr.is_none()
            && !self.env.has_call_or_recv
            && let Type::Array { len, .. } = self.types.get(self.array_ptr_deref(self.types.under(x.ty)))
            && len >= 0
        {
            let tv = TypeAndValue { mode: Mode::Constant, ty: TypeId::INT, value: Some(Value::Int(len)) };
            self.info().set_type(ast.unparen(range), tv);
        }
        let (mut key, mut val) = (None, None);
        if x.is_valid() {
            let kv = self.range_key_val(x.ty);
            let what = self.op_str(&x);
            match &kv {
                Err(cause) if cause.is_empty() => {
                    self.soft_error(&x, Code::InvalidRangeExpr, format!("cannot range over {what}"));
                }
                Err(cause) => {
                    self.soft_error(&x, Code::InvalidRangeExpr, format!("cannot range over {what}: {cause}"));
                }
                Ok((k, v)) => {
                    if let (None, Some(e)) = (k, key_expr) {
                        let message = format!("range over {what} permits no iteration variables");
                        self.soft_error(e, Code::InvalidIterVar, message);
                    } else if let (None, Some(e)) = (v, value_expr) {
                        let message = format!("range over {what} permits only one iteration variable");
                        self.soft_error(e, Code::InvalidIterVar, message);
                    } else if let Some(&e) = lhs.get(2) {
                        self.soft_error(
                            e,
                            Code::InvalidIterVar,
                            "range clause permits at most two iteration variables",
                        );
                    }
                    (key, val) = (*k, *v);
                }
            }
        }
        // Iteration variables belong to the scope of the statement, which begins after the range expression.
        self.open_scope();
        let over_int = x.is_valid() && self.types.is_integer(x.ty);
        let pairs: Vec<(ExprId, Option<TypeId>)> =
            [(key_expr, key), (value_expr, val)].into_iter().filter_map(|(e, t)| Some((e?, t))).collect();
        if define {
            let mut vars = Vec::new();
            for (e, t) in pairs {
                let obj = match ast.name(e) {
                    Some(name) => {
                        let obj = self.new_local(name, ast.span(e), None);
                        self.info().set_def(e, Some(obj));
                        if name != sym::BLANK {
                            vars.push(obj);
                        }
                        obj
                    }
                    None => {
                        let message = format!("cannot declare {}", self.expr_str(e));
                        self.error(e, Code::InvalidSyntaxTree, message);
                        self.new_local(sym::BLANK, ast.span(e), None)
                    }
                };
                match t.filter(|t| !t.is_invalid()) {
                    None => {
                        self.objs[obj].ty = Some(TypeId::INVALID);
                        self.set_var_used(obj, true);
                    }
                    Some(_) if over_int => self.init_var(obj, &mut x, "range clause"),
                    Some(t) => {
                        let mut y = Operand::value(Some(e), t);
                        self.init_var(obj, &mut y, "assignment");
                    }
                }
            }
            if vars.is_empty() {
                self.error(s, Code::NoNewVar, "no new variables on left side of :=");
            }
            let at = ast.pos(body);
            for obj in vars {
                self.declare(self.env.scope, None, obj, at);
            }
        } else if !pairs.is_empty() {
            for (e, t) in pairs {
                let Some(t) = t.filter(|t| !t.is_invalid()) else { continue };
                if over_int {
                    self.assign_operand(e, &mut x, "range clause");
                    if x.is_valid() && !self.types.is_integer(x.ty) {
                        let message = format!("cannot use iteration variable of type {}", self.ty_str(x.ty));
                        self.soft_error(e, Code::InvalidRangeExpr, message);
                    }
                } else {
                    let mut y = Operand::value(Some(e), t);
                    self.assign_operand(e, &mut y, "assignment");
                }
            }
        } else if over_int {
            // An untyped constant must still fit its default type.
            self.assignment(&mut x, None, "range clause");
        }
        self.stmt(body);
        self.close_scope();
    }

    /// Types of key and value that a range clause over `t` yields.
    fn range_key_val(&mut self, t: TypeId) -> KeyValue {
        for (t, u) in self.types.typeset(t) {
            if let (Some(t), Some(u)) = (t, u)
                && let Type::Chan { dir: ChanDir::Send, .. } = self.types.get(u)
            {
                return Err(format!("receive from send-only channel {}", self.ty_str(t)));
            }
        }
        let u = self.types.common_under(t).map_err(|why| self.no_common_under(why))?;
        match self.types.get(self.array_ptr_deref(u)) {
            Type::Basic(k) if k.is_string() => Ok((Some(TypeId::INT), Some(TypeId::RUNE))),
            Type::Basic(k) if k.is_integer() => {
                if !self.allow_version((1, 22)) {
                    return Err("requires go1.22 or later".into());
                }
                Ok((Some(t), None))
            }
            Type::Array { elem, .. } | Type::Slice(elem) => Ok((Some(TypeId::INT), Some(elem))),
            Type::Map { key, elem } => Ok((Some(key), Some(elem))),
            Type::Chan { elem, .. } => Ok((Some(elem), None)),
            Type::Signature(sig) => {
                if !self.allow_version((1, 23)) {
                    return Err("requires go1.23 or later".into());
                }
                if sig.params.len() != 1 {
                    return Err("func must be func(yield func(...) bool): wrong argument count".into());
                }
                if !sig.results.is_empty() {
                    return Err("func must be func(yield func(...) bool): unexpected results".into());
                }
                self.yield_key_val(sig.params[0].ty)
            }
            _ => Err(String::new()),
        }
    }

    fn yield_key_val(&mut self, yield_ty: TypeId) -> KeyValue {
        let u = match self.types.common_under(yield_ty) {
            Ok(u) => u,
            Err(why) => {
                let why = self.no_common_under(why);
                return Err(format!("func must be func(yield func(...) bool): in yield type, {why}"));
            }
        };
        let Type::Signature(cb) = self.types.get(u) else {
            return Err("func must be func(yield func(...) bool): argument is not func".into());
        };
        if cb.params.len() > 2 {
            return Err("func must be func(yield func(...) bool): yield func has too many parameters".into());
        }
        match &cb.results[..] {
            [r] if self.types.identical(r.ty, TypeId::BOOL) => {}
            [r] if self.types.basic(r.ty).is_some_and(BasicKind::is_boolean) => {
                return Err(
                    "func must be func(yield func(...) bool): yield func returns user-defined boolean, not bool".into(),
                );
            }
            _ => return Err("func must be func(yield func(...) bool): yield func does not return bool".into()),
        }
        if cb.variadic {
            return Err(format!("yield func of type {} cannot be variadic", self.ty_str(u)));
        }
        Ok((cb.params.first().map(|p| p.ty), cb.params.get(1).map(|p| p.ty)))
    }

    /// The array type behind a pointer to an array, or `t` itself.
    pub(crate) fn array_ptr_deref(&self, t: TypeId) -> TypeId {
        if let Type::Pointer(base) = self.types.actual(t) {
            let u = self.types.under(base);
            if matches!(self.types.get(u), Type::Array { .. }) {
                return u;
            }
        }
        t
    }
}
