//! A goroutine in a select waits on several channels at once: the waker that completes it is the one that wins this word.
//!
//! Cleared by the goroutine before its entries are queued; each waker holds the lock of its own channel only, so several may come
//! at once, a close among them. The winner alone says how the goroutine was completed, and readies it.

use crate::sync::{AtomicU32, Ordering};

/// Whether a select was completed.
pub struct SelectDone(AtomicU32);

impl Default for SelectDone {
    fn default() -> Self {
        SelectDone(AtomicU32::new(0))
    }
}

impl SelectDone {
    /// The goroutine: about to queue its entries.
    #[inline]
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// A waker that found an entry of this goroutine: true if it is the first.
    #[inline]
    #[must_use]
    pub fn win(&self) -> bool {
        if cfg!(feature = "mut_select_done") {
            let first = self.0.load(Ordering::Acquire) == 0;
            self.0.store(1, Ordering::Release);
            return first;
        }
        self.0.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Whether somebody has won.
    #[inline]
    pub fn is_won(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_first_wins() {
        let d = SelectDone::default();
        assert!(d.win() && !d.win() && d.is_won());
        d.reset();
        assert!(!d.is_won() && d.win());
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::status::{Ready, State, StatusWord};
    use crate::sync::{Mutex, UnsafeCell, model, thread};
    use std::sync::Arc;

    struct G {
        word: StatusWord,
        done: SelectDone,
        /// Which entry was completed.
        param: UnsafeCell<u32>,
    }
    // SAFETY: the cell is the winner's until the goroutine is ready; loom checks that.
    unsafe impl Sync for G {}
    // SAFETY: plain data.
    unsafe impl Send for G {}

    /// A sender on one channel and the closer of another come for a goroutine that is just parking in a select on both.
    #[test]
    fn loom_select_done() {
        model::check(2, || {
            let g = Arc::new(G {
                word: StatusWord::new(State::Running),
                done: SelectDone::default(),
                param: UnsafeCell::new(0),
            });
            let channels = Arc::new([Mutex::new(false), Mutex::new(false)]);
            g.done.reset();
            for c in channels.iter() {
                *c.lock() = true;
            }
            let waker = |i: usize| {
                let (g, channels) = (g.clone(), channels.clone());
                thread::spawn(move || {
                    let queued = std::mem::take(&mut *channels[i].lock());
                    if !queued || !g.done.win() {
                        return 0;
                    }
                    // SAFETY: the winner.
                    g.param.with_mut(|p| unsafe { *p = i as u32 + 1 });
                    match g.word.ready() {
                        Ready::Queue => 1,
                        Ready::Noticed => 0,
                    }
                })
            };
            let wakers = [waker(0), waker(1)];
            let parked = g.word.park();
            let queued: u32 = wakers.into_iter().map(|w| w.join().unwrap()).sum();
            assert_eq!(queued, u32::from(parked), "a select was completed twice, or not at all");
            // SAFETY: it was readied.
            assert_ne!(g.param.with(|p| unsafe { *p }), 0);
        });
    }
}
