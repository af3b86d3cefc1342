//! M: a thread that runs goroutines.
//!
//! Blocks are recycled, never freed, but only after the thread's very last access ([`super::mexit`]): until then the block is reachable
//! from the list of all Ms or from the list of leaving ones.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::allp::Snapshot;
use super::g::{G, GRef};
use super::mexit::{FreeWait, Leaves};
use super::note::Note;
use super::p::{P, PRef};
use super::shared::Shared;
use crate::cx::Cx;

/// Names an M.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct MRef(NonNull<M>);

// SAFETY: the fields say who may touch them.
unsafe impl Send for MRef {}
// SAFETY: as above.
unsafe impl Sync for MRef {}

impl Deref for MRef {
    type Target = M;
    #[inline(always)]
    fn deref(&self) -> &M {
        // SAFETY: blocks are never freed while the scheduler lives.
        unsafe { self.0.as_ref() }
    }
}

impl MRef {
    pub(crate) fn as_ptr(self) -> *mut M {
        self.0.as_ptr()
    }
    pub(crate) fn from_ptr(p: *mut M) -> Option<MRef> {
        NonNull::new(p).map(MRef)
    }
}

impl Leaves for MRef {
    fn free_wait(&self) -> &FreeWait {
        &self.free_wait
    }
}

/// A thread. Cells belong to the thread itself.
pub(crate) struct M {
    pub id: Cell<u64>,
    pub shared: Arc<Shared>,
    /// Where it sleeps.
    pub note: Note,
    /// Its P. During a blocking call others may take it away (who holds the goroutine's SCAN bit).
    pub p: AtomicPtr<P>,
    /// The P it is woken with.
    pub nextp: AtomicPtr<P>,
    /// The goroutine it runs.
    pub curg: AtomicPtr<G>,
    /// Looks for work without having any.
    pub spinning: Cell<bool>,
    /// The goroutine locked to it.
    pub lockedg: Cell<Option<GRef>>,
    /// A blocking call came back without a P: everything up to the scheduler's loop must return untouched.
    pub lost: Cell<bool>,
    /// The table of Ps it walks while it has none.
    pub snapshot: UnsafeCell<Option<Snapshot<PRef>>>,
    /// What the interpreter keeps per thread.
    engine: UnsafeCell<Option<Box<dyn Any + Send>>>,
    engine_at: Cell<*mut u8>,
    /// The thread will not touch the block any more.
    pub free_wait: FreeWait,
}

impl M {
    pub(crate) fn make(shared: &Arc<Shared>, id: u64) -> MRef {
        let m = M {
            id: Cell::new(id),
            shared: shared.clone(),
            note: Note::new(),
            p: AtomicPtr::new(std::ptr::null_mut()),
            nextp: AtomicPtr::new(std::ptr::null_mut()),
            curg: AtomicPtr::new(std::ptr::null_mut()),
            spinning: Cell::new(false),
            lockedg: Cell::new(None),
            lost: Cell::new(false),
            snapshot: UnsafeCell::new(None),
            engine: UnsafeCell::new(None),
            engine_at: Cell::new(std::ptr::null_mut()),
            free_wait: FreeWait::new(),
        };
        MRef(NonNull::from(Box::leak(Box::new(m))))
    }

    /// Its P.
    #[inline]
    pub fn p(&self) -> Option<PRef> {
        PRef::from_ptr(self.p.load(Ordering::Relaxed))
    }

    /// What its P lends.
    ///
    /// # Safety
    /// Called by the thread itself, with a P, and no other reference to that `Cx` is in use.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn cx<'a>(&self) -> &'a mut Cx {
        let p = self.p().expect("an M with a P");
        // SAFETY: the caller's promise; a P's Cx lives as long as the P.
        unsafe { &mut *p.cx.load(Ordering::Relaxed) }
    }

    /// What the interpreter keeps per thread; null before `set_engine`.
    #[inline]
    pub fn engine(&self) -> *mut u8 {
        self.engine_at.get()
    }

    pub fn set_engine<T: Any + Send>(&self, e: Box<T>) -> *mut u8 {
        let mut e = e;
        let at: *mut T = &mut *e;
        // SAFETY: only the thread itself comes here.
        unsafe { *self.engine.get() = Some(e) };
        self.engine_at.set(at.cast());
        at.cast()
    }

    /// Before the block is used for another thread.
    pub fn renew(&self, id: u64) {
        self.id.set(id);
        self.note.clear();
        self.curg.store(std::ptr::null_mut(), Ordering::Relaxed);
        self.spinning.set(false);
        self.lockedg.set(None);
        self.lost.set(false);
    }
}
