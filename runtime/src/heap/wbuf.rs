//! The buffer of the write barrier, and the order of its steps.
//!
//! The old content of a slot is read, and recorded, before the slot is written. Between the two is no safepoint; and the buffer is
//! emptied at one, by the processor's holder or on its behalf, before marking may end. So whatever vanished from memory while its
//! holder kept it in a register is marked in time. The store is a Release: who reads the new pointer sees the object behind it,
//! also when it was another goroutine that made it.

use crate::sync::{AtomicU64, Ordering};

/// Entries.
pub const SIZE: usize = if cfg!(loom) { 2 } else { 512 };

/// A processor's buffer of words that may point to objects that must be marked.
pub struct BarrierBuffer {
    n: usize,
    words: [u64; SIZE],
}

impl Default for BarrierBuffer {
    fn default() -> Self {
        Self::new()
    }
}

impl BarrierBuffer {
    /// Empty.
    pub const fn new() -> BarrierBuffer {
        BarrierBuffer { n: 0, words: [0; SIZE] }
    }

    /// Adds a word. True: the buffer is full now and must be emptied before the next one.
    #[inline]
    #[must_use]
    pub fn push(&mut self, w: u64) -> bool {
        self.words[self.n] = w;
        self.n += 1;
        self.n == SIZE
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Empties it into `f`.
    #[inline]
    pub fn drain(&mut self, f: impl FnMut(u64)) {
        let n = std::mem::take(&mut self.n);
        self.words[..n].iter().copied().for_each(f);
    }
}

/// Stores a pointer while the collector marks.
#[inline]
pub fn overwrite(slot: &AtomicU64, new: u64, record: impl FnOnce(u64)) {
    if cfg!(feature = "mut_barrier_order") {
        slot.store(new, Ordering::Release);
        return record(slot.load(Ordering::Relaxed));
    }
    record(slot.load(Ordering::Relaxed));
    let order = if cfg!(feature = "mut_barrier_relaxed") { Ordering::Relaxed } else { Ordering::Release };
    slot.store(new, order);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_is_overwritten_is_recorded_and_drained_once() {
        let slot = AtomicU64::new(1);
        let mut b = BarrierBuffer::new();
        for new in 2..=SIZE as u64 + 1 {
            overwrite(&slot, new, |old| assert_eq!(b.push(old), old == SIZE as u64));
        }
        let mut got = vec![];
        b.drain(|w| got.push(w));
        assert_eq!(got, (1..=SIZE as u64).collect::<Vec<_>>());
        assert!(b.is_empty() && slot.into_inner() == SIZE as u64 + 1);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::foreachp::{Asked, Round};
    use crate::sched::status::{State, StatusWord};
    use crate::sync::{UnsafeCell, model, thread};
    use std::sync::Arc;

    struct World {
        slot: AtomicU64,
        buffer: UnsafeCell<BarrierBuffer>,
        marked: AtomicU64,
        round: Round,
        asked: [Asked; 1],
        word: StatusWord,
    }
    // SAFETY: the buffer belongs to who acts for the P; loom checks that.
    unsafe impl Sync for World {}
    // SAFETY: plain data.
    unsafe impl Send for World {}

    impl World {
        fn flush(&self) {
            self.buffer.with_mut(|b| {
                // SAFETY: the caller acts for the P.
                unsafe { &mut *b }.drain(|w| {
                    self.marked.fetch_or(1 << w, Ordering::Relaxed);
                });
            });
        }
    }

    /// A goroutine moves the only pointer to an object from memory into a register. When marking ends, the object is marked.
    #[test]
    fn loom_barrier_buffer() {
        model::check(2, || {
            let w = Arc::new(World {
                slot: AtomicU64::new(5),
                buffer: UnsafeCell::new(BarrierBuffer::new()),
                marked: AtomicU64::new(0),
                round: Round::new(),
                asked: Default::default(),
                word: StatusWord::new(State::Running),
            });
            let mutator = thread::spawn({
                let w = w.clone();
                move || {
                    let held = w.slot.load(Ordering::Relaxed);
                    overwrite(&w.slot, 0, |old| {
                        // SAFETY: the P is this thread's.
                        w.buffer.with_mut(|b| assert!(!unsafe { &mut *b }.push(old)));
                    });
                    w.round.run(&w.asked[0], || w.flush());
                    w.word.enter_syscall();
                    held
                }
            });
            // The marker comes by the slot at some moment, and ends marking by a ragged barrier.
            let seen = w.slot.load(Ordering::Relaxed);
            w.marked.fetch_or(1 << seen, Ordering::Relaxed);
            w.round.begin(1, w.asked.iter());
            w.round.wait(|| {
                if let Some(_bit) = w.word.claim_syscall() {
                    w.round.run(&w.asked[0], || w.flush());
                }
            });
            let marked = w.marked.load(Ordering::Relaxed);
            let held = mutator.join().unwrap();
            assert_ne!(marked >> held & 1, 0, "an object in a register is white at the end of marking");
        });
    }

    /// The marker follows a pointer that was stored while it marked: the object behind it is there.
    #[test]
    fn loom_barrier_publish() {
        model::check(3, || {
            let w = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
            let marker = thread::spawn({
                let w = w.clone();
                move || {
                    if w.0.load(Ordering::Acquire) == 1 {
                        let contents = w.1.load(Ordering::Relaxed);
                        assert_eq!(contents, 7, "an object was seen before its contents");
                    }
                }
            });
            w.1.store(7, Ordering::Relaxed);
            overwrite(&w.0, 1, |_| {});
            marker.join().unwrap();
        });
    }
}
