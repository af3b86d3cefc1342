//! The watcher: a thread that ends time slices after 10 ms.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::remote::{Remote, lock};
use crate::cx::{POLL_PREEMPT, PollWord};

const SLICE: Duration = Duration::from_millis(10);

/// Stops the watcher when dropped.
pub(super) struct Sysmon(Remote);

impl Drop for Sysmon {
    fn drop(&mut self) {
        *lock(&self.0.shared.sysmon_gate.0) = true;
        self.0.shared.sysmon_gate.1.notify_all();
    }
}

/// Starts it. Without a thread to be had the program runs without preemption.
pub(super) fn start(remote: &Remote, poll: PollWord) -> Sysmon {
    *lock(&remote.shared.sysmon_gate.0) = false;
    let r = remote.clone();
    let _ = std::thread::Builder::new().name("gol-sysmon".into()).stack_size(64 << 10).spawn(move || watch(&r, &poll));
    Sysmon(remote.clone())
}

fn watch(remote: &Remote, poll: &PollWord) {
    let s = &remote.shared;
    let mut last = u64::MAX;
    let mut stop = lock(&s.sysmon_gate.0);
    while !*stop {
        // An idle scheduler rings this bell when it wakes up; until then there is nothing to watch.
        let wait = if s.asleep.load(Ordering::Relaxed) { Duration::from_secs(3600) } else { SLICE };
        stop = match s.sysmon_gate.1.wait_timeout(stop, wait) {
            Ok(r) => r.0,
            Err(e) => e.into_inner().0,
        };
        let now = s.tick.load(Ordering::Relaxed);
        if now == last && !s.asleep.load(Ordering::Relaxed) {
            poll.fetch_or(POLL_PREEMPT, Ordering::Relaxed);
        }
        last = now;
    }
}
