//! Where a goroutine is: one atomic word, with a bit that is the lock on its stack.
//!
//! | from → to | by | method |
//! |---|---|---|
//! | Idle → Dead | who made the block, before anybody else knows it | [`StatusWord::adopt`] |
//! | Dead → Runnable | who starts a goroutine on the block | [`StatusWord::start`] |
//! | Runnable → Running | the M that dequeued it | [`StatusWord::run`], in the mark phase [`StatusWord::run_gated`] |
//! | Running → Waiting | its M | [`StatusWord::park`] |
//! | Running → Runnable | its M | [`StatusWord::preempt`] |
//! | Running → Syscall → Running | its M | [`StatusWord::enter_syscall`], [`StatusWord::exit_syscall`] |
//! | Running → Dead | its M | [`StatusWord::exit`] |
//! | Waiting → Runnable | the one waker that took it out of what it waits in | [`StatusWord::ready`] |
//! | X → X + SCAN → X, X one of Runnable, Waiting, Syscall | mark worker, sysmon, a stopper | [`StatusWord::claim`] |
//!
//! Whoever has the goroutine Running, or holds its SCAN bit, owns its frames. `Running + SCAN` does not exist. A transition
//! that meets SCAN waits: the holder needs no lock that the waiter could have (no scheduler, channel or timer lock).
//!
//! A waker may come while the goroutine is on its way to parking: it then leaves the NOTIFIED bit, and `park` answers that there
//! is nothing to wait for.

use crate::sync::{AtomicU32, Backoff, Ordering};

/// The lock on the frames.
const SCAN: u32 = 0x1000;
/// Readied while still running.
const NOTIFIED: u32 = 0x2000;

/// Where a goroutine is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum State {
    /// A block that no list has yet.
    Idle = 0,
    /// In a run queue, or in the hands of who takes it from one to another.
    Runnable = 1,
    /// An M runs it.
    Running = 2,
    /// Its M is in a blocking native; its P may be taken.
    Syscall = 3,
    /// Queued with somebody who will ready it.
    Waiting = 4,
    /// No goroutine uses the block.
    Dead = 6,
}

impl State {
    fn of(word: u32) -> State {
        match word & !(SCAN | NOTIFIED) {
            0 => State::Idle,
            1 => State::Runnable,
            2 => State::Running,
            3 => State::Syscall,
            4 => State::Waiting,
            6 => State::Dead,
            w => unreachable!("goroutine status {w:#x}"),
        }
    }
}

/// What a waker has to do after [`StatusWord::ready`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Ready {
    /// Put it on a run queue: the caller is the only one who has it.
    Queue,
    /// Nothing: it was about to park and will notice.
    Noticed,
}

/// The answer of [`StatusWord::claim`].
pub enum Claim<'a> {
    /// The frames are the caller's until the guard is dropped.
    Held(ScanGuard<'a>),
    /// It runs (or is on its way out of a blocking native): no business of a scanner, try again later.
    Running,
    /// Somebody else holds the bit.
    Busy,
    /// There are no frames.
    Dead,
}

/// The SCAN bit of one goroutine.
pub struct ScanGuard<'a> {
    word: &'a AtomicU32,
    state: u32,
}

impl ScanGuard<'_> {
    /// The state under the bit: Runnable, Waiting or Syscall.
    #[inline]
    pub fn state(&self) -> State {
        State::of(self.state)
    }
}

const UNSCAN: Ordering = if cfg!(feature = "mut_gate_relaxed") { Ordering::Relaxed } else { Ordering::Release };

impl Drop for ScanGuard<'_> {
    #[inline]
    fn drop(&mut self) {
        // Nobody but the holder changes a word with SCAN, so a store will do.
        self.word.store(self.state, UNSCAN);
    }
}

/// A goroutine's status.
pub struct StatusWord(AtomicU32);

#[cold]
#[inline(never)]
fn bad(from: u32, what: &str) -> ! {
    panic!("goroutine status {from:#x}: cannot {what}")
}

impl StatusWord {
    /// A block in `state`.
    pub fn new(state: State) -> StatusWord {
        StatusWord(AtomicU32::new(state as u32))
    }

    /// The state at some moment; true with it: somebody scans.
    #[inline]
    pub fn load(&self) -> (State, bool) {
        let w = self.0.load(Ordering::Acquire);
        (State::of(w), w & SCAN != 0)
    }

    /// The state at some moment.
    #[inline]
    pub fn state(&self) -> State {
        self.load().0
    }

    /// The maker of the block: Idle → Dead.
    pub fn adopt(&self) {
        self.0.store(State::Dead as u32, Ordering::Release);
    }

    /// The owner of a dead block: Dead → Runnable. Everything a scanner or runner reads was written before.
    #[inline]
    pub fn start(&self) {
        let old = self.0.swap(State::Runnable as u32, Ordering::Release);
        if old != State::Dead as u32 {
            bad(old, "start");
        }
    }

