//! When to collect, and the numbers shown to programs.

use std::time::Duration;

use super::GcState;
use crate::cx::Cx;
use crate::heap::Heap;
use crate::heap::class::PAGE;

/// Smallest goal at GOGC=100.
pub(super) const MIN_HEAP: usize = 4 << 20;

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
    /// Bytes in free pages still held.
    pub heap_idle: u64,
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
    /// End of the last cycle, nanoseconds since 1970.
    pub last_gc: u64,
}

pub(super) fn percent_from_env() -> i64 {
    match std::env::var("GOGC") {
        Ok(v) if v == "off" => -1,
        Ok(v) => v.parse().unwrap_or(100),
        Err(_) => 100,
    }
}

pub(super) fn limit_from_env() -> i64 {
    let v = std::env::var("GOMEMLIMIT").unwrap_or_default();
    let digits = v.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &v[digits.len()..] {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return i64::MAX,
    };
    digits.parse::<i64>().ok().and_then(|n| n.checked_mul(unit)).unwrap_or(i64::MAX)
}

/// RLIMIT_AS: a process so confined must collect before it fills its address space.
pub(super) fn address_space() -> usize {
    let mut r = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: fills the struct.
    unsafe { libc::getrlimit(libc::RLIMIT_AS, &mut r) };
    usize::try_from(r.rlim_cur).unwrap_or(usize::MAX)
}

impl GcState {
    pub(super) fn first_goal(&self) -> usize {
        if self.percent < 0 {
            return self.limit_goal();
        }
        (MIN_HEAP / 100).saturating_mul(self.percent as usize).max(64 << 10).min(self.limit_goal())
    }

    fn limit_goal(&self) -> usize {
        let limit = (self.limit as usize).min(self.address_space / 4 * 3);
        if limit > i64::MAX as usize / 2 { usize::MAX } else { limit.saturating_sub(1 << 20).max(1 << 20) }
    }

    pub(crate) fn enabled(&self) -> bool {
        self.percent >= 0 || self.limit != i64::MAX || self.stress != 0
    }

    #[inline]
    pub(crate) fn note_allocs(&mut self, n: usize, bytes: usize) {
        self.stats.mallocs += n as u64;
        self.stats.total_alloc += bytes as u64;
    }

    fn next_goal(&self, survived: usize) -> usize {
        let by_limit = self.limit_goal().max(survived + survived / 16);
        if self.percent < 0 {
            return by_limit;
        }
        let grown = survived as u128 + survived as u128 * self.percent as u128 / 100;
        (grown.min(usize::MAX as u128) as usize).max(self.first_goal()).min(by_limit)
    }
}

impl Heap {
    /// Bookkeeping at the end of a cycle.
    pub(super) fn after_cycle(&mut self, survived: usize, took: Duration) {
        let g = &mut self.gc;
        g.live = survived;
        g.goal = g.next_goal(survived);
        let s = &mut g.stats;
        s.num_gc += 1;
        s.num_forced += g.forced as u64;
        let ns = took.as_nanos() as u64;
        s.pause_total += ns;
        s.pauses.resize(256, 0);
        s.pauses[((s.num_gc + 255) % 256) as usize] = ns;
        s.last_gc =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
        // A tenth above the goal, as the heap will want it back soon.
        let keep = if g.goal == usize::MAX { usize::MAX } else { (g.goal + g.goal / 10) / PAGE + 512 };
        self.pages.scavenge(keep);
    }

    /// Numbers for runtime.ReadMemStats.
    pub fn mem_stats(&mut self) -> MemStats {
        self.flush_cache();
        self.relist();
        let mut s = self.gc.stats.clone();
        s.heap_alloc = self.gc.live as u64;
        s.sys = self.pages.mapped() as u64;
        s.heap_inuse = (self.pages.used * PAGE) as u64;
        s.heap_idle = (self.pages.idle * PAGE) as u64;
        s.next_gc = if self.gc.goal == usize::MAX { u64::MAX } else { self.gc.goal as u64 };
        s
    }

    /// debug.FreeOSMemory, after a collection.
    pub fn release_memory(&mut self) {
        self.pages.scavenge(0);
    }
}

/// debug.SetGCPercent; answers the old value.
pub fn set_gc_percent(cx: &mut Cx, percent: i64) -> i64 {
    let g = &mut cx.heap.gc;
    let old = std::mem::replace(&mut g.percent, percent.max(-1));
    g.goal = g.next_goal(g.live);
    super::force(cx);
    old
}

/// debug.SetMemoryLimit; negative only asks.
pub fn set_memory_limit(cx: &mut Cx, limit: i64) -> i64 {
    let g = &mut cx.heap.gc;
    let old = g.limit;
    if limit >= 0 {
        g.limit = limit;
        g.goal = g.next_goal(g.live);
    }
    old
}
