//! `gol test`: makes a program of a package and its tests, and runs it.
//!
//! The package is loaded with its `_test` files; test files of package `p_test` are a package of their own. A generated main package
//! lists tests, benchmarks, fuzz targets and examples and hands them to `testing.MainStart`.

mod find;

use crate::cli::DiagnosticsFormat;
use crate::loader::{LoadError, Loader, constraint};
use crate::output;
use crate::session::Checked;
use find::Found;
use gol_lang::check::{FileSource, PackageSource};
use gol_lang::syntax::Dialect;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Flags of ours among those of `go test` that take no value.
const SWITCHES: &[&str] = &["v", "short", "failfast", "benchmem", "json", "race", "cover", "vet", "x", "i", "c"];
/// Flags of ours that take one.
const VALUED: &[&str] = &[
    "run",
    "skip",
    "list",
    "bench",
    "benchtime",
    "count",
    "parallel",
    "timeout",
    "shuffle",
    "cpu",
    "fuzz",
    "fuzztime",
    "trace",
    "outputdir",
];
/// Flags that are understood by `go test` but mean nothing here.
const IGNORED: &[&str] =
    &["race", "cover", "vet", "x", "json", "mod", "tags", "o", "p", "ldflags", "gcflags", "i", "c", "exec"];

/// What the command line says.
#[derive(Default)]
struct Options {
    folders: Vec<PathBuf>,
    /// Arguments of the test program.
    args: Vec<OsString>,
    verbose: bool,
    patterns: bool,
}

/// Runs the tests; answers the exit status.
pub fn test(args: &[OsString]) -> i32 {
    let options = match parse(args) {
        Ok(o) => o,
        Err(e) => {
            output::stderr(format!("{e}\n").as_bytes());
            return 2;
        }
    };
    let mut status = 0;
    let many = options.folders.len() > 1;
    let cwd = std::env::current_dir().ok();
    for dir in &options.folders {
        if let Some(cwd) = &cwd {
            let _ = std::env::set_current_dir(cwd);
        }
        let code = if many { in_a_process(dir, args, &options) } else { package(dir, &options) };
        status = status.max(code);
    }
    status
}

/// Several packages: a process each, since a program may end its process in any way.
fn in_a_process(dir: &Path, args: &[OsString], options: &Options) -> i32 {
    let Ok(me) = std::env::current_exe() else { return 1 };
    let flags =
        args.iter().filter(|a| !options.folders.iter().any(|f| f.as_os_str() == a.as_os_str()) && !is_pattern(a));
    let status = std::process::Command::new(me).arg("test").arg(dir).args(flags).status();
    status.ok().and_then(|s| s.code()).unwrap_or(1)
}

fn is_pattern(a: &OsString) -> bool {
    a.to_str().is_some_and(|s| s.ends_with("..."))
}

fn parse(args: &[OsString]) -> Result<Options, String> {
    let mut o = Options::default();
    let mut args = args.iter();
    while let Some(a) = args.next() {
        let text = a.to_string_lossy();
        let Some(flag) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
            folders_of(&text, &mut o.folders);
            continue;
        };
        if flag == "args" {
            o.args.extend(args.cloned());
            break;
        }
        let (name, mut value) = match flag.split_once('=') {
            Some((n, v)) => (n.to_string(), Some(v.to_string())),
            None => (flag.to_string(), None),
        };
        let name = name.strip_prefix("test.").unwrap_or(&name).to_string();
        let lists = [SWITCHES, VALUED, IGNORED];
        if !lists.iter().any(|l| l.contains(&name.as_str())) && !name.ends_with("profile") {
            return Err(format!("gol: unknown flag -{name}; gol test --help lists those there are"));
        }
        if value.is_none() && !SWITCHES.contains(&name.as_str()) {
            let v = args.next().ok_or(format!("flag needs an argument: -{name}"))?;
            value = Some(v.to_string_lossy().into_owned());
        }
        if IGNORED.contains(&name.as_str()) {
            continue;
        }
        let value = value.unwrap_or_else(|| "true".into());
        o.verbose |= name == "v" && value != "false";
        o.patterns |= matches!(name.as_str(), "run" | "bench" | "skip" | "list");
        o.args.push(format!("-test.{name}={value}").into());
    }
    if o.folders.is_empty() {
        o.folders.push(".".into());
    }
    Ok(o)
}

