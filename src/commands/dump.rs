//! `gol dump`.

use super::{load_error, locate, report};
use crate::cli::DiagnosticsFormat;
use crate::session::Checked;
use std::path::Path;

/// Prints what `stage` makes of the program at `path`.
pub fn dump(stage: &str, path: &Path, filter: Option<&str>) -> i32 {
    let (loader, source) = match locate(path) {
        Ok(found) => found,
        Err(e) => return load_error(&e),
    };
    let mut checked = Checked::new(loader, source);
    if stage == "ast" {
        crate::output::stdout(checked.dump_ast().as_bytes());
        return 0;
    }
    if checked.has_errors() {
        report(&checked, DiagnosticsFormat::Full, false);
        return 1;
    }
    match checked.dump(stage, filter) {
        Some(text) => {
            crate::output::stdout(text.as_bytes());
            0
        }
        None => {
            report(&checked, DiagnosticsFormat::Full, false);
            1
        }
    }
}
