//! `gol dump`.

use super::{load_error, locate_program, report};
use crate::cli::{CompileOptions, Program};
use crate::session::Checked;

/// Prints what `stage` makes of a program.
pub fn dump(stage: &str, program: &Program, filter: Option<&str>, options: CompileOptions) -> i32 {
    let (loader, source, _) = match locate_program(program) {
        Ok(found) => found,
        Err(e) => return load_error(&e),
    };
    let mut checked = Checked::new(loader, source, options.strict);
    if stage == "tokens" {
        crate::output::stdout(checked.dump_tokens().as_bytes());
        return 0;
    }
    if stage == "ast" {
        crate::output::stdout(checked.dump_ast().as_bytes());
        return 0;
    }
    if checked.has_errors() {
        report(&checked, options.diagnostics, false);
        return 1;
    }
    match checked.dump(stage, filter) {
        Some(text) => {
            crate::output::stdout(text.as_bytes());
            0
        }
        None => {
            report(&checked, options.diagnostics, false);
            1
        }
    }
}
