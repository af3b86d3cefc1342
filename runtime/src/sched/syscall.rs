//! A goroutine in a blocking call: what others may see of it, and how its P is taken away.
//!
//! Entering saves where its frames are, {base, top, pc}, and only then sets the status to Syscall. From there until the status is
//! back, and the SCAN bit was waited for, the saved triple is what a scanner uses: the goroutine's own fields may change while the
//! runtime leaves the call (its stack may grow), the frozen ones do not, so base and top always belong together.
//!
//! The P stays wired to the thread until somebody who holds the SCAN bit unwires it; the thread looks after its status is back.

use crate::sched::status::{ScanGuard, State, StatusWord};
use crate::sync::UnsafeCell;

/// Where a goroutine's frames are: addresses, `base` the oldest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Extent {
    /// First word of the stack.
    pub base: usize,
    /// End of what is in use.
    pub top: usize,
    /// Where execution goes on.
    pub pc: usize,
}

impl Extent {
    /// Dies if top is not within `cap` bytes above base.
    pub fn check(self, cap: usize) -> Extent {
        assert!(
            self.base <= self.top && self.top - self.base <= cap,
            "inconsistent goroutine stack: top {:#x} not in [{:#x}, {:#x}]",
            self.top,
            self.base,
            self.base + cap
        );
        self
    }
}

/// The saved triple and the capacity it was checked against.
pub struct Frozen(UnsafeCell<(Extent, usize)>);

impl Default for Frozen {
    fn default() -> Self {
        Frozen(UnsafeCell::new((Extent::default(), 0)))
    }
}

// SAFETY: written by the goroutine's M while Running, read by who holds the SCAN bit: the status word orders the two.
unsafe impl Sync for Frozen {}

impl Frozen {
    /// The goroutine's M: saves where the frames are, then Running → Syscall.
    ///
    /// # Safety
    /// The caller owns the goroutine, which is Running.
    pub unsafe fn enter(&self, word: &StatusWord, now: Extent, cap: usize) {
        // SAFETY: the caller's promise.
        enter(word, || self.0.with_mut(|p| unsafe { *p = (now.check(cap), cap) }));
    }

    /// The goroutine's M: Syscall → Running, after whoever holds the SCAN bit.
    pub fn leave(&self, word: &StatusWord) {
        word.exit_syscall();
    }

    /// A scanner: where the frames are. `live` reads the goroutine's own fields; it is called only if they stand still.
    pub fn extent(&self, guard: &ScanGuard<'_>, live: impl FnOnce() -> (Extent, usize)) -> Extent {
        let (e, cap) = if guard.state() == State::Syscall && !cfg!(feature = "mut_sys_live") {
            // SAFETY: the SCAN bit keeps the goroutine from leaving the state the triple was saved for.
            self.0.with(|p| unsafe { *p })
        } else {
            live()
        };
        e.check(cap)
    }
}

/// The goroutine's M: saves what others may look at, then Running → Syscall.
pub fn enter(word: &StatusWord, save: impl FnOnce()) {
    if cfg!(feature = "mut_sys_late") {
        word.enter_syscall();
        return save();
    }
    save();
    word.enter_syscall();
}

