//! The write barrier: while the collector marks, a pointer that is about to be overwritten is recorded first.
//!
//! The collector marks what was reachable when the cycle began, plus everything allocated since. A goroutine runs only after its frames
//! were scanned, so all that it holds is of one of these two kinds. What could get lost is an edge of the old graph that is cut before
//! the marker went along it: that is what the barrier sees to. It looks at the old content only, so the words of the destination
//! need no types: a word that is no pointer is looked up in vain.
//!
//! Everything that overwrites pointers in the heap or in globals comes by here: stores of the interpreter (which tests
//! [`Heap::barrier_flag`] itself), the runtime's copies, clears and deletions, and the removal of roots that Rust structures hold.
//! Not the first stores to a fresh object, and not frames.

use std::sync::atomic::AtomicU64;

use super::pages::SPAN_MASK;
use super::span::Span;
use super::{Heap, wbuf};

impl Heap {
    /// Address of this processor's flag: non-zero while overwritten pointers must be recorded. Changes only while the world is stopped.
    #[inline]
    pub fn barrier_flag(&self) -> *const u8 {
        &raw const self.l.barrier
    }

    /// Whether overwritten pointers must be recorded.
    #[inline(always)]
    pub fn barrier(&self) -> bool {
        self.l.barrier != 0
    }

    /// Records a word that may be a pointer and is about to vanish from where it was, or comes out of a weak place.
    #[inline]
    pub fn shade(&mut self, w: u64) {
        if self.barrier() && w != 0 {
            self.record(w);
        }
    }

    fn record(&mut self, w: u64) {
        if self.l.wb.push(w) {
            self.flush_barrier();
        }
    }

    /// Marks what the buffer holds.
    #[cold]
    pub(crate) fn flush_barrier(&mut self) {
        let l = &mut *self.l;
        l.wb.drain(|w| l.marker.reach(w));
        l.marker.flush();
        self.shared.gc.work.relieve(&mut l.marker);
    }

    /// Records the words of `n` bytes at `at`, which are about to be overwritten. Memory without pointers is left alone.
    #[cold]
    #[inline(never)]
    pub fn shade_range(&mut self, at: *const u8, n: usize) {
        let first = (at as usize).next_multiple_of(8);
        let end = (at as usize + n) & !7;
        if first >= end || self.is_noscan(first) {
            return;
        }
        for p in (first..end).step_by(8) {
            // SAFETY: the caller is about to write these words.
            let w = unsafe { (p as *const u64).read_volatile() };
            if w != 0 {
                self.record(w);
            }
        }
    }

    fn is_noscan(&self, addr: usize) -> bool {
        let e = self.shared.pages.entry(addr);
        // SAFETY: entries name spans in use.
        e != 0 && unsafe { (*((e & SPAN_MASK) as *const Span)).sc } & 1 != 0
    }

    /// Call before `n` bytes at `at` are overwritten.
    #[inline(always)]
    pub fn before_write(&mut self, at: *const u8, n: usize) {
        if self.barrier() {
            self.shade_range(at, n);
        }
    }

    /// Stores a pointer word.
    ///
    /// # Safety
    /// `at` is an aligned word of the heap or of globals.
    #[inline]
    pub unsafe fn store_ptr(&mut self, at: *mut u64, v: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            if self.barrier() {
                wbuf::overwrite(AtomicU64::from_ptr(at), v, |old| self.shade(old));
            } else {
                at.write_volatile(v);
            }
        }
    }

    /// Copies `n` bytes, overlapping or not, over memory that may hold pointers.
    ///
    /// # Safety
    /// `n` bytes are valid at both ends.
    #[inline]
    pub unsafe fn copy_over(&mut self, to: *mut u8, from: *const u8, n: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            if self.barrier() {
                self.shade_range(to, n);
                copy_words(to, from, n);
            } else {
                std::ptr::copy(from, to, n);
            }
        }
    }

    /// Clears `n` bytes that may hold pointers.
    ///
    /// # Safety
    /// `n` bytes are valid at `at`.
    #[inline]
    pub unsafe fn clear_over(&mut self, at: *mut u8, n: usize) {
        self.before_write(at, n);
        // SAFETY: the caller's promise. Stores of zero cannot be torn into anything but old words and zero.
        unsafe { std::ptr::write_bytes(at, 0, n) };
    }
}

/// Copies so that whoever looks on sees whole words: aligned words one by one, in an order that is right for overlaps.
///
/// # Safety
/// `n` bytes are valid at both ends.
#[inline(never)]
pub unsafe fn copy_words(to: *mut u8, from: *const u8, n: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        if (to as usize | from as usize | n) & 7 != 0 {
            return std::ptr::copy(from, to, n);
        }
        let (d, s, k) = (to as *mut u64, from as *const u64, n / 8);
        if (to as usize).wrapping_sub(from as usize) >= n {
            for i in 0..k {
                d.add(i).write_volatile(s.add(i).read_volatile());
            }
        } else {
            for i in (0..k).rev() {
                d.add(i).write_volatile(s.add(i).read_volatile());
            }
        }
    }
}
