//! GOMAXPROCS: the number of Ps changes while the world is stopped.

use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::sync::{Arc, MutexGuard};

use super::g::GRef;
use super::p::{DEAD, IDLE, P, PRef, RUNNING};
use super::shared::{Global, Shared};
use super::world::try_stop_the_world;
use crate::cx::Cx;

/// Most Ps there can be.
pub const MAX_PROCS: usize = 1024;

impl Shared {
    /// Makes the number of Ps `n`, from the scheduler's loop of a thread that holds one. False: the process ends.
    pub(super) fn resize(&self, cx: &mut Cx, n: usize) -> bool {
        let n = n.clamp(1, MAX_PROCS);
        if n == self.procs() {
            return true;
        }
        let Some(world) = try_stop_the_world(cx) else { return false };
        self.set_procs(cx, n);
        world.start(cx);
        true
    }

    /// The change itself: nobody else runs.
    pub(super) fn set_procs(&self, cx: &mut Cx, n: usize) {
        let mine = cx.sched.p();
        let old = self.allp.snapshot();
        // Whoever asks keeps running, whatever the number of its P.
        let mut chosen: Vec<PRef> =
            std::iter::once(mine).chain(old.ps.iter().copied().filter(|p| *p != mine)).collect();
        let dying = chosen.split_off(chosen.len().min(n));
        let mut l = self.lock();
        let mut spare: Vec<PRef> = l.all_ps.iter().copied().filter(|p| !p.tenure.is_used() && *p != mine).collect();
        mine.tenure.set_state(RUNNING);
        while chosen.len() < n {
            let p = spare.pop().unwrap_or_else(|| {
                let p = P::make(l.all_ps.len(), Arc::new(AtomicU32::new(0)));
                l.all_ps.push(p);
                p
            });
            if p.cx.load(Ordering::Acquire).is_null() {
                p.cx.store(Box::into_raw(Box::new(cx.for_p(p))), Ordering::Release);
            }
            p.stopped.set();
            p.tenure.set_state(IDLE);
            l.idle_ps.push(p);
            chosen.push(p);
        }
        for p in dying {
            // A holder goes on with it until it comes to the scheduler.
            p.tenure.set_state(DEAD);
            self.empty(&mut l, p);
        }
        l.idle_ps.retain(|p| p.state() != DEAD);
        self.spin.set_idle(l.idle_ps.len());
        self.allp.replace(chosen);
        self.procs.store(n, Ordering::SeqCst);
    }

    /// Moves what a dying P would have run to the front of the global queue.
    fn empty(&self, l: &mut Global, p: PRef) {
        let mut all: Vec<GRef> = p.runq.pop_next().into_iter().collect();
        all.extend(std::iter::from_fn(|| p.runq.pop()));
        for g in all.into_iter().rev() {
            l.runq.push_front(g);
        }
        self.queued.store(l.runq.len(), Ordering::Relaxed);
    }

    /// A P whose time is over, and whose last holder has given it up under the lock that comes with it.
    pub(super) fn drop_dead(&self, mut l: MutexGuard<'_, Global>, p: PRef) {
        self.empty(&mut l, p);
        fence(Ordering::SeqCst);
        if self.is_stopping() {
            self.world.count_stopped(p);
        }
        drop(l);
        self.wake_any();
    }
}
