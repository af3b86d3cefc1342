//! `gol run`, and `gol FILE`.

use super::{load_error, locate_program, report};
use crate::cache::Slot;
use crate::cli::{CompileOptions, Program};
use crate::library::{Library, Purpose};
use crate::session::{Checked, Executable};
use gol_lang::check::PackageSource;
use std::ffi::OsString;

/// Runs a program; answers with its exit status, or 1 if it does not compile.
pub fn run(program: &Program, args: &[OsString], options: CompileOptions, max_mem: Option<usize>) -> i32 {
    let (loader, source, name) = match locate_program(program) {
        Ok(found) => found,
        Err(e) => return load_error(&e),
    };
    let slot = slot(&source, options);
    if let Some(kept) = slot.as_ref().and_then(Slot::read) {
        return Executable::from(kept).run(&name, args, max_mem);
    }
    let mut checked = Checked::behind(Library::get(Purpose::Program), loader, source, options.strict);
    let compiled = if checked.has_errors() { None } else { checked.compile() };
    // There may be warnings.
    report(&checked, options.diagnostics, false);
    let Some(executable) = compiled else { return 1 };
    if let Some(slot) = slot
        && !checked.has_findings()
        && checked.is_self_contained()
    {
        slot.write(executable.program());
    }
    // The process ends with the program: what the front end used is not worth giving back piece by piece.
    std::mem::forget(checked);
    executable.run(&name, args, max_mem)
}

/// Where the bytecode of a program that is one file is kept between runs.
fn slot(source: &PackageSource, options: CompileOptions) -> Option<Slot> {
    let [file] = source.files.as_slice() else { return None };
    let rest = format!("{:?} {:?} {}", file.dialect, source.go_version, options.strict);
    Slot::of(&file.name, &file.text, &rest)
}
