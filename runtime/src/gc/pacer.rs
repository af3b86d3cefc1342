//! When to collect, and how much an allocation has to pay while a collection is under way.
//!
//! The *goal* is what the heap should not exceed. The *trigger* lies below it by what is going to be allocated while a quarter of the
//! processors marks; how fast the program allocates compared with how fast the collector scans is learned from the last cycles, as in
//! Go's pacer (design document 44167). While marking is under way each allocated byte costs as many bytes of scanning as it takes to be
//! done before the goal is reached; what the background did is credited first.

use std::sync::atomic::Ordering;

use super::Gc;
use crate::cx::Cx;
use crate::heap::central::lock;
use crate::heap::class::PAGE;
use crate::heap::pages::Pages;

/// Smallest goal at GOGC=100.
pub(super) const MIN_HEAP: usize = 4 << 20;

/// Bytes of scanning that an allocated byte may cost before it is worth starting earlier.
const DEAREST: usize = 8;

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

/// Bytes of memory there are for this process: more objects than that cannot be used, and the kernel would end the process for trying.
pub(super) fn memory() -> usize {
    // SAFETY: asks for numbers.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    let machine = match (usize::try_from(pages), usize::try_from(size)) {
        (Ok(n), Ok(size)) if n > 0 => n.saturating_mul(size),
        _ => return usize::MAX,
    };
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|t| t.trim().parse().ok());
    machine.min(group.unwrap_or(usize::MAX))
}

/// What a cycle shows of the program.
pub(super) struct Cycle {
    /// Bytes allocated while marking.
    pub allocated: usize,
    /// Shares of the processors' time that went into marking: what goroutines did without, and what was idle otherwise.
    pub marking: f64,
    pub idle: f64,
}

/// The last cycles.
#[derive(Default)]
pub(super) struct History {
    /// Bytes that a processor allocates while one scans a byte.
    rates: [f64; 4],
}

impl History {
    fn add(&mut self, c: &Cycle, scanned: usize) {
        self.rates.rotate_left(1);
        let time = (c.marking + c.idle) / (1.0 - c.marking).max(0.01);
        self.rates[3] = c.allocated as f64 * time / scanned.max(1) as f64;
    }

    /// Bytes allocated by three quarters of the processors while the others scan `expected`; or less, as what is allocated meanwhile
    /// survives, dead or not, and makes the next goal larger: no more than it takes for allocations to stay bearable ([`DEAREST`]).
    fn runway(&self, expected: usize) -> usize {
        let learned = self.rates.iter().fold(0.0, |a: f64, b| a.max(*b)) * 3.0 * expected as f64;
        (learned as usize).min(expected / DEAREST)
    }
}

impl Gc {
    fn percent(&self) -> i64 {
        self.percent.load(Ordering::Relaxed)
    }

    /// Bytes that objects may take in all.
    pub(super) fn hard(&self) -> usize {
        self.hard.load(Ordering::Relaxed).saturating_mul(PAGE)
    }

    fn limit_goal(&self) -> usize {
        let soft = self.limit.load(Ordering::Relaxed) as usize;
        let hard = self.hard();
        let limit = soft.min(self.address_space / 4 * 3).min(hard - hard / 16);
        // The whole machine is no limit to steer by.
        if limit > i64::MAX as usize / 2 || hard >= self.memory && limit == hard - hard / 16 {
            usize::MAX
        } else {
            limit.saturating_sub(1 << 20).max(1 << 20)
        }
    }

    fn has_limit(&self) -> bool {
        self.limit_goal() != usize::MAX
    }

    pub(super) fn enabled(&self) -> bool {
        self.percent() >= 0 || self.has_limit() || self.stress() != 0
    }

    /// Goal and trigger from what survived, and what was allocated during the last marking.
    fn next_goal(&self, survived: usize) -> usize {
        let by_limit = self.limit_goal().max(survived.saturating_add(survived / 16));
        let percent = self.percent();
        if percent < 0 {
            return by_limit;
        }
        let grown = survived as u128 + survived as u128 * percent as u128 / 100;
        let least = (MIN_HEAP / 100).saturating_mul(percent as usize).max(64 << 10);
        (grown.min(usize::MAX as u128) as usize).max(least).min(by_limit)
    }

    /// What the heap must not grow beyond while marking is under way: a tenth more than it should, within the limits.
    pub(super) fn bound(&self) -> usize {
        let goal = self.goal.load(Ordering::Relaxed);
        goal.saturating_add(goal / 10).min(self.limit_goal().max(goal))
    }

