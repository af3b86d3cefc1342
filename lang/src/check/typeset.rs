//! Type sets: which types an interface stands for, and what follows from it.
//!
//! Methods can be factored out of the terms, since no term has methods of its own: a type set is a list of methods, a union of
//! disjoint terms (or all types), and a bit saying that the types must be comparable. It is computed on first need and remembered,
//! unless some embedded type was still in the middle of its declaration.

use std::rc::Rc;

use crate::check::Checker;
use crate::diag::Code;
use crate::source::Span;
use crate::types::{IMethod, Interface, Term, Type, TypeId, TypeSet, Types, UnionTerm};

/// More terms than this are not handled in a union, as in Go's compiler.
pub const MAX_TERMS: usize = 100;

impl Types {
    /// The type set of an interface (given by any type whose underlying type it is). For another type, the set of just that type.
    pub fn type_set(&self, t: TypeId) -> Rc<TypeSet> {
        let u = self.under(t);
        match self.get(u) {
            Type::Interface(iface) => self.interface_type_set(u, &iface).0,
            Type::Union(terms) => {
                let (terms, _) = self.union_terms(&terms);
                Rc::new(TypeSet { methods: Vec::new(), terms, comparable: false })
            }
            _ => Rc::new(TypeSet { terms: Some(vec![Term { tilde: false, ty: t }]), ..TypeSet::default() }),
        }
    }

    /// The type set of an interface type, and whether everything it depends on was complete.
    fn interface_type_set(&self, id: TypeId, iface: &Interface) -> (Rc<TypeSet>, bool) {
        if let Some(set) = self.type_sets.borrow().get(&id) {
            return (set.clone(), true);
        }
        // An interface that embeds itself is reported elsewhere; here it must only not recur for ever.
        self.type_sets.borrow_mut().insert(id, Rc::new(TypeSet::default()));
        let mut complete = true;
        let mut methods: Vec<IMethod> = iface.methods.clone();
        let mut terms = None;
        let mut comparable = iface.comparable;
        for &e in &iface.embeddeds {
            if !self.is_complete(e) {
                complete = false;
                continue;
            }
            let u = self.under(e);
            let (new, new_comparable) = match self.get(u) {
                Type::Interface(inner) => {
                    let (set, done) = self.interface_type_set(u, &inner);
                    complete &= done;
                    methods.extend_from_slice(&set.methods);
                    (set.terms.clone(), set.comparable)
                }
                Type::Union(list) => {
                    let (union, done) = self.union_terms(&list);
                    complete &= done;
                    if matches!(&union, Some(list) if list.len() > MAX_TERMS) {
                        continue; // reported where the union is written
                    }
                    (union, false)
                }
                _ if u.is_invalid() => continue,
                _ => (Some(vec![Term { tilde: false, ty: e }]), false),
            };
            terms = self.intersect(terms, new);
            comparable |= new_comparable;
            if comparable && let Some(list) = &mut terms {
                list.retain(|term| self.strictly_comparable(term.ty));
                comparable = false;
            }
        }
        // The sort is stable, so of equal names the explicitly declared method stays, else the first embedded one.
        methods.sort_by_key(|m| m.id);
        methods.dedup_by_key(|m| m.id);
        let set = Rc::new(TypeSet { methods, terms, comparable });
        if complete {
            self.type_sets.borrow_mut().insert(id, set.clone());
        } else {
            self.type_sets.borrow_mut().remove(&id);
        }
        (set, complete)
    }

    /// The union of a union's terms, and whether everything it depends on was complete.
    fn union_terms(&self, list: &[UnionTerm]) -> (Option<Vec<Term>>, bool) {
        let mut complete = true;
        let mut all = Some(Vec::new());
        for term in list {
            complete &= self.is_complete(term.ty);
            let u = self.under(term.ty);
            let new = match self.get(u) {
                Type::Interface(inner) => {
                    let (set, done) = self.interface_type_set(u, &inner);
                    complete &= done;
                    set.terms.clone()
                }
                _ if u.is_invalid() => continue,
                // No type has an underlying type that is defined by name: the term is empty.
                _ if term.tilde && !self.identical(term.ty, u) => continue,
                _ => Some(vec![Term { tilde: term.tilde, ty: term.ty }]),
            };
            all = self.unite(all, new);
        }
        (all, complete)
    }

