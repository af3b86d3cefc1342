//! What is declared and not used: local variables and imports. (Labels are in `labels.rs`.)

use crate::check::Checker;
use crate::diag::Code;
use crate::intern::sym;
use crate::types::object::VarKind;
use crate::types::{ObjId, ObjectKind, PackageId};

impl Checker {
    /// Reports the unused variables among the objects that were entered since `first`, which a function body declared. Those of
    /// function literals inside have been reported with these, so each variable is marked as used.
    pub(crate) fn unused_vars(&mut self, first: usize) {
        let mut unused: Vec<ObjId> = (first..self.objs.len())
            .map(|i| ObjId(i as u32))
            .filter(|&id| {
                let obj = &self.objs[id];
                matches!(obj.kind, ObjectKind::Var { kind: VarKind::LocalVar, used: false })
                    && obj.parent.is_some()
                    && obj.pkg == Some(self.pkg)
                    && obj.name != sym::BLANK
            })
            .collect();
        unused.sort_by_key(|&id| self.objs[id].span.lo);
        for id in unused {
            let message = format!("declared and not used: {}", self.obj_name(id));
            self.advise_unused(id);
            self.soft_error(id, Code::UnusedVar, message);
            self.set_var_used(id, true);
        }
    }

    /// Reports the unused imports of a package's files.
    pub(crate) fn unused_imports(&mut self, pkg: PackageId) {
        for obj in self.package(pkg).pkg_names.clone() {
            let ObjectKind::PkgName { imported, used: false } = self.objs[obj].kind else { continue };
            if self.objs[obj].name != sym::BLANK {
                self.unused_import(obj, imported);
            }
        }
    }

    fn unused_import(&mut self, obj: ObjId, imported: PackageId) {
        let path = self.package(imported).path.clone();
        let name = self.obj_name(obj);
        let last = path.rsplit('/').next().unwrap_or(&path);
        let message = if name.is_empty() || name == "." || name == last {
            format!("{path:?} imported and not used")
        } else {
            format!("{path:?} imported as {name} and not used")
        };
        self.advise("remove it, or import it as _ if its initialisation is all that is wanted");
        self.soft_error(obj, Code::UnusedImport, message);
    }
}
