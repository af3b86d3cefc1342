//! The engine under REPL and embedding: one process to which inputs are added while it lives.
//!
//! Each input goes through the stages of a whole program, but every stage goes on where the input before left off: the checker
//! checks a unit inside the session's names, lowering and compiling number on, linking appends to the running image. Closures,
//! goroutines and values of earlier inputs stay what they are.
//!
//! Names become known when the input's statements have run to their end. An input that is refused, panics, is interrupted, or
//! deadlocks leaves no names behind.

use gol_lang::check::unit::Session;
use gol_lang::check::{Checker, FileSource};
use gol_lang::diag::Diagnostic;
use gol_lang::lower::unit::{Increment, Kept};
use gol_lang::syntax::Dialect;
use gol_lang::typed::FuncId;
use gol_runtime::native::NativeTable;
use gol_runtime::object::show::{Shown, Sink};
use gol_runtime::sched::host::{self, Outcome, Stop};
use gol_vm::compile::grow::Grower;
use gol_vm::link::Linked;

use crate::library::Library;
use crate::loader::Loader;
use crate::session::package_names;

mod notes;
mod query;

/// A process that grows.
pub struct Engine {
    pub(crate) checker: Checker,
    pub(crate) session: Session,
    kept: Kept,
    grower: Grower,
    /// In a box: the scheduler's threads keep the address of what is in it, however often the engine moves.
    pub(crate) linked: Box<Linked>,
    natives: Vec<NativeTable>,
    stop: Stop,
    bell: Stop,
    /// What the deadlock met last looked like.
    deadlock: String,
    inputs: u32,
}

/// What became of an input.
#[derive(Debug)]
pub enum Eval {
    /// It ran to its end. The notes say what the user may not expect.
    Done(Vec<String>),
    /// It is not whole: more text could make it valid. The diagnostics say what is missing.
    Incomplete(Vec<Diagnostic>),
    /// It is wrong.
    Refused(Vec<Diagnostic>),
    /// It panicked; the panic has been printed.
    Panicked,
    /// It waits for something that cannot come; the text says so as Go does.
    Deadlock(String),
    /// It was interrupted.
    Interrupted,
    /// It asked for the end of the process, with this status.
    Exit(i32),
}

impl Engine {
    /// A process without any input, which begins with what has been compiled of the library. Errors are bugs of ours, or of the
    /// natives given.
    pub fn new(library: Option<Library>, loader: Loader, more_natives: &[NativeTable]) -> Result<Engine, String> {
        let Some(library) = library.or_else(Library::bare_session) else {
            return Err("the runtime does not compile".into());
        };
        let Library { mut checker, session: Some(session), kept, grower, part } = library else {
            return Err("a library of another kind".into());
        };
        checker.set_importer(Box::new(loader));
        let natives: Vec<NativeTable> = gol_stdlib::NATIVES.iter().chain(more_natives).copied().collect();
        let entry = FuncId(part.entry);
        let linked = gol_vm::link::link_growing(part, &natives).map_err(|problems| problems.join("\n"))?;
        let linked = Box::new(linked);
        let (stop, bell) = (Stop::new(&linked.cx), Stop::new(&linked.cx));
        let mut engine =
            Engine { checker, session, kept, grower, linked, natives, stop, bell, deadlock: String::new(), inputs: 0 };
        match engine.run(entry) {
            Outcome::Done => Ok(engine),
            other => Err(format!("the runtime does not start: {other:?}")),
        }
    }

    /// Ends [`Engine::idle`], from any thread.
    pub fn doorbell(&self) -> Stop {
        self.bell.clone()
    }

    /// Runs background goroutines until the bell is pulled. Answers an exit status if one of them asks for the end of the process.
    pub fn idle(&mut self) -> Option<i32> {
        match host::run_others(&mut self.linked.cx, &self.bell, false) {
            Outcome::Quit(status) => Some(status),
            _ => None,
        }
    }

    /// Interrupts what runs, from any thread.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Where the values of expressions go.
    pub fn show_to(&mut self, sink: Sink) {
        self.linked.cx.ext::<Shown>().sink = Some(sink);
    }

