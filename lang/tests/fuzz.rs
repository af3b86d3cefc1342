//! Mutated programs: whatever the text, parsing and checking report errors and end; they never panic.
//!
//! The mutations are drawn from a generator with a fixed seed, so that a failure repeats. `FUZZ_SEED` and `FUZZ_ROUNDS` ask for others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gol_lang::check::{Checker, FileSource, NoImporter, PackageSource};
use gol_lang::syntax::Dialect;

/// A xorshift generator.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// A text cut into words, blanks and single characters.
fn pieces(text: &str) -> Vec<&str> {
    let class = |c: char| if c.is_alphanumeric() || c == '_' { 1 } else { 0 };
    let mut list = Vec::new();
    let mut start = 0;
    let mut previous = 0;
    for (i, c) in text.char_indices() {
        let this = class(c);
        if i > start && (this != previous || this == 0) {
            list.push(&text[start..i]);
            start = i;
        }
        previous = this;
    }
    list.push(&text[start..]);
    list
}

const INSERTS: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    ":",
    ":=",
    "=",
    "...",
    "*",
    "&",
    "<-",
    "~",
    "|",
    ".",
    "func",
    "type",
    "struct",
    "interface",
    "map",
    "chan",
    "range",
    "for",
    "switch",
    "case",
    "default",
    "go",
    "defer",
    "return",
    "goto",
    "nil",
    "iota",
    "_",
    "any",
    "comparable",
    "0",
    "1e999",
    "\"s\"",
    "'x'",
    "1i",
    "<<",
    "==",
    "+",
    "T",
    "x",
    "int",
    "string",
    "[]int{}",
    "func() {}",
    "import \"unsafe\";",
    "unsafe.Sizeof(x)",
    "len",
    "append",
    "make",
    "new",
    "panic",
    "[T any]",
    "[int]",
    "\n",
];

/// Changes a few pieces of a program.
fn mutate(random: &mut Random, text: &str, other: &str) -> String {
    let mut list = pieces(text);
    let donor = pieces(other);
    for _ in 0..1 + random.below(6) {
        if list.is_empty() {
            break;
        }
        let at = random.below(list.len());
        match random.below(7) {
            0 => drop(list.remove(at)),
            1 => list.insert(at, INSERTS[random.below(INSERTS.len())]),
            2 => list[at] = INSERTS[random.below(INSERTS.len())],
            3 => {
                let with = random.below(list.len());
                list.swap(at, with);
            }
            4 => list[at] = list[random.below(list.len())],
            5 => {
                let from = random.below(donor.len());
                let to = (from + random.below(20)).min(donor.len());
                list.splice(at..at, donor[from..to].iter().copied());
            }
            _ => {
                let end = (at + random.below(12)).min(list.len());
                list.drain(at..end);
            }
        }
    }
    list.concat()
}

/// Parses and checks a program.
fn check(text: &str) -> usize {
    let mut checker = Checker::new(Box::new(NoImporter));
    let file = FileSource { name: "fuzz.go".into(), text: text.to_string(), dialect: Dialect::Go };
    let package = checker.load(PackageSource { path: "p".into(), files: vec![file], ..PackageSource::default() });
    checker.check_package(package);
    checker.diags.len()
}

/// All programs below a folder.
fn programs(dir: &Path, list: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            programs(&path, list);
        } else if path.extension().is_some_and(|e| e == "go" || e == "gol") {
            list.push(path);
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

#[test]
fn mutated_programs_are_checked_without_panic() {
    let dirs = match std::env::var("FUZZ_DIR") {
        Ok(dir) => vec![PathBuf::from(dir)],
        Err(_) => {
            let here = Path::new(env!("CARGO_MANIFEST_DIR"));
            vec![here.join("tests/check"), here.join("../tests/run")]
        }
    };
    let mut files = Vec::new();
    dirs.iter().for_each(|dir| programs(dir, &mut files));
    files.sort();
    let texts: Vec<String> =
        files.iter().filter_map(|f| std::fs::read(f).ok()).map(|b| String::from_utf8_lossy(&b).into_owned()).collect();
    assert!(!texts.is_empty(), "no programs to mutate");
    let mut random = Random(number("FUZZ_SEED", 0x9e37_79b9_7f4a_7c15) | 1);
    let rounds = number("FUZZ_ROUNDS", 1500);
    let run = move || {
        let mut failures = Vec::new();
        for round in 0..rounds {
            let text = &texts[random.below(texts.len())];
            let other = &texts[random.below(texts.len())];
            let program = mutate(&mut random, text, other);
            let start = Instant::now();
            if catch_unwind(AssertUnwindSafe(|| check(&program))).is_err() {
                failures.push(format!("round {round} panics:\n{program}"));
            } else if start.elapsed() > Duration::from_secs(10) {
                failures.push(format!("round {round} takes {:?}:\n{program}", start.elapsed()));
            }
            if failures.len() >= 3 {
                break;
            }
        }
        failures
    };
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(run).expect("a thread");
    let failures = thread.join().expect("no panic");
    assert!(failures.is_empty(), "{}", failures.join("\n\n----\n\n"));
}
