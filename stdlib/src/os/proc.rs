//! Processes.

use std::collections::HashMap;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};

use gol_runtime::native::{Call, Ret};

use crate::stdio::{Files, errno};

/// Children that were not waited for.
#[derive(Default)]
struct Children {
    running: HashMap<i64, Child>,
}

fn text(b: &[u8]) -> &std::ffi::OsStr {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(b)
}

pub(super) fn start(c: &mut Call<'_>) -> Ret {
    let (path, argv, env, dir) = (c.bytes(0), c.strings(2), c.strings(5), c.bytes(8));
    let mut cmd = Command::new(text(path));
    if let [first, rest @ ..] = &argv[..] {
        cmd.arg0(text(first)).args(rest.iter().map(|a| text(a)));
    }
    cmd.env_clear();
    for e in env {
        if let Some(i) = e.iter().skip(1).position(|&b| b == b'=') {
            cmd.env(text(&e[..i + 1]), text(&e[i + 2..]));
        }
    }
    if !dir.is_empty() {
        cmd.current_dir(text(dir));
    }
    let fds = c.words(10).to_vec();
    for (i, fd) in fds.into_iter().enumerate() {
        let file = c.cx.ext::<Files>().give_away(fd as i64).and_then(|o| o.file.try_clone().ok());
        let io = file.map_or_else(Stdio::null, Stdio::from);
        match i {
            0 => cmd.stdin(io),
            1 => cmd.stdout(io),
            _ => cmd.stderr(io),
        };
    }
    let (pid, e) = match cmd.spawn() {
        Ok(child) => {
            let pid = child.id() as i64;
            c.cx.ext::<Children>().running.insert(pid, child);
            (pid, 0)
        }
        Err(e) => (0, errno(&e)),
    };
    c.ret_int(0, pid);
    c.ret_int(1, e);
    Ret::Done
}

pub(super) fn wait(c: &mut Call<'_>) -> Ret {
    const ECHILD: i64 = 10;
    let pid = c.int(0);
    // When the answer is there and this is called again, the child is gone and the closure is not run.
    let child = c.cx.ext::<Children>().running.remove(&pid);
    let answer = c.blocking_long(move || match child.map(|mut child| child.wait()) {
        Some(Ok(s)) => (s.code().unwrap_or(-1) as i64, s.signal().unwrap_or(0) as i64, 0),
        Some(Err(e)) => (0, 0, errno(&e)),
        None => (0, 0, ECHILD),
    });
    match answer {
        Ok((code, signal, e)) => {
            c.ret_int(0, code);
            c.ret_int(1, signal);
            c.ret_int(2, e);
            Ret::Done
        }
        Err(r) => r,
    }
}

pub(super) fn kill(c: &mut Call<'_>) -> Ret {
    let (pid, signal) = (c.int(0), c.int(1));
    let e = match c.cx.ext::<Children>().running.get_mut(&pid) {
        Some(child) if signal == 9 => child.kill().err().map_or(0, |e| errno(&e)),
        _ => gol_runtime::signal::send(pid, signal),
    };
    c.ret_int(0, e);
    Ret::Done
}
