//! A P's run queue: a bounded ring that its owner fills and empties and others steal from by halves, and the `next` slot.
//!
//! `head` moves by compare-and-swap, by anyone; `tail` is written by the owner only. A slot is read before the swap of `head`
//! that takes it, so a reader that lost the race merely read a stale word. Entries are small tokens of things that never die
//! (goroutine blocks), which is what makes reading stale ones harmless.
//!
//! The owner's calls are not `unsafe`: two threads pushing at once would lose goroutines, not memory. They must nevertheless be
//! made by the holder of the P only.

use std::marker::PhantomData;
use std::num::NonZeroUsize;

use crate::sync::{AtomicU32, AtomicUsize, Backoff, Ordering, OwnLoad, fence};

/// Entries of one ring.
pub const CAP: usize = if cfg!(loom) { 4 } else { 256 };
/// What an overflowing push hands over: half the ring and the entry that did not fit.
pub const SPILL: usize = CAP / 2 + 1;

/// Something a queue can hold: it fits a word that is not zero.
pub trait Token: Copy {
    /// As a word.
    fn into_word(self) -> NonZeroUsize;
    /// Back again; `w` came from `into_word`.
    fn from_word(w: NonZeroUsize) -> Self;
}

impl Token for NonZeroUsize {
    #[inline]
    fn into_word(self) -> NonZeroUsize {
        self
    }
    #[inline]
    fn from_word(w: NonZeroUsize) -> Self {
        w
    }
}

/// Up to half a ring of entries, oldest first, by value.
pub struct Batch<T> {
    words: [usize; SPILL],
    len: usize,
    _of: PhantomData<T>,
}

impl<T: Token> Batch<T> {
    fn new() -> Self {
        Batch { words: [0; SPILL], len: 0, _of: PhantomData }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.words[..self.len].iter().map(|&w| token(w))
    }
}

#[inline]
fn token<T: Token>(w: usize) -> T {
    T::from_word(NonZeroUsize::new(w).expect("an empty slot below the tail"))
}

#[repr(align(64))]
struct Line<T>(T);

/// A P's queue of runnable goroutines.
pub struct RunQueue<T> {
    head: Line<AtomicU32>,
    tail: Line<AtomicU32>,
    next: AtomicUsize,
    slots: Box<[AtomicUsize]>,
    _of: PhantomData<fn(T) -> T>,
}

impl<T: Token> Default for RunQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Taking from the head needs the entries' contents; giving slots back needs the reads done.
const PUBLISH: Ordering = if cfg!(feature = "mut_ring_tail") { Ordering::Relaxed } else { Ordering::Release };

impl<T: Token> RunQueue<T> {
    /// An empty queue.
    pub fn new() -> Self {
        RunQueue {
            head: Line(AtomicU32::new(0)),
            tail: Line(AtomicU32::new(0)),
            next: AtomicUsize::new(0),
            slots: (0..CAP).map(|_| AtomicUsize::new(0)).collect(),
            _of: PhantomData,
        }
    }

    #[inline]
    fn slot(&self, at: u32) -> &AtomicUsize {
        &self.slots[at as usize % CAP]
    }

    /// Owner: appends; when the ring is full, the older half and `t` come back, for the global queue.
    #[inline]
    #[allow(clippy::result_large_err)] // rare, and returned in place: a box would allocate in the scheduler
    pub fn push(&self, t: T) -> Result<(), Batch<T>> {
        loop {
            let h = self.head.0.load(Ordering::Acquire);
            let tail = self.tail.0.own_load();
            if tail.wrapping_sub(h) < CAP as u32 {
                self.slot(tail).store(t.into_word().get(), Ordering::Relaxed);
                self.tail.0.store(tail.wrapping_add(1), PUBLISH);
                return Ok(());
            }
            if let Some(batch) = self.spill(h, t) {
                return Err(batch);
            }
            // Somebody stole: there is room now.
        }
    }

    #[cold]
    fn spill(&self, h: u32, t: T) -> Option<Batch<T>> {
        let mut b = Batch::new();
        let n = CAP / 2;
        for i in 0..n {
            b.words[i] = self.slot(h.wrapping_add(i as u32)).load(Ordering::Relaxed);
        }
        let to = h.wrapping_add(n as u32);
        self.head.0.compare_exchange(h, to, Ordering::Release, Ordering::Relaxed).ok()?;
        b.words[n] = t.into_word().get();
        b.len = n + 1;
        Some(b)
    }

    /// Owner: puts `t` first; whoever was to be first comes back, to be appended.
    #[inline]
    pub fn push_next(&self, t: T) -> Option<T> {
        let w = t.into_word().get();
        if cfg!(feature = "mut_ring_next") {
            let old = self.next.load(Ordering::Acquire);
            self.next.store(w, Ordering::Release);
            return NonZeroUsize::new(old).map(T::from_word);
        }
        NonZeroUsize::new(self.next.swap(w, Ordering::AcqRel)).map(T::from_word)
    }

