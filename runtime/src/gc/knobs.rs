//! `GOLDEBUG` (and of `GODEBUG` what concerns the collector): switches for looking at the collector and for making it fail early.
//!
//! - `gctrace=1`: a line per cycle, in Go's format.
//! - `gcstress=N`: at every N-th allocation begin a cycle, at the next such one mark everything and end it. Between the two nothing is
//!   marked, so the graph at the beginning survives only if every barrier and gate does its work. The first call of each time slice
//!   moves the goroutine's stack.
//! - `gcstoptheworld=1`: no concurrency.
//! - `checkmark=1`: after marking, mark again with the world stopped, and die if that finds more.
//! - `clobberfree=1`: overwrite what is freed.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};

/// See the module.
#[derive(Default)]
pub(crate) struct Knobs {
    pub trace: AtomicBool,
    pub stress: AtomicU32,
    pub stress_count: AtomicU64,
    pub stw: AtomicBool,
    pub checkmark: AtomicBool,
    pub clobber: AtomicBool,
}

impl Knobs {
    pub(super) fn from_env() -> Knobs {
        let k = Knobs::default();
        for (var, ours) in [("GODEBUG", false), ("GOLDEBUG", true)] {
            let v = std::env::var(var).unwrap_or_default();
            for (name, value) in v.split(',').filter_map(|item| item.split_once('=')) {
                let on = value != "0";
                match name {
                    "gctrace" => k.trace.store(on, std::sync::atomic::Ordering::Relaxed),
                    "clobberfree" => k.clobber.store(on, std::sync::atomic::Ordering::Relaxed),
                    "gcstoptheworld" => k.stw.store(on, std::sync::atomic::Ordering::Relaxed),
                    "checkmark" | "gccheckmark" => k.checkmark.store(on, std::sync::atomic::Ordering::Relaxed),
                    "gcstress" if ours => {
                        k.stress.store(value.parse().unwrap_or(0), std::sync::atomic::Ordering::Relaxed);
                    }
                    _ => {}
                }
            }
        }
        k
    }
}
