//! `gol doc`: documentation from the comments in the sources, of the library and of user packages.

mod extract;

use crate::loader::{Loader, library_name};
use crate::output;
use extract::{Item, Kind, PackageDoc};
use gol_lang::check::{Importer, PackageSource};
use std::fmt::Write as _;
use std::path::Path;

/// Prints what is documented about a package, a name in it or a method; lists the library without.
pub fn doc(what: Option<&str>, all: bool) -> i32 {
    let Some(what) = what else {
        output::stdout(library().as_bytes());
        return 0;
    };
    match find(what, all) {
        Ok(text) => {
            output::stdout(text.as_bytes());
            0
        }
        Err(e) => {
            output::stderr(format!("gol: {e}\n").as_bytes());
            1
        }
    }
}

/// All packages of the library with the first sentence of their documentation.
fn library() -> String {
    let mut out = String::new();
    for path in gol_stdlib::PACKAGES.iter().filter(|p| !p.split('/').any(|part| part == "internal")) {
        let files = gol_stdlib::source(path).unwrap_or_default();
        let doc = files.iter().map(|(_, text)| extract::package_comment(text)).find(|d| !d.is_empty());
        let doc = doc.unwrap_or_default().replace('\n', " ");
        let sentence = doc.split_inclusive(". ").next().unwrap_or("").trim();
        let _ = writeln!(out, "{path:20} {sentence}");
    }
    out
}

/// What is documented about a package, or a name in it.
pub fn text(what: &str) -> Result<String, String> {
    find(what, false)
}

/// The text about `what`.
fn find(what: &str, all: bool) -> Result<String, String> {
    let mut first_error = None;
    // The longest path first: `a.b/c` may be a package.
    for (path, names) in readings(what) {
        match package(path) {
            Ok(source) => {
                let doc = PackageDoc::of(&source);
                return match names {
                    "" => Ok(overview(&doc, &source.path, all)),
                    names => item(&doc, names).ok_or_else(|| format!("package {} has no {names}", source.path)),
                };
            }
            Err(e) => first_error = first_error.or(Some(e)),
        }
    }
    Err(first_error.unwrap_or_else(|| format!("there is no package {what}")))
}

/// How `what` can be read: as a package, and as a package with names after a dot.
fn readings(what: &str) -> Vec<(&str, &str)> {
    let mut out = vec![(what, "")];
    let last = what.rfind('/').map_or(0, |i| i + 1);
    if let Some(dot) = what[last..].find('.').map(|i| i + last).filter(|&d| d > last) {
        out.push((&what[..dot], &what[dot + 1..]));
    }
    out
}

fn package(path: &str) -> Result<PackageSource, String> {
    let here = Path::new(".");
    let mut loader = Loader::new(here).map_err(|e| e.0)?;
    if path.starts_with('.') || path.starts_with('/') {
        let dir = Path::new(path);
        if !dir.is_dir() {
            return Err(format!("{path}: no such folder"));
        }
        return loader.folder(dir, &loader.import_path(dir)).map_err(|e| e.0);
    }
    if gol_stdlib::source(path).is_none()
        && let Some(full) = gol_stdlib::PACKAGES.iter().find(|p| library_name(p) == path)
    {
        return loader.import(full, "");
    }
    loader.import(path, "main")
}

fn overview(doc: &PackageDoc, path: &str, all: bool) -> String {
    let mut out = format!("package {} // import {path:?}\n", doc.name);
    if !doc.comment.is_empty() {
        let _ = write!(out, "\n{}\n", doc.comment);
    }
    let shown = |i: &&Item| all || i.exported;
    for kind in [Kind::Const, Kind::Var, Kind::Func] {
        let mut blank = true;
        for i in doc.items.iter().filter(|i| i.kind == kind && i.receiver.is_none()).filter(shown) {
            out.push_str(if std::mem::take(&mut blank) { "\n" } else { "" });
            let _ = writeln!(out, "{}", i.heading);
        }
    }
    for t in doc.items.iter().filter(|i| i.kind == Kind::Type).filter(shown) {
        let _ = write!(out, "\n{}\n", t.heading);
        for m in doc.methods(&t.name).filter(shown) {
            let _ = writeln!(out, "    {}", m.heading);
        }
    }
    out
}

