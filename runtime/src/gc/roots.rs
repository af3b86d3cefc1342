//! Roots, cut into jobs. Goroutines are a snapshot of their number taken while the world is stopped: later ones begin with a
//! closure that is shaded when they are spawned, and are let through the gate.

use super::Visitor;
use super::mark::Marker;
use crate::cx::Cx;
use crate::heap::central::lock;
use crate::sched::g::{GRef, State};
use crate::sched::status::Claim;
use crate::sync::Backoff;
use std::sync::atomic::Ordering;

/// Words of globals in one job.
const GLOBALS: usize = 16 << 10;
/// Goroutines in one job.
const STACKS: usize = 32;

/// A piece of the roots.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Job {
    /// Words of a block of globals.
    Globals { block: usize, from: usize, to: usize },
    /// Words held by Rust structures.
    Handles,
    /// Finalizers and cleanups.
    Specials,
    /// Timers.
    Waiting,
    /// Goroutines by number.
    Stacks { from: usize, to: usize },
}

/// The jobs of a cycle. The world is stopped.
pub(super) fn jobs(cx: &Cx) -> Vec<Job> {
    let mut jobs = vec![Job::Handles, Job::Specials, Job::Waiting];
    for (block, g) in lock(&cx.heap.shared.gc.globals).iter().enumerate() {
        let n = g.1;
        jobs.extend((0..n).step_by(GLOBALS).map(|from| Job::Globals { block, from, to: (from + GLOBALS).min(n) }));
    }
    let n = cx.sched.shared().count_gs();
    jobs.extend((0..n).step_by(STACKS).map(|from| Job::Stacks { from, to: (from + STACKS).min(n) }));
    jobs
}

/// Does the next job that nobody has taken; false if there is none.
pub(super) fn run_next(cx: &mut Cx, marker: &mut Marker) -> bool {
    let shared = cx.heap.shared.clone();
    let Some(j) = shared.gc.work.progress.take_job() else { return false };
    let job = lock(&shared.gc.jobs)[j];
    run(cx, job, marker);
    shared.gc.work.progress.job_done();
    true
}

/// Does one.
pub(super) fn run(cx: &mut Cx, job: Job, marker: &mut Marker) {
    let v = &mut Visitor { marker };
    match job {
        Job::Globals { block, from, to } => {
            let globals = lock(&cx.heap.shared.gc.globals);
            let (p, _, mask) = &globals[block];
            // SAFETY: `add_globals` was promised that the block stays.
            for i in (from..to).filter(|i| mask.get(i / 64).is_some_and(|m| m >> (i % 64) & 1 != 0)) {
                // SAFETY: as above; the word may be written meanwhile.
                v.word(unsafe { (*p as *const u64).add(i).read_volatile() });
            }
        }
        Job::Handles => v.words(&lock(&cx.heap.shared.gc.roots).words),
        Job::Specials => super::special::roots(&cx.heap.shared, v.marker),
        Job::Waiting => {
            cx.sched.shared().timers.trace(v);
        }
        Job::Stacks { from, to } => {
            for i in from..to {
                scan_g(cx, cx.sched.shared().g_at(i), v.marker);
                // Roots first, depth afterwards: keeps the grey stack short.
                v.marker.flush();
            }
        }
    }
}

/// Scans what a goroutine holds, once per cycle, unless it runs: then it was scanned before it went on, or is about to be (it is
/// between the end of a blocking call and the gate) and noted for the end of marking.
fn scan_g(cx: &Cx, g: GRef, marker: &mut Marker) {
    let epoch = cx.heap.shared.gc.epoch.load(Ordering::Relaxed);
    let mut wait = Backoff::new();
    loop {
        if g.scan_epoch.load(Ordering::Acquire) == epoch {
            return;
        }
        match g.word.claim() {
            Claim::Dead => return,
            Claim::Running => return lock(&cx.heap.shared.gc.late).push(g),
            Claim::Busy => wait.wait(),
            Claim::Held(bit) => {
                g.check_extent(&bit);
                return scan_owned(cx, g, marker);
            }
        }
    }
}

/// As `scan_g`, for who owns the goroutine's frames.
pub(super) fn scan_owned(cx: &Cx, g: GRef, marker: &mut Marker) {
    let epoch = cx.heap.shared.gc.epoch.load(Ordering::Relaxed);
    if g.scan_epoch.load(Ordering::Relaxed) != epoch {
        trace_g(g, marker);
        g.scan_epoch.store(epoch, Ordering::Release);
    }
}

/// With the world stopped: goroutines that could not be scanned when it was their turn.
pub(super) fn scan_late(cx: &mut Cx) {
    let late = std::mem::take(&mut *lock(&cx.heap.shared.gc.late));
    for g in late {
        let m: *mut Marker = &mut *cx.heap.l.marker;
        if g.status() != State::Dead {
            // SAFETY: this processor's marker, which nothing below uses through the heap.
            scan_owned(cx, g, unsafe { &mut *m });
        }
    }
}

/// Reports the words a goroutine holds.
pub(super) fn trace_g(g: GRef, marker: &mut Marker) {
    // SAFETY: the callers own the goroutine's frames, or have stopped the world.
    unsafe { g.trace(&mut Visitor { marker }) };
}
