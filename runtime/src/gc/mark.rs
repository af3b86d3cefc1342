//! Marking: an explicit stack of grey objects behind two short prefetch queues.
//!
//! A word found in an object is looked up in the page table (which names span, class and page in one load); the line with its
//! alloc and mark bits is prefetched and the word waits in a ring. When it leaves the ring its mark bit is tested and set, and
//! the object, if it has pointers, goes on the grey stack. Objects leave the stack through a second ring that prefetches their
//! memory. So the two cache misses of every object overlap with work on others.

use crate::heap::Heap;
use crate::heap::class::{MAX_BITMAP, PAGE, PAGE_SHIFT};
use crate::heap::pages::{ARENA, ARENA_PAGES, ARENA_SHIFT, Meta, SPAN_MASK, TABLE};
use crate::heap::span::{Bits, DIVIDE, Span};
use crate::object::types::RType;

const RING: usize = 32;

/// An object whose mark bit is about to be tested.
#[derive(Clone, Copy)]
struct Candidate {
    bits: *mut Bits,
    bit: u64,
    /// Object address, class in the top byte.
    item: u64,
}

const NONE: Candidate = Candidate { bits: std::ptr::null_mut(), bit: 0, item: 0 };

/// The state of one mark phase. Works on the raw heap: nothing else touches spans meanwhile.
pub(crate) struct Marker {
    table: *const *mut Meta,
    ring: [Candidate; RING],
    ring_at: usize,
    grey: Vec<u64>,
}

