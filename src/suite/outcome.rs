//! Runs one case with a `gol` binary and compares what happened with the expectation.

use super::Case;
use super::directive::{self, Action, Directive, End};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a program did.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs the case; the error is a report for a person.
pub fn run(gol: &Path, case: &Case) -> Result<(), String> {
    run_with(gol, case, &[])
}

/// Runs the case with more environment variables.
pub fn run_with(gol: &Path, case: &Case, env: &[(&str, &str)]) -> Result<(), String> {
    let text = std::fs::read_to_string(&case.file).map_err(|e| format!("{}: {e}", case.file.display()))?;
    let mut want = directive::parse(&text)?;
    want.env.extend(env.iter().map(|(k, v)| (k.to_string(), v.to_string())));
    match want.action {
        Action::Run => {
            let ran = execute(gol, case, &["run"], &want)?;
            compare_run(&want, &ran)
        }
        Action::Compile => {
            let ran = execute(gol, case, &["check", "--diagnostics=short"], &want)?;
            if ran.code == Some(0) {
                Ok(())
            } else {
                Err(format!("not accepted (exit {:?}):\n{}{}", ran.code, ran.stdout, ran.stderr))
            }
        }
        Action::ErrorCheck => {
            let ran = execute(gol, case, &["check", "--diagnostics=short"], &want)?;
            compare_errors(&want, &ran)
        }
    }
}

/// What a program that is to be run prints on standard output; nothing for other programs.
pub fn output_of(gol: &Path, case: &Case) -> Result<Option<String>, String> {
    let text = std::fs::read_to_string(&case.file).map_err(|e| format!("{}: {e}", case.file.display()))?;
    let want = directive::parse(&text)?;
    if want.action != Action::Run {
        return Ok(None);
    }
    Ok(Some(execute(gol, case, &["run"], &want)?.stdout))
}

fn execute(gol: &Path, case: &Case, command: &[&str], want: &Directive) -> Result<Ran, String> {
    let mut cmd = Command::new(gol);
    cmd.args(command).arg(&case.target).args(&want.args).current_dir(&case.dir);
    // A program of a suite runs once: it is not worth keeping.
    cmd.env("GOLCACHE", "off");
    cmd.envs(want.env.iter().map(|(k, v)| (k, v))).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = cmd.spawn().map_err(|e| format!("cannot start {}: {e}", gol.display()))?;
    let mut stdin = child.stdin.take();
    let input = want.stdin.clone();
    // A program that does not read its input must not fail the test: the write error is of no interest.
    let feeder = std::thread::spawn(move || drop(stdin.as_mut().map(|s| s.write_all(input.as_bytes()))));
    let out = drain(child.stdout.take());
    let err = drain(child.stderr.take());
    let code = wait(&mut child, want.timeout)?;
    let _ = feeder.join();
    let text =
        |h: std::thread::JoinHandle<Vec<u8>>| String::from_utf8_lossy(&h.join().unwrap_or_default()).into_owned();
    Ok(Ran { code, stdout: text(out), stderr: text(err) })
}

fn drain<R: Read + Send + 'static>(pipe: Option<R>) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut buf = Vec::new();
        if let Some(mut p) = pipe {
            let _ = p.read_to_end(&mut buf);
        }
        buf
    })
}

fn wait(child: &mut Child, limit: Duration) -> Result<Option<i32>, String> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(status.code());
        }
        if start.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("still running after {} s", limit.as_secs()));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn compare_run(want: &Directive, ran: &Ran) -> Result<(), String> {
    let mut report = String::new();
    let (code, needle) = match &want.end {
        End::Exit(n) => (*n, None),
        End::Panic(text) => (2, Some(format!("panic: {text}"))),
        End::Fatal(text) => (2, Some(format!("fatal error: {text}"))),
    };
    if ran.code != Some(code) {
        let _ = writeln!(report, "exit code {:?}, expected {code}", ran.code);
    }
    if let Some(needle) = needle
        && !ran.stderr.lines().any(|l| l.starts_with(&needle))
    {
        let _ = writeln!(report, "standard error has no line that starts with {needle:?}");
    }
    for (name, want, got) in [("output", &want.stdout, &ran.stdout), ("standard error", &want.stderr, &ran.stderr)] {
        // Line by line: a comment cannot say that a line ends in a carriage return.
        if let Some(want) = want
            && !want.trim_end_matches(['\n', '\r']).lines().eq(got.trim_end_matches(['\n', '\r']).lines())
        {
            let _ = writeln!(report, "{name} differs:\n{}", diff(want, got));
        }
    }
    if report.is_empty() {
        return Ok(());
    }
    if !ran.stderr.is_empty() {
        let _ = writeln!(report, "standard error was:\n{}", ran.stderr);
    }
    Err(report)
}

/// A line diff good enough to read: common head and tail are left out.
fn diff(want: &str, got: &str) -> String {
    let (w, g): (Vec<_>, Vec<_>) = (want.lines().collect(), got.lines().collect());
    let head = w.iter().zip(&g).take_while(|(a, b)| a == b).count();
    let tail = w[head..].iter().rev().zip(g[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut out = format!("  (line {})\n", head + 1);
    for l in &w[head..w.len() - tail] {
        let _ = writeln!(out, "  - {l}");
    }
    for l in &g[head..g.len() - tail] {
        let _ = writeln!(out, "  + {l}");
    }
    out
}

fn compare_errors(want: &Directive, ran: &Ran) -> Result<(), String> {
    let mut got: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut last = None;
    for line in ran.stdout.lines().chain(ran.stderr.lines()) {
        let mut parts = line.splitn(4, ':');
        let (_file, number, column) = (parts.next(), parts.next(), parts.next());
        // Details follow their error, indented; they may name other places.
        let is_detail = line.starts_with(['\t', ' ']);
        if let (false, Some(n), Some(_), Some(message)) = (
            is_detail,
            number.and_then(|n| n.parse::<u32>().ok()),
            column.and_then(|c| c.parse::<u32>().ok()),
            parts.next(),
        ) {
            got.entry(n).or_default().push(message.trim().to_string());
            last = Some(n);
        } else if let Some(m) = last.and_then(|n| got.get_mut(&n)).and_then(|v| v.last_mut()) {
            m.push('\n');
            m.push_str(line);
        }
    }
    let mut report = String::new();
    if ran.code != Some(1) {
        let _ = writeln!(report, "exit code {:?}, expected 1", ran.code);
    }
    for e in &want.errors {
        let Some(messages) = got.remove(&e.line) else {
            let _ = writeln!(report, "line {}: no error, expected {:?}", e.line, e.patterns);
            continue;
        };
        for p in &e.patterns {
            let re = regex::Regex::new(p).map_err(|x| format!("line {}: bad pattern {p:?}: {x}", e.line))?;
            if !messages.iter().any(|m| re.is_match(m)) {
                let _ = writeln!(report, "line {}: {messages:?} does not match {p:?}", e.line);
            }
        }
    }
    for (line, messages) in got {
        let _ = writeln!(report, "line {line}: unexpected {messages:?}");
    }
    if report.is_empty() { Ok(()) } else { Err(report) }
}
