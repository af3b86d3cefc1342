//! Collection: concurrent marking of what was reachable when the cycle began, lazy sweeping.
//!
//! # A cycle
//! 1. *Start* (the world stops for a moment): barrier on, caches black, a new epoch, the list of root jobs.
//! 2. *Mark*, while goroutines run. A goroutine runs only after its frames were scanned in this epoch: by a worker while it was
//!    stopped, or by [`gate`] just before it goes on. So whatever executes holds nothing the collector does not know of, and the
//!    barrier need only record what is overwritten ([`crate::heap::barrier`]). New objects are marked from the start.
//!    Marking is done by [`work`], which the scheduler calls on behalf of the collector, and by allocating goroutines ([`assist`]).
//! 3. *End* (the world stops again): once nothing is left to mark. Caches are flushed, weak handles cleared, finalizers queued,
//!    all spans become unswept, the next goal is set.
//! 4. *Sweep*, by those who need memory.
//!
//! Every pointer word is looked up in the page table and ignored if it is not inside an allocated object, so pointers to static
//! data and the "maybe" data words of interfaces need no special care.
//!
//! Starting from an allocation is prompt: the allocating goroutine returns to the scheduler at its next safepoint, is back in its
//! queue before anything else happens, and then the same processor starts the cycle and marks.

mod cycle;
mod knobs;
pub(crate) mod mark;
mod pacer;
pub mod progress;
pub(crate) mod reach;
mod roots;
pub mod special;
mod stats;
mod sweep;
pub mod sweeps;
mod verify;
mod work;
pub(crate) mod world;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, Weak};

use crate::sched::g::GRef;
use crate::sched::shared::Shared;
use knobs::Knobs;
use mark::Marker;
use special::Specials;
use work::Work;

pub use cycle::{assist, collect, collect_if_due, force, gate, idle_work, sweep_some, wait_for_cycle, work};
pub(crate) use cycle::{has_idle_work, has_work_for_many};
pub(crate) use pacer::out_of_memory;
pub use pacer::{Room, set_gc_percent, set_memory_limit};
pub use stats::{MemStats, free_os_memory, mem_stats};

/// Bytes a processor allocates between two assists.
pub(crate) const ASSIST_BATCH: usize = 4 << 10;

/// Words kept alive for Rust structures.
#[derive(Default)]
pub(crate) struct Roots {
    pub words: Vec<u64>,
    pub free: Vec<u32>,
}

/// Global variables: address, words, which of them may be pointers.
type GlobalBlock = (usize, usize, Box<[u64]>);

/// Collector state shared by all processors.
pub struct Gc {
    /// Bytes allocated or surviving; free objects of cached windows count.
    live: AtomicUsize,
    /// Start a cycle when `live` reaches this.
    trigger: AtomicUsize,
    /// What the heap should not grow beyond.
    goal: AtomicUsize,
    /// Bytes that the next cycle will have to scan, as far as one can tell.
    expected: AtomicUsize,
    history: Mutex<pacer::History>,
    /// Marking is under way.
    marking: AtomicBool,
    /// Number of the current or last mark phase.
    epoch: AtomicU32,
    /// Cycles completed.
    cycles: AtomicU32,
    /// A cycle was asked for.
    pending: AtomicBool,
    /// It was asked for by the program: do it whatever the goal says.
    forced: AtomicBool,
    /// GOGC; negative: off.
    percent: AtomicI64,
    /// GOMEMLIMIT.
    limit: AtomicI64,
    /// Pages beyond which the process ends.
    hard: AtomicUsize,
    /// Bytes of scanning an allocated byte costs, as the bits of an f64.
    ratio: AtomicU64,
    /// A full collection is wanted before a large allocation; it was made, and the allocation has not been tried again yet.
    emergency: AtomicBool,
    rescued: AtomicBool,
    /// There may be memory to give back.
    tidy: AtomicBool,
    /// Live bytes when marking began.
    started: AtomicUsize,
    /// Time allocating goroutines have spent marking in this cycle.
    assist_nanos: AtomicU64,
    address_space: usize,
    /// Bytes of memory the machine has for this process.
    memory: usize,
    pub(crate) knobs: Knobs,
    pub(crate) globals: Mutex<Vec<GlobalBlock>>,
    pub(crate) roots: Mutex<Roots>,
    /// Objects freed.
    pub(crate) frees: AtomicU64,
    pub(crate) stats: Mutex<stats::Stats>,
    pub(crate) work: Work,
    jobs: Mutex<Vec<roots::Job>>,
    /// Whose threads could help.
    helpers: OnceLock<Weak<Shared>>,
    /// Somebody handed something over in this round.
    found: AtomicBool,
    /// Held by whoever is about to begin or to end a cycle.
    turning: Mutex<()>,
    /// Goroutines in runtime.GC and the cycle each waits for.
    waiters: Mutex<Vec<(u32, GRef)>>,
    /// Goroutines that could not be scanned when it was their turn.
    pub(crate) late: Mutex<Vec<GRef>>,
    /// Finalizers, cleanups, weak handles.
    pub(crate) specials: Mutex<Specials>,
}

