//! What running code holds: the heap, the scheduler, types, and the word that asks it to stop.
//!
//! One `Cx` is one Go process. The thread that runs goroutines owns it mutably and lends it to whatever runs: a fiber's
//! `resume`, a native. Only the poll word is shared with other threads.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::fiber::FiberFactory;
use crate::heap::{Heap, HeapShared};
use crate::object::iface::ItabTable;
use crate::object::registry::Registry;
use crate::rng::Rng;
use crate::sched::Sched;

/// Poll bit: the time slice is over.
pub const POLL_PREEMPT: u32 = 1;
/// Poll bit: a collection is due.
pub const POLL_GC: u32 = 2;
/// Poll bit: something else wants the scheduler (a finished blocking call, a signal).
pub const POLL_EVENT: u32 = 4;

/// The word that running code reads at loop back-edges and calls; non-zero asks it to return to the scheduler.
pub type PollWord = Arc<AtomicU32>;

/// One Go process.
pub struct Cx {
    /// Asks running code to return `Switch::Poll`.
    pub poll: PollWord,
    /// Memory.
    pub heap: Heap,
    /// Goroutines.
    pub sched: Sched,
    /// Type descriptors.
    pub types: Registry,
    /// Interface method tables.
    pub itabs: ItabTable,
    /// The one source of randomness (select order, map seeds).
    pub rng: Rng,
    /// Program arguments, `os.Args`.
    pub args: Vec<Vec<u8>>,
    /// Called before the process ends, last registered first (flushing output).
    pub at_exit: Vec<fn(&mut Cx)>,
    ext: HashMap<TypeId, Box<dyn Any>>,
}

impl Cx {
    /// A process with nothing in it; `factory` makes the fibers of its goroutines.
    pub fn new(types: Registry, factory: FiberFactory) -> Cx {
        let poll: PollWord = Arc::new(AtomicU32::new(0));
        Cx {
            heap: Heap::new(Arc::new(HeapShared::new()), poll.clone()),
            sched: Sched::new(poll.clone(), factory),
            poll,
            types,
            itabs: ItabTable::default(),
            rng: Rng::from_clock(),
            args: Vec::new(),
            at_exit: Vec::new(),
            ext: HashMap::new(),
        }
    }

    /// Something wants the running code to return.
    #[inline]
    pub fn should_yield(&self) -> bool {
        self.poll.load(Ordering::Relaxed) != 0
    }

    /// State that a library keeps per process; made on first use.
    pub fn ext<T: Any + Default>(&mut self) -> &mut T {
        self.ext
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Box::<T>::default())
            .downcast_mut()
            .expect("entry has the type of its key")
    }

    /// Runs the exit hooks.
    pub fn run_exit_hooks(&mut self) {
        while let Some(f) = self.at_exit.pop() {
            f(self);
        }
    }
}
