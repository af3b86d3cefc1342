//! Conversions `T(x)`.

use std::rc::Rc;

use crate::check::consts::representable_const;
use crate::check::{Checker, Mode, Operand};
use crate::constant::{Kind, Value};
use crate::diag::Code;
use crate::types::{BasicKind, Type, TypeId};

impl Checker {
    /// Checks the conversion of `x` to type `t`.
    pub fn conversion(&mut self, x: &mut Operand, t: TypeId) {
        let const_arg = x.mode == Mode::Constant;
        let mut cause = String::new();
        let ok = if const_arg && self.types.is_const_type(t) {
            match self.const_convertible(x, t) {
                Some(v) => {
                    x.val = v;
                    true
                }
                None => {
                    if self.types.is_integer(x.ty) && self.types.is_integer(t) {
                        let msg = format!("constant {} overflows {}", x.val, self.ty_str(t));
                        self.error(&*x, Code::InvalidConversion, msg);
                        x.invalidate();
                        return;
                    }
                    // Messages show the value as far as it was converted.
                    if self.types.is_integer(t) && x.val.to_int().kind() == Kind::Int {
                        x.val = x.val.to_int();
                    }
                    false
                }
            }
        } else if const_arg && self.types.is_type_param(t) {
            let ok = self.const_to_type_param(x, t, &mut cause);
            x.mode = Mode::Value; // type parameters have no constants
            ok
        } else {
            match self.convertible_to(x, t) {
                Ok(()) => {
                    x.mode = Mode::Value;
                    true
                }
                Err(why) => {
                    cause = why;
                    false
                }
            }
        };
        if !ok {
            let mut msg = format!("cannot convert {} to type {}", self.op_str(x), self.ty_str(t));
            if !cause.is_empty() {
                msg.push_str(": ");
                msg.push_str(&cause);
            }
            self.error(&*x, Code::InvalidConversion, msg);
            x.invalidate();
            return;
        }
        // The conversion gives untyped arguments their types.
        if self.types.is_untyped(x.ty) {
            let mut last = t;
            if x.ty == TypeId::UNTYPED_NIL {
                // nil takes the type
            } else if self.types.is_non_type_param_interface(t) || const_arg && !self.types.is_const_type(t) {
                last = self.types.default_type(x.ty);
            } else if x.mode == Mode::Constant && self.types.is_integer(x.ty) && self.types.all_string(t) {
                last = x.ty;
            }
            if let Some(e) = x.expr {
                self.update_expr_type(e, last, true);
            }
        }
        x.ty = t;
    }

    fn const_convertible(&self, x: &Operand, t: TypeId) -> Option<Value> {
        let kind = self.types.basic(t)?;
        if let Some(v) = representable_const(&x.val, kind) {
            return Some(v);
        }
        if self.types.is_integer(x.ty) && kind.is_string() {
            let c = x.val.as_u64().and_then(|u| u32::try_from(u).ok()).and_then(char::from_u32).unwrap_or('\u{fffd}');
            return Some(Value::Str(Rc::new(c.to_string().into_bytes())));
        }
        None
    }

    fn const_to_type_param(&mut self, x: &Operand, t: TypeId, cause: &mut String) -> bool {
        for (_, u) in self.types.typeset(t) {
            let Some(u) = u else {
                *cause = format!("{} does not contain specific types", self.ty_str(t));
                return false;
            };
            if self.types.is_string(x.ty) && self.is_bytes_or_runes(u) {
                continue;
            }
            if self.const_convertible(x, u).is_none() {
                let (us, ts) = (self.ty_str(u), self.ty_str(t));
                *cause = if self.types.is_integer(x.ty) && self.types.is_integer(u) {
                    format!("constant {} overflows {us} (in {ts})", x.val)
                } else {
                    format!("cannot convert {} to type {us} (in {ts})", self.op_str(x))
                };
                return false;
            }
        }
        true
    }

    /// Whether the underlying type is `[]byte` or `[]rune`.
    pub fn is_bytes_or_runes(&self, t: TypeId) -> bool {
        match self.types.under_type(t) {
            Type::Slice(e) => matches!(self.types.basic(e), Some(BasicKind::Uint8 | BasicKind::Int32)),
            _ => false,
        }
    }

