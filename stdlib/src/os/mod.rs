//! Files, directories, environment, process.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use gol_runtime::native::{Call, NativeTable, Ret};

mod proc;

use crate::stdio::{EBADF, Files, Way, add_pipe, errno, ret_count, set_deadline as set_pipe_deadline, with_file};

/// A file name argument.
fn path(c: &Call<'_>, i: usize) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(c.bytes(i)))
}

/// The error number of a result, 0 for success.
fn code<T>(r: Result<T, Error>) -> i64 {
    r.err().map_or(0, |e| errno(&e))
}

fn args(c: &mut Call<'_>) -> Ret {
    let args = c.cx.args.clone();
    c.ret_strings(0, &args);
    Ret::Done
}
fn environ(c: &mut Call<'_>) -> Ret {
    use std::os::unix::ffi::OsStringExt;
    let all: Vec<Vec<u8>> = std::env::vars_os()
        .map(|(k, v)| {
            let mut e = k.into_vec();
            e.push(b'=');
            e.extend(v.into_vec());
            e
        })
        .collect();
    c.ret_strings(0, &all);
    Ret::Done
}
fn exit(c: &mut Call<'_>) -> Ret {
    Ret::Exit(c.int(0) as i32)
}
fn id(c: &mut Call<'_>) -> Ret {
    let me = fs::metadata("/proc/self");
    let v = match c.int(0) {
        0 => std::process::id() as i64,
        1 => std::os::unix::process::parent_id() as i64,
        2 => me.map_or(-1, |m| m.uid() as i64),
        _ => me.map_or(-1, |m| m.gid() as i64),
    };
    c.ret_int(0, v);
    Ret::Done
}
fn getpid(c: &mut Call<'_>) -> Ret {
    c.ret_int(0, std::process::id() as i64);
    Ret::Done
}
fn read_text(c: &mut Call<'_>) -> Ret {
    let r = fs::read(path(c, 0));
    let (text, e) = match r {
        Ok(t) => (t, 0),
        Err(e) => (Vec::new(), errno(&e)),
    };
    c.ret_str(0, text);
    c.ret_int(2, e);
    Ret::Done
}

