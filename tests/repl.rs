//! Transcripts: `gol repl --transcript` must print what the files in `tests/repl` hold, given the inputs in them.
//!
//! Lines that begin with `> ` or `. ` are inputs; all others are what they yield. `GOL_BLESS=1 cargo test --test repl` writes the
//! files anew.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The inputs of a transcript, one a line.
fn inputs(transcript: &str) -> String {
    let mut out = String::new();
    for line in transcript.lines() {
        let input = line.strip_prefix("> ").or_else(|| line.strip_prefix(". "));
        if let Some(input) = input.or((line == "." || line == ">").then_some("")) {
            out.push_str(input);
            out.push('\n');
        }
    }
    out
}

/// What the REPL prints, standard output and standard error together.
fn run(inputs: &str) -> String {
    run_with(inputs, None)
}

/// The same with `GOLDEBUG` as given, if it is.
fn run_with(inputs: &str, debug: Option<&str>) -> String {
    let (mut output, writer) = std::io::pipe().expect("a pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(["repl", "--transcript"])
        .env("NO_COLOR", "1")
        .envs(debug.map(|d| ("GOLDEBUG", d)))
        .stdin(Stdio::piped())
        .stdout(writer.try_clone().expect("a second end"))
        .stderr(writer)
        .spawn()
        .expect("gol starts");
    child.stdin.take().expect("piped").write_all(inputs.as_bytes()).expect("gol reads its input");
    let mut text = String::new();
    output.read_to_string(&mut text).expect("gol prints text");
    child.wait().expect("gol ends");
    text
}

#[test]
fn transcripts() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/repl");
    let mut files: Vec<_> =
        std::fs::read_dir(&dir).expect("transcripts").filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.sort();
    assert!(!files.is_empty());
    let bless = std::env::var_os("GOL_BLESS").is_some();
    let mut wrong = Vec::new();
    for file in files {
        let want = std::fs::read_to_string(&file).expect("a transcript");
        let got = run(&inputs(&want));
        if bless {
            std::fs::write(&file, got).expect("a transcript can be written");
        } else if got != want {
            wrong.push(format!("{}:\n--- expected\n{want}--- printed\n{got}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever happens between the end of one input and the beginning of the next one.
#[test]
fn a_disturbed_schedule_changes_nothing() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/repl/rollback.txt");
    let want = std::fs::read_to_string(&file).expect("a transcript");
    for seed in 1..=10 {
        assert_eq!(run_with(&inputs(&want), Some(&format!("sched=fuzz:{seed}"))), want, "seed {seed}");
    }
}

/// A folder of one test's own.
fn folder(name: &str) -> std::path::PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a folder");
    dir
}

#[test]
fn a_session_is_saved_and_loaded() {
    let dir = folder("repl-save");
    let file = dir.join("session.gol");
    let file = file.to_str().expect("text");
    let said = run(&format!(
        "type P struct {{ N int }}\nfunc f(n int) int {{ return n }}\nimport m \"math\"\nfunc f(n int) int {{\nreturn n * int(m.Sqrt(4))\n}}\nundefined\npanic(1)\np := P{{f(4)}}\np.N\n:save {file}\n"
    ));
    assert!(said.contains("8 : int"), "{said}");
    let text = std::fs::read_to_string(file).expect("it was saved");
    assert!(!text.contains("undefined") && !text.contains("panic"), "what failed is not kept: {text}");
    let said = run(&format!(":load {file}\np.N + f(1)\n:env\n"));
    assert!(said.contains("8 : int") && said.contains("10 : int") && said.contains("\nvar p P\n"), "{said}");
    // A script is loaded as one input, in which order does not matter.
    let script = dir.join("script.gol");
    std::fs::write(&script, "#!/usr/bin/env gol\nfmt.Println(\"loaded\", late())\nfunc late() int { return limit }\nconst limit = 3\nlocal := 5\n").unwrap();
    let said = run(&format!(":load {}\nlate() + local\n", script.display()));
    assert!(said.contains("loaded 3\n") && said.contains("8 : int"), "{said}");
    std::fs::write(&script, "func ok() {}\nfunc bad() int { return \"\" }\n").unwrap();
    let said = run(&format!(
        ":load {}\nok()\n:load {}/no\n:load {}\n:save /proc/no\n",
        script.display(),
        dir.display(),
        dir.display()
    ));
    for part in ["script.gol:2:25", "undefined: ok", "/no: no such file or directory", "is a directory", "/proc/no: "] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn commands_with_figures() {
    let said = run(
        ":time 6 * 7\n:time undefined\n:gc\nvar keep = make([]byte, 4<<20)\n:gc\nkeep = nil\n:gc\n:disasm strings.ToUpper\n",
    );
    assert!(said.contains("> :time 6 * 7\n42 : int\ntook "), "{said}");
    assert!(said.contains("undefined: undefined"), "{said}");
    let heaps: Vec<u64> =
        said.lines().filter_map(|l| l.strip_prefix("heap: ")?.split(' ').next()?.parse().ok()).collect();
    assert!(matches!(heaps[..], [a, b, c] if a < 4096 && b >= 4096 && c < 4096), "{said}");
    assert!(said.contains("func strings.ToUpper: args 2 "), "{said}");
}

#[test]
fn piped_input_is_a_script() {
    let run = |args: &[&str], input: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
            .args(args)
            .env("GOLCACHE", "off")
            .env_remove("GOL_DIAGNOSTICS")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gol starts");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("gol reads its input");
        let o = child.wait_with_output().expect("gol ends");
        (
            o.status.code(),
            String::from_utf8_lossy(&o.stdout).into_owned(),
            String::from_utf8_lossy(&o.stderr).into_owned(),
        )
    };
    for args in [&[][..], &["repl"]] {
        assert_eq!(run(args, "x := 2\nfmt.Println(x * 3)\n"), (Some(0), "6\n".into(), String::new()), "no prompts");
        assert_eq!(run(args, "println(1); os.Exit(5)").0, Some(5));
        let (status, out, err) = run(args, "panic(\"x\")");
        assert_eq!((status, out.as_str()), (Some(2), ""));
        assert!(err.starts_with("panic: x\n"), "{err}");
        let (status, out, err) = run(args, "1 + 1\n");
        assert_eq!((status, out.as_str()), (Some(1), ""), "a script shows no values");
        assert!(err.contains("is not used"), "{err}");
        assert_eq!(run(args, "").0, Some(0));
    }
}