    /// Whether two terms have no type in common.
    pub fn disjoint(&self, x: Term, y: Term) -> bool {
        let ux = if y.tilde { self.under(x.ty) } else { x.ty };
        let uy = if x.tilde { self.under(y.ty) } else { y.ty };
        !self.identical(ux, uy)
    }

    /// Whether a type is in a term.
    pub fn term_includes(&self, x: Term, t: TypeId) -> bool {
        self.identical(x.ty, if x.tilde { self.under(t) } else { t })
    }

    fn unite(&self, xs: Option<Vec<Term>>, ys: Option<Vec<Term>>) -> Option<Vec<Term>> {
        let (mut list, ys) = (xs?, ys?);
        for y in ys {
            if !list.iter().any(|x| self.term_within(&y, x)) {
                list.retain(|x| !self.term_within(x, &y));
                list.push(y);
            }
        }
        Some(list)
    }

    fn intersect(&self, xs: Option<Vec<Term>>, ys: Option<Vec<Term>>) -> Option<Vec<Term>> {
        let (xs, ys) = match (xs, ys) {
            (Some(xs), Some(ys)) => (xs, ys),
            (xs, ys) => return xs.or(ys),
        };
        let mut list = Vec::new();
        for &x in &xs {
            for &y in &ys {
                if !self.disjoint(x, y) {
                    list.push(if !x.tilde || y.tilde { x } else { y });
                }
            }
        }
        self.unite(Some(Vec::new()), Some(list))
    }

    /// Whether each type of the one set is in the other, as far as terms go.
    pub fn terms_subset(&self, xs: &TypeSet, ys: &TypeSet) -> bool {
        match (&xs.terms, &ys.terms) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(xs), Some(ys)) => self.terms_within(xs, ys),
        }
    }

    /// Whether `f` holds for the underlying type of each specific type of `t`. If there are none, `f(None)` decides.
    pub fn under_is(&self, t: TypeId, mut f: impl FnMut(Option<TypeId>) -> bool) -> bool {
        self.typeset(t).into_iter().all(|(_, u)| f(u))
    }

    /// The common underlying type of `t`, if it has one.
    pub fn core(&self, t: TypeId) -> Option<TypeId> {
        self.common_under(t).ok()
    }
}

impl Checker {
    /// Reports what is wrong with the type set of an interface literal: duplicate methods, too large unions. `methods` and
    /// `embeds` are the places of its methods and embedded elements.
    pub(crate) fn check_type_set(&mut self, iface: TypeId, methods: &[Span], embeds: &[Span]) {
        let Type::Interface(i) = self.types.get(iface) else { return };
        let mut seen: Vec<(IMethod, Span)> = Vec::new();
        let duplicate = |check: &mut Self, m: &IMethod, at: Span, other: Span| {
            let name = check.names.str(m.id.name).to_string();
            let mut err = check.new_error(Code::DuplicateDecl);
            check.add_part(&mut err, at, format!("duplicate method {name}"));
            check.add_part(&mut err, other, format!("other declaration of method {name}"));
            check.report(err);
        };
        for (m, &at) in i.methods.iter().zip(methods) {
            match seen.iter().find(|(o, _)| o.id == m.id) {
                Some(&(_, other)) => duplicate(self, m, at, other),
                None => seen.push((*m, at)),
            }
        }
        for (&e, &at) in i.embeddeds.iter().zip(embeds) {
            let u = self.types.under(e);
            match self.types.get(u) {
                Type::Interface(_) => {
                    for m in &self.types.type_set(u).methods {
                        match seen.iter().find(|(o, _)| o.id == m.id) {
                            Some(&(o, other)) => {
                                if !self.types.identical(o.sig, m.sig) || !self.allow_version((1, 14)) {
                                    duplicate(self, m, at, other);
                                }
                            }
                            None => seen.push((*m, at)),
                        }
                    }
                }
                Type::Union(_) if self.types.type_set(u).terms.as_ref().is_some_and(|t| t.len() > MAX_TERMS) => {
                    let message =
                        format!("cannot handle more than {MAX_TERMS} union terms (implementation limitation)");
                    self.error(at, Code::InvalidUnion, message);
                }
                _ => {}
            }
        }
    }
}
