//! G: one goroutine's control block.
//!
//! Fields are written by the thread that runs goroutines. `wake` is filled by whoever completes what the goroutine waits
//! for and read by the goroutine when it resumes; it is a root.

use crate::fiber::{Fiber, WaitReason};
use crate::select::NO_SUDOG;

/// Names a control block; blocks are recycled, never freed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct GRef(pub u32);

/// Where a goroutine is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// In a run queue.
    Runnable,
    /// Its fiber is being resumed.
    Running,
    /// Queued with somebody who will call `ready`.
    Waiting,
    /// In the pool.
    Dead,
}

/// What a goroutine finds when it was woken.
#[derive(Default)]
pub struct Wake {
    /// Index of the select case that completed (0 for plain operations).
    pub case: usize,
    /// A receive got a sent value; a send was taken. False: the channel was closed (a sender then panics).
    pub ok: bool,
    /// The received value: up to four words here.
    pub cell: [u64; 4],
    /// The received value when larger: a heap copy.
    pub big: u64,
}

/// A goroutine.
pub struct G {
    /// Number, fresh for every goroutine.
    pub id: u64,
    /// Number of the goroutine that started it.
    pub parent: u64,
    /// Status.
    pub status: Status,
    /// Why it waits.
    pub wait: WaitReason,
    /// Woken while still running.
    pub(crate) notified: bool,
    /// Its frames; absent while it runs.
    pub fiber: Option<Box<dyn Fiber>>,
    /// See [`Wake`].
    pub wake: Wake,
    /// First of its sudogs.
    pub(crate) waiting: u32,
    /// Result of a blocking call made on another thread.
    pub(crate) answer: Option<Box<dyn std::any::Any + Send>>,
    /// Mark phase in which its frames were last scanned.
    pub(crate) scan_epoch: u32,
    /// Word for the code that parked it (kept by natives across a retry).
    pub scratch: u64,
}

impl G {
    pub(crate) fn new(id: u64, fiber: Box<dyn Fiber>) -> G {
        G {
            id,
            parent: 0,
            status: Status::Dead,
            wait: WaitReason::None,
            notified: false,
            fiber: Some(fiber),
            wake: Wake::default(),
            waiting: NO_SUDOG,
            answer: None,
            scan_epoch: 0,
            scratch: 0,
        }
    }

    pub(crate) fn renew(&mut self, id: u64) {
        self.id = id;
        self.notified = false;
        self.scratch = 0;
        self.answer = None;
        self.waiting = NO_SUDOG;
    }
}
