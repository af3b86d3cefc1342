//! Who wakes whom: the count of Ms that look for work without having any (*spinners*), against the queues.
//!
//! Publishing work wakes an M only if there is an idle P and no spinner, since a spinner will find it. The dangerous moment is the
//! retirement of the last spinner. It first stops counting as one and then looks at all queues once more; who publishes first
//! fills a queue and then looks at the count. With a full fence between the two steps on either side, at least one of them sees
//! the other. Two more rules: a spinner that finds work wakes the next one ([`Spinners::found`]), since while it was counted
//! others relied on it; and every retiring spinner rechecks, not only the last, since the count may rise for moments.
//!
//! Nothing here times out: a lost wake-up must show as a hang in tests.

use crate::sync::{AtomicBool, AtomicU32, AtomicUsize, Ordering, fence};

/// The counts that decide who is woken.
pub struct Spinners {
    /// Ms that look for work.
    spinning: AtomicU32,
    /// Ps on the idle list.
    idle: AtomicUsize,
    /// A retired spinner found work it had no P for: the next M about to idle must look again.
    need: AtomicBool,
}

impl Default for Spinners {
    fn default() -> Self {
        Self::new()
    }
}

impl Spinners {
    /// Nobody looks, nothing is idle.
    pub fn new() -> Spinners {
        Spinners { spinning: AtomicU32::new(0), idle: AtomicUsize::new(0), need: AtomicBool::new(false) }
    }

    /// Ps on the idle list.
    #[inline]
    pub fn idle(&self) -> usize {
        self.idle.load(Ordering::Relaxed)
    }

    /// Under the scheduler's lock: the idle list has this length now.
    pub fn set_idle(&self, n: usize) {
        self.idle.store(n, Ordering::Release);
    }

    /// Ms that look for work.
    pub fn spinning(&self) -> u32 {
        self.spinning.load(Ordering::Relaxed)
    }

    /// After publishing work: whether to wake an M for it. With true the caller counts as a spinner already: it starts an M as
    /// one on an idle P, or takes it back by [`Spinners::undo`].
    #[inline]
    #[must_use]
    pub fn wanted(&self) -> bool {
        if !cfg!(feature = "mut_idle_submit") {
            fence(Ordering::SeqCst);
        }
        self.idle.load(Ordering::Relaxed) != 0 && self.spinning.load(Ordering::Relaxed) == 0 && self.first()
    }

