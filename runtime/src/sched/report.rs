//! Fatal errors and goroutine traces, as Go prints them.

use std::fmt::Write;

use super::g::{GRef, State};
use super::shared::Shared;
use super::{World, try_stop_the_world};
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
    // The world stays stopped: the process is about to end, unless it has a host. If somebody else is ending it, that one prints.
    let Some(world) = try_stop_the_world(cx) else { return 2 };
    if f.is_deadlock() {
        // Nobody runs.
        s.push_str(&all_traces(cx.sched.shared(), 0));
    } else {
        s.push_str(&traces(cx, &world));
    }
    if cx.sched.shared().host.present.load(std::sync::atomic::Ordering::Relaxed) {
        eprint!("{s}");
        world.start(cx);
        return 2;
    }
    cx.run_exit_hooks();
    if f.is_deadlock() {
        s.push_str(&super::waits::explain(cx));
    }
    eprint!("{s}");
    2
}

/// The header line of one goroutine: `goroutine 7 [chan receive]:`.
pub fn header(g: GRef) -> String {
    format!("goroutine {} [{}]:", g.id(), super::status_text(g))
}

/// The traces of all goroutines that have not ended. The frames of the one that runs on this thread are as they were when its native
/// or its scheduler call froze them.
pub fn traces(cx: &Cx, _: &World) -> String {
    all_traces(cx.sched.shared(), cx.sched.last().map_or(0, |g| g.id()))
}

/// As `traces`; the goroutine numbered `cur` comes first.
fn all_traces(shared: &Shared, cur: u64) -> String {
    let mut s = String::new();
    let dead = |g: &GRef| matches!(g.word.state(), State::Dead | State::Idle) || g.is_system();
    let mut live: Vec<GRef> = shared.all_gs().filter(|g| !dead(g)).collect();
    live.sort_by_key(|g| (g.id() != cur, g.id()));
    for g in live.iter().take(100) {
        s.push_str(&trace(*g));
    }
    s
}

/// The trace of one goroutine, the world being stopped.
pub(super) fn trace(g: GRef) -> String {
    // SAFETY: no goroutine runs; those in blocking natives are frozen.
    format!("\n{}\n{}", header(g), unsafe { g.traceback() })
}

impl Shared {
    /// SIGQUIT: shows all goroutines and ends the process. By a thread that is none of the scheduler's.
    pub(crate) fn dump_and_quit(&self) {
        self.stop_from_outside();
        let mut s = String::from("SIGQUIT: quit\n");
        s.push_str(&all_traces(self, 0));
        eprint!("{s}");
        self.finish(super::shared::Ended::Status(2));
    }
}
