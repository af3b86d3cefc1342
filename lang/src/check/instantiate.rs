//! Instances of generic types and functions: do the type arguments satisfy the constraints?
//!
//! Creating an instance never fails and never recurs ([`Types::named_instance`](crate::types::Types::named_instance)); that the
//! arguments satisfy the constraints is verified later, when all types are set up.

use crate::check::Checker;
use crate::check::subst::SubstMap;
use crate::diag::Code;
use crate::source::Pos;
use crate::types::{Type, TypeId};

impl Checker {
    /// Checks type arguments against the constraints of type parameters. An error is the index of the guilty argument and why.
    pub(crate) fn verify(&mut self, tparams: &[TypeId], targs: &[TypeId]) -> Result<(), (usize, String)> {
        let map = SubstMap::new(tparams, targs);
        for (i, (&tpar, &targ)) in tparams.iter().zip(targs).enumerate() {
            let Some(id) = self.types.as_type_param(tpar) else { continue };
            let bound = self.types.type_param(id).bound.get();
            // A constraint that is no interface stands for the implicit interface around it.
            let bound = if self.types.is_interface(bound) { bound } else { self.types.constraint_iface(id) };
            let bound = self.types.subst(bound, &map);
            self.implements(targ, bound, true).map_err(|why| (i, why))?;
        }
        Ok(())
    }

    /// The instance of generic type `t` with the given type arguments; invalid if that cannot be, which is reported.
    pub(crate) fn instance(&mut self, pos: Pos, t: TypeId, targs: &[TypeId]) -> TypeId {
        match self.types.get(t) {
            Type::Named(id) => {
                let inst = self.types.named_instance(id, targs);
                self.inst_pos.entry(inst).or_insert(pos);
                inst
            }
            Type::Alias(id) => {
                let alias = self.types.alias(id);
                let tparams = alias.tparams.borrow().clone();
                let name = self.names.str(alias.name).to_string();
                if !self.validate_targ_len(pos, &name, tparams.len(), targs.len()) {
                    return TypeId::INVALID;
                }
                let rhs = alias.rhs.get().unwrap_or(TypeId::INVALID);
                let rhs = self.types.subst_list(rhs, &tparams, targs);
                self.types.alias_instance(id, targs, rhs)
            }
            _ => TypeId::INVALID,
        }
    }

    /// Whether the number of type arguments is right; reports if not.
    pub(crate) fn validate_targ_len(&mut self, pos: Pos, name: &str, want: usize, got: usize) -> bool {
        if got == want {
            return true;
        }
        let qualifier = if got < want { "not enough" } else { "too many" };
        let message = format!("{qualifier} type arguments for type {name}: have {got}, want {want}");
        self.error(pos, Code::WrongTypeArgCount, message);
        false
    }
}
