//! The scheduler: goroutines on threads.
//!
//! - **G** ([`g`]): a goroutine's control block. **M** ([`m`]): a thread. **P** ([`p`]): the right to run goroutines; there are
//!   GOMAXPROCS of them, each with a run queue and a [`Cx`], which is what running code is lent.
//! - `run.rs`: a thread's loop; `find.rs`: the search for work, stealing, going to sleep; [`shared`]: what all share.
//! - A goroutine parks with a reason after queueing itself with whoever will wake it, and the waker calls [`Sched::ready`]. A waker
//!   that comes before the goroutine has really parked leaves a note in its status word ([`status`]). Values cross goroutines
//!   through sudogs ([`crate::select`]), never through a frame.
//! - `block.rs`: natives that block give their P up. `world.rs`: stopping the world. `procs.rs`: GOMAXPROCS changes. `sysmon.rs`:
//!   time slices. `dead.rs`: deadlocks. `report.rs`: fatal errors and traces.
//!
//! [`Sched`] is the scheduler as one P sees it.

pub mod alarm;
pub mod allgs;
pub mod allp;
mod block;
mod dead;
mod debug;
mod find;
pub mod foreachp;
pub mod g;
pub mod host;
pub mod idle;
pub mod lock;
pub(crate) mod m;
pub mod mexit;
pub mod note;
pub(crate) mod p;
mod procs;
pub mod readiness;
pub mod readyg;
pub mod report;
pub mod ring;
mod run;
pub mod select_done;
pub mod shared;
pub mod slots;
pub mod status;
pub mod stw;
pub mod syscall;
mod sysmon;
pub mod tenure;
mod waits;
mod world;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cx::{Cx, PollWord};
use crate::fiber::{Fiber, FiberFactory};
use crate::select::Sudog;
use g::{GRef, State};
use m::MRef;
use p::PRef;
use shared::{Ended, Shared, lock};
use status::Ready;

pub use procs::MAX_PROCS;
pub(crate) use world::stop_if_asked;
pub use world::{World, for_each_p, stop_the_world, try_stop_the_world};

/// Dead goroutines' blocks that a P keeps.
const GFREE: usize = 64;
/// Unused sudogs that a P keeps.
const SUDOGS: usize = 128;

/// The scheduler, as seen by the holder of a P.
pub struct Sched {
    shared: Arc<Shared>,
    p: PRef,
    m: Option<MRef>,
    cur: Option<GRef>,
    gfree: Vec<GRef>,
    sudogs: Vec<*mut Sudog>,
    /// Instructions left of the time slice, when slices are counted.
    pub fuel: i64,
    /// GOMAXPROCS to be, set by a native that then yields.
    pub(crate) wanted_procs: Option<usize>,
}

// SAFETY: unused sudogs and the references are used by the holder of the P only.
unsafe impl Send for Sched {}

impl Sched {
    /// The first P of a process without goroutines.
    pub(crate) fn new(poll: PollWord, factory: FiberFactory) -> Sched {
        let shared = Shared::new(factory, poll);
        let p = shared.allp.snapshot().ps[0];
        Sched::of(shared, p)
    }

    /// For another P.
    pub(crate) fn of(shared: Arc<Shared>, p: PRef) -> Sched {
        let (gfree, sudogs) = (Vec::new(), Vec::new());
        Sched { shared, p, m: None, cur: None, gfree, sudogs, fuel: 0, wanted_procs: None }
    }

