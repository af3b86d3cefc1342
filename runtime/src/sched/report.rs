//! Fatal errors and goroutine traces, as Go prints them.

use std::fmt::Write;

use super::g::{G, Status};
use crate::cx::Cx;
use crate::fault::Fault;

/// Prints `fatal error: …` and the goroutines; answers the exit status.
#[cold]
pub fn fatal(cx: &mut Cx, f: &Fault) -> i32 {
    let mut s = String::new();
    if f.text == "stack overflow" {
        s.push_str("runtime: goroutine stack exceeds 1000000000-byte limit\n");
    }
    let _ = writeln!(s, "fatal error: {}", f.text);
    s.push_str(&traces(cx));
    cx.run_exit_hooks();
    eprint!("{s}");
    2
}

/// The header line of one goroutine: `goroutine 7 [chan receive]:`.
pub fn header(g: &G) -> String {
    let what = match g.status {
        Status::Running => "running",
        Status::Runnable => "runnable",
        Status::Waiting => g.wait.text(),
        Status::Dead => "dead",
    };
    format!("goroutine {} [{what}]:", g.id)
}

/// The traces of all goroutines that have not ended (the running one's frames are known to the interpreter only).
pub fn traces(cx: &Cx) -> String {
    let mut s = String::new();
    let cur = cx.sched.cur();
    let mut live: Vec<&G> = cx.sched.all().iter().filter(|g| g.status != Status::Dead).collect();
    let cur_id = cx.sched.all().get(cur.0 as usize).map_or(0, |g| g.id);
    live.sort_by_key(|g| (g.id != cur_id, g.id));
    for g in live.iter().take(100) {
        s.push_str(&trace(g));
    }
    s
}

/// The trace of one goroutine that does not run.
pub fn trace(g: &G) -> String {
    let mut s = format!("\n{}\n", header(g));
    for f in g.fiber.iter().flat_map(|f| f.backtrace()) {
        let _ = writeln!(s, "{}\n\t{}:{}", f.func, f.file, f.line);
    }
    s
}
