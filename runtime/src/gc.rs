//! Collection: stop, mark, sweep.
//!
//! One cycle, while no goroutine runs:
//! 1. flush the allocation cache, so that alloc bits are exact;
//! 2. mark from the roots: frames and wake cells of all goroutines, sudogs, timers, globals, handles;
//! 3. clear weak handles of what was not reached; queue its finalizers, and mark from those objects;
//! 4. sweep: unreached objects' bits are cleared, empty spans freed, partly free ones listed for allocation;
//! 5. set the next goal, return memory above it.
//!
//! Every pointer word is looked up in the page table and ignored if it is not inside an allocated object, so pointers to static
//! data and the "maybe" data words of interfaces need no special care.

mod mark;
mod pacer;
pub mod special;
mod sweep;

use std::time::Instant;

use crate::cx::Cx;
use mark::Marker;
use special::Specials;

pub use pacer::{MemStats, set_gc_percent, set_memory_limit};

/// Collector state kept with the heap.
pub struct GcState {
    /// Bytes allocated or surviving; free objects of cached windows count.
    pub(crate) live: usize,
    /// Collect when `live` reaches this.
    pub(crate) goal: usize,
    /// A collection was asked for.
    pub(crate) pending: bool,
    /// A collection was asked for by the program: do it whatever the goal says.
    pub(crate) forced: bool,
    /// GOGC; negative: off.
    pub(crate) percent: i64,
    /// GOMEMLIMIT.
    pub(crate) limit: i64,
    address_space: usize,
    /// GOLDEBUG gcstress: collect at every n-th allocation; 0: off.
    pub(crate) stress: u32,
    pub(crate) stress_count: u64,
    trace: bool,
    pub(crate) clobber: bool,
    pub(crate) globals: Vec<(usize, usize, Box<[u64]>)>,
    pub(crate) roots: Vec<u64>,
    pub(crate) free_roots: Vec<u32>,
    pub(crate) stats: MemStats,
    /// Finalizers, cleanups, weak handles.
    pub specials: Specials,
    grey: Vec<u64>,
}

impl GcState {
    pub(crate) fn new() -> GcState {
        let mut s = GcState {
            live: 0,
            goal: pacer::MIN_HEAP,
            pending: false,
            forced: false,
            percent: 100,
            limit: i64::MAX,
            address_space: pacer::address_space(),
            stress: 0,
            stress_count: 0,
            trace: false,
            clobber: false,
            globals: Vec::new(),
            roots: Vec::new(),
            free_roots: Vec::new(),
            stats: MemStats::default(),
            specials: Specials::default(),
            grey: Vec::new(),
        };
        s.read_environment();
        s
    }

    fn read_environment(&mut self) {
        let debug = std::env::var("GOLDEBUG").unwrap_or_default();
        for item in debug.split(',') {
            match item.split_once('=') {
                Some(("gcstress", n)) => self.stress = n.parse().unwrap_or(0),
                Some(("gctrace", n)) => self.trace = n != "0",
                Some(("clobberfree", n)) => self.clobber = n != "0",
                _ => {}
            }
        }
        self.percent = pacer::percent_from_env();
        self.limit = pacer::limit_from_env();
        self.goal = self.first_goal();
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
        self.marker.reach(w);
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

/// Collects if the heap asked for it.
pub fn collect_if_due(cx: &mut Cx) {
    if cx.heap.gc.pending && (cx.heap.gc.enabled() || cx.heap.gc.forced) {
        collect(cx);
    }
    cx.heap.gc.pending = false;
    cx.heap.gc.forced = false;
}

/// runtime.GC: asks for a full collection; it happens when the calling native returns `Ret::Yield`.
pub fn force(cx: &mut Cx) {
    cx.heap.gc.forced = true;
    cx.heap.request_gc();
}

/// One full cycle. No goroutine may be running (between two time slices, or in tests).
pub fn collect(cx: &mut Cx) {
    let start = Instant::now();
    cx.heap.flush_cache();
    let before = cx.heap.gc.live;
    let grey = std::mem::take(&mut cx.heap.gc.grey);
    let mut marker = Marker::new(&cx.heap, grey);
    mark_roots(cx, &mut marker);
    marker.drain();
    let woken = special::process(&mut cx.heap, &mut marker);
    cx.heap.gc.grey = marker.finish();
    let marked_at = start.elapsed();
    let survived = sweep::sweep(&mut cx.heap);
    cx.heap.after_cycle(survived, start.elapsed());
    if let Some(g) = woken {
        cx.sched.ready(g);
    }
    if cx.heap.gc.trace {
        let s = &cx.heap.gc.stats;
        eprintln!(
            "gc {} mark {:.3} ms, sweep {:.3} ms, {}->{} MB, goal {} MB",
            s.num_gc,
            marked_at.as_secs_f64() * 1e3,
            (start.elapsed() - marked_at).as_secs_f64() * 1e3,
            before >> 20,
            survived >> 20,
            cx.heap.gc.goal >> 20
        );
    }
}

fn mark_roots(cx: &mut Cx, marker: &mut Marker) {
    for (p, words, mask) in &cx.heap.gc.globals {
        // SAFETY: `add_globals` was promised that the block stays.
        let ws = unsafe { std::slice::from_raw_parts(*p as *const u64, *words) };
        Visitor { marker }.masked(ws, mask);
    }
    let mut v = Visitor { marker };
    v.words(&cx.heap.gc.roots);
    for g in cx.sched.all() {
        if g.status == crate::sched::g::Status::Dead {
            continue;
        }
        v.words(&g.wake.cell);
        v.word(g.wake.big);
        v.word(g.scratch);
        if let Some(f) = &g.fiber {
            f.trace(&mut v);
        }
        // Roots first, depth afterwards: keeps the grey stack short.
        v.marker.drain();
    }
    for w in cx.sched.sudogs.roots().chain(cx.sched.timers.roots()) {
        v.word(w);
    }
}

#[cfg(test)]
mod tests;
