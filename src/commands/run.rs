//! `gol run`, and `gol FILE`.

use super::{load_error, locate, report};
use crate::cli::DiagnosticsFormat;
use crate::session::Checked;
use std::ffi::OsString;
use std::path::Path;

/// Runs the program at `path`; answers with its exit status, or 1 if it does not compile.
pub fn run(path: &Path, args: &[OsString], format: DiagnosticsFormat, max_mem: Option<usize>) -> i32 {
    let (loader, source) = match locate(path) {
        Ok(found) => found,
        Err(e) => return load_error(&e),
    };
    let mut checked = Checked::new(loader, source);
    if checked.has_errors() {
        report(&checked, format, false);
        return 1;
    }
    let program = match checked.compile() {
        Some(p) => p,
        None => {
            report(&checked, format, false);
            return 1;
        }
    };
    drop(checked);
    program.run(path, args, max_mem)
}