    /// Owner: takes the `next` slot.
    #[inline]
    pub fn pop_next(&self) -> Option<T> {
        // Only the owner fills it, so a plain look decides; thieves may only empty it.
        let w = self.next.load(Ordering::Relaxed);
        let old = NonZeroUsize::new(w)?;
        self.next.compare_exchange(w, 0, Ordering::AcqRel, Ordering::Relaxed).ok()?;
        Some(T::from_word(old))
    }

    /// Owner: takes the oldest entry of the ring (not the `next` slot).
    #[inline]
    pub fn pop(&self) -> Option<T> {
        loop {
            let h = self.head.0.load(Ordering::Acquire);
            let tail = self.tail.0.own_load();
            if tail == h {
                return None;
            }
            let w = self.slot(h).load(Ordering::Relaxed);
            let to = h.wrapping_add(1);
            if cfg!(feature = "mut_ring_pop") {
                self.head.0.store(to, Ordering::Release);
                return Some(token(w));
            }
            if self.head.0.compare_exchange_weak(h, to, Ordering::Release, Ordering::Relaxed).is_ok() {
                return Some(token(w));
            }
        }
    }

    /// Any thread: whether there seems to be nothing. An answer of "empty" is about one moment: an entry on its way from
    /// the `next` slot to the ring is not missed.
    pub fn is_empty(&self) -> bool {
        loop {
            let h = self.head.0.load(Ordering::Acquire);
            let tail = self.tail.0.load(Ordering::Acquire);
            let next = self.next.load(Ordering::Relaxed);
            fence(Ordering::Acquire);
            if cfg!(feature = "mut_ring_empty") || tail == self.tail.0.load(Ordering::Acquire) {
                return h == tail && next == 0;
            }
        }
    }

    /// Any thread: entries, about.
    pub fn len(&self) -> usize {
        let h = self.head.0.load(Ordering::Acquire);
        let n = self.tail.0.load(Ordering::Acquire).wrapping_sub(h) as usize;
        n.min(CAP) + usize::from(self.next.load(Ordering::Relaxed) != 0)
    }

