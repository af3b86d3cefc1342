//! The REPL: reads inputs, has the engine run them, prints what comes out.
//!
//! At a terminal two threads share the work: one owns the engine, and runs background goroutines while nothing else is to do; the
//! other owns the keyboard ([`terminal`]). Without a terminal, `--transcript` reads inputs line by line and prints what a
//! terminal would have shown.

pub mod command;
pub mod complete;
pub mod highlight;
pub mod inspect;
mod shell;
mod terminal;

use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError};

use crate::cli::{CompileOptions, Program};
use crate::engine::Engine;
use crate::library::{Library, Purpose};
use crate::loader::Loader;
use crate::output;
use shell::{Flow, Shell};
use terminal::Request;

/// Prompt of an input's first line.
pub const PROMPT: &str = "> ";
/// Prompt of its further lines.
pub const MORE: &str = ". ";

/// Runs the REPL at the terminal; answers the exit status. What is piped in is a script, as for `gol` alone.
pub fn interactive() -> i32 {
    if !std::io::stdin().is_terminal() {
        return crate::commands::run::run(&Program::Stdin, &[], CompileOptions::default(), None);
    }
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let mut shell = match shell(colour) {
        Ok(shell) => shell,
        Err(e) => return fail(&e),
    };
    let interrupt = shell.engine.stop();
    // If there is a handler already, Ctrl-C ends the process, as it does without.
    let _ = ctrlc::set_handler(move || interrupt.pull());
    let requests = match terminal::start(shell.engine.doorbell(), colour) {
        Ok(requests) => requests,
        Err(e) => return fail(&e),
    };
    let status = serve(&mut shell, &requests);
    // The process is about to end: its memory need not be given back piece by piece.
    std::mem::forget(shell);
    status
}

/// Answers the terminal's requests, and lets background goroutines run in between.
fn serve(shell: &mut Shell, requests: &Receiver<Request>) -> i32 {
    loop {
        match requests.try_recv() {
            Ok(Request::Input(text, done)) => match shell.input(&text) {
                Flow::Exit(status) => return status,
                Flow::Continue => {
                    let _ = done.send(());
                }
            },
            Ok(Request::Complete(line, pos, answer)) => {
                let _ = answer.send(complete::complete(&mut shell.engine, &line, pos));
            }
            Ok(Request::Quit) | Err(TryRecvError::Disconnected) => return 0,
            Err(TryRecvError::Empty) => {
                if let Some(status) = shell.engine.idle() {
                    return status;
                }
            }
        }
    }
}

/// Reads inputs from standard input and prints them with prompts and what they yield; answers the exit status.
pub fn transcript() -> i32 {
    let mut shell = match shell(false) {
        Ok(shell) => shell,
        Err(e) => return fail(&e),
    };
    let mut pending = String::new();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        output::stdout(format!("{}{line}", if pending.is_empty() { PROMPT } else { MORE }).trim_end().as_bytes());
        output::stdout(b"\n");
        pending.push_str(&line);
        if !pending.starts_with(':') && gol_lang::syntax::is_incomplete(&pending) {
            pending.push('\n');
            continue;
        }
        if let Flow::Exit(status) = shell.input(&std::mem::take(&mut pending)) {
            return status;
        }
    }
    if !pending.is_empty()
        && let Flow::Exit(status) = shell.input(&pending)
    {
        return status;
    }
    0
}

fn shell(colour: bool) -> Result<Shell, String> {
    Ok(Shell::new(engine()?, colour))
}

fn engine() -> Result<Engine, String> {
    let loader = Loader::new(Path::new(".")).map_err(|e| e.to_string())?;
    Engine::new(Library::get(Purpose::Session), loader, &[])
}

fn fail(e: &str) -> i32 {
    output::stderr(format!("gol: {e}\n").as_bytes());
    1
}
