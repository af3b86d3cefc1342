//! Writing to standard output and error without dying of a closed pipe.

use std::io::{ErrorKind, Write};

/// Writes to standard output. A pipe that nobody reads is no error of ours; a full disk is one, and the end.
pub fn stdout(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    if let Err(e) = out.write_all(bytes).and_then(|()| out.flush())
        && e.kind() != ErrorKind::BrokenPipe
    {
        stderr(format!("gol: standard output: {}\n", crate::loader::io_text(&e)).as_bytes());
        gol_runtime::process::leave(1);
    }
}

/// Writes to standard error.
pub fn stderr(bytes: &[u8]) {
    let _ = std::io::stderr().lock().write_all(bytes);
}
