//! One direction (reading or writing) of a descriptor that is polled: whether it became ready, or who waits for that.
//!
//! A goroutine tries first; told to wait, it calls [`Readiness::arm`] and parks. An event that comes between the two is remembered, so
//! that `arm` sends the goroutine back to try again. Events are edges: one that is remembered may be from before the last try, which costs
//! one more try. Whoever takes the goroutine out of the word, the poller, a deadline or the closer, wakes it: only one can.

use std::marker::PhantomData;
use std::num::NonZeroUsize;

use crate::sched::ring::Token;
use crate::sync::{AtomicUsize, Ordering};

const NOTHING: usize = 0;
const READY: usize = 1;

/// What a goroutine is to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arm {
    /// Try again.
    Ready,
    /// Park: it will be woken once.
    Park,
    /// Another goroutine waits in this direction.
    Taken,
}

/// See the module. `T` is a goroutine; its word is even.
pub struct Readiness<T>(AtomicUsize, PhantomData<T>);

impl<T> Default for Readiness<T> {
    fn default() -> Self {
        Readiness(AtomicUsize::new(NOTHING), PhantomData)
    }
}

impl<T: Token> Readiness<T> {
    /// The goroutine that was told to wait.
    pub fn arm(&self, me: T) -> Arm {
        let word = me.into_word().get();
        debug_assert!(word & READY == 0);
        loop {
            match self.0.compare_exchange(NOTHING, word, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Arm::Park,
                Err(READY) => {
                    if self.0.compare_exchange(READY, NOTHING, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                        return Arm::Ready;
                    }
                }
                Err(_) => return Arm::Taken,
            }
        }
    }

    /// It became ready, or something else changed that a waiter should look at: answers whom to wake.
    #[must_use]
    pub fn event(&self) -> Option<T> {
        let mut now = self.0.load(Ordering::Acquire);
        loop {
            let (next, who) = match now {
                READY => return None,
                NOTHING if cfg!(feature = "mut_readiness_event") => return None,
                NOTHING => (READY, None),
                w => (NOTHING, NonZeroUsize::new(w)),
            };
            match self.0.compare_exchange(now, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return who.map(T::from_word),
                Err(other) => now = other,
            }
        }
    }

    /// The time of whoever waits is over: answers whom to wake. Nothing is remembered.
    #[must_use]
    pub fn expire(&self) -> Option<T> {
        let now = self.0.load(Ordering::Acquire);
        let who = NonZeroUsize::new(now).filter(|w| w.get() != READY)?;
        if cfg!(feature = "mut_readiness_expire") {
            self.0.store(NOTHING, Ordering::Release);
            return Some(T::from_word(who));
        }
        // If it fails somebody else has woken that one.
        self.0.compare_exchange(now, NOTHING, Ordering::AcqRel, Ordering::Relaxed).ok()?;
        Some(T::from_word(who))
    }

    /// Takes a certain goroutine out, if it waits here.
    pub fn forget(&self, who: T) -> bool {
        self.0.compare_exchange(who.into_word().get(), NOTHING, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn events_are_remembered_and_waiters_woken_once() {
        let g = NonZeroUsize::new(64).unwrap();
        let r = Readiness::default();
        assert_eq!((r.expire(), r.event(), r.event()), (None, None, None));
        assert_eq!((r.arm(g), r.arm(g)), (Arm::Ready, Arm::Park));
        assert_eq!(r.arm(NonZeroUsize::new(128).unwrap()), Arm::Taken);
        assert_eq!((r.event(), r.expire()), (Some(g), None));
        assert_eq!((r.arm(g), r.expire(), r.event()), (Arm::Park, Some(g), None));
        assert_eq!((r.arm(g), r.arm(g), r.forget(g), r.forget(g)), (Arm::Ready, Arm::Park, true, false));
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::note::Note;
    use crate::sync::{AtomicBool, model, thread};
    use std::sync::Arc;

    #[derive(Default)]
    struct Socket {
        data: AtomicBool,
        side: Readiness<NonZeroUsize>,
        note: Note,
    }

    const G: NonZeroUsize = NonZeroUsize::new(64).unwrap();

    /// Data comes while a reader that found none is about to wait: it does not wait for ever.
    #[test]
    fn loom_readiness_wait() {
        model::check(3, || {
            let s = Arc::new(Socket::default());
            let poller = thread::spawn({
                let s = s.clone();
                move || {
                    s.data.store(true, Ordering::Release);
                    if s.side.event().is_some() {
                        s.note.wake();
                    }
                }
            });
            while !s.data.load(Ordering::Acquire) {
                if s.side.arm(G) == Arm::Park {
                    s.note.sleep();
                    s.note.clear();
                }
            }
            poller.join().unwrap();
        });
    }

    /// The deadline of a waiter passes while its descriptor becomes ready: one of the two wakes it.
    #[test]
    fn loom_readiness_deadline() {
        model::check(3, || {
            let s = Arc::new(Socket::default());
            assert_eq!(s.side.arm(G), Arm::Park);
            let timer = thread::spawn({
                let s = s.clone();
                move || usize::from(s.side.expire().is_some())
            });
            let woken = usize::from(s.side.event().is_some());
            assert_eq!(woken + timer.join().unwrap(), 1, "a waiter is woken once");
        });
    }
}
