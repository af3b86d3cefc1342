//! Assignability, and assignment of an operand to a variable of some type.

use crate::check::{Checker, Mode, Operand};
use crate::diag::Code;
use crate::types::{ChanDir, Type, TypeId};

impl Checker {
    /// Whether `x` may be assigned to a variable of type `t`; if not, the rule broken and the cause (maybe empty).
    pub fn assignable_to(&mut self, x: &Operand, t: TypeId) -> Result<(), (Code, String)> {
        if !x.is_valid() || !self.types.is_valid(t) {
            return Ok(());
        }
        let orig = t;
        let (v, t) = (self.types.unalias(x.ty), self.types.unalias(t));
        if self.types.identical(v, t) {
            return Ok(());
        }
        let (vu, tu) = (self.types.under(v), self.types.under(t));
        let (vp, tp) = (self.types.is_type_param(v), self.types.is_type_param(t));
        let no = |cause: String| Err((Code::IncompatibleAssign, cause));
        if self.types.is_untyped(vu) {
            if tp {
                let Some(list) = self.specific(t) else { return no(String::new()) };
                for u in list {
                    if self.implicit_type_and_value(x, u).is_err() {
                        return no(String::new());
                    }
                }
                return Ok(());
            }
            return match self.implicit_type_and_value(x, t) {
                Ok(_) => Ok(()),
                Err(_) => no(String::new()),
            };
        }
        let unnamed = !self.types.has_name(v) || !self.types.has_name(t);
        if unnamed && !vp && !tp && self.types.identical(vu, tu) {
            return Ok(());
        }
        let t_iface = matches!(self.types.get(tu), Type::Interface(_));
        if t_iface && !tp || self.types.is_interface_ptr(tu) {
            match self.implements(v, t, false) {
                Ok(()) => return Ok(()),
                // A type parameter may still be assignable through its specific types.
                Err(cause) if !vp => return Err((Code::InvalidIfaceAssign, cause)),
                Err(_) => {}
            }
        }
        if matches!(self.types.get(vu), Type::Interface(_)) && !vp && self.implements(t, v, false).is_ok() {
            return no("need type assertion".into());
        }
        if let (Type::Chan { dir: ChanDir::Both, elem: a }, Type::Chan { elem: b, .. }) =
            (self.types.get(vu), self.types.get(tu))
            && self.types.identical(a, b)
        {
            return if unnamed { Ok(()) } else { Err((Code::InvalidChanAssign, String::new())) };
        }
        if !vp && !tp {
            return no(String::new());
        }
        let wrap = |msg: String, cause: String| if cause.is_empty() { msg } else { format!("{msg}\n\t{cause}") };
        if tp && !self.types.has_name(v) {
            let Some(list) = self.specific(t) else { return no(String::new()) };
            for u in list {
                if let Err((code, cause)) = self.assignable_to(x, u) {
                    let msg =
                        format!("cannot assign {} to {} (in {})", self.ty_str(x.ty), self.ty_str(u), self.ty_str(t));
                    return Err((code, wrap(msg, cause)));
                }
            }
            return Ok(());
        }
        if vp && !self.types.has_name(t) {
            let Some(list) = self.specific(v) else { return no(String::new()) };
            for u in list {
                let y = Operand { ty: u, ..x.clone() };
                if let Err((code, cause)) = self.assignable_to(&y, t) {
                    let msg =
                        format!("cannot assign {} (in {}) to {}", self.ty_str(u), self.ty_str(v), self.ty_str(orig));
                    return Err((code, wrap(msg, cause)));
                }
            }
            return Ok(());
        }
        no(String::new())
    }

    /// Checks that `x` can be assigned to a variable of type `t` (none for an untyped blank), converting untyped operands. `context` says
    /// where, in messages.
    pub fn assignment(&mut self, x: &mut Operand, t: Option<TypeId>, context: &str) {
        self.single_value(x);
        match x.mode {
            Mode::Invalid => return,
            Mode::NilValue | Mode::Constant | Mode::Variable | Mode::MapIndex | Mode::Value | Mode::CommaOk => {}
            Mode::NoValue | Mode::Builtin | Mode::TypeExpr => {
                let ts = t.map_or("<nil>".to_string(), |t| self.ty_str(t));
                let msg = format!("cannot assign {} to {ts} in {context}", self.op_str(x));
                self.error(&*x, Code::IncompatibleAssign, msg);
                x.invalidate();
                return;
            }
        }
        if self.types.is_untyped(x.ty) {
            let mut target = t;
            if x.is_nil() {
                if t.is_none() {
                    self.error(&*x, Code::UntypedNilUse, format!("use of untyped nil in {context}"));
                    x.invalidate();
                    return;
                }
            } else if t.is_none_or(|t| self.types.is_non_type_param_interface(t)) {
                target = Some(self.types.default_type(x.ty));
            }
            let target = target.unwrap_or(TypeId::INVALID);
            match self.implicit_type_and_value(x, target) {
                Err(code) => {
                    let mut msg =
                        format!("cannot use {} as {} value in {context}", self.op_str(x), self.ty_str(target));
                    let code = match code {
                        Code::TruncatedFloat => {
                            msg.push_str(" (truncated)");
                            code
                        }
                        Code::NumericOverflow => {
                            msg.push_str(" (overflows)");
                            code
                        }
                        _ => Code::IncompatibleAssign,
                    };
                    self.advise_assignment(x, target, code);
                    self.error(&*x, code, msg);
                    x.invalidate();
                    return;
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
        if let Type::Signature(s) = self.types.get(x.ty)
            && !s.tparams.is_empty()
        {
            let target = self.new_target(t, context);
            self.non_generic(target.as_ref(), x);
            if !x.is_valid() {
                return;
            }
        }
        let Some(t) = t else { return };
        if let Err((code, cause)) = self.assignable_to(x, t) {
            let mut msg = format!("cannot use {} as {} value in {context}", self.op_str(x), self.ty_str(t));
            if !cause.is_empty() {
                msg.push_str(": ");
                msg.push_str(&cause);
            }
            self.advise_assignment(x, t, code);
            self.error(&*x, code, msg);
            x.invalidate();
        }
    }
}
