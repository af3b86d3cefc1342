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

/// Takes the pages of the program's files that cannot have been changed, its code above all, out of the process's memory. They stay in
/// the system's cache and come back when touched. Most of them served the start alone, compiling or loading a program, but count as
/// memory in use from then on: some megabytes, as the system maps sixteen pages for each one touched.
pub fn forget_files() {
    unsafe extern "C" fn each(info: *mut libc::dl_phdr_info, _: usize, _: *mut libc::c_void) -> libc::c_int {
        // SAFETY: the C library's description of a loaded file, valid during the call.
        let (base, name, headers) = unsafe {
            let i = &*info;
            (i.dlpi_addr, i.dlpi_name, std::slice::from_raw_parts(i.dlpi_phdr, usize::from(i.dlpi_phnum)))
        };
        // SAFETY: a string of the C library's, or none. The program itself has no name; what the kernel maps has one without a slash.
        let first = if name.is_null() { 0 } else { unsafe { *name } };
        if first != 0 && first != b'/' as libc::c_char {
            return 0;
        }
        for h in headers.iter().filter(|h| h.p_type == libc::PT_LOAD && h.p_flags & libc::PF_W == 0) {
            let start = (base + h.p_vaddr) as usize & !(SYSTEM_PAGE - 1);
            let end = (base + h.p_vaddr + h.p_memsz) as usize & !(SYSTEM_PAGE - 1);
            if start < end {
                // SAFETY: pages of a file, mapped privately and never writable: what is read there next is what was there before.
                unsafe { libc::madvise(start as *mut libc::c_void, end - start, libc::MADV_DONTNEED) };
            }
        }
        0
    }
    // SAFETY: the function keeps nothing.
    unsafe { libc::dl_iterate_phdr(Some(each), std::ptr::null_mut()) };
}

/// Bytes of the smallest page the system maps.
pub(crate) const SYSTEM_PAGE: usize = 4096;