    /// What all Ps share.
    #[inline]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(crate) fn p(&self) -> PRef {
        self.p
    }

    pub(crate) fn m(&self) -> Option<MRef> {
        self.m
    }

    pub(crate) fn set_m(&mut self, m: MRef) {
        self.m = Some(m);
    }

    #[inline]
    pub(crate) fn begin(&mut self, g: GRef) {
        self.cur = Some(g);
    }

    /// The running goroutine.
    #[inline]
    #[track_caller]
    pub fn cur(&self) -> GRef {
        self.cur.expect("a goroutine runs")
    }

    /// The running goroutine, or the last that ran here.
    pub fn last(&self) -> Option<GRef> {
        self.cur
    }

    /// runtime.NumGoroutine.
    pub fn num_goroutine(&self) -> usize {
        self.shared.live.load(Ordering::Relaxed).max(0) as usize
    }

    /// Nanoseconds since the process began: the monotonic clock of timers.
    #[inline]
    pub fn nanotime(&self) -> i64 {
        self.shared.nanotime()
    }

    /// Asks for another GOMAXPROCS; it takes effect when the native that asks has returned `Ret::Yield`.
    pub fn want_procs(&mut self, n: usize) {
        self.wanted_procs = Some(n);
    }

    /// Makes a waiting goroutine runnable: it runs next, before what was going to.
    #[inline]
    pub fn ready(&mut self, g: GRef) {
        if g.word.ready() == Ready::Queue {
            self.put_next(g);
            self.shared.wakep();
        }
    }

    /// Makes a waiting goroutine runnable and has it run in the place of the running one, whose native then answers `Ret::Yield`.
    pub fn ready_in_place(&mut self, g: GRef) {
        if g.word.ready() == Ready::Queue {
            // SAFETY: the running goroutine is its thread's.
            unsafe { self.cur().readyg.set(g) };
        }
    }

    /// Like `ready`, but behind everybody else (timers).
    pub fn ready_back(&mut self, g: GRef) {
        if g.word.ready() == Ready::Queue {
            self.put_back(g);
        }
    }

    /// To the front of the queue; who was there goes to its end.
    #[inline]
    fn put_next(&mut self, g: GRef) {
        if let Some(old) = self.p.runq.push_next(g) {
            self.push(old);
        }
    }

    /// To the end of the queue.
    #[inline]
    pub(crate) fn put_back(&mut self, g: GRef) {
        self.push(g);
        self.shared.wakep();
    }

    #[inline]
    fn push(&mut self, g: GRef) {
        if let Err(batch) = self.p.runq.push(g) {
            let mut l = self.shared.lock();
            for g in batch.iter() {
                self.shared.put_global(&mut l, g);
            }
        }
    }

    /// The next goroutine of this P. One that was put first shares the time slice of whoever put it there, so that two goroutines
    /// that keep waking each other are preempted together.
    #[inline]
    fn next_local(&mut self) -> Option<(GRef, bool)> {
        if self.shared.settings.fuzz.is_some()
            && self.shared.dice(8)
            && let Some(g) = self.p.runq.pop_next()
        {
            // Out of turn.
            self.push(g);
            return Some((self.p.runq.pop()?, false));
        }
        if let Some(g) = self.p.runq.pop_next() {
            return Some((g, true));
        }
        Some((self.p.runq.pop()?, false))
    }

    /// A dead block, alive again.
    fn take_g(&mut self, parent: u64, start_pc: usize, system: bool) -> GRef {
        if self.gfree.is_empty() {
            let mut l = self.shared.lock();
            let keep = l.gfree.len().saturating_sub(GFREE / 2);
            self.gfree.extend(l.gfree.drain(keep..));
        }
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        if !system {
            self.shared.live.fetch_add(1, Ordering::Relaxed);
        }
        let g = self.gfree.pop().unwrap_or_else(|| {
            let (_, g) = self.shared.allgs.push(|_| {
                let g = g::G::blank();
                g.word.adopt();
                g
            });
            GRef::of(g)
        });
        g.renew();
        g.name(id, parent, start_pc, system);
        g
    }

    /// A goroutine is over.
    fn bury(&mut self, g: GRef) {
        if !g.is_system() {
            self.shared.live.fetch_sub(1, Ordering::Relaxed);
        }
        g.renew();
        g.word.exit();
        self.gfree.push(g);
        if self.gfree.len() > GFREE {
            self.shared.lock().gfree.extend(self.gfree.drain(GFREE / 2..));
        }
    }

    /// A sudog nobody uses.
    #[inline]
    pub(crate) fn take_sudog(&mut self) -> *mut Sudog {
        if self.sudogs.is_empty() {
            self.shared.more_sudogs(&mut self.sudogs);
        }
        self.sudogs.pop().expect("just filled")
    }

    #[inline]
    pub(crate) fn free_sudog(&mut self, s: *mut Sudog) {
        self.sudogs.push(s);
        if self.sudogs.len() > SUDOGS {
            self.shared.fewer_sudogs(&mut self.sudogs, SUDOGS / 2);
        }
    }

    /// runtime.LockOSThread.
    pub fn lock_thread(&mut self) {
        let (g, Some(m)) = (self.cur(), self.m) else { return };
        g.locks.set(g.locks.get() + 1);
        g.lockedm.store(m.as_ptr(), Ordering::Release);
        m.lockedg.set(Some(g));
    }

    /// runtime.UnlockOSThread.
    pub fn unlock_thread(&mut self) {
        let (g, Some(m)) = (self.cur(), self.m) else { return };
        if g.locks.get() == 0 {
            return;
        }
        g.locks.set(g.locks.get() - 1);
        if g.locks.get() == 0 {
            g.lockedm.store(std::ptr::null_mut(), Ordering::Release);
            m.lockedg.set(None);
        }
    }

    /// What the interpreter keeps for the running thread; null before `set_engine`.
    #[inline]
    pub fn engine(&self) -> *mut u8 {
        self.m.map_or(std::ptr::null_mut(), |m| m.engine())
    }

    /// Keeps something for the running thread.
    pub fn set_engine<T: std::any::Any + Send>(&mut self, e: Box<T>) -> *mut u8 {
        self.m.expect("goroutines run on threads").set_engine(e)
    }

    /// Something changed for all Ps: an idle one should look.
    pub(crate) fn wake_another(&self) {
        self.shared.wakep();
    }

    /// Whether a goroutine waits for somebody to run it.
    pub(crate) fn work_waits(&self) -> bool {
        self.shared.queued.load(Ordering::Relaxed) > 0
            || self.shared.allp.snapshot().ps.iter().any(|p| !p.runq.is_empty())
    }

    /// Time slices are counted in instructions instead of measured.
    pub fn counts(&self) -> bool {
        self.shared.settings.det.is_some() || self.shared.settings.fuzz.is_some()
    }

    /// Whether there may be work that another thread could do: spinning on a lock is worth while.
    pub(crate) fn can_spin(&self) -> bool {
        let procs = self.shared.procs();
        procs > 1 && self.shared.spin.idle() + 1 < procs && self.p.runq.is_empty()
    }
}

