//! Reports as people see them: each `rendered/NAME.go` is checked and the report compared with `rendered/NAME.txt`, and the report as
//! JSON must name the same places. `BLESS=1` rewrites the files.

use gol_lang::check::{Checker, FileSource, Importer, PackageSource};
use gol_lang::diag::{Diagnostic, render};
use gol_lang::syntax::Dialect;
use std::path::{Path, PathBuf};

/// A library in miniature.
struct Library;

const LIBRARY: &[(&str, &str)] = &[
    ("errors", "package errors\nfunc New(text string) error\n"),
    (
        "fmt",
        "package fmt\ntype Stringer interface{ String() string }\nfunc Println(a ...any)\nfunc Sprint(a ...any) string\n",
    ),
    ("io", "package io\ntype Reader interface{ Read(p []byte) (n int, err error) }\n"),
    ("strings", "package strings\nfunc ToUpper(s string) string\nfunc Split(s, sep string) []string\n"),
];

impl Importer for Library {
    fn import(&mut self, path: &str, _from: &str) -> Result<PackageSource, String> {
        let Some((_, text)) = LIBRARY.iter().find(|(name, _)| *name == path) else {
            return Err(format!("package {path} is not in std"));
        };
        let file = FileSource { name: format!("{path}.go"), text: text.to_string(), dialect: Dialect::Go };
        Ok(PackageSource { path: path.into(), files: vec![file], lazy: true, go_version: None })
    }

    fn packages(&self) -> Vec<String> {
        LIBRARY.iter().map(|(name, _)| name.to_string()).collect()
    }
}

fn check(name: &str, text: &str) -> (Vec<Diagnostic>, Checker) {
    let mut checker = Checker::new(Box::new(Library));
    let file = FileSource { name: name.to_string(), text: text.to_string(), dialect: Dialect::Go };
    let id = checker.load(PackageSource { path: "main".into(), files: vec![file], lazy: false, go_version: None });
    checker.check_package(id);
    checker.diags.sort(&checker.sources);
    (checker.diags.iter().cloned().collect(), checker)
}

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rendered");
    let entries = std::fs::read_dir(folder).expect("the programs are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "go"));
    paths.sort();
    paths
}

#[test]
fn reports_match_their_goldens() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for path in programs() {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        let (found, checker) = check(name, &std::fs::read_to_string(&path).expect("readable"));
        assert!(!found.is_empty(), "{name} is free of errors");
        let text = render::pretty(&found, &checker.sources, false);
        assert!(!text.contains('\u{1b}'), "{name}: colour in plain text");
        let golden = path.with_extension("txt");
        if bless {
            std::fs::write(&golden, &text).expect("writable");
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != text {
            wrong.push(format!("{name}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "run with BLESS=1 and read the difference\n{}", wrong.join("\n"));
}

#[test]
fn colour_is_an_option() {
    let (found, checker) = check("x.go", "package main\nvar x int = \"s\"\n");
    assert!(render::pretty(&found, &checker.sources, true).contains('\u{1b}'));
}

#[test]
fn all_forms_agree_on_places() {
    for path in programs() {
        let (found, checker) = check("x.go", &std::fs::read_to_string(&path).expect("readable"));
        let short = render::short(&found, &checker.sources);
        let json = render::json(&found, &checker.sources);
        let heads = short.lines().filter(|line| !line.starts_with('\t')).count();
        assert_eq!(heads, found.len(), "{short}");
        assert_eq!(json.matches("\"severity\"").count(), found.len());
        for diagnostic in &found {
            let at = checker.sources.location(diagnostic.span.lo);
            assert!(short.contains(&format!("{at}: ")), "{at}");
            assert!(json.contains(&format!("\"line\": {}, \"column\": {}", at.line, at.col)), "{at}");
        }
    }
}

/// What following the advice would make of the program must be free of that error.
#[test]
fn advice_is_right() {
    let cases = [
        ("x := 1\n\tvar y float64 = x\n\t_ = y", "convert it: float64(x)", "= x\n", "= float64(x)\n"),
        ("count := 1\n\t_ = count + coutn", "did you mean count?", "coutn", "count"),
        ("x := 1\n\tvar p *int = x\n\t_ = p", "take its address: &x", "= x\n", "= &x\n"),
        ("p := new(int)\n\tvar x int = p\n\t_ = x", "dereference it: *p", "= p\n", "= *p\n"),
        ("var a any = 1\n\tvar x int = a\n\t_ = x", "assert the type: a.(int)", "= a\n", "= a.(int)\n"),
        ("f := func() int { return 1 }\n\tvar x int = f\n\t_ = x", "call it: f()", "= f\n", "= f()\n"),
        ("var b []byte = []byte{}\n\tvar s string = b\n\t_ = s", "convert it: string(b)", "= b\n", "= string(b)\n"),
        ("var a int32\n\tvar b int64\n\t_ = a + b", "convert one of them: int64(a)", "= a +", "= int64(a) +"),
        ("s := []int{}\n\tappend(s, 1)", "assign the result: s = append(s, 1)", "\tappend", "\ts = append"),
        ("x := 1\n\tx == 2\n\t_ = x", "to assign, write x = 2", "x == 2", "x = 2"),
        ("x := 1\n\tx := 2\n\t_ = x", "use = to assign to variables that exist", "x := 2", "x = 2"),
        ("fmt.Printn(1)", "did you mean Println?", "Printn", "Println"),
        ("x := 1", "remove it, or write _ = x to keep it for now", "x := 1", "x := 1; _ = x"),
        ("_ = strings.ToUpper(\"x\")", "import \"strings\"", "import \"fmt\"", "import (\n\"fmt\"\n\"strings\"\n)"),
    ];
    for (body, advice, from, to) in cases {
        let text = format!("package main\n\nimport \"fmt\"\n\nfunc main() {{\n\tfmt.Println()\n\t{body}\n}}\n");
        let (found, _) = check("x.go", &text);
        let hints: Vec<&str> = found.iter().filter_map(|d| d.hint.as_deref()).collect();
        assert_eq!(hints, [advice], "{body}");
        assert!(text.contains(from), "{body}");
        let (found, checker) = check("x.go", &text.replacen(from, to, 1));
        assert!(found.is_empty(), "{body}: {}", render::short(&found, &checker.sources));
    }
}