/// Takes the P of a goroutine that is in a blocking call. `wired` tells, under the SCAN bit, whether its thread still has that P;
/// `unwire` takes it. False: it is not in a call, or somebody else holds the bit. Then whoever must have the P tries again.
pub fn take_p(word: &StatusWord, wired: impl FnOnce() -> bool, unwire: impl FnOnce()) -> bool {
    if cfg!(feature = "mut_sys_steal") {
        // Looks, but does not hold the goroutine where it is.
        let yes = word.state() == State::Syscall && wired();
        if yes {
            unwire();
        }
        return yes;
    }
    let Some(_bit) = word.claim_syscall() else { return false };
    // The thread cannot leave its call while the bit is set, so what `wired` saw stays so.
    let yes = wired();
    if yes {
        unwire();
    }
    yes
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::sched::status::Claim;

    const A: Extent = Extent { base: 100, top: 110, pc: 1 };
    const B: Extent = Extent { base: 500, top: 560, pc: 2 };

    fn scan(word: &StatusWord, f: &Frozen, live: Extent) -> Extent {
        let Claim::Held(bit) = word.claim() else { panic!("not scannable") };
        f.extent(&bit, || (live, 64))
    }

    #[test]
    fn whose_state_decides() {
        // What counts is whether the scanned goroutine is in a call, not whether the scanning one is.
        let (calling, waiting) = (StatusWord::new(State::Running), StatusWord::new(State::Waiting));
        let (f, none) = (Frozen::default(), Frozen::default());
        // SAFETY: one thread.
        unsafe { f.enter(&calling, A, 64) };
        assert_eq!(scan(&calling, &f, B), A);
        assert_eq!(scan(&waiting, &none, B), B);
        f.leave(&calling);
        calling.preempt();
        assert_eq!(scan(&calling, &f, B), B);
    }

    #[test]
    #[should_panic(expected = "inconsistent goroutine stack")]
    fn a_top_of_another_stack_is_noticed() {
        let w = StatusWord::new(State::Waiting);
        scan(&w, &Frozen::default(), Extent { base: 500, top: 110, pc: 0 });
    }

    #[test]
    fn a_p_is_taken_only_inside_the_call() {
        let w = StatusWord::new(State::Running);
        assert!(!take_p(&w, || true, || panic!("it runs")));
        w.enter_syscall();
        assert!(!take_p(&w, || false, || panic!("not wired")));
        let mut took = false;
        assert!(take_p(&w, || true, || took = true) && took);
        w.exit_syscall();
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::status::Claim;
    use crate::sync::{AtomicUsize, Ordering, model, thread};
    use std::sync::Arc;

    struct G {
        word: StatusWord,
        frozen: Frozen,
        base: AtomicUsize,
        top: AtomicUsize,
        /// Non-zero: the thread has its P.
        p: AtomicUsize,
        /// What belongs to the P.
        cx: UnsafeCell<u32>,
    }
    // SAFETY: the cell belongs to who has the P; loom checks that.
    unsafe impl Sync for G {}
    // SAFETY: plain data.
    unsafe impl Send for G {}

    impl G {
        fn new() -> Arc<G> {
            Arc::new(G {
                word: StatusWord::new(State::Running),
                frozen: Frozen::default(),
                base: AtomicUsize::new(100),
                top: AtomicUsize::new(110),
                p: AtomicUsize::new(1),
                cx: UnsafeCell::new(0),
            })
        }

        fn live(&self) -> (Extent, usize) {
            let (base, top) = (self.base.load(Ordering::Relaxed), self.top.load(Ordering::Relaxed));
            (Extent { base, top, pc: 0 }, 10)
        }
    }

    /// A scanner against a goroutine that enters a call, whose stack moves while it leaves.
    #[test]
    fn loom_syscall_triple() {
        model::check(3, || {
            let g = G::new();
            let owner = thread::spawn({
                let g = g.clone();
                move || {
                    // SAFETY: it runs, here.
                    unsafe { g.frozen.enter(&g.word, g.live().0, 10) };
                    // The runtime on its way out of the call grows the stack.
                    g.base.store(500, Ordering::Relaxed);
                    g.top.store(510, Ordering::Relaxed);
                    g.frozen.leave(&g.word);
                    // SAFETY: it runs, here: the next call saves another triple.
                    unsafe { g.frozen.enter(&g.word, g.live().0, 10) };
                }
            });
            if let Claim::Held(bit) = g.word.claim() {
                let e = g.frozen.extent(&bit, || g.live());
                assert_eq!(e.top - e.base, 10, "stack bounds of different stacks: {e:?}");
            }
            owner.join().unwrap();
        });
    }

    /// Somebody takes the P of a goroutine in a call: afterwards exactly one of the two uses it.
    #[test]
    fn loom_syscall_retake() {
        model::check(3, || {
            let g = G::new();
            let owner = thread::spawn({
                let g = g.clone();
                move || {
                    g.word.enter_syscall();
                    g.word.exit_syscall();
                    if g.p.load(Ordering::Acquire) != 0 {
                        // SAFETY: the P is this thread's.
                        g.cx.with_mut(|c| unsafe { *c += 1 });
                    }
                }
            });
            let wired = || g.p.load(Ordering::Acquire) != 0;
            let took = take_p(&g.word, wired, || g.p.store(0, Ordering::Release));
            if took {
                // SAFETY: taken.
                g.cx.with_mut(|c| unsafe { *c += 1 });
            }
            owner.join().unwrap();
        });
    }
}
