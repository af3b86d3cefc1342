//! The suite of language programs: one file, one test, its expectation inside the file.
//!
//! A program opens with a line comment that says what is expected of it, in the dialect of Go's own tests:
//!
//! * `// run`: runs and exits with 0. A closing `// Output:` block is what it prints on standard output, `// Stderr:` what it
//!   prints on standard error.
//! * `// errorcheck`: is refused with exit code 1. Every line with an error carries `// ERROR "regexp" …`, and no other line has one.
//! * `// compile`: is accepted by `gol check`.
//!
//! Words after `run` are program arguments, words after `errorcheck` and `compile` mean nothing here.
//!
//! Further lines of the opening comment refine it: `// exit: 3`, `// panic: text` (exit code 2, and standard error has a line that
//! starts with `panic: text`), `// fatal: text` (the same for `fatal error: text`), `// args: a b`, `// stdin: "quoted text"`, `// env: K=V`,
//! `// timeout: 30` (seconds).
//!
//! A folder with a `go.mod` is one test: a program of several packages whose `main.go` (or `main.gol`) carries the expectation.

pub mod bless;
pub mod directive;
pub mod outcome;
pub mod report;
pub mod runner;

use std::path::{Path, PathBuf};

/// What `gol suite` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folders and files.
    pub paths: Vec<PathBuf>,
    /// A regular expression for names.
    pub filter: Option<String>,
    /// Whether expectations are rewritten.
    pub bless: bool,
    /// How many run at a time.
    pub jobs: Option<usize>,
    /// Whether results are printed as JSON.
    pub json: bool,
    /// Where a JUnit report is written.
    pub junit: Option<PathBuf>,
}

/// One program of the suite.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name relative to the root of the suite, without extension, `/`-separated.
    pub name: String,
    /// The file that carries the expectation.
    pub file: PathBuf,
    /// What `gol` is pointed at: the file itself, or `.` inside [`Case::dir`].
    pub target: PathBuf,
    /// Working directory.
    pub dir: PathBuf,
}

/// Finds every case below `root`, sorted by name; a file is a case of its own. Folders named `testdata` or starting with a dot are
/// skipped.
pub fn discover(root: &Path) -> std::io::Result<Vec<Case>> {
    let root = &std::path::absolute(root)?;
    let mut cases = Vec::new();
    if !std::fs::metadata(root)?.is_dir() {
        let dir = root.parent().unwrap_or(Path::new("/"));
        let name = relative(dir, &root.with_extension(""));
        return Ok(vec![Case { name, target: root.clone(), file: root.clone(), dir: dir.to_path_buf() }]);
    }
    walk(root, root, &mut cases)?;
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

fn is_program(path: &Path) -> bool {
    matches!(path.extension().and_then(|e| e.to_str()), Some("gol" | "go"))
}

fn walk(root: &Path, dir: &Path, out: &mut Vec<Case>) -> std::io::Result<()> {
    if dir.join("go.mod").exists() {
        for main in ["main.gol", "main.go"] {
            let file = dir.join(main);
            if file.exists() {
                let name = relative(root, dir);
                out.push(Case { name, file, target: PathBuf::from("."), dir: dir.to_path_buf() });
                break;
            }
        }
        return Ok(());
    }
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let hidden = path.file_name().and_then(|n| n.to_str()).is_none_or(|n| n.starts_with('.') || n == "testdata");
        if hidden {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, out)?;
        } else if is_program(&path) {
            out.push(Case {
                name: relative(root, &path.with_extension("")),
                target: path.clone(),
                file: path,
                dir: dir.to_path_buf(),
            });
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    let rel = path.strip_prefix(root).unwrap_or(path);
    rel.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
