//! One file a command. A command answers with the exit status.

pub mod check;
pub mod completions;
pub mod doc;
pub mod dump;
pub mod explain;
pub mod run;
pub mod suite;
pub mod test;

use crate::cli::{DiagnosticsFormat, Program, Request, split};
use crate::loader::{LoadError, Loader};
use crate::session::Checked;
use gol_lang::check::PackageSource;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Carries out what the command line asks for.
pub fn execute(request: Request) -> i32 {
    match request {
        Request::Run { program, args, options, max_mem } => run::run(&program, &args, options, max_mem),
        Request::Check { paths, options } => check::check(&paths, options),
        Request::Dump { stage, program, filter, options } => dump::dump(&stage, &program, filter.as_deref(), options),
        Request::Doc { what, all } => doc::doc(what.as_deref(), all),
        Request::Explain(code) => explain::explain(code.as_deref()),
        Request::Test { args } => test::test(&args),
        Request::Repl { transcript: true } => crate::repl::transcript(),
        Request::Repl { transcript: false } => crate::repl::interactive(),
        Request::Suite(options) => suite::suite(&options),
        Request::Completions(shell) => completions::completions(shell),
        Request::Version => {
            crate::output::stdout(
                format!("gol {}\n", crate::cli::command().get_version().unwrap_or_default()).as_bytes(),
            );
            0
        }
    }
}

/// The main package of a program, and what the program sees as its own name.
fn locate_program(program: &Program) -> Result<(Loader, PackageSource, PathBuf), LoadError> {
    match program {
        Program::Path(path) => {
            let (loader, source) = locate(path).map_err(|e| explain_word(path, e))?;
            Ok((loader, source, path.clone()))
        }
        Program::Code(text) => {
            let loader = Loader::new(Path::new("."))?;
            let source = loader.text("-e", text.clone());
            Ok((loader, source, "-e".into()))
        }
        Program::Stdin => {
            let loader = Loader::new(Path::new("."))?;
            let source = loader.stdin()?;
            Ok((loader, source, "-".into()))
        }
    }
}

/// A word that names neither a command nor a file was perhaps meant as a command.
fn explain_word(path: &Path, e: LoadError) -> LoadError {
    let word = path.to_str().filter(|w| !w.contains(['/', '.']) && !path.exists());
    match word.and_then(split::similar_command) {
        Some(command) => LoadError(format!("{e} (did you mean the command gol {command}?)")),
        None => e,
    }
}

/// The main package that a path names: a folder, or one file.
fn locate(path: &Path) -> Result<(Loader, PackageSource), LoadError> {
    if path.is_dir() {
        let loader = Loader::new(path)?;
        let source = loader.folder(path, "main")?;
        return Ok((loader, source));
    }
    locate_files(std::slice::from_ref(&path.to_path_buf()))
}

/// The main package made of these files.
fn locate_files(paths: &[PathBuf]) -> Result<(Loader, PackageSource), LoadError> {
    let dir = paths.first().and_then(|p| p.parent()).filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let loader = Loader::new(dir)?;
    let source = loader.files(paths)?;
    Ok((loader, source))
}

/// Prints what checking found; full reports and JSON go where the short form goes, to standard error for `run`, to standard
/// output for `check`.
fn report(checked: &Checked, format: DiagnosticsFormat, to_stdout: bool) {
    if !checked.has_findings() {
        return;
    }
    let colour = format == DiagnosticsFormat::Full
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        && if to_stdout { std::io::stdout().is_terminal() } else { std::io::stderr().is_terminal() };
    let text = checked.render(format, colour);
    if to_stdout {
        crate::output::stdout(text.as_bytes());
    } else {
        crate::output::stderr(text.as_bytes());
    }
}

/// Prints why a program cannot be loaded.
fn load_error(e: &LoadError) -> i32 {
    crate::output::stderr(format!("gol: {e}\n").as_bytes());
    1
}
