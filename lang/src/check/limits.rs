//! Limits of the implementation, which are those of Go's compiler: types that do not fit into memory, channels of huge elements.
//!
//! They are checked when nothing else is wrong, at the declarations of types and variables.

use std::collections::HashSet;

use crate::check::Checker;
use crate::diag::Code;
use crate::types::{ObjId, PackageId, Type, TypeId};

/// Types must be smaller than this.
const MAX_SIZE: i64 = 1 << 50;
/// Elements of channels must be smaller than this.
const MAX_CHAN_ELEM: i64 = 1 << 16;

/// Stack frames must be smaller than this.
const MAX_FRAME: i64 = 1 << 30;

enum TooLarge {
    Memory(TypeId),
    ChanElem,
}

impl Checker {
    /// Reports types of a package that are too large.
    pub(crate) fn check_limits(&mut self, pkg: PackageId, first: usize) {
        let mut fine = HashSet::new();
        for id in (first..self.objs.len()).map(|i| ObjId(i as u32)) {
            let obj = &self.objs[id];
            let Some(t) = obj.ty.filter(|_| obj.pkg == Some(pkg) && (obj.is_var() || obj.is_type_name())) else {
                continue;
            };
            if fine.contains(&t) {
                continue;
            }
            let mut seen = HashSet::new();
            match self.too_large(t, &fine, &mut seen) {
                None => fine.extend(seen),
                Some(TooLarge::Memory(t)) => {
                    // One report of a defined type is enough.
                    fine.extend(seen.into_iter().filter(|&t| matches!(self.types.get(t), Type::Named(_))));
                    let message = format!("type {} larger than address space", self.ty_str(t));
                    self.error(id, Code::TypeTooLarge, message);
                }
                Some(TooLarge::ChanElem) => {
                    self.error(id, Code::TypeTooLarge, "channel element type too large (>64kB)");
                }
            }
        }
    }

    /// Reports functions of the current package whose parameters and results take more than a stack frame may.
    pub(crate) fn check_frames(&mut self) {
        for obj in self.package(self.pkg).objects.clone() {
            let Some(f) = self.objs[obj].func() else { continue };
            let vars = f.recv.iter().chain(&f.params).chain(&f.results);
            let types: Vec<TypeId> = vars.filter_map(|&v| self.objs[v].ty).collect();
            if types.iter().any(|&t| self.types.is_parameterized(t)) {
                continue;
            }
            let size = types.iter().map(|&t| self.types.sizeof(t).max(0)).fold(0, i64::saturating_add);
            if size >= MAX_FRAME {
                let message = format!("stack frame too large (>1GB): 0 MB locals + {} MB args", size >> 20);
                self.error(obj, Code::TypeTooLarge, message);
            }
        }
    }

    /// What is too large in a type, if anything, looking at each type once.
    fn too_large(&self, t: TypeId, fine: &HashSet<TypeId>, seen: &mut HashSet<TypeId>) -> Option<TooLarge> {
        if fine.contains(&t) || !seen.insert(t) || self.types.is_parameterized(t) {
            return None;
        }
        match self.types.get(t) {
            Type::Named(_) | Type::Alias(_) => self.too_large(self.types.under(t), fine, seen),
            Type::Pointer(e) | Type::Slice(e) => self.too_large(e, fine, seen),
            Type::Array { elem, .. } => {
                let inner = self.too_large(elem, fine, seen);
                let size = self.types.sizeof(t);
                inner.or((!(0..MAX_SIZE).contains(&size)).then_some(TooLarge::Memory(t)))
            }
            Type::Map { key, elem } => self.too_large(key, fine, seen).or_else(|| self.too_large(elem, fine, seen)),
            Type::Chan { elem, .. } => {
                let inner = self.too_large(elem, fine, seen);
                inner.or((self.types.sizeof(elem) >= MAX_CHAN_ELEM).then_some(TooLarge::ChanElem))
            }
            Type::Struct(s) => {
                let inner = s.fields.iter().find_map(|f| self.too_large(f.ty, fine, seen));
                let size = self.types.sizeof(t);
                inner.or((!(0..MAX_SIZE).contains(&size)).then_some(TooLarge::Memory(t)))
            }
            Type::Signature(sig) => {
                sig.params.iter().chain(&sig.results).find_map(|p| self.too_large(p.ty, fine, seen))
            }
            Type::Basic(_) | Type::Tuple(_) | Type::Interface(_) | Type::Union(_) | Type::TypeParam(_) => None,
        }
    }
}
