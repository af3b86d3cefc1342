//! Substitution of type arguments for type parameters.
//!
//! [`Types::subst`] rebuilds a type with type parameters replaced and gives back the very same id where nothing changes. It never
//! expands instances: `T[P]` becomes `T[int]`, whose right-hand side is built when someone asks for it
//! ([`Types::named_rhs`](crate::types::Types::named_rhs)), so recursive generic types end.
//!
//! A generic method's own type parameters need care. When the receiver's arguments are put into its signature, the method's
//! parameters must be renewed, because their constraints may mention the receiver's parameters.

use std::rc::Rc;

use crate::types::{Field, IMethod, Interface, Param, Signature, Struct, Type, TypeId, Types, UnionTerm};

/// Which type parameters stand for which types. Parameters without an argument stay.
#[derive(Debug, Clone, Default)]
pub struct SubstMap {
    pairs: Vec<(TypeId, TypeId)>,
}

impl SubstMap {
    /// Maps `tparams[i]` to `targs[i]`.
    pub fn new(tparams: &[TypeId], targs: &[TypeId]) -> SubstMap {
        SubstMap { pairs: tparams.iter().copied().zip(targs.iter().copied()).collect() }
    }

    /// Maps `tparams[i]` to `targs[i]` where that is known.
    pub fn partial(tparams: &[TypeId], targs: &[Option<TypeId>]) -> SubstMap {
        SubstMap { pairs: tparams.iter().zip(targs).filter_map(|(&p, &a)| Some((p, a?))).collect() }
    }

    /// Adds a pair.
    pub fn push(&mut self, tparam: TypeId, targ: TypeId) {
        self.pairs.push((tparam, targ));
    }

    /// Whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// What a type parameter stands for, if it is mapped.
    pub fn get(&self, tparam: TypeId) -> Option<TypeId> {
        self.pairs.iter().find(|(p, _)| *p == tparam).map(|&(_, a)| a)
    }
}

impl Types {
    /// `t` with `tparams[i]` replaced by `targs[i]`.
    pub fn subst_list(&self, t: TypeId, tparams: &[TypeId], targs: &[TypeId]) -> TypeId {
        self.subst(t, &SubstMap::new(tparams, targs))
    }

    /// `t` with the type parameters of `map` replaced.
    pub fn subst(&self, t: TypeId, map: &SubstMap) -> TypeId {
        if map.is_empty() {
            return t;
        }
        match self.get(t) {
            Type::Basic(_) => t,
            Type::TypeParam(_) => map.get(t).unwrap_or(t),
            Type::Named(id) => {
                let n = self.named(id);
                let tparams = self.named_tparams(id);
                if !tparams.is_empty() && !n.targs.is_empty() && n.targs.len() != tparams.len() {
                    return TypeId::INVALID; // reported where it is written
                }
                match self.subst_ids(&n.targs, map) {
                    Some(targs) => self.named_instance(self.origin(id), &targs),
                    None => t,
                }
            }
            Type::Alias(id) => {
                let a = self.alias(id);
                let Some(rhs) = a.rhs.get() else { return t };
                let new = self.subst(rhs, map);
                if new == rhs {
                    return t;
                }
                match (a.origin, self.subst_ids(&a.targs, map)) {
                    (Some(origin), Some(targs)) => self.alias_instance(origin, &targs, new),
                    _ => new,
                }
            }
            Type::Pointer(elem) => self.pointer(self.subst(elem, map)),
            Type::Slice(elem) => self.slice(self.subst(elem, map)),
            Type::Array { len, elem } => self.array(len, self.subst(elem, map)),
            Type::Map { key, elem } => self.map(self.subst(key, map), self.subst(elem, map)),
            Type::Chan { dir, elem } => self.chan(dir, self.subst(elem, map)),
            Type::Struct(s) => match self.subst_fields(&s, map) {
                Some(fields) => self.strukt(fields),
                None => t,
            },
            Type::Tuple(params) => match self.subst_params(&params, map) {
                Some(params) => self.tuple(&params),
                None => t,
            },
            Type::Signature(sig) => self.subst_signature(t, &sig, map),
            Type::Interface(iface) => self.subst_interface(t, &iface, map),
            Type::Union(terms) => {
                let new: Vec<UnionTerm> =
                    terms.iter().map(|term| UnionTerm { tilde: term.tilde, ty: self.subst(term.ty, map) }).collect();
                if new[..] == terms[..] { t } else { self.union(&new) }
            }
        }
    }

