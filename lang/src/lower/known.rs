//! What the VM itself needs of package `runtime`.

use std::rc::Rc;

use super::Lowerer;
use crate::intern::sym;
use crate::source::Span;
use crate::typed::{FuncId, Known};
use crate::types::{NameId, PackageId};

/// Types that the VM makes values of, and whether these are pointers to them.
const TYPES: &[(&str, &str, bool)] = &[
    ("runtime.errorString", "errorString", false),
    ("runtime.plainError", "plainError", false),
    ("runtime.TypeAssertionError", "TypeAssertionError", true),
    ("runtime.PanicNilError", "PanicNilError", true),
];

impl Lowerer<'_> {
    fn runtime_pkg(&self) -> Option<PackageId> {
        self.prog.pkgs.iter().position(|p| p.path == "runtime").map(|at| PackageId(at as u32))
    }

    /// A function of package `runtime` that generated code calls.
    pub(crate) fn runtime_func(&mut self, name: &str) -> Option<FuncId> {
        let pkg = self.runtime_pkg()?;
        let name = self.prog.names.lookup(name)?;
        let obj = self.scope_object(pkg, name)?;
        self.prog.objs[obj].is_func().then(|| self.instance(obj, Rc::new([]), Span::NONE))
    }

    /// Collects what is known; the types and functions become part of the program.
    pub(crate) fn known(&mut self) -> Known {
        let mut known = Known::default();
        for &(full, name, pointer) in TYPES {
            let Some(obj) =
                self.runtime_pkg().zip(self.prog.names.lookup(name)).and_then(|(p, n)| self.scope_object(p, n))
            else {
                continue;
            };
            self.resolve(obj);
            if let Some(ty) = self.prog.objs[obj].ty {
                let ty = self.canonical(ty);
                known.types.push((full, ty));
                // The VM makes interface values of them.
                self.note_converted(if pointer { self.pointer_to(ty) } else { ty });
            }
        }
        // An uncaught panic prints what these methods of its value say.
        for name in [sym::ERROR, sym::STRING_UPPER] {
            self.note_called(NameId { name, pkg: None });
        }
        known
    }
}
