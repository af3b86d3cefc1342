//! The door between the thread that runs goroutines and all others: completions of blocking calls, signals, and sleep.
//!
//! Another thread leaves an [`Event`] and rings; the scheduler empties the box at its next turn. While somebody is expected to
//! ring, an idle process is not a deadlock.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::g::GRef;
use crate::cx::{Cx, POLL_EVENT, PollWord};
use crate::native::{Call, Ret};

type Job = Box<dyn FnOnce() + Send>;

/// What another thread asks of the scheduler.
pub enum Event {
    /// A blocking call is over: store its answer and ready the goroutine.
    Answer(GRef, u64, Box<dyn Any + Send>),
    /// Run this with the process in hand.
    Call(Box<dyn FnOnce(&mut Cx) + Send>),
}

pub(super) struct Shared {
    box_: Mutex<VecDeque<Event>>,
    bell: Condvar,
    poll: PollWord,
    /// Blocking calls under way, and sources that may ring at any time.
    expected: AtomicUsize,
    pub(super) tick: AtomicU64,
    pub(super) asleep: AtomicBool,
    pub(super) sysmon_gate: (Mutex<bool>, Condvar),
    jobs: Mutex<(VecDeque<Job>, usize)>,
    job_bell: Condvar,
}

/// Handle to the door; clones may go to other threads.
#[derive(Clone)]
pub struct Remote {
    pub(super) shared: Arc<Shared>,
}

/// Locks, whatever happened to earlier holders: the data are plain queues.
pub(super) fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(|e| e.into_inner())
}

impl Remote {
    pub(super) fn new(poll: PollWord) -> Remote {
        Remote {
            shared: Arc::new(Shared {
                box_: Mutex::default(),
                bell: Condvar::new(),
                poll,
                expected: AtomicUsize::new(0),
                tick: AtomicU64::new(0),
                asleep: AtomicBool::new(false),
                sysmon_gate: (Mutex::new(false), Condvar::new()),
                jobs: Mutex::default(),
                job_bell: Condvar::new(),
            }),
        }
    }

    /// Leaves an event and rings.
    pub fn post(&self, e: Event) {
        lock(&self.shared.box_).push_back(e);
        self.shared.poll.fetch_or(POLL_EVENT, Ordering::Release);
        self.shared.bell.notify_one();
    }

    /// From now on somebody may ring (a signal handler was installed): no deadlock reports.
    pub fn expect(&self) {
        self.shared.expected.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends an [`Remote::expect`].
    pub fn unexpect(&self) {
        self.shared.expected.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn expects_events(&self) -> bool {
        self.shared.expected.load(Ordering::Relaxed) != 0 || !lock(&self.shared.box_).is_empty()
    }

    #[inline]
    pub(super) fn note_tick(&self, t: u64) {
        self.shared.tick.store(t, Ordering::Relaxed);
    }

    /// Sleeps until an event or the time is over.
    pub(super) fn sleep(&self, wait: Option<Duration>) {
        let s = &self.shared;
        s.asleep.store(true, Ordering::Relaxed);
        let mut b = lock(&s.box_);
        if b.is_empty() {
            b = match wait {
                Some(d) => s.bell.wait_timeout(b, d).map(|r| r.0).unwrap_or_else(|e| e.into_inner().0),
                None => s.bell.wait(b).unwrap_or_else(|e| e.into_inner()),
            };
        }
        drop(b);
        s.asleep.store(false, Ordering::Relaxed);
        // Under the gate, so that the watcher cannot miss it between its test and its sleep.
        let _gate = lock(&s.sysmon_gate.0);
        s.sysmon_gate.1.notify_one();
    }

    /// Runs `f` on a helper thread.
    fn submit(&self, f: Job) {
        let mut jobs = lock(&self.shared.jobs);
        jobs.0.push_back(f);
        // As many idle helpers as jobs, or a job could wait behind one that never ends.
        if jobs.1 >= jobs.0.len() {
            self.shared.job_bell.notify_one();
            return;
        }
        drop(jobs);
        let me = self.clone();
        let spawned = std::thread::Builder::new().name("gol-blocking".into()).spawn(move || me.work());
        if spawned.is_err() {
            // No thread to be had: do it here, late but done.
            let job = lock(&self.shared.jobs).0.pop_front();
            if let Some(j) = job {
                j();
            }
        }
    }

    fn work(&self) {
        let mut jobs = lock(&self.shared.jobs);
        loop {
            if let Some(j) = jobs.0.pop_front() {
                drop(jobs);
                j();
                jobs = lock(&self.shared.jobs);
                continue;
            }
            jobs.1 += 1;
            let (back, timeout) = match self.shared.job_bell.wait_timeout(jobs, Duration::from_secs(5)) {
                Ok(r) => r,
                Err(e) => e.into_inner(),
            };
            jobs = back;
            jobs.1 -= 1;
            if timeout.timed_out() && jobs.0.is_empty() {
                return;
            }
        }
    }
}

/// Empties the box.
pub(super) fn drain(cx: &mut Cx) {
    loop {
        let e = lock(&cx.sched.remote.shared.box_).pop_front();
        match e {
            None => return,
            Some(Event::Answer(g, id, a)) => {
                cx.sched.remote.unexpect();
                let gp = cx.sched.g_mut(g);
                if gp.id == id {
                    gp.answer = Some(a);
                    cx.sched.ready(g);
                }
            }
            Some(Event::Call(f)) => f(cx),
        }
    }
}

impl Call<'_> {
    /// For natives that block the OS (reading a terminal, waiting for a process): runs `f` on another thread while the
    /// goroutine waits. Answers `Ok(value)` once it is there; until then `Err(ret)`, which the native returns; it will be
    /// called again with the same arguments. `f` must not touch the Go heap.
    pub fn blocking<T: Any + Send>(&mut self, f: impl FnOnce() -> T + Send + 'static) -> Result<T, Ret> {
        let g = self.cx.sched.cur();
        let gp = self.cx.sched.g_mut(g);
        if let Some(a) = gp.answer.take()
            && let Ok(v) = a.downcast::<T>()
        {
            return Ok(*v);
        }
        let id = self.cx.sched.g(g).id;
        let remote = self.cx.sched.remote.clone();
        remote.expect();
        let back = remote.clone();
        remote.submit(Box::new(move || back.post(Event::Answer(g, id, Box::new(f())))));
        Err(Ret::ParkRetry(crate::fiber::WaitReason::Syscall))
    }
}
