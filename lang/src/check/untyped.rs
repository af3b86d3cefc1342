//! Untyped expressions: how they get their final types.

use crate::check::{Checker, Mode, Operand};
use crate::constant::Value;
use crate::diag::Code;
use crate::syntax::ast::{Expr, ExprId};
use crate::types::{BasicKind, Type, TypeId};

impl Checker {
    /// Gives expression `e` type `ty`, and its operands where they share it. A final or typed type is recorded for good; constants must
    /// be representable in it, and left operands of non-constant shifts must be integers.
    pub fn update_expr_type(&mut self, e: ExprId, ty: TypeId, is_final: bool) {
        let mut e = e;
        loop {
            let Some(old) = self.untyped.get(&(self.pkg, e)).cloned() else { return };
            // The operand to go on with after this one; left operands in the loop, as they may lean deep.
            let mut next = None;
            match self.ast.expr(e) {
                Expr::Paren(x) => next = Some(x),
                Expr::Unary { x, .. } if old.val.is_none() => next = Some(x),
                Expr::Binary { op, x, y } if old.val.is_none() => {
                    if op.is_comparison() {
                        // The operands have their types already.
                    } else if op.is_shift() {
                        next = Some(x);
                    } else {
                        next = Some(x);
                        self.update_expr_type(y, ty, is_final);
                    }
                }
                _ => {}
            }
            self.update_one(e, old, ty, is_final);
            match next {
                Some(x) => e = x,
                None => return,
            }
        }
    }

    fn update_one(&mut self, e: ExprId, old: crate::check::UntypedInfo, ty: TypeId, is_final: bool) {
        let key = (self.pkg, e);
        if !is_final && self.types.is_untyped(ty) {
            if let Some(info) = self.untyped.get_mut(&key) {
                info.ty = ty;
            }
            return;
        }
        self.untyped.remove(&key);
        if old.is_lhs && !self.types.all_integer(ty) {
            let msg = format!(
                "invalid operation: shifted operand {} (type {}) must be integer",
                self.expr_str(e),
                self.ty_str(ty)
            );
            self.error(e, Code::InvalidShiftOperand, msg);
            return;
        }
        if let Some(val) = &old.val {
            let mut c = Operand { mode: old.mode, expr: Some(e), ty: old.ty, val: val.clone(), ..Operand::new() };
            self.convert_untyped(&mut c, ty);
            if !c.is_valid() {
                return;
            }
        }
        self.record_type_and_value(e, old.mode, ty, old.val);
    }

    /// Changes the value recorded for an untyped expression.
    pub(crate) fn update_expr_val(&mut self, e: Option<ExprId>, val: &Value) {
        let Some(e) = e else { return };
        if let Some(info) = self.untyped.get_mut(&(self.pkg, e)) {
            info.val = Some(val.clone());
        }
    }

    /// The type that `x` gets where a `target` is expected, and its value as one; or the rule broken.
    pub fn implicit_type_and_value(&mut self, x: &Operand, target: TypeId) -> Result<(TypeId, Option<Value>), Code> {
        let bad = Err(Code::InvalidUntypedConversion);
        if !x.is_valid() || self.types.is_typed(x.ty) || !self.types.is_valid(target) {
            return Ok((x.ty, None));
        }
        if self.types.is_untyped(target) {
            return match self.types.max_type(x.ty, target) {
                Some(t) => Ok((t, None)),
                None => bad,
            };
        }
        if x.is_nil() {
            return if self.types.has_nil(target) { Ok((target, None)) } else { bad };
        }
        match self.types.under_type(target) {
            Type::Basic(kind) => {
                if x.mode == Mode::Constant {
                    let v = self.representation(x, kind.id())?;
                    return Ok((target, Some(v)));
                }
                let fits = match self.types.get(x.ty) {
                    Type::Basic(BasicKind::UntypedBool) => kind.is_boolean(),
                    Type::Basic(k) if k.is_numeric() => kind.is_numeric(),
                    Type::Basic(BasicKind::UntypedString) => kind.is_string(),
                    _ => false,
                };
                if fits { Ok((target, None)) } else { bad }
            }
            Type::Interface(_) => {
                if self.types.is_type_param(target) {
                    for (_, u) in self.types.typeset(target) {
                        let Some(u) = u else { return bad };
                        if self.implicit_type_and_value(x, u).is_err() {
                            return bad;
                        }
                    }
                    return Ok((target, None));
                }
                // Values in interfaces have types of their own.
                if !self.types.type_set(self.types.under(target)).is_all() {
                    return bad;
                }
                Ok((self.types.default_type(x.ty), None))
            }
            _ => bad,
        }
    }

    /// Converts an untyped operand to the type that a `target` makes of it, or reports.
    pub fn convert_untyped(&mut self, x: &mut Operand, target: TypeId) {
        match self.implicit_type_and_value(x, target) {
            Err(code) => {
                let t = if self.types.is_type_param(target) { target } else { self.types.under(target) };
                self.invalid_conversion(code, x, t);
                x.invalidate();
            }
            Ok((ty, val)) => {
                if let Some(val) = val {
                    self.update_expr_val(x.expr, &val);
                    x.val = val;
                }
                if ty != x.ty {
                    x.ty = ty;
                    if let Some(e) = x.expr {
                        self.update_expr_type(e, ty, false);
                    }
                }
            }
        }
    }

    pub(crate) fn invalid_conversion(&mut self, code: Code, x: &Operand, target: TypeId) {
        let (xs, ts) = (self.op_str(x), self.ty_str(target));
        let msg = match code {
            Code::TruncatedFloat => format!("{xs} truncated to {ts}"),
            Code::NumericOverflow => format!("{xs} overflows {ts}"),
            _ => format!("cannot convert {xs} to type {ts}"),
        };
        self.error(x, code, msg);
    }
}
