//! Reads the expectation that a program of the suite carries.

use std::time::Duration;

/// What is done with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// `gol run`.
    Run,
    /// `gol check`, which must refuse it.
    ErrorCheck,
    /// `gol check`, which must accept it.
    Compile,
}

/// How the program ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// With this exit code.
    Exit(i32),
    /// By a panic: exit code 2, and a line of standard error that starts with `panic: ` and this text.
    Panic(String),
    /// By a fatal error: exit code 2, and a line of standard error that starts with `fatal error: ` and this text.
    Fatal(String),
}

/// An error expected on a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantError {
    /// 1-based line.
    pub line: u32,
    /// Regular expressions, one of the line's messages must match each.
    pub patterns: Vec<String>,
}

/// The whole expectation.
#[derive(Clone, Debug)]
pub struct Directive {
    /// What is done.
    pub action: Action,
    /// How it ends.
    pub end: End,
    /// Standard output, if stated.
    pub stdout: Option<String>,
    /// Standard error, if stated.
    pub stderr: Option<String>,
    /// Program arguments.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: String,
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// Expected errors, by line.
    pub errors: Vec<WantError>,
    /// The time after which the program counts as hanging.
    pub timeout: Duration,
}

/// What the first line asks for.
fn action(first: &str) -> Option<Action> {
    match first.strip_prefix("//")?.split_whitespace().next()? {
        "run" => Some(Action::Run),
        "errorcheck" => Some(Action::ErrorCheck),
        "compile" | "build" => Some(Action::Compile),
        _ => None,
    }
}

/// Whether a text says what is expected of it.
pub fn is_present(text: &str) -> bool {
    action(text.lines().find(|l| !l.starts_with("#!")).unwrap_or("")).is_some()
}

/// Reads the directive of a source text; the error says what is wrong with it.
pub fn parse(text: &str) -> Result<Directive, String> {
    let mut d = Directive {
        action: Action::Run,
        end: End::Exit(0),
        stdout: None,
        stderr: None,
        args: Vec::new(),
        stdin: String::new(),
        env: Vec::new(),
        errors: Vec::new(),
        timeout: Duration::from_secs(60),
    };
    let mut lines = text.lines().skip_while(|l| l.starts_with("#!"));
    let first = lines.next().unwrap_or("");
    let Some(action) = action(first) else {
        return Err(format!("the first line must be // run, // errorcheck or // compile, not {first:?}"));
    };
    d.action = action;
    if action == Action::Run {
        d.args = first.split_whitespace().skip(2).map(str::to_string).collect();
    }
    for line in lines {
        let Some(comment) = line.strip_prefix("//") else {
            if line.trim().is_empty() {
                continue;
            }
            break;
        };
        header_line(&mut d, comment.trim())?;
    }
    d.stdout = block(text, "Output");
    d.stderr = block(text, "Stderr");
    if d.action == Action::ErrorCheck {
        d.errors = expected_errors(text)?;
        if d.errors.is_empty() {
            return Err("errorcheck without any // ERROR".into());
        }
    }
    Ok(d)
}

fn header_line(d: &mut Directive, comment: &str) -> Result<(), String> {
    let Some((key, value)) = comment.split_once(':') else { return Ok(()) };
    let value = value.trim();
    match key {
        "exit" => d.end = End::Exit(value.parse().map_err(|_| format!("exit: {value:?} is not a number"))?),
        "panic" => d.end = End::Panic(value.to_string()),
        "fatal" => d.end = End::Fatal(value.to_string()),
        "args" => d.args = value.split_whitespace().map(str::to_string).collect(),
        "stdin" => d.stdin = unquote(value)?,
        "env" => match value.split_once('=') {
            Some((k, v)) => d.env.push((k.into(), v.into())),
            None => return Err(format!("env: {value:?} has no =")),
        },
        "timeout" => {
            d.timeout = Duration::from_secs(value.parse().map_err(|_| format!("timeout: {value:?} is not a number"))?)
        }
        _ => {}
    }
    Ok(())
}

/// Decodes `"…"` with the escapes `\n \t \" \\`.
fn unquote(s: &str) -> Result<String, String> {
    let inner = s.strip_prefix('"').and_then(|s| s.strip_suffix('"')).ok_or(format!("{s} is not quoted"))?;
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(c @ ('"' | '\\')) => out.push(c),
                other => return Err(format!("unknown escape \\{other:?}")),
            },
            (c, false) => out.push(c),
        }
    }
    Ok(out)
}

/// The comment block that starts with `// NAME:` at column 1 and runs to the first line that is no comment.
fn block(text: &str, name: &str) -> Option<String> {
    let head = format!("// {name}:");
    let mut lines = text.lines().skip_while(|l| l.trim_end() != head).skip(1);
    text.lines().find(|l| l.trim_end() == head)?;
    let mut out = String::new();
    for line in &mut lines {
        let Some(rest) = line.strip_prefix("//") else { break };
        if rest.trim_end() == " Stderr:" || rest.trim_end() == " Output:" {
            break;
        }
        out.push_str(rest.strip_prefix(' ').unwrap_or(rest));
        out.push('\n');
    }
    Some(out)
}

/// Lines with `// ERROR "re" "re"` (or back-quoted), Go's errorcheck dialect; `// ERRORNEXT` speaks of the following line.
fn expected_errors(text: &str) -> Result<Vec<WantError>, String> {
    let mut out: Vec<WantError> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let number = i as u32 + 1;
        let (at, rest) = match (line.find("// ERRORNEXT "), line.find("// ERROR ")) {
            (Some(p), _) => (number + 1, &line[p + 13..]),
            (None, Some(p)) => (number, &line[p + 9..]),
            _ => continue,
        };
        let patterns = quoted(rest).ok_or(format!("line {number}: malformed ERROR comment"))?;
        out.push(WantError { line: at, patterns });
    }
    out.sort_by_key(|e| e.line);
    Ok(out)
}

fn quoted(mut s: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    loop {
        s = s.trim_start();
        let Some(q) = s.chars().next() else { break };
        if q != '"' && q != '`' {
            break;
        }
        let end = s[1..].find(q)?;
        out.push(s[1..1 + end].to_string());
        s = &s[end + 2..];
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_run_directive_with_all_parts() {
        let d = parse("// run\n// exit: 3\n// args: a b\n// stdin: \"x\\ny\"\n\npackage main\n\n// Output:\n// one\n//\n//  two\n// Stderr:\n// err\n")
            .unwrap();
        assert_eq!(d.end, End::Exit(3));
        assert_eq!(d.args, ["a", "b"]);
        assert_eq!(d.stdin, "x\ny");
        assert_eq!(d.stdout.as_deref(), Some("one\n\n two\n"));
        assert_eq!(d.stderr.as_deref(), Some("err\n"));
    }

    #[test]
    fn reads_errors_by_line() {
        let d = parse("// errorcheck\npackage p\nx // ERROR \"a\" `b`\n// ERRORNEXT \"c\"\ny\n").unwrap();
        assert_eq!(
            d.errors,
            [
                WantError { line: 3, patterns: vec!["a".into(), "b".into()] },
                WantError { line: 5, patterns: vec!["c".into()] }
            ]
        );
    }

    #[test]
    fn refuses_an_unknown_first_line() {
        assert!(parse("package main\n").is_err());
        assert!(parse("// errorcheck\npackage main\n").is_err());
    }
}
