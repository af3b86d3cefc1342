//! The end of an M: its block may serve another thread only after the ending one's very last access.
//!
//! A block is in the list of all Ms, or in the list of leaving ones, at every moment of its thread's life, and marked as in use. Leaving
//! goes: [`Ms::leave`] under the scheduler's lock (out of one list and into the other in one step), then
//! whatever the thread still has to do (hand its P on, count itself out), then [`FreeWait::last_access`], and nothing after it.
//! Whoever needs a block takes one by [`Ms::reuse`], under the same lock.

use crate::sync::{AtomicU32, Ordering};

/// The block may be used again.
const REF: u32 = 1;
/// Its thread still runs.
const WAIT: u32 = 2;

/// Whether a thread still uses its block.
pub struct FreeWait(AtomicU32);

impl Default for FreeWait {
    fn default() -> Self {
        Self::new()
    }
}

impl FreeWait {
    /// Of a block that no thread uses yet.
    pub fn new() -> FreeWait {
        FreeWait(AtomicU32::new(REF))
    }

    fn hold(&self) {
        if !cfg!(feature = "mut_mexit") {
            self.0.store(WAIT, Ordering::Relaxed);
        }
    }

    /// The ending thread: it will not touch its block again.
    pub fn last_access(&self) {
        let order = if cfg!(feature = "mut_mexit_relaxed") { Ordering::Relaxed } else { Ordering::Release };
        self.0.store(REF, order);
    }

    /// Whether the thread is gone.
    pub fn is_free(&self) -> bool {
        self.0.load(Ordering::Acquire) == REF
    }
}

/// A block with its mark.
pub trait Leaves: Copy + PartialEq {
    /// The mark.
    fn free_wait(&self) -> &FreeWait;
}

/// All blocks of threads; kept under the scheduler's lock.
pub struct Ms<M> {
    /// Of threads that run, or sleep.
    pub all: Vec<M>,
    /// Of threads that are ending, or have ended.
    leaving: Vec<M>,
}

impl<M> Default for Ms<M> {
    fn default() -> Self {
        Ms { all: Vec::new(), leaving: Vec::new() }
    }
}

impl<M: Leaves> Ms<M> {
    /// A new block, about to get its thread.
    pub fn add(&mut self, m: M) {
        m.free_wait().hold();
        self.all.push(m);
    }

    /// The thread of `m` begins to end.
    pub fn leave(&mut self, m: M) {
        self.all.retain(|x| *x != m);
        self.leaving.push(m);
    }

    /// A block whose thread is gone, for a new one.
    pub fn reuse(&mut self) -> Option<M> {
        let at = self.leaving.iter().position(|m| m.free_wait().is_free())?;
        let m = self.leaving.swap_remove(at);
        self.add(m);
        Some(m)
    }

    /// Whether `m` is in one of the lists.
    pub fn has(&self, m: M) -> bool {
        self.all.contains(&m) || self.leaving.contains(&m)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[derive(Clone, Copy)]
    struct M<'a>(&'a FreeWait);
    impl PartialEq for M<'_> {
        fn eq(&self, o: &Self) -> bool {
            std::ptr::eq(self.0, o.0)
        }
    }
    impl Leaves for M<'_> {
        fn free_wait(&self) -> &FreeWait {
            self.0
        }
    }

    #[test]
    fn a_block_is_used_again_only_after_the_last_access() {
        let (a, b) = (FreeWait::new(), FreeWait::new());
        let mut ms = Ms::default();
        ms.add(M(&a));
        ms.add(M(&b));
        ms.leave(M(&a));
        assert!(ms.has(M(&a)) && ms.all.len() == 1);
        assert!(ms.reuse().is_none());
        a.last_access();
        assert!(ms.reuse().is_some_and(|m| m == M(&a)));
        assert!(ms.reuse().is_none() && ms.all.len() == 2);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{Mutex, UnsafeCell, model, thread};
    use std::sync::Arc;

    struct Block {
        free_wait: FreeWait,
        body: UnsafeCell<u32>,
    }
    // SAFETY: the body belongs to the block's thread; loom checks that.
    unsafe impl Sync for Block {}
    // SAFETY: plain data.
    unsafe impl Send for Block {}

    #[derive(Clone, Copy)]
    struct M(*const Block);
    // SAFETY: the model keeps the block.
    unsafe impl Send for M {}
    impl PartialEq for M {
        fn eq(&self, o: &Self) -> bool {
            self.0 == o.0
        }
    }
    impl Leaves for M {
        fn free_wait(&self) -> &FreeWait {
            // SAFETY: the model keeps the block.
            unsafe { &(*self.0).free_wait }
        }
    }

    /// A thread ends while another looks for a block to use.
    #[test]
    fn loom_mexit() {
        model::check(3, || {
            let block = Arc::new(Block { free_wait: FreeWait::new(), body: UnsafeCell::new(0) });
            let m = M(Arc::as_ptr(&block));
            let mut ms = Ms::default();
            ms.add(m);
            let ms = Arc::new(Mutex::new(ms));
            let ending = thread::spawn({
                let (block, ms) = (block.clone(), ms.clone());
                move || {
                    ms.lock().leave(M(Arc::as_ptr(&block)));
                    // Handing the P on, counting itself out: the block is still in use.
                    // SAFETY: this is its thread.
                    block.body.with_mut(|b| unsafe { *b += 1 });
                    block.free_wait.last_access();
                }
            });
            let got = {
                let mut ms = ms.lock();
                assert!(ms.has(m), "a block in use was in no list");
                ms.reuse()
            };
            if got.is_some() {
                // SAFETY: this thread's now.
                block.body.with_mut(|b| unsafe { *b = 100 });
            }
            ending.join().unwrap();
        });
    }
}
