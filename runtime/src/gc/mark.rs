//! Marking: an explicit stack of grey objects behind two short prefetch queues.
//!
//! A word found in an object is looked up in the page table (which names span, class and page in one load); the line with its
//! alloc and mark bits is prefetched and the word waits in a ring. When it leaves the ring its mark bit is tested and set, and
//! the object, if it has pointers, goes on the grey stack. Objects leave the stack through a second ring that prefetches their
//! memory. So the two cache misses of every object overlap with work on others.
//!
//! Several markers work at once, while goroutines run. Mark bits are set by an atomic or, so exactly one marker gets to scan an object;
//! its words are read one by one, each of them either an old or a new pointer, both of which the barrier's rules allow for. What a
//! marker has more than it needs goes to the shared list ([`Work`]).

use std::sync::atomic::Ordering;

use super::work::{BATCH, Chunk, Work};
use crate::heap::class::{MAX_BITMAP, PAGE, PAGE_SHIFT};
use crate::heap::pages::{ARENA, ARENA_PAGES, ARENA_SHIFT, SPAN_MASK, TABLE, Table, meta_of};
use crate::heap::span::{Bits, DIVIDE, Span};
use crate::object::types::RType;

const RING: usize = 32;
/// Larger objects are scanned in pieces of this size.
pub(super) const OBLET: usize = 128 << 10;

/// An object whose mark bit is about to be tested.
#[derive(Clone, Copy)]
struct Candidate {
    bits: *const Bits,
    bit: u64,
    /// Object address, class in the top byte.
    item: u64,
}

const NONE: Candidate = Candidate { bits: std::ptr::null(), bit: 0, item: 0 };

/// One processor's marker. Empty between cycles. It is written for every word that is found, so it has its cache lines for itself.
#[repr(align(128))]
pub(crate) struct Marker {
    table: *const Table,
    ring: [Candidate; RING],
    ring_at: usize,
    pub(super) grey: Vec<u64>,
    /// Pieces of large objects.
    pub(super) chunks: Vec<Chunk>,
    /// Only words that certainly are live count.
    pub(super) sure: bool,
    /// Bytes of the objects marked.
    pub(super) marked: usize,
    /// Bytes scanned.
    pub(super) scanned: usize,
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
    pub(crate) fn new(table: *const Table) -> Marker {
        Marker {
            table,
            ring: [NONE; RING],
            ring_at: 0,
            grey: Vec::new(),
            chunks: Vec::new(),
            sure: false,
            marked: 0,
            scanned: 0,
        }
    }

    /// No candidates in flight.
    pub(super) fn is_flushed(&self) -> bool {
        self.ring.iter().all(|c| c.bits.is_null())
    }

    /// Nothing to do, candidates in flight aside.
    pub(super) fn is_idle(&self) -> bool {
        self.grey.is_empty() && self.chunks.is_empty()
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
            let meta = meta_of(self.table, w);
            if meta.is_null() {
                return;
            }
            let e = (*meta).entries[(w >> PAGE_SHIFT) & (ARENA_PAGES - 1)].load(Ordering::Acquire);
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
            let bits = (&raw const (*span).bits as *const Bits).add(i >> 6);
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
        let b = unsafe { &*c.bits };
        if b.allocated() & c.bit == 0
            || b.marked() & c.bit != 0
            || b.mark.fetch_or(c.bit, Ordering::Relaxed) & c.bit != 0
        {
            return;
        }
        let size = DIVIDE[(c.item >> 57) as usize].size as usize;
        if size == 0 {
            return self.found_large(c.item);
        }
        self.marked += size;
        if c.item >> 56 & 1 == 0 {
            self.grey.push(c.item);
        }
    }

    /// A large object was marked: its pieces are to be scanned.
    #[cold]
    fn found_large(&mut self, item: u64) {
        let base = (item & SPAN_MASK) as usize;
        let span = self.span_of(base);
        let (size, t) = (span.elemsize, span.large_type);
        self.marked += size;
        // SAFETY: large objects' types live forever.
        let Some(t) = (unsafe { t.as_ref() }) else { return };
        let end = base + size;
        let piece = (OBLET / t.size).max(1) * t.size;
        let mut at = base;
        while at < end {
            let next = (at + piece).min(end);
            self.chunks.push(Chunk { at, end: next, t });
            at = next;
        }
    }

    fn span_of(&self, base: usize) -> &Span {
        // SAFETY: an object of ours.
        unsafe {
            let meta = &*meta_of(self.table, base);
            let e = meta.entries[(base >> PAGE_SHIFT) & (ARENA_PAGES - 1)].load(Ordering::Relaxed);
            &*((e & SPAN_MASK) as *const Span)
        }
    }

