//! The pipeline in one place: load → parse → check → lower → compile → link → run.

use crate::cli::DiagnosticsFormat;
use crate::loader::Loader;
use gol_lang::check::{Checker, PackageSource};
use gol_lang::diag::{Diagnostic, Severity};
use gol_lang::types::PackageId;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

/// A program that has been parsed and checked, with what was found wrong with it.
pub struct Checked {
    checker: Checker,
    main: PackageId,
}

/// A program ready to run.
pub struct Executable {
    program: gol_vm::bytecode::Program,
}

impl Checked {
    /// Parses and checks a package and everything it imports.
    pub fn new(loader: Loader, source: PackageSource) -> Checked {
        let mut checker = Checker::new(Box::new(loader));
        let main = checker.load(source);
        // Imported packages come first: what is wrong with them explains what is wrong with their importers.
        for i in (0..checker.pkgs.len()).rev() {
            let id = PackageId(i as u32);
            if id != main && !checker.package(id).lazy && !checker.package(id).fake {
                checker.check_package(id);
            }
        }
        checker.check_package(main);
        checker.diags.sort(&checker.sources);
        Checked { checker, main }
    }

    /// Whether the program must not run.
    pub fn has_errors(&self) -> bool {
        self.checker.diags.has_errors()
    }

    /// Everything that was found, as text.
    pub fn render(&self, format: DiagnosticsFormat, colour: bool) -> String {
        let _ = (format, colour);
        let mut out = String::new();
        for d in self.checker.diags.iter() {
            self.short(d, &mut out);
        }
        out
    }

    fn short(&self, d: &Diagnostic, out: &mut String) {
        let at = self.checker.sources.location(d.span.lo);
        let kind = if d.severity == Severity::Warning { "warning: " } else { "" };
        let _ = writeln!(out, "{at}: {kind}{}", d.message);
    }

    /// Lowers and compiles; nothing if that finds an error, which is then among the diagnostics.
    pub fn compile(&mut self) -> Option<Executable> {
        let typed = gol_lang::lower::lower(&mut self.checker, self.main)?;
        let packages = self.package_names();
        let env = gol_vm::compile::Env { names: &self.checker.names, packages: &packages, sources: &self.checker.sources };
        let program = gol_vm::compile::compile(&typed, env);
        Some(Executable { program })
    }

    fn package_names(&self) -> Vec<gol_vm::compile::PackageName> {
        self.checker
            .pkgs
            .iter()
            .map(|p| gol_vm::compile::PackageName { name: self.checker.names.str(p.name).to_string(), path: p.path.clone() })
            .collect()
    }

    /// The syntax trees of the main package as text.
    pub fn dump_ast(&self) -> String {
        String::new()
    }

    /// What a later stage makes of the program, as text.
    pub fn dump(&mut self, stage: &str, filter: Option<&str>) -> Option<String> {
        let _ = (stage, filter);
        None
    }
}

impl Executable {
    /// Runs the program to its end; answers its exit status. `path` is what the program sees as `os.Args[0]`.
    pub fn run(self, path: &Path, args: &[OsString]) -> i32 {
        match gol_vm::link::link(self.program, gol_stdlib::NATIVES) {
            Ok(mut linked) => {
                linked.cx.args = std::iter::once(path.as_os_str())
                    .chain(args.iter().map(OsString::as_os_str))
                    .map(|a| a.to_string_lossy().into_owned())
                    .collect();
                linked.run()
            }
            Err(problems) => {
                for p in problems {
                    crate::output::stderr(format!("gol: link: {p}\n").as_bytes());
                }
                1
            }
        }
    }
}
