//! The binary from outside: commands, flags, exit codes, output streams.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn gol(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("GOL_DIAGNOSTICS")
        .output()
        .expect("cannot start gol")
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("cannot write the program");
    path
}

fn out(o: &Output) -> String {
    String::from_utf8_lossy(&o.stdout).into_owned()
}

fn err(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

#[test]
fn a_file_runs_with_and_without_the_command() {
    for args in [&["examples/hello.gol"][..], &["run", "examples/hello.gol"]] {
        let o = gol(args);
        assert_eq!((out(&o).as_str(), o.status.code()), ("Hello, gol!\n", Some(0)), "{}", err(&o));
    }
}

#[test]
fn program_arguments_pass_untouched() {
    let p = file(
        "args.go",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() { fmt.Printf(\"%q\\n\", os.Args[1:]) }\n",
    );
    let o = gol(&["run", p.to_str().unwrap(), "-v", "--help", "--", "a b"]);
    assert_eq!(out(&o), "[\"-v\" \"--help\" \"--\" \"a b\"]\n", "{}", err(&o));
    let o = gol(&[p.to_str().unwrap(), "--version", "x"]);
    assert_eq!(out(&o), "[\"--version\" \"x\"]\n", "{}", err(&o));
}

#[test]
fn compile_errors_exit_with_1_and_name_the_place() {
    let p = file("bad.go", "package main\n\nfunc main() {\n\tx := 1\n\ty = 2\n}\n");
    let path = p.to_str().unwrap();
    let o = gol(&["check", "--diagnostics=short", path]);
    assert_eq!(o.status.code(), Some(1));
    assert_eq!(out(&o), format!("{path}:4:2: declared and not used: x\n{path}:5:2: undefined: y\n"));
    let o = gol(&["run", "--diagnostics=short", path]);
    assert_eq!((o.status.code(), out(&o).as_str()), (Some(1), ""));
    assert!(err(&o).contains("undefined: y"), "{}", err(&o));
    let o = gol(&["check", path]);
    assert!(out(&o).contains("undefined: y") && out(&o).contains("y = 2"), "{}", out(&o));
    assert!(!out(&o).contains('\u{1b}'), "no colour into a pipe");
    let o = gol(&["check", "--diagnostics=json", path]);
    assert!(out(&o).contains("\"message\": \"undefined: y\""), "{}", out(&o));
}

#[test]
fn check_accepts_silently() {
    let o = gol(&["check", "examples/hello.gol"]);
    assert_eq!((o.status.code(), out(&o).as_str(), err(&o).as_str()), (Some(0), "", ""));
}

#[test]
fn missing_files_and_folders_without_programs_are_named() {
    let o = gol(&["run", "does/not/exist.go"]);
    assert_eq!(o.status.code(), Some(1));
    assert_eq!(err(&o), "does/not/exist.go: no such file or directory\n");
    let o = gol(&["run", "docs"]);
    assert_eq!((o.status.code(), err(&o).as_str()), (Some(1), "no Go files in docs\n"));
}

#[test]
fn exit_codes_are_gos() {
    let p = file("exit.go", "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(3) }\n");
    assert_eq!(gol(&["run", p.to_str().unwrap()]).status.code(), Some(3));
    let p = file(
        "deep.go",
        "package main\n\nfunc f(n int) {\n\tif n == 0 {\n\t\tpanic(n)\n\t}\n\tf(n - 1)\n}\n\nfunc main() {\n\tf(3)\n}\n",
    );
    let o = gol(&["run", p.to_str().unwrap()]);
    let lines: Vec<String> = err(&o)
        .lines()
        .filter_map(|l| l.strip_prefix('\t')?.rsplit(':').next()?.split(' ').next().map(str::to_string))
        .collect();
    assert_eq!(lines, ["5", "7", "7", "7", "11"], "{}", err(&o));
    let p = file("panic.go", "package main\n\nfunc main() { panic(\"boom\") }\n");
    let o = gol(&["run", p.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).starts_with("panic: boom\n\ngoroutine 1 [running]:\nmain.main("), "{}", err(&o));
    assert!(err(&o).contains("panic.go:3"), "{}", err(&o));
}

#[test]
fn every_stage_can_be_dumped() {
    for (stage, want) in [("ast", "hello"), ("typed", "main.main"), ("ir", "main.main"), ("bytecode", "main.main")] {
        let o = gol(&["dump", &format!("--stage={stage}"), "examples/hello.gol"]);
        assert_eq!(o.status.code(), Some(0), "{stage}: {}", err(&o));
        assert!(out(&o).to_lowercase().contains(want), "{stage}: {}", out(&o).chars().take(300).collect::<String>());
    }
}

#[test]
fn error_codes_are_explained() {
    let o = gol(&["explain", "UndeclaredName"]);
    assert_eq!(o.status.code(), Some(0));
    assert!(out(&o).starts_with("UndeclaredName: ") && out(&o).contains("For example:"), "{}", out(&o));
    assert!(out(&gol(&["explain"])).lines().count() > 100);
    assert_eq!(gol(&["explain", "Nonsense"]).status.code(), Some(1));
}

#[test]
fn help_and_version() {
    assert!(out(&gol(&["version"])).starts_with("gol "));
    for args in [&["--help"][..], &["run", "--help"], &["check", "--help"], &["dump", "--help"]] {
        let o = gol(args);
        assert_eq!(o.status.code(), Some(0));
        assert!(out(&o).contains("Usage: gol"), "{}", out(&o));
    }
    let o = gol(&["check", "--nonsense"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("--nonsense"));
}

#[test]
fn memory_has_a_limit() {
    let garbage = file(
        "garbage.gol",
        "package main\n\nvar keep []byte\n\nfunc main() {\n\tfor range 60 {\n\t\tkeep = make([]byte, 50<<20)\n\t}\n\tprintln(len(keep))\n}\n",
    );
    let o = gol(&["run", "--max-mem", "120M", garbage.to_str().unwrap()]);
    assert_eq!((o.status.code(), err(&o).trim()), (Some(0), "52428800"));
    let list = file(
        "list.gol",
        "package main\n\ntype n struct{ next *n }\n\nfunc main() {\n\tvar l *n\n\tfor {\n\t\tl = &n{l}\n\t}\n}\n",
    );
    let o = gol(&["run", "--max-mem=32M", list.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(2));
    assert!(
        err(&o).contains("runtime: out of memory: cannot allocate") && err(&o).contains("fatal error: out of memory")
    );
    let huge = file("huge.gol", "package main\n\nfunc main() {\n\tn := 1 << 45\n\tprintln(len(make([]byte, n)))\n}\n");
    let o = gol(&["run", huge.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("fatal error: runtime: out of memory"), "{}", err(&o));
    let o = gol(&["run", "--max-mem", "lots", huge.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(2));
}
