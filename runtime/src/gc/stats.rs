//! Numbers about collections: for runtime.ReadMemStats, for `gctrace`.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::pacer::Cycle;
use super::{Gc, world};
use crate::cx::Cx;
use crate::heap::Heap;
use crate::heap::central::lock;
use crate::heap::class::PAGE;

/// Counters behind runtime.ReadMemStats.
#[derive(Clone, Debug, Default)]
pub struct MemStats {
    /// Bytes allocated since the start.
    pub total_alloc: u64,
    /// Objects allocated since the start (tiny ones count by block).
    pub mallocs: u64,
    /// Objects freed.
    pub frees: u64,
    /// Bytes of live and not yet swept objects.
    pub heap_alloc: u64,
    /// Bytes obtained from the system.
    pub sys: u64,
    /// Bytes in spans.
    pub heap_inuse: u64,
    /// Bytes of address space for objects that no span uses.
    pub heap_idle: u64,
    /// Bytes of those whose memory the system has got back or never gave.
    pub heap_released: u64,
    /// Bytes in stacks of goroutines.
    pub stack_inuse: u64,
    /// Next goal.
    pub next_gc: u64,
    /// Cycles.
    pub num_gc: u64,
    /// Cycles the program asked for.
    pub num_forced: u64,
    /// Nanoseconds stopped, in all.
    pub pause_total: u64,
    /// Nanoseconds of the last cycles, newest at `(num_gc+255) % 256`.
    pub pauses: Vec<u64>,
    /// Ends of the last cycles, alike.
    pub pause_ends: Vec<u64>,
    /// End of the last cycle, nanoseconds since 1970.
    pub last_gc: u64,
    /// Share of the processors' time spent on collecting.
    pub cpu_fraction: f64,
}

/// What is remembered between cycles, and about the one under way.
#[derive(Default)]
pub(crate) struct Stats {
    pub(crate) shown: MemStats,
    began_at: Option<Instant>,
    process: Option<Instant>,
    live_start: usize,
    sweep_term: Duration,
    marking_since: Option<Instant>,
    mark_wall: Duration,
    stops: [Duration; 2],
    assist: Duration,
    background: Duration,
    idle: Duration,
    collecting: Duration,
    line: [usize; 4],
    forced: bool,
}

impl Stats {
    pub(super) fn began(&mut self, forced: bool, live: usize, sweep: Instant, stop: Instant, stopped: Duration) {
        let now = Instant::now();
        self.process.get_or_insert(now);
        self.began_at = Some(sweep);
        self.sweep_term = stop - sweep + stopped;
        self.stops = [stopped, Duration::ZERO];
        self.marking_since = Some(now);
        (self.background, self.idle) = Default::default();
        self.live_start = live;
        self.forced = forced;
    }

    /// Time since a cycle began, or since this was first asked.
    pub(super) fn idle_for(&mut self) -> Duration {
        self.began_at.get_or_insert_with(Instant::now).elapsed()
    }

    pub(super) fn survived(&self) -> usize {
        self.line[2]
    }

    /// Whether markers have had less than a quarter of the processors' time since marking began.
    fn behind(&self, procs: usize, patience: Duration) -> bool {
        let passed = self.marking_since.map_or(Duration::ZERO, |t| t.elapsed());
        passed >= patience && (self.background + self.idle) * 4 < passed * procs as u32
    }

    /// What the cycle that is about to end shows, unless the program asked for it.
    pub(super) fn seen(&self, allocated: usize, gc: &Gc, procs: usize) -> Option<Cycle> {
        let time = self.marking_since?.elapsed().as_secs_f64().max(1e-6) * procs as f64;
        let assist = gc.assist_nanos.load(Ordering::Relaxed) as f64 / 1e9;
        let marking = (self.background.as_secs_f64() + assist) / time;
        (!self.forced).then(|| Cycle { allocated, marking, idle: self.idle.as_secs_f64() / time })
    }

    /// The world was stopped at the end of marking, or in an attempt.
    pub(super) fn stopped(&mut self, d: Duration) {
        self.stops[1] += d;
    }

    pub(super) fn ended(&mut self, before: usize, survived: usize, goal: usize) {
        self.mark_wall = self.marking_since.map_or(Duration::ZERO, |t| t.elapsed());
        self.line = [self.live_start, before, survived, goal];
    }
}

impl Gc {
    /// Whether goroutines should make way for marking: less than a quarter of the processors is at it, and has been since it began.
    /// Under stress the end comes with the next allocation to collect at, and until then as little as possible is to be marked.
    pub(crate) fn wants_time(&self, procs: usize) -> bool {
        let patience = Duration::from_millis(if self.stress() == 0 { 0 } else { 5 });
        self.is_marking() && self.lacks_markers(procs) && lock(&self.stats).behind(procs, patience)
    }

    /// Whether less than a quarter of the processors is marking just now.
    pub(crate) fn lacks_markers(&self, procs: usize) -> bool {
        self.work.progress.active() * 4 < procs
    }
}

