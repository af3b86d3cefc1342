//! A one-shot sleep: an M waits on its note until somebody signals it.
//!
//! At most one thread sleeps on a note, at most one signal is pending; [`Note::clear`] comes between a signal's use and the next
//! sleep, by the sleeper, before it tells anybody where it sleeps. A signal that comes first makes the sleep return at once.

use std::time::Duration;
#[cfg(not(loom))]
use std::time::Instant;

use crate::sync::{AtomicU32, Condvar, Mutex, Ordering};

const CLEAR: u32 = 0;
const SIGNALLED: u32 = 1;
const ASLEEP: u32 = 2;

/// Where one thread sleeps.
pub struct Note {
    state: AtomicU32,
    lock: Mutex<()>,
    bell: Condvar,
}

impl Default for Note {
    fn default() -> Self {
        Self::new()
    }
}

impl Note {
    /// Not signalled.
    pub fn new() -> Note {
        Note { state: AtomicU32::new(CLEAR), lock: Mutex::new(()), bell: Condvar::new() }
    }

    /// The sleeper: forgets a used signal.
    pub fn clear(&self) {
        self.state.store(CLEAR, Ordering::Relaxed);
    }

    /// Any thread: wakes the sleeper, or lets its next sleep return at once. What was written before is visible to it.
    pub fn wake(&self) {
        let old = self.state.swap(SIGNALLED, Ordering::AcqRel);
        if old == ASLEEP {
            if !cfg!(feature = "mut_note") {
                // Empty, but it keeps the bell from ringing between the sleeper's last look and its wait.
                drop(self.lock.lock());
            }
            self.bell.notify_one();
        }
    }

    /// Whether a signal is pending.
    pub fn signalled(&self) -> bool {
        self.state.load(Ordering::Acquire) == SIGNALLED
    }

    /// Announces the sleep; false: a signal is there already.
    fn lie_down(&self) -> bool {
        if cfg!(feature = "mut_note_store") {
            self.state.store(ASLEEP, Ordering::Release);
            return true;
        }
        self.state.compare_exchange(CLEAR, ASLEEP, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The sleeper: until somebody signals.
    pub fn sleep(&self) {
        if !self.lie_down() {
            return;
        }
        let mut guard = self.lock.lock();
        while !self.signalled() {
            guard = self.bell.wait(guard);
        }
    }

    /// The sleeper: until somebody signals, `limit` at most. Answers whether there was a signal; without one the note is
    /// clear again, and a later signal will be seen by the next sleep.
    pub fn sleep_for(&self, limit: Duration) -> bool {
        if !self.lie_down() {
            return true;
        }
        self.await_signal(limit)
            || self.state.compare_exchange(ASLEEP, CLEAR, Ordering::AcqRel, Ordering::Acquire).is_err()
    }

    #[cfg(not(loom))]
    fn await_signal(&self, limit: Duration) -> bool {
        let begin = Instant::now();
        let mut guard = self.lock.lock();
        loop {
            if self.signalled() {
                return true;
            }
            let left = limit.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return false;
            }
            guard = self.bell.wait_timeout(guard, left);
        }
    }

    /// Time does not exist in a model: others run for a while, then it is over.
    #[cfg(loom)]
    fn await_signal(&self, _limit: Duration) -> bool {
        crate::sync::thread::yield_now();
        self.signalled()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn signals_before_during_and_never() {
        let n = Arc::new(Note::new());
        n.wake();
        n.sleep();
        assert!(n.sleep_for(Duration::from_secs(60)));
        n.clear();
        assert!(!n.sleep_for(Duration::from_millis(2)));
        let m = n.clone();
        let t = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(5));
            m.wake();
        });
        n.sleep();
        assert!(n.signalled());
        t.join().unwrap();
    }

    #[test]
    fn ping_pong() {
        let (a, b) = (Arc::new(Note::new()), Arc::new(Note::new()));
        let (c, d) = (a.clone(), b.clone());
        let t = std::thread::spawn(move || {
            for _ in 0..2000 {
                c.sleep();
                c.clear();
                d.wake();
            }
        });
        for _ in 0..2000 {
            a.wake();
            b.sleep();
            b.clear();
        }
        t.join().unwrap();
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{UnsafeCell, model, thread};
    use std::sync::Arc;

    struct Box1(Note, UnsafeCell<u32>);
    // SAFETY: the cell is written before the signal and read after the sleep; loom checks that.
    unsafe impl Sync for Box1 {}
    // SAFETY: plain data.
    unsafe impl Send for Box1 {}

    /// The sleeper wakes (a lost signal is a deadlock) and sees what was written before the signal.
    #[test]
    fn loom_note_sleep() {
        model::check(3, || {
            let n = Arc::new(Box1(Note::new(), UnsafeCell::new(0)));
            let m = n.clone();
            let t = thread::spawn(move || {
                // SAFETY: before the signal.
                m.1.with_mut(|p| unsafe { *p = 1 });
                m.0.wake();
            });
            n.0.sleep();
            // SAFETY: after it.
            assert_eq!(n.1.with(|p| unsafe { *p }), 1);
            t.join().unwrap();
        });
    }

    /// A sleep that times out while the signal comes: the signal is there now or at the next sleep.
    #[test]
    fn loom_note_timeout() {
        model::check(3, || {
            let n = Arc::new(Note::new());
            let m = n.clone();
            let t = thread::spawn(move || m.wake());
            if !n.sleep_for(Duration::from_micros(100)) {
                n.sleep();
            }
            assert!(n.signalled());
            t.join().unwrap();
        });
    }
}
