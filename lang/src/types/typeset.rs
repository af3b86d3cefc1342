//! Type sets: the data. How an interface's type set is computed is in `check/typeset.rs`.

use crate::types::{IMethod, TypeId};

/// `T` or `~T` in a normalised term list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    /// All types whose underlying type is `ty`, rather than `ty` alone.
    pub tilde: bool,
    /// The type.
    pub ty: TypeId,
}

/// The meaning of an interface: the methods that its types have, and which types they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeSet {
    /// All methods, embedded ones included, sorted by name (then by package for unexported ones).
    pub methods: Vec<IMethod>,
    /// `None`: all types. `Some`: a union of disjoint terms; empty means that no type satisfies the interface.
    pub terms: Option<Vec<Term>>,
    /// Whether the types must be comparable (`comparable` is embedded); only meaningful when `terms` is `None`.
    pub comparable: bool,
}

impl TypeSet {
    /// Whether no type is in the set.
    pub fn is_empty(&self) -> bool {
        matches!(&self.terms, Some(t) if t.is_empty())
    }

    /// Whether every type is in the set: no methods, no terms, not comparable.
    pub fn is_all(&self) -> bool {
        self.is_method_set() && self.methods.is_empty()
    }

    /// Whether the interface is described by methods alone, so that it may be the type of a variable.
    pub fn is_method_set(&self) -> bool {
        !self.comparable && self.terms.is_none()
    }

    /// Whether there are specific types.
    pub fn has_terms(&self) -> bool {
        matches!(&self.terms, Some(t) if !t.is_empty())
    }
}
