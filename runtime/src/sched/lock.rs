//! A lock of one word, for objects in collected memory and others that must stay small.
//!
//! Held for a few dozen instructions at most and never across a safepoint, so waiting is spinning that turns into yielding the
//! thread, in case the holder lost its processor.

use std::sync::atomic::{AtomicU32, Ordering};

use super::g::wait_a_little;

/// 0 free, 1 held.
#[derive(Default)]
#[repr(transparent)]
pub struct WordLock(AtomicU32);

impl WordLock {
    /// A free lock.
    pub const fn new() -> WordLock {
        WordLock(AtomicU32::new(0))
    }

    /// Takes it.
    #[inline]
    pub fn lock(&self) {
        if self.0.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {
            self.slow();
        }
    }

    #[cold]
    fn slow(&self) {
        let mut spins = 0;
        loop {
            if self.0.load(Ordering::Relaxed) == 0
                && self.0.compare_exchange_weak(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok()
            {
                return;
            }
            wait_a_little(&mut spins);
        }
    }

    /// Gives it back.
    #[inline]
    pub fn unlock(&self) {
        debug_assert_eq!(self.0.load(Ordering::Relaxed), 1);
        self.0.store(0, Ordering::Release);
    }
}