    /// Decides about the candidates in flight, oldest first.
    pub(crate) fn flush(&mut self) {
        // What was put there since the last time lies before `ring_at` without a gap.
        let at = self.ring_at;
        let before = |k: usize| at.wrapping_sub(k) % RING;
        let n = (1..=RING).take_while(|&k| !self.ring[before(k)].bits.is_null()).count();
        for k in (1..=n).rev() {
            let c = std::mem::replace(&mut self.ring[before(k)], NONE);
            self.test(c);
        }
    }

    /// Scans until nothing is left here, or about `budget` bytes; what is too much for one goes to `work`.
    pub(super) fn drain(&mut self, budget: usize, work: &Work) {
        let end = self.scanned.saturating_add(budget);
        let mut near = [0u64; 16];
        let (mut head, mut n) = (0usize, 0usize);
        let mut tick = 0u32;
        while self.scanned < end {
            while n < near.len() {
                let Some(item) = self.grey.pop() else { break };
                prefetch((item & SPAN_MASK) as usize);
                near[(head + n) % near.len()] = item;
                n += 1;
            }
            if n == 0 {
                self.flush();
                if !self.grey.is_empty() {
                    continue;
                }
                let Some(c) = self.chunks.pop() else { return };
                self.scan_chunk(c);
                continue;
            }
            let item = near[head];
            head = (head + 1) % near.len();
            n -= 1;
            self.scan(item);
            tick += 1;
            if tick.is_multiple_of(64) && self.grey.len() + self.chunks.len() > BATCH / 2 && work.progress.is_hungry() {
                work.share(self);
            }
        }
        for k in 0..n {
            self.grey.push(near[(head + k) % near.len()]);
        }
        self.flush();
    }

    /// Reports the pointer words of one object.
    #[inline(always)]
    fn scan(&mut self, item: u64) {
        let base = (item & SPAN_MASK) as usize;
        let size = DIVIDE[(item >> 57) as usize].size as usize;
        if size > MAX_BITMAP {
            return self.scan_typed(base, size);
        }
        let word = (base & (ARENA - 1)) >> 3;
        let n = size / 8;
        self.scanned += size;
        // SAFETY: an object of ours and its pointer bits, which were written before the object could be found.
        unsafe {
            let meta = &*meta_of(self.table, base);
            let sh = word & 63;
            let mut m = meta.bits[word >> 6].load(Ordering::Relaxed) >> sh;
            if sh + n > 64 {
                m |= meta.bits[(word >> 6) + 1].load(Ordering::Relaxed) << (64 - sh);
            }
            m &= !0 >> (64 - n);
            while m != 0 {
                let w = word_at(base, m.trailing_zeros() as usize);
                if w != 0 {
                    self.reach(w);
                }
                m &= m - 1;
            }
        }
    }

    /// An object with a header word: its type's map repeats.
    fn scan_typed(&mut self, base: usize, size: usize) {
        // SAFETY: the header names a type without end of life.
        let Some(t) = (unsafe { (*(base as *const *const RType)).as_ref() }) else { return };
        self.scan_chunk(Chunk { at: base + 8, end: base + size, t });
    }

    /// A stretch of values of one type.
    fn scan_chunk(&mut self, c: Chunk) {
        let Chunk { mut at, end, t } = c;
        self.scanned += end - at;
        // SAFETY: within an object of ours.
        unsafe {
            if t.mask0 == 1 && t.size == 8 {
                for k in 0..(end - at) / 8 {
                    let w = word_at(at, k);
                    if w != 0 {
                        self.reach(w);
                    }
                }
                return;
            }
            while at + t.ptrdata <= end {
                for (k, &m) in t.mask.iter().enumerate() {
                    let mut m = m;
                    while m != 0 {
                        let w = word_at(at, k * 64 + m.trailing_zeros() as usize);
                        if w != 0 {
                            self.reach(w);
                        }
                        m &= m - 1;
                    }
                }
                at += t.size;
            }
        }
    }

    /// Scans the object at `addr` without marking it.
    pub(super) fn scan_inside(&mut self, span: &Span, i: usize) {
        let base = span.base + i * span.elemsize;
        if span.sc & 1 != 0 {
            return;
        }
        if span.sc > 1 {
            return self.scan(base as u64 | (span.sc as u64) << 56);
        }
        // SAFETY: as in `found_large`.
        if let Some(t) = unsafe { span.large_type.as_ref() } {
            self.scan_chunk(Chunk { at: base, end: base + span.elemsize, t });
        }
    }
}

/// A word of an object, which somebody may be writing.
///
/// # Safety
/// Word `i` from `base` lies within an object.
#[inline(always)]
unsafe fn word_at(base: usize, i: usize) -> u64 {
    // SAFETY: the caller's promise; aligned words are never torn.
    unsafe { (base as *const u64).add(i).read_volatile() }
}
