//! Errors of the checker: programs that carry their expectations.
//!
//! Every file below `tests/check/<topic>/` is a package of its own. `// ERROR "re1" "re2"` says that errors matching the regular
//! expressions are reported on its line, `/* ERROR "text" */` that one containing the text is; nothing else may be reported. (Both
//! dialects are Go's: that of its errorcheck tests, and that of its type checker's test data.)

use std::collections::BTreeMap;
use std::path::Path;

use gol_lang::check::{Checker, FileSource, NoImporter, PackageSource};
use gol_lang::syntax::Dialect;
use regex::Regex;

/// What is expected on a line.
enum Want {
    Regexp(Regex),
    Text(String),
}

impl Want {
    fn matches(&self, message: &str) -> bool {
        match self {
            Want::Regexp(re) => re.is_match(message),
            Want::Text(text) => message.contains(text.as_str()),
        }
    }
}

/// The quoted strings at the start of a text.
fn quoted(mut text: &str) -> Vec<String> {
    let mut list = Vec::new();
    loop {
        text = text.trim_start();
        let Some(quote) = text.chars().next().filter(|&c| c == '"' || c == '`') else { return list };
        let mut value = String::new();
        let mut chars = text[1..].char_indices();
        let mut end = None;
        while let Some((i, c)) = chars.next() {
            match c {
                '\\' if quote == '"' => match chars.next() {
                    Some((_, '"')) => value.push('"'),
                    Some((_, other)) => {
                        value.push('\\');
                        value.push(other);
                    }
                    None => {}
                },
                c if c == quote => {
                    end = Some(i);
                    break;
                }
                c => value.push(c),
            }
        }
        let Some(end) = end else { return list };
        list.push(value);
        text = &text[end + 2..];
    }
}

/// The expectations of a source text by line.
fn expectations(source: &str) -> BTreeMap<u32, Vec<Want>> {
    let mut wants: BTreeMap<u32, Vec<Want>> = BTreeMap::new();
    for (i, line) in source.lines().enumerate() {
        let list = wants.entry(i as u32 + 1).or_default();
        if let Some((_, rest)) = line.split_once("// ERROR ") {
            list.extend(quoted(rest).iter().map(|q| Want::Regexp(Regex::new(q).expect("a regular expression"))));
        }
        for rest in line.split("/* ERROR ").skip(1) {
            list.extend(quoted(rest).into_iter().map(Want::Text));
        }
    }
    wants.retain(|_, list| !list.is_empty());
    wants
}

/// Checks a program and gives what differs from its expectations.
fn differences(name: &str, source: &str) -> Vec<String> {
    let mut checker = Checker::new(Box::new(NoImporter));
    let file = FileSource { name: name.to_string(), text: source.to_string(), dialect: Dialect::Go };
    let package = checker.load(PackageSource { path: "p".into(), files: vec![file], ..PackageSource::default() });
    checker.check_package(package);
    checker.diags.sort(&checker.sources);
    let mut got: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for d in checker.diags.iter() {
        let (line, _) = checker.sources.line_col(d.span.lo);
        got.entry(line).or_default().push(d.message.clone());
    }
    let mut differences = Vec::new();
    for (line, wants) in expectations(source) {
        let messages = got.remove(&line).unwrap_or_default();
        for want in &wants {
            if !messages.iter().any(|m| want.matches(m)) {
                let text = match want {
                    Want::Regexp(re) => re.to_string(),
                    Want::Text(text) => text.clone(),
                };
                differences.push(format!("{name}:{line}: wanted {text:?}, got {messages:?}"));
            }
        }
        for m in messages.iter().filter(|m| !wants.iter().any(|w| w.matches(m))) {
            differences.push(format!("{name}:{line}: unexpected: {m}"));
        }
    }
    for (line, messages) in got {
        differences.extend(messages.iter().map(|m| format!("{name}:{line}: unexpected: {m}")));
    }
    differences
}

/// Checks all files of a topic.
fn topic(topic: &str) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check").join(topic);
    let mut files: Vec<_> = std::fs::read_dir(&dir).expect("the topic's folder").flatten().map(|f| f.path()).collect();
    files.sort();
    let mut differences = Vec::new();
    for path in files {
        let source = std::fs::read_to_string(&path).expect("a readable file");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        differences.extend(self::differences(&name, &source));
    }
    assert!(differences.is_empty(), "{topic}:\n{}", differences.join("\n"));
}

macro_rules! topics {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                topic(stringify!($name));
            }
        )*
        const TOPICS: &[&str] = &[$(stringify!($name)),*];
    };
}

topics! { constants conversions cycles declarations expressions generics interfaces limits selectors shifts types untyped }

#[test]
fn every_topic_is_tested() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check");
    for entry in std::fs::read_dir(dir).expect("the folder of topics").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(TOPICS.contains(&name.as_str()), "topic {name} is not listed");
    }
}
