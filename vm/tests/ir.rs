//! Goldens of the last two stages: the functions of each `ir/NAME.go` after all passes are compared with `ir/NAME.txt`, and
//! their bytecode with `ir/NAME.code` where there is one. `BLESS=1` rewrites them.

use std::path::Path;

use gol_lang::check::{Checker, FileSource, Importer, PackageSource};
use gol_lang::lower::lower;
use gol_lang::syntax::Dialect;
use gol_vm::bytecode::disasm;
use gol_vm::compile::{Env, PackageName, compile, dump_ir};

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

/// The listings of the functions of package main: IR and bytecode.
fn listings(name: &str, text: &str) -> [String; 2] {
    let mut checker = Checker::new(Box::new(Library));
    let file = FileSource { name: name.to_string(), text: text.to_string(), dialect: Dialect::Go };
    let source = PackageSource { path: "main".to_string(), files: vec![file], lazy: false, go_version: None };
    checker.require("runtime");
    let main = checker.load(source);
    checker.check_package(main);
    let Some(program) = (!checker.diags.has_errors()).then(|| lower(&mut checker, main)).flatten() else {
        let errors: String = checker.diags.iter().map(|d| d.message.clone() + "\n").collect();
        return [errors.clone(), errors];
    };
    let packages: Vec<PackageName> = checker
        .pkgs
        .iter()
        .map(|p| PackageName { path: p.path.clone(), name: checker.names.str(p.name).to_string() })
        .collect();
    let env = || Env { names: &checker.names, packages: &packages, sources: &checker.sources };
    let all = dump_ir(&program, env());
    let ir = all.split_inclusive("\n\n").filter(|f| f.starts_with("func main.") && !f.starts_with("func main.main("));
    let compiled = compile(&program, env());
    let mut code = String::new();
    for f in compiled.functions.iter().filter(|f| f.name.starts_with("main.") && f.name != "main.main") {
        disasm::function(&compiled, f, &mut code);
    }
    [ir.collect(), code]
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
        let [ir, code] = listings(name, &text);
        let golden = file.with_extension("code");
        let pairs = [(file.with_extension("txt"), ir)].into_iter().chain(golden.exists().then_some((golden, code)));
        for (golden, found) in pairs {
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&golden, found).expect("writable golden");
            } else if std::fs::read_to_string(&golden).unwrap_or_default() != found {
                wrong.push(format!("{}:\n{found}", golden.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "unexpected listings (BLESS=1 accepts it):\n{}", wrong.join("\n"));
}