    /// From `from` to `to`, waiting while SCAN is set.
    #[inline]
    fn change(&self, from: State, to: State, order: Ordering, what: &str) {
        if self.0.compare_exchange(from as u32, to as u32, order, Ordering::Relaxed).is_err() {
            self.change_slow(from, to, order, what);
        }
    }

    #[cold]
    fn change_slow(&self, from: State, to: State, order: Ordering, what: &str) {
        let mut wait = Backoff::new();
        loop {
            match self.0.compare_exchange(from as u32, to as u32, order, Ordering::Relaxed) {
                Ok(_) => return,
                Err(w) if w == from as u32 | SCAN => wait.wait(),
                Err(w) if w == from as u32 => {}
                Err(w) => bad(w, what),
            }
        }
    }

    /// The M that dequeued it: Runnable → Running. While the collector marks, [`StatusWord::run_gated`] instead.
    #[inline]
    pub fn run(&self) {
        self.change(State::Runnable, State::Running, Ordering::AcqRel, "run");
    }

    /// The M that dequeued it, while the collector marks: Runnable → Runnable + SCAN, `gate`, → Running. `gate` scans the
    /// frames if nobody has in this cycle; whether somebody has is read under the bit.
    pub fn run_gated(&self, gate: impl FnOnce()) {
        if cfg!(feature = "mut_gate") {
            drop(gate);
            return self.run();
        }
        let (from, mut wait) = (State::Runnable as u32, Backoff::new());
        loop {
            match self.0.compare_exchange(from, from | SCAN, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => break,
                Err(w) if w == from | SCAN => wait.wait(),
                Err(w) if w == from => {}
                Err(w) => bad(w, "run"),
            }
        }
        gate();
        self.0.store(State::Running as u32, Ordering::Release);
    }

    /// Its M, after the goroutine queued itself with a waker: Running → Waiting. False: a waker was faster; the state is
    /// Runnable, the caller still has the goroutine and runs it again. After true nothing of the goroutine may be touched.
    #[inline]
    #[must_use]
    pub fn park(&self) -> bool {
        let from = State::Running as u32;
        if cfg!(feature = "mut_park") {
            self.0.store(State::Waiting as u32, Ordering::Release);
            return true;
        }
        match self.0.compare_exchange(from, State::Waiting as u32, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(w) if w == from | NOTIFIED => {
                self.0.store(State::Runnable as u32, Ordering::Release);
                false
            }
            Err(w) => bad(w, "park"),
        }
    }

    /// Its M: Running → Runnable, before it goes on a queue.
    #[inline]
    pub fn preempt(&self) {
        self.change(State::Running, State::Runnable, Ordering::Release, "preempt");
    }

    /// Its M: Running → Dead.
    #[inline]
    pub fn exit(&self) {
        self.change(State::Running, State::Dead, Ordering::Release, "exit");
    }

    /// Its M: Running → Syscall. From here on the P may be taken away and the frames scanned.
    #[inline]
    pub fn enter_syscall(&self) {
        self.change(State::Running, State::Syscall, Ordering::AcqRel, "enter a blocking call");
    }

    /// Its M: Syscall → Running, waiting for a scanner or a taker of the P to finish.
    #[inline]
    pub fn exit_syscall(&self) {
        self.change(State::Syscall, State::Running, Ordering::AcqRel, "leave a blocking call");
    }

    /// The one waker that took the goroutine out of what it waits in.
    #[inline]
    pub fn ready(&self) -> Ready {
        const WAITING: u32 = State::Waiting as u32;
        const RUNNING: u32 = State::Running as u32;
        let mut wait = Backoff::new();
        let mut seen = WAITING;
        loop {
            let to = match seen {
                WAITING => State::Runnable as u32,
                RUNNING => RUNNING | NOTIFIED,
                w if w == WAITING | SCAN => {
                    wait.wait();
                    seen = WAITING;
                    continue;
                }
                w => bad(w, "ready"),
            };
            match self.0.compare_exchange(seen, to, Ordering::AcqRel, Ordering::Acquire) {
                Ok(WAITING) => return Ready::Queue,
                Ok(_) => return Ready::Noticed,
                Err(w) => seen = w,
            }
        }
    }

