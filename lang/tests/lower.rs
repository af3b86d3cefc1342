//! Typed-program goldens: each `lower/NAME.go` is lowered and compared with `lower/NAME.txt`. `BLESS=1` rewrites them.

use std::fmt::Write;
use std::path::Path;

use gol_lang::check::{Checker, FileSource, Importer, PackageSource};
use gol_lang::intern::Symbol;
use gol_lang::lower::lower;
use gol_lang::syntax::Dialect;
use gol_lang::typed::dump::{self, Names};
use gol_lang::types::print::Printer;
use gol_lang::types::{TypeId, Types};

/// Finds packages of the library in the source tree.
struct Library;

impl Importer for Library {
    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib/src").join(path);
        let mut files = Vec::new();
        let entries = std::fs::read_dir(&dir).map_err(|_| format!("package {path} is not in std"))?;
        let mut names: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        names.sort();
        for file in names {
            if file.extension().is_some_and(|e| e == "gol")
                && let Ok(text) = std::fs::read_to_string(&file)
            {
                files.push(FileSource { name: file.display().to_string(), text, dialect: Dialect::Go });
            }
        }
        Ok(PackageSource { path: path.to_string(), files, lazy: true, go_version: None })
    }
}

struct Text<'a>(&'a Checker);

impl Names for Text<'_> {
    fn symbol(&self, symbol: Symbol) -> String {
        self.0.names.str(symbol).to_string()
    }

    fn ty(&self, types: &Types, ty: TypeId) -> String {
        let qualifier = |pkg: gol_lang::types::PackageId| self.0.names.str(self.0.package(pkg).name).to_string();
        let printer =
            Printer { types, names: &self.0.names, qualifier: &qualifier, hides: &|_| None, param_names: false };
        printer.to_string(ty)
    }
}

fn lowered(name: &str, text: &str) -> String {
    let mut checker = Checker::new(Box::new(Library));
    let file = FileSource { name: name.to_string(), text: text.to_string(), dialect: Dialect::Go };
    let source = PackageSource { path: "main".to_string(), files: vec![file], lazy: false, go_version: None };
    checker.require("runtime");
    let main = checker.load(source);
    checker.check_package(main);
    if let Some(program) = (!checker.diags.has_errors()).then(|| lower(&mut checker, main)).flatten() {
        let wanted = |f: &gol_lang::typed::Func| f.pkg == "main" || f.name == "runtime.main";
        let names = Text(&checker);
        let mut text = dump::dump(&program, &names, &wanted) + &dump::dump_tables(&program, &names);
        for wrong in gol_lang::typed::verify::verify(&program) {
            let _ = writeln!(text, "WRONG {wrong}");
        }
        return text;
    }
    let mut out = String::new();
    for d in checker.diags.iter() {
        let _ = writeln!(out, "{}: {}", checker.sources.location(d.span.lo), d.message);
    }
    out
}

#[test]
fn goldens() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lower");
    let mut files: Vec<_> = std::fs::read_dir(dir).expect("goldens").flatten().map(|e| e.path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "go")) {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let text = std::fs::read_to_string(file).expect("readable golden");
        let found = lowered(name, &text);
        let golden = file.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&golden, &found).expect("writable golden");
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{name}:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
