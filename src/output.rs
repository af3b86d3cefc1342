//! Writing to standard output and error without dying of a closed pipe.

use std::io::Write;

/// Writes to standard output; a closed pipe is no error of ours.
pub fn stdout(bytes: &[u8]) {
    let _ = std::io::stdout().lock().write_all(bytes).and_then(|()| std::io::stdout().lock().flush());
}

/// Writes to standard error.
pub fn stderr(bytes: &[u8]) {
    let _ = std::io::stderr().lock().write_all(bytes);
}
