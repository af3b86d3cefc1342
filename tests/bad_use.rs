//! What people do that cannot work, and what surrounds gol when something is wrong: a clear message and the right exit status.
//! 2 for a mistake on the command line, 1 for a program that cannot be read or does not compile.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOL: &str = env!("CARGO_BIN_EXE_gol");

/// A folder of one test's own.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bad-{name}"));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn command(program: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir).env("GOLCACHE", "off").env_remove("GOL_DIAGNOSTICS").stdin(Stdio::null());
    command
}

/// Exit status, standard output, standard error.
type Said = (Option<i32>, String, String);

fn said(o: Output) -> Said {
    (o.status.code(), String::from_utf8_lossy(&o.stdout).into_owned(), String::from_utf8_lossy(&o.stderr).into_owned())
}

fn gol(dir: &Path, args: &[&str]) -> Said {
    said(command(GOL, dir).args(args).output().unwrap())
}

/// A line for the shell, in which `gol` is the program.
fn shell(dir: &Path, line: &str) -> Said {
    let line = format!("gol() {{ {GOL} \"$@\"; }}\n{line}");
    said(command("sh", dir).args(["-c", &line]).output().unwrap())
}

#[test]
fn files_that_are_no_programs() {
    let dir = folder("files");
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.join(name), bytes).unwrap();
    write("empty.gol", b"");
    write("empty.go", b"");
    write("program.gol", b"\x7fELF\x02\x01\x01\0\0\0");
    write("picture", b"\x89PNG\r\n\x1a\n");
    write("archive.go", b"\x1f\x8b\x08\0");
    write("latin1.gol", b"// caf\xe9\n");
    write("deep.gol", "(".repeat(200_000).as_bytes());
    std::os::unix::fs::symlink("nowhere", dir.join("dangling.gol")).unwrap();
    std::os::unix::fs::symlink("loop.gol", dir.join("loop.gol")).unwrap();
    std::fs::create_dir(dir.join("folder.gol")).unwrap();
    for (name, want) in [
        ("program.gol", "gol: program.gol: is a binary file, not a program text\n"),
        ("picture", "gol: picture: is a binary file, not a program text\n"),
        ("archive.go", "gol: archive.go: is a binary file, not a program text\n"),
        ("latin1.gol", "gol: latin1.gol:1:7: invalid UTF-8 encoding\n"),
        ("dangling.gol", "gol: dangling.gol: no such file or directory\n"),
        ("loop.gol", "gol: loop.gol: too many levels of symbolic links\n"),
        ("folder.gol", "gol: no Go files in folder.gol\n"),
        ("empty.gol/x", "gol: empty.gol/x: not a directory\n"),
        ("missing", "gol: missing: no such file or directory\n"),
        ("", "gol: \"\": no such file or directory\n"),
    ] {
        for args in [&[name][..], &["run", name], &["check", name], &["dump", name]] {
            if name.is_empty() && args.len() > 1 {
                continue;
            }
            assert_eq!(gol(&dir, args), (Some(1), String::new(), want.into()), "{args:?}");
        }
    }
    assert_eq!(gol(&dir, &["empty.gol"]), (Some(0), String::new(), String::new()));
    let (status, _, err) = gol(&dir, &["--diagnostics=short", "empty.go"]);
    assert_eq!((status, err.as_str()), (Some(1), "empty.go:1:1: syntax error: package statement must be first\n"));
    let (status, _, err) = gol(&dir, &["--diagnostics=short", "deep.gol"]);
    assert_eq!(status, Some(1));
    assert!(err.starts_with("deep.gol:1:"), "{err}");
}

#[test]
fn pipes_and_devices_are_read_as_files() {
    let dir = folder("pipes");
    let line = "mkfifo p.gol; echo 'fmt.Println(os.Args[1])' > p.gol & gol p.gol hello; gol /dev/null; echo $?";
    assert_eq!(shell(&dir, line), (Some(0), "hello\n0\n".into(), String::new()));
    let (status, _, err) = shell(&dir, "gol - < .");
    assert_eq!((status, err.as_str()), (Some(1), "gol: <stdin>: is a directory\n"));
}

