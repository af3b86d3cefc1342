//! Looking for what must not be: objects that a second marking finds and the first did not (`checkmark`), bits that contradict each
//! other (debug builds, every cycle). The world is stopped.

use std::sync::atomic::Ordering;

use super::{cycle, roots};
use crate::cx::Cx;
use crate::heap::HeapShared;
use crate::heap::central::lock;
use crate::heap::span::Span;

/// Marks everything again from the roots as they are now. What that reaches must have been marked before; else an object was about
/// to be freed that the program can still use.
pub(super) fn checkmark(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    let gc = &shared.gc;
    let (marked, scanned) = (gc.work.marked.load(Ordering::Relaxed), gc.work.scanned.load(Ordering::Relaxed));
    let mut first: Vec<Vec<u64>> = Vec::new();
    shared.each_span(|s| first.push((0..s.words()).map(|w| s.bits[w].mark.swap(0, Ordering::Relaxed)).collect()));
    gc.epoch.fetch_add(1, Ordering::Relaxed);
    let jobs = roots::jobs(cx);
    gc.work.begin(jobs.len());
    *lock(&gc.jobs) = jobs;
    cx.heap.l.marker.sure = true;
    cycle::drain_all(cx, usize::MAX);
    cx.heap.l.marker.sure = false;
    let mut k = 0;
    let mut lost = None;
    shared.each_span(|s| {
        for (w, &old) in first[k].iter().enumerate() {
            let more = s.bits[w].marked() & !old;
            if more != 0 && lost.is_none() {
                lost = Some((s.base + (w * 64 + more.trailing_zeros() as usize) * s.elemsize, s.elemsize));
            }
            s.bits[w].mark.store(old, Ordering::Relaxed);
        }
        k += 1;
    });
    gc.work.marked.store(marked, Ordering::Relaxed);
    gc.work.scanned.store(scanned, Ordering::Relaxed);
    if let Some((at, size)) = lost {
        blame(cx, at);
        report(&shared, at, size);
    }
}

/// Says which root leads to the lost object.
#[cold]
fn blame(cx: &mut Cx, at: usize) {
    let shared = cx.heap.shared.clone();
    shared.each_span(|s| s.bits.iter().for_each(|b| b.mark.store(0, Ordering::Relaxed)));
    shared.gc.epoch.fetch_add(1, Ordering::Relaxed);
    let jobs = roots::jobs(cx);
    shared.gc.work.begin(0);
    let m: *mut super::mark::Marker = &mut *cx.heap.l.marker;
    for job in jobs {
        // SAFETY: this processor's marker, which nothing here reaches through the heap.
        roots::run(cx, job, unsafe { &mut *m });
        // SAFETY: as above.
        unsafe { (*m).sure = true };
        let direct = shared.lookup(at).is_some_and(|(s, i)| s.is_marked(i));
        cycle::drain_all(cx, usize::MAX);
        if shared.lookup(at).is_some_and(|(s, i)| s.is_marked(i)) {
            eprintln!("\troot {job:?} {}", if direct { "points to it" } else { "leads to it" });
            if let (roots::Job::Stacks { from, to }, true) = (job, direct) {
                blame_stacks(cx, at, from..to);
            }
            return;
        }
    }
}

/// Says which goroutines hold the lost object, and where.
#[cold]
fn blame_stacks(cx: &mut Cx, at: usize, gs: std::ops::Range<usize>) {
    let size = cx.heap.shared.lookup(at).map_or(8, |(s, _)| s.elemsize);
    for i in gs {
        let g = cx.sched.shared().g_at(i);
        // SAFETY: the world is stopped.
        for place in unsafe { g.holders(&|w| (w as usize).wrapping_sub(at) < size) } {
            eprintln!("\tgoroutine {} ({:?}, {:?}): {place}", g.id(), g.status(), g.wait_reason());
        }
    }
}

/// Says which marked objects hold a word that points into the lost one.
#[cold]
fn report(shared: &HeapShared, at: usize, size: usize) -> ! {
    eprintln!("runtime: checkmark found unmarked object {at:#x} of {size} bytes");
    let mut shown = 0;
    let mut each = |s: &Span| {
        let marked = |s: &Span, i: usize| s.is_allocated(i) && s.is_marked(i);
        for i in (0..s.nelems as usize).filter(|&i| marked(s, i)) {
            for k in 0..s.elemsize / 8 {
                let p = s.base + i * s.elemsize + k * 8;
                // SAFETY: a word of an object.
                let w = unsafe { (p as *const usize).read() };
                if w.wrapping_sub(at) < size && shown < 10 {
                    shown += 1;
                    eprintln!("\tword {k} of marked object {:#x} (class {}) points to it", p - k * 8, s.sc);
                }
            }
        }
    };
    shared.each_span(&mut each);
    let holds = |w: u64| (w as usize).wrapping_sub(at) < size;
    for (b, (p, n, mask)) in lock(&shared.gc.globals).iter().enumerate() {
        for i in (0..*n).filter(|i| mask.get(i / 64).is_some_and(|m| m >> (i % 64) & 1 != 0)) {
            // SAFETY: globals stay.
            if holds(unsafe { *(*p as *const u64).add(i) }) {
                eprintln!("\tword {i} of globals {b} points to it");
            }
        }
    }
    if lock(&shared.gc.roots).words.iter().any(|w| holds(*w)) {
        eprintln!("\ta handle points to it");
    }
    // SAFETY: `size` bytes of an object.
    let words = unsafe { std::slice::from_raw_parts(at as *const u64, (size / 8).min(8)) };
    eprintln!("\tit holds {words:x?}");
    crate::fault::die("checkmark found unmarked object")
}

/// Bits after marking: nothing free is marked, no buffer holds anything.
pub(super) fn bits(shared: &HeapShared) {
    shared.each_span(|s| {
        for w in 0..s.words() {
            let (alloc, mark) = (s.bits[w].allocated(), s.bits[w].marked());
            assert_eq!(mark & !alloc, 0, "a free object of the span at {:#x} is marked", s.base);
            assert_eq!(alloc & !s.valid(w), 0, "bits behind the objects of the span at {:#x}", s.base);
        }
    });
    for l in lock(&shared.locals).iter() {
        // SAFETY: the world is stopped.
        let l = unsafe { &*l.0 };
        assert!(
            l.wb.is_empty() && l.marker.is_idle() && l.marker.is_flushed(),
            "a processor still has something to mark"
        );
    }
}
