//! Every command of the README is run, and prints what the README says; so are the programs in docs/.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A command and the lines below it.
struct Step {
    command: String,
    output: Vec<String>,
}

/// The indented lines of the README that begin with `$`, and what follows each.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if line.is_empty() && open {
            steps.last_mut().expect("a step is open").output.push(String::new());
            continue;
        }
        let Some(code) = line.strip_prefix("    ") else {
            open = false;
            continue;
        };
        if let Some(command) = code.strip_prefix("$ ") {
            steps.push(Step { command: command.into(), output: Vec::new() });
            open = true;
        } else if open {
            steps.last_mut().expect("a step is open").output.push(code.trim_end().into());
        }
    }
    for s in &mut steps {
        while s.output.last().is_some_and(String::is_empty) {
            s.output.pop();
        }
    }
    steps
}

/// The folder in which the tour takes place.
fn place() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tour");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join("cmd/tool")).unwrap();
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), dir.join("examples")).unwrap();
    std::fs::write(dir.join("go.mod"), "module tour\n\ngo 1.27\n").unwrap();
    std::fs::write(
        dir.join("cmd/tool/main.go"),
        "package main\n\nfunc two() int { return 2 }\n\nfunc main() { println(two()) }\n",
    )
    .unwrap();
    std::fs::write(
        dir.join("cmd/tool/main_test.go"),
        "package main\n\nimport \"testing\"\n\nfunc TestTwo(t *testing.T) {\n\tif two() != 2 {\n\t\tt.Fail()\n\t}\n}\n",
    )
    .unwrap();
    dir
}

/// Numbers of seconds are not the same each time.
fn timeless(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    if let [.., number, "s"] = words.as_mut_slice()
        && number.parse::<f64>().is_ok()
    {
        *number = "N";
    }
    words.join(" ").trim_end().to_string()
}

#[test]
fn the_tour_is_true() {
    let dir = place();
    let gol = Path::new(env!("CARGO_BIN_EXE_gol"));
    let path = format!("{}:{}", gol.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let all = steps(include_str!("../README.md"));
    assert!(all.len() > 10, "the README has a tour");
    for step in all {
        if let Some(file) = step.command.strip_prefix("cat ") {
            std::fs::write(dir.join(file), step.output.join("\n") + "\n").unwrap();
            continue;
        }
        let o = Command::new("sh")
            .args(["-c", &format!("{{ {}\n}} 2>&1", step.command)])
            .current_dir(&dir)
            .env("PATH", &path)
            .env_remove("GOL_DIAGNOSTICS")
            .env("GOLCACHE", "off")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&o.stdout);
        if step.output.is_empty() {
            assert!(o.status.success(), "{}: {text}", step.command);
            continue;
        }
        let got: Vec<String> = text.lines().map(timeless).collect();
        let want: Vec<String> = step.output.iter().map(|l| timeless(l)).collect();
        match want.split_last() {
            Some((dots, head)) if dots == "..." => {
                assert_eq!(&got[..head.len().min(got.len())], head, "{}", step.command)
            }
            _ => assert_eq!(got, want, "{}", step.command),
        }
    }
}

#[test]
fn every_command_is_in_the_readme() {
    let text = include_str!("../README.md");
    for c in gol::cli::command().get_subcommands().map(|c| c.get_name().to_string()).filter(|c| c != "version") {
        assert!(text.contains(&format!("gol {c}")), "gol {c} is not in the README");
    }
}

/// The text between the fences of each Go block.
fn programs(text: &str) -> Vec<&str> {
    text.split("```go\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

fn gol(dir: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gol"));
    command.args(args).current_dir(dir).env("GOLCACHE", "off").stdin(Stdio::null());
    let o = command.output().unwrap();
    assert!(o.status.success(), "{args:?}: {}{}", o.stdout.escape_ascii(), o.stderr.escape_ascii());
    String::from_utf8(o.stdout).unwrap()
}

#[test]
fn the_programs_in_the_language_reference_run() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    let all = programs(include_str!("../docs/LANGUAGE.md"));
    let [script, suite] = all.as_slice() else { panic!("{} programs", all.len()) };
    std::fs::write(dir.join("greet"), script).unwrap();
    assert_eq!(gol(&dir, &["greet"]), "Hello, world!\n");
    assert_eq!(gol(&dir, &["greet", "ann", "bob"]), "Hello, ann!\nHello, bob!\n");
    std::fs::write(dir.join("expects.gol"), suite).unwrap();
    assert!(gol(&dir, &["suite", "."]).starts_with("1 passed in "));
}

#[test]
fn the_session_in_the_repl_manual_is_true() {
    use std::io::Write;
    let text = include_str!("../docs/REPL.md");
    let want: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("    ")).collect();
    assert!(want.len() > 5);
    let mut child = Command::new(env!("CARGO_BIN_EXE_gol"))
        .args(["repl", "--transcript"])
        .env("GOLCACHE", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut keys = child.stdin.take().unwrap();
    for line in &want {
        if let Some(input) = line.strip_prefix("> ").or_else(|| line.strip_prefix(". ")) {
            writeln!(keys, "{input}").unwrap();
        }
    }
    drop(keys);
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(said.lines().collect::<Vec<_>>(), want);
    for command in gol::repl::command::COMMANDS {
        assert!(text.contains(&format!("| `:{}", command.name)), ":{} is not in the manual", command.name);
    }
}

#[test]
fn the_grammar_for_editors_knows_every_word() {
    let grammar = include_str!("../docs/editors/gol.tmLanguage.json");
    let words: Vec<&str> = grammar.split(|c: char| !c.is_alphanumeric()).collect();
    for word in gol::repl::complete::KEYWORDS.iter().chain(gol::repl::highlight::UNIVERSE) {
        assert!(words.contains(word), "{word}");
    }
}
