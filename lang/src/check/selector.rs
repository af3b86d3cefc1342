//! Selectors: qualified identifiers, fields, methods, method expressions.

use crate::check::implements::same_fold;
use crate::check::info::SelectionKind;
use crate::check::{Checker, Mode, Operand, Selection};
use crate::constant::Value;
use crate::diag::Code;
use crate::intern::{Symbol, sym};
use crate::syntax::ast::{Expr, ExprId};
use crate::types::lookup::{Lookup, Selected};
use crate::types::{ObjId, ObjectKind, Param, Signature, Type, TypeId};

impl Checker {
    /// Checks `base.sel`, which is expression `e`.
    pub(crate) fn selector(&mut self, x: &mut Operand, e: ExprId, base: ExprId, sel: ExprId, want_type: bool) {
        x.invalidate();
        x.ty = TypeId::INVALID;
        x.expr = Some(e);
        let Some(name) = self.ast.name(sel) else { return };
        if let Expr::Name(first) = self.ast.expr(base)
            && let Some(obj) = self.lookup(first).or_else(|| self.implied_import(base, first, name))
            && let ObjectKind::PkgName { .. } = self.objs[obj].kind
        {
            self.qualified(x, e, base, sel, name, obj);
            x.expr = Some(e);
            return;
        }
        if !self.select(x, e, base, sel, name, want_type) {
            x.invalidate();
            x.ty = TypeId::INVALID;
        }
        x.expr = Some(e);
    }

    /// `pkg.name`
    fn qualified(&mut self, x: &mut Operand, e: ExprId, base: ExprId, sel: ExprId, name: Symbol, pkg_name: ObjId) {
        self.record_use(base, pkg_name);
        let ObjectKind::PkgName { imported, used } = &mut self.objs[pkg_name].kind else { return };
        *used = true;
        let imported = *imported;
        let scope = self.package(imported).scope;
        let Some(obj) = self.scopes[scope].lookup(name) else {
            if !self.package(imported).fake {
                let wanted = self.names.str(name);
                let mut alts: Vec<&str> = self.scopes[scope]
                    .entries()
                    .iter()
                    .filter(|&&(n, _)| self.is_exported(n))
                    .map(|&(n, _)| self.names.str(n))
                    .filter(|n| same_fold(n, wanted))
                    .collect();
                alts.sort_unstable();
                let mut msg = format!("undefined: {}", self.expr_str(e));
                if let Some(alt) = alts.first() {
                    msg.push_str(&format!(" (but have {alt})"));
                }
                let wanted = wanted.to_string();
                self.advise_package_member(imported, &wanted);
                self.error(sel, Code::UndeclaredImportedName, msg);
            }
            return;
        };
        if !self.is_exported(name) {
            // What a library package does not export is nobody's business: Go's compiler does not even see it.
            let msg = if self.package(imported).lazy {
                format!("undefined: {}", self.expr_str(e))
            } else {
                let (name, package) = (self.names.str(name), self.names.str(self.package(imported).name));
                format!("name {name} not exported by package {package}")
            };
            self.error(sel, Code::UnexportedName, msg);
        }
        self.record_use(sel, obj);
        self.obj_decl(obj);
        let ty = self.objs[obj].ty.unwrap_or(TypeId::INVALID);
        match &self.objs[obj].kind {
            ObjectKind::Const { value } => {
                x.val = value.clone();
                x.mode = Mode::Constant;
            }
            ObjectKind::TypeName { .. } => x.mode = Mode::TypeExpr,
            ObjectKind::Var { .. } => x.mode = Mode::Variable,
            ObjectKind::Func(_) => x.mode = Mode::Value,
            ObjectKind::Builtin(id) => {
                x.id = Some(*id);
                x.mode = Mode::Builtin;
            }
            _ => return,
        }
        if !self.types.is_valid(ty) && matches!(x.mode, Mode::Constant | Mode::Variable) {
            x.invalidate();
        }
        x.ty = ty;
    }

