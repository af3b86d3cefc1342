//! How far marking is: root jobs, markers at work, what waits in the shared lists.
//!
//! A marker [`enter`](Progress::enter)s before it takes anything and [`leave`](Progress::leave)s when it has nothing more to do, or
//! is told to stop. Whoever leaves last and finds [`Progress::is_done`] tries to end the cycle. That answer is a hint about what
//! the shared lists hold: the buffers of processors are emptied into them with the world stopped, and then it is exact. But the
//! hint must come, or the cycle would never end: what a marker did is visible to the one who leaves after it.

use crate::sync::{AtomicUsize, Ordering};

/// See the module.
pub struct Progress {
    /// Batches and pieces in the shared lists.
    waiting: AtomicUsize,
    /// Markers at work.
    active: AtomicUsize,
    /// Next root job, how many there are, how many are done.
    next_job: AtomicUsize,
    jobs: AtomicUsize,
    done_jobs: AtomicUsize,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

const LEAVE: Ordering = if cfg!(feature = "mut_term_leave") { Ordering::Relaxed } else { Ordering::AcqRel };

impl Progress {
    /// Nothing to do.
    pub fn new() -> Progress {
        Progress {
            waiting: AtomicUsize::new(0),
            active: AtomicUsize::new(0),
            next_job: AtomicUsize::new(0),
            jobs: AtomicUsize::new(0),
            done_jobs: AtomicUsize::new(0),
        }
    }

    /// With the world stopped: a new cycle with so many root jobs.
    pub fn begin(&self, jobs: usize) {
        self.next_job.store(0, Ordering::Relaxed);
        self.done_jobs.store(0, Ordering::Relaxed);
        self.jobs.store(jobs, Ordering::Release);
    }

    /// A marker begins.
    pub fn enter(&self) {
        self.active.fetch_add(1, Ordering::AcqRel);
    }

    /// A marker stops, having told what it did; true: it was the last one.
    #[must_use]
    pub fn leave(&self) -> bool {
        self.active.fetch_sub(1, LEAVE) == 1
    }

    /// Markers at work.
    #[inline]
    pub fn active(&self) -> usize {
        self.active.load(Ordering::Relaxed)
    }

    /// A root job that nobody has taken; say [`Progress::job_done`] afterwards.
    pub fn take_job(&self) -> Option<usize> {
        let n = self.jobs.load(Ordering::Acquire);
        if self.next_job.load(Ordering::Relaxed) >= n {
            return None;
        }
        if cfg!(feature = "mut_term_job") {
            let i = self.next_job.load(Ordering::Relaxed);
            self.next_job.store(i + 1, Ordering::Relaxed);
            return Some(i);
        }
        let i = self.next_job.fetch_add(1, Ordering::Relaxed);
        (i < n).then_some(i)
    }

    /// What the job led to is in the shared lists, or in the marker's hands.
    pub fn job_done(&self) {
        self.done_jobs.fetch_add(1, Ordering::AcqRel);
    }

    /// Under the lock of the shared lists: they hold so much now.
    pub fn set_waiting(&self, n: usize) {
        self.waiting.store(n, Ordering::Release);
    }

    /// Whether the shared lists hold something.
    #[inline]
    pub fn has_waiting(&self) -> bool {
        self.waiting.load(Ordering::Acquire) != 0
    }

    /// Somebody could use more work.
    #[inline]
    pub fn is_hungry(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) == 0
    }

    /// Nothing to take.
    pub fn is_empty(&self) -> bool {
        !self.has_waiting() && self.next_job.load(Ordering::Relaxed) >= self.jobs.load(Ordering::Relaxed)
    }

    /// Nothing to take, and every root was looked at.
    pub fn is_done(&self) -> bool {
        if cfg!(feature = "mut_term_done") {
            return self.is_empty();
        }
        self.is_empty() && self.done_jobs.load(Ordering::Acquire) >= self.jobs.load(Ordering::Acquire)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_given_out_once() {
        let p = Progress::new();
        p.begin(2);
        p.enter();
        assert_eq!((p.take_job(), p.take_job(), p.take_job()), (Some(0), Some(1), None));
        assert!(p.is_empty() && !p.is_done());
        p.job_done();
        p.set_waiting(1);
        p.job_done();
        assert!(!p.is_done());
        p.set_waiting(0);
        assert!(p.leave() && p.is_done());
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{Mutex, model, thread};
    use std::sync::Arc;

    struct Cycle {
        progress: Progress,
        /// Grey objects. Object n refers to n - 1.
        grey: Mutex<Vec<u32>>,
        marked: AtomicUsize,
        ended: AtomicUsize,
    }

    impl Cycle {
        fn push(&self, o: u32) {
            let mut l = self.grey.lock();
            l.push(o);
            self.progress.set_waiting(l.len());
        }

        fn take(&self) -> Option<u32> {
            if !self.progress.has_waiting() {
                return None;
            }
            let mut l = self.grey.lock();
            let o = l.pop();
            self.progress.set_waiting(l.len());
            o
        }

        fn mark(&self) {
            self.progress.enter();
            loop {
                if let Some(job) = self.progress.take_job() {
                    self.push(job as u32 + 1);
                    self.progress.job_done();
                } else if let Some(o) = self.take() {
                    self.marked.fetch_add(o as usize, Ordering::Relaxed);
                } else {
                    break;
                }
            }
            if self.progress.leave() && self.progress.is_done() {
                self.ended.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Two markers: all jobs are done once, and somebody notices that all is done.
    #[test]
    fn loom_gc_termination() {
        model::check(2, || {
            let c = Arc::new(Cycle {
                progress: Progress::new(),
                grey: Mutex::new(vec![]),
                marked: AtomicUsize::new(0),
                ended: AtomicUsize::new(0),
            });
            c.progress.begin(2);
            let other = thread::spawn({
                let c = c.clone();
                move || c.mark()
            });
            c.mark();
            other.join().unwrap();
            assert_eq!(c.marked.load(Ordering::Relaxed), 3, "a root was missed or marked twice");
            assert_ne!(c.ended.load(Ordering::Relaxed), 0, "nobody noticed that marking is over");
        });
    }

    /// Somebody looks while the last root job is being done.
    #[test]
    fn loom_gc_done() {
        model::check(2, || {
            let c = Arc::new((Progress::new(), AtomicUsize::new(0)));
            c.0.begin(1);
            let looker = thread::spawn({
                let c = c.clone();
                move || {
                    if c.0.is_done() {
                        let seen = c.1.load(Ordering::Relaxed);
                        assert_eq!(seen, 1, "done before the last root was looked at");
                    }
                }
            });
            c.0.take_job().unwrap();
            c.1.store(1, Ordering::Relaxed);
            c.0.job_done();
            looker.join().unwrap();
        });
    }
}
