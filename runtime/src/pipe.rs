//! What a program does when nobody reads its output any more.

/// Ends the process as a write to a closed pipe ends a Go program if the pipe is standard output or error: by `SIGPIPE`, which Rust
/// programs ignore from their start.
pub fn die_of_closed_pipe() -> ! {
    // SAFETY: both calls take plain numbers; restoring the default action and raising a signal touch no memory of ours.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::raise(libc::SIGPIPE);
    }
    // Only if the signal is blocked: what a shell reports for a process that died of it.
    std::process::exit(128 + libc::SIGPIPE)
}