fn open(c: &mut Call<'_>) -> Ret {
    const CREATE: i64 = 0x40;
    const EXCL: i64 = 0x80;
    const TRUNC: i64 = 0x200;
    const APPEND: i64 = 0x400;
    let (flag, perm) = (c.int(2), c.int(3));
    let access = flag & 3;
    let mut o = OpenOptions::new();
    // The system gets the flags as they are; std insists on sensible combinations of its own settings.
    o.read(access != 1).write(access != 0).mode(perm as u32).custom_flags((flag & !(3 | APPEND)) as i32);
    if flag & APPEND != 0 && access != 0 {
        o.append(true);
    }
    if flag & CREATE != 0 && access != 0 {
        o.create(true);
    }
    if flag & (CREATE | EXCL) == CREATE | EXCL && access != 0 {
        o.create_new(true);
    }
    if flag & TRUNC != 0 && access != 0 && flag & APPEND == 0 {
        o.truncate(true);
    }
    let (fd, e) = match o.open(path(c, 0)) {
        Ok(f) => (c.cx.ext::<Files>().add(f), 0),
        Err(e) => (-1, errno(&e)),
    };
    c.ret_int(0, fd);
    c.ret_int(1, e);
    Ret::Done
}
fn close(c: &mut Call<'_>) -> Ret {
    let fd = c.int(0);
    let ok = crate::stdio::close(c.cx, fd);
    c.ret_int(0, if ok { 0 } else { EBADF as i64 });
    Ret::Done
}
fn set_deadline(c: &mut Call<'_>) -> Ret {
    let (fd, write, nanos) = (c.int(0), c.bool(1), c.int(2));
    let ok = set_pipe_deadline(c.cx, fd, if write { Way::Write } else { Way::Read }, nanos);
    c.ret_bool(0, ok);
    Ret::Done
}
fn seek(c: &mut Call<'_>) -> Ret {
    let (fd, off, whence) = (c.int(0), c.int(1), c.int(2));
    let to = match whence {
        0 if off >= 0 => SeekFrom::Start(off as u64),
        1 => SeekFrom::Current(off),
        2 => SeekFrom::End(off),
        _ => {
            c.ret_int(0, 0);
            c.ret_int(1, 22);
            return Ret::Done;
        }
    };
    let r = with_file(c, fd, |mut f| f.seek(to).map(|p| p as usize));
    ret_count(c, r)
}
fn read_at(c: &mut Call<'_>) -> Ret {
    let (fd, off) = (c.int(0), c.uint(4));
    let p = std::cell::RefCell::new(c.bytes_mut(1));
    let r = with_file(c, fd, |f| f.read_at(*p.borrow_mut(), off));
    ret_count(c, r)
}
fn write_at(c: &mut Call<'_>) -> Ret {
    let (fd, p, off) = (c.int(0), c.bytes(1), c.uint(4));
    let r = with_file(c, fd, |f| f.write_at(p, off));
    ret_count(c, r)
}
/// The error number of an operation whose count does not matter.
fn ret_code(c: &mut Call<'_>, r: Result<(i64, i64), Ret>) -> Ret {
    match r {
        Ok((_, e)) => {
            c.ret_int(0, e);
            Ret::Done
        }
        Err(r) => r,
    }
}
fn truncate(c: &mut Call<'_>) -> Ret {
    let (fd, size) = (c.int(0), c.uint(1));
    let r = with_file(c, fd, |f| f.set_len(size).map(|()| 0));
    ret_code(c, r)
}
fn sync(c: &mut Call<'_>) -> Ret {
    let fd = c.int(0);
    let r = with_file(c, fd, |f| f.sync_all().map(|()| 0));
    ret_code(c, r)
}
fn pipe(c: &mut Call<'_>) -> Ret {
    let (r, w, e) = match std::io::pipe() {
        Ok((r, w)) => (add_pipe(c.cx, r.into()), add_pipe(c.cx, w.into()), 0),
        Err(e) => (-1, -1, errno(&e)),
    };
    c.ret_int(0, r);
    c.ret_int(1, w);
    c.ret_int(2, e);
    Ret::Done
}
fn stat(c: &mut Call<'_>) -> Ret {
    let (name, fd, follow) = (path(c, 0), c.int(2), c.bool(3));
    let m = if fd >= 0 {
        let open = c.cx.ext::<Files>().get(fd);
        open.map_or_else(|| Err(Error::from_raw_os_error(EBADF)), |o| o.file.metadata())
    } else if follow {
        fs::metadata(name)
    } else {
        fs::symlink_metadata(name)
    };
    match m {
        Ok(m) => {
            c.ret_int(0, m.len() as i64);
            c.ret_int(1, m.mode() as i64);
            c.ret_int(2, m.mtime());
            c.ret_int(3, m.mtime_nsec());
            c.ret_int(4, m.dev() as i64);
            c.ret_int(5, m.ino() as i64);
            c.ret_int(6, 0);
        }
        Err(e) => {
            c.ret_zero(0, 6);
            c.ret_int(6, errno(&e));
        }
    }
    Ret::Done
}
fn change(c: &mut Call<'_>) -> Ret {
    let (name, arg, n) = (path(c, 1), path(c, 3), c.int(5));
    let e = match c.int(0) {
        0 => code(fs::DirBuilder::new().mode(n as u32).create(name)),
        1 => code(fs::remove_file(name)),
        2 => code(fs::remove_dir(name)),
        3 => code(fs::rename(name, arg)),
        4 => code(fs::hard_link(name, arg)),
        5 => code(std::os::unix::fs::symlink(name, arg)),
        6 => code(fs::set_permissions(name, fs::Permissions::from_mode(n as u32))),
        7 => code(std::env::set_current_dir(name)),
        _ => code(OpenOptions::new().write(true).open(name).and_then(|f| f.set_len(n as u64))),
    };
    c.ret_int(0, e);
    Ret::Done
}
fn chown(c: &mut Call<'_>) -> Ret {
    let (name, follow) = (path(c, 0), c.bool(4));
    let who = |v: i64| u32::try_from(v).ok();
    let (uid, gid) = (who(c.int(2)), who(c.int(3)));
    let r = if follow { std::os::unix::fs::chown(name, uid, gid) } else { std::os::unix::fs::lchown(name, uid, gid) };
    c.ret_int(0, code(r));
    Ret::Done
}
fn chtimes(c: &mut Call<'_>) -> Ret {
    let at = |sec: i64, nsec: i64| {
        (nsec >= 0).then(|| {
            let d = Duration::from_nanos(nsec as u64);
            if sec >= 0 {
                UNIX_EPOCH + Duration::from_secs(sec as u64) + d
            } else {
                UNIX_EPOCH - Duration::from_secs(sec.unsigned_abs()) + d
            }
        })
    };
    let mut t = fs::FileTimes::new();
    if let Some(a) = at(c.int(2), c.int(3)) {
        t = t.set_accessed(a);
    }
    if let Some(m) = at(c.int(4), c.int(5)) {
        t = t.set_modified(m);
    }
    let e = code(File::open(path(c, 0)).and_then(|f| f.set_times(t)));
    c.ret_int(0, e);
    Ret::Done
}
/// A path result and an error number.
fn ret_path(c: &mut Call<'_>, r: Result<PathBuf, Error>) -> Ret {
    use std::os::unix::ffi::OsStrExt;
    let (p, e) = match r {
        Ok(p) => (p, 0),
        Err(e) => (PathBuf::new(), errno(&e)),
    };
    c.ret_str(0, p.as_os_str().as_bytes());
    c.ret_int(2, e);
    Ret::Done
}
fn readlink(c: &mut Call<'_>) -> Ret {
    let r = fs::read_link(path(c, 0));
    ret_path(c, r)
}
fn getwd(c: &mut Call<'_>) -> Ret {
    ret_path(c, std::env::current_dir())
}
fn list(c: &mut Call<'_>) -> Ret {
    use std::os::unix::ffi::OsStringExt;
    let r: Result<Vec<(Vec<u8>, char)>, Error> = fs::read_dir(path(c, 0)).and_then(|dir| {
        dir.map(|e| {
            let e = e?;
            let t = e.file_type()?;
            let kind = if t.is_dir() {
                'd'
            } else if t.is_symlink() {
                'l'
            } else if t.is_fifo() {
                'p'
            } else if t.is_socket() {
                's'
            } else if t.is_block_device() {
                'b'
            } else if t.is_char_device() {
                'c'
            } else {
                '-'
            };
            Ok((e.file_name().into_vec(), kind))
        })
        .collect()
    });
    let (mut all, e) = match r {
        Ok(all) => (all, 0),
        Err(e) => (Vec::new(), errno(&e)),
    };
    all.sort();
    let types: String = all.iter().map(|x| x.1).collect();
    let names: Vec<Vec<u8>> = all.into_iter().map(|x| x.0).collect();
    c.ret_strings(0, &names);
    c.ret_str(3, types);
    c.ret_int(5, e);
    Ret::Done
}
fn random_text(c: &mut Call<'_>) -> Ret {
    let n = c.cx.rng.next_u64() as u32;
    c.ret_str(0, n.to_string());
    Ret::Done
}

/// Natives of os and syscall.
pub const TABLE: NativeTable = &[
    ("os.args", args),
    ("os.environ", environ),
    ("os.exit", exit),
    ("os.id", id),
    ("os.readText", read_text),
    ("os.open", open),
    ("os.closeFd", close),
    ("os.setDeadline", set_deadline),
    ("os.seek", seek),
    ("os.readAt", read_at),
    ("os.writeAt", write_at),
    ("os.truncate", truncate),
    ("os.syncFd", sync),
    ("os.pipe", pipe),
    ("os.stat", stat),
    ("os.change", change),
    ("os.chown", chown),
    ("os.chtimes", chtimes),
    ("os.readlink", readlink),
    ("os.getwd", getwd),
    ("os.list", list),
    ("os.randomText", random_text),
    ("os.startProcess", proc::start),
    ("os.waitProcess", proc::wait),
    ("os.killProcess", proc::kill),
    ("syscall.exit", exit),
    ("syscall.getpid", getpid),
];
