//! Running goroutines on behalf of a host: one at a time is waited for, the others go on as they get the chance.
//!
//! A program's process ends with its main goroutine. A host (a REPL, a program that embeds the language) starts one goroutine
//! after the other in the same process: [`run`] returns when the goroutine it was given is over, when nothing can run any more, or when
//! the host's [`Stop`] was pulled from another thread. A goroutine that the host gives up on ends by [`kill`]: it stops waiting, runs its
//! deferred calls as `runtime.Goexit` does, and is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::g::{GRef, Status};
use super::remote::{Event, Remote};
use super::{End, schedule, spawn, sysmon};
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

/// Stops a run from another thread.
#[derive(Clone)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    remote: Remote,
}

impl Stop {
    /// Of a process.
    pub fn new(cx: &Cx) -> Stop {
        Stop { asked: Arc::default(), remote: cx.sched.remote.clone() }
    }

    /// Makes the present or the next run end.
    pub fn pull(&self) {
        self.asked.store(true, Ordering::Release);
        self.remote.post(Event::Call(Box::new(|_| {})));
    }

    /// Whether it was pulled since the last time.
    pub fn take(&self) -> bool {
        self.asked.load(Ordering::Relaxed) && self.asked.swap(false, Ordering::AcqRel)
    }
}

/// What a host waits for.
pub(super) struct Hosted<'a> {
    pub stop: &'a Stop,
    /// Return as soon as there is nothing to do, instead of waiting for something.
    pub poll: bool,
}

/// Starts a goroutine at `closure`.
pub fn start(cx: &mut Cx, closure: u64) -> GRef {
    spawn(cx, closure)
}

/// Runs goroutines until `g` is over. Others are run as well, and one that panics is gone.
pub fn run(cx: &mut Cx, g: GRef, stop: &Stop) -> Outcome {
    let sysmon = sysmon::start(&cx.sched.remote, cx.poll.clone());
    let end = schedule(cx, Some(g), Some(&Hosted { stop, poll: false }));
    drop(sysmon);
    outcome(end)
}

/// Runs goroutines until the host asks to stop; if `poll`, only as long as one can run.
pub fn run_others(cx: &mut Cx, stop: &Stop, poll: bool) -> Outcome {
    let sysmon = sysmon::start(&cx.sched.remote, cx.poll.clone());
    let end = schedule(cx, None, Some(&Hosted { stop, poll }));
    drop(sysmon);
    outcome(end)
}

/// The trace of a goroutine that does not run.
pub fn trace(cx: &Cx, g: GRef) -> String {
    super::report::trace(cx.sched.g(g))
}

/// All goroutines, each with a line about what it does or waits for, and the innermost function.
pub fn goroutines(cx: &Cx) -> Vec<String> {
    let mut live: Vec<_> = cx.sched.all().iter().filter(|g| g.status != Status::Dead).collect();
    live.sort_by_key(|g| g.id);
    let line = |g: &super::g::G| {
        let frames = g.fiber.as_ref().map(|f| f.backtrace()).unwrap_or_default();
        // Where the program itself is, not the library function that it waits in.
        let at = frames.iter().find(|f| f.func.starts_with("main.")).or(frames.first());
        let at = at.map(|f| format!(" {} at {}:{}", f.func, f.file, f.line)).unwrap_or_default();
        format!("{}{at}", super::report::header(g))
    };
    live.into_iter().map(line).collect()
}

fn outcome(end: End) -> Outcome {
    match end {
        End::Done => Outcome::Done,
        End::Goexit => Outcome::Goexit,
        End::Died => Outcome::Died,
        End::Deadlock(f) => Outcome::Deadlock(f),
        End::Stopped => Outcome::Stopped,
        End::Quit(status) => Outcome::Quit(status),
    }
}

/// Ends a goroutine that does not run: takes it out of whatever it waits in and runs its deferred calls. If these do not end before the
/// host pulls `stop`, it is gone without the rest of them.
pub fn kill(cx: &mut Cx, g: GRef, stop: &Stop) -> Outcome {
    if cx.sched.g(g).status == Status::Dead {
        return Outcome::Done;
    }
    cx.sched.unqueue(g);
    let gp = cx.sched.g_mut(g);
    gp.status = Status::Runnable;
    if let Some(fiber) = &mut gp.fiber {
        fiber.abort();
    }
    cx.sched.put_next(g);
    match run(cx, g, stop) {
        Outcome::Quit(status) => Outcome::Quit(status),
        Outcome::Stopped | Outcome::Deadlock(_) => {
            cx.sched.unqueue(g);
            cx.sched.drop_g(g);
            Outcome::Stopped
        }
        other => other,
    }
}

impl super::Sched {
    /// Takes a goroutine that does not run out of all queues.
    fn unqueue(&mut self, g: GRef) {
        if self.runnext == Some(g) {
            self.runnext = None;
        }
        self.runq.retain(|&q| q != g);
        self.cancel_sudogs(g);
        self.semas.cancel(g);
        self.timers.cancel(g);
        // The answer of a blocking call on another thread is for an earlier life.
        let id = self.next_id;
        self.next_id += 1;
        self.g_mut(g).id = id;
    }
}
