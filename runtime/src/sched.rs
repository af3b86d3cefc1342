//! The scheduler: who runs next.
//!
//! One OS thread runs goroutines for now; the interface is the one the many-threaded scheduler keeps: a goroutine parks with a
//! reason after queueing itself with whoever will wake it, and the waker calls [`Sched::ready`]. Values cross goroutines
//! through the G's [`Wake`], never through a frame.
//!
//! Life of a goroutine: `spawn` (Runnable) → `run_main` picks it (Running) → its fiber returns a [`Switch`] → Runnable, Waiting,
//! or dead: the G and its fiber go to the pool.

pub mod alarm;
pub mod allgs;
pub mod allp;
pub mod foreachp;
pub mod g;
pub mod host;
pub mod idle;
pub mod mexit;
pub mod note;
pub mod readyg;
pub mod remote;
pub mod report;
pub mod ring;
pub mod select_done;
pub mod slots;
pub mod status;
pub mod stw;
pub mod syscall;
mod sysmon;

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::cx::{Cx, POLL_EVENT, POLL_GC, POLL_PREEMPT, PollWord};
use crate::fault::Fault;
use crate::fiber::{FiberFactory, Switch, WaitReason};
use crate::select::Sudogs;
use crate::sema::Semas;
use crate::timer::Timers;
use g::{G, GRef, Status, Wake};
use remote::Remote;

/// Goroutines and what they wait for.
pub struct Sched {
    factory: FiberFactory,
    gs: Vec<G>,
    free: Vec<GRef>,
    runq: VecDeque<GRef>,
    runnext: Option<GRef>,
    cur: GRef,
    next_id: u64,
    live: usize,
    main_gone: bool,
    start: Instant,
    pub(crate) tick: u64,
    /// Waiting entries of channels.
    pub(crate) sudogs: Sudogs,
    /// Semaphores and notify lists.
    pub semas: Semas,
    /// Timers.
    pub timers: Timers,
    /// Door for other threads.
    pub remote: Remote,
}

impl Sched {
    /// No goroutines yet.
    pub fn new(poll: PollWord, factory: FiberFactory) -> Sched {
        Sched {
            remote: Remote::new(poll),
            factory,
            gs: Vec::new(),
            free: Vec::new(),
            runq: VecDeque::new(),
            runnext: None,
            cur: GRef(0),
            next_id: 1,
            live: 0,
            main_gone: false,
            start: Instant::now(),
            tick: 0,
            sudogs: Sudogs::default(),
            semas: Semas::default(),
            timers: Timers::default(),
        }
    }

    /// The running goroutine.
    #[inline]
    pub fn cur(&self) -> GRef {
        self.cur
    }

    /// A goroutine's control block.
    #[inline]
    pub fn g(&self, g: GRef) -> &G {
        &self.gs[g.0 as usize]
    }

    /// A goroutine's control block.
    #[inline]
    pub fn g_mut(&mut self, g: GRef) -> &mut G {
        &mut self.gs[g.0 as usize]
    }

    /// All control blocks, dead ones included.
    pub fn all(&self) -> &[G] {
        &self.gs
    }

    /// runtime.NumGoroutine.
    pub fn num_goroutine(&self) -> usize {
        self.live
    }

    /// Nanoseconds since the process began: the monotonic clock of timers.
    #[inline]
    pub fn nanotime(&self) -> i64 {
        self.start.elapsed().as_nanos() as i64 + 1
    }

    /// What the running goroutine was woken with.
    #[inline]
    pub fn wake(&mut self) -> &mut Wake {
        let g = self.cur;
        &mut self.g_mut(g).wake
    }

    /// Makes a waiting goroutine runnable: it runs next, before what was going to.
    #[inline]
    pub fn ready(&mut self, g: GRef) {
        let gp = &mut self.gs[g.0 as usize];
        match gp.status {
            Status::Waiting => {
                gp.status = Status::Runnable;
                self.put_next(g);
            }
            // Woken before it got round to parking.
            Status::Running => gp.notified = true,
            Status::Runnable | Status::Dead => {}
        }
    }

    /// Like `ready`, but behind everybody else (timers).
    pub fn ready_back(&mut self, g: GRef) {
        let gp = &mut self.gs[g.0 as usize];
        match gp.status {
            Status::Waiting => {
                gp.status = Status::Runnable;
                self.runq.push_back(g);
            }
            _ => self.ready(g),
        }
    }

    #[inline]
    fn put_next(&mut self, g: GRef) {
        if let Some(old) = self.runnext.replace(g) {
            self.runq.push_back(old);
        }
    }

    /// Picks the next goroutine. One that was put first shares the time slice of whoever put it there, so that two goroutines
    /// that keep waking each other are preempted together.
    #[inline]
    fn pick(&mut self, preempted: bool) -> Option<GRef> {
        if let Some(g) = self.runnext.take() {
            if !preempted {
                return Some(g);
            }
            self.runq.push_back(g);
        }
        self.tick += 1;
        self.remote.note_tick(self.tick);
        self.runq.pop_front()
    }

    fn take_g(&mut self) -> GRef {
        self.live += 1;
        let id = self.next_id;
        self.next_id += 1;
        if let Some(g) = self.free.pop() {
            self.gs[g.0 as usize].renew(id);
            return g;
        }
        let g = GRef(self.gs.len() as u32);
        let fiber = (self.factory)();
        self.gs.push(G::new(id, fiber));
        g
    }

    fn drop_g(&mut self, g: GRef) {
        self.live -= 1;
        let gp = self.g_mut(g);
        gp.status = Status::Dead;
        gp.wake = Wake::default();
        self.free.push(g);
    }
}