    /// The signature of a generic function with type arguments put in; it has no type parameters any more.
    pub fn instantiate_signature(&self, sig: &Signature, targs: &[TypeId]) -> Rc<Signature> {
        let map = SubstMap::new(&sig.tparams, targs);
        Rc::new(Signature {
            tparams: Vec::new(),
            params: self.subst_params(&sig.params, &map).unwrap_or_else(|| sig.params.clone()),
            results: self.subst_params(&sig.results, &map).unwrap_or_else(|| sig.results.clone()),
            variadic: sig.variadic,
        })
    }

    /// Fresh type parameters like `tparams`, with constraints that refer to the fresh ones, and the renaming.
    /// `outer` is applied to the constraints as well.
    pub fn rename_tparams(&self, tparams: &[TypeId], outer: &SubstMap) -> (Vec<TypeId>, SubstMap) {
        let mut map = outer.clone();
        let mut fresh = Vec::with_capacity(tparams.len());
        for &t in tparams {
            let Some(id) = self.as_type_param(t) else {
                fresh.push(t);
                continue;
            };
            let old = self.type_param(id);
            let (new_id, new) = self.new_type_param(old.name, old.pkg, old.obj);
            self.type_param(new_id).index.set(old.index.get());
            fresh.push(new);
            map.push(t, new);
        }
        for (&old, &new) in tparams.iter().zip(&fresh) {
            if let (Some(old), Some(new)) = (self.as_type_param(old), self.as_type_param(new)) {
                let bound = self.subst(self.type_param(old).bound.get(), &map);
                self.type_param(new).bound.set(bound);
            }
        }
        (fresh, map)
    }

    /// `list` with substitutions made; `None` if nothing changes.
    pub(crate) fn subst_ids(&self, list: &[TypeId], map: &SubstMap) -> Option<Vec<TypeId>> {
        let new: Vec<TypeId> = list.iter().map(|&t| self.subst(t, map)).collect();
        (new[..] != *list).then_some(new)
    }

    /// Parameters with substitutions made; `None` if nothing changes.
    pub(crate) fn subst_params(&self, params: &[Param], map: &SubstMap) -> Option<Vec<Param>> {
        let new: Vec<Param> = params.iter().map(|p| Param { name: p.name, ty: self.subst(p.ty, map) }).collect();
        (new[..] != *params).then_some(new)
    }

    fn subst_fields(&self, s: &Struct, map: &SubstMap) -> Option<Vec<Field>> {
        let mut changed = false;
        let fields = s
            .fields
            .iter()
            .map(|f| {
                let ty = self.subst(f.ty, map);
                changed |= ty != f.ty;
                Field { ty, ..f.clone() }
            })
            .collect();
        changed.then_some(fields)
    }

    fn subst_signature(&self, t: TypeId, sig: &Signature, map: &SubstMap) -> TypeId {
        // If the signature's own parameters are being replaced, this is an instantiation, and the caller drops them.
        let own = sig.tparams.first().is_some_and(|&p| map.get(p).is_none());
        let (tparams, renamed);
        let map = if own {
            let unaffected = self.subst_params(&sig.params, map).is_none()
                && self.subst_params(&sig.results, map).is_none()
                && sig.tparams.iter().all(|&p| match self.as_type_param(p) {
                    Some(id) => {
                        let bound = self.type_param(id).bound.get();
                        self.subst(bound, map) == bound
                    }
                    None => true,
                });
            if unaffected {
                return t;
            }
            (tparams, renamed) = self.rename_tparams(&sig.tparams, map);
            &renamed
        } else {
            tparams = sig.tparams.clone();
            map
        };
        let params = self.subst_params(&sig.params, map);
        let results = self.subst_params(&sig.results, map);
        if params.is_none() && results.is_none() && tparams == sig.tparams {
            return t;
        }
        self.signature(Signature {
            tparams,
            params: params.unwrap_or_else(|| sig.params.clone()),
            results: results.unwrap_or_else(|| sig.results.clone()),
            variadic: sig.variadic,
        })
    }

    fn subst_interface(&self, t: TypeId, iface: &Interface, map: &SubstMap) -> TypeId {
        let methods: Vec<IMethod> =
            iface.methods.iter().map(|m| IMethod { sig: self.subst(m.sig, map), ..*m }).collect();
        let embeddeds: Vec<TypeId> = iface.embeddeds.iter().map(|&e| self.subst(e, map)).collect();
        if methods == iface.methods && embeddeds == iface.embeddeds {
            return t;
        }
        self.interface(Interface { methods, embeddeds, implicit: iface.implicit, comparable: iface.comparable })
    }
}