/// `dir`, or all folders with Go files at and below `dir` for `dir/...`.
fn folders_of(arg: &str, out: &mut Vec<PathBuf>) {
    let Some(root) = arg.strip_suffix("/...").or_else(|| (arg == "...").then_some(".")) else {
        out.push(arg.into());
        return;
    };
    let mut todo = vec![PathBuf::from(root)];
    while let Some(dir) = todo.pop() {
        let Ok(list) = std::fs::read_dir(&dir) else { continue };
        let mut entries: Vec<PathBuf> = list.filter_map(|e| Some(e.ok()?.path())).collect();
        entries.sort();
        let hidden = |p: &Path| {
            p.file_name()
                .and_then(|n| n.to_str())
                .is_none_or(|n| n.starts_with(['.', '_']) || n == "testdata" || n == "vendor")
        };
        if entries.iter().any(|p| p.extension().is_some_and(|e| e == "go" || e == "gol")) {
            out.push(dir.clone());
        }
        todo.extend(entries.into_iter().rev().filter(|p| p.is_dir() && !hidden(p)));
    }
    out.sort();
}

/// Tests the package in one folder.
fn package(dir: &Path, options: &Options) -> i32 {
    let started = Instant::now();
    let (checked, path) = match prepare(dir, options) {
        Ok(Some(p)) => p,
        Ok(None) => return 0,
        Err(e) => {
            output::stdout(format!("{e}\nFAIL\t{} [setup failed]\nFAIL\n", dir.display()).as_bytes());
            return 1;
        }
    };
    let mut checked = checked;
    let program = if checked.has_errors() { None } else { checked.compile() };
    let Some(program) = program else {
        let errors = checked.render(DiagnosticsFormat::Short, false);
        output::stderr(format!("# {path}\n{errors}").as_bytes());
        output::stdout(format!("FAIL\t{path} [build failed]\nFAIL\n").as_bytes());
        return 1;
    };
    drop(checked);
    // Tests read their data relative to their package.
    let _ = std::env::set_current_dir(dir);
    let name = format!("{}.test", path.rsplit('/').next().unwrap_or("main"));
    let code = program.run(Path::new(&name), &options.args, None);
    let secs = started.elapsed().as_secs_f64();
    if code == 0 {
        output::stdout(format!("ok  \t{path}\t{secs:.3}s\n").as_bytes());
    } else {
        if code != 1 {
            output::stdout(format!("exit status {code}\n").as_bytes());
        }
        output::stdout(format!("FAIL\t{path}\t{secs:.3}s\nFAIL\n").as_bytes());
    }
    i32::from(code != 0)
}

