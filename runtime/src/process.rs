//! Ends of the process that Rust's library does not offer.

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

/// Ends the process at once. No exit handler runs: the allocator's gives all memory back piece by piece, which the end of the process
/// does anyway. Whoever calls this has written what is buffered.
pub fn leave(status: i32) -> ! {
    // SAFETY: does not return, and nothing of ours is in a state that anybody else could see.
    unsafe { libc::_exit(status) }
}

/// Whether files that this process writes must stay below a size: a write beyond it would end the process.
pub fn file_size_is_limited() -> bool {
    let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: fills in the struct.
    let got = unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) };
    got == 0 && limit.rlim_cur != libc::RLIM_INFINITY
}

/// Has all threads share one arena of the C library's allocator, of which they ask next to nothing: a thread's own one costs four
/// system calls. To be called before there are other threads.
pub fn share_arena() {
    // SAFETY: sets a parameter of the C library's allocator.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
}