#[inline(always)]
fn prefetch(p: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch of any address is harmless.
    unsafe {
        std::arch::x86_64::_mm_prefetch(p as *const i8, std::arch::x86_64::_MM_HINT_T0)
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = p;
}

impl Marker {
    pub(crate) fn new(heap: &Heap, grey: Vec<u64>) -> Marker {
        Marker { table: heap.pages.table(), ring: [NONE; RING], ring_at: 0, grey }
    }

    /// Gives the empty stack back for the next cycle.
    pub(crate) fn finish(mut self) -> Vec<u64> {
        self.drain();
        if self.grey.capacity() > 1 << 20 {
            self.grey = Vec::new();
        }
        self.grey
    }

    /// A word that may point into an object.
    #[inline(always)]
    pub(crate) fn reach(&mut self, w: u64) {
        let w = w as usize;
        if w >> ARENA_SHIFT >= TABLE {
            return;
        }
        // SAFETY: the table covers these addresses; metas and the spans their entries name are valid while we mark.
        unsafe {
            let meta = *self.table.add(w >> ARENA_SHIFT);
            if meta.is_null() {
                return;
            }
            let e = (*meta).entries[(w >> PAGE_SHIFT) & (ARENA_PAGES - 1)];
            if e == 0 {
                return;
            }
            let span = (e & SPAN_MASK) as *mut Span;
            let sc = (e >> 48) as u8;
            let (i, base) = if sc > 1 {
                let off = (w & (PAGE - 1)) + ((e >> 56) as usize) * PAGE;
                let d = DIVIDE[sc as usize >> 1];
                let i = ((off as u64 * d.magic as u64) >> 32) as usize;
                (i, w - off + i * d.size as usize)
            } else {
                (0, (*span).base)
            };
            let bits = (&raw mut (*span).bits as *mut Bits).add(i >> 6);
            prefetch(bits as usize);
            let c = Candidate { bits, bit: 1 << (i & 63), item: base as u64 | (sc as u64) << 56 };
            let old = std::mem::replace(&mut self.ring[self.ring_at], c);
            self.ring_at = (self.ring_at + 1) % RING;
            self.test(old);
        }
    }

    /// Marks a candidate; greys it if it has pointers.
    #[inline(always)]
    fn test(&mut self, c: Candidate) {
        if c.bits.is_null() {
            return;
        }
        // SAFETY: bits of a span in use.
        unsafe {
            let b = &mut *c.bits;
            if b.alloc & c.bit == 0 || b.mark & c.bit != 0 {
                return;
            }
            b.mark |= c.bit;
        }
        if c.item >> 56 & 1 == 0 {
            self.grey.push(c.item);
        }
    }

    fn flush(&mut self) {
        for k in 0..RING {
            let c = std::mem::replace(&mut self.ring[k], NONE);
            self.test(c);
        }
    }

    /// Scans until nothing is grey.
    pub(crate) fn drain(&mut self) {
        let mut near = [0u64; 16];
        let (mut head, mut n) = (0usize, 0usize);
        loop {
            while n < near.len() {
                let Some(item) = self.grey.pop() else { break };
                prefetch((item & SPAN_MASK) as usize);
                near[(head + n) % near.len()] = item;
                n += 1;
            }
            if n == 0 {
                self.flush();
                if self.grey.is_empty() {
                    return;
                }
                continue;
            }
            let item = near[head];
            head = (head + 1) % near.len();
            n -= 1;
            self.scan(item);
        }
    }

    /// Reports the pointer words of one object.
    #[inline(always)]
    fn scan(&mut self, item: u64) {
        let base = (item & SPAN_MASK) as usize;
        let size = DIVIDE[(item >> 57) as usize].size as usize;
        if size == 0 || size > MAX_BITMAP {
            return self.scan_typed(base, size);
        }
        let word = (base & (ARENA - 1)) >> 3;
        let n = size / 8;
        // SAFETY: an object of ours and its pointer bits; nobody writes while we mark.
        unsafe {
            let meta = *self.table.add(base >> ARENA_SHIFT);
            let b = (&raw const (*meta).bits as *const u64).add(word >> 6);
            let sh = word & 63;
            let mut m = *b >> sh;
            if sh + n > 64 {
                m |= *b.add(1) << (64 - sh);
            }
            m &= !0 >> (64 - n);
            while m != 0 {
                let w = *(base as *const u64).add(m.trailing_zeros() as usize);
                if w != 0 {
                    self.reach(w);
                }
                m &= m - 1;
            }
        }
    }

    /// An object with a header word, or a large one (`size` 0): its type's map repeats.
    fn scan_typed(&mut self, base: usize, size: usize) {
        // SAFETY: as in `scan`; the header or the span names a type without end of life.
        unsafe {
            let (t, first, end) = if size == 0 {
                let meta = *self.table.add(base >> ARENA_SHIFT);
                let e = (*meta).entries[(base >> PAGE_SHIFT) & (ARENA_PAGES - 1)];
                let span = &*((e & SPAN_MASK) as *const Span);
                (span.large_type, base, base + span.elemsize)
            } else {
                (*(base as *const *const RType), base + 8, base + size)
            };
            let Some(t) = t.as_ref() else { return };
            let unit = t.size;
            if t.mask0 == 1 && unit == 8 {
                for k in 0..(end - first) / 8 {
                    let w = *(first as *const u64).add(k);
                    if w != 0 {
                        self.reach(w);
                    }
                }
                return;
            }
            let mut at = first;
            while at + t.ptrdata <= end {
                for (k, &m) in t.mask.iter().enumerate() {
                    let mut m = m;
                    while m != 0 {
                        let w = *(at as *const u64).add(k * 64 + m.trailing_zeros() as usize);
                        if w != 0 {
                            self.reach(w);
                        }
                        m &= m - 1;
                    }
                }
                at += unit;
            }
        }
    }

    /// Whether an object was reached. The candidates in flight must have been drained.
    pub(crate) fn is_marked(heap: &Heap, addr: u64) -> bool {
        match heap.lookup(addr as usize) {
            // SAFETY: a span in use.
            Some((s, i)) => unsafe { (*s).bits[i / 64].mark >> (i % 64) & 1 != 0 },
            None => true,
        }
    }
}
