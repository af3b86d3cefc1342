//! Lowering in two parts: what most programs use of the library, once, and the programs behind it, one at a time.
//!
//! The first part has functions of packages that do not depend on who uses them. What it needs in addition to be a program is
//! numbered behind it, as with the units of a session; but nothing in it is ever replaced.

use std::rc::Rc;

use super::{Lowerer, missing};
use crate::check::{Checker, Importer};
use crate::intern::{FastMap, FastSet, sym};
use crate::lower::unit::Kept;
use crate::source::Span;
use crate::typed::{FuncId, Known, MethodTable, Program};
use crate::types::{ObjId, PackageId};

impl Checker {
    /// Has another importer find the packages that are yet to be loaded.
    pub fn set_importer(&mut self, importer: Box<dyn Importer>) {
        self.importer = importer;
    }
}

type Done = (Known, FuncId, Vec<MethodTable>);

impl Kept {
    /// Lowers functions of library packages that have been loaded, and what every program needs. The entry function initialises
    /// the variables that they use. [`Kept::take_back`] wants the program back.
    pub fn lower_library(&mut self, prog: &mut Checker, roots: &[ObjId]) -> Option<Program> {
        let none = PackageId(0);
        self.part(prog, none, |lowerer, known, started| lowerer.library(known, roots, started))
    }

    /// Lowers a program behind the library's part, whose entry function is `before`. All user packages have been checked without
    /// errors. Gives nothing if it finds an error; it is then among the checker's diagnostics.
    pub fn lower_program(&mut self, prog: &mut Checker, main: PackageId, before: FuncId) -> Option<Program> {
        self.part(prog, main, |lowerer, known, started| lowerer.behind(known, before, started))
    }

    fn part(
        &mut self,
        prog: &mut Checker,
        main: PackageId,
        lower: impl FnOnce(&mut Lowerer<'_>, Option<Known>, &mut FastSet<PackageId>) -> Option<Done>,
    ) -> Option<Program> {
        let has_reflect = used(prog, [main]).iter().any(|&p| prog.package(p).path == "reflect");
        let mut lowerer = self.lend(prog, main, has_reflect);
        let done = lower(&mut lowerer, self.known.take(), &mut self.started);
        let (funcs, globals) = self.regain(lowerer);
        let (known, entry, method_tables) = done?;
        self.known = Some(known.clone());
        let types = std::mem::take(&mut prog.types);
        let funcs = funcs.into_iter().map(|f| f.unwrap_or_else(missing)).collect();
        Some(Program { types, funcs, globals, entry, method_tables, known })
    }
}

/// Packages and all that they import.
fn used(prog: &Checker, packages: impl IntoIterator<Item = PackageId>) -> FastSet<PackageId> {
    let mut found: FastSet<PackageId> = FastSet::default();
    let mut todo: Vec<PackageId> = packages.into_iter().collect();
    todo.extend(prog.pkgs.iter().position(|p| p.path == "runtime").map(|at| PackageId(at as u32)));
    while let Some(pkg) = todo.pop() {
        if found.insert(pkg) {
            todo.extend(&prog.package(pkg).imports);
        }
    }
    found
}

impl Lowerer<'_> {
    fn library(&mut self, known: Option<Known>, roots: &[ObjId], started: &mut FastSet<PackageId>) -> Option<Done> {
        let entry = self.new_func();
        let known = known.unwrap_or_else(|| self.known());
        let packages: Vec<PackageId> = roots.iter().filter_map(|&obj| self.prog.objs[obj].pkg).collect();
        let order = self.order_of(&used(self.prog, packages));
        let inits = self.begin(&order, started);
        for &root in roots {
            self.instance(root, Rc::new([]), Span::NONE);
        }
        if !self.follow() {
            return None;
        }
        self.entry(entry, None, &order, &inits, None);
        self.done(known, entry)
    }

    fn behind(&mut self, known: Option<Known>, before: FuncId, started: &mut FastSet<PackageId>) -> Option<Done> {
        let entry = self.new_func();
        let known = known.unwrap_or_else(|| self.known());
        let mut packages = used(self.prog, [self.main]);
        packages.extend(started.iter().copied());
        let order = self.order_of(&packages);
        let inits = self.begin(&order, started);
        let main = self.scope_object(self.main, sym::MAIN).map(|obj| self.instance(obj, Rc::new([]), Span::NONE));
        if !self.follow() {
            return None;
        }
        self.entry(entry, Some(before), &order, &inits, main);
        self.done(known, entry)
    }

    fn done(&mut self, known: Known, entry: FuncId) -> Option<Done> {
        let tables = self.method_tables();
        (!self.prog.diags.has_errors()).then_some((known, entry, tables))
    }

    fn order_of(&self, packages: &FastSet<PackageId>) -> Vec<PackageId> {
        self.package_order().into_iter().filter(|p| packages.contains(p)).collect()
    }

    /// Schedules what packages do when a program starts, if that has not been done yet; answers their `init` functions.
    fn begin(&mut self, order: &[PackageId], started: &mut FastSet<PackageId>) -> FastMap<PackageId, Vec<FuncId>> {
        let mut inits: FastMap<PackageId, Vec<FuncId>> = FastMap::default();
        let new: Vec<PackageId> = order.iter().copied().filter(|&pkg| started.insert(pkg)).collect();
        for &pkg in &new {
            if !self.package(pkg).lazy {
                self.schedule_package(pkg);
            }
        }
        for pkg in new {
            let objs = self.package(pkg).inits.clone();
            let objs: Vec<ObjId> = objs.into_iter().filter(|&obj| self.prog.objs[obj].name == sym::INIT).collect();
            inits.insert(pkg, objs.into_iter().map(|obj| self.instance(obj, Rc::new([]), Span::NONE)).collect());
        }
        inits
    }
}