#[test]
fn mistakes_on_the_command_line() {
    let dir = folder("line");
    for (args, want) in [
        (&["--frobnicate"][..], "unexpected argument '--frobnicate'"),
        (&["-x", "a.gol"], "unexpected argument '-x'"),
        (&["-e"], "a value is required for '-e <CODE>'"),
        (&["--diagnostics"], "a value is required for '--diagnostics <FORMAT>'"),
        (&["--max-mem=0", "a.gol"], "out of range"),
        (&["--max-mem=-1", "a.gol"], "not a size like 512M"),
        (&["--max-mem=99999999999T", "a.gol"], "out of range"),
        (&["run"], "<FILE|DIR>"),
        (&["run", ""], "a value is required for '<FILE|DIR>'"),
        (&["run", "--frobnicate", "a.gol"], "unexpected argument '--frobnicate'"),
        (&["check"], "<FILE|DIR>"),
        (&["dump"], "<FILE|DIR>"),
        (&["dump", "--stage=asm", "a.gol"], "tokens, ast, typed, ir, bytecode"),
        (&["suite"], "<DIR|FILE>"),
        (&["suite", "missing"], "gol: missing: no such file or directory"),
        (&["suite", "-j", "0", "."], "0 is not in 1..=65535"),
        (&["suite", "-j", "many", "."], "invalid digit"),
        (&["suite", "."], "no programs found"),
        (&["suite", "--run=[", "."], "regex parse error"),
        (&["repl", "x"], "unexpected argument 'x'"),
        (&["version", "x"], "unexpected argument 'x'"),
        (&["explain", "a", "b"], "unexpected argument 'b'"),
        (&["doc", "a", "b"], "unexpected argument 'b'"),
        (&["completions"], "<shell>"),
        (&["completions", "ksh"], "bash, zsh, fish"),
        (&["help", "nonsense"], "unrecognized subcommand 'nonsense'"),
        (&["test", "-frobnicate"], "gol: unknown flag -frobnicate"),
        (&["test", "-run"], "flag needs an argument: -run"),
    ] {
        let (status, out, err) = gol(&dir, args);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{args:?}: {err}");
        assert!(err.contains(want), "{args:?}: {err}");
    }
    for (word, command) in
        [("chekc", "check"), ("rnu", "run"), ("tset", "test"), ("versoin", "version"), ("halp", "help"), ("repl.", "")]
    {
        let hint =
            if command.is_empty() { String::new() } else { format!(" (did you mean the command gol {command}?)") };
        let want = format!("gol: {word}: no such file or directory{hint}\n");
        assert_eq!(gol(&dir, &[word]), (Some(1), String::new(), want));
    }
    use std::os::unix::ffi::OsStrExt;
    let code = std::ffi::OsStr::from_bytes(b"println(\"\xff\")");
    let (status, _, err) = said(command(GOL, &dir).arg("-e").arg(code).output().unwrap());
    assert!(status == Some(2) && err.contains("invalid UTF-8"), "{err}");
}

#[test]
fn what_cannot_be_found_is_named() {
    let dir = folder("names");
    for (args, want) in [
        (&["explain", "Nonsense"][..], "gol: there is no error code Nonsense (gol explain lists them)\n"),
        (&["doc", "nonsense"], "gol: package nonsense is not in std\n"),
        (&["doc", "strings.Nope"], "gol: package strings has no Nope\n"),
        (&["doc", "./missing"], "gol: ./missing: no such folder\n"),
        (&["doc", "example.com/x"], "gol: no required module provides package example.com/x\n"),
    ] {
        assert_eq!(gol(&dir, args), (Some(1), String::new(), want.into()), "{args:?}");
    }
}