    /// For one who gives a P up: counts as a spinner unless there is one. As [`Spinners::wanted`].
    #[must_use]
    pub fn first(&self) -> bool {
        self.spinning.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// There was no P for the M that was wanted. The publisher has a P itself or published under the lock that the idle list
    /// is under, so whoever made the list empty will see the work.
    pub fn undo(&self) {
        self.left(self.spinning.fetch_sub(1, Ordering::AcqRel));
    }

    fn left(&self, before: u32) {
        debug_assert!(before > 0, "more spinning threads ended than began");
    }

    /// Whether one more may look, with so many busy Ps: half of them at most, or looking would cost more than it finds.
    #[inline]
    pub fn may_join(&self, busy: usize) -> bool {
        2 * (self.spinning.load(Ordering::Relaxed) as usize) < busy
    }

    /// An M begins to look.
    pub fn join(&self) {
        self.spinning.fetch_add(1, Ordering::AcqRel);
        self.need.store(false, Ordering::Release);
    }

    /// A spinner found work. Answers as [`Spinners::wanted`]: it was the one others relied on.
    #[must_use]
    pub fn found(&self) -> bool {
        self.left(self.spinning.fetch_sub(1, Ordering::AcqRel));
        if cfg!(feature = "mut_idle_chain") {
            return false;
        }
        self.wanted()
    }

    /// An M gives up, having put its P on the idle list: answers what `recheck` of all queues found. `spinner`: it counted as one.
    pub fn retire<R>(&self, spinner: bool, recheck: impl FnOnce() -> R) -> R {
        if cfg!(feature = "mut_idle_order") {
            let found = recheck();
            self.spinning.fetch_sub(u32::from(spinner), Ordering::AcqRel);
            return found;
        }
        if spinner {
            self.left(self.spinning.fetch_sub(1, Ordering::AcqRel));
        }
        if !cfg!(feature = "mut_idle_retire") {
            fence(Ordering::SeqCst);
        }
        recheck()
    }

    /// A spinner stops looking because it has something else to do, and its P is not idle.
    pub fn stop(&self) {
        self.left(self.spinning.fetch_sub(1, Ordering::AcqRel));
    }

    /// Before another program runs: nobody is left of those who looked.
    pub fn reset(&self) {
        self.spinning.store(0, Ordering::Relaxed);
    }

    /// The recheck found work, but there was no idle P for it.
    pub fn set_need(&self) {
        self.need.store(true, Ordering::Release);
    }

    /// Whether somebody must look again.
    pub fn needs(&self) -> bool {
        self.need.load(Ordering::Relaxed)
    }

    /// Under the scheduler's lock, by an M about to give up its P without having looked: whether it must look first.
    pub fn take_need(&self) -> bool {
        self.need.load(Ordering::Relaxed) && self.need.swap(false, Ordering::AcqRel)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn one_spinner_is_woken_at_a_time() {
        let s = Spinners::new();
        assert!(!s.wanted(), "no idle P");
        s.set_idle(2);
        assert!(s.wanted());
        assert!(!s.wanted(), "one looks already");
        assert!(s.found(), "the one that looked found something: another is wanted");
        assert_eq!(s.retire(true, || 7), 7);
        assert_eq!(s.spinning(), 0);
        assert!(s.may_join(1));
        s.join();
        assert!(!s.may_join(2) && s.may_join(3));
        s.set_need();
        assert!(s.take_need() && !s.take_need());
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::ring::RunQueue;
    use crate::sync::{model, thread};
    use std::num::NonZeroUsize;
    use std::sync::Arc;

    type Queue = RunQueue<NonZeroUsize>;

    fn g(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    /// Work is published while the only spinner retires: it finds the work, or another M is woken.
    #[test]
    fn loom_idle_lost_wakeup() {
        model::check(3, || {
            let s = Arc::new((Spinners::new(), Queue::new()));
            s.0.set_idle(1);
            s.0.join();
            let retiring = thread::spawn({
                let s = s.clone();
                move || s.0.retire(true, || !s.1.is_empty())
            });
            assert!(s.1.push(g(1)).is_ok());
            let woken = s.0.wanted();
            let found = retiring.join().unwrap();
            assert!(woken || found, "work is queued, nobody looks, nobody was woken");
        });
    }

    /// The same through the `next` slot.
    #[test]
    fn loom_idle_lost_wakeup_next() {
        model::check(3, || {
            let s = Arc::new((Spinners::new(), Queue::new()));
            s.0.set_idle(1);
            s.0.join();
            let retiring = thread::spawn({
                let s = s.clone();
                move || s.0.retire(true, || !s.1.is_empty())
            });
            s.1.push_next(g(1));
            let woken = s.0.wanted();
            let found = retiring.join().unwrap();
            assert!(woken || found, "work is queued, nobody looks, nobody was woken");
        });
    }

    /// Two pieces of work, one spinner that takes one of them: somebody comes for the other.
    #[test]
    fn loom_idle_chain() {
        model::check(3, || {
            let s = Arc::new((Spinners::new(), Queue::new()));
            s.0.set_idle(1);
            s.0.join();
            let spinner = thread::spawn({
                let s = s.clone();
                move || {
                    let mine = Queue::new();
                    match mine.steal_from(&s.1, false) {
                        Some(_) => s.0.found(),
                        None => s.0.retire(true, || !s.1.is_empty()),
                    }
                }
            });
            assert!(s.1.push(g(1)).is_ok());
            let mut woken = s.0.wanted();
            assert!(s.1.push(g(2)).is_ok());
            woken |= s.0.wanted();
            woken |= spinner.join().unwrap();
            assert!(woken || s.1.is_empty(), "the second piece of work is nobody's");
        });
    }
}
