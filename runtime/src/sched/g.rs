//! G: one goroutine's control block.
//!
//! Blocks live in chunks that never move ([`super::allgs`]) and are recycled, never freed, so a stale [`GRef`] still names *some*
//! G; whoever holds one that may be stale checks the status word first. Who may touch what:
//! - the status word is atomic; its SCAN bit is a lock on the frames of a goroutine that does not run;
//! - the fiber, the sudog list, scratch words: whoever has the G Running, or holds its SCAN bit, or stopped the world;
//! - `link`: the owner of the queue the G is in.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use super::m::M;
use super::readyg::ReadySlot;
use super::ring::Token;
use super::select_done::SelectDone;
pub use super::status::State;
use super::status::{ScanGuard, StatusWord};
use super::syscall::Frozen;
use crate::fiber::{Fiber, FrameInfo, WaitReason};
use crate::gc::Visitor;
use crate::select::Sudog;

/// Names a control block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct GRef(NonNull<G>);

// SAFETY: a G may be looked at from any thread; the module says who may change what.
unsafe impl Send for GRef {}
// SAFETY: as above.
unsafe impl Sync for GRef {}

impl Deref for GRef {
    type Target = G;
    #[inline(always)]
    fn deref(&self) -> &G {
        // SAFETY: blocks are never freed while the scheduler they belong to lives.
        unsafe { self.0.as_ref() }
    }
}

impl Token for GRef {
    #[inline]
    fn into_word(self) -> NonZeroUsize {
        self.0.addr()
    }
    #[inline]
    fn from_word(w: NonZeroUsize) -> GRef {
        GRef(NonNull::with_exposed_provenance(w))
    }
}

// SAFETY: the fields that are not atomic have one owner at a time: see the module.
unsafe impl Sync for G {}
// SAFETY: as above.
unsafe impl Send for G {}

impl GRef {
    pub(crate) fn of(g: &G) -> GRef {
        GRef(NonNull::from(g))
    }
    pub(crate) fn as_ptr(self) -> *mut G {
        self.0.as_ptr()
    }
    pub(crate) fn from_ptr(p: *mut G) -> Option<GRef> {
        NonNull::new(p).map(GRef)
    }
}

/// A goroutine.
pub struct G {
    /// Where it is.
    pub word: StatusWord,
    wait: AtomicU8,
    system: AtomicBool,
    pub(crate) select_done: SelectDone,
    id: AtomicU64,
    parent: AtomicU64,
    /// The return address of the statement that started it; 0: none did.
    start_pc: AtomicUsize,
    fiber: UnsafeCell<Option<Box<dyn Fiber>>>,
    /// Next in the queue it is in.
    pub(crate) link: Cell<Option<GRef>>,
    /// First of its sudogs.
    pub(crate) waiting: Cell<*mut Sudog>,
    /// The sudog that was completed.
    pub(crate) param: Cell<*mut Sudog>,
    /// Result of a blocking call whose thread lost its P meanwhile.
    answer: UnsafeCell<Option<Box<dyn Any + Send>>>,
    /// Words for the native that parked it, kept across a retry; the first is seen by the collector.
    pub scratch: Cell<u64>,
    /// See `scratch`.
    pub scratch2: Cell<u64>,
    /// "Ready that one and run it now": taken before the goroutine itself is published.
    pub(crate) readyg: ReadySlot<GRef>,
    /// Where its frames are while it is in a blocking call.
    pub(crate) frozen: Frozen,
    /// The thread that runs it.
    pub(crate) m: AtomicPtr<M>,
    /// The thread it is locked to.
    pub(crate) lockedm: AtomicPtr<M>,
    /// How often it locked itself.
    pub(crate) locks: Cell<u32>,
    /// Number of the collection its stack was last scanned in.
    pub(crate) scan_epoch: AtomicU32,
}