    /// Owner of `self`: moves half of `victim`'s ring here and answers one of the entries, to be run now. With `take_next`, an
    /// otherwise empty victim loses its `next` slot (the caller paused first, so that the victim had its chance to run it).
    pub fn steal_from(&self, victim: &RunQueue<T>, take_next: bool) -> Option<T> {
        let tail = self.tail.0.own_load();
        let mut wait = Backoff::new();
        let n = loop {
            let h = victim.head.0.load(Ordering::Acquire);
            let t = victim.tail.0.load(Ordering::Acquire);
            let n = t.wrapping_sub(h);
            let n = n - n / 2;
            if n == 0 {
                if take_next && let Some(t) = victim.pop_next() {
                    return Some(t);
                }
                return None;
            }
            if n > CAP as u32 / 2 {
                // head and tail are from different moments
                wait.wait();
                continue;
            }
            for i in 0..n {
                let w = victim.slot(h.wrapping_add(i)).load(Ordering::Relaxed);
                self.slot(tail.wrapping_add(i)).store(w, Ordering::Relaxed);
            }
            let to = h.wrapping_add(n);
            if cfg!(feature = "mut_ring_steal") {
                victim.head.0.store(to, Ordering::Release);
                break n;
            }
            if victim.head.0.compare_exchange(h, to, Ordering::Release, Ordering::Relaxed).is_ok() {
                break n;
            }
        };
        let n = n - 1;
        let w = self.slot(tail.wrapping_add(n)).load(Ordering::Relaxed);
        if n > 0 {
            self.tail.0.store(tail.wrapping_add(n), Ordering::Release);
        }
        Some(token(w))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn g(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    #[test]
    fn first_in_first_out_and_spill() {
        let q = RunQueue::new();
        assert!(q.is_empty());
        for i in 1..=CAP {
            assert!(q.push(g(i)).is_ok());
        }
        assert_eq!(q.len(), CAP);
        let Err(b) = q.push(g(CAP + 1)) else { panic!("room in a full ring") };
        let got: Vec<usize> = b.iter().map(|t| t.get()).collect();
        let mut want: Vec<usize> = (1..=CAP / 2).collect();
        want.push(CAP + 1);
        assert_eq!(got, want);
        assert_eq!(q.pop(), Some(g(CAP / 2 + 1)));
        assert_eq!(q.push_next(g(7)), None);
        assert_eq!(q.push_next(g(8)), Some(g(7)));
        assert_eq!(q.pop_next(), Some(g(8)));
        assert_eq!(q.pop_next(), None);
    }

    #[test]
    fn stealing_takes_the_older_half() {
        let (a, b) = (RunQueue::new(), RunQueue::new());
        for i in 1..=5 {
            assert!(a.push(g(i)).is_ok());
        }
        a.push_next(g(9));
        assert_eq!(b.steal_from(&a, false), Some(g(3)));
        assert_eq!((b.pop(), b.pop(), b.pop()), (Some(g(1)), Some(g(2)), None));
        assert_eq!((a.pop(), a.pop(), a.pop()), (Some(g(4)), Some(g(5)), None));
        assert_eq!(b.steal_from(&a, false), None);
        assert_eq!(b.steal_from(&a, true), Some(g(9)));
        assert!(a.is_empty());
    }

    #[test]
    fn nothing_is_lost_between_threads() {
        const N: usize = 20_000;
        let q: RunQueue<NonZeroUsize> = RunQueue::new();
        let done = AtomicUsize::new(0);
        let sum = AtomicUsize::new(0);
        std::thread::scope(|s| {
            for _ in 0..2 {
                s.spawn(|| {
                    let mine = RunQueue::new();
                    while done.load(Ordering::Acquire) == 0 || !q.is_empty() {
                        if let Some(t) = mine.steal_from(&q, true) {
                            sum.fetch_add(t.get(), Ordering::Relaxed);
                        }
                        while let Some(t) = mine.pop() {
                            sum.fetch_add(t.get(), Ordering::Relaxed);
                        }
                    }
                });
            }
            for i in 1..=N {
                let t = if i % 3 == 0 { q.push_next(g(i)) } else { Some(g(i)) };
                let Some(t) = t else { continue };
                if let Err(b) = q.push(t) {
                    b.iter().for_each(|t| {
                        sum.fetch_add(t.get(), Ordering::Relaxed);
                    });
                }
            }
            done.store(1, Ordering::Release);
            while let Some(t) = q.pop_next().or_else(|| q.pop()) {
                sum.fetch_add(t.get(), Ordering::Relaxed);
            }
        });
        assert_eq!(sum.into_inner(), N * (N + 1) / 2);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{model, thread};
    use std::sync::Arc;

    fn g(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    /// The owner fills, overflows and empties while a thief takes halves: every entry is found once.
    #[test]
    fn loom_ring_each_entry_once() {
        model::check(2, || {
            let q = Arc::new(RunQueue::new());
            // Near the end of the ring, so that it wraps.
            for i in 0..3 {
                assert!(q.push(g(100 + i)).is_ok());
                q.pop();
            }
            let thief = thread::spawn({
                let q = q.clone();
                move || {
                    let mine = RunQueue::new();
                    let mut got: Vec<_> = mine.steal_from(&q, true).into_iter().collect();
                    got.extend(mine.steal_from(&q, true));
                    got.extend(std::iter::from_fn(|| mine.pop()));
                    got
                }
            });
            let mut got = vec![];
            for i in 1..=5 {
                if let Err(b) = q.push(g(i)) {
                    got.extend(b.iter());
                }
            }
            got.extend(q.pop());
            got.extend(thief.join().unwrap());
            got.extend(std::iter::from_fn(|| q.pop()));
            let mut got: Vec<usize> = got.into_iter().map(NonZeroUsize::get).collect();
            got.sort_unstable();
            assert_eq!(got, [1, 2, 3, 4, 5], "goroutines were lost or run twice");
        });
    }

    /// The `next` slot is replaced and used by its owner while a thief wants it.
    #[test]
    fn loom_ring_next_slot() {
        model::check(3, || {
            let q = Arc::new(RunQueue::new());
            assert_eq!(q.push_next(g(1)), None);
            let thief = thread::spawn({
                let q = q.clone();
                move || RunQueue::new().steal_from(&q, true)
            });
            let mut got: Vec<_> = q.push_next(g(2)).into_iter().collect();
            got.extend(q.pop_next());
            got.extend(thief.join().unwrap());
            got.extend(q.pop_next());
            let mut got: Vec<usize> = got.into_iter().map(NonZeroUsize::get).collect();
            got.sort_unstable();
            assert_eq!(got, [1, 2], "the next slot lost or doubled a goroutine");
        });
    }

    /// A queue that never was empty is never called empty.
    #[test]
    fn loom_ring_emptiness() {
        model::check(3, || {
            let q = Arc::new(RunQueue::new());
            q.push_next(g(1));
            let look = thread::spawn({
                let q = q.clone();
                move || assert!(!q.is_empty(), "an entry on its way into the ring was missed")
            });
            let kicked = q.push_next(g(2)).unwrap();
            assert!(q.push(kicked).is_ok());
            assert_eq!(q.pop_next(), Some(g(2)));
            look.join().unwrap();
        });
    }
}