/// Starts a goroutine at `closure`; it runs as soon as the current one gives way. `pc` is the return address of the statement that asks
/// for it, 0 if none does.
pub fn spawn(cx: &mut Cx, closure: u64, pc: usize) -> GRef {
    let parent = cx.sched.cur.map_or(0, |p| p.id());
    let g = cx.sched.take_g(parent, pc, false);
    // SAFETY: the block is ours alone until it is queued.
    if unsafe { g.fiber() }.is_none() {
        g.set_fiber(Some((cx.sched.shared.factory)()));
    }
    // SAFETY: as above.
    if let Some(f) = unsafe { g.fiber() } {
        f.start(cx, closure);
    }
    // The closure may come out of a timer.
    cx.heap.shade(closure);
    g.word.start();
    cx.sched.put_next(g);
    cx.sched.shared.wakep();
    g
}

/// Starts a goroutine of the runtime itself: not counted, not shown in traces.
pub fn spawn_system(cx: &mut Cx, fiber: Box<dyn Fiber>) -> GRef {
    let g = cx.sched.take_g(0, 0, true);
    g.set_fiber(Some(fiber));
    g.word.start();
    cx.sched.put_back(g);
    g
}

/// Runs the program whose main goroutine begins at `main`, to its end; answers the exit status. The calling thread waits.
///
/// `cx` is lent to the threads that run goroutines. When this returns, a thread that was in a blocking native or on its way to a
/// safepoint may still hold it: the process is expected to end soon, and `cx` must not be dropped before.
pub fn run_main(cx: &mut Cx, main: u64) -> i32 {
    let shared = cx.sched.shared.clone();
    shared.begin();
    let p = cx.sched.p;
    p.cx.store(cx, Ordering::Release);
    let g = spawn(cx, main, 0);
    shared.main.store(g.as_ptr(), Ordering::Relaxed);
    let asked = cx.sched.wanted_procs.take();
    if let Some(n) = asked.or_else(|| shared.first_procs()) {
        shared.set_procs(cx, n);
        for p in &shared.lock().all_ps {
            p.stopped.clear();
        }
    }
    if shared.settings.det.is_none() {
        sysmon::start(&shared, cx.heap.shared());
    }
    crate::signal::watch(&shared);
    p.tenure.set_state(p::RUNNING);
    shared.new_m(shared.lock(), Some(p), false);
    let mut ended = lock(&shared.ended.0);
    let how = loop {
        match ended.take() {
            Some(how) => break how,
            None => ended = shared.ended.1.wait(ended).unwrap_or_else(|e| e.into_inner()),
        }
    };
    drop(ended);
    shared.settle();
    match how {
        Ended::Status(s) => s,
        Ended::Panic(p) => std::panic::resume_unwind(p),
    }
}

impl Shared {
    /// After a program: waits a moment for its threads to leave. If all do, the `Cx` can be used again.
    fn settle(&self) {
        let all = self.lock().ms.all.clone();
        for _ in 0..200 {
            if all.iter().all(|m| m.free_wait.is_free()) {
                self.ending.store(false, Ordering::Release);
                self.world.stop.reset();
                return;
            }
            std::thread::yield_now();
        }
    }

    /// Before a program runs (one after another in tests and benchmarks).
    fn begin(&self) {
        self.ending.store(false, Ordering::Release);
        self.world.stop.reset();
        let mut l = self.lock();
        l.idle_ms.clear();
        l.ms = Default::default();
        (l.next_m, l.freed_ms, l.locked_idle) = (0, 0, 0);
        l.sysmon_waits = false;
        self.sysmon_waits.store(false, Ordering::Relaxed);
        self.spin.reset();
        self.alarm.reset();
        self.sysmon_note.clear();
    }

    /// GOMAXPROCS at the start, if it is not one.
    fn first_procs(&self) -> Option<usize> {
        let n = self.settings.procs();
        (n > 1).then_some(n)
    }
}

/// The status of a goroutine as traces show it.
pub fn status_text(g: GRef) -> &'static str {
    match g.word.state() {
        State::Running => "running",
        State::Runnable => "runnable",
        State::Syscall => "syscall",
        State::Waiting => g.wait_reason().text(),
        State::Idle | State::Dead => "dead",
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_threads;