impl G {
    pub(crate) fn blank() -> G {
        G {
            word: StatusWord::new(State::Idle),
            wait: AtomicU8::new(WaitReason::None as u8),
            system: AtomicBool::new(false),
            select_done: SelectDone::default(),
            id: AtomicU64::new(0),
            parent: AtomicU64::new(0),
            start_pc: AtomicUsize::new(0),
            fiber: UnsafeCell::new(None),
            link: Cell::new(None),
            waiting: Cell::new(std::ptr::null_mut()),
            param: Cell::new(std::ptr::null_mut()),
            answer: UnsafeCell::new(None),
            scratch: Cell::new(0),
            scratch2: Cell::new(0),
            readyg: ReadySlot::default(),
            frozen: Frozen::default(),
            m: AtomicPtr::new(std::ptr::null_mut()),
            lockedm: AtomicPtr::new(std::ptr::null_mut()),
            locks: Cell::new(0),
            scan_epoch: AtomicU32::new(0),
        }
    }

    /// Number, fresh for every goroutine.
    #[inline]
    pub fn id(&self) -> u64 {
        self.id.load(Ordering::Relaxed)
    }

    /// Number of the goroutine that started it.
    pub fn parent(&self) -> u64 {
        self.parent.load(Ordering::Relaxed)
    }

    pub(crate) fn name(&self, id: u64, parent: u64, start_pc: usize, system: bool) {
        self.id.store(id, Ordering::Relaxed);
        self.parent.store(parent, Ordering::Relaxed);
        self.start_pc.store(start_pc, Ordering::Relaxed);
        self.system.store(system, Ordering::Relaxed);
    }

    /// Belongs to the runtime: not counted, not shown.
    pub fn is_system(&self) -> bool {
        self.system.load(Ordering::Relaxed)
    }

    /// Where it is.
    #[inline]
    pub fn status(&self) -> State {
        self.word.state()
    }

