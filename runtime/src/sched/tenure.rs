//! Who has a P, and whether it is among the GOMAXPROCS there may be.
//!
//! A P beyond GOMAXPROCS (*dead*) stays with its holder until that comes to the scheduler. Once nobody holds it, it may be given a second
//! life when the number grows again. So a holder must not touch a P after it was seen without one: it gives it up, and does what
//! is left to do with it (its queue is emptied, it is counted as stopped), under one lock, under which second lives are given too.

use crate::sync::{AtomicPtr, AtomicU32, Ordering};

/// In the idle list, or on the way there or back.
pub const IDLE: u32 = 0;
/// An M holds it, or is about to.
pub const RUNNING: u32 = 1;
/// Beyond GOMAXPROCS.
pub const DEAD: u32 = 2;

/// See the module. `M`: who can hold it.
pub struct Tenure<M> {
    state: AtomicU32,
    /// Also while it is in a blocking call.
    holder: AtomicPtr<M>,
}

impl<M> Default for Tenure<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> Tenure<M> {
    /// Idle, nobody's.
    pub fn new() -> Tenure<M> {
        Tenure { state: AtomicU32::new(IDLE), holder: AtomicPtr::new(std::ptr::null_mut()) }
    }

    /// [`IDLE`], [`RUNNING`] or [`DEAD`].
    #[inline]
    pub fn state(&self) -> u32 {
        self.state.load(Ordering::Acquire)
    }

    /// Under the lock, or while nobody else runs.
    pub fn set_state(&self, state: u32) {
        self.state.store(state, Ordering::Release);
    }

    /// Who holds it; null: nobody.
    #[inline]
    pub fn holder(&self) -> *mut M {
        self.holder.load(Ordering::Acquire)
    }

    /// Whoever was given it becomes its holder.
    pub fn begin(&self, holder: *mut M) {
        self.holder.store(holder, Ordering::Release);
        self.set_state(RUNNING);
    }

    /// Under the lock, in a step with what is done about the P then: nobody holds it any more.
    pub fn end(&self) {
        self.holder.store(std::ptr::null_mut(), Ordering::Release);
    }

    /// The holder has no use for it any more. `last` is what it still does with it, under the lock that it gets.
    pub fn give_up<L, R>(&self, lock: impl FnOnce() -> L, last: impl FnOnce(L) -> R) -> R {
        if cfg!(feature = "mut_give_up") {
            self.end();
            return last(lock());
        }
        let l = lock();
        self.end();
        last(l)
    }

    /// Whether anybody may still run there.
    pub fn is_used(&self) -> bool {
        self.state() != DEAD || !self.holder().is_null()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_dead_one_is_used_as_long_as_it_is_held() {
        let (t, mut m) = (Tenure::<u8>::new(), 7u8);
        assert!(t.is_used() && t.holder().is_null());
        t.begin(&raw mut m);
        t.set_state(DEAD);
        assert!(t.is_used());
        assert_eq!(t.give_up(|| 5, |l| (l, t.is_used())), (5, false));
        assert!(t.holder().is_null());
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{Mutex, UnsafeCell, model, thread};
    use std::sync::Arc;

    struct World {
        lock: Mutex<()>,
        p: Tenure<u8>,
        /// What only the holder may touch, or who has the lock and knows that there is none.
        queue: UnsafeCell<u32>,
    }
    // SAFETY: loom checks the uses of the cell.
    unsafe impl Sync for World {}
    // SAFETY: plain data.
    unsafe impl Send for World {}

    /// GOMAXPROCS grows while the holder of a dead P gives it up, and another M begins with it: the first one is done with it by then.
    #[test]
    fn loom_second_life() {
        model::check(3, || {
            let w = Arc::new(World { lock: Mutex::new(()), p: Tenure::new(), queue: UnsafeCell::new(1) });
            let ms: [*mut u8; 2] = [8, 16].map(std::ptr::without_provenance_mut);
            w.p.begin(ms[0]);
            w.p.set_state(DEAD);
            let first = thread::spawn({
                let w = w.clone();
                move || {
                    w.p.give_up(
                        || w.lock.lock(),
                        |lock| {
                            // SAFETY: nobody holds the P.
                            w.queue.with_mut(|q| unsafe { *q = 0 });
                            drop(lock);
                        },
                    );
                }
            });
            let revived = {
                let _lock = w.lock.lock();
                let spare = !w.p.is_used();
                if spare {
                    w.p.set_state(IDLE);
                }
                spare
            };
            if revived {
                w.p.begin(ms[1]);
                // SAFETY: this thread holds the P.
                w.queue.with_mut(|q| unsafe { *q += 1 });
            }
            first.join().unwrap();
            // SAFETY: one thread is left.
            let left = w.queue.with(|q| unsafe { *q });
            assert_eq!(left, u32::from(revived), "the queue of a P was emptied in its second life");
        });
    }
}
