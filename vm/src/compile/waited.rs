//! Which types hold something that goroutines wait on: a lock, a wait group, a condition. Their objects remember where they were made, so
//! that the report of a deadlock can say it.

use std::cell::RefCell;
use std::collections::HashMap;

use gol_lang::types::{Type, TypeId, Types};

use super::Env;

/// Types of package sync that goroutines wait on. Others there are made of these.
const WAITED: [&str; 4] = ["Mutex", "RWMutex", "WaitGroup", "Cond"];

/// What is known of types.
#[derive(Default)]
pub struct Waited(RefCell<HashMap<TypeId, bool>>);

impl Waited {
    /// Whether a value of the type holds something to wait on, not only a pointer to it.
    pub fn holds(&self, types: &Types, env: &Env<'_>, t: TypeId) -> bool {
        if let Some(&known) = self.0.borrow().get(&t) {
            return known;
        }
        let is_one = match types.actual(t) {
            Type::Named(n) => {
                let named = types.named(n);
                let package = named.pkg.and_then(|p| env.packages.get(p.0 as usize));
                package.is_some_and(|p| p.path == "sync") && WAITED.contains(&env.names.str(named.name))
            }
            _ => false,
        };
        let holds = is_one
            || match types.under_type(t) {
                Type::Struct(s) => s.fields.iter().any(|f| self.holds(types, env, f.ty)),
                Type::Array { elem, .. } => self.holds(types, env, elem),
                _ => false,
            };
        self.0.borrow_mut().insert(t, holds);
        holds
    }
}