    /// `base.name` for any other base; gives whether it is free of errors.
    fn select(&mut self, x: &mut Operand, e: ExprId, base: ExprId, sel: ExprId, name: Symbol, want_type: bool) -> bool {
        self.expr_or_type(x, base, false);
        match x.mode {
            Mode::Builtin => {
                let msg = format!("invalid use of {} in selector expression", self.op_str(x));
                self.error(self.ast.pos(e), Code::UncalledBuiltin, msg);
                return false;
            }
            Mode::Invalid => return false,
            _ => {}
        }
        if want_type {
            let msg = format!("{} is not a type", self.expr_str(e));
            self.error(sel, Code::NotAType, msg);
            return false;
        }
        if !self.check_complete(x.ty) {
            return false;
        }
        if let Type::Pointer(b) = self.types.under_type(x.ty)
            && !self.check_complete(b)
        {
            return false;
        }
        let id = self.id(name);
        let found =
            if name == sym::BLANK { Lookup::NotFound } else { self.types.lookup(x.ty, x.mode == Mode::Variable, id) };
        let text = self.names.str(name).to_string();
        let (what, index, indirect) = match found {
            Lookup::Found { what, index, indirect } => (what, index, indirect),
            _ if !self.types.is_valid(self.types.under(x.ty)) => return false,
            Lookup::Ambiguous(_) => {
                let msg = format!("ambiguous selector {}.{text}", self.op_expr_str(x));
                self.error(sel, Code::AmbiguousSelector, msg);
                return false;
            }
            Lookup::PointerReceiver => {
                let t = self.ty_str(x.ty);
                let msg = if x.mode == Mode::TypeExpr {
                    format!("invalid method expression {t}.{text} (needs pointer receiver (*{t}).{text})")
                } else {
                    self.advise("a method with a pointer receiver needs a variable to point to");
                    format!("cannot call pointer method {text} on {t}")
                };
                self.error(sel, Code::InvalidMethodExpr, msg);
                return false;
            }
            Lookup::NotFound => {
                let why = if self.types.is_interface_ptr(x.ty) {
                    self.interface_ptr_error(x.ty)
                } else {
                    let alt = self.lookup_fold(x.ty, x.mode == Mode::Variable, &text);
                    self.lookup_error(x.ty, name, alt.as_ref(), false)
                };
                let msg = format!("{}.{text} undefined ({why})", self.op_expr_str(x));
                self.advise_member(x.ty, x.mode == Mode::Variable, &text);
                self.error(sel, Code::MissingFieldOrMethod, msg);
                return false;
            }
        };
        let recv = x.ty;
        if let Selected::Field(f) = &what {
            if x.mode == Mode::TypeExpr {
                let msg = format!("operand for field selector {text} must be value of type {}", self.ty_str(x.ty));
                self.error(base, Code::MissingFieldOrMethod, msg);
                return false;
            }
            let ty = f.ty;
            let kind = SelectionKind::Field;
            self.record_selection(e, sel, Selection { kind, recv, what, index, indirect, ty });
            x.mode = if x.mode == Mode::Variable || indirect { Mode::Variable } else { Mode::Value };
            x.ty = ty;
            return true;
        }
        let sig = self.method_sig(&what);
        if let Selected::Method { method, .. } = &what {
            self.add_decl_dep(method.obj);
        }
        let Type::Signature(s) = self.types.get(sig) else { return false };
        if x.mode == Mode::TypeExpr {
            // The receiver becomes the first parameter.
            let recv_name = match &what {
                Selected::Method { method, .. } => {
                    self.objs[method.obj].func().and_then(|f| f.recv).map_or(sym::EMPTY, |r| self.objs[r].name)
                }
                _ => sym::EMPTY,
            };
            let named = s.params.first().is_some_and(|p| p.name != sym::EMPTY);
            let name = match (named, recv_name) {
                (false, _) => sym::EMPTY,
                (true, sym::EMPTY) => sym::BLANK,
                (true, n) => n,
            };
            let mut params = vec![Param { name, ty: recv }];
            params.extend_from_slice(&s.params);
            let ty = self.types.signature(Signature { params, ..(*s).clone() });
            let kind = SelectionKind::MethodExpr;
            self.record_selection(e, sel, Selection { kind, recv, what, index, indirect, ty });
            x.mode = Mode::Value;
            x.ty = ty;
        } else {
            let kind = SelectionKind::MethodValue;
            self.record_selection(e, sel, Selection { kind, recv, what, index, indirect, ty: sig });
            x.mode = Mode::Value;
            x.ty = sig;
        }
        x.val = Value::Unknown;
        true
    }

