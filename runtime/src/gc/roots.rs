//! Roots, cut into jobs. Goroutines are a snapshot of their number taken while the world is stopped: later ones begin with a
//! closure that is shaded when they are spawned, and are let through the gate.

use super::Visitor;
use super::mark::Marker;
use crate::cx::Cx;
use crate::heap::central::lock;
use crate::sched::g::{GRef, Status};

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
    /// Sudogs and timers.
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
    let n = cx.sched.all().len();
    jobs.extend((0..n).step_by(STACKS).map(|from| Job::Stacks { from, to: (from + STACKS).min(n) }));
    jobs
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
            for w in cx.sched.sudogs.roots().chain(cx.sched.timers.roots()) {
                v.word(w);
            }
        }
        Job::Stacks { from, to } => {
            for i in from..to {
                scan_g(cx, GRef(i as u32), v.marker);
                // Roots first, depth afterwards: keeps the grey stack short.
                v.marker.flush();
            }
        }
    }
}

/// Scans what a goroutine that does not run holds, once per cycle.
pub(super) fn scan_g(cx: &mut Cx, g: GRef, marker: &mut Marker) {
    let epoch = cx.heap.shared.gc.epoch.load(std::sync::atomic::Ordering::Relaxed);
    let gp = cx.sched.g_mut(g);
    if gp.status == Status::Dead || gp.scan_epoch == epoch {
        return;
    }
    gp.scan_epoch = epoch;
    trace_g(cx, g, marker);
}

/// Reports the words a goroutine holds.
pub(super) fn trace_g(cx: &Cx, g: GRef, marker: &mut Marker) {
    let gp = cx.sched.g(g);
    let v = &mut Visitor { marker };
    v.words(&gp.wake.cell);
    v.word(gp.wake.big);
    v.word(gp.scratch);
    if let Some(f) = &gp.fiber {
        f.trace(v);
    }
}