#[test]
fn streams_may_be_closed_or_full() {
    let dir = folder("streams");
    for (line, status) in [
        ("gol -e 'fmt.Println(1); os.Exit(3)' >&-", 3),
        ("gol -e 'fmt.Println(1); os.Exit(3)' > /dev/full", 3),
        ("gol -e 'panic(1)' 2>&-", 2),
        ("gol - <&-", 0),
        ("gol <&- >&- 2>&-", 0),
        ("gol repl <&-", 0),
        ("gol repl --transcript <&-", 0),
        ("gol doc >&-", 0),
        ("gol explain <&- >&- 2>&-", 0),
        ("gol check missing.gol 2>&-", 1),
        ("gol suite missing >&- 2>&-", 2),
        ("gol help >&-", 0),
    ] {
        let (code, out, err) = shell(&dir, line);
        assert_eq!((code, out.as_str(), err.as_str()), (Some(status), "", ""), "{line}");
    }
    let (status, _, err) = shell(&dir, "gol doc > /dev/full");
    assert_eq!((status, err.as_str()), (Some(1), "gol: standard output: no space left on device\n"));
    // Whoever reads only the beginning hears no complaint.
    for line in [
        "gol doc | head -1",
        "gol explain | head -1",
        "gol help | head -1",
        "gol -e 'for { fmt.Println(1) }' | head -1",
    ] {
        let (status, out, err) = shell(&dir, line);
        assert_eq!((status, out.lines().count(), err.as_str()), (Some(0), 1, ""), "{line}");
    }
}

#[test]
fn poor_surroundings_are_enough() {
    let dir = folder("poor");
    for line in [
        "env -i GOL -e 'fmt.Println(1)'",
        "HOME= GOLCACHE= GOL -e 'fmt.Println(1)'",
        "mkdir gone; cd gone; rmdir ../gone; GOL -e 'fmt.Println(1)'",
        "ulimit -n 12; GOL -e 'fmt.Println(1)'",
        "ulimit -s 256; GOL -e 'fmt.Println(1)'",
        "ulimit -f 0; GOLCACHE=$PWD/cache GOL -e 'fmt.Println(1)'",
        "ulimit -v 4000000; GOL -e 'fmt.Println(1)'",
        "mkdir ro; chmod 500 ro; GOLCACHE=$PWD/ro/cache GOL -e 'fmt.Println(1)'",
    ] {
        let line = line.replace("GOL -e", &format!("{GOL} -e"));
        assert_eq!(shell(&dir, &line), (Some(0), "1\n".into(), String::new()), "{line}");
    }
}

#[test]
fn colours_are_for_terminals_only() {
    let dir = folder("colours");
    for set in ["", "NO_COLOR=1 ", "TERM=dumb "] {
        let (status, _, err) = shell(&dir, &format!("{set} {GOL} -e 'x'"));
        assert!(status == Some(1) && err.contains("undefined: x") && !err.contains('\u{1b}'), "{err:?}");
    }
}

#[test]
fn internal_packages_are_for_their_neighbours() {
    let dir = folder("internal");
    let write = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("go.mod", "module m\n\ngo 1.27\n");
    write("a/a.go", "package a\n\nimport \"m/a/internal/x\"\n\nfunc A() int { return x.X }\n");
    write("a/internal/x/x.go", "package x\n\nconst X = 7\n");
    write("cmd/internal/y/y.go", "package y\n\nconst Y = 8\n");
    write(
        "cmd/tool/main.go",
        "package main\n\nimport (\n\t\"m/a\"\n\t\"m/cmd/internal/y\"\n)\n\nfunc main() { println(a.A(), y.Y) }\n",
    );
    assert_eq!(gol(&dir, &["run", "./cmd/tool"]), (Some(0), String::new(), "7 8\n".into()));
    for import in ["m/a/internal/x", "m/cmd/internal/y", "internal/rtype"] {
        // Others may have loaded it before.
        write(
            "main.go",
            &format!(
                "package main\n\nimport (\n\t\"fmt\"\n\t\"m/a\"\n\t_ {import:?}\n)\n\nfunc main() {{ fmt.Println(a.A()) }}\n"
            ),
        );
        let (status, _, err) = gol(&dir, &["--diagnostics=short", "main.go"]);
        let want = format!("main.go:6:4: could not import {import} (use of internal package {import} not allowed)\n");
        assert_eq!((status, err), (Some(1), want));
    }
}
