//! Every error code's example raises it.

use gol_lang::check::{Checker, FileSource, Importer, PackageSource};
use gol_lang::diag::{Code, render};
use gol_lang::syntax::Dialect;

/// Finds `fmt`, with one function, and the packages of the example.
struct Few(Vec<(String, String)>);

impl Importer for Few {
    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        match path {
            "fmt" => Ok(package("fmt", &[("fmt.go".into(), "package fmt\nfunc Print(...any) {}\n".into())])),
            "C" => Ok(package("fmt", &[("c.go".into(), "package C\n".into())])),
            _ if self.0.iter().any(|(name, _)| folder(name) == path) => Ok(package(path, &self.0)),
            _ => Err(format!("package {path} is not in std")),
        }
    }
}

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The package made of the files that lie in folder `path`.
fn package(path: &str, files: &[(String, String)]) -> PackageSource {
    let own = files.iter().filter(|(name, _)| folder(name) == path || path == "fmt");
    let file =
        |(name, text): &(String, String)| FileSource { name: name.clone(), text: text.clone(), dialect: Dialect::Go };
    PackageSource { path: path.to_string(), files: own.map(file).collect(), ..PackageSource::default() }
}

/// The files of an example.
fn files(example: &str) -> Vec<(String, String)> {
    let mut files = vec![("p.go".to_string(), String::new())];
    for line in example.lines() {
        match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            Some(name) => files.push((name.to_string(), String::new())),
            None => {
                let text = &mut files.last_mut().expect("there is one").1;
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    let first = &mut files[0].1;
    if !first.contains("package ") {
        first.insert_str(0, "package p\n");
    }
    files
}

#[test]
fn examples_raise_their_codes_and_no_other() {
    let mut wrong = Vec::new();
    for &code in Code::ALL.iter().filter(|code| !code.example().is_empty()) {
        let files = files(code.example());
        let mut checker = Checker::new(Box::new(Few(files.clone())));
        let id = checker.load(package("", &files));
        checker.check_package(id);
        let found: Vec<_> = checker.diags.iter().cloned().collect();
        if found.is_empty() || found.iter().any(|diagnostic| diagnostic.code != code) {
            let codes: Vec<_> = found.iter().map(|diagnostic| diagnostic.code.name()).collect();
            let shown = render::short(&found, &checker.sources);
            wrong.push(format!("{}: {codes:?}\n{}\n{shown}", code.name(), code.example()));
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn only_what_takes_a_large_program_lacks_an_example() {
    let without: Vec<&str> =
        Code::ALL.iter().filter(|code| code.example().is_empty()).map(|code| code.name()).collect();
    assert_eq!(without, ["NestingLimit"]);
}

#[test]
fn names_are_found_again() {
    for &code in Code::ALL {
        assert_eq!(Code::from_name(code.name()), Some(code));
        assert!(!code.meaning().is_empty());
    }
}
