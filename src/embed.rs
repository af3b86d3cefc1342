//! Embedding: a living program inside a Rust program.
//!
//! A [`Session`] is one process of the language: it loads files and pieces of code, calls functions, and keeps what they define. Rust
//! functions can be made known to it as packages ([`Module`]); another thread can end what runs ([`Canceller`]).
//!
#![doc = include_str!("../docs/EMBEDDING.md")]

mod value;

pub use gol_runtime::native::{Call, NativeFn, NativeTable, Ret};
pub use value::Value;

use crate::engine::{Engine, Eval};
use crate::loader::{LoadError, Loader};
use gol_lang::check::{FileSource, PackageSource};
use gol_lang::diag::{Diagnostic, render};
use gol_lang::syntax::Dialect;
use gol_runtime::sched::host::Stop;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use value::Given;

/// A package written in Rust: declarations without body, and the functions behind them.
#[derive(Clone, Debug)]
pub struct Module {
    path: String,
    source: String,
    natives: Vec<(String, NativeFn)>,
}

impl Module {
    /// A package with this import path and source text. The text may have functions with a body too.
    pub fn new(path: impl Into<String>, source: impl Into<String>) -> Module {
        Module { path: path.into(), source: source.into(), natives: Vec::new() }
    }

    /// The function behind the declaration `name` (`Func`, or `Type.Method`).
    pub fn native(mut self, name: &str, function: NativeFn) -> Module {
        self.natives.push((format!("{}.{name}", self.path), function));
        self
    }
}

/// Why something did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A file cannot be read.
    Load(String),
    /// It does not compile: every error, as `file:line:column: message`.
    Compile(String),
    /// It panicked; what Go prints then is on standard error.
    Panic,
    /// It waits for something that cannot come.
    Deadlock(String),
    /// It was cancelled, or its time was over.
    Cancelled,
    /// It called `os.Exit`.
    Exit(i32),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Load(text) | Error::Compile(text) => f.write_str(text.trim_end()),
            Error::Panic => f.write_str("the program panicked"),
            Error::Deadlock(text) => f.write_str(text),
            Error::Cancelled => f.write_str("cancelled"),
            Error::Exit(status) => write!(f, "the program exited with status {status}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<LoadError> for Error {
    fn from(e: LoadError) -> Error {
        Error::Load(e.0)
    }
}

/// Ends what a session runs, from any thread.
#[derive(Clone)]
pub struct Canceller(Stop);

impl Canceller {
    /// Makes what runs now, or else what is run next, end with [`Error::Cancelled`]. Its deferred calls run.
    pub fn cancel(&self) {
        self.0.pull();
    }
}

/// How a session is made.
#[derive(Default)]
pub struct Builder {
    modules: Vec<Module>,
    time_limit: Option<Duration>,
    memory_limit: Option<usize>,
}

impl Builder {
    /// Makes a package of Rust functions importable.
    pub fn module(mut self, module: Module) -> Builder {
        self.modules.push(module);
        self
    }

    /// The longest that one load, evaluation or call may take.
    pub fn time_limit(mut self, limit: Duration) -> Builder {
        self.time_limit = Some(limit);
        self
    }

    /// How many bytes the program's objects may take. There is no way on for one that needs more: the whole process ends.
    pub fn memory_limit(mut self, bytes: usize) -> Builder {
        self.memory_limit = Some(bytes);
        self
    }

    /// The session.
    pub fn build(self) -> Result<Session, Error> {
        let mut loader = Loader::new(Path::new("."))?;
        let mut tables: Vec<NativeTable> = vec![value::NATIVES];
        let own = Module::new(value::PATH, value::SOURCE);
        for module in std::iter::once(own).chain(self.modules) {
            let file = FileSource { name: format!("{}.gol", module.path), text: module.source, dialect: Dialect::Go };
            loader.prepare(PackageSource { path: module.path, files: vec![file], lazy: true, go_version: None });
            // Natives are bound for the life of the process.
            let rows: Vec<(&'static str, NativeFn)> =
                module.natives.into_iter().map(|(name, f)| (&*name.leak(), f)).collect();
            tables.push(rows.leak());
        }
        let engine = Engine::new(None, loader, &tables).map_err(Error::Compile)?;
        if let Some(bytes) = self.memory_limit {
            engine.linked.cx.heap.shared().gc.set_hard_limit(bytes);
        }
        let mut session = Session { engine, time_limit: self.time_limit };
        session.eval(&format!("import {} {:?}", value::NAME, value::PATH))?;
        Ok(session)
    }
}

/// A living program.
pub struct Session {
    engine: Engine,
    time_limit: Option<Duration>,
}

impl Session {
    /// A session without modules and limits.
    pub fn new() -> Result<Session, Error> {
        Session::builder().build()
    }

    /// A session to be furnished.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// What ends the session's work from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller(self.engine.stop())
    }

    /// Adds a file: its declarations become the session's, its statements run.
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let source = Loader::new(Path::new("."))?.files(&[path.as_ref().to_path_buf()])?;
        for file in source.files {
            self.run(|engine| engine.eval_file(FileSource { dialect: Dialect::Script, ..file }))?;
        }
        Ok(())
    }

    /// Runs code: declarations become the session's, statements run. What fails leaves no names behind.
    pub fn eval(&mut self, code: &str) -> Result<(), Error> {
        self.run(|engine| engine.eval(code))
    }

    /// The values of an expression: one, or as many as a call of a function has.
    pub fn value(&mut self, expression: &str) -> Result<Vec<Value>, Error> {
        self.engine.linked.cx.ext::<Given>().0.clear();
        self.eval(&format!("{}.Give({expression})", value::NAME))?;
        Ok(std::mem::take(&mut self.engine.linked.cx.ext::<Given>().0))
    }

    /// Calls a function of the session, or of a package, by name; gives its results.
    pub fn call(&mut self, function: &str, args: &[Value]) -> Result<Vec<Value>, Error> {
        let args = args.iter().map(Value::literal).collect::<Vec<_>>().join(", ");
        let call = format!("{function}({args})");
        match self.value(&call) {
            // A function without results is called as a statement.
            Err(Error::Compile(text)) if text.contains("(no value) used as value") => {
                self.eval(&call).map(|()| Vec::new())
            }
            other => other,
        }
    }

    fn run(&mut self, f: impl FnOnce(&mut Engine) -> Eval) -> Result<(), Error> {
        let over = Arc::new(AtomicBool::new(false));
        let clock = self.time_limit.map(|limit| {
            let (stop, over) = (self.engine.stop(), over.clone());
            std::thread::spawn(move || {
                std::thread::park_timeout(limit);
                if !over.load(Ordering::Acquire) {
                    stop.pull();
                }
            })
        });
        let result = f(&mut self.engine);
        over.store(true, Ordering::Release);
        if let Some(clock) = clock {
            clock.thread().unpark();
            let _ = clock.join();
            // It may have rung when there was nothing left to stop.
            if matches!(result, Eval::Done(_)) {
                self.engine.stop().take();
            }
        }
        match result {
            Eval::Done(_) => Ok(()),
            Eval::Incomplete(found) | Eval::Refused(found) => Err(Error::Compile(self.render(&found))),
            Eval::Panicked => Err(Error::Panic),
            Eval::Deadlock(text) => Err(Error::Deadlock(text)),
            Eval::Interrupted => Err(Error::Cancelled),
            Eval::Exit(status) => Err(Error::Exit(status)),
        }
    }

    fn render(&self, found: &[Diagnostic]) -> String {
        render::short(found, &self.engine.checker.sources)
    }
}
