//! Whether a type implements an interface or satisfies a constraint, and if not, why.

use crate::check::Checker;
use crate::types::lookup::{Lookup, Selected};
use crate::types::{IMethod, NameId, Type, TypeId};

/// A method that a type lacks.
#[derive(Debug, Clone)]
pub struct Missing {
    /// The method as the interface lists it.
    pub method: IMethod,
    /// Whether there is such a method, but with another signature or a pointer receiver.
    pub wrong_type: bool,
    /// What is wrong, in parentheses.
    pub cause: String,
}

/// How signatures are compared: identity, or unification during inference.
pub type Equivalent<'a> = &'a mut dyn FnMut(&mut Checker, TypeId, TypeId) -> bool;

impl Checker {
    /// Whether `v` implements interface `t` (or, if `constraint`, satisfies it); if not, a sentence saying why.
    pub fn implements(&mut self, v: TypeId, t: TypeId, constraint: bool) -> Result<(), String> {
        let (vu, tu) = (self.types.under(v), self.types.under(t));
        if vu == TypeId::INVALID || tu == TypeId::INVALID {
            return Ok(());
        }
        if let Type::Pointer(base) = self.types.get(vu)
            && self.types.under(base) == TypeId::INVALID
        {
            return Ok(());
        }
        let verb = if constraint { "satisfy" } else { "implement" };
        if !matches!(self.types.get(tu), Type::Interface(_)) {
            let detail = if self.types.is_interface_ptr(tu) {
                self.interface_ptr_error(t)
            } else {
                format!("{} is not an interface", self.ty_str(t))
            };
            return Err(format!("{} does not {verb} {} ({detail})", self.ty_str(v), self.ty_str(t)));
        }
        let tset = self.types.type_set(tu);
        if tset.is_all() {
            return Ok(());
        }
        let v_iface = matches!(self.types.get(vu), Type::Interface(_));
        let vset = self.types.type_set(vu);
        if v_iface && vset.is_empty() {
            return Ok(());
        }
        if tset.is_empty() {
            return Err(format!("cannot {verb} {} (empty type set)", self.ty_str(t)));
        }
        if let Err(cause) = self.has_all_methods(v, t, true) {
            return Err(format!("{} does not {verb} {} {cause}", self.ty_str(v), self.ty_str(t)));
        }
        if tset.has_terms() {
            if v_iface {
                let within = match (&vset.terms, &tset.terms) {
                    (Some(a), Some(b)) => self.types.terms_within(a, b),
                    (None, Some(_)) => false,
                    _ => true,
                };
                if !within {
                    return Err(format!("{} does not {verb} {}", self.ty_str(v), self.ty_str(t)));
                }
            } else {
                let terms = tset.terms.as_deref().unwrap_or_default();
                if !terms.iter().any(|term| self.term_includes(term.tilde, term.ty, v)) {
                    let alt = terms.iter().find(|term| {
                        !term.tilde
                            && self.types.identical(term.ty, self.types.under(term.ty))
                            && self.term_includes(true, term.ty, v)
                    });
                    let (vs, ts) = (self.ty_str(v), self.ty_str(t));
                    let detail = match alt {
                        Some(alt) => format!("possibly missing ~ for {} in {ts}", self.ty_str(alt.ty)),
                        None if self.mentions(tu, v) => {
                            format!("{ts} mentions {vs}, but {vs} is not in the type set of {ts}")
                        }
                        None => {
                            let list: Vec<String> = terms
                                .iter()
                                .map(|x| format!("{}{}", if x.tilde { "~" } else { "" }, self.ty_path_str(x.ty)))
                                .collect();
                            format!("{vs} missing in {}", list.join(" | "))
                        }
                    };
                    return Err(format!("{vs} does not {verb} {ts} ({detail})"));
                }
            }
        }
        // Comparability comes last: other causes are more specific.
        if !self.types.set_is_comparable(&tset, &mut Vec::new()) || self.types.strictly_comparable(v) {
            return Ok(());
        }
        if constraint && self.types.comparable(v) {
            if self.allow_version((1, 20)) {
                return Ok(());
            }
            return Err(format!("{} to {verb} comparable requires go1.20 or later", self.ty_str(v)));
        }
        Err(format!("{} does not {verb} comparable", self.ty_str(v)))
    }

    fn term_includes(&self, tilde: bool, term: TypeId, v: TypeId) -> bool {
        if tilde {
            self.types.identical(self.types.under(term), self.types.under(v))
        } else {
            self.types.identical(term, v)
        }
    }

    /// Whether `v` occurs in an element or term of `t`.
    fn mentions(&self, t: TypeId, v: TypeId) -> bool {
        match self.types.get(t) {
            Type::Interface(i) => i.embeddeds.iter().any(|&e| self.mentions(e, v)),
            Type::Union(terms) => terms.iter().any(|term| self.mentions(term.ty, v)),
            _ => self.types.identical(t, v),
        }
    }

    /// "type *I is pointer to interface, not interface"
    pub fn interface_ptr_error(&self, t: TypeId) -> String {
        if let Type::Pointer(base) = self.types.under_type(t)
            && self.types.is_type_param(base)
        {
            return format!("type {} is pointer to type parameter, not type parameter", self.ty_str(t));
        }
        format!("type {} is pointer to interface, not interface", self.ty_str(t))
    }

    /// Whether `v` has all methods of interface `t`. If `v` is an interface and not `is_static`, methods may be missing as long as those
    /// present agree.
    pub fn has_all_methods(&mut self, v: TypeId, t: TypeId, is_static: bool) -> Result<(), String> {
        if !self.types.is_valid(v) {
            return Ok(());
        }
        match self.missing_method(v, t, is_static) {
            None => Ok(()),
            Some(_) if self.has_invalid_embedded_fields(v, &mut Vec::new()) => Ok(()),
            Some(m) => Err(m.cause),
        }
    }

