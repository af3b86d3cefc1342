//! Stopping the world: every P is idle, or its holder waits in [`Shared::stop_here`], or is in a blocking call from which it
//! cannot return.
//!
//! A stopped M keeps its P: it sleeps where it is and goes on when the world starts again. So natives can stop the world too. What
//! keeps the counts right is one flag per P, `stopped`: whoever sets it first (the holder on its way to sleep, or the stopper
//! on behalf of an idle P or one whose holder is in a blocking call) has counted the P.
//!
//! Leaving a blocking call and stopping race. The leaver makes its goroutine Running, then looks at `stopping`; the stopper sets
//! `stopping`, then looks at the goroutine. At least one sees the other, and the flag makes sure that it is counted once.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use super::g::{GRef, State};
use super::p::{DEAD, IDLE, P, PRef};
use super::shared::{Shared, lock};
use crate::cx::{Cx, POLL_STOP};

/// The meeting point of a stop.
#[derive(Default)]
pub(super) struct WorldState {
    /// One stopper at a time holds it; the number of Ps that are not stopped yet.
    state: Mutex<Counts>,
    /// The last P stopped.
    all_stopped: Condvar,
    /// The world goes on.
    restarted: Condvar,
    /// Stops so far.
    pub(super) stops: AtomicU64,
}

#[derive(Default)]
struct Counts {
    owned: bool,
    running: usize,
}

impl WorldState {
    /// Counts a P as stopped; by whoever has it or acts for it.
    pub(super) fn count_stopped(&self, p: PRef) {
        let mut s = lock(&self.state);
        // The stop may be over by now: its flags must not be set for the next one.
        if s.owned {
            self.count(&mut s, p);
        }
    }

    fn count(&self, s: &mut Counts, p: PRef) {
        if !p.stopped.swap(true, Ordering::AcqRel) {
            s.running = s.running.saturating_sub(1);
            if s.running == 0 {
                self.all_stopped.notify_all();
            }
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
        self.stopping.load(Ordering::SeqCst)
    }

    /// Sleeps, still holding `p`, until the world goes on. False: it never will, the process is ending.
    pub(super) fn stop_here(&self, p: PRef) -> bool {
        let mut s = lock(&self.world.state);
        loop {
            if s.owned {
                // For every stop anew: one may follow the other before this thread wakes up.
                self.world.count(&mut s, p);
            }
            if self.ending.load(Ordering::Acquire) {
                return false;
            }
            if !s.owned {
                return true;
            }
            s = self.world.restarted.wait(s).unwrap_or_else(|e| e.into_inner());
        }
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
        let all = loop {
            let all = self.lock().all_ps.clone();
            let mut s = lock(&self.world.state);
            if self.ending.load(Ordering::Acquire) {
                return false;
            }
            if !s.owned {
                s.owned = true;
                self.stopping.store(true, Ordering::SeqCst);
                fence(Ordering::SeqCst);
                s.running = 0;
                for p in &all {
                    // Beyond GOMAXPROCS, and nobody is left who uses it.
                    let unused = p.state() == DEAD && p.holder().is_none();
                    p.stopped.store(unused, Ordering::Release);
                    s.running += usize::from(!unused);
                }
                break all;
            }
            drop(s);
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
        loop {
            for p in all.iter().filter(|p| !p.stopped.load(Ordering::Acquire)) {
                p.ask(POLL_STOP);
                if p.state() != IDLE && in_call(p) {
                    self.world.count_stopped(*p);
                }
            }
            let s = lock(&self.world.state);
            if s.running == 0 {
                break;
            }
            // In slices: a goroutine may have entered a blocking call after the look at it.
            let (s, _) = self
                .world
                .all_stopped
                .wait_timeout_while(s, Duration::from_micros(100), |s| s.running > 0)
                .unwrap_or_else(|e| e.into_inner());
            if s.running == 0 {
                break;
            }
        }
        self.world.stops.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Ends a stop.
    pub(super) fn restart(&self) {
        let all = self.lock().all_ps.clone();
        let mut s = lock(&self.world.state);
        for p in all {
            p.stopped.store(false, Ordering::Release);
        }
        s.owned = false;
        self.stopping.store(false, Ordering::SeqCst);
        self.world.restarted.notify_all();
        drop(s);
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

    /// The process ends: whoever is stopped stays so.
    pub(super) fn release_the_dead(&self) {
        let _s = lock(&self.world.state);
        self.world.restarted.notify_all();
    }
}

/// Whether the holder of a P is in a blocking call and cannot leave it without noticing the stop.
fn in_call(p: &P) -> bool {
    let Some(m) = p.holder() else { return false };
    let Some(g) = GRef::from_ptr(m.curg.load(Ordering::Acquire)) else { return false };
    let Some(_frozen) = g.word.claim_syscall() else { return false };
    // The goroutine cannot leave its call now, so this stays as it is until the claim ends.
    m.p.load(Ordering::Acquire) == std::ptr::from_ref(p).cast_mut()
        && m.curg.load(Ordering::Acquire) == g.as_ptr()
        && g.word.state() == State::Syscall
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

/// Runs `f` once with every P's context, with nobody running there at that moment.
pub fn for_each_p(cx: &mut Cx, f: impl FnMut(&mut Cx)) {
    let w = stop_the_world(cx);
    w.each_cx(cx, f);
    w.start(cx);
}

/// Waits if somebody stops the world; otherwise gives the processor up for a moment. For loops that wait for another P.
pub(crate) fn stop_if_asked(cx: &mut Cx) {
    let (shared, p) = (cx.sched.shared().clone(), cx.sched.p());
    if !shared.is_stopping() {
        std::thread::yield_now();
    } else if !shared.stop_here(p) {
        loop {
            std::thread::park();
        }
    }
}