    /// The next goal and trigger.
    pub(super) fn set_goal(&self, survived: usize) {
        let goal = self.next_goal(survived);
        let room = goal.saturating_sub(survived);
        let trigger = if goal == usize::MAX {
            usize::MAX
        } else if self.knobs.stw.load(Ordering::Relaxed) {
            goal
        } else {
            // Between 70 and 95 per cent of the way.
            let expected = self.expected.load(Ordering::Relaxed);
            goal - lock(&self.history).runway(expected).clamp(room / 20, room / 10 * 3)
        };
        self.goal.store(goal, Ordering::Relaxed);
        self.trigger.store(if self.enabled() { trigger } else { usize::MAX }, Ordering::Relaxed);
    }

    /// At the end of a cycle, `seen` unless the program asked for it: what it teaches.
    pub(super) fn pace_next(&self, survived: usize, seen: Option<Cycle>) {
        let scanned = self.work.scanned.load(Ordering::Relaxed);
        self.expected.store(scanned, Ordering::Relaxed);
        if let Some(c) = seen {
            lock(&self.history).add(&c, scanned);
        }
        self.set_goal(survived);
    }

    /// At the start of marking.
    pub(super) fn pace_mark(&self, live: usize) {
        self.started.store(live, Ordering::Relaxed);
        self.assist_nanos.store(0, Ordering::Relaxed);
        // No further cycle until this one is over.
        self.trigger.store(usize::MAX, Ordering::Relaxed);
        self.pace_assists();
    }

    /// What an allocated byte costs from now on.
    pub(super) fn pace_assists(&self) {
        let live = self.live();
        let scanned = self.work.scanned.load(Ordering::Relaxed);
        let started = self.started.load(Ordering::Relaxed);
        let mut goal = self.goal.load(Ordering::Relaxed);
        // As much as last time is to be scanned. If it was more by now, it may be all that lived at the start; then the heap may get
        // larger than it should, or the rest of it would be too expensive.
        let mut expected = self.expected.load(Ordering::Relaxed).max(64 << 10);
        if scanned > expected {
            let all = started.max(scanned);
            let room = goal.saturating_sub(started) as f64 * (all as f64 / expected as f64);
            goal = started.saturating_add(room as usize).clamp(goal, self.bound());
            expected = all;
        }
        let left = expected.saturating_sub(scanned).max(64 << 10);
        let room = goal.saturating_sub(live).max(started / 64 + (64 << 10));
        self.ratio.store((left as f64 / room as f64).to_bits(), Ordering::Relaxed);
    }

    /// Bytes to scan for so many allocated bytes.
    pub(super) fn scan_debt(&self, bytes: usize) -> i64 {
        (bytes as f64 * f64::from_bits(self.ratio.load(Ordering::Relaxed))) as i64
    }

    /// The allocated bytes for which so many are to be scanned.
    pub(super) fn allocated_for(&self, scanned: i64) -> usize {
        (scanned as f64 / f64::from_bits(self.ratio.load(Ordering::Relaxed)).max(0.01)) as usize
    }

    /// Pages that may stay: a tenth above the goal, as the heap will want them back soon.
    pub(super) fn retain_pages(&self) -> usize {
        let goal = self.goal.load(Ordering::Relaxed);
        if goal == usize::MAX { usize::MAX } else { (goal + goal / 10) / PAGE + 512 }
    }

    /// Whether taking `n` more pages would break the hard limit.
    pub(crate) fn beyond_limit(&self, pages: &Pages, n: usize) -> bool {
        let hard = self.hard.load(Ordering::Relaxed);
        if hard == usize::MAX {
            return false;
        }
        let u = pages.usage();
        if u.used + u.idle + n > hard {
            pages.scavenge(hard.saturating_sub(n), usize::MAX);
        }
        u.used + n > hard
    }

    /// Whether there is room for so many bytes. Asks for a full collection if there is not, once.
    pub(crate) fn room_for(&self, pages: &Pages, bytes: usize) -> Room {
        let hard = self.hard.load(Ordering::Relaxed);
        if hard == usize::MAX || pages.usage().used + crate::heap::pages::pages_for(bytes) <= hard {
            // The last rescue, if any, has done its work: the next shortage gets one of its own.
            self.rescued.store(false, Ordering::Relaxed);
            return Room::Enough;
        }
        if self.rescued.swap(false, Ordering::Relaxed) {
            return Room::None;
        }
        self.emergency.store(true, Ordering::Relaxed);
        Room::AfterCollection
    }

