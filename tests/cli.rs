//! The binary from outside: commands, flags, exit codes, output streams.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn gol(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("GOL_DIAGNOSTICS")
        .env("GOLCACHE", "off")
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
    assert_eq!(err(&o), "gol: does/not/exist.go: no such file or directory\n");
    let o = gol(&["run", "docs"]);
    assert_eq!((o.status.code(), err(&o).as_str()), (Some(1), "gol: no Go files in docs\n"));
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
    for (stage, want) in [
        ("tokens", "println"),
        ("ast", "hello"),
        ("typed", "main.main"),
        ("ir", "main.main"),
        ("bytecode", "main.main"),
    ] {
        let o = gol(&["dump", &format!("--stage={stage}"), "examples/hello.gol"]);
        assert_eq!(o.status.code(), Some(0), "{stage}: {}", err(&o));
        assert!(out(&o).to_lowercase().contains(want), "{stage}: {}", out(&o).chars().take(300).collect::<String>());
    }
}

#[test]
fn a_panic_shows_its_source_when_asked() {
    let p = file(
        "late.go",
        "package main\n\nfunc at(list []int, i int) int { return list[i+1] }\n\nfunc main() {\n\tprintln(at([]int{1}, 4))\n}\n",
    );
    let path = p.to_str().unwrap();
    let plain = gol(&["run", path]);
    assert_eq!(plain.status.code(), Some(2));
    assert!(
        err(&plain)
            .starts_with("panic: runtime error: index out of range [5] with length 1\n\ngoroutine 1 [running]:\n")
    );
    let o = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(["run", path])
        .env("GOTRACEBACK", "gol")
        .env("GOLCACHE", "off")
        .output()
        .expect("cannot start gol");
    let text = err(&o);
    let shown = text.strip_prefix(&err(&plain)).expect("Go's text first");
    assert!(shown.starts_with("Panic: runtime error: index out of range [5] with length 1\n"), "{text}");
    assert!(shown.contains("return list[i+1]") && shown.contains("= 5") && shown.contains("length 1"), "{text}");
    assert!(!shown.contains('\u{1b}'), "no colour into a pipe");
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
    for args in [&["version"][..], &["--version"], &["-V"]] {
        assert!(out(&gol(args)).starts_with("gol "), "{args:?}");
    }
    let help = out(&gol(&["--help"]));
    let commands: Vec<&str> =
        help.lines().skip_while(|l| *l != "Commands:").skip(1).map_while(|l| l.split_whitespace().next()).collect();
    assert!(commands.contains(&"run") && commands.contains(&"suite"), "{help}");
    for command in commands {
        let o = gol(&["help", command]);
        assert_eq!(o.status.code(), Some(0), "{command}");
        if command == "help" {
            continue;
        }
        let o = gol(&[command, "--help"]);
        assert_eq!(o.status.code(), Some(0), "{command}");
        assert!(out(&o).contains(&format!("Usage: gol {command}")), "{}", out(&o));
        assert!(command == "version" || out(&o).contains("Example"), "{}", out(&o));
    }
}

