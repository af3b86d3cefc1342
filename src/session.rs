//! The pipeline in one place: load → parse → check → lower → compile → link → run.

use crate::cli::DiagnosticsFormat;
use crate::library::Library;
use crate::loader::Loader;
use gol_lang::check::{Checker, Package, PackageSource};
use gol_lang::diag::{Diagnostic, Diagnostics, render};
use gol_lang::intern::Symbol;
use gol_lang::lower::unit::Kept;
use gol_lang::syntax::dump::tokens_string;
use gol_lang::syntax::{Dialect, lexer};
use gol_lang::typed::FuncId;
use gol_lang::types::print::Printer;
use gol_lang::types::{PackageId, TypeId, Types};
use gol_vm::bytecode::Program;
use gol_vm::compile::grow::Grower;
use gol_vm::compile::{Env, PackageName};
use std::ffi::OsString;
use std::path::Path;

/// A program that has been parsed and checked, with what was found wrong with it.
pub struct Checked {
    checker: Checker,
    main: PackageId,
    compiled: Option<Compiled>,
}

/// What is compiled already.
struct Compiled {
    kept: Kept,
    grower: Grower,
    part: Program,
}

/// A program ready to run.
pub struct Executable {
    program: Program,
}

impl From<Program> for Executable {
    fn from(program: Program) -> Executable {
        Executable { program }
    }
}

impl Checked {
    /// Parses and checks a package and everything it imports.
    ///
    /// Scripts are held to Go's rules if `strict`.
    pub fn new(loader: Loader, source: PackageSource, strict: bool) -> Checked {
        Checked::behind(None, loader, source, strict)
    }

    /// The same, beginning with what has been compiled of the library.
    pub fn behind(library: Option<Library>, loader: Loader, source: PackageSource, strict: bool) -> Checked {
        let (mut checker, compiled) = match library {
            Some(Library { mut checker, kept, grower, part, .. }) => {
                checker.set_importer(Box::new(loader));
                (checker, Some(Compiled { kept, grower, part }))
            }
            None => (Checker::new(Box::new(loader)), None),
        };
        checker.strict = strict;
        let main = checker.load(source);
        // Runtime errors are values of its types.
        checker.require("runtime");
        // Imported packages come first: what is wrong with them explains what is wrong with their importers.
        for i in (0..checker.pkgs.len()).rev() {
            let id = PackageId(i as u32);
            if id != main && !checker.package(id).lazy && !checker.package(id).fake {
                checker.check_package(id);
            }
        }
        checker.check_package(main);
        checker.diags.sort(&checker.sources);
        Checked { checker, main, compiled }
    }

    /// Whether the program must not run.
    pub fn has_errors(&self) -> bool {
        self.checker.diags.has_errors()
    }

    /// Whether there is anything to report, be it a warning.
    pub fn has_findings(&self) -> bool {
        !self.checker.diags.is_empty()
    }

    /// Whether all packages but the main one are the library's, and nothing else was read from files.
    pub fn is_self_contained(&self) -> bool {
        let pkgs = &self.checker.pkgs;
        self.checker.embedded.is_empty()
            && (0..pkgs.len()).all(|i| i == self.main.0 as usize || pkgs[i].lazy && !pkgs[i].fake)
    }

    /// Everything that was found, as text.
    pub fn render(&self, format: DiagnosticsFormat, colour: bool) -> String {
        let found: Vec<Diagnostic> = self.checker.diags.iter().cloned().collect();
        let sources = &self.checker.sources;
        match format {
            DiagnosticsFormat::Short => render::short(&found, sources),
            DiagnosticsFormat::Json => render::json(&found, sources),
            DiagnosticsFormat::Full if found.is_empty() => String::new(),
            DiagnosticsFormat::Full => render::pretty(&found, sources, colour),
        }
    }

    /// Lowers and compiles; nothing if that finds an error, which is then among the diagnostics.
    pub fn compile(&mut self) -> Option<Executable> {
        let program = match self.compiled.take() {
            Some(Compiled { mut kept, grower, part }) => {
                let before = FuncId(part.entry);
                let typed = kept.lower_program(&mut self.checker, self.main, before)?;
                let packages = package_names(&self.checker);
                let program = part.join(grower.finish(&typed, self.env(&packages)));
                // What was compiled before is not worth giving back.
                std::mem::forget((kept, typed));
                program
            }
            None => {
                let typed = gol_lang::lower::lower(&mut self.checker, self.main)?;
                let packages = package_names(&self.checker);
                gol_vm::compile::compile(&typed, self.env(&packages))
            }
        };
        Some(Executable { program })
    }