impl Gc {
    pub(crate) fn new() -> Gc {
        let memory = pacer::memory() / crate::heap::class::PAGE * crate::heap::class::PAGE;
        let gc = Gc {
            live: AtomicUsize::new(0),
            trigger: AtomicUsize::new(0),
            goal: AtomicUsize::new(pacer::MIN_HEAP),
            expected: AtomicUsize::new(0),
            history: Mutex::default(),
            marking: AtomicBool::new(false),
            epoch: AtomicU32::new(0),
            cycles: AtomicU32::new(0),
            pending: AtomicBool::new(false),
            forced: AtomicBool::new(false),
            percent: AtomicI64::new(pacer::percent_from_env()),
            limit: AtomicI64::new(pacer::limit_from_env()),
            hard: AtomicUsize::new(memory / crate::heap::class::PAGE),
            ratio: AtomicU64::new(0),
            emergency: AtomicBool::new(false),
            found: AtomicBool::new(false),
            rescued: AtomicBool::new(false),
            tidy: AtomicBool::new(false),
            started: AtomicUsize::new(0),
            assist_nanos: AtomicU64::new(0),
            address_space: pacer::address_space(),
            memory,
            knobs: Knobs::from_env(),
            globals: Mutex::default(),
            roots: Mutex::default(),
            frees: AtomicU64::new(0),
            stats: Mutex::default(),
            work: Work::default(),
            jobs: Mutex::default(),
            helpers: OnceLock::new(),
            turning: Mutex::default(),
            waiters: Mutex::default(),
            late: Mutex::default(),
            specials: Mutex::default(),
        };
        gc.set_goal(0);
        gc
    }

    /// GOLDEBUG gcstress.
    pub(crate) fn stress(&self) -> u32 {
        self.knobs.stress.load(Ordering::Relaxed)
    }

    /// Counts an allocation under stress: whether it is the one to collect at.
    pub(crate) fn stress_hit(&self) -> bool {
        let n = self.knobs.stress_count.fetch_add(1, Ordering::Relaxed) + 1;
        n.is_multiple_of(u64::from(self.stress().max(1)))
    }

    /// Live bytes that processors have told.
    #[inline]
    pub(crate) fn live(&self) -> usize {
        self.live.load(Ordering::Relaxed)
    }

    /// Tells of live bytes; answers the sum.
    pub(crate) fn add_live(&self, n: isize) -> usize {
        self.live.fetch_add(n as usize, Ordering::Relaxed).wrapping_add_signed(n)
    }

    /// When to ask for a cycle.
    #[inline]
    pub(crate) fn trigger(&self) -> usize {
        self.trigger.load(Ordering::Relaxed)
    }

    /// Asks for a cycle at the next safepoint; whether the poll word should be set.
    pub(crate) fn ask(&self) -> bool {
        self.pending.store(true, Ordering::Relaxed);
        true
    }

    /// More is live than may be.
    pub(crate) fn is_over_goal(&self) -> bool {
        self.live() > self.bound()
    }

    /// Marking is under way.
    #[inline]
    pub fn is_marking(&self) -> bool {
        self.marking.load(Ordering::Acquire)
    }

    /// The scheduler whose idle threads mark.
    pub(crate) fn set_helpers(&self, shared: Weak<Shared>) {
        // Another run of the same scheduler.
        let _ = self.helpers.set(shared);
    }

    /// There is more to mark than who marks can do at once: has an idle processor come, if there is one.
    pub(crate) fn enlist(&self) {
        if self.work.progress.has_waiting()
            && let Some(shared) = self.helpers.get().and_then(Weak::upgrade)
        {
            shared.wakep();
        }
    }

    /// Cycles completed.
    pub fn cycles(&self) -> u32 {
        self.cycles.load(Ordering::Acquire)
    }
}

/// What a tracer reports words to.
pub struct Visitor<'a> {
    marker: &'a mut Marker,
}

impl Visitor<'_> {
    /// A word that may be a pointer (interior pointers are fine, anything else is ignored).
    #[inline]
    pub fn word(&mut self, w: u64) {
        if w != 0 {
            self.marker.reach(w);
        }
    }

    /// A word of memory that may hold what is left of something dead: kept alive like any other, but no proof of anything.
    #[inline]
    pub fn guess(&mut self, w: u64) {
        if !self.marker.sure {
            self.word(w);
        }
    }

    /// Words that may be pointers.
    #[inline]
    pub fn words(&mut self, ws: &[u64]) {
        for &w in ws {
            self.word(w);
        }
    }

    /// The words whose bit is set in `mask` (64 words per element).
    #[inline]
    pub fn masked(&mut self, ws: &[u64], mask: &[u64]) {
        for (k, &m) in mask.iter().enumerate() {
            let mut m = m;
            while m != 0 {
                let i = k * 64 + m.trailing_zeros() as usize;
                if let Some(&w) = ws.get(i) {
                    self.word(w);
                }
                m &= m - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_marking;