    /// Why it waits.
    pub fn wait_reason(&self) -> WaitReason {
        WaitReason::from_u8(self.wait.load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn set_wait(&self, why: WaitReason) {
        self.wait.store(why as u8, Ordering::Relaxed);
    }

    /// Its frames.
    ///
    /// # Safety
    /// The caller owns them: see the module.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn fiber(&self) -> Option<&mut Box<dyn Fiber>> {
        // SAFETY: the caller's promise.
        unsafe { (*self.fiber.get()).as_mut() }
    }

    pub(crate) fn set_fiber(&self, f: Option<Box<dyn Fiber>>) {
        // SAFETY: called by the owner of a G that does not run: its allocator.
        unsafe { *self.fiber.get() = f }
    }

    pub(crate) fn take_answer(&self) -> Option<Box<dyn Any + Send>> {
        // SAFETY: only the running goroutine itself and the thread that has it in hand come here.
        unsafe { (*self.answer.get()).take() }
    }

    pub(crate) fn set_answer(&self, a: Box<dyn Any + Send>) {
        // SAFETY: as above.
        unsafe { *self.answer.get() = Some(a) }
    }

    /// Before a new life.
    pub(crate) fn renew(&self) {
        self.link.set(None);
        self.waiting.set(std::ptr::null_mut());
        self.param.set(std::ptr::null_mut());
        self.scratch.set(0);
        self.scratch2.set(0);
        self.locks.set(0);
        self.lockedm.store(std::ptr::null_mut(), Ordering::Relaxed);
        drop(self.take_answer());
        self.set_wait(WaitReason::None);
    }

    /// Shows every word the goroutine keeps alive.
    ///
    /// # Safety
    /// The goroutine's state belongs to the caller (see the module) and its frames are up to date.
    pub unsafe fn trace(&self, v: &mut Visitor<'_>) {
        v.word(self.scratch.get());
        let mut s = self.waiting.get();
        // SAFETY: the sudogs of a goroutine that does not run stay until it does.
        while let Some(d) = unsafe { s.as_ref() } {
            v.words(&d.cell);
            v.word(d.big);
            v.word(d.ch);
            s = d.link;
        }
        // SAFETY: the caller's promise.
        if let Some(f) = unsafe { self.fiber() } {
            f.trace(v);
        }
    }

    /// For a scanner: dies if the frames are not where they must be. In a blocking call that is where they were when it began.
    pub(crate) fn check_extent(&self, bit: &ScanGuard<'_>) {
        // SAFETY: the bit makes the frames the caller's.
        let Some(f) = (unsafe { self.fiber() }) else { return };
        let now = f.extent();
        let known = self.frozen.extent(bit, || now);
        assert_eq!(known, now.0, "goroutine {}: stack changed during a blocking call", self.id());
    }

    /// Where it keeps words that `holds` names.
    ///
    /// # Safety
    /// As [`G::trace`].
    pub(crate) unsafe fn holders(&self, holds: &dyn Fn(u64) -> bool) -> Vec<String> {
        // SAFETY: the caller's promise.
        let mut out = unsafe { self.fiber() }.map_or_else(Vec::new, |f| f.holders(holds));
        if holds(self.scratch.get()) {
            out.push("a native's scratch word".to_owned());
        }
        let mut s = self.waiting.get();
        // SAFETY: as in `trace`.
        while let Some(d) = unsafe { s.as_ref() } {
            for (what, words) in [("cell", &d.cell[..]), ("value", &[d.big]), ("channel", &[d.ch])] {
                if words.iter().any(|w| holds(*w)) {
                    out.push(format!("{what} of a waiting entry"));
                }
            }
            s = d.link;
        }
        out
    }

    /// Its calls, innermost first, and where it was started.
    ///
    /// # Safety
    /// As [`G::trace`].
    pub unsafe fn traceback(&self) -> String {
        // SAFETY: the caller's promise.
        let Some(f) = (unsafe { self.fiber() }) else { return String::new() };
        f.traceback() + &self.created_by(|pc| f.locate(pc))
    }

    /// The last two lines of its traceback: who started it. Nothing for the main goroutine, and those that timers start. `locate` is
    /// that of any fiber.
    pub fn created_by(&self, locate: impl FnOnce(usize) -> Vec<FrameInfo>) -> String {
        let pc = self.start_pc.load(Ordering::Relaxed);
        // What is inlined there is no function of its own.
        let Some(f) = (pc != 0).then(|| locate(pc)).and_then(|mut l| l.pop()) else { return String::new() };
        let place = f.place();
        match self.parent() {
            0 => format!("created by {}\n\t{place}\n", f.name),
            parent => format!("created by {} in goroutine {parent}\n\t{place}\n", f.name),
        }
    }
}

/// One more round of waiting for another thread that is about to finish something short.
#[inline]
pub(crate) fn wait_a_little(spins: &mut u32) {
    *spins += 1;
    if *spins < 200 {
        std::hint::spin_loop();
    } else if *spins < 1000 {
        std::thread::yield_now();
    } else {
        std::thread::sleep(std::time::Duration::from_micros(20));
    }
}

/// A queue of goroutines, linked through them.
pub(crate) struct GQueue {
    head: Option<GRef>,
    tail: Option<GRef>,
    len: usize,
}

impl GQueue {
    pub(crate) const fn new() -> GQueue {
        GQueue { head: None, tail: None, len: 0 }
    }
    pub(crate) fn len(&self) -> usize {
        self.len
    }
    pub(crate) fn push_back(&mut self, g: GRef) {
        g.link.set(None);
        match self.tail.replace(g) {
            Some(t) => t.link.set(Some(g)),
            None => self.head = Some(g),
        }
        self.len += 1;
    }
    pub(crate) fn push_front(&mut self, g: GRef) {
        g.link.set(self.head);
        if self.head.replace(g).is_none() {
            self.tail = Some(g);
        }
        self.len += 1;
    }
    pub(crate) fn pop(&mut self) -> Option<GRef> {
        let g = self.head?;
        self.head = g.link.take();
        if self.head.is_none() {
            self.tail = None;
        }
        self.len -= 1;
        Some(g)
    }
}