    /// There is no memory for so many bytes: begins the report, and answers the text of the error.
    pub(crate) fn refuse(&self, pages: &Pages, bytes: usize) -> &'static str {
        if self.hard() >= self.memory {
            return "runtime: out of memory";
        }
        eprintln!("runtime: out of memory: cannot allocate {bytes}-byte block ({} in use)", pages.usage().used * PAGE);
        "out of memory"
    }

    /// Ends the process when objects would need more than so many bytes.
    pub fn set_hard_limit(&self, bytes: usize) {
        self.hard.store(bytes / PAGE, Ordering::Relaxed);
        self.set_goal(self.live());
    }
}

/// The end, where no goroutine could be shown: no memory for so many bytes.
pub(crate) fn out_of_memory(gc: &Gc, bytes: usize, pages: &Pages) -> ! {
    crate::fault::die(gc.refuse(pages, bytes))
}

/// What is known before a large allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Room {
    /// There is room.
    Enough,
    /// There may be after a full collection: the caller leaves for the scheduler and tries again.
    AfterCollection,
    /// There is none.
    None,
}

/// debug.SetGCPercent; answers the old value.
pub fn set_gc_percent(cx: &mut Cx, percent: i64) -> i64 {
    let gc = &cx.heap.shared.gc;
    let old = gc.percent.swap(percent.max(-1), Ordering::Relaxed);
    again(cx);
    old
}

/// debug.SetMemoryLimit; negative only asks.
pub fn set_memory_limit(cx: &mut Cx, limit: i64) -> i64 {
    let gc = &cx.heap.shared.gc;
    let old = gc.limit.load(Ordering::Relaxed);
    if limit >= 0 {
        gc.limit.store(limit, Ordering::Relaxed);
        again(cx);
    }
    old
}

/// Sets the goal anew: by what survived the last cycle.
fn again(cx: &mut Cx) {
    let gc = &cx.heap.shared.gc;
    let survived = lock(&gc.stats).survived();
    if gc.is_marking() {
        // The end of the cycle will see to the trigger.
        gc.goal.store(gc.next_goal(survived), Ordering::Relaxed);
    } else {
        gc.set_goal(survived);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faster_a_program_allocates_the_earlier_a_cycle_begins() {
        const LIVE: usize = 64 << 20;
        let runway = |allocated| {
            let mut h = History::default();
            h.add(&Cycle { allocated, marking: 0.25, idle: 0.0 }, LIVE);
            h.runway(LIVE)
        };
        assert_eq!(History::default().runway(LIVE), 0);
        // At a quarter of the processors' time marking, what was allocated meanwhile will be again.
        assert!(runway(1 << 20).abs_diff(1 << 20) < 4096);
        assert!(runway(2 << 20).abs_diff(2 << 20) < 4096);
        assert_eq!(runway(LIVE), LIVE / DEAREST);
        // What is rare is remembered for some cycles.
        let mut h = History::default();
        for allocated in [2 << 20, 0, 0, 0] {
            h.add(&Cycle { allocated, marking: 0.25, idle: 0.0 }, LIVE);
        }
        assert!(h.runway(LIVE) > 1 << 20);
        h.add(&Cycle { allocated: 0, marking: 0.25, idle: 0.0 }, LIVE);
        assert_eq!(h.runway(LIVE), 0);
    }

    #[test]
    fn more_to_scan_than_last_time_stretches_the_goal_not_the_bound() {
        let gc = Gc::new();
        gc.percent.store(100, Ordering::Relaxed);
        gc.work.scanned.store(8 << 20, Ordering::Relaxed);
        gc.pace_next(10 << 20, None);
        gc.add_live(19 << 20);
        let cost = || f64::from_bits(gc.ratio.load(Ordering::Relaxed));
        gc.work.scanned.store(0, Ordering::Relaxed);
        gc.pace_mark(19 << 20);
        assert!((7.0..9.0).contains(&cost()), "8 MB for the last one: {}", cost());
        gc.work.scanned.store(9 << 20, Ordering::Relaxed);
        gc.pace_assists();
        assert!((4.0..9.0).contains(&cost()), "10 MB for the last two: {}", cost());
        assert!(!gc.is_over_goal());
        gc.add_live(4 << 20);
        assert!(gc.is_over_goal());
    }

    #[test]
    fn without_a_goal_nothing_overflows() {
        let gc = Gc::new();
        gc.percent.store(-1, Ordering::Relaxed);
        gc.set_goal(1 << 20);
        gc.work.scanned.store(1 << 20, Ordering::Relaxed);
        gc.pace_mark(2 << 20);
        assert!(!gc.is_over_goal());
    }
}
