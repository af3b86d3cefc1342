//! Sweeping: what was not marked is free.

use crate::heap::Heap;
use crate::heap::span::Span;

/// Sweeps every span; answers the bytes that survived.
pub(super) fn sweep(heap: &mut Heap) -> usize {
    for l in &mut heap.partial {
        l.clear();
    }
    let mut survived = 0;
    let mut i = 0;
    while i < heap.spans.len() {
        let s = heap.spans[i];
        // SAFETY: a span in use; the cache was flushed, so nobody allocates from it.
        let span = unsafe { &mut *s };
        let left = sweep_span(heap, span);
        survived += left * span.elemsize;
        if left == 0 {
            // The last span takes this place in the list.
            heap.free_span(s);
            continue;
        }
        if left < span.nelems as usize {
            heap.partial[span.sc as usize].push(s);
        }
        i += 1;
    }
    survived
}

/// Clears the bits of dead objects; answers how many are left.
fn sweep_span(heap: &mut Heap, span: &mut Span) -> usize {
    let (mut before, mut left) = (0, 0);
    for w in 0..span.words() {
        let b = &mut span.bits[w];
        let dead = b.alloc & !b.mark;
        if dead != 0 && heap.gc.clobber {
            clobber(span.base + w * 64 * span.elemsize, span.elemsize, dead);
        }
        before += b.alloc.count_ones() as usize;
        left += b.mark.count_ones() as usize;
        b.alloc = b.mark;
        b.mark = 0;
    }
    span.needzero = true;
    heap.gc.stats.frees += (before - left) as u64;
    left
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