    fn env<'a>(&'a self, packages: &'a [PackageName]) -> Env<'a> {
        Env { names: &self.checker.names, packages, sources: &self.checker.sources }
    }

    /// The tokens of the main package's files as text.
    pub fn dump_tokens(&mut self) -> String {
        let Checker { names, sources, pkgs, .. } = &mut self.checker;
        let mut out = String::new();
        for file in pkgs[self.main.0 as usize].files.iter() {
            let dialect = if file.script { Dialect::Script } else { Dialect::Go };
            let lexed = lexer::lex(names, sources, file.file, dialect, &mut Diagnostics::new());
            out.push_str(&tokens_string(names, sources.file(file.file), &lexed.tokens));
        }
        out
    }

    /// The syntax trees of the main package as text.
    pub fn dump_ast(&self) -> String {
        let pkg = self.checker.package(self.main);
        pkg.files.iter().map(|f| gol_lang::syntax::dump::file_string(&pkg.ast, &self.checker.names, f)).collect()
    }

    /// What stage `typed`, `ir` or `bytecode` makes of the program, as text; only functions whose name contains `filter`. Nothing
    /// if lowering finds an error.
    pub fn dump(&mut self, stage: &str, filter: Option<&str>) -> Option<String> {
        let typed = gol_lang::lower::lower(&mut self.checker, self.main)?;
        let wanted = |name: &str| filter.is_none_or(|f| name.contains(f));
        if stage == "typed" {
            return Some(gol_lang::typed::dump::dump(&typed, &Text(&self.checker), &|f| wanted(&f.name)));
        }
        let packages = package_names(&self.checker);
        let env = self.env(&packages);
        if stage == "ir" {
            let ir = gol_vm::compile::dump_ir(&typed, env);
            let shown = ir.split_inclusive("\n\n").filter(|f| wanted(f.lines().next().unwrap_or("")));
            return Some(shown.collect());
        }
        let program = gol_vm::compile::compile(&typed, env);
        let mut out = String::new();
        for f in program.functions.iter().filter(|f| wanted(&f.name)) {
            gol_vm::bytecode::disasm::function(&program, f, &mut out);
        }
        Some(out)
    }
}

/// Names and paths of all packages.
pub(crate) fn package_names(checker: &Checker) -> Vec<PackageName> {
    let name = |p: &Package| PackageName { name: checker.names.str(p.name).to_string(), path: p.path.clone() };
    checker.pkgs.iter().map(name).collect()
}

impl Executable {
    /// The bytecode.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Runs the program to its end; answers its exit status. `path` is what the program sees as `os.Args[0]`.
    /// Its objects may take `max_mem` bytes.
    pub fn run(self, path: &Path, args: &[OsString], max_mem: Option<usize>) -> i32 {
        match gol_vm::link::link(self.program, gol_stdlib::NATIVES) {
            Ok(mut linked) => {
                linked.cx.args = std::iter::once(path.as_os_str())
                    .chain(args.iter().map(OsString::as_os_str))
                    .map(|a| a.as_encoded_bytes().to_vec())
                    .collect::<Vec<_>>()
                    .into();
                if let Some(bytes) = max_mem {
                    linked.cx.heap.shared().gc.set_hard_limit(bytes);
                }
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

/// Names for dumps.
struct Text<'a>(&'a Checker);

impl gol_lang::typed::dump::Names for Text<'_> {
    fn symbol(&self, symbol: Symbol) -> String {
        self.0.names.str(symbol).to_string()
    }

    fn ty(&self, types: &Types, ty: TypeId) -> String {
        let qualifier = |pkg: PackageId| self.0.names.str(self.0.package(pkg).name).to_string();
        let hides = |_| None;
        let printer = Printer { types, names: &self.0.names, qualifier: &qualifier, hides: &hides, param_names: false };
        printer.to_string(ty)
    }
}
