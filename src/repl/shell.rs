//! One input after the other: evaluates it, or carries out the command that it is, and prints what there is to say.

use std::time::Instant;

use gol_lang::diag::{Diagnostic, render};

use super::command;
use crate::engine::{Engine, Eval};
use crate::output;

/// Whether to go on.
pub(super) enum Flow {
    Continue,
    /// The session ends with this exit status.
    Exit(i32),
}

/// A session at work.
pub(super) struct Shell {
    pub engine: Engine,
    pub colour: bool,
    /// Inputs that went well, for `:save`.
    pub inputs: Vec<String>,
}

impl Shell {
    pub fn new(mut engine: Engine, colour: bool) -> Shell {
        show_values(&mut engine, colour);
        Shell { engine, colour, inputs: Vec::new() }
    }

    /// Begins anew.
    pub fn reset(&mut self) -> Result<(), String> {
        let colour = self.colour;
        self.engine = super::engine()?;
        show_values(&mut self.engine, colour);
        self.inputs.clear();
        Ok(())
    }

    /// Takes a whole input.
    pub fn input(&mut self, text: &str) -> Flow {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Flow::Continue;
        }
        match trimmed.strip_prefix(':') {
            Some(command) => command::run(self, command),
            None => self.eval(text),
        }
    }

    /// Runs an input and reports how it went.
    pub fn eval(&mut self, text: &str) -> Flow {
        let eval = self.engine.eval(text);
        if let Eval::Done(_) = eval {
            self.inputs.push(text.to_string());
        }
        self.report(eval)
    }

    /// The same, with the time it takes.
    pub fn timed(&mut self, text: &str) -> Flow {
        let start = Instant::now();
        let eval = self.engine.eval(text);
        let took = start.elapsed();
        let flow = self.report(eval);
        self.say(&format!("took {took:.3?}"));
        flow
    }

    pub fn report(&mut self, eval: Eval) -> Flow {
        match eval {
            Eval::Done(notes) => notes.iter().for_each(|note| self.say(&format!("note: {note}"))),
            Eval::Incomplete(found) | Eval::Refused(found) => self.diagnostics(&found),
            Eval::Panicked => {}
            Eval::Deadlock(text) => output::stderr(text.as_bytes()),
            Eval::Interrupted => self.say("interrupted"),
            Eval::Exit(status) => return Flow::Exit(status),
        }
        Flow::Continue
    }

    /// Prints what is wrong.
    pub fn diagnostics(&self, found: &[Diagnostic]) {
        output::stdout(render::pretty(found, self.engine.sources(), self.colour).as_bytes());
    }

    /// Prints a remark.
    pub fn say(&self, text: &str) {
        let (dim, plain) = if self.colour { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
        output::stdout(format!("{dim}{text}{plain}\n").as_bytes());
    }

    /// Prints the answer to a command.
    pub fn print(&self, text: &str) {
        output::stdout(text.as_bytes());
        if !text.is_empty() && !text.ends_with('\n') {
            output::stdout(b"\n");
        }
    }
}

/// Prints the values of expressions, with their types.
fn show_values(engine: &mut Engine, colour: bool) {
    engine.show_to(Box::new(move |value, ty| {
        let line =
            if colour { format!("\x1b[1m{value}\x1b[0m \x1b[2m: {ty}\x1b[0m\n") } else { format!("{value} : {ty}\n") };
        output::stdout(line.as_bytes());
    }));
}
