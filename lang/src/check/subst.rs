//! Substitution of type arguments for type parameters.

use crate::types::{Field, IMethod, Interface, Param, Signature, Type, TypeId, Types, UnionTerm};

impl Types {
    /// `t` with each type parameter of `from` replaced by the type at the same place of `to`.
    pub fn subst_list(&self, t: TypeId, from: &[TypeId], to: &[TypeId]) -> TypeId {
        if from.is_empty() || !self.mentions_any(t, from) {
            return t;
        }
        let go = |t: TypeId| self.subst_list(t, from, to);
        let params =
            |list: &[Param]| -> Vec<Param> { list.iter().map(|p| Param { name: p.name, ty: go(p.ty) }).collect() };
        match self.get(t) {
            Type::Basic(_) => t,
            Type::TypeParam(_) => match from.iter().position(|&p| p == t) {
                Some(i) => to.get(i).copied().unwrap_or(TypeId::INVALID),
                None => t,
            },
            Type::Alias(id) => {
                let a = self.alias(id);
                let targs: Vec<TypeId> = a.targs.iter().map(|&t| go(t)).collect();
                let rhs = go(a.rhs.get().unwrap_or(TypeId::INVALID));
                match a.origin {
                    Some(origin) => self.alias_instance(origin, &targs, rhs),
                    None => rhs,
                }
            }
            Type::Named(id) => {
                let n = self.named(id);
                let targs: Vec<TypeId> = n.targs.iter().map(|&t| go(t)).collect();
                match n.origin {
                    Some(origin) => self.named_instance(origin, &targs),
                    None => t,
                }
            }
            Type::Pointer(e) => self.pointer(go(e)),
            Type::Slice(e) => self.slice(go(e)),
            Type::Array { len, elem } => self.array(len, go(elem)),
            Type::Map { key, elem } => self.map(go(key), go(elem)),
            Type::Chan { dir, elem } => self.chan(dir, go(elem)),
            Type::Struct(s) => self.strukt(s.fields.iter().map(|f| Field { ty: go(f.ty), ..f.clone() }).collect()),
            Type::Tuple(ps) => self.tuple(&params(&ps)),
            Type::Signature(s) => self.signature(Signature {
                tparams: s.tparams.clone(),
                params: params(&s.params),
                results: params(&s.results),
                variadic: s.variadic,
            }),
            Type::Interface(i) => self.interface(Interface {
                methods: i.methods.iter().map(|m| IMethod { id: m.id, sig: go(m.sig) }).collect(),
                embeddeds: i.embeddeds.iter().map(|&e| go(e)).collect(),
                implicit: i.implicit,
                comparable: i.comparable,
            }),
            Type::Union(ts) => {
                let terms: Vec<UnionTerm> = ts.iter().map(|t| UnionTerm { tilde: t.tilde, ty: go(t.ty) }).collect();
                self.union(&terms)
            }
        }
    }
}