    /// The field or method whose name differs from `name` in case only.
    pub fn lookup_fold(&self, t: TypeId, addressable: bool, name: &str) -> Option<Selected> {
        match self.types.lookup_by(t, addressable, &|n| same_fold(self.names.str(n.name), name)) {
            Lookup::Found { what, .. } => Some(what),
            _ => None,
        }
    }

    /// Why `sel` was not found in a type, given what a lookup regardless of case has found.
    pub fn lookup_error(&self, t: TypeId, sel: Symbol, alt: Option<&Selected>, struct_lit: bool) -> String {
        enum Case {
            Missing,
            Misspelled,
            Unexported,
            Inaccessible,
        }
        let (what, id) = match alt {
            Some(Selected::Field(f)) => ("field", Some(f.id)),
            Some(Selected::Method { method, .. }) => ("method", Some(method.id)),
            Some(Selected::Interface(m)) => ("method", Some(m.id)),
            None => ("object", None),
        };
        let text = self.names.str(sel);
        let tail = |s: &str| s.chars().skip(1).collect::<String>();
        let exported = self.is_exported(sel);
        let (case, alt) = match id {
            None => (Case::Missing, ""),
            Some(id) => {
                let name = self.names.str(id.name);
                let local = match id.pkg {
                    Some(pkg) => pkg == self.pkg,
                    None => self.declared_here(t, alt),
                };
                let case = if local {
                    Case::Misspelled
                } else if exported {
                    if id.exported() {
                        Case::Misspelled
                    } else if tail(text) == tail(name) {
                        Case::Unexported
                    } else {
                        Case::Missing
                    }
                } else if id.exported() {
                    if tail(text) == tail(name) { Case::Misspelled } else { Case::Missing }
                } else if text == name {
                    Case::Inaccessible
                } else {
                    Case::Missing
                };
                (case, name)
            }
        };
        let ts = self.ty_str(t);
        if struct_lit {
            return match case {
                Case::Missing => format!("unknown field {text} in struct literal of type {ts}"),
                Case::Misspelled => {
                    format!("unknown field {text} in struct literal of type {ts}, but does have {alt}")
                }
                Case::Unexported => {
                    format!("unknown field {text} in struct literal of type {ts}, but does have unexported {alt}")
                }
                Case::Inaccessible => format!("cannot refer to unexported field {alt} in struct literal of type {ts}"),
            };
        }
        match case {
            Case::Missing => format!("type {ts} has no field or method {text}"),
            Case::Misspelled => format!("type {ts} has no field or method {text}, but does have {what} {alt}"),
            Case::Unexported => {
                format!("type {ts} has no field or method {text}, but does have unexported {what} {alt}")
            }
            Case::Inaccessible => format!("cannot refer to unexported {what} {alt}"),
        }
    }

    /// Whether an exported field or method belongs to the current package.
    fn declared_here(&self, t: TypeId, alt: Option<&Selected>) -> bool {
        if let Some(Selected::Method { method, .. }) = alt {
            return self.objs[method.obj].pkg == Some(self.pkg);
        }
        match self.types.as_named(self.types.deref(t).0) {
            Some(id) => self.types.named(id).pkg == Some(self.pkg),
            None => true,
        }
    }
}
