//! Stopping the world: every P is idle, or its holder waits in [`Stop::stay`], or is in a blocking call that it cannot leave without
//! waiting.
//!
//! A stopped M keeps its P: it sleeps where it is and goes on when the world does. One flag per P ([`Counted`]) keeps the number
//! right: whoever sets it first, the holder on its way to sleep or the stopper on behalf of an idle P or one whose holder is in a
//! call, has counted the P.
//!
//! Leaving a call and stopping race. The leaver makes its goroutine Running and then looks at `stopping`; the stopper sets
//! `stopping` and then claims the goroutine's SCAN bit, under which it counts the P. If it got the bit, the leaver came later and
//! saw `stopping`. If it did not (the leaver was first, or a scanner has the bit), it must try again: one attempt is not enough,
//! for nobody else will stop a P whose holder sits in the kernel.

use std::time::Duration;

use crate::sync::{AtomicBool, Condvar, Mutex, Ordering, fence};

/// Time between two attempts.
const SLICE: Duration = Duration::from_micros(100);

/// A P's flag: it is counted in the present stop.
pub struct Counted(AtomicBool);

impl Default for Counted {
    fn default() -> Self {
        Counted(AtomicBool::new(false))
    }
}

impl Counted {
    /// Whether the P is stopped.
    #[inline]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// For a P that was made while nothing ran yet.
    pub fn clear(&self) {
        self.0.store(false, Ordering::Release);
    }

    /// For a P that is made while the world is stopped: it is.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }
}

#[derive(Default)]
struct Meeting {
    /// Somebody stops, or has stopped, the world.
    owned: bool,
    /// Ps that are not stopped yet.
    running: usize,
    /// Number of the stop: a sleeper that wakes in the next one must be counted anew.
    number: u64,
}

impl Meeting {
    /// Counts a P; answers whether it was the last.
    fn count(&mut self, p: &Counted) -> bool {
        // The stop may be over by now: its flags must not be set for the next one.
        if !self.owned || p.0.swap(true, Ordering::AcqRel) && !cfg!(feature = "mut_stw_count") {
            return false;
        }
        self.running = self.running.saturating_sub(1);
        self.running == 0
    }
}

