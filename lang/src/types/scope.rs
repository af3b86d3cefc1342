//! Scopes: names to objects, nested.

use std::collections::HashMap;

use crate::intern::Symbol;
use crate::types::object::ObjId;

/// Names a scope of the program's [`Scopes`] store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The scope of predeclared names.
    pub const UNIVERSE: ScopeId = ScopeId(0);
}

/// Below this many names a scope is searched linearly.
const SMALL: usize = 8;

/// One scope.
#[derive(Debug, Default)]
pub struct Scope {
    /// The enclosing scope; `None` for the universe.
    pub parent: Option<ScopeId>,
    /// Whether this is a function's outermost scope.
    pub is_func: bool,
    names: Vec<(Symbol, ObjId)>,
    index: HashMap<Symbol, ObjId>,
}

impl Scope {
    /// The object declared here under `name`.
    pub fn lookup(&self, name: Symbol) -> Option<ObjId> {
        if self.names.len() <= SMALL {
            return self.names.iter().find(|(n, _)| *n == name).map(|&(_, o)| o);
        }
        self.index.get(&name).copied()
    }

    /// All names in order of declaration.
    pub fn entries(&self) -> &[(Symbol, ObjId)] {
        &self.names
    }

    /// Gives `name` a new meaning; answers the old one.
    pub fn replace(&mut self, name: Symbol, obj: ObjId) -> Option<ObjId> {
        let old = self.insert(name, obj)?;
        if let Some(entry) = self.names.iter_mut().find(|(n, _)| *n == name) {
            entry.1 = obj;
        }
        if self.names.len() > SMALL {
            self.index.insert(name, obj);
        }
        Some(old)
    }

    /// Declares `name`, or gives the object that has the name already.
    pub fn insert(&mut self, name: Symbol, obj: ObjId) -> Option<ObjId> {
        if let Some(alt) = self.lookup(name) {
            return Some(alt);
        }
        self.names.push((name, obj));
        if self.names.len() == SMALL + 1 {
            self.index = self.names.iter().copied().collect();
        } else if self.names.len() > SMALL {
            self.index.insert(name, obj);
        }
        None
    }
}

/// The program's scopes; index with a [`ScopeId`]. The first one is the universe.
#[derive(Debug)]
pub struct Scopes {
    all: Vec<Scope>,
}

impl Default for Scopes {
    fn default() -> Self {
        Scopes { all: vec![Scope::default()] }
    }
}

impl Scopes {
    /// A new scope inside `parent`.
    pub fn add(&mut self, parent: ScopeId) -> ScopeId {
        let id = ScopeId(self.all.len() as u32);
        self.all.push(Scope { parent: Some(parent), ..Scope::default() });
        id
    }
}

impl std::ops::Index<ScopeId> for Scopes {
    type Output = Scope;
    fn index(&self, id: ScopeId) -> &Scope {
        &self.all[id.0 as usize]
    }
}

impl std::ops::IndexMut<ScopeId> for Scopes {
    fn index_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.all[id.0 as usize]
    }
}
