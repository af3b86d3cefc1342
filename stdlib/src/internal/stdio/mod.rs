//! Reading and writing descriptors, and the words for error numbers.
//!
//! Open files live in a table of the process, by descriptor number; 0, 1 and 2 enter it at first use. Pipes that the program makes are
//! non-blocking and watched by the runtime's poller, so that who waits for them keeps no thread; until their descriptors are given away.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gol_runtime::cx::Cx;
use gol_runtime::fiber::WaitReason;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::netpoll::{self, Arm, Watched};

/// The open files of a process.
#[derive(Default)]
pub struct Files {
    open: HashMap<i64, Open>,
}

/// An open file. Operations under way keep it alive when it is closed.
#[derive(Clone)]
pub struct Open {
    /// The poller's hold on a pipe; it lets go before the pipe is closed.
    watched: Option<Arc<Watched>>,
    /// Until when a pipe may be waited for, reading and writing, on the runtime's clock; 0: for ever.
    until: Arc<[AtomicI64; 2]>,
    /// The file.
    pub file: Arc<File>,
    /// Not a plain file: reading may wait for somebody else, perhaps for another goroutine.
    slow: bool,
}

impl Open {
    fn new(file: File) -> Open {
        let slow = !file.metadata().is_ok_and(|m| m.is_file());
        Open { watched: None, until: Arc::default(), file: Arc::new(file), slow }
    }
}

/// The error number for a descriptor that is not open.
pub const EBADF: i32 = 9;
const EINTR: i32 = 4;
const EIO: i32 = 5;
const EPIPE: i32 = 32;

impl Files {
    /// The file behind a descriptor.
    pub fn get(&mut self, fd: i64) -> Option<Open> {
        if (0..3).contains(&fd) && !self.open.contains_key(&fd) {
            let owned = match fd {
                0 => std::io::stdin().as_fd().try_clone_to_owned(),
                1 => std::io::stdout().as_fd().try_clone_to_owned(),
                _ => std::io::stderr().as_fd().try_clone_to_owned(),
            };
            self.open.insert(fd, Open::new(File::from(owned.ok()?)));
        }
        self.open.get(&fd).cloned()
    }

    /// Enters a file; its number is the answer.
    pub fn add(&mut self, f: File) -> i64 {
        let fd = f.as_raw_fd() as i64;
        self.open.insert(fd, Open::new(f));
        fd
    }

    /// Takes a file out; it is closed when the answer and all operations under way are gone.
    pub fn close(&mut self, fd: i64) -> Option<Open> {
        self.get(fd);
        self.open.remove(&fd)
    }

    /// A file whose descriptor others get: operations on it block from now on.
    pub fn give_away(&mut self, fd: i64) -> Option<Open> {
        let mut open = self.get(fd)?;
        if open.watched.take().is_some() {
            let _ = rustix::io::ioctl_fionbio(&open.file, false);
            self.open.insert(fd, open.clone());
        }
        Some(open)
    }
}

/// The error number of a failed operation.
pub fn errno(e: &Error) -> i64 {
    e.raw_os_error().unwrap_or(match e.kind() {
        ErrorKind::Interrupted => EINTR,
        ErrorKind::NotFound => 2,
        ErrorKind::InvalidInput => 22,
        _ => EIO,
    }) as i64
}

/// Enters one end of a pipe that this program made, or of a connection.
pub fn add_pipe(cx: &mut Cx, end: OwnedFd) -> i64 {
    let mut open = Open::new(File::from(end));
    let fd = open.file.as_raw_fd();
    if rustix::io::ioctl_fionbio(&open.file, true).is_ok() {
        match netpoll::watch(cx, fd) {
            Ok(w) => open.watched = Some(Arc::new(w)),
            // Then somebody has to wait for it in the system.
            Err(_) => drop(rustix::io::ioctl_fionbio(&open.file, false)),
        }
    }
    cx.ext::<Files>().open.insert(i64::from(fd), open);
    i64::from(fd)
}

/// Sets until when a pipe may be waited for in one direction: nanoseconds from now, or negative for no limit. False: not a pipe.
pub fn set_deadline(cx: &mut Cx, fd: i64, way: Way, nanos: i64) -> bool {
    let until = if nanos < 0 { 0 } else { cx.sched.nanotime().saturating_add(nanos) };
    let Some(open) = cx.ext::<Files>().get(fd) else { return false };
    let Some(w) = &open.watched else { return false };
    open.until[way as usize].store(until, Ordering::Release);
    w.wake(cx);
    true
}

/// The error number for a wait that took too long.
pub const ETIMEDOUT: i32 = 110;

/// Closes a file; operations that wait for it end.
pub fn close(cx: &mut Cx, fd: i64) -> bool {
    let gone = cx.ext::<Files>().close(fd);
    if let Some(w) = gone.as_ref().and_then(|o| o.watched.as_ref()) {
        w.wake(cx);
    }
    gone.is_some()
}

