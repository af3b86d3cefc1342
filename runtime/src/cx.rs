//! What running code holds: the heap, the scheduler, types, and the word that asks it to stop.
//!
//! One `Cx` belongs to one P. The thread that holds the P owns it mutably and lends it to whatever runs: a fiber's `resume`, a
//! native. What is common to all of them is shared behind the handles in it; only the poll word is written by other threads.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::fiber::FiberFactory;
use crate::heap::{Heap, HeapShared};
use crate::object::iface::ItabTable;
use crate::object::registry::Registry;
use crate::rng::Rng;
use crate::sched::Sched;
use crate::sched::p::PRef;

/// Poll bit: the time slice is over.
pub const POLL_PREEMPT: u32 = 1;
/// Poll bit: a collection is due.
pub const POLL_GC: u32 = 2;
/// Poll bit: something else wants the scheduler (a signal).
pub const POLL_EVENT: u32 = 4;
/// Poll bit: the world is to stop.
pub const POLL_STOP: u32 = 8;

/// The word that running code reads at loop back-edges and calls; non-zero asks it to return to the scheduler.
pub type PollWord = Arc<AtomicU32>;

/// A function to be called before the process ends.
pub type ExitHook = fn(&mut Cx);

/// One P's share of a Go process.
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
    /// Random numbers (select order, map seeds).
    pub rng: Rng,
    /// Program arguments, `os.Args`.
    pub args: Arc<Vec<Vec<u8>>>,
    hooks: Arc<Mutex<Vec<ExitHook>>>,
    ext: Extensions,
}

impl Cx {
    /// The first P of a process with nothing in it; `factory` makes the fibers of its goroutines.
    pub fn new(types: Registry, factory: FiberFactory) -> Cx {
        let poll: PollWord = Arc::new(AtomicU32::new(0));
        let sched = Sched::new(poll.clone(), factory);
        let rng = match sched.shared().seed() {
            Some(s) => Rng::new(s),
            None => Rng::from_clock(),
        };
        Cx {
            heap: Heap::new(Arc::new(HeapShared::new()), poll.clone()),
            sched,
            poll,
            types,
            itabs: ItabTable::default(),
            rng,
            args: Arc::default(),
            hooks: Arc::default(),
            ext: Extensions::default(),
        }
    }

    /// For another P of the same process.
    pub(crate) fn for_p(&mut self, p: PRef) -> Cx {
        Cx {
            heap: Heap::for_p(&self.heap, p.poll.clone()),
            sched: Sched::of(self.sched.shared().clone(), p),
            poll: p.poll.clone(),
            types: self.types.clone(),
            itabs: self.itabs.clone(),
            rng: Rng::new(self.rng.next_u64()),
            args: self.args.clone(),
            hooks: self.hooks.clone(),
            ext: self.ext.clone(),
        }
    }

    /// Something wants the running code to return.
    #[inline]
    pub fn should_yield(&self) -> bool {
        self.poll.load(Ordering::Relaxed) != 0
    }

    /// State that a library keeps per process; made on first use. Others that want it wait until the answer is dropped, so it must
    /// not be kept across anything that blocks.
    pub fn ext<T: Any + Default + Send>(&mut self) -> MutexGuard<'static, T> {
        let m = self.ext.get::<T>();
        m.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `f` called before the process ends, last registered first (flushing output).
    pub fn at_exit(&mut self, f: ExitHook) {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner).push(f);
    }

    /// Runs the exit hooks.
    pub fn run_exit_hooks(&mut self) {
        loop {
            let f = self.hooks.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match f {
                Some(f) => f(self),
                None => return,
            }
        }
    }
}

type Known = HashMap<TypeId, &'static (dyn Any + Send + Sync)>;

/// Process-wide values by type. They live as long as the operating system's process does.
#[derive(Clone, Default)]
struct Extensions {
    all: Arc<Mutex<Known>>,
    /// Those this P has met.
    met: Known,
}

impl Extensions {
    fn get<T: Any + Default + Send>(&mut self) -> &'static Mutex<T> {
        let id = TypeId::of::<T>();
        let found = *self.met.entry(id).or_insert_with(|| {
            let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
            *all.entry(id).or_insert_with(|| Box::leak(Box::<Mutex<T>>::default()))
        });
        found.downcast_ref().expect("entry has the type of its key")
    }
}
