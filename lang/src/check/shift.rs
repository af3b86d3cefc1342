//! Shifts, constant and not.

use crate::check::{Checker, Mode, Operand};
use crate::constant::{self, Kind, Value};
use crate::diag::Code;
use crate::syntax::ast::{BinaryOp, ExprId};
use crate::types::{BasicKind, TypeId};

/// Constant shift counts beyond this are refused: enough to write the smallest float64 as a shift.
const MAX_COUNT: u64 = 1023 - 1 + 52;

impl Checker {
    /// Checks `x op y` for a shift. `e` is the shift expression; none for an assignment operation.
    pub(crate) fn shift(&mut self, x: &mut Operand, y: &mut Operand, e: Option<ExprId>, op: BinaryOp) {
        let int_val = (x.mode == Mode::Constant).then(|| x.val.to_int());
        let int_const = self.types.is_untyped(x.ty) && int_val.as_ref().is_some_and(|v| v.kind() == Kind::Int);
        if !self.types.all_integer(x.ty) && !int_const {
            self.not_integer(x);
            return;
        }
        let mut count = Value::Unknown;
        if y.mode == Mode::Constant {
            count = y.val.to_int();
            if count.kind() == Kind::Int && count.sign() < 0 {
                let msg = format!("invalid operation: negative shift count {}", self.op_str(y));
                self.error(&*y, Code::InvalidShiftCount, msg);
                x.invalidate();
                return;
            }
            if self.types.is_untyped(y.ty) {
                self.representable(y, BasicKind::Uint.id());
                if !y.is_valid() {
                    x.invalidate();
                    return;
                }
            } else if !self.types.all_integer(y.ty) {
                let msg = format!("invalid operation: shift count {} must be integer", self.op_str(y));
                self.error(&*y, Code::InvalidShiftCount, msg);
                x.invalidate();
                return;
            }
        } else if self.types.all_integer(y.ty) {
            if !self.types.all_unsigned(y.ty) && !self.allow_version((1, 13)) {
                let what = format!("invalid operation: signed shift count {}", self.op_str(y));
                self.verify_version(&*y, (1, 13), &what);
                x.invalidate();
                return;
            }
            // A count that is itself an untyped, non-constant shift gets its type here.
            if self.types.is_untyped(y.ty) {
                self.convert_untyped(y, TypeId::UINT);
                if !y.is_valid() {
                    x.invalidate();
                    return;
                }
            }
        } else if self.types.is_untyped(y.ty) {
            self.convert_untyped(y, TypeId::UINT);
            if !y.is_valid() {
                x.invalidate();
                return;
            }
        } else {
            let msg = format!("invalid operation: shift count {} must be integer", self.op_str(y));
            self.error(&*y, Code::InvalidShiftCount, msg);
            x.invalidate();
            return;
        }
        if x.mode == Mode::Constant && y.mode == Mode::Constant {
            self.constant_shift(x, y, e, op, &count);
            return;
        }
        if y.mode == Mode::Constant && self.types.is_untyped(y.ty) {
            self.convert_untyped(y, TypeId::UINT);
        }
        if x.mode == Mode::Constant && self.types.is_untyped(x.ty) {
            // The type of the constant is what its context will make of it: checked when that is known.
            if let Some(left) = x.expr
                && let Some(info) = self.untyped.get_mut(&(self.pkg, left))
            {
                info.is_lhs = true;
            }
            x.mode = Mode::Value;
            return;
        }
        if !self.types.all_integer(x.ty) {
            self.not_integer(x);
            return;
        }
        x.mode = Mode::Value;
    }

    fn not_integer(&mut self, x: &mut Operand) {
        let msg = format!("invalid operation: shifted operand {} must be integer", self.op_str(x));
        self.error(&*x, Code::InvalidShiftOperand, msg);
        x.invalidate();
    }

    fn constant_shift(&mut self, x: &mut Operand, y: &Operand, e: Option<ExprId>, op: BinaryOp, count: &Value) {
        let unknown = x.val.is_unknown() || y.val.is_unknown();
        if unknown {
            x.val = Value::Unknown;
            if !self.types.is_integer(x.ty) {
                x.ty = TypeId::UNTYPED_INT;
            }
            return;
        }
        let Some(n) = count.as_u64().filter(|&n| n <= MAX_COUNT) else {
            let msg = format!("invalid operation: invalid shift count {}", self.op_str(y));
            self.error(y, Code::InvalidShiftCount, msg);
            x.invalidate();
            return;
        };
        if !self.types.is_integer(x.ty) {
            x.ty = TypeId::UNTYPED_INT;
        }
        x.val = constant::shift(&x.val.to_int(), op, n as u32);
        if e.is_some() {
            x.expr = e;
        }
        self.overflow(x);
    }
}
