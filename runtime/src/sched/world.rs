//! Stopping the world, for the scheduler and the collector. The handshake itself is [`super::stw`]; here is who is counted on whose
//! behalf: Ps on the idle list, and Ps whose holder is in a blocking call.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::foreachp::Round;
use super::g::GRef;
use super::p::{IDLE, PRef, RUNNING};
use super::shared::{Shared, lock};
use super::stw::Stop;
use super::{block, syscall};
use crate::cx::{Cx, POLL_STOP};

/// The meeting point of a stop.
#[derive(Default)]
pub(super) struct WorldState {
    pub(super) stop: Stop,
    /// Stops so far.
    pub(super) stops: AtomicU64,
    round: Round,
    /// Whose round it is, and what is done in it.
    turn: Mutex<()>,
    work: Mutex<Option<fn(&mut Cx)>>,
}

impl WorldState {
    /// Counts a P as stopped; by whoever has it or acts for it.
    pub(super) fn count_stopped(&self, p: PRef) {
        self.stop.count(&p.stopped);
    }

    /// Does for a P what is done for each, unless somebody has.
    fn serve(&self, p: PRef, cx: &mut Cx) {
        let work = *lock(&self.work);
        if let Some(f) = work {
            self.round.run(&p.asked, || f(cx));
        }
    }
}

/// The world, stopped. Give it back with [`World::start`].
#[must_use]
pub struct World {
    stopped_at: Instant,
}

impl Shared {
    /// Somebody wants the world to stop.
    #[inline]
    pub(super) fn is_stopping(&self) -> bool {
        self.world.stop.is_stopping()
    }

    /// Sleeps, still holding `p`, until the world goes on. False: it never will, the process is ending.
    pub(super) fn stop_here(&self, p: PRef) -> bool {
        self.world.stop.stay(&p.stopped, || self.ending.load(Ordering::Acquire))
    }

    /// Stops the world for a thread that is none of the scheduler's.
    pub(super) fn stop_from_outside(&self) {
        self.stop_for(None);
    }

    /// Stops the world for the holder of `p`; false if the process is ending.
    fn stop(&self, p: PRef) -> bool {
        self.stop_for(Some(p))
    }

    fn stop_for(&self, own: Option<PRef>) -> bool {
        let stop = &self.world.stop;
        let all = loop {
            let all = self.lock().all_ps.clone();
            if self.ending.load(Ordering::Acquire) {
                return false;
            }
            // Beyond GOMAXPROCS, and nobody is left who uses it: not counted.
            if stop.begin(all.iter().map(|p| (&p.stopped, p.tenure.is_used()))) {
                break all;
            }
            // Another one stops the world: this P has to stop first.
            if let Some(p) = own
                && !self.stop_here(p)
            {
                return false;
            }
            std::thread::yield_now();
        };
        if let Some(p) = own {
            self.world.count_stopped(p);
        }
        {
            let l = self.lock();
            for p in &l.idle_ps {
                self.world.count_stopped(*p);
            }
        }
        stop.wait(|| {
            for p in all.iter().filter(|p| !p.stopped.get()) {
                p.ask(POLL_STOP);
                if p.state() != IDLE {
                    self.count_caller(*p);
                }
            }
        });
        self.world.stops.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Counts a P whose holder is in a blocking call: it cannot leave the call without noticing the stop.
    fn count_caller(&self, p: PRef) {
        let Some(m) = p.holder() else { return };
        let Some(g) = GRef::from_ptr(m.curg.load(Ordering::Acquire)) else { return };
        syscall::take_p(&g.word, || block::wired(m, g, p), || self.world.count_stopped(p));
    }

    /// Ends a stop.
    pub(super) fn restart(&self) {
        let all = self.lock().all_ps.clone();
        self.world.stop.end(all.iter().map(|p| &p.stopped));
        // What became runnable meanwhile found no M; neither did what waits in the queues of idle Ps.
        let mut l = self.lock();
        let mut waiting: Vec<PRef> = l.idle_ps.iter().copied().filter(|p| !p.runq.is_empty()).collect();
        while let Some(p) = waiting.pop() {
            if self.take_this_p(&mut l, p) {
                self.start_m(l, p, false);
                l = self.lock();
            }
        }
        drop(l);
        self.wake_any();
    }
}

/// Stops all goroutines. The caller's own P keeps running; what it holds of goroutines in its hands must be up to date. `None`: the
/// process is ending, and the caller must get out of the way.
pub fn try_stop_the_world(cx: &mut Cx) -> Option<World> {
    let p = cx.sched.p();
    cx.sched.shared().stop(p).then(|| World { stopped_at: Instant::now() })
}

/// As [`try_stop_the_world`]; in a process that is ending it does not return.
pub fn stop_the_world(cx: &mut Cx) -> World {
    match try_stop_the_world(cx) {
        Some(w) => w,
        None => loop {
            std::thread::park();
        },
    }
}

impl World {
    /// Lets everybody go on; answers how long the world stood still.
    pub fn start(self, cx: &mut Cx) -> Duration {
        let took = self.stopped_at.elapsed();
        cx.sched.shared().restart();
        took
    }

