//! P: the right to run goroutines, and what goes with it: a run queue and a [`Cx`].
//!
//! An M holds a P while it runs goroutines. Blocks are never freed: a thread in a blocking call may name a P that is long dead.

use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use super::foreachp::Asked;
use super::g::GRef;
use super::m::{M, MRef};
use super::ring::RunQueue;
use super::stw::Counted;
use super::tenure::Tenure;
pub(crate) use super::tenure::{DEAD, IDLE, RUNNING};
use crate::cx::{Cx, PollWord};

/// Names a P.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PRef(NonNull<P>);

// SAFETY: what is not atomic in a P belongs to its holder.
unsafe impl Send for PRef {}
// SAFETY: as above.
unsafe impl Sync for PRef {}

impl Deref for PRef {
    type Target = P;
    #[inline(always)]
    fn deref(&self) -> &P {
        // SAFETY: blocks are never freed while the scheduler lives.
        unsafe { self.0.as_ref() }
    }
}

impl PRef {
    pub(crate) fn as_ptr(self) -> *mut P {
        self.0.as_ptr()
    }
    pub(crate) fn from_ptr(p: *mut P) -> Option<PRef> {
        NonNull::new(p).map(PRef)
    }
}

/// See the module.
pub(crate) struct P {
    pub id: usize,
    /// Who has it.
    pub tenure: Tenure<M>,
    /// Asks whoever runs here to return to the scheduler.
    pub poll: PollWord,
    /// Goroutines to run.
    pub runq: RunQueue<GRef>,
    /// Grows with every goroutine that is run with a time slice of its own.
    pub tick: AtomicU32,
    /// Grows with every blocking call.
    pub calls: AtomicU32,
    /// Counted as stopped in the present stop of the world.
    pub stopped: Counted,
    /// Something is to be done for it: see [`super::foreachp`].
    pub asked: Asked,
    /// What it lends to running code.
    pub cx: AtomicPtr<Cx>,
}

impl P {
    pub(crate) fn make(id: usize, poll: PollWord) -> PRef {
        let p = P {
            id,
            tenure: Tenure::new(),
            poll,
            runq: RunQueue::new(),
            tick: AtomicU32::new(0),
            calls: AtomicU32::new(0),
            stopped: Counted::default(),
            asked: Asked::default(),
            cx: AtomicPtr::new(std::ptr::null_mut()),
        };
        PRef(NonNull::from(Box::leak(Box::new(p))))
    }

    pub(crate) fn holder(&self) -> Option<MRef> {
        MRef::from_ptr(self.tenure.holder())
    }

    pub(crate) fn state(&self) -> u32 {
        self.tenure.state()
    }

    /// Asks for a return to the scheduler.
    #[inline]
    pub(crate) fn ask(&self, bit: u32) {
        self.poll.fetch_or(bit, Ordering::AcqRel);
    }
}
