//! `gol check`.

use super::{load_error, locate, locate_files, report};
use crate::cli::CompileOptions;
use crate::session::Checked;
use std::path::PathBuf;

/// Reports every error of the package that the paths name: one folder, or the files of one package. Several folders are checked one
/// after the other.
pub fn check(paths: &[PathBuf], options: CompileOptions) -> i32 {
    let (dirs, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(|p| p.is_dir());
    let mut status = 0;
    let mut found = Vec::new();
    if !files.is_empty() {
        found.push(locate_files(&files));
    }
    found.extend(dirs.iter().map(|d| locate(d)));
    for f in found {
        match f {
            Ok((loader, source)) => {
                let checked = Checked::new(loader, source, options.strict);
                report(&checked, options.diagnostics, true);
                if checked.has_errors() {
                    status = 1;
                }
            }
            Err(e) => status = load_error(&e),
        }
    }
    status
}