    /// Whether non-constant `x` can be converted to `t`; if not, why (maybe nothing more to say).
    pub fn convertible_to(&mut self, x: &Operand, t: TypeId) -> Result<(), String> {
        let mut cause = match self.assignable_to(x, t) {
            Ok(()) => return Ok(()),
            Err((_, cause)) => cause,
        };
        let orig = t;
        let (v, t) = (self.types.unalias(x.ty), self.types.unalias(t));
        let (vu, tu) = (self.types.under(v), self.types.under(t));
        let (vp, tp) = (self.types.is_type_param(v), self.types.is_type_param(t));
        if !vp && !tp && self.types.identical_ignore_tags(vu, tu) {
            return Ok(());
        }
        if let (Type::Pointer(a), Type::Pointer(b)) = (self.types.get(v), self.types.get(t))
            && !self.types.is_type_param(a)
            && !self.types.is_type_param(b)
            && self.types.identical_ignore_tags(self.types.under(a), self.types.under(b))
        {
            return Ok(());
        }
        let ty = &self.types;
        let pointer = |u| matches!(ty.get(u), Type::Pointer(_));
        let is = |u, kind| ty.basic(u) == Some(kind);
        if ty.is_integer_or_float(vu) && ty.is_integer_or_float(tu)
            || ty.is_complex(vu) && ty.is_complex(tu)
            || (ty.is_integer(vu) || self.is_bytes_or_runes(vu)) && ty.is_string(tu)
            || ty.is_string(vu) && self.is_bytes_or_runes(tu)
            || (pointer(vu) || is(vu, BasicKind::Uintptr)) && is(tu, BasicKind::UnsafePointer)
            || is(vu, BasicKind::UnsafePointer) && (pointer(tu) || is(tu, BasicKind::Uintptr))
        {
            return Ok(());
        }
        if let Type::Slice(elem) = ty.get(vu) {
            match ty.get(tu) {
                Type::Array { elem: e, .. } if ty.identical(elem, e) => {
                    return if self.allow_version((1, 20)) {
                        Ok(())
                    } else {
                        Err("conversion of slice to array requires go1.20 or later".into())
                    };
                }
                Type::Pointer(base) => {
                    if let Type::Array { elem: e, .. } = ty.under_type(base)
                        && ty.identical(elem, e)
                    {
                        return if self.allow_version((1, 17)) {
                            Ok(())
                        } else {
                            Err("conversion of slice to array pointer requires go1.17 or later".into())
                        };
                    }
                }
                _ => {}
            }
        }
        if !vp && !tp {
            return Err(cause);
        }
        let add = |cause: &mut String, msg: String| {
            *cause = if cause.is_empty() { msg } else { format!("{msg}\n\t{cause}") };
        };
        let from: Vec<TypeId> = if vp { self.specific(v).ok_or(cause.clone())? } else { vec![x.ty] };
        let to: Vec<TypeId> = if tp { self.specific(t).ok_or(cause.clone())? } else { vec![t] };
        for &a in &from {
            let y = Operand { ty: a, ..x.clone() };
            for &b in &to {
                if let Err(why) = self.convertible_to(&y, b) {
                    if !why.is_empty() {
                        cause = why;
                    }
                    let (a, b) = (self.ty_str(a), self.ty_str(b));
                    let (vs, ts) = (self.ty_str(v), self.ty_str(t));
                    let msg = match (vp, tp) {
                        (true, true) => format!("cannot convert {a} (in {vs}) to type {b} (in {ts})"),
                        (true, false) => format!("cannot convert {a} (in {vs}) to type {}", self.ty_str(orig)),
                        _ => format!("cannot convert {a} to type {b} (in {ts})"),
                    };
                    add(&mut cause, msg);
                    return Err(cause);
                }
            }
        }
        Ok(())
    }

    /// The specific types of a type parameter's type set; none if there are none.
    pub(crate) fn specific(&self, t: TypeId) -> Option<Vec<TypeId>> {
        Some(self.types.terms(t)?.iter().map(|term| term.ty).collect())
    }

    /// The integer value of a constant operand, if it has one.
    pub fn const_int(&self, x: &Operand) -> Option<i64> {
        if x.mode != Mode::Constant {
            return None;
        }
        let v = x.val.to_int();
        if v.kind() == Kind::Int { v.as_i64() } else { None }
    }
}