#[test]
fn scripts_need_no_package_no_main_and_no_imports() {
    let p = file(
        "script",
        "#!/usr/bin/env gol\n\nfmt.Println(double(limit), strings.ToUpper(\"a\"), rand.N(1), os.Args[1:])\n\nconst limit = 21\n\nfunc double(n int) int { return 2 * n }\n",
    );
    let o = gol(&[p.to_str().unwrap(), "-x"]);
    assert_eq!((out(&o).as_str(), o.status.code(), err(&o).as_str()), ("42 A 0 [-x]\n", Some(0), ""));
    let o = gol(&["--strict", "--diagnostics=short", p.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(1));
    assert!(err(&o).contains("script:3:1: undefined: fmt"), "{}", err(&o));
}

#[test]
fn scripts_are_commands() {
    use std::os::unix::fs::PermissionsExt;
    let p = file("as-command", "#!/usr/bin/env gol\nfmt.Println(os.Args[1:], filepath.Base(os.Args[0])); os.Exit(4)\n");
    std::fs::set_permissions(&p, std::fs::Permissions::from_mode(0o755)).unwrap();
    let folder = Path::new(env!("CARGO_BIN_EXE_gol")).parent().unwrap().display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
    let o = Command::new(&p).args(["-v", "--help", "a b"]).env("PATH", path).env("GOLCACHE", "off").output().unwrap();
    assert_eq!((out(&o).as_str(), o.status.code()), ("[-v --help a b] as-command\n", Some(4)), "{}", err(&o));
}

#[test]
fn code_on_the_command_line_runs() {
    let o = gol(&["-e", "x := 40", "-e", "fmt.Println(x+2, os.Args)", "run", "-e"]);
    assert_eq!((out(&o).as_str(), err(&o).as_str()), ("42 [-e run -e]\n", ""));
    let o = gol(&["--diagnostics=short", "-e", "x := 1", "-e", "func f() { x++ }", "-e", "f(); y()"]);
    assert_eq!(o.status.code(), Some(1));
    assert_eq!(err(&o), "-e:1:1: warning: declared and not used: x\n-e:2:12: undefined: x\n-e:3:6: undefined: y\n");
    let o = gol(&["-e", "func f() { x++ }; x := 1; f()"]);
    assert!(err(&o).contains("var x = "), "a hint: {}", err(&o));
    assert_eq!(gol(&["-e", "os.Exit(7)"]).status.code(), Some(7));
    assert_eq!(gol(&["-e", "panic(1)"]).status.code(), Some(2));
    assert_eq!(gol(&["-e"]).status.code(), Some(2));
}

/// Runs gol with something on its standard input.
fn gol_with_input(args: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(args)
        .env_remove("GOL_DIAGNOSTICS")
        .env("GOLCACHE", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cannot start gol");
    let mut pipe = child.stdin.take().unwrap();
    // It may refuse its input before it has read all of it.
    let _ = pipe.write_all(input);
    drop(pipe);
    child.wait_with_output().unwrap()
}

#[test]
fn programs_come_from_standard_input() {
    for (args, want) in
        [(&[][..], "[-]\n"), (&["-"], "[-]\n"), (&["-", "a", "-b"], "[- a -b]\n"), (&["run", "-"], "[-]\n")]
    {
        let o = gol_with_input(args, b"fmt.Println(os.Args)");
        assert_eq!((out(&o).as_str(), o.status.code()), (want, Some(0)), "{args:?}: {}", err(&o));
    }
    let o = gol_with_input(&["--diagnostics=short"], b"\nx = 1\n");
    assert_eq!((err(&o).as_str(), o.status.code()), ("<stdin>:2:1: undefined: x\n", Some(1)));
    assert_eq!(gol_with_input(&[], b"").status.code(), Some(0));
    let o = gol_with_input(&[], b"fmt.Println(1)\n\xff");
    assert_eq!((err(&o).as_str(), o.status.code()), ("gol: <stdin>:2:1: invalid UTF-8 encoding\n", Some(1)));
}

#[test]
fn what_is_unused_is_a_warning_in_scripts_only() {
    let text = "package main\n\nimport \"os\"\n\nfunc main() {\n\tx := 1\n}\n";
    let script = file("unused.gol", text);
    let o = gol(&["--diagnostics=short", script.to_str().unwrap()]);
    let want = format!(
        "{0}:3:8: warning: \"os\" imported and not used\n{0}:6:2: warning: declared and not used: x\n",
        script.display()
    );
    assert_eq!((err(&o), o.status.code()), (want, Some(0)));
    assert_eq!(gol(&["check", script.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(gol(&["check", "--strict", script.to_str().unwrap()]).status.code(), Some(1));
    assert_eq!(gol(&["--strict", script.to_str().unwrap()]).status.code(), Some(1));
    let go = file("unused.go", text);
    assert_eq!(gol(&[go.to_str().unwrap()]).status.code(), Some(1));
    let bare = file("bare.go", "println(1)\n");
    assert_eq!(gol(&[bare.to_str().unwrap()]).status.code(), Some(1), "a .go file is Go");
}

#[test]
fn a_users_import_wins_over_the_implied_one() {
    let p = file("rand.gol", "import rand \"strings\"\n\nfmt.Println(rand.ToUpper(\"a\"))\n");
    assert_eq!(out(&gol(&[p.to_str().unwrap()])), "A\n");
    let o = gol(&["-e", "sort := []int{1}; fmt.Println(sort[0])"]);
    assert_eq!(out(&o), "1\n", "{}", err(&o));
}

#[test]
fn mistakes_on_the_command_line_are_explained() {
    for (args, code, want) in [
        (&["--strct", "x.gol"][..], 2, "--strict"),
        (&["check", "--nonsense"], 2, "--nonsense"),
        (&["chekc"], 1, "did you mean the command gol check?"),
        (&["run"], 2, "FILE|DIR"),
        (&["--diagnostics=loud", "x.gol"], 2, "possible values: full, short, json"),
        (&["dump", "--stage=bytcode", "x.gol"], 2, "bytecode"),
        (&["completions", "tcsh"], 2, "bash, zsh, fish"),
        (&["suite", "--run", "(", "examples"], 2, "unclosed group"),
        (&["suite", "docs"], 2, "no programs found"),
        (&["doc", "strngs"], 1, "strngs"),
        (&["doc", "strings.Nope"], 1, "package strings has no Nope"),
        (&["test", "no/such/dir"], 1, "no such folder"),
    ] {
        let o = gol(args);
        assert_eq!(o.status.code(), Some(code), "{args:?}: {}{}", out(&o), err(&o));
        assert!(format!("{}{}", err(&o), out(&o)).contains(want), "{args:?}: {}", err(&o));
    }
}

#[test]
fn files_that_are_no_programs_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let refused = |path: &Path, want: &str| {
        let o = Command::new(env!("CARGO_BIN_EXE_gol")).arg(path).output().unwrap();
        assert_eq!((o.status.code(), out(&o).as_str()), (Some(1), ""), "{}", path.display());
        assert!(err(&o).starts_with("gol: ") && err(&o).contains(want), "{}: {}", path.display(), err(&o));
    };
    let huge = file("huge.gol", "");
    std::fs::File::options().write(true).open(&huge).unwrap().set_len(1 << 30).unwrap();
    refused(&huge, "file too large (1024 MiB)");
    std::fs::remove_file(&huge).unwrap();
    refused(Path::new("/dev/zero"), "too large (more than 256 MiB)");
    refused(&file("latin1.gol", "").with_file_name("missing.gol"), "no such file or directory");
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty-folder");
    std::fs::create_dir_all(&empty).unwrap();
    refused(&empty, "no Go files in");
    let secret = file("secret.gol", "println(1)");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything.
    if std::fs::read(&secret).is_err() {
        refused(&secret, "permission denied");
    }
    let bytes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bytes.gol");
    std::fs::write(&bytes, b"x\x00y \xff").unwrap();
    refused(&bytes, "bytes.gol:1:5: invalid UTF-8 encoding");
}

#[test]
fn names_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(OsStr::from_bytes(b"n\xffme.gol"));
    std::fs::write(&path, "fmt.Printf(\"%q %v\\n\", os.Args[1], strings.HasSuffix(os.Args[0], \"n\\xffme.gol\"))")
        .unwrap();
    let o = Command::new(env!("CARGO_BIN_EXE_gol")).arg(&path).arg(OsStr::from_bytes(b"\xfe")).output().unwrap();
    assert_eq!((out(&o).as_str(), o.status.code()), ("\"\\xfe\" true\n", Some(0)), "{}", err(&o));
}

#[test]
fn closed_streams_are_no_trouble() {
    let run = |redirections: &str| {
        let line =
            format!("{} -e 'fmt.Println(1); fmt.Scanln(); os.Exit(3)' {redirections}", env!("CARGO_BIN_EXE_gol"));
        Command::new("sh").args(["-c", &line]).output().unwrap()
    };
    for redirections in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        assert_eq!(run(redirections).status.code(), Some(3), "{redirections}");
    }
}

#[test]
fn nobody_reading_ends_a_program_quietly() {
    use std::os::unix::process::ExitStatusExt;
    let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(["-e", "for { fmt.Println(\"y\") }"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let o = child.wait_with_output().unwrap();
    assert_eq!((o.status.signal(), err(&o).as_str()), (Some(13), ""), "as a Go program: by SIGPIPE");
    // Texts of gol itself.
    let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
        .arg("explain")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(err(&child.wait_with_output().unwrap()), "");
}

#[test]
fn an_interrupt_ends_a_script() {
    use std::io::Read;
    use std::os::unix::process::ExitStatusExt;
    // A process that was started with the signal ignored goes on ignoring it, as with Go: tests in the background are.
    let mut child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_gol"), "-e", "fmt.Println(\"on\"); for {}"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 3]).unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

#[test]
fn a_script_may_be_deleted_while_it_runs() {
    let p = file(
        "gone.gol",
        "if err := os.Remove(os.Args[0]); err != nil { fmt.Println(err) }\nvar m map[int]int\nm[1] = 2\n",
    );
    let o = gol(&[p.to_str().unwrap()]);
    assert_eq!((o.status.code(), out(&o).as_str()), (Some(2), ""));
    assert!(err(&o).contains("assignment to entry in nil map") && err(&o).contains("gone.gol:3"), "{}", err(&o));
    assert!(!p.exists());
}

#[test]
fn documentation_is_printed() {
    let list = out(&gol(&["doc"]));
    assert!(list.lines().any(|l| l.starts_with("strings ")) && !list.contains("internal/"), "{list}");
    let o = out(&gol(&["doc", "strings.Builder"]));
    assert!(o.starts_with("type Builder struct {") && o.contains("func (b *Builder) WriteString("), "{o}");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shapes");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("go.mod"), "module shapes\n").unwrap();
    std::fs::write(
        dir.join("shapes.go"),
        "// Package shapes has shapes.\npackage shapes\n\n// Square is a square.\ntype Square struct {\n\tSide int\n}\n\n// Area is its area.\nfunc (s Square) Area() int { return s.Side * s.Side }\n\nfunc hidden() {}\n",
    )
    .unwrap();
    let o = Command::new(env!("CARGO_BIN_EXE_gol")).args(["doc", "."]).current_dir(&dir).output().unwrap();
    assert_eq!(
        out(&o),
        "package shapes // import \"shapes\"\n\nPackage shapes has shapes.\n\ntype Square struct { ... }\n    func (s Square) Area() int\n"
    );
    let o =
        Command::new(env!("CARGO_BIN_EXE_gol")).args(["doc", "shapes.Square.Area"]).current_dir(&dir).output().unwrap();
    assert_eq!(out(&o), "func (s Square) Area() int\n    Area is its area.\n", "{}", err(&o));
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let o = gol(&["completions", shell]);
        assert!(["check", "suite", "explain"].iter().all(|c| out(&o).contains(c)), "{shell}");
    }
}

#[test]
fn a_suite_reports_blesses_and_exports() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-suite");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join("sub")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    write("good.gol", "// run\n\nfmt.Println(1)\n\n// Output:\n// 1\n");
    write("sub/bad.gol", "// run\n\nfmt.Println(1)\nfmt.Println(2)\n\n// Output:\n// 1\n// 3\n");
    write(
        "refused.go",
        "// errorcheck\n\npackage main\n\nfunc main() {\n\tx := 1 // ERROR \"declared and not used\"\n}\n",
    );
    write("exits.gol", "// run a b\n// exit: 2\n\nos.Exit(len(os.Args) - 1)\n");
    write("panics.gol", "// run\n// panic: boom\n\npanic(\"boom\")\n");
    write("helper.gol", "package helper\n");
    let path = dir.to_str().unwrap();
    let o = gol(&["suite", path]);
    assert_eq!(o.status.code(), Some(1));
    assert!(
        out(&o).contains("FAIL sub/bad\n") && out(&o).contains("- 3\n") && out(&o).contains("+ 2\n"),
        "{}",
        out(&o)
    );
    assert!(out(&o).contains("4 passed, 1 failed, 1 skipped in "), "{}", out(&o));
    let junit = dir.join("report.xml");
    let o = gol(&["suite", "--json", "--junit", junit.to_str().unwrap(), "-j", "1", path]);
    assert!(out(&o).lines().any(|l| l.starts_with("{\"name\": \"sub/bad\"") && l.contains("\"fail\"")), "{}", out(&o));
    assert_eq!(out(&o).lines().count(), 6);
    assert!(std::fs::read_to_string(junit).unwrap().contains("failures=\"1\" skipped=\"1\""));
    let o = gol(&["suite", "--run", "^(good|exits)$", path]);
    assert!(out(&o).starts_with("2 passed in "), "{}", out(&o));
    let o = gol(&["suite", "--bless", dir.join("sub/bad.gol").to_str().unwrap()]);
    assert!(out(&o).contains("1 blessed") && o.status.success(), "{}", out(&o));
    assert!(std::fs::read_to_string(dir.join("sub/bad.gol")).unwrap().ends_with("// Output:\n// 1\n// 2\n"));
    assert!(gol(&["suite", path]).status.success());
}

#[test]
fn compiled_scripts_are_kept() {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    let _ = std::fs::remove_dir_all(&cache);
    let run = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_gol")).args(args).env("GOLCACHE", &cache).output().expect("cannot start gol")
    };
    let scripts = || -> Vec<PathBuf> {
        let all = std::fs::read_dir(&cache).map(|d| d.filter_map(|e| Some(e.ok()?.path())).collect());
        let mut all: Vec<PathBuf> = all.unwrap_or_default();
        all.retain(|p| !p.file_name().unwrap().to_string_lossy().starts_with("library-"));
        all
    };
    let entries = || scripts().len();
    let code = "type T struct{ A int; B []string }; var v any = T{1, nil}; fmt.Printf(\"%+v %v\\n\", v, os.Args[1:]); panic(v)";
    let first = run(&["-e", code, "a"]);
    assert_eq!(
        (out(&first).as_str(), first.status.code(), entries()),
        ("{A:1 B:[]} [a]\n", Some(2), 1),
        "{}",
        err(&first)
    );
    let second = run(&["-e", code, "b"]);
    assert_eq!((out(&second).as_str(), second.status.code(), entries()), ("{A:1 B:[]} [b]\n", Some(2), 1));
    assert_eq!(err(&first), err(&second));
    // Warnings are seen every time; other options are another program.
    for _ in 0..2 {
        assert!(err(&run(&["-e", "x := 1"])).contains("declared and not used"));
    }
    assert_eq!(run(&["--strict", "-e", code]).status.code(), Some(1));
    assert_eq!(entries(), 1);
    // Damage is no harm.
    let entry = scripts().remove(0);
    let whole = std::fs::read(&entry).unwrap();
    std::fs::write(&entry, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(out(&run(&["-e", code])), "{A:1 B:[]} []\n");
    assert_eq!(std::fs::read(&entry).unwrap().len(), whole.len(), "it is written anew");
    // Neither is a folder that cannot be.
    let o = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(["-e", "println(1)"])
        .env("GOLCACHE", "/proc/no")
        .output()
        .unwrap();
    assert_eq!((o.status.code(), err(&o).as_str()), (Some(0), "1\n"));
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
    // One that is too large is refused where it is asked for, and the goroutine is shown.
    let append = file(
        "append.gol",
        "package main\n\nfunc main() {\n\tvar s []int\n\tfor {\n\t\ts = append(s, len(s))\n\t}\n}\n",
    );
    let o = gol(&["run", "--max-mem=32M", append.to_str().unwrap()]);
    let traced =
        format!("fatal error: out of memory\n\ngoroutine 1 [running]:\nmain.main()\n\t{}:6 +", append.display());
    assert!(o.status.code() == Some(2) && err(&o).contains(&traced), "{}", err(&o));
    let huge = file("huge.gol", "package main\n\nfunc main() {\n\tn := 1 << 45\n\tprintln(len(make([]byte, n)))\n}\n");
    let o = gol(&["run", huge.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("fatal error: runtime: out of memory"), "{}", err(&o));
    let o = gol(&["run", "--max-mem", "lots", huge.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(2));
}
