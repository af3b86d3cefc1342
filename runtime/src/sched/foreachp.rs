//! Something done once for each P, each at a moment of its own: a ragged barrier.
//!
//! Every P has a flag ([`Asked`]); whoever takes it down does the work for that P: its holder at the next safepoint, or the
//! requester on behalf of an idle P (under the scheduler's lock) or of one whose holder is in a blocking call (under the
//! goroutine's SCAN bit). A holder that entered a call after the requester had looked did not see the flag, so the requester
//! looks again until all is done.

use std::time::Duration;

use crate::sched::note::Note;
use crate::sync::{AtomicBool, AtomicUsize, Ordering, fence};

/// Time between two looks.
const SLICE: Duration = Duration::from_micros(100);

/// A P's flag: something is to be done.
pub struct Asked(AtomicBool);

impl Default for Asked {
    fn default() -> Self {
        Asked(AtomicBool::new(false))
    }
}

impl Asked {
    /// Whether something is to be done.
    #[inline]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// One round at a time; the requester sees to that.
pub struct Round {
    left: AtomicUsize,
    done: Note,
}

impl Default for Round {
    fn default() -> Self {
        Self::new()
    }
}

impl Round {
    /// Nothing to do.
    pub fn new() -> Round {
        Round { left: AtomicUsize::new(0), done: Note::new() }
    }

    /// The requester: asks these Ps, whose number is `n`. It then sets their poll words and calls [`Round::wait`].
    pub fn begin<'a>(&self, n: usize, ps: impl Iterator<Item = &'a Asked>) {
        self.done.clear();
        self.left.store(n, Ordering::Relaxed);
        for p in ps {
            p.0.store(true, Ordering::Release);
        }
        fence(Ordering::SeqCst);
    }

    /// The holder of a P at a safepoint, or who acts for it: does the work unless somebody else has.
    #[inline]
    pub fn run(&self, p: &Asked, work: impl FnOnce()) {
        if p.get() {
            self.take(p, work);
        }
    }

    #[cold]
    fn take(&self, p: &Asked, work: impl FnOnce()) {
        if cfg!(feature = "mut_foreachp_twice") {
            p.0.store(false, Ordering::Release);
        } else if !p.0.swap(false, Ordering::AcqRel) {
            return;
        }
        work();
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.done.wake();
        }
    }

    /// The requester: until all is done. `urge` does it on behalf of those Ps that nobody runs on, again and again.
    pub fn wait(&self, mut urge: impl FnMut()) {
        let mut tried = false;
        loop {
            if !(tried && cfg!(feature = "mut_foreachp_once")) {
                urge();
            }
            tried = true;
            if self.left.load(Ordering::Acquire) == 0 {
                return;
            }
            if self.done.sleep_for(SLICE) {
                if cfg!(feature = "mut_foreachp_stale") {
                    return;
                }
                // Perhaps the signal of the round before: its last worker may be slow to give it.
                self.done.clear();
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[test]
    fn each_p_once_a_round() {
        const PS: usize = 3;
        let round = Round::new();
        let asked: [Asked; PS] = Default::default();
        let runs: [AtomicU32; PS] = Default::default();
        let end = AtomicBool::new(false);
        let work = |p: usize| {
            round.run(&asked[p], || {
                runs[p].fetch_add(1, Ordering::Relaxed);
            });
        };
        std::thread::scope(|s| {
            let t = s.spawn(|| {
                while !end.load(Ordering::Acquire) {
                    work(1);
                    std::thread::yield_now();
                }
            });
            for n in 1..=50 {
                round.begin(PS, asked.iter());
                round.wait(|| {
                    work(0);
                    work(2);
                });
                assert!(runs.iter().all(|r| r.load(Ordering::Relaxed) == n));
            }
            end.store(true, Ordering::Release);
            t.join().unwrap();
        });
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::status::{State, StatusWord};
    use crate::sync::{UnsafeCell, model, thread};
    use std::sync::Arc;

    struct World {
        round: Round,
        asked: [Asked; 1],
        word: StatusWord,
        /// What belongs to the P: a barrier buffer.
        buffer: UnsafeCell<u32>,
    }
    // SAFETY: the cell is used under the protocol; loom checks that.
    unsafe impl Sync for World {}
    // SAFETY: plain data.
    unsafe impl Send for World {}

    impl World {
        fn new(state: State) -> Arc<World> {
            Arc::new(World {
                round: Round::new(),
                asked: Default::default(),
                word: StatusWord::new(state),
                buffer: UnsafeCell::new(1),
            })
        }

        fn flush(&self) {
            // SAFETY: the caller acts for the P.
            let n = self.buffer.with_mut(|b| unsafe { std::mem::take(&mut *b) });
            assert!(n > 0, "a P was served twice in one round");
        }

        fn request(&self) {
            self.round.begin(1, self.asked.iter());
            self.round.wait(|| {
                if let Some(_bit) = self.word.claim_syscall() {
                    self.round.run(&self.asked[0], || self.flush());
                }
            });
            assert!(!self.asked[0].get());
        }
    }

    /// The holder works, passes a safepoint, and enters a call that lasts.
    #[test]
    fn loom_foreachp_enter_call() {
        model::check(2, || {
            let w = World::new(State::Running);
            let holder = thread::spawn({
                let w = w.clone();
                move || {
                    w.round.run(&w.asked[0], || w.flush());
                    w.word.enter_syscall();
                }
            });
            w.request();
            holder.join().unwrap();
        });
    }

    /// The holder comes back from a call while the requester acts for it.
    #[test]
    fn loom_foreachp_leave_call() {
        model::check(2, || {
            let w = World::new(State::Syscall);
            let holder = thread::spawn({
                let w = w.clone();
                move || {
                    w.word.exit_syscall();
                    w.round.run(&w.asked[0], || w.flush());
                    w.word.enter_syscall();
                }
            });
            w.request();
            holder.join().unwrap();
        });
    }

    /// Two rounds in a row: the signal that ends the first may come when the second has begun.
    #[test]
    fn loom_foreachp_rounds() {
        model::check(2, || {
            let w = World::new(State::Running);
            let holder = thread::spawn({
                let w = w.clone();
                move || {
                    w.round.run(&w.asked[0], || w.flush());
                    // SAFETY: the P is this thread's.
                    w.buffer.with_mut(|b| unsafe { *b += 1 });
                    w.word.enter_syscall();
                }
            });
            w.request();
            if w.word.state() != State::Syscall {
                w.request();
            }
            holder.join().unwrap();
        });
    }

    /// Two act for an idle P at once.
    #[test]
    fn loom_foreachp_twice() {
        model::check(2, || {
            let w = World::new(State::Running);
            w.round.begin(1, w.asked.iter());
            let other = thread::spawn({
                let w = w.clone();
                move || w.round.run(&w.asked[0], || w.flush())
            });
            w.round.run(&w.asked[0], || w.flush());
            other.join().unwrap();
        });
    }
}
