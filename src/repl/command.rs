//! Commands: inputs that begin with a colon.

use std::path::Path;

use gol_lang::check::FileSource;
use gol_lang::syntax::Dialect;

use super::inspect;
use super::shell::{Flow, Shell};
use crate::engine::Eval;

/// A command: name, what follows it, what it does.
pub struct Command {
    /// Without the colon.
    pub name: &'static str,
    args: &'static str,
    help: &'static str,
}

/// All commands, as `:help` lists them.
pub const COMMANDS: &[Command] = &[
    Command { name: "help", args: "", help: "list the commands" },
    Command { name: "type", args: "EXPR", help: "the type of an expression, which is not evaluated" },
    Command {
        name: "doc",
        args: "NAME",
        help: "documentation: of a package, a name in it (strings.Cut), or one of yours",
    },
    Command { name: "env", args: "", help: "what is declared" },
    Command { name: "import", args: "PATH", help: "import a package (those of the library need no import)" },
    Command { name: "load", args: "FILE", help: "run a script, or the inputs of a saved session" },
    Command { name: "save", args: "FILE", help: "write the inputs that went well to a file for :load" },
    Command { name: "time", args: "INPUT", help: "run an input and tell how long it took" },
    Command { name: "disasm", args: "FUNC", help: "the bytecode of a function or method" },
    Command { name: "ps", args: "", help: "goroutines, and what they wait for" },
    Command { name: "gc", args: "", help: "collect garbage" },
    Command { name: "reset", args: "", help: "forget everything" },
    Command { name: "quit", args: "", help: "leave (also Ctrl-D)" },
];

const HELP: &str = "\
Type Go: expressions, statements, declarations. The value of an expression is shown with its type, and _ is the last one.
A function declared again takes the place of the old one everywhere. Library packages need no import.
Tab completes, Ctrl-R searches the history, Ctrl-C stops what runs.

";

/// The first line of a file that `:save` writes.
const SAVED: &str = "// Inputs of a gol session: \":load\" runs them one by one.";
/// The line before each input in such a file.
const INPUT: &str = "// input";

/// Carries out a command; any unambiguous beginning of its name will do.
pub(super) fn run(shell: &mut Shell, text: &str) -> Flow {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let mut matching = COMMANDS.iter().filter(|c| c.name.starts_with(word));
    let name = match (COMMANDS.iter().find(|c| c.name == word), matching.next(), matching.next()) {
        (Some(exact), ..) => exact.name,
        (None, Some(one), None) if !word.is_empty() => one.name,
        (None, Some(a), Some(b)) if !word.is_empty() => {
            return complain(shell, &format!(":{word} could be :{} or :{}", a.name, b.name));
        }
        _ => return complain(shell, &format!("no command :{word}; :help lists them")),
    };
    let command = COMMANDS.iter().find(|c| c.name == name);
    if rest.is_empty() && command.is_some_and(|c| !c.args.is_empty()) {
        return complain(shell, &format!("usage: :{name} {}", command.map_or("", |c| c.args)));
    }
    match name {
        "help" => shell.print(&help()),
        "type" => match shell.engine.type_of(rest) {
            Ok(ty) => shell.print(&ty),
            Err(found) if found.is_empty() => return complain(shell, "that is not an expression"),
            Err(found) => shell.diagnostics(&found),
        },
        "doc" => match inspect::doc(&mut shell.engine, rest) {
            Ok(text) => shell.print(&text),
            Err(e) => return complain(shell, &e),
        },
        "env" => {
            let text = inspect::env(&mut shell.engine);
            shell.print(&text);
        }
        "import" => {
            let path = rest.trim_matches('"');
            return shell.eval(&format!("import {path:?}"));
        }
        "load" => return load(shell, rest),
        "save" => {
            let mut text = format!("{SAVED}\n");
            shell.inputs.iter().for_each(|input| text.push_str(&format!("{INPUT}\n{}\n", input.trim_end())));
            if let Err(e) = std::fs::write(rest, text) {
                return complain(shell, &format!("{rest}: {}", crate::loader::io_text(&e)));
            }
        }
        "time" => return shell.timed(rest),
        "disasm" => match shell.engine.disassemble(rest) {
            text if text.is_empty() => return complain(shell, &format!("no code of a function {rest}")),
            text => shell.print(&text),
        },
        "ps" => shell.print(&shell.engine.goroutines()),
        "gc" => {
            let before = shell.engine.heap_bytes();
            let eval = shell.engine.eval("runtime.GC()");
            let flow = shell.report(eval);
            let after = shell.engine.heap_bytes();
            shell.print(&format!("heap: {} KB, was {} KB", after >> 10, before >> 10));
            return flow;
        }
        "reset" => {
            if let Err(e) = shell.reset() {
                return complain(shell, &e);
            }
        }
        _ => return Flow::Exit(0),
    }
    Flow::Continue
}

fn help() -> String {
    let mut out = HELP.to_string();
    for c in COMMANDS {
        let usage = format!(":{} {}", c.name, c.args);
        out.push_str(&format!("  {usage:14} {}\n", c.help));
    }
    out
}

fn complain(shell: &Shell, text: &str) -> Flow {
    shell.print(text);
    Flow::Continue
}

/// Runs a file as an input, or the inputs of a file that was saved.
fn load(shell: &mut Shell, name: &str) -> Flow {
    let text = match std::fs::read_to_string(name) {
        Ok(text) => text,
        Err(e) => return complain(shell, &format!("{name}: {}", crate::loader::io_text(&e))),
    };
    if let Some(inputs) = text.strip_prefix(SAVED) {
        for input in inputs.split(&format!("\n{INPUT}\n")).skip(1) {
            if let Flow::Exit(status) = shell.eval(input) {
                return Flow::Exit(status);
            }
        }
        return Flow::Continue;
    }
    let dialect = if Path::new(name).extension().is_some_and(|e| e == "go") { Dialect::Go } else { Dialect::Script };
    let eval = shell.engine.eval_file(FileSource { name: name.into(), text: text.clone(), dialect });
    if let Eval::Done(_) = eval {
        shell.inputs.push(text);
    }
    shell.report(eval)
}
