//! Running goroutines on behalf of a host: one at a time is waited for, the others go on as they get the chance.
//!
//! A program's process ends with its main goroutine. A host (a REPL, a program that embeds the language) starts one goroutine
//! after the other in the same process: [`run`] returns when the goroutine it was given is over, when nothing can run any more, or when
//! the host's [`Stop`] was pulled from another thread. Between two runs the world is stopped, so the host may use its `Cx` as it likes. A
//! goroutine that the host gives up on ends by [`kill`]: it stops waiting, runs its deferred calls as `runtime.Goexit` does, and is gone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::g::{GRef, State};
use super::shared::{Shared, lock};
use super::{p, report, spawn, sysmon};
use crate::cx::Cx;
use crate::fault::Fault;

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// The goroutine's function returned.
    Done,
    /// The goroutine ended by `runtime.Goexit`.
    Goexit,
    /// The goroutine panicked, or met a fatal error: that has been printed.
    Died,
    /// Neither it nor any other goroutine will ever run again; it is still there.
    Deadlock(Fault),
    /// The host asked to stop; the goroutine is still there.
    Stopped,
    /// The program asked for the end of the process.
    Quit(i32),
}

/// Where threads tell a host what happened.
#[derive(Default)]
pub(super) struct Host {
    /// There is a host: the end of the main goroutine is not that of the process.
    pub present: AtomicBool,
    told: Mutex<Option<Outcome>>,
    bell: Condvar,
}

impl Host {
    /// The host that waits gets to know. The first news counts.
    pub fn tell(&self, what: Outcome) {
        lock(&self.told).get_or_insert(what);
        self.bell.notify_all();
    }
}

/// Stops a run from another thread.
#[derive(Clone)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    shared: Arc<Shared>,
}

impl Stop {
    /// Of a process.
    pub fn new(cx: &Cx) -> Stop {
        Stop { asked: Arc::default(), shared: cx.sched.shared().clone() }
    }

    /// Makes the present or the next run end.
    pub fn pull(&self) {
        self.asked.store(true, Ordering::Release);
        drop(lock(&self.shared.host.told));
        self.shared.host.bell.notify_all();
    }

    /// Whether it was pulled since the last time.
    pub fn take(&self) -> bool {
        self.asked.load(Ordering::Relaxed) && self.asked.swap(false, Ordering::AcqRel)
    }
}

/// Starts a goroutine at `closure`.
pub fn start(cx: &mut Cx, closure: u64) -> GRef {
    spawn(cx, closure, 0)
}

/// Runs goroutines until `g` is over. Others are run as well, and one that panics is gone.
pub fn run(cx: &mut Cx, g: GRef, stop: &Stop) -> Outcome {
    go(cx, Some(g), stop, false)
}

/// Runs goroutines until the host asks to stop; if `poll`, only as long as one can run.
pub fn run_others(cx: &mut Cx, stop: &Stop, poll: bool) -> Outcome {
    go(cx, None, stop, poll)
}

fn go(cx: &mut Cx, g: Option<GRef>, stop: &Stop, poll: bool) -> Outcome {
    let shared = cx.sched.shared().clone();
    let host = &shared.host;
    shared.main.store(g.map_or(std::ptr::null_mut(), GRef::as_ptr), Ordering::Relaxed);
    *lock(&host.told) = None;
    if host.present.swap(true, Ordering::AcqRel) {
        shared.restart();
    } else {
        shared.begin();
        let first = cx.sched.p;
        first.cx.store(cx, Ordering::Release);
        first.tenure.set_state(p::RUNNING);
        sysmon::start(&shared, cx.heap.shared());
        shared.new_m(shared.lock(), Some(first), false);
    }
    let mut told = lock(&host.told);
    let outcome = loop {
        if let Some(o) = told.take() {
            break o;
        }
        if stop.take() {
            break Outcome::Stopped;
        }
        if poll {
            drop(told);
            if shared.is_quiet() {
                told = lock(&host.told);
                break told.take().unwrap_or(Outcome::Done);
            }
            std::thread::sleep(Duration::from_micros(100));
            told = lock(&host.told);
            continue;
        }
        told = host.bell.wait(told).unwrap_or_else(|e| e.into_inner());
    };
    drop(told);
    shared.stop_from_outside();
    outcome
}

/// The trace of a goroutine that does not run.
pub fn trace(_: &Cx, g: GRef) -> String {
    report::trace(g)
}

/// All goroutines, each with a line about what it does or waits for, and the innermost function.
pub fn goroutines(cx: &Cx) -> Vec<String> {
    let over = |g: &GRef| matches!(g.status(), State::Dead | State::Idle) || g.is_system();
    let mut live: Vec<GRef> = cx.sched.shared().all_gs().filter(|g| !over(g)).collect();
    live.sort_by_key(|g| g.id());
    let line = |g: GRef| {
        // SAFETY: a host asks between two runs: the world is stopped.
        let frames = unsafe { g.fiber() }.map_or_else(Vec::new, |f| f.backtrace());
        // Where the program itself is, not the library function that it waits in.
        let at = frames.iter().find(|f| f.name.starts_with("main.")).or(frames.first());
        let at = at.map(|f| format!(" {} at {}:{}", f.call(), f.file, f.line)).unwrap_or_default();
        format!("{}{at}", report::header(g))
    };
    live.into_iter().map(line).collect()
}

/// Ends a goroutine: takes it out of whatever it waits in and runs its deferred calls. If these do not end before the host pulls `stop`, or
/// wait for ever, it is left where it is.
pub fn kill(cx: &mut Cx, g: GRef, stop: &Stop) -> Outcome {
    if g.status() == State::Dead {
        return Outcome::Done;
    }
    // SAFETY: a host asks between two runs: the world is stopped.
    if let Some(fiber) = unsafe { g.fiber() } {
        fiber.abort();
    }
    if g.status() == State::Waiting {
        crate::select::cancel(cx, g);
        let shared = cx.sched.shared().clone();
        shared.semas.cancel(g);
        shared.timers.cancel(g);
        shared.net.cancel(g);
        g.scratch.set(0);
        cx.sched.ready(g);
    }
    match run(cx, g, stop) {
        Outcome::Quit(status) => Outcome::Quit(status),
        Outcome::Stopped | Outcome::Deadlock(_) => Outcome::Stopped,
        other => other,
    }
}

impl Shared {
    /// Whether nothing runs and nothing waits to be run.
    fn is_quiet(&self) -> bool {
        let l = self.lock();
        l.idle_ps.len() == self.procs() && l.runq.len() == 0 && l.idle_ps.iter().all(|p| p.runq.is_empty())
    }

    /// The host is done with the process: its threads leave.
    pub fn shut_down(&self) {
        if !self.host.present.load(Ordering::Acquire) {
            return;
        }
        self.finish(super::shared::Ended::Status(0));
        let all = self.lock().ms.all.clone();
        for _ in 0..1000 {
            if all.iter().all(|m| m.free_wait.is_free()) {
                return;
            }
            std::thread::yield_now();
        }
    }
}
