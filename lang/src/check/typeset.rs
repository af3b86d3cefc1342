//! Type sets of interfaces.

use std::rc::Rc;

use crate::types::{Term, Type, TypeId, TypeSet, Types};

impl Types {
    /// The type set of an interface (a [`Type::Interface`]).
    pub fn type_set(&self, t: TypeId) -> Rc<TypeSet> {
        if let Some(set) = self.type_sets.borrow().get(&t) {
            return set.clone();
        }
        let Type::Interface(iface) = self.get(t) else { return Rc::default() };
        let mut set = TypeSet { methods: iface.methods.clone(), terms: None, comparable: iface.comparable };
        for &e in &iface.embeddeds {
            let terms = match self.under_type(e) {
                Type::Interface(_) => {
                    let inner = self.type_set(self.under(e));
                    for m in &inner.methods {
                        if !set.methods.iter().any(|n| n.id == m.id) {
                            set.methods.push(*m);
                        }
                    }
                    set.comparable |= inner.comparable;
                    inner.terms.clone()
                }
                Type::Union(ts) => Some(ts.iter().map(|t| Term { tilde: t.tilde, ty: t.ty }).collect()),
                _ => Some(vec![Term { tilde: false, ty: e }]),
            };
            set.terms = match (set.terms.take(), terms) {
                (None, x) | (x, None) => x,
                (Some(a), Some(b)) => {
                    Some(a.into_iter().filter(|x| b.iter().any(|y| self.term_within(x, y))).collect())
                }
            };
        }
        set.methods.sort_by_key(|m| m.id);
        let set = Rc::new(set);
        self.type_sets.borrow_mut().insert(t, set.clone());
        set
    }
}
