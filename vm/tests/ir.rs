//! IR goldens: the functions of each `ir/NAME.go` after all passes are compared with `ir/NAME.txt`. `BLESS=1` rewrites
//! them.

use std::path::Path;

use gol_lang::check::{Checker, FileSource, Importer, PackageSource};
use gol_lang::lower::lower;
use gol_lang::syntax::Dialect;
use gol_vm::compile::{Env, PackageName, dump_ir};

/// Finds packages of the library in the source tree.
struct Library;

impl Importer for Library {
    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib/src").join(path);
        let entries = std::fs::read_dir(&dir).map_err(|_| format!("package {path} is not in std"))?;
        let mut names: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        names.sort();
        let mut files = Vec::new();
        for file in names.iter().filter(|f| f.extension().is_some_and(|e| e == "gol")) {
            let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
            files.push(FileSource { name: file.display().to_string(), text, dialect: Dialect::Go });
        }
        Ok(PackageSource { path: path.to_string(), files, lazy: true, go_version: None })
    }
}

/// The listing of the functions of package main.
fn listing(name: &str, text: &str) -> String {
    let mut checker = Checker::new(Box::new(Library));
    let file = FileSource { name: name.to_string(), text: text.to_string(), dialect: Dialect::Go };
    let source = PackageSource { path: "main".to_string(), files: vec![file], lazy: false, go_version: None };
    checker.require("runtime");
    let main = checker.load(source);
    checker.check_package(main);
    let Some(program) = (!checker.diags.has_errors()).then(|| lower(&mut checker, main)).flatten() else {
        return checker.diags.iter().map(|d| d.message.clone() + "\n").collect();
    };
    let packages: Vec<PackageName> = checker
        .pkgs
        .iter()
        .map(|p| PackageName { path: p.path.clone(), name: checker.names.str(p.name).to_string() })
        .collect();
    let all = dump_ir(&program, Env { names: &checker.names, packages: &packages, sources: &checker.sources });
    all.split_inclusive("\n\n").filter(|f| f.starts_with("func main.") && !f.starts_with("func main.main(")).collect()
}

#[test]
fn goldens() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ir");
    let mut files: Vec<_> = std::fs::read_dir(dir).expect("goldens").flatten().map(|e| e.path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "go")) {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let text = std::fs::read_to_string(file).expect("readable source");
        let found = listing(name, &text);
        let golden = file.with_extension("txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&golden, found).expect("writable golden");
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{name}:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "unexpected IR (BLESS=1 accepts it):\n{}", wrong.join("\n"));
}
