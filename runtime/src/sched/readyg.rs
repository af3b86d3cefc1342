//! "Make me runnable and run that one now": the hand-over slot in a goroutine's block.
//!
//! The goroutine names who is to run in its own slot and returns to its M. The M publishes the goroutine, from which moment it may
//! already run on another thread, overwrite its frames and this slot. So the slot is emptied first; nothing that belongs to the
//! goroutine is read after it was published.

use crate::sync::UnsafeCell;

/// The slot. Its owner is whoever has the goroutine Running.
pub struct ReadySlot<T>(UnsafeCell<Option<T>>);

impl<T> Default for ReadySlot<T> {
    fn default() -> Self {
        ReadySlot(UnsafeCell::new(None))
    }
}

impl<T> ReadySlot<T> {
    /// The running goroutine: `next` is to run in its place.
    ///
    /// # Safety
    /// The caller owns the goroutine.
    pub unsafe fn set(&self, next: T) {
        // SAFETY: the caller's promise.
        self.0.with_mut(|s| unsafe { *s = Some(next) });
    }

    /// Whether nobody is named.
    ///
    /// # Safety
    /// The caller owns the goroutine.
    pub unsafe fn is_empty(&self) -> bool {
        // SAFETY: the caller's promise.
        self.0.with(|s| unsafe { (*s).is_none() })
    }

    /// The goroutine's M: puts it on a queue by `publish`, if the slot names somebody; answers who.
    ///
    /// # Safety
    /// The caller owns the goroutine until it calls `publish`, which must not be called otherwise.
    pub unsafe fn hand_over(&self, publish: impl FnOnce()) -> Option<T> {
        if cfg!(feature = "mut_readyg") {
            publish();
            // SAFETY: none: that is the mutant.
            return self.0.with_mut(|s| unsafe { (*s).take() });
        }
        // SAFETY: the caller's promise; not published yet.
        let next = self.0.with_mut(|s| unsafe { (*s).take() })?;
        publish();
        Some(next)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn publishes_only_if_somebody_is_named() {
        let s = ReadySlot::default();
        // SAFETY: one thread.
        unsafe {
            assert_eq!(s.hand_over(|| panic!("nobody to run")), None::<u32>);
            s.set(7);
            let mut published = false;
            assert_eq!(s.hand_over(|| published = true), Some(7));
            assert!(published);
        }
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{Mutex, model, thread};
    use std::sync::Arc;

    struct G(ReadySlot<u32>, Mutex<bool>);
    // SAFETY: the slot is used by the goroutine's owner; loom checks that.
    unsafe impl Sync for G {}
    // SAFETY: plain data.
    unsafe impl Send for G {}

    /// The goroutine is stolen, runs, and uses its slot again while its old M executes the one it named.
    #[test]
    fn loom_readyg() {
        model::check(3, || {
            let g = Arc::new(G(ReadySlot::default(), Mutex::new(false)));
            // SAFETY: it runs, here.
            unsafe { g.0.set(2) };
            let thief = thread::spawn({
                let g = g.clone();
                move || {
                    if std::mem::take(&mut *g.1.lock()) {
                        // SAFETY: it runs, here.
                        unsafe { g.0.set(99) };
                    }
                }
            });
            // SAFETY: its M, which still has it.
            let next = unsafe { g.0.hand_over(|| *g.1.lock() = true) };
            assert_eq!(next, Some(2), "executed a clobbered goroutine pointer");
            thief.join().unwrap();
        });
    }
}
