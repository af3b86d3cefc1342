//! Deadlock: no thread runs or blocks in the system, no timer is set, nobody outside may wake a goroutine.
//!
//! Asked whenever a thread goes to sleep or ends. Threads are counted, not goroutines: whoever sleeps until the next timer, or is
//! in a blocking native, is not among the idle ones.

use std::sync::MutexGuard;
use std::sync::atomic::Ordering;

use super::shared::{Ended, Global, Shared};
use crate::fault::Fault;

impl Shared {
    /// Whether nothing can ever run again.
    fn is_dead(&self, l: &Global) -> bool {
        let threads = (l.next_m - l.freed_ms) as i64;
        threads - l.idle_ms.len() as i64 - l.locked_idle <= 0
            && l.runq.len() == 0
            && self.external.load(Ordering::SeqCst) == 0
            && self.next_event() == i64::MAX
            && !self.alarm.is_watched()
            && !self.is_stopping()
            && !self.ending.load(Ordering::Acquire)
            && l.idle_ps.iter().all(|p| p.runq.is_empty())
    }

    /// The caller has just counted itself as idle, under the lock. If nothing can ever run again, ends the process or tells the host.
    pub(super) fn check_dead(&self, mut l: MutexGuard<'_, Global>) {
        if !self.is_dead(&l) {
            return;
        }
        let f = if self.main_gone.load(Ordering::Relaxed) { Fault::deadlock_no_main() } else { Fault::deadlock() };
        if self.host.present.load(Ordering::Relaxed) {
            // A host between two runs has stopped the world, for which it needs the lock: so what it is told here is about a run that
            // is not over yet, and not about the next one.
            self.window();
            if !self.main.load(Ordering::Relaxed).is_null() {
                self.host.tell(super::host::Outcome::Deadlock(f));
            }
            return;
        }
        let p = self.take_idle_p(&mut l);
        drop(l);
        let Some(p) = p else { return };
        // SAFETY: the P was idle and is ours now.
        let cx = unsafe { &mut *p.cx.load(Ordering::Acquire) };
        let status = super::report::fatal(cx, &f);
        self.finish(Ended::Status(status));
    }
}