    /// A name for the next input in messages.
    pub fn next_name(&self) -> String {
        format!("input:{}", self.inputs + 1)
    }

    /// Checks, compiles and runs an input.
    pub fn eval(&mut self, text: &str) -> Eval {
        let name = self.next_name();
        self.eval_file(FileSource { name, text: text.into(), dialect: Dialect::Script })
    }

    /// Checks, compiles and runs a file as an input.
    pub fn eval_file(&mut self, file: FileSource) -> Eval {
        self.inputs += 1;
        // An interrupt from now on is meant for this input, even if it comes before the first instruction.
        self.stop.take();
        self.checker.diags.take();
        let unit = self.checker.check_unit(self.session, &file);
        if !unit.ok {
            self.checker.diags.sort(&self.checker.sources);
            let found = self.checker.diags.take();
            return if unit.incomplete { Eval::Incomplete(found) } else { Eval::Refused(found) };
        }
        let replaced = self.checker.replacements(self.session, &unit);
        let Some(more) = self.kept.lower(&mut self.checker, self.session, Some(&unit), &replaced) else {
            self.checker.drop_unit(&unit);
            self.checker.diags.sort(&self.checker.sources);
            return Eval::Refused(self.checker.diags.take());
        };
        let entry = more.program.entry;
        let (patches, restore) = (more.patches.clone(), more.restore);
        let part = compile(&mut self.grower, &self.checker, &more);
        let grower = &self.grower;
        self.kept.take_back(&mut self.checker, more.program, |f| grower.needs_body(f));
        if let Err(problems) = self.linked.extend(part, &self.natives) {
            self.checker.drop_unit(&unit);
            let at = gol_lang::source::Span::NONE;
            let report = |p: String| Diagnostic::error(gol_lang::diag::Code::BadDecl, at, p);
            return Eval::Refused(problems.into_iter().map(report).collect());
        }
        let undo: Vec<(FuncId, u32)> =
            patches.iter().map(|&(old, new)| (old, self.linked.redirect(old.0, new.0))).collect();
        let outcome = self.run(entry);
        self.linked.cx.ext::<Shown>().clear();
        if let Outcome::Done | Outcome::Goexit = outcome {
            let notes = self.notes(&replaced);
            self.checker.commit_unit(self.session, &unit);
            return Eval::Done(notes);
        }
        for (old, before) in undo.into_iter().rev() {
            self.linked.redirect(old.0, before);
        }
        if let Some(restore) = restore
            && !matches!(outcome, Outcome::Quit(_))
        {
            self.run(restore);
        }
        self.checker.drop_unit(&unit);
        // Only code that mentions what the unit declared is worth forgetting.
        if !unit.funcs.is_empty() {
            self.kept.roll_back();
        }
        match outcome {
            Outcome::Done | Outcome::Goexit | Outcome::Died => Eval::Panicked,
            Outcome::Deadlock(_) => Eval::Deadlock(std::mem::take(&mut self.deadlock)),
            Outcome::Stopped => Eval::Interrupted,
            Outcome::Quit(status) => Eval::Exit(status),
        }
    }

    /// Runs a function without parameters and results as a goroutine of its own.
    fn run(&mut self, f: FuncId) -> Outcome {
        let closure = self.linked.closure(f.0);
        let cx = &mut self.linked.cx;
        let g = host::start(cx, closure);
        let outcome = host::run(cx, g, &self.stop);
        if let Outcome::Deadlock(fault) = &outcome {
            self.deadlock = format!("fatal error: {}\n{}", fault.text, host::trace(cx, g));
        }
        match outcome {
            Outcome::Deadlock(_) | Outcome::Stopped => match host::kill(cx, g, &self.stop) {
                Outcome::Quit(status) => Outcome::Quit(status),
                _ => outcome,
            },
            other => other,
        }
    }
}

/// Compiles what lowering added.
fn compile(grower: &mut Grower, checker: &Checker, more: &Increment) -> gol_vm::bytecode::Program {
    let packages = package_names(checker);
    let env = gol_vm::compile::Env { names: &checker.names, packages: &packages, sources: &checker.sources };
    grower.compile(&more.program, env)
}
