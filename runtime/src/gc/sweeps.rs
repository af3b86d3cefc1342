//! Which spans wait to be swept, and which are being swept: the claim on a span, and when sweeping is over.
//!
//! A span is swept by whoever takes it out of its list, under the list's lock; so no span is swept twice. The counts tell when
//! all are done without looking at the lists: a cycle begins only then, for it marks with the bits that sweeping reads. A span on
//! its way from one count to the other is in both for a moment, never in neither.

use crate::sync::{AtomicUsize, Ordering};

/// See the module.
pub struct Sweeps {
    /// Spans in the lists of unswept ones.
    waiting: AtomicUsize,
    /// Spans being swept.
    busy: AtomicUsize,
}

impl Default for Sweeps {
    fn default() -> Self {
        Self::new()
    }
}

impl Sweeps {
    /// All is swept.
    pub fn new() -> Sweeps {
        Sweeps { waiting: AtomicUsize::new(0), busy: AtomicUsize::new(0) }
    }

    /// After marking, with the world stopped: so many spans are to be swept.
    pub fn begin(&self, spans: usize) {
        self.waiting.store(spans, Ordering::Release);
    }

    /// Whether a list may hold an unswept span.
    #[inline]
    pub fn any(&self) -> bool {
        self.waiting.load(Ordering::Acquire) != 0
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Under the lock of a list, from which the caller has just taken a span: the caller sweeps it, and then says so.
    pub fn claimed(&self) {
        if cfg!(feature = "mut_sweep_order") {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            self.busy.fetch_add(1, Ordering::AcqRel);
            return;
        }
        self.busy.fetch_add(1, Ordering::AcqRel);
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }

    /// A claimed span is swept and where it belongs.
    pub fn finished(&self) {
        let order = if cfg!(feature = "mut_sweep_done") { Ordering::Relaxed } else { Ordering::AcqRel };
        self.busy.fetch_sub(1, order);
    }

    /// Whether all spans are swept. What the sweepers did is visible then.
    pub fn is_over(&self) -> bool {
        if cfg!(feature = "mut_sweep_look") {
            return self.busy.load(Ordering::Acquire) == 0 && !self.any();
        }
        // In this order: a span goes from the first count to the second.
        !self.any() && self.busy.load(Ordering::Acquire) == 0
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn over_when_the_last_one_is_finished() {
        let s = Sweeps::new();
        assert!(s.is_over());
        s.begin(2);
        assert!(s.any() && !s.is_over());
        s.claimed();
        s.claimed();
        s.finished();
        assert!(!s.any() && !s.is_over());
        s.finished();
        assert!(s.is_over());
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{Mutex, UnsafeCell, model, thread};
    use std::sync::Arc;

    struct Heap {
        sweeps: Sweeps,
        list: Mutex<u32>,
        span: UnsafeCell<u32>,
    }
    // SAFETY: the span belongs to who took it, or to nobody; loom checks that.
    unsafe impl Sync for Heap {}
    // SAFETY: plain data.
    unsafe impl Send for Heap {}

    impl Heap {
        fn sweep_one(&self) {
            if !self.sweeps.any() {
                return;
            }
            {
                let mut l = self.list.lock();
                if *l == 0 {
                    return;
                }
                *l -= 1;
                self.sweeps.claimed();
            }
            // SAFETY: claimed.
            self.span.with_mut(|s| unsafe { *s += 1 });
            self.sweeps.finished();
        }
    }

    /// One span, a sweeper, and somebody who wants to begin the next cycle.
    #[test]
    fn loom_sweep_claim() {
        model::check(3, || {
            let h = Arc::new(Heap { sweeps: Sweeps::new(), list: Mutex::new(1), span: UnsafeCell::new(0) });
            h.sweeps.begin(1);
            let next = thread::spawn({
                let h = h.clone();
                move || {
                    if h.sweeps.is_over() {
                        // SAFETY: nobody sweeps.
                        let n = h.span.with(|s| unsafe { *s });
                        assert_eq!(n, 1, "the next cycle begins on a span that is not swept");
                    } else {
                        h.sweep_one();
                    }
                }
            });
            h.sweep_one();
            next.join().unwrap();
            // SAFETY: nobody sweeps.
            assert_eq!(h.span.with(|s| unsafe { *s }), 1, "a span was swept twice, or not");
        });
    }
}
