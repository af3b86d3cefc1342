//! Who can reach an object: for the report of a deadlock. The process is about to end, so the mark bits may be used for it.

use std::sync::atomic::Ordering;

use super::cycle;
use super::mark::Marker;
use super::roots::{self, Job};
use crate::cx::Cx;
use crate::sched::g::GRef;

/// Where to begin.
#[derive(Clone, Copy)]
pub(crate) enum From {
    /// The frames of a goroutine.
    Goroutine(GRef),
    /// Global variables.
    Globals,
}

/// Which of these objects (any address inside will do) can be reached. The world is stopped and never goes on, nothing allocates any
/// more, and no marking is under way.
pub(crate) fn reached(cx: &mut Cx, from: From, objects: &[u64]) -> Vec<bool> {
    let shared = cx.heap.shared.clone();
    shared.each_span(|s| s.bits.iter().for_each(|b| b.mark.store(0, Ordering::Relaxed)));
    shared.gc.epoch.fetch_add(1, Ordering::Relaxed);
    shared.gc.work.begin(0);
    let m: *mut Marker = &mut *cx.heap.l.marker;
    // SAFETY: this processor's marker, which nothing below uses through the heap.
    let marker = || unsafe { &mut *m };
    // What is dead in a frame is no proof.
    marker().sure = true;
    match from {
        From::Goroutine(g) => roots::trace_g(g, marker()),
        From::Globals => {
            let globals = roots::jobs(cx).into_iter().filter(|j| matches!(j, Job::Globals { .. } | Job::Handles));
            globals.for_each(|j| roots::run(cx, j, marker()));
        }
    }
    cycle::drain_all(cx, usize::MAX);
    marker().sure = false;
    let marked = |at: &u64| shared.lookup(*at as usize).is_some_and(|(s, i)| s.is_marked(i));
    objects.iter().map(marked).collect()
}

/// Whether that can be asked now, and does not take long for so many starting points.
pub(crate) fn can_ask(cx: &mut Cx, times: usize) -> bool {
    !cx.heap.shared.gc.is_marking() && cx.heap.live().saturating_mul(times) < 1 << 30
}