/// The text about `Name` or `Type.Method`; letters' case matters only if there are several.
fn item(doc: &PackageDoc, names: &str) -> Option<String> {
    let (owner, name) = match names.split_once('.') {
        Some((owner, name)) => (Some(owner), name),
        None => (None, names),
    };
    let same = |i: &&Item, exact: bool| {
        let eq = |a: &str, b: &str| if exact { a == b } else { a.eq_ignore_ascii_case(b) };
        eq(&i.name, name)
            && match (owner, &i.receiver) {
                (None, None) => true,
                (Some(o), Some(r)) => eq(o, r),
                _ => false,
            }
    };
    let found = doc.items.iter().find(|i| same(i, true)).or_else(|| doc.items.iter().find(|i| same(i, false)));
    let Some(found) = found else { return part(doc, owner?, name) };
    let mut out = format!("{}\n", found.source);
    if !found.comment.is_empty() {
        out.push_str(&indent(&found.comment));
    }
    if found.kind == Kind::Type {
        let mut blank = true;
        for m in doc.methods(&found.name).filter(|m| m.exported) {
            out.push_str(if std::mem::take(&mut blank) { "\n" } else { "" });
            let _ = writeln!(out, "{}", m.heading);
        }
    }
    Some(out)
}

/// The text about a field of a struct type, or a method of an interface type: the line that declares it and the comments above.
fn part(doc: &PackageDoc, owner: &str, name: &str) -> Option<String> {
    let ty = doc.items.iter().find(|i| i.kind == Kind::Type && i.name == owner)?;
    let lines: Vec<&str> = ty.source.lines().collect();
    let declares = |line: &&str| {
        let line = line.trim_start();
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', ' ', ',']))
    };
    let at = lines.iter().skip(1).position(declares)? + 1;
    let comments = lines[1..at].iter().rev().take_while(|l| l.trim_start().starts_with("//")).count();
    let cut = if at - comments > 1 { "\t...\n" } else { "" };
    let shown = lines[at - comments..=at].iter().map(|l| format!("{l}\n")).collect::<String>();
    let more = if at + 2 < lines.len() { "\t...\n" } else { "" };
    Some(format!("{}\n{cut}{shown}{more}}}\n", lines[0]))
}

fn indent(text: &str) -> String {
    text.lines().map(|l| if l.is_empty() { "\n".into() } else { format!("    {l}\n") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_may_belong_to_the_path() {
        assert_eq!(readings("strings.Cut"), [("strings.Cut", ""), ("strings", "Cut")]);
        assert_eq!(readings("a.b/c"), [("a.b/c", "")]);
        assert_eq!(readings("./x"), [("./x", "")]);
        assert_eq!(readings("."), [(".", "")]);
    }

    #[test]
    fn the_library_is_documented() {
        assert!(
            find("strings", false).unwrap().contains("\nfunc Cut(s, sep string) (before, after string, found bool)\n")
        );
        assert!(
            find("strings.Builder.WriteString", false).unwrap().contains("func (b *Builder) WriteString(s string)")
        );
        assert!(find("json", false).unwrap().starts_with("package json // import \"encoding/json\"\n"));
        assert_eq!(find("fmt.Stringer.String", false).unwrap(), "type Stringer interface {\n\tString() string\n}\n");
        assert!(find("fmt.Stringer.Strin", false).is_err());
        assert!(find("strings.Nope", false).is_err());
        assert!(library().lines().all(|l| l.split_whitespace().count() > 1), "{}", library());
    }
}
