//! Constants and conversions.

use num_traits::ToPrimitive;

use super::Lowerer;
use super::function::expr;
use crate::constant::{Kind, Value};
use crate::source::Span;
use crate::syntax::ast::ExprId;
use crate::typed::{Const, ConvKind, Expr, ExprKind};
use crate::types::{BasicKind, Type, TypeId};

impl Lowerer<'_> {
    /// A constant as a value of type `ty`; boxed if that is an interface.
    pub(crate) fn constant(&mut self, value: &Value, ty: TypeId, span: Span) -> Expr {
        let Some(kind) = self.types().basic(ty) else {
            let own = default_type(value);
            let x = self.constant(value, own, span);
            return self.assign_to(x, ty);
        };
        let c = match kind {
            k if k.is_boolean() => Const::Bool(value.as_bool().unwrap_or(false)),
            k if k.is_string() => match value.as_str() {
                Some(bytes) => Const::Str(bytes.into()),
                None => Const::Str(rune_text(value).into()),
            },
            k if k.is_integer() || k == BasicKind::UnsafePointer => Const::Int(integer(value, k)),
            BasicKind::Float32 => Const::Float(value.to_float().to_f32().unwrap_or(0.0) as f64),
            k if k.is_float() => Const::Float(value.to_float().to_f64().unwrap_or(0.0)),
            BasicKind::Complex64 => {
                let c = value.to_complex();
                let part = |v: Value| v.to_float().to_f32().unwrap_or(0.0) as f64;
                Const::Complex(part(c.real()), part(c.imag()))
            }
            k if k.is_complex() => {
                let c = value.to_complex();
                let part = |v: Value| v.to_float().to_f64().unwrap_or(0.0);
                Const::Complex(part(c.real()), part(c.imag()))
            }
            _ => return expr(ExprKind::Zero, ty, span),
        };
        expr(ExprKind::Const(c), ty, span)
    }

    /// Converts a value as assignment to a variable of type `target` does.
    pub(crate) fn assign_to(&mut self, x: Expr, target: TypeId) -> Expr {
        if x.ty == target || target == TypeId::INVALID {
            return x;
        }
        let span = x.span;
        if let ExprKind::Zero = x.kind
            && (x.ty == TypeId::UNTYPED_NIL || !self.types().is_interface(target))
        {
            return expr(ExprKind::Zero, target, span);
        }
        let types = self.types();
        if types.is_interface(target) {
            if !types.is_interface(x.ty) {
                self.note_converted(x.ty);
                return expr(ExprKind::ToInterface(Box::new(x)), target, span);
            }
            let same = types.canonical(types.under(x.ty)) == types.canonical(types.under(target));
            let kind = if same { ExprKind::Retype(Box::new(x)) } else { ExprKind::InterfaceToInterface(Box::new(x)) };
            return expr(kind, target, span);
        }
        self.retype(x, target)
    }

    /// An explicit conversion `T(x)` whose result is not constant.
    pub(crate) fn conversion(&mut self, id: ExprId, target: TypeId, span: Span) -> Expr {
        let types = self.types();
        if let Some(value) = self.value_of(id)
            && let Some(kind) = types.basic(target)
            && (kind.is_const_type() || kind == BasicKind::UnsafePointer)
        {
            // Only with type parameters does a constant meet a constant type here.
            let value = if kind.is_integer() { wrap(&value, kind) } else { value };
            return self.constant(&value, target, span);
        }
        if self.is_nil(id) {
            return expr(ExprKind::Zero, target, span);
        }
        let mut x = self.expr(id);
        x.span = span;
        self.convert_value(x, target)
    }

    /// Converts a value of any type to any type it is convertible to.
    pub(crate) fn convert_value(&mut self, x: Expr, target: TypeId) -> Expr {
        let types = self.types();
        if types.is_interface(target) || x.ty == target {
            return self.assign_to(x, target);
        }
        let (from, to) = (types.under_type(x.ty), types.under_type(target));
        let kind = match (&from, &to) {
            (Type::Basic(a), Type::Basic(b)) if a.is_numeric() && b.is_numeric() => {
                if a == b {
                    None
                } else {
                    Some(ConvKind::Numeric)
                }
            }
            (Type::Basic(a), Type::Basic(b)) if a.is_integer() && b.is_string() => Some(ConvKind::RuneToString),
            (Type::Basic(a), Type::Slice(elem)) if a.is_string() => match types.basic(*elem) {
                Some(BasicKind::Int32) => Some(ConvKind::StringToRunes),
                _ => Some(ConvKind::StringToBytes),
            },
            (Type::Slice(elem), Type::Basic(b)) if b.is_string() => match types.basic(*elem) {
                Some(BasicKind::Int32) => Some(ConvKind::RunesToString),
                _ => Some(ConvKind::BytesToString),
            },
            (Type::Slice(_), Type::Array { .. }) => Some(ConvKind::SliceToArray),
            (Type::Slice(_), Type::Pointer(_)) => Some(ConvKind::SliceToArrayPtr),
            _ => None,
        };
        match kind {
            Some(kind) => self.converted(kind, x, target),
            None => self.retype(x, target),
        }
    }

    /// The same representation as another type.
    fn retype(&self, x: Expr, target: TypeId) -> Expr {
        let span = x.span;
        match x.kind {
            ExprKind::Zero => expr(ExprKind::Zero, target, span),
            ExprKind::Const(c) if self.types().basic(target).is_some() => expr(ExprKind::Const(c), target, span),
            kind => expr(ExprKind::Retype(Box::new(expr(kind, x.ty, span))), target, span),
        }
    }
}

/// The type a constant has if nothing says otherwise.
fn default_type(value: &Value) -> TypeId {
    match value.kind() {
        Kind::Bool => TypeId::BOOL,
        Kind::String => TypeId::STRING,
        Kind::Int => TypeId::INT,
        Kind::Complex => TypeId::COMPLEX128,
        _ => TypeId::FLOAT64,
    }
}

/// The UTF-8 text of a code point.
fn rune_text(value: &Value) -> Vec<u8> {
    let c = value.to_int().as_i64().and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32).unwrap_or('\u{FFFD}');
    c.to_string().into_bytes()
}

/// A constant integer in canonical form: sign- or zero-extended to 64 bits.
fn integer(value: &Value, kind: BasicKind) -> i64 {
    let value = value.to_int();
    if let Some(n) = value.as_i64() {
        return truncate(n, kind);
    }
    if let Some(n) = value.as_u64() {
        return truncate(n as i64, kind);
    }
    let low = value.as_big().map(|big| (&big & num_bigint::BigInt::from(u64::MAX)).to_u64().unwrap_or(0));
    truncate(low.unwrap_or(0) as i64, kind)
}

fn truncate(n: i64, kind: BasicKind) -> i64 {
    match kind {
        BasicKind::Int8 => n as i8 as i64,
        BasicKind::Int16 => n as i16 as i64,
        BasicKind::Int32 => n as i32 as i64,
        BasicKind::Uint8 => n as u8 as i64,
        BasicKind::Uint16 => n as u16 as i64,
        BasicKind::Uint32 => n as u32 as i64,
        _ => n,
    }
}

/// A constant converted to an integer type as a variable would be: towards zero, modulo the width.
fn wrap(value: &Value, _kind: BasicKind) -> Value {
    match value.kind() {
        Kind::Float => match value.to_f64() {
            Some(f) => Value::from_big(num_bigint::BigInt::from(f.trunc() as i128)),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}
