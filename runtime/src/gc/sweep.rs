//! Sweeping: what was not marked is free.
//!
//! After marking, spans are swept when somebody needs them: an allocation that wants one, an allocation passing by (one span for each
//! window it loads, so that the work is over long before the next cycle), an idle processor, or the start of the next cycle.

use std::sync::atomic::Ordering;

use crate::heap::central::{HeapShared, SpanPtr};

impl HeapShared {
    /// Clears the bits of dead objects; answers how many are left. The caller owns the span.
    pub(crate) fn sweep_span(&self, s: SpanPtr) -> usize {
        // SAFETY: the caller's span, set up long ago.
        let span = unsafe { &mut *s.0 };
        let clobbers = self.gc.knobs.clobber.load(Ordering::Relaxed);
        let (mut before, mut left) = (0, 0);
        for w in 0..span.words() {
            let b = &span.bits[w];
            let (alloc, mark) = (b.allocated(), b.marked());
            if mark & !alloc != 0 {
                zombie(span.base, span.elemsize, w, mark & !alloc);
            }
            let dead = alloc & !mark;
            if dead != 0 && clobbers {
                clobber(span.base + w * 64 * span.elemsize, span.elemsize, dead);
            }
            before += alloc.count_ones() as usize;
            left += mark.count_ones() as usize;
            b.set_allocated(mark);
            b.mark.store(0, Ordering::Relaxed);
        }
        span.needzero = true;
        self.gc.frees.fetch_add((before - left) as u64, Ordering::Relaxed);
        left
    }

    /// Sweeps all that is left, and waits for others that sweep.
    pub(crate) fn finish_sweep(&self) {
        loop {
            while self.sweep_batch() {}
            if self.sweeps.is_over() {
                return;
            }
            std::thread::yield_now();
        }
    }

    /// Nothing waits to be swept.
    pub(crate) fn is_swept(&self) -> bool {
        self.sweeps.is_over()
    }
}

/// A free object was marked: somebody holds a pointer to it.
#[cold]
fn zombie(base: usize, size: usize, w: usize, bits: u64) -> ! {
    let at = base + (w * 64 + bits.trailing_zeros() as usize) * size;
    crate::fault::die(&format!("found bad pointer in Go heap: marked free object {at:#x} of {size} bytes"))
}

/// Overwrites dead objects so that a stale pointer shows.
#[cold]
fn clobber(window: usize, size: usize, mut dead: u64) {
    while dead != 0 {
        let p = (window + dead.trailing_zeros() as usize * size) as *mut u64;
        for k in 0..size / 8 {
            // SAFETY: a dead object of that size.
            unsafe { p.add(k).write(0xdead_beef_dead_beef) };
        }
        dead &= dead - 1;
    }
}
