//! Signals of the operating system.
//!
//! The handler does what is allowed there: it notes the number in a word and writes a byte to a pipe. A thread reads the pipe and wakes
//! the goroutine that waits in [`receive`]; a SIGQUIT nobody asked for prints all goroutines and ends the process.

use std::io::Read;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

use crate::cx::Cx;
use crate::sched::g::GRef;
use crate::sched::shared::Shared;

/// Signals that came and were not received yet, by bit.
static PENDING: AtomicU64 = AtomicU64::new(0);
/// Signals the program wants to receive.
static WANTED: AtomicU64 = AtomicU64::new(0);
/// Where the handler writes.
static PIPE: AtomicI32 = AtomicI32::new(-1);
static WAITER: Mutex<Option<(GRef, Arc<Shared>)>> = Mutex::new(None);
static READY: Once = Once::new();
static EXPECTED: Once = Once::new();

fn waiter() -> std::sync::MutexGuard<'static, Option<(GRef, Arc<Shared>)>> {
    WAITER.lock().unwrap_or_else(PoisonError::into_inner)
}

extern "C" fn handler(sig: libc::c_int) {
    PENDING.fetch_or(1 << sig, Ordering::SeqCst);
    // SAFETY: writing to a descriptor is allowed in a handler; errno is put back, as the interrupted code may be about to read it.
    unsafe {
        let errno = libc::__errno_location();
        let saved = *errno;
        libc::write(PIPE.load(Ordering::Relaxed), (&raw const sig).cast(), 1);
        *errno = saved;
    }
}

/// Sets what a signal does.
fn action(sig: u32, what: libc::sighandler_t) {
    // SAFETY: a zeroed sigaction with a valid handler; restarted calls are what natives expect.
    unsafe {
        let mut a: libc::sigaction = std::mem::zeroed();
        a.sa_sigaction = what;
        a.sa_flags = libc::SA_RESTART;
        libc::sigaction(sig as libc::c_int, &a, std::ptr::null_mut());
    }
}

/// Starts the thread that reads the pipe, and has SIGQUIT show all goroutines of `shared`.
pub(crate) fn watch(shared: &Arc<Shared>) {
    let first = shared.clone();
    READY.call_once(move || {
        let Ok((mut read, write)) = std::io::pipe() else { return };
        // SAFETY: a descriptor of ours; a full pipe must not stop the handler.
        unsafe { libc::fcntl(write.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
        PIPE.store(write.into_raw_fd(), Ordering::Relaxed);
        let run = move || {
            let mut byte = [0];
            while matches!(read.read(&mut byte), Ok(1)) {
                let quit = 1 << libc::SIGQUIT;
                if PENDING.load(Ordering::SeqCst) & quit & !WANTED.load(Ordering::SeqCst) != 0 {
                    first.dump_and_quit();
                    return;
                }
                if let Some((g, s)) = waiter().take() {
                    s.ready_from_outside(g);
                }
            }
        };
        let made = std::thread::Builder::new().name("gol-signals".into()).stack_size(256 << 10).spawn(run);
        if made.is_ok() {
            action(libc::SIGQUIT as u32, handler as *const () as libc::sighandler_t);
        }
    });
}

/// From now on a signal is received instead of what it usually does.
pub fn want(cx: &Cx, sig: u32) {
    if sig == 0 || sig >= 64 {
        return;
    }
    let shared = cx.sched.shared();
    watch(shared);
    // Something may always come from outside.
    EXPECTED.call_once(|| shared.expect());
    WANTED.fetch_or(1 << sig, Ordering::SeqCst);
    action(sig, handler as *const () as libc::sighandler_t);
}

/// A signal does again what it usually does, or, if `ignore`, nothing.
pub fn unwant(sig: u32, ignore: bool) {
    if sig == 0 || sig >= 64 {
        return;
    }
    WANTED.fetch_and(!(1 << sig), Ordering::SeqCst);
    PENDING.fetch_and(!(1 << sig), Ordering::SeqCst);
    let usual = if sig == libc::SIGQUIT as u32 && PIPE.load(Ordering::Relaxed) >= 0 {
        handler as *const () as libc::sighandler_t
    } else {
        libc::SIG_DFL
    };
    action(sig, if ignore { libc::SIG_IGN } else { usual });
}

/// The next signal; None: the running goroutine was noted and must park, then ask again.
pub fn receive(cx: &mut Cx) -> Option<u32> {
    *waiter() = Some((cx.sched.cur(), cx.sched.shared().clone()));
    let due = PENDING.load(Ordering::SeqCst) & WANTED.load(Ordering::SeqCst);
    if due == 0 {
        return None;
    }
    // If the other thread has taken the note already, the goroutine must park to be woken.
    waiter().take()?;
    let sig = due.trailing_zeros();
    PENDING.fetch_and(!(1 << sig), Ordering::SeqCst);
    Some(sig)
}

/// Sends a signal to a process (0: to this one): the error number, or 0.
pub fn send(pid: i64, sig: i64) -> i64 {
    // SAFETY: a plain system call.
    let r = unsafe { libc::kill(pid as libc::pid_t, sig as libc::c_int) };
    if r == 0 { 0 } else { i64::from(std::io::Error::last_os_error().raw_os_error().unwrap_or(1)) }
}