/// The checked test program of a folder and the path of its package; nothing if there are no tests.
fn prepare(dir: &Path, options: &Options) -> Result<Option<(Checked, String)>, LoadError> {
    if !dir.is_dir() {
        return Err(LoadError(format!("{}: no such folder", dir.display())));
    }
    let mut loader = Loader::new(dir)?;
    let path = loader.import_path(dir);
    let mut source = loader.folder_with_tests(dir, &path)?;
    let is_test = |f: &FileSource| constraint::is_test(Path::new(&f.name));
    if !source.files.iter().any(is_test) {
        output::stdout(format!("?   \t{path}\t[no test files]\n").as_bytes());
        return Ok(None);
    }
    let external = |f: &FileSource| is_test(f) && find::package_name(&f.text).is_some_and(|n| n.ends_with("_test"));
    let (outside, inside): (Vec<_>, Vec<_>) = source.files.drain(..).partition(external);
    let mut found = Found::default();
    inside.iter().filter(|f| is_test(f)).for_each(|f| found.file(&f.text, "_test"));
    outside.iter().for_each(|f| found.file(&f.text, "_xtest"));
    let main = found.main(&path, !inside.is_empty(), !outside.is_empty(), options.patterns);
    let go_version = source.go_version;
    if !inside.is_empty() {
        loader.prepare(PackageSource { files: inside, ..source });
    }
    if !outside.is_empty() {
        let path = format!("{path}_test");
        loader.prepare(PackageSource { path, files: outside, lazy: false, go_version });
    }
    let file = FileSource { name: "_testmain.go".into(), text: main, dialect: Dialect::Go };
    let main = PackageSource { path: format!("{path}.test"), files: vec![file], lazy: false, go_version };
    Ok(Some((Checked::new(loader, main, true), path)))
}

impl Found {
    /// The text of the generated main package.
    fn main(&self, path: &str, inside: bool, outside: bool, patterns: bool) -> String {
        let mut s = String::from("package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n");
        if patterns {
            s.push_str("\t\"regexp\"\n");
        }
        if self.test_main.is_some() {
            s.push_str("\t\"reflect\"\n");
        }
        let uses = |p: &str| {
            let lists = [&self.tests, &self.benchmarks, &self.fuzz];
            lists.iter().any(|l| l.iter().any(|f| f.package == p))
                || self.examples.iter().any(|e| e.func.package == p && e.output.is_some())
                || self.test_main == Some(p)
        };
        for (package, present, suffix) in [("_test", inside, ""), ("_xtest", outside, "_test")] {
            if present {
                let name = if uses(package) { package } else { "_" };
                let _ = writeln!(s, "\t{name} \"{path}{suffix}\"");
            }
        }
        s.push_str(")\n\n");
        let list = |s: &mut String, name: &str, ty: &str, funcs: &[find::Func]| {
            let _ = writeln!(s, "var {name} = []testing.{ty}{{");
            for f in funcs {
                let _ = writeln!(s, "\t{{\"{0}\", {1}.{0}}},", f.name, f.package);
            }
            s.push_str("}\n\n");
        };
        list(&mut s, "tests", "InternalTest", &self.tests);
        list(&mut s, "benchmarks", "InternalBenchmark", &self.benchmarks);
        list(&mut s, "fuzzTargets", "InternalFuzzTarget", &self.fuzz);
        s.push_str("var examples = []testing.InternalExample{\n");
        for e in &self.examples {
            if let Some(out) = &e.output {
                let (name, package) = (&e.func.name, e.func.package);
                let _ = writeln!(s, "\t{{\"{name}\", {package}.{name}, {}, {}}},", go_quote(out), e.unordered);
            }
        }
        s.push_str("}\n\n");
        if patterns {
            s.push_str("func match(pat, str string) (bool, error) { return regexp.MatchString(pat, str) }\n\n");
        } else {
            s.push_str("func match(pat, str string) (bool, error) { return true, nil }\n\n");
        }
        let _ = writeln!(
            s,
            "func main() {{\n\tm := testing.MainStart({path:?}, match, tests, benchmarks, fuzzTargets, examples)"
        );
        match self.test_main {
            Some(package) => {
                let _ = writeln!(s, "\t{package}.TestMain(m)");
                s.push_str("\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}\n");
            }
            None => s.push_str("\tos.Exit(m.Run())\n}\n"),
        }
        s
    }
}

/// A Go string literal.
fn go_quote(s: &str) -> String {
    let mut out = String::from("\"");
    for b in s.bytes() {
        match b {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(b as char);
            }
            b'\n' => out.push_str("\\n"),
            0x20..0x7f => out.push(b as char),
            _ => {
                let _ = write!(out, "\\x{b:02x}");
            }
        }
    }
    out.push('"');
    out
}
