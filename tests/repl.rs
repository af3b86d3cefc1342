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
    let (mut output, writer) = std::io::pipe().expect("a pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(["repl", "--transcript"])
        .env("NO_COLOR", "1")
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
