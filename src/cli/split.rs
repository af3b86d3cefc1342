//! Where gol's own arguments end and the program's begin.
//!
//! The arguments of a program are its own, whatever they look like; so the line is cut before any of it is parsed.

use std::ffi::{OsStr, OsString};

/// The command line, cut.
#[derive(Debug, PartialEq, Eq)]
pub enum Split<'a> {
    /// A program and its arguments, no options.
    Plain {
        /// The program.
        program: OsString,
        /// Its arguments.
        args: &'a [OsString],
    },
    /// Options of gol (after its own name), then words for the program.
    Program {
        /// gol's name and options.
        options: &'a [OsString],
        /// The rest.
        words: Words<'a>,
    },
    /// A command with arguments of its own.
    Command,
}

/// What follows the options.
#[derive(Debug, PartialEq, Eq)]
pub enum Words<'a> {
    /// Nothing.
    None,
    /// A word and what follows it.
    File(&'a OsString, &'a [OsString]),
}

impl Words<'_> {
    /// All of them.
    pub fn all(&self) -> Vec<OsString> {
        match self {
            Words::None => Vec::new(),
            Words::File(first, rest) => std::iter::once(*first).chain(*rest).cloned().collect(),
        }
    }
}

/// Names of the commands. (The help command is the argument parser's.)
pub const COMMANDS: &[&str] =
    &["run", "check", "test", "repl", "suite", "doc", "explain", "dump", "completions", "version", "help"];

/// Whether an option that stands alone takes the next argument as its value.
fn takes_value(option: &OsStr) -> bool {
    option == "-e" || option == "--diagnostics" || option == "--max-mem"
}

fn is_option(word: &OsStr) -> bool {
    word.as_encoded_bytes().starts_with(b"-") && word != "-"
}

/// Cuts the command line.
pub fn split(args: &[OsString]) -> Split<'_> {
    let mut at = 1;
    let mut code = false;
    while let Some(word) = args.get(at) {
        if word == "--" {
            let words = match args.get(at + 1) {
                Some(file) => Words::File(file, &args[at + 2..]),
                None => Words::None,
            };
            return Split::Program { options: &args[..at], words };
        }
        if !is_option(word) {
            break;
        }
        code |= word.as_encoded_bytes().starts_with(b"-e");
        at += if takes_value(word) { 2 } else { 1 };
    }
    let at = at.min(args.len());
    let Some(word) = args.get(at) else { return Split::Program { options: args, words: Words::None } };
    if !code && COMMANDS.iter().any(|c| word == c) {
        return match args.get(2) {
            Some(file) if at == 1 && word == "run" && !is_option(file) && !file.is_empty() => {
                Split::Plain { program: file.clone(), args: &args[3..] }
            }
            _ => Split::Command,
        };
    }
    if at == 1 {
        return Split::Plain { program: word.clone(), args: &args[2..] };
    }
    Split::Program { options: &args[..at], words: Words::File(word, &args[at + 1..]) }
}

/// The command that a word was probably meant to be.
pub fn similar_command(word: &str) -> Option<&'static str> {
    let limit = if word.len() < 5 { 1 } else { 2 };
    COMMANDS.iter().copied().map(|c| (distance(word, c), c)).filter(|&(d, _)| d <= limit).min().map(|(_, c)| c)
}

/// How many letters have to be inserted, dropped, replaced or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<OsString> {
        list.iter().map(OsString::from).collect()
    }

    #[test]
    fn a_program_keeps_its_arguments() {
        let args = words(&["gol", "x.gol", "-v", "--", "run"]);
        assert_eq!(split(&args), Split::Plain { program: "x.gol".into(), args: &args[2..] });
        let args = words(&["gol", "run", "x.gol", "-v"]);
        assert_eq!(split(&args), Split::Plain { program: "x.gol".into(), args: &args[3..] });
        assert_eq!(split(&words(&["gol", "run", "--strict", "x.gol"])), Split::Command);
        let args = words(&["gol", "--strict", "x", "--strict"]);
        assert_eq!(split(&args), Split::Program { options: &args[..2], words: Words::File(&args[2], &args[3..]) });
        let args = words(&["gol", "--", "run"]);
        assert_eq!(split(&args), Split::Program { options: &args[..1], words: Words::File(&args[2], &[]) });
    }

    #[test]
    fn code_makes_all_words_arguments() {
        let args = words(&["gol", "-e", "x", "-e", "y", "run", "-e"]);
        assert_eq!(split(&args), Split::Program { options: &args[..5], words: Words::File(&args[5], &args[6..]) });
        let args = words(&["gol", "-e"]);
        assert_eq!(split(&args), Split::Program { options: &args, words: Words::None });
    }

    #[test]
    fn commands_are_commands_after_options_too() {
        assert_eq!(split(&words(&["gol", "--strict", "run", "x"])), Split::Command);
        assert_eq!(split(&words(&["gol", "--diagnostics", "run", "check"])), Split::Command);
    }

    #[test]
    fn every_command_is_listed() {
        let mut defined: Vec<String> =
            crate::cli::command().get_subcommands().map(|c| c.get_name().to_string()).collect();
        defined.push("help".into());
        let mut listed: Vec<String> = COMMANDS.iter().map(|c| c.to_string()).collect();
        defined.sort();
        listed.sort();
        assert_eq!(defined, listed);
        for arg in crate::cli::command().get_arguments().filter(|a| a.get_action().takes_values() && !a.is_positional())
        {
            let flag = arg.get_long().map_or_else(|| format!("-{}", arg.get_short().unwrap()), |l| format!("--{l}"));
            assert!(takes_value(OsStr::new(&flag)), "{flag} takes a value");
        }
    }

    #[test]
    fn mistyped_commands_are_recognised() {
        assert_eq!(similar_command("chekc"), Some("check"));
        assert_eq!(similar_command("rnu"), Some("run"));
        assert_eq!(similar_command("hello.gol"), None);
    }
}