/// Time a processor spent marking on the collector's behalf.
pub(super) fn add_mark_time(gc: &Gc, d: Duration, idle: bool) {
    let mut s = lock(&gc.stats);
    if idle {
        s.idle += d;
    } else {
        s.background += d;
    }
}

/// Time an allocating goroutine spent marking.
pub(super) fn add_assist_time(gc: &Gc, d: Duration) {
    gc.assist_nanos.fetch_add(d.as_nanos() as u64, Ordering::Relaxed);
}

/// Accounts for a finished cycle; prints its line if asked to.
pub(super) fn trace(cx: &mut Cx) {
    let gc = &cx.heap.shared.gc;
    let mut s = lock(&gc.stats);
    let s = &mut *s;
    let pause = s.stops[0] + s.stops[1];
    s.assist = Duration::from_nanos(gc.assist_nanos.load(Ordering::Relaxed));
    let m = &mut s.shown;
    m.num_gc += 1;
    m.num_forced += u64::from(s.forced);
    m.pause_total += pause.as_nanos() as u64;
    let at = ((m.num_gc + 255) % 256) as usize;
    m.pauses.resize(256, 0);
    m.pause_ends.resize(256, 0);
    m.last_gc = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
    m.pauses[at] = pause.as_nanos() as u64;
    m.pause_ends[at] = m.last_gc;
    s.collecting += pause + s.assist + s.background;
    let procs = world::procs(cx);
    let up = cx.sched.nanotime().max(1) as f64 / 1e9;
    m.cpu_fraction = s.collecting.as_secs_f64() / (up * procs as f64);
    if !gc.knobs.trace.load(Ordering::Relaxed) {
        return;
    }
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    let [start, before, survived, goal] = s.line;
    eprintln!(
        "gc {} @{:.3}s {:.0}%: {:.3}+{:.3}+{:.3} ms clock, {:.3}+{:.3}/{:.3}/{:.3}+{:.3} ms cpu, {}->{}->{} MB, {} MB goal, 0 MB stacks, {} MB globals, {} P{}",
        m.num_gc,
        up,
        m.cpu_fraction * 100.0,
        ms(s.stops[0]),
        ms(s.mark_wall),
        ms(s.stops[1]),
        ms(s.stops[0]) * procs as f64,
        ms(s.assist),
        ms(s.background),
        ms(s.idle),
        ms(s.stops[1]) * procs as f64,
        start >> 20,
        before >> 20,
        survived >> 20,
        goal >> 20,
        lock(&gc.globals).iter().map(|g| g.1 * 8).sum::<usize>() >> 20,
        procs,
        if s.forced { " (forced)" } else { "" },
    );
}

/// Numbers for runtime.ReadMemStats, which the running goroutine asks for.
pub fn mem_stats(cx: &mut Cx) -> MemStats {
    let g = cx.sched.last();
    // While this waits for the world somebody else may stop it and begin to mark: then the goroutine must not go on unscanned.
    // SAFETY: the goroutine is Running and this is its thread, inside a native: its fiber is not in use.
    if let Some(f) = g.as_ref().and_then(|g| unsafe { g.fiber() }) {
        f.freeze(cx);
    }
    let w = world::stop(cx);
    let shared = cx.heap.shared.clone();
    let mut s = lock(&shared.gc.stats).shown.clone();
    let mut unused = 0;
    for l in lock(&shared.locals).iter() {
        // SAFETY: the world is stopped.
        let l = unsafe { &mut *l.0 };
        shared.gc.add_live(std::mem::take(&mut l.live));
        s.mallocs += l.allocs;
        s.total_alloc += l.alloc_bytes;
        for c in &l.cache {
            s.mallocs += u64::from(c.taken());
            s.total_alloc += u64::from(c.taken()) * u64::from(c.elemsize);
            unused += c.free.count_ones() as usize * c.elemsize as usize;
        }
    }
    s.stack_inuse = cx.sched.shared().stack_bytes();
    w.start(cx);
    if let Some(g) = g {
        super::gate(cx, g);
    }
    let u = shared.pages.usage();
    s.frees = shared.gc.frees.load(Ordering::Relaxed);
    s.heap_alloc = shared.gc.live().saturating_sub(unused) as u64;
    s.sys = u.mapped as u64 + s.stack_inuse;
    s.heap_inuse = (u.used * PAGE) as u64;
    s.heap_idle = u.mapped as u64 - s.heap_inuse;
    s.heap_released = s.heap_idle - ((u.idle * PAGE) as u64).min(s.heap_idle);
    let goal = shared.gc.goal.load(Ordering::Relaxed);
    s.next_gc = if goal == usize::MAX { u64::MAX } else { goal as u64 };
    s
}

/// debug.FreeOSMemory, after a collection.
pub fn free_os_memory(cx: &mut Cx) {
    cx.heap.shared.finish_sweep();
    cx.heap.shared.pages.scavenge(0, usize::MAX);
}

impl Heap {
    /// Gives some free memory above the goal back to the system; false if there is none.
    pub(super) fn scavenge_step(&mut self, pages: usize) -> bool {
        self.shared.is_swept() && self.shared.pages.scavenge(self.shared.gc.retain_pages(), pages) > 0
    }
}