    /// A scanner, or who wants the P of a goroutine in a blocking call: tries to take the SCAN bit, once.
    pub fn claim(&self) -> Claim<'_> {
        let w = self.0.load(Ordering::Acquire);
        if w & SCAN != 0 {
            return Claim::Busy;
        }
        match State::of(w) {
            State::Idle | State::Dead => Claim::Dead,
            State::Running => Claim::Running,
            State::Runnable | State::Syscall | State::Waiting => {
                match self.0.compare_exchange(w, w | SCAN, Ordering::AcqRel, Ordering::Relaxed) {
                    Ok(_) => Claim::Held(ScanGuard { word: &self.0, state: w }),
                    Err(_) => Claim::Busy,
                }
            }
        }
    }

    /// Like [`StatusWord::claim`], only in Syscall.
    pub fn claim_syscall(&self) -> Option<ScanGuard<'_>> {
        let w = State::Syscall as u32;
        self.0.compare_exchange(w, w | SCAN, Ordering::AcqRel, Ordering::Relaxed).ok()?;
        Some(ScanGuard { word: &self.0, state: w })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_life() {
        let s = StatusWord::new(State::Idle);
        s.adopt();
        assert!(matches!(s.claim(), Claim::Dead));
        s.start();
        s.run();
        assert!(matches!(s.claim(), Claim::Running));
        assert!(s.park());
        assert_eq!(s.ready(), Ready::Queue);
        s.run();
        assert_eq!(s.ready(), Ready::Noticed);
        assert!(!s.park());
        assert_eq!(s.state(), State::Runnable);
        let mut scanned = false;
        s.run_gated(|| scanned = true);
        assert!(scanned);
        s.enter_syscall();
        {
            let Claim::Held(g) = s.claim() else { panic!("a goroutine in a blocking call is scannable") };
            assert_eq!(g.state(), State::Syscall);
            assert!(matches!(s.claim(), Claim::Busy));
            assert_eq!(s.load(), (State::Syscall, true));
        }
        s.exit_syscall();
        s.preempt();
        s.run();
        s.exit();
        assert_eq!(s.state(), State::Dead);
    }

    #[test]
    #[should_panic(expected = "cannot ready")]
    fn readying_a_runnable_goroutine_is_a_bug() {
        let s = StatusWord::new(State::Runnable);
        let _ = s.ready();
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{AtomicUsize, Mutex, UnsafeCell, model, thread};
    use std::sync::Arc;

    struct G {
        status: StatusWord,
        frame: UnsafeCell<u32>,
        epoch: UnsafeCell<u32>,
        scans: AtomicUsize,
    }

    // SAFETY: the cells are accessed under the protocol of the model; loom checks that.
    unsafe impl Sync for G {}
    // SAFETY: plain data.
    unsafe impl Send for G {}

    impl G {
        fn new(state: State) -> Arc<G> {
            Arc::new(G {
                status: StatusWord::new(state),
                frame: UnsafeCell::new(7),
                epoch: UnsafeCell::new(0),
                scans: AtomicUsize::new(0),
            })
        }

        /// What a worker or the gate does under the bit.
        fn scan(&self) {
            // SAFETY: the bit is held.
            let old = self.epoch.with_mut(|e| unsafe { std::mem::replace(&mut *e, 1) });
            if old == 0 {
                // SAFETY: as above.
                let v = self.frame.with(|f| unsafe { *f });
                assert_eq!(v, 7, "scanned after the goroutine ran");
                self.scans.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// A goroutine's frames are scanned once in a cycle, and before it runs in it.
    #[test]
    fn loom_scan_gate() {
        model::check(3, || {
            let g = G::new(State::Runnable);
            let worker = thread::spawn({
                let g = g.clone();
                move || {
                    if let Claim::Held(_bit) = g.status.claim() {
                        g.scan();
                    }
                }
            });
            g.status.run_gated(|| g.scan());
            // SAFETY: it runs, here.
            g.frame.with_mut(|f| unsafe { *f = 0 });
            worker.join().unwrap();
            assert_eq!(g.scans.load(Ordering::Relaxed), 1, "a stack was not scanned");
        });
    }

    /// Parking against a waker that may come at any moment after the goroutine queued itself.
    #[test]
    fn loom_park_ready() {
        model::check(3, || {
            let g = G::new(State::Running);
            let queue = Arc::new(Mutex::new(false));
            let waker = thread::spawn({
                let (g, queue) = (g.clone(), queue.clone());
                move || {
                    if !std::mem::take(&mut *queue.lock()) {
                        return false;
                    }
                    match g.status.ready() {
                        Ready::Queue => {
                            g.status.run();
                            // SAFETY: it runs, here.
                            g.frame.with_mut(|f| unsafe { *f += 1 });
                            true
                        }
                        Ready::Noticed => false,
                    }
                }
            });
            // SAFETY: it runs, here.
            g.frame.with_mut(|f| unsafe { *f += 1 });
            *queue.lock() = true;
            let again = !g.status.park();
            if again {
                g.status.run();
                // SAFETY: it runs, here.
                g.frame.with_mut(|f| unsafe { *f += 1 });
            }
            let woken = waker.join().unwrap();
            let left = *queue.lock();
            assert!(again ^ woken ^ left, "a wake-up was lost, or the goroutine runs twice");
        });
    }

    /// Waking a goroutine whose frames are being scanned.
    #[test]
    fn loom_ready_scan() {
        model::check(3, || {
            let g = G::new(State::Waiting);
            let worker = thread::spawn({
                let g = g.clone();
                move || {
                    if let Claim::Held(bit) = g.status.claim() {
                        assert_ne!(bit.state(), State::Running);
                        g.scan();
                    }
                }
            });
            assert_eq!(g.status.ready(), Ready::Queue);
            g.status.run();
            // SAFETY: it runs, here. The gate is not on in this model: only the lock is looked at.
            g.frame.with_mut(|f| unsafe { *f = 7 });
            g.status.preempt();
            worker.join().unwrap();
        });
    }
}