/// Starts a goroutine at `closure`; it runs as soon as the current one gives way.
pub fn spawn(cx: &mut Cx, closure: u64) -> GRef {
    let g = cx.sched.take_g();
    let parent = cx.sched.cur;
    let mut fiber = cx.sched.g_mut(g).fiber.take().expect("a pooled goroutine has its fiber");
    fiber.start(cx, closure);
    // The closure may come out of a timer.
    cx.heap.shade(closure);
    let id = cx.sched.gs.get(parent.0 as usize).map_or(0, |p| p.id);
    let gp = cx.sched.g_mut(g);
    gp.parent = id;
    gp.fiber = Some(fiber);
    gp.status = Status::Runnable;
    cx.sched.put_next(g);
    g
}

/// Runs the program whose main goroutine begins at `main`, to its end; answers the exit status.
pub fn run_main(cx: &mut Cx, main: u64) -> i32 {
    let main = spawn(cx, main);
    let sysmon = sysmon::start(&cx.sched.remote, cx.poll.clone());
    let end = schedule(cx, Some(main), None);
    drop(sysmon);
    let status = match end {
        End::Quit(status) => status,
        End::Deadlock(f) => return report::fatal(cx, &f),
        _ => 0,
    };
    cx.run_exit_hooks();
    status
}

/// Why the loop ended.
enum End {
    Done,
    Goexit,
    Died,
    Deadlock(Fault),
    Stopped,
    Quit(i32),
}

/// The loop: find a goroutine, give it a time slice, file it where it belongs. It ends with goroutine `main`, or as the host wants.
fn schedule(cx: &mut Cx, main: Option<GRef>, hosted: Option<&host::Hosted<'_>>) -> End {
    loop {
        // A plain look first: the swap would cost as much as the rest of a turn.
        let poll = if cx.should_yield() { cx.poll.swap(0, Ordering::Acquire) } else { 0 };
        if poll & POLL_GC != 0 {
            crate::gc::collect_if_due(cx);
        }
        if poll & POLL_EVENT != 0 {
            remote::drain(cx);
        }
        if hosted.is_some_and(|h| h.stop.take()) {
            return End::Stopped;
        }
        if !cx.sched.timers.is_empty() {
            crate::timer::run_due(cx);
        }
        crate::gc::work(cx);
        let Some(g) = cx.sched.pick(poll & POLL_PREEMPT != 0) else {
            if crate::gc::idle_work(cx) {
                continue;
            }
            if main.is_none()
                && let Some(h) = hosted
            {
                if h.poll {
                    return End::Done;
                }
                wait(cx);
                continue;
            }
            match idle(cx) {
                Ok(()) => continue,
                Err(f) => return End::Deadlock(f),
            }
        };
        cx.sched.cur = g;
        crate::gc::gate(cx, g);
        let gp = cx.sched.g_mut(g);
        gp.status = Status::Running;
        gp.wait = WaitReason::None;
        let mut fiber = gp.fiber.take().expect("a runnable goroutine has its fiber");
        let switch = fiber.resume(cx);
        let gp = cx.sched.g_mut(g);
        gp.fiber = Some(fiber);
        match switch {
            Switch::Poll => {
                gp.status = Status::Runnable;
                // Only a spent time slice costs the goroutine its turn.
                if cx.poll.load(Ordering::Relaxed) & POLL_PREEMPT != 0 {
                    cx.sched.runq.push_back(g);
                } else {
                    cx.sched.runq.push_front(g);
                    if let Some(n) = cx.sched.runnext.take() {
                        cx.sched.runq.insert(1, n);
                    }
                }
            }
            Switch::Yield => {
                gp.status = Status::Runnable;
                cx.sched.runq.push_back(g);
            }
            Switch::Park(why) => {
                if std::mem::take(&mut gp.notified) {
                    gp.status = Status::Runnable;
                    cx.sched.put_next(g);
                } else {
                    gp.status = Status::Waiting;
                    gp.wait = why;
                }
            }
            Switch::Exit if Some(g) == main => {
                if hosted.is_some() {
                    cx.sched.drop_g(g);
                }
                return End::Done;
            }
            Switch::Goexit if Some(g) == main && hosted.is_some() => {
                cx.sched.drop_g(g);
                return End::Goexit;
            }
            Switch::Goexit if Some(g) == main => {
                cx.sched.main_gone = true;
                cx.sched.drop_g(g);
            }
            Switch::Exit | Switch::Goexit => cx.sched.drop_g(g),
            Switch::Quit(status) => return End::Quit(status),
            Switch::Died if hosted.is_some() => {
                cx.sched.drop_g(g);
                if Some(g) == main {
                    return End::Died;
                }
            }
            Switch::Died => return End::Quit(2),
            Switch::Fatal(f) => {
                let status = report::fatal(cx, &f);
                if hosted.is_none() {
                    return End::Quit(status);
                }
                cx.sched.drop_g(g);
                if Some(g) == main {
                    return End::Died;
                }
            }
        }
    }
}

/// Nothing can run: waits for a timer or another thread. An error if neither can come.
#[cold]
fn idle(cx: &mut Cx) -> Result<(), Fault> {
    let next = cx.sched.timers.next_when();
    if next.is_none() && !cx.sched.remote.expects_events() {
        return Err(if cx.sched.main_gone { Fault::deadlock_no_main() } else { Fault::deadlock() });
    }
    wait(cx);
    Ok(())
}

/// Waits for a timer or another thread.
#[cold]
fn wait(cx: &mut Cx) {
    let next = cx.sched.timers.next_when();
    let time = next.map(|w| std::time::Duration::from_nanos((w - cx.sched.nanotime()).max(0) as u64));
    cx.sched.remote.sleep(time);
    remote::drain(cx);
}

#[cfg(test)]
mod tests;
