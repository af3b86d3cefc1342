//! Fields and methods by name, through embedding.

use crate::types::{Field, IMethod, Method, NameId, NamedId, Type, TypeId, Types};

/// What a selector denotes.
#[derive(Debug, Clone, PartialEq)]
pub enum Selected {
    /// A struct field.
    Field(Field),
    /// A declared method; its signature is that of the function object with the type arguments of `owner` put in.
    Method {
        /// The method.
        method: Method,
        /// The (possibly instantiated) defined type that it is declared for.
        owner: NamedId,
    },
    /// A method of an interface or of a type parameter's constraint.
    Interface(IMethod),
}

/// Result of a lookup.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// Found.
    Found {
        /// What.
        what: Selected,
        /// Field indices from the outer type on; the last one is the field's index, or the method's.
        index: Vec<u32>,
        /// Whether a pointer was followed on the way.
        indirect: bool,
    },
    /// Several candidates at the shallowest depth.
    Ambiguous(Vec<u32>),
    /// A method with a pointer receiver, which the operand cannot be given.
    PointerReceiver,
    /// Nothing.
    NotFound,
}

impl Lookup {
    /// What was found, if anything.
    pub fn found(&self) -> Option<&Selected> {
        match self {
            Lookup::Found { what, .. } => Some(what),
            _ => None,
        }
    }
}

/// How names are compared: exactly, or regardless of case (for hints in messages).
pub type NameMatch<'a> = &'a dyn Fn(NameId) -> bool;

struct Embedded {
    ty: TypeId,
    index: Vec<u32>,
    indirect: bool,
    multiples: bool,
}

impl Types {
    /// Looks for the field or method `id` in `t` or `*t`.
    pub fn lookup(&self, t: TypeId, addressable: bool, id: NameId) -> Lookup {
        self.lookup_by(t, addressable, &|n| n == id)
    }

    /// Like [`Types::lookup`], with any way to compare names.
    pub fn lookup_by(&self, t: TypeId, addressable: bool, name: NameMatch<'_>) -> Lookup {
        // A defined pointer type has no methods, but the fields of its base.
        if self.as_named(t).is_some()
            && let Type::Pointer(_) = self.under_type(t)
        {
            let found = self.lookup_impl(self.under(t), false, name);
            return match found.found() {
                Some(Selected::Method { .. } | Selected::Interface(_)) => Lookup::NotFound,
                _ => found,
            };
        }
        self.lookup_impl(t, addressable, name)
    }

    /// The lookup proper, which does not look through defined pointer types.
    pub fn lookup_impl(&self, t: TypeId, addressable: bool, name: NameMatch<'_>) -> Lookup {
        let (ty, is_ptr) = self.deref(t);
        if is_ptr && self.is_interface(ty) {
            return Lookup::NotFound; // pointers to interfaces have no methods
        }
        let mut current = vec![Embedded { ty, index: Vec::new(), indirect: is_ptr, multiples: false }];
        let mut seen: Vec<NamedId> = Vec::new();
        while !current.is_empty() {
            let mut next: Vec<Embedded> = Vec::new();
            let mut found: Option<(Selected, Vec<u32>, bool)> = None;
            for e in &current {
                let at = |i: usize| {
                    let mut index = e.index.clone();
                    index.push(i as u32);
                    index
                };
                if let Some(named) = self.as_named(e.ty) {
                    if seen.iter().any(|&s| self.identical_named(s, named)) {
                        continue; // shadowed by the same type at a shallower depth
                    }
                    seen.push(named);
                    let methods = self.named_methods(named);
                    if let Some(i) = methods.iter().position(|m| name(m.id)) {
                        if found.is_some() || e.multiples {
                            return Lookup::Ambiguous(at(i));
                        }
                        found = Some((Selected::Method { method: methods[i], owner: named }, at(i), e.indirect));
                        continue;
                    }
                }
                match self.under_type(e.ty) {
                    Type::Struct(s) => {
                        for (i, f) in s.fields.iter().enumerate() {
                            if name(f.id) {
                                if found.is_some() || e.multiples {
                                    return Lookup::Ambiguous(at(i));
                                }
                                found = Some((Selected::Field(f.clone()), at(i), e.indirect));
                                continue;
                            }
                            if found.is_none() && f.embedded {
                                let (ty, is_ptr) = self.deref(f.ty);
                                next.push(Embedded {
                                    ty,
                                    index: at(i),
                                    indirect: e.indirect || is_ptr,
                                    multiples: e.multiples,
                                });
                            }
                        }
                    }
                    Type::Interface(_) => {
                        let set = self.type_set(self.under(e.ty));
                        if let Some(i) = set.methods.iter().position(|m| name(m.id)) {
                            if found.is_some() || e.multiples {
                                return Lookup::Ambiguous(at(i));
                            }
                            found = Some((Selected::Interface(set.methods[i]), at(i), e.indirect));
                        }
                    }
                    _ => {}
                }
            }
            if let Some((what, index, indirect)) = found {
                if let Selected::Method { method, .. } = &what
                    && method.ptr_recv
                    && !indirect
                    && !addressable
                {
                    return Lookup::PointerReceiver;
                }
                return Lookup::Found { what, index, indirect };
            }
            current = self.consolidate(next);
        }
        Lookup::NotFound
    }

    /// Merges entries of the same type, marking them as ambiguous.
    fn consolidate(&self, list: Vec<Embedded>) -> Vec<Embedded> {
        let mut out: Vec<Embedded> = Vec::new();
        for e in list {
            match out.iter_mut().find(|o| self.identical(o.ty, e.ty)) {
                Some(o) => o.multiples = true,
                None => out.push(e),
            }
        }
        out
    }

    /// The names of the fields along an index path, joined by dots.
    pub fn field_path(&self, t: TypeId, index: &[u32]) -> Vec<crate::intern::Symbol> {
        let mut names = Vec::new();
        let mut t = t;
        for &i in index {
            let Type::Struct(s) = self.under_type(self.deref_struct_ptr(t)) else { break };
            let Some(f) = s.fields.get(i as usize) else { break };
            names.push(f.id.name);
            t = f.ty;
        }
        names
    }
}
