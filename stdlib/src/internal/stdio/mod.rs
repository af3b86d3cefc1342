//! Reading and writing descriptors, and the words for error numbers.
//!
//! Open files live in a table of the process, by descriptor number; 0, 1 and 2 enter it at first use.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::os::fd::{AsFd, AsRawFd};

use gol_runtime::cx::Cx;
use gol_runtime::native::{Call, NativeTable, Ret};

/// The open files of a process.
#[derive(Default)]
pub struct Files {
    open: HashMap<i64, Open>,
}

struct Open {
    file: File,
    /// Not a plain file: reading may wait for somebody else, perhaps for another goroutine.
    slow: bool,
}

impl Open {
    fn new(file: File) -> Open {
        let slow = !file.metadata().is_ok_and(|m| m.is_file());
        Open { file, slow }
    }
}

/// The error number for a descriptor that is not open.
pub const EBADF: i32 = 9;
const EINTR: i32 = 4;
const EIO: i32 = 5;
const EPIPE: i32 = 32;

impl Files {
    /// The file behind a descriptor.
    pub fn get(&mut self, fd: i64) -> Option<&mut File> {
        if (0..3).contains(&fd) && !self.open.contains_key(&fd) {
            let owned = match fd {
                0 => std::io::stdin().as_fd().try_clone_to_owned(),
                1 => std::io::stdout().as_fd().try_clone_to_owned(),
                _ => std::io::stderr().as_fd().try_clone_to_owned(),
            };
            self.open.insert(fd, Open::new(File::from(owned.ok()?)));
        }
        self.open.get_mut(&fd).map(|o| &mut o.file)
    }

    /// A second handle of a file whose operations may wait; None for plain files.
    fn waiting(&mut self, fd: i64) -> Option<File> {
        self.get(fd)?;
        self.open.get(&fd).filter(|o| o.slow).and_then(|o| o.file.try_clone().ok())
    }

    /// Enters a file; its number is the answer.
    pub fn add(&mut self, f: File) -> i64 {
        let fd = f.as_raw_fd() as i64;
        self.open.insert(fd, Open::new(f));
        fd
    }

    /// Closes a file.
    pub fn close(&mut self, fd: i64) -> bool {
        self.get(fd);
        self.open.remove(&fd).is_some()
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

/// Runs `f` on the file behind a descriptor: (count, error number).
pub fn with_file(cx: &mut Cx, fd: i64, f: impl Fn(&mut File) -> std::io::Result<usize>) -> (i64, i64) {
    let Some(file) = cx.ext::<Files>().get(fd) else { return (0, EBADF as i64) };
    loop {
        match f(file) {
            Ok(n) => return (n as i64, 0),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return (0, errno(&e)),
        }
    }
}

fn write(c: &mut Call<'_>) -> Ret {
    let (fd, p) = (c.int(0), c.bytes(1));
    // The standard streams are written to directly: nobody in this process has to read them first.
    if fd > 2
        && let Some(mut f) = c.cx.ext::<Files>().waiting(fd)
    {
        let data = p.to_vec();
        return match c.blocking(move || f.write(&data).map_or_else(|e| (0, errno(&e)), |n| (n as i64, 0))) {
            Ok((n, e)) => {
                c.ret_int(0, n);
                c.ret_int(1, e);
                Ret::Done
            }
            Err(r) => r,
        };
    }
    let (n, e) = with_file(c.cx, fd, |f| f.write(p));
    // As in Go: nobody reads what the program says, so there is no point in going on. Other pipes give an error.
    if e == i64::from(EPIPE) && (fd == 1 || fd == 2) {
        gol_runtime::pipe::die_of_closed_pipe();
    }
    c.ret_int(0, n);
    c.ret_int(1, e);
    Ret::Done
}

fn read(c: &mut Call<'_>) -> Ret {
    const MOST: usize = 1 << 16;
    let (fd, p) = (c.int(0), c.bytes_mut(1));
    if let Some(mut f) = c.cx.ext::<Files>().waiting(fd) {
        let n = p.len().min(MOST);
        let answer = c.blocking(move || {
            let mut buf = vec![0; n];
            match f.read(&mut buf) {
                Ok(k) => {
                    buf.truncate(k);
                    (buf, 0)
                }
                Err(e) => (Vec::new(), errno(&e)),
            }
        });
        return match answer {
            Ok((buf, e)) => {
                p[..buf.len()].copy_from_slice(&buf);
                c.ret_int(0, buf.len() as i64);
                c.ret_int(1, e);
                Ret::Done
            }
            Err(r) => r,
        };
    }
    let Some(file) = c.cx.ext::<Files>().get(fd) else {
        c.ret_int(0, 0);
        c.ret_int(1, EBADF as i64);
        return Ret::Done;
    };
    let (n, e) = match file.read(p) {
        Ok(n) => (n as i64, 0),
        Err(e) => (0, errno(&e)),
    };
    c.ret_int(0, n);
    c.ret_int(1, e);
    Ret::Done
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