/// Where stopper and stopped meet.
pub struct Stop {
    stopping: AtomicBool,
    meeting: Mutex<Meeting>,
    all_stopped: Condvar,
    restarted: Condvar,
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stop {
    /// A world that goes on.
    pub fn new() -> Stop {
        Stop {
            stopping: AtomicBool::new(false),
            meeting: Mutex::default(),
            all_stopped: Condvar::new(),
            restarted: Condvar::new(),
        }
    }

    /// Somebody wants the world to stop. Looked at by whoever gets a P, and after a blocking call.
    #[inline]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// After leaving a blocking call, the status being Running: whether to [`Stop::stay`] before anything of the P is touched.
    #[inline]
    pub fn seen_after_call(&self) -> bool {
        if cfg!(feature = "mut_stw_exit") {
            return false;
        }
        fence(Ordering::SeqCst);
        self.is_stopping()
    }

    /// Begins a stop of the Ps that `ps` answers, each with its flag and whether anybody may run there; false: another stop is
    /// under way, and the caller's own P has to stop first.
    #[must_use]
    pub fn begin<'a>(&self, ps: impl Iterator<Item = (&'a Counted, bool)>) -> bool {
        let mut m = self.meeting.lock();
        if m.owned {
            return false;
        }
        m.owned = true;
        m.number += 1;
        m.running = 0;
        // Before the look at the Ps: one that is given up for good after the look is counted by who gives it up.
        self.stopping.store(true, Ordering::Release);
        fence(Ordering::SeqCst);
        // Nobody is counted before the lock is open again.
        for (p, used) in ps {
            p.0.store(!used, Ordering::Release);
            m.running += usize::from(used);
        }
        true
    }

    /// Counts a P as stopped; by its holder, or by who acts for it.
    pub fn count(&self, p: &Counted) {
        if self.meeting.lock().count(p) {
            self.all_stopped.notify_all();
        }
    }

    /// The holder of a P: sleeps, still holding it, until the world goes on. False: `ending` says that it never will.
    pub fn stay(&self, p: &Counted, ending: impl Fn() -> bool) -> bool {
        let mut m = self.meeting.lock();
        while m.owned && !ending() {
            // Counted and asleep in one step: another stop may follow at once.
            if m.count(p) {
                self.all_stopped.notify_all();
            }
            let number = m.number;
            while m.owned && !ending() && (m.number == number || cfg!(feature = "mut_stw_again")) {
                m = self.restarted.wait(m);
            }
        }
        if ending() {
            // Whoever stops the world for the end does not wait for this P.
            if m.count(p) {
                self.all_stopped.notify_all();
            }
            return false;
        }
        true
    }

    /// The stopper: until all are stopped. `urge` asks every P that is not [`Counted`] to stop and counts those that can be
    /// counted on their behalf; it is called again and again.
    pub fn wait(&self, mut urge: impl FnMut()) {
        let mut tried = false;
        loop {
            if !(tried && cfg!(feature = "mut_stw_once")) {
                urge();
            }
            tried = true;
            let m = self.meeting.lock();
            if m.running == 0 {
                return;
            }
            // In slices: a goroutine may have entered a blocking call after the look at it.
            if self.all_stopped.wait_timeout(m, SLICE).running == 0 {
                return;
            }
        }
    }

    /// The stopper: ends the stop. `flags` are those of all Ps.
    pub fn end<'a>(&self, flags: impl Iterator<Item = &'a Counted>) {
        let mut m = self.meeting.lock();
        for p in flags {
            p.0.store(false, Ordering::Release);
        }
        m.owned = false;
        self.stopping.store(false, Ordering::Release);
        self.restarted.notify_all();
    }

    /// The process ends: the world stops for good, with nobody to start it. Whoever is stopped wakes and asks `ending`.
    pub fn for_good(&self) {
        self.stopping.store(true, Ordering::Release);
        let _m = self.meeting.lock();
        self.restarted.notify_all();
    }

    /// After [`Stop::for_good`], when nobody is left: the world may go on for another program.
    pub fn reset(&self) {
        self.stopping.store(false, Ordering::Release);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, AtomicUsize};

    #[test]
    fn nobody_moves_while_the_world_is_stopped() {
        const PS: usize = 4;
        let stop = Stop::new();
        let flags: [Counted; PS] = std::array::from_fn(|_| Counted::default());
        let steps: [AtomicU64; PS] = std::array::from_fn(|_| AtomicU64::new(0));
        let done = AtomicUsize::new(0);
        std::thread::scope(|s| {
            for p in 1..PS {
                let (stop, flags, steps, done) = (&stop, &flags, &steps, &done);
                s.spawn(move || {
                    while done.load(Ordering::Relaxed) == 0 {
                        if stop.is_stopping() {
                            stop.stay(&flags[p], || false);
                        }
                        steps[p].fetch_add(1, Ordering::Relaxed);
                        std::thread::yield_now();
                    }
                    stop.count(&flags[p]);
                });
            }
            for _ in 0..30 {
                let all = || flags.iter().map(|f| (f, true));
                assert!(stop.begin(all()));
                assert!(!stop.begin(all()));
                stop.count(&flags[0]);
                stop.wait(|| {});
                let sum = || steps.iter().map(|s| s.load(Ordering::Relaxed)).sum::<u64>();
                let before = sum();
                std::thread::yield_now();
                assert_eq!(before, sum());
                stop.end(flags.iter());
            }
            done.store(1, Ordering::Relaxed);
        });
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sched::status::{Claim, State, StatusWord};
    use crate::sync::{UnsafeCell, model, thread};
    use std::sync::Arc;

    struct World {
        stop: Stop,
        /// Of the stopper's P, of one that somebody may run on, of idle ones.
        flags: Vec<Counted>,
        word: StatusWord,
        /// Used by who runs on P 1; changed by the stopper while the world is stopped (a phase, a barrier flag).
        phase: UnsafeCell<u32>,
    }
    // SAFETY: the cell is used under the handshake; loom checks that.
    unsafe impl Sync for World {}
    // SAFETY: plain data.
    unsafe impl Send for World {}

    impl World {
        fn new(state: State, idle: usize) -> Arc<World> {
            Arc::new(World {
                stop: Stop::new(),
                flags: (0..2 + idle).map(|_| Counted::default()).collect(),
                word: StatusWord::new(state),
                phase: UnsafeCell::new(0),
            })
        }

        fn phase(&self) -> u32 {
            // SAFETY: this thread has P 1 and the world is not stopped.
            self.phase.with(|p| unsafe { *p })
        }

        /// The stopper's turn: counts P 1 if its goroutine is in a call.
        fn stop_world(&self) {
            assert!(self.stop.begin(self.flags.iter().map(|f| (f, true))));
            self.stop.count(&self.flags[0]);
            self.stop.wait(|| {
                self.flags[2..].iter().for_each(|idle| self.stop.count(idle));
                if !self.flags[1].get()
                    && let Some(_bit) = self.word.claim_syscall()
                {
                    self.stop.count(&self.flags[1]);
                }
            });
            // SAFETY: the world is stopped.
            self.phase.with_mut(|p| unsafe { *p += 1 });
            self.stop.end(self.flags.iter());
        }
    }

    /// A P that runs and polls: the phase changes only while it is stopped, and it sees the change afterwards.
    #[test]
    fn loom_phase_handshake() {
        model::check(2, || {
            let w = World::new(State::Running, 0);
            let runner = thread::spawn({
                let w = w.clone();
                move || {
                    let before = w.phase();
                    if w.stop.is_stopping() {
                        w.stop.stay(&w.flags[1], || false);
                        assert_eq!(w.phase(), before + 1, "a mutator does not know the phase");
                    }
                    // It blocks for good.
                    w.word.enter_syscall();
                }
            });
            w.stop_world();
            runner.join().unwrap();
        });
    }

    /// An idle P that the stopper counts whenever it looks, beside one that runs.
    #[test]
    fn loom_stw_idle() {
        model::check(2, || {
            let w = World::new(State::Running, 1);
            let runner = thread::spawn({
                let w = w.clone();
                move || {
                    w.phase();
                    if w.stop.is_stopping() {
                        w.stop.stay(&w.flags[1], || false);
                    }
                    w.word.enter_syscall();
                }
            });
            w.stop_world();
            runner.join().unwrap();
        });
    }

    /// Two stops in a row: a P that sleeps through the gap is counted in the second one too.
    #[test]
    fn loom_stw_twice() {
        model::check(2, || {
            let w = World::new(State::Running, 0);
            let runner = thread::spawn({
                let w = w.clone();
                move || {
                    for _ in 0..2 {
                        if w.stop.is_stopping() {
                            w.stop.stay(&w.flags[1], || false);
                        }
                        w.phase();
                    }
                    w.word.enter_syscall();
                }
            });
            w.stop_world();
            w.stop_world();
            runner.join().unwrap();
        });
    }

    /// A P whose goroutine leaves a blocking call while the world is being stopped.
    #[test]
    fn loom_stw_syscall_exit() {
        model::check(2, || {
            let w = World::new(State::Syscall, 0);
            let leaver = thread::spawn({
                let w = w.clone();
                move || {
                    w.word.exit_syscall();
                    if w.stop.seen_after_call() {
                        w.stop.stay(&w.flags[1], || false);
                    }
                    w.phase();
                    w.word.enter_syscall();
                }
            });
            w.stop_world();
            leaver.join().unwrap();
        });
    }

    /// A P in a call that lasts, while a marker holds the goroutine's SCAN bit at the first attempt.
    #[test]
    fn loom_stw_retry() {
        model::check(2, || {
            let w = World::new(State::Syscall, 0);
            let marker = thread::spawn({
                let w = w.clone();
                move || {
                    if let Claim::Held(bit) = w.word.claim() {
                        drop(bit);
                    }
                }
            });
            w.stop_world();
            marker.join().unwrap();
        });
    }
}
