//! GOLDEBUG settings of the scheduler.
//!
//! - `schedtrace=MS`: a line about queues and threads every so often.
//! - `sched=det:SEED`: one thread runs goroutines, in virtual time, in slices whose lengths come from the seed.
//! - `sched=fuzz:SEED`: slices of random length, queues in random order.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::p::{DEAD, IDLE};
use super::shared::Shared;
use crate::cx::Cx;

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Settings {
    pub trace: Option<u64>,
    pub det: Option<u64>,
    pub fuzz: Option<u64>,
}

impl Settings {
    pub fn from_env() -> Settings {
        Settings::parse(&std::env::var("GOLDEBUG").unwrap_or_default())
    }

    fn parse(text: &str) -> Settings {
        let mut s = Settings::default();
        for item in text.split(',') {
            match item.split_once('=') {
                Some(("schedtrace", ms)) => s.trace = ms.parse().ok().filter(|n| *n > 0),
                Some(("sched", how)) => match how.split_once(':') {
                    Some(("det", seed)) => s.det = seed.parse().ok(),
                    Some(("fuzz", seed)) => s.fuzz = seed.parse().ok(),
                    _ => {}
                },
                _ => {}
            }
        }
        s
    }
}

impl Settings {
    /// How many Ps there are at the start.
    pub fn procs(&self) -> usize {
        if self.det.is_some() {
            return 1;
        }
        let asked = std::env::var("GOMAXPROCS").ok().and_then(|v| v.parse().ok()).filter(|n| *n > 0);
        let n: usize = asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
        n.min(super::MAX_PROCS)
    }
}

/// What a virtual wall clock shows when the program begins.
const VIRTUAL_START: i64 = 1_700_000_000;

impl Shared {
    /// The seed of the process's random numbers, if it is given.
    pub(crate) fn seed(&self) -> Option<u64> {
        self.settings.det.or(self.settings.fuzz)
    }

    /// The time as far as timers are concerned. A virtual clock jumps to the next deadline: it is looked at when nothing can run.
    pub(crate) fn begin_timers(&self) -> i64 {
        if self.settings.det.is_some() {
            let next = self.timers.next();
            if next != i64::MAX {
                self.virtual_now.fetch_max(next, Ordering::Relaxed);
            }
        }
        self.nanotime()
    }

    /// Seconds and nanoseconds since 1970.
    pub fn wall(&self) -> (i64, i64) {
        if self.settings.det.is_some() {
            let now = self.nanotime();
            return (VIRTUAL_START + now / 1_000_000_000, now % 1_000_000_000);
        }
        let t = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        (t.as_secs() as i64, i64::from(t.subsec_nanos()))
    }

    /// The time slice of a goroutine that begins one, when slices are counted: short ones mostly, so that switches come at unusual places.
    #[inline]
    pub(super) fn new_slice(&self, cx: &mut Cx) {
        if self.settings.det.is_some() || self.settings.fuzz.is_some() {
            let bits = cx.rng.below(14);
            cx.sched.fuel = 1 + i64::from(cx.rng.below(2 << bits));
            self.virtual_now.fetch_add(1000, Ordering::Relaxed);
        }
    }

    /// One chance in `n`; for `fuzz`.
    pub(super) fn dice(&self, n: u64) -> bool {
        // A multiplicative step is random enough, and any thread may take one.
        let x = self.dice.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let x = (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (x >> 33).is_multiple_of(n)
    }

    /// A place where another thread may get in between: `fuzz` makes it longer.
    #[inline]
    pub(super) fn window(&self) {
        if self.settings.fuzz.is_some() && self.dice(3) {
            let until = std::time::Instant::now() + std::time::Duration::from_micros(10);
            while std::time::Instant::now() < until {
                std::hint::spin_loop();
            }
        }
    }

    /// One line of `schedtrace`.
    pub(super) fn trace_line(&self) {
        let l = self.lock();
        let mut s = format!(
            "SCHED {}ms: gomaxprocs={} idleprocs={} threads={} spinningthreads={} needspinning={} idlethreads={} runqueue={} [",
            self.start.elapsed().as_millis(),
            self.procs(),
            l.idle_ps.len(),
            l.next_m - l.freed_ms,
            self.spin.spinning(),
            u8::from(self.spin.needs()),
            l.idle_ms.len(),
            l.runq.len()
        );
        let live = l.all_ps.iter().filter(|p| p.state() != DEAD);
        for (i, p) in live.enumerate() {
            let idle = if p.state() == IDLE { "-" } else { "" };
            let _ = write!(s, "{}{}{idle}", if i > 0 { " " } else { "" }, p.runq.len());
        }
        drop(l);
        eprintln!("{s}]");
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn settings_are_read() {
        let s = Settings::parse("gctrace=1,schedtrace=100,sched=fuzz:7");
        assert_eq!((s.trace, s.det, s.fuzz), (Some(100), None, Some(7)));
        assert_eq!(Settings::parse("sched=det:3").det, Some(3));
        assert_eq!(Settings::parse("sched=det:x,schedtrace=0").trace, None);
    }
}
