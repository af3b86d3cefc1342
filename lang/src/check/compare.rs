//! Comparisons.

use crate::check::{Checker, Mode, Operand};
use crate::constant::{self, Value};
use crate::diag::Code;
use crate::syntax::ast::BinaryOp;
use crate::types::predicates::Incomparable;
use crate::types::{Type, TypeId};

impl Checker {
    /// Checks `x op y` for a comparison operator. For a case of a switch (`x` the case, `y` the tag) the operator is `==`.
    pub fn comparison(&mut self, x: &mut Operand, y: &mut Operand, op: BinaryOp, switch_case: bool) {
        if !self.types.is_valid(x.ty) || !self.types.is_valid(y.ty) {
            x.invalidate();
            return;
        }
        let op = if switch_case { BinaryOp::Eq } else { op };
        if let Err((code, on_y, cause)) = self.compare_rule(x, y, op) {
            let mut on_y = on_y;
            let cause = if !cause.is_empty() {
                cause
            } else if self.types.is_type_param(x.ty) || self.types.is_type_param(y.ty) {
                if !self.types.is_type_param(x.ty) {
                    on_y = true;
                }
                let t = if on_y { y.ty } else { x.ty };
                format!("type parameter {} cannot use operator {}", self.ty_str(t), op.as_str())
            } else {
                let t = if on_y { y.ty } else { x.ty };
                let what = match self.composite_kind(t) {
                    "" => self.ty_str(t),
                    kind => kind.to_string(),
                };
                format!("operator {} not defined on {what}", op.as_str())
            };
            let (xs, ys) = (self.op_expr_str(x), self.op_expr_str(y));
            if switch_case {
                self.error(&*x, code, format!("invalid case {xs} in switch on {ys} ({cause})"));
            } else {
                let at = if on_y { &*y } else { &*x };
                self.error(at, code, format!("invalid operation: {xs} {} {ys} ({cause})", op.as_str()));
            }
            x.invalidate();
            return;
        }
        if x.mode == Mode::Constant && y.mode == Mode::Constant {
            x.val = Value::Bool(constant::compare(&x.val, op, &y.val));
        } else {
            x.mode = Mode::Value;
            // The operands exist at run time: if still untyped, with their default types.
            let (xt, yt) = (self.types.default_type(x.ty), self.types.default_type(y.ty));
            if let Some(e) = x.expr {
                self.update_expr_type(e, xt, true);
            }
            if let Some(e) = y.expr {
                self.update_expr_type(e, yt, true);
            }
        }
        x.ty = TypeId::UNTYPED_BOOL;
    }

    /// The rule broken, whether the second operand is to blame, and the cause if there is a specific one.
    fn compare_rule(&mut self, x: &Operand, y: &Operand, op: BinaryOp) -> Result<(), (Code, bool, String)> {
        if self.assignable_to(x, y.ty).is_err() && self.assignable_to(y, x.ty).is_err() {
            let cause = format!("mismatched types {} and {}", self.ty_str(x.ty), self.ty_str(y.ty));
            return Err((Code::MismatchedTypes, true, cause));
        }
        if matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            if x.is_nil() || y.is_nil() {
                let t = if x.is_nil() { y.ty } else { x.ty };
                if !self.types.has_nil(t) {
                    return Err((Code::UndefinedOp, true, String::new()));
                }
            } else if !self.types.comparable(x.ty) {
                return Err((Code::UndefinedOp, false, self.incomparable_text(x.ty)));
            } else if !self.types.comparable(y.ty) {
                return Err((Code::UndefinedOp, true, self.incomparable_text(y.ty)));
            }
            return Ok(());
        }
        if !self.types.all_ordered(x.ty) {
            return Err((Code::UndefinedOp, false, String::new()));
        }
        if !self.types.all_ordered(y.ty) {
            return Err((Code::UndefinedOp, true, String::new()));
        }
        Ok(())
    }

    /// Why values of a type cannot be compared; empty if there is nothing specific to say.
    pub fn incomparable_text(&self, t: TypeId) -> String {
        if matches!(self.types.under_type(t), Type::Slice(_) | Type::Signature(_) | Type::Map { .. }) {
            return format!("{} can only be compared to nil", self.composite_kind(t));
        }
        match self.types.incomparable_cause(t, true) {
            Some(Incomparable::Struct(f)) => format!("struct containing {} cannot be compared", self.ty_str(f)),
            Some(Incomparable::Array(a)) => format!("{} cannot be compared", self.ty_str(a)),
            Some(Incomparable::EmptySet) => "empty type set".to_string(),
            Some(Incomparable::TypeSet) => "incomparable types in type set".to_string(),
            Some(Incomparable::Plain) | None => String::new(),
        }
    }
}
