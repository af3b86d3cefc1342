//! The clock watch: at most one idle M sleeps until the next timer, and whoever sets an earlier one wakes it.
//!
//! The watcher says that it watches, and until when, and then looks at the next deadline once more; who sets a timer writes the
//! deadline and then looks whether somebody watches. With a full fence between the two steps on either side, at least one sees
//! the other. If nobody watches, an M is woken as for any other work. A watcher that gets up looks at the timers itself, or finds
//! all Ps busy; those look before they idle. What it sleeps on is its note, or whatever `sleep` has that can be woken before it sleeps.

use crate::sched::note::Note;
use crate::sync::{AtomicBool, AtomicI64, Ordering, fence};

/// See the module.
pub struct Alarm {
    watched: AtomicBool,
    until: AtomicI64,
    note: Note,
}

impl Default for Alarm {
    fn default() -> Self {
        Self::new()
    }
}

impl Alarm {
    /// Nobody watches.
    pub fn new() -> Alarm {
        Alarm { watched: AtomicBool::new(false), until: AtomicI64::new(0), note: Note::new() }
    }

    /// An M without a P and without work: watches, unless there is no timer (`next` answers `i64::MAX`) or somebody else does.
    /// `sleep` sleeps on the note until the deadline it is given. True: it watched, and should now look for work.
    pub fn watch(&self, next: impl Fn() -> i64, sleep: impl FnOnce(&Note, i64)) -> bool {
        let until = next();
        if until == i64::MAX || self.watched.swap(true, Ordering::AcqRel) {
            return false;
        }
        self.until.store(until, Ordering::Release);
        if !cfg!(feature = "mut_alarm_fence") {
            fence(Ordering::SeqCst);
        }
        if cfg!(feature = "mut_alarm_look") || next() >= until {
            sleep(&self.note, until);
        }
        self.note.clear();
        self.watched.store(false, Ordering::Release);
        fence(Ordering::SeqCst);
        true
    }

    /// A timer was set for `when`, and its deadline is what `next` answers. True: nobody watches, so an M has to be woken. `also` is
    /// called after the watcher's note was signalled, in case it sleeps elsewhere.
    #[must_use]
    pub fn set(&self, when: i64, also: impl FnOnce()) -> bool {
        if !cfg!(feature = "mut_alarm_set") {
            fence(Ordering::SeqCst);
        }
        if !self.watched.load(Ordering::Relaxed) {
            return true;
        }
        if self.until.load(Ordering::Relaxed) > when {
            self.note.wake();
            also();
        }
        false
    }

    /// Whether somebody watches.
    pub fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Acquire)
    }

    /// Before another program runs: nobody is left of those who watched.
    pub fn reset(&self) {
        self.watched.store(false, Ordering::Relaxed);
        self.note.clear();
    }

    /// Wakes the watcher, if there is one, whatever the time.
    pub fn ring(&self) {
        self.note.wake();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_earlier_timer_wakes_the_watcher() {
        let alarm = Alarm::new();
        let next = AtomicI64::new(i64::MAX);
        let look = || next.load(Ordering::SeqCst);
        assert!(alarm.set(5, || ()), "nobody watches");
        assert!(!alarm.watch(look, |_, _| panic!("there is no timer")));
        next.store(1_000_000, Ordering::SeqCst);
        std::thread::scope(|s| {
            let t = s.spawn(|| {
                let mut early = false;
                let watched = alarm.watch(look, |n, until| {
                    early = until == 5 || n.sleep_for(Duration::from_secs(60));
                });
                (watched, early)
            });
            while !alarm.watched.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            assert!(!alarm.watch(look, |_, _| panic!("somebody watches already")));
            next.store(5, Ordering::SeqCst);
            // Until the watcher has said until when.
            while !alarm.set(5, || ()) {
                std::thread::yield_now();
            }
            assert!(t.join().unwrap().0);
        });
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::idle::Spinners;
    use crate::sync::{model, thread};
    use std::sync::Arc;

    /// A timer is set while an M that has just idled is about to watch the clock, or to sleep because there is no other timer:
    /// the M does not sleep past it, or another M is woken.
    fn run(first: i64) {
        model::check(3, move || {
            let s = Arc::new((Alarm::new(), AtomicI64::new(first), Spinners::new()));
            let idler = thread::spawn({
                let s = s.clone();
                move || {
                    s.2.set_idle(1);
                    fence(Ordering::SeqCst);
                    // Without a signal this sleep is over only if its end is the new deadline: a lost one is a deadlock.
                    s.0.watch(
                        || s.1.load(Ordering::Relaxed),
                        |note, until| {
                            if until != 50 {
                                note.sleep();
                            }
                        },
                    )
                }
            });
            s.1.store(50, Ordering::Relaxed);
            let woken = s.0.set(50, || ()) && s.2.wanted();
            let watched = idler.join().unwrap();
            assert!(watched || woken, "everybody sleeps past a timer");
        });
    }

    #[test]
    fn loom_timer_first() {
        run(i64::MAX);
    }

    #[test]
    fn loom_timer_earlier() {
        run(100);
    }
}
