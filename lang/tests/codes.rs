//! Every error code's example raises it.

use gol_lang::check::{Checker, FileSource, Importer, PackageSource};
use gol_lang::diag::{Code, render};
use gol_lang::syntax::Dialect;

/// Finds one package, `fmt`, with one function.
struct Few;

impl Importer for Few {
    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        match path {
            "fmt" => Ok(package("fmt", "package fmt\nfunc Print(...any) {}\n")),
            _ => Err(format!("package {path} is not in std")),
        }
    }
}

fn package(path: &str, text: &str) -> PackageSource {
    let file = FileSource { name: format!("{path}.go"), text: text.to_string(), dialect: Dialect::Go };
    PackageSource { path: path.to_string(), files: vec![file], ..PackageSource::default() }
}

#[test]
fn examples_raise_their_codes() {
    let mut wrong = Vec::new();
    for &code in Code::ALL.iter().filter(|code| !code.example().is_empty()) {
        let example = code.example();
        let text = if example.starts_with("package") { example.to_string() } else { format!("package p\n{example}\n") };
        let mut checker = Checker::new(Box::new(Few));
        let id = checker.load(package("p", &text));
        checker.check_package(id);
        if !checker.diags.iter().any(|diagnostic| diagnostic.code == code) {
            let found: Vec<_> = checker.diags.iter().cloned().collect();
            let codes: Vec<_> = found.iter().map(|diagnostic| diagnostic.code.name()).collect();
            wrong.push(format!("{}: {codes:?}\n{example}\n{}", code.name(), render::short(&found, &checker.sources)));
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn names_are_found_again() {
    for &code in Code::ALL {
        assert_eq!(Code::from_name(code.name()), Some(code));
        assert!(!code.meaning().is_empty());
    }
}
