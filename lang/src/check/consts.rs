//! Constants: literals, overflow, representability.

use crate::check::{Checker, Mode, Operand};
use crate::constant::{self, Kind, Value};
use crate::diag::Code;
use crate::intern::Symbol;
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Expr, ExprId, LitKind, UnaryOp};
use crate::types::{BasicKind, TypeId};

/// Number literals longer than this are refused.
const MAX_LITERAL: usize = 10_000;
/// Untyped integers of more bits than this are refused.
const MAX_BITS: u64 = 512;
/// Strings longer than this are refused.
const MAX_STRING: usize = 2_000_000_000;

impl Checker {
    pub(crate) fn basic_lit(&mut self, x: &mut Operand, e: ExprId, kind: LitKind, value: Symbol) {
        let text = self.names.str(value);
        if matches!(kind, LitKind::Int | LitKind::Float | LitKind::Imag) && text.len() > MAX_LITERAL {
            let msg = format!("excessively long constant: {}... ({} chars)", &text[..10], text.len());
            self.error(e, Code::InvalidConstVal, msg);
            return;
        }
        let val = constant::from_literal(text, kind);
        if val.is_unknown() {
            let msg = format!("malformed constant: {text}");
            self.error(e, Code::InvalidConstVal, msg);
            return;
        }
        x.mode = Mode::Constant;
        x.ty = match kind {
            LitKind::Int => TypeId::UNTYPED_INT,
            LitKind::Float => TypeId::UNTYPED_FLOAT,
            LitKind::Imag => TypeId::UNTYPED_COMPLEX,
            LitKind::Rune => TypeId::UNTYPED_RUNE,
            LitKind::String => TypeId::UNTYPED_STRING,
        };
        x.val = val;
        x.expr = Some(e);
        self.overflow(x);
    }

    /// Where the operator of an operation stands; the start of other expressions.
    pub(crate) fn op_span(&self, e: Option<ExprId>) -> Span {
        let Some(e) = e else { return Span::NONE };
        match self.ast.expr(e) {
            Expr::Unary { .. } | Expr::Binary { .. } | Expr::Star(_) => Span::new(self.ast.pos(e), self.ast.end(e)),
            _ => self.ast.span(e),
        }
    }

    fn op_name(&self, e: Option<ExprId>) -> &'static str {
        match e.map(|e| self.ast.expr(e)) {
            Some(Expr::Unary { op: UnaryOp::Xor, .. }) => "bitwise complement ",
            Some(Expr::Binary { op, .. }) => match op {
                BinaryOp::Add => "addition ",
                BinaryOp::Sub => "subtraction ",
                BinaryOp::Xor => "bitwise XOR ",
                BinaryOp::Mul => "multiplication ",
                BinaryOp::Shl => "shift ",
                _ => "",
            },
            _ => "",
        }
    }

    /// Checks that the constant `x` is representable by its type; untyped constants must not grow beyond all bounds.
    pub fn overflow(&mut self, x: &mut Operand) {
        let at = self.op_span(x.expr);
        if x.val.is_unknown() {
            self.error(at, Code::InvalidConstVal, "constant result is not representable");
            return;
        }
        if self.types.is_typed(x.ty) {
            let u = self.types.under(x.ty);
            self.representable(x, u);
            return;
        }
        if x.val.kind() == Kind::Int && x.val.bit_len() > MAX_BITS {
            let msg = format!("constant {}overflow", self.op_name(x.expr));
            self.error(at, Code::InvalidConstVal, msg);
            x.val = Value::Unknown;
            return;
        }
        if let Some(s) = x.val.as_str()
            && s.len() > MAX_STRING
        {
            let msg = format!("constant string too long ({} bytes > {MAX_STRING} bytes)", s.len());
            self.error(at, Code::InvalidConstVal, msg);
            x.val = Value::Unknown;
        }
    }

    /// Checks that the constant operand is representable in a basic type, and makes its value one of that type.
    pub fn representable(&mut self, x: &mut Operand, basic: TypeId) {
        match self.representation(x, basic) {
            Ok(v) => x.val = v,
            Err(code) => {
                self.invalid_conversion(code, x, basic);
                x.invalidate();
            }
        }
    }

    /// The value of constant operand `x` in a basic type, or the rule broken.
    pub(crate) fn representation(&self, x: &Operand, basic: TypeId) -> Result<Value, Code> {
        let Some(kind) = self.types.basic(basic) else { return Err(Code::InvalidConstVal) };
        match representable_const(&x.val, kind) {
            Some(v) => Ok(v),
            None if self.types.is_numeric(x.ty) && kind.is_numeric() => {
                if !self.types.is_integer(x.ty) && kind.is_integer() {
                    Err(Code::TruncatedFloat)
                } else {
                    Err(Code::NumericOverflow)
                }
            }
            None => Err(Code::InvalidConstVal),
        }
    }
}

/// The value rounded to the given basic kind, if it is representable. Unknown values are, to avoid follow-up errors.
pub fn representable_const(v: &Value, kind: BasicKind) -> Option<Value> {
    use BasicKind::*;
    if v.is_unknown() {
        return Some(Value::Unknown);
    }
    if kind.is_integer() {
        let v = v.to_int();
        if v.kind() != Kind::Int {
            return None;
        }
        let (bits, signed) = match kind {
            Int | Int64 => (64, true),
            Int8 => (8, true),
            Int16 => (16, true),
            Int32 => (32, true),
            Uint | Uint64 | Uintptr => (64, false),
            Uint8 => (8, false),
            Uint16 => (16, false),
            Uint32 => (32, false),
            _ => return Some(v),
        };
        let fits = match (&v, signed) {
            (Value::Int(i), true) => bits == 64 || (-(1i64 << (bits - 1))..1i64 << (bits - 1)).contains(i),
            (Value::Int(i), false) => *i >= 0 && (bits == 64 || *i < 1i64 << bits),
            (_, true) => false,
            (_, false) => bits == 64 && v.sign() >= 0 && v.bit_len() <= 64,
        };
        return fits.then_some(v);
    }
    if kind.is_float() {
        let v = v.to_float();
        if v.kind() != Kind::Float {
            return None;
        }
        return round_float(&v, kind);
    }
    if kind.is_complex() {
        let v = v.to_complex();
        if v.kind() != Kind::Complex {
            return None;
        }
        let part = match kind {
            Complex64 => Float32,
            Complex128 => Float64,
            _ => return Some(v),
        };
        let (re, im) = (round_float(&v.real(), part)?, round_float(&v.imag(), part)?);
        return Some(Value::complex(re, im));
    }
    let same = kind.is_string() && v.kind() == Kind::String || kind.is_boolean() && v.kind() == Kind::Bool;
    same.then(|| v.clone())
}

fn round_float(v: &Value, kind: BasicKind) -> Option<Value> {
    let rounded = match kind {
        BasicKind::Float32 => f64::from(v.to_f32()?),
        BasicKind::Float64 => v.to_f64()?,
        _ => return Some(v.clone()),
    };
    rounded.is_finite().then(|| Value::from_f64(rounded))
}
