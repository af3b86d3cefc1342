//! One file a command. A command answers with the exit status.

pub mod check;
pub mod dump;
pub mod explain;
pub mod run;
pub mod test;

use crate::cli::{DiagnosticsFormat, Request};
use crate::loader::{LoadError, Loader};
use crate::session::Checked;
use gol_lang::check::PackageSource;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Carries out what the command line asks for.
pub fn execute(request: Request) -> i32 {
    match request {
        Request::Run { path, args, diagnostics, max_mem } => run::run(&path, &args, diagnostics, max_mem),
        Request::Check { paths, diagnostics } => check::check(&paths, diagnostics),
        Request::Dump { stage, path, filter } => dump::dump(&stage, &path, filter.as_deref()),
        Request::Explain(code) => explain::explain(code.as_deref()),
        Request::Test { args } => test::test(&args),
        Request::Repl { transcript: true } => crate::repl::transcript(),
        Request::Repl { transcript: false } => crate::repl::interactive(),
        Request::Version => {
            println!("gol {} (Go 1.27) linux/amd64", env!("CARGO_PKG_VERSION"));
            0
        }
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
    crate::output::stderr(format!("{e}\n").as_bytes());
    1
}