    pub(crate) fn has_invalid_embedded_fields(&self, t: TypeId, seen: &mut Vec<TypeId>) -> bool {
        let u = self.types.under(self.types.deref_struct_ptr(t));
        let Type::Struct(s) = self.types.get(u) else { return false };
        if seen.contains(&u) {
            return false;
        }
        seen.push(u);
        s.fields
            .iter()
            .any(|f| f.embedded && (!self.types.is_valid(f.ty) || self.has_invalid_embedded_fields(f.ty, seen)))
    }

    /// Whether a value of interface type `v` may be asserted to have type `t`.
    pub fn assertable_to(&mut self, v: TypeId, t: TypeId) -> Result<(), String> {
        if self.types.is_interface(t) {
            return Ok(());
        }
        self.has_all_methods(t, v, false)
    }

    /// The first method of interface `t` that `v` lacks.
    pub fn missing_method(&mut self, v: TypeId, t: TypeId, is_static: bool) -> Option<Missing> {
        self.missing_method_with(v, t, is_static, &mut |c, a, b| c.types.identical(a, b))
    }

    /// Like [`Checker::missing_method`], comparing signatures by `equivalent`.
    pub fn missing_method_with(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        equivalent: Equivalent<'_>,
    ) -> Option<Missing> {
        let tset = self.types.type_set(self.types.under(t));
        let v_iface = matches!(self.types.under_type(v), Type::Interface(_));
        let vset = self.types.type_set(self.types.under(v));
        for &m in &tset.methods {
            let name = self.names.str(m.id.name).to_string();
            let missing = |wrong_type: bool, cause: String| Some(Missing { method: m, wrong_type, cause });
            if v_iface {
                match vset.methods.iter().find(|f| f.id == m.id) {
                    Some(f) if !equivalent(self, f.sig, m.sig) => {
                        let cause = self.wrong_signature(&name, f.sig, m.sig);
                        return missing(true, cause);
                    }
                    None if is_static => {
                        let cause = self.not_found_cause(v, t, &name);
                        return missing(false, cause);
                    }
                    _ => {}
                }
                continue;
            }
            match self.types.lookup_impl(v, false, &|n| n == m.id) {
                Lookup::Ambiguous(_) => {
                    return missing(false, format!("(ambiguous selector {}.{name})", self.ty_str(v)));
                }
                Lookup::PointerReceiver => return missing(true, format!("(method {name} has pointer receiver)")),
                Lookup::NotFound => {
                    let cause = self.misspelled_method(v, t, m, &name);
                    return missing(false, cause);
                }
                Lookup::Found { what: Selected::Field(_), .. } => {
                    return missing(false, format!("({}.{name} is a field, not a method)", self.ty_str(v)));
                }
                Lookup::Found { what, .. } => {
                    let sig = self.method_sig(&what);
                    if !equivalent(self, sig, m.sig) {
                        let cause = self.wrong_signature(&name, sig, m.sig);
                        return missing(true, cause);
                    }
                }
            }
        }
        None
    }

    fn not_found_cause(&self, v: TypeId, t: TypeId, name: &str) -> String {
        if self.types.is_interface_ptr(v) {
            format!("({})", self.interface_ptr_error(v))
        } else if self.types.is_interface_ptr(t) {
            format!("({})", self.interface_ptr_error(t))
        } else {
            format!("(missing method {name})")
        }
    }

    fn misspelled_method(&mut self, v: TypeId, t: TypeId, m: IMethod, name: &str) -> String {
        let fold = |c: &Checker, n: NameId| same_fold(c.names.str(n.name), name);
        let found = self.types.lookup_impl(v, false, &|n| fold(self, n));
        match found.found() {
            Some(what @ (Selected::Method { .. } | Selected::Interface(_))) => {
                let what = what.clone();
                let alt = match &what {
                    Selected::Method { method, .. } => method.id.name,
                    Selected::Interface(i) => i.id.name,
                    Selected::Field(f) => f.id.name,
                };
                if alt == m.id.name {
                    return format!("(unexported method {name})");
                }
                let sig = self.method_sig(&what);
                let have = self.func_str(self.names.str(alt), sig, false);
                let want = self.func_str(name, m.sig, false);
                format!("(missing method {name})\n\t\thave {have}\n\t\twant {want}")
            }
            _ => self.not_found_cause(v, t, name),
        }
    }

    fn wrong_signature(&self, name: &str, have: TypeId, want: TypeId) -> String {
        let (mut h, mut w) = (self.func_str(name, have, false), self.func_str(name, want, false));
        if h == w {
            (h, w) = (self.func_str(name, have, true), self.func_str(name, want, true));
        }
        if h == w {
            return format!("(wrong type for method {name})");
        }
        format!("(wrong type for method {name})\n\t\thave {h}\n\t\twant {w}")
    }

    /// The signature of a method found by a lookup, type arguments of its receiver put in. For fields, their type.
    pub fn method_sig(&mut self, what: &Selected) -> TypeId {
        match what {
            Selected::Field(f) => f.ty,
            Selected::Interface(m) => m.sig,
            Selected::Method { method, owner } => {
                self.obj_decl(method.obj);
                let obj = &self.objs[method.obj];
                let sig = obj.ty.unwrap_or(TypeId::INVALID);
                let Some(f) = obj.func() else { return sig };
                let owner = self.types.named(*owner);
                if f.recv_tparams.is_empty() || owner.targs.len() != f.recv_tparams.len() {
                    return sig;
                }
                self.types.subst_list(sig, &f.recv_tparams, &owner.targs)
            }
        }
    }
}

/// Whether two names differ in case only (or not at all).
pub(crate) fn same_fold(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}