    /// Runs `f` with the context of every P, the caller's included.
    pub fn each_cx(&self, cx: &mut Cx, mut f: impl FnMut(&mut Cx)) {
        let me: *mut Cx = cx;
        let all = cx.sched.shared().lock().all_ps.clone();
        for p in all {
            let other = p.cx.load(Ordering::Acquire);
            if !other.is_null() && other != me {
                // SAFETY: the world is stopped, so its holder, if it has one, does not use it.
                f(unsafe { &mut *other });
            }
        }
        f(cx);
    }
}

/// Calls `f` once for every P, at a moment when nobody runs there: its holder does at its next safepoint, or the caller on behalf of a
/// P that is idle or whose holder is in a blocking call. The world goes on meanwhile.
pub fn for_each_p(cx: &mut Cx, f: fn(&mut Cx)) {
    let shared = cx.sched.shared().clone();
    let world = &shared.world;
    let _turn = loop {
        match world.turn.try_lock() {
            Ok(t) => break t,
            Err(_) => stop_if_asked(cx),
        }
    };
    *lock(&world.work) = Some(f);
    let all = shared.lock().all_ps.clone();
    world.round.begin(all.len(), all.iter().map(|p| &p.asked));
    world.serve(cx.sched.p(), cx);
    world.round.wait(|| {
        if shared.is_stopping() {
            stop_if_asked(cx);
        }
        for p in all.iter().filter(|p| p.asked.get()) {
            p.ask(POLL_STOP);
            shared.serve_absent(*p);
        }
    });
}

/// At a safepoint: what is to be done for each P.
#[inline]
pub(super) fn serve(cx: &mut Cx) {
    let p = cx.sched.p();
    if p.asked.get() {
        let shared = cx.sched.shared().clone();
        shared.world.serve(p, cx);
    }
}

impl Shared {
    /// The same for a P that nobody runs on, if that is so.
    fn serve_absent(&self, p: PRef) {
        let serve = || {
            // SAFETY: nobody uses it: the caller holds what keeps its holder, or the next one, away.
            if let Some(cx) = unsafe { p.cx.load(Ordering::Acquire).as_mut() } {
                self.world.serve(p, cx);
            } else {
                self.world.round.run(&p.asked, || {});
            }
        };
        {
            // On the idle list, or beyond GOMAXPROCS: the way from there leads through this lock.
            let _l = self.lock();
            if p.state() != RUNNING && p.holder().is_none() {
                return serve();
            }
        }
        let Some(m) = p.holder() else { return };
        let Some(g) = GRef::from_ptr(m.curg.load(Ordering::Acquire)) else { return };
        syscall::take_p(&g.word, || block::wired(m, g, p), serve);
    }
}

/// Waits if somebody stops the world; otherwise gives the processor up for a moment. For loops that wait for another P.
pub(crate) fn stop_if_asked(cx: &mut Cx) {
    serve(cx);
    let (shared, p) = (cx.sched.shared().clone(), cx.sched.p());
    if !shared.is_stopping() {
        std::thread::yield_now();
    } else if !shared.stop_here(p) {
        loop {
            std::thread::park();
        }
    }
}