/// Which way an operation goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Out of the file.
    Read,
    /// Into it.
    Write,
}

/// [`with_file`] for an operation that waits while a pipe has nothing, or no room. The descriptor may have been closed meanwhile, and
/// its number used for another file: `meant` is what the first attempt was for.
pub fn with_pipe(
    c: &mut Call<'_>,
    fd: i64,
    way: Way,
    f: impl Fn(&File) -> std::io::Result<usize>,
) -> Result<(i64, i64), Ret> {
    let open = c.cx.ext::<Files>().get(fd);
    let meant = if netpoll::resumed(c.cx) { c.take_kept::<Open>() } else { None };
    if meant.is_some_and(|m| open.as_ref().is_none_or(|o| !Arc::ptr_eq(&o.file, &m.file))) {
        return Ok((0, EBADF as i64));
    }
    let Some((w, open)) = open.and_then(|o| Some((o.watched.clone()?, o))) else { return with_file(c, fd, f) };
    loop {
        let until = open.until[way as usize].load(Ordering::Acquire);
        let left = if until == 0 { -1 } else { (until - c.cx.sched.nanotime()).max(0) };
        if left == 0 {
            return Ok((0, ETIMEDOUT as i64));
        }
        match f(&open.file) {
            Ok(n) => return Ok((n as i64, 0)),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => match netpoll::wait(c.cx, &w, way == Way::Write, left) {
                Arm::Park => {
                    // Not to be closed before that is over.
                    c.keep(open);
                    return Err(Ret::ParkRetry(WaitReason::Io));
                }
                Arm::Ready => {}
                // Package os lets one goroutine at a time come here. Others try again in a moment.
                Arm::Taken => {
                    gol_runtime::timer::sleep(c.cx, 1_000_000);
                    return Err(Ret::ParkRetry(WaitReason::Io));
                }
            },
            Err(e) => return Ok((0, errno(&e))),
        }
    }
}

/// Runs `f` on the file behind a descriptor, while other goroutines may have this one's processor: (count, error number). `Err` is what
/// the native returns; it will be called again.
pub fn with_file(c: &mut Call<'_>, fd: i64, f: impl Fn(&File) -> std::io::Result<usize>) -> Result<(i64, i64), Ret> {
    let open = c.cx.ext::<Files>().get(fd);
    // Standard output and errors are rarely slow.
    let slow = open.as_ref().is_some_and(|o| o.slow) && fd != 1 && fd != 2;
    let run = move || {
        let Some(open) = open else { return (0, EBADF as i64) };
        loop {
            match f(&open.file) {
                Ok(n) => return (n as i64, 0),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return (0, errno(&e)),
            }
        }
    };
    if slow { c.blocking_long(run) } else { c.blocking(run) }
}

/// Results (count, error number) of such a native.
pub fn ret_count(c: &mut Call<'_>, r: Result<(i64, i64), Ret>) -> Ret {
    match r {
        Ok((n, e)) => {
            c.ret_int(0, n);
            c.ret_int(1, e);
            Ret::Done
        }
        Err(r) => r,
    }
}

fn write(c: &mut Call<'_>) -> Ret {
    let (fd, p) = (c.int(0), c.bytes(1));
    let r = with_pipe(c, fd, Way::Write, |mut f| f.write(p));
    // As in Go: nobody reads what the program says, so there is no point in going on. Other pipes give an error.
    if matches!(r, Ok((_, e)) if e == i64::from(EPIPE)) && (fd == 1 || fd == 2) {
        gol_runtime::process::die_of_closed_pipe();
    }
    ret_count(c, r)
}

fn read(c: &mut Call<'_>) -> Ret {
    let fd = c.int(0);
    let p = std::cell::RefCell::new(c.bytes_mut(1));
    let r = with_pipe(c, fd, Way::Read, |mut f| f.read(*p.borrow_mut()));
    ret_count(c, r)
}

/// Go's words for an error number: the system's, in lower case.
pub fn errno_words(e: i32) -> String {
    let full = Error::from_raw_os_error(e).to_string();
    let text = full.rsplit_once(" (os error").map_or(full.as_str(), |(t, _)| t);
    // Only the first letter changes, unless the word is an abbreviation.
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(a), Some(b)) if a.is_uppercase() && !b.is_uppercase() => {
            format!("{}{}", a.to_ascii_lowercase(), &text[a.len_utf8()..])
        }
        _ => text.to_string(),
    }
}

fn errno_text(c: &mut Call<'_>) -> Ret {
    let e = c.int(0) as i32;
    c.ret_str(0, errno_words(e));
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable =
    &[("internal/stdio.Write", write), ("internal/stdio.Read", read), ("internal/stdio.ErrnoText", errno_text)];
