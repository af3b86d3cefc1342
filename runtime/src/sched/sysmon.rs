//! The watcher: a thread without a P that ends time slices after 10 ms, takes Ps away from threads that block, and sees to it that
//! marking gets its share of Ps whose goroutines never come by the scheduler.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::p::RUNNING;
use super::shared::Shared;
use crate::cx::{POLL_GC, POLL_PREEMPT};
use crate::heap::HeapShared;

const SLICE: Duration = Duration::from_millis(10);
const SHORTEST: Duration = Duration::from_micros(20);
const LONGEST: Duration = Duration::from_millis(10);
/// Between two requests to mark for 50 µs.
const MARKING: Duration = Duration::from_micros(150);
/// The same while enough processors mark: waking up here takes time from one of them, but goroutines may call them back.
const UNDISTURBED: Duration = Duration::from_micros(500);

/// What it saw of a P.
struct Seen {
    tick: u32,
    since: Instant,
    calls: u32,
    call_since: Instant,
}

/// Starts it. Without a thread to be had the program runs without preemption.
pub(super) fn start(shared: &Arc<Shared>, heap: &Arc<HeapShared>) {
    heap.gc.set_helpers(Arc::downgrade(shared));
    let (s, heap) = (shared.clone(), heap.clone());
    let _ = std::thread::Builder::new().name("gol-sysmon".into()).stack_size(256 << 10).spawn(move || watch(&s, &heap));
}

fn watch(s: &Arc<Shared>, heap: &HeapShared) {
    let mut seen: HashMap<usize, Seen> = HashMap::new();
    let mut idle_rounds = 0u32;
    let mut delay = SHORTEST;
    let mut traced = Instant::now();
    let trace = s.settings.trace.map(Duration::from_millis);
    while !s.ending.load(Ordering::Acquire) {
        if idle_rounds == 0 {
            delay = SHORTEST;
        } else if idle_rounds > 50 {
            delay = (delay * 2).min(LONGEST);
        }
        let longest = if !heap.gc.is_marking() {
            LONGEST
        } else if heap.gc.lacks_markers(s.procs()) {
            MARKING
        } else {
            UNDISTURBED
        };
        s.sysmon_note.sleep_for(delay.min(longest));
        if trace.is_none() && all_idle(s) {
            s.sysmon_note.sleep();
            s.sysmon_note.clear();
            idle_rounds = 0;
            delay = SHORTEST;
            seen.clear();
        }
        if let Some(every) = trace
            && traced.elapsed() >= every
        {
            traced = Instant::now();
            s.trace_line();
        }
        if heap.gc.wants_time(s.procs()) {
            let ps = s.allp.snapshot();
            ps.ps.iter().filter(|p| p.state() == RUNNING).for_each(|p| p.ask(POLL_GC));
        }
        idle_rounds = if round(s, &mut seen) { 0 } else { idle_rounds.saturating_add(1) };
    }
}

/// Announces a sleep without end; false if there is something to watch.
fn all_idle(s: &Shared) -> bool {
    if s.spin.idle() < s.procs() {
        return false;
    }
    let mut l = s.lock();
    if l.idle_ps.len() < s.procs() || s.ending.load(Ordering::Acquire) {
        return false;
    }
    s.sysmon_note.clear();
    l.sysmon_waits = true;
    s.sysmon_waits.store(true, Ordering::Relaxed);
    true
}

/// Looks at every P; true if one was taken from a blocking call.
fn round(s: &Shared, seen: &mut HashMap<usize, Seen>) -> bool {
    let mut took = false;
    let now = Instant::now();
    if s.net.waiters() > 0 && s.nanotime() - s.net.last() > SLICE.as_nanos() as i64 {
        s.inject_all(&s.net.poll(s, Some(Duration::ZERO)));
    }
    for p in &s.allp.snapshot().ps {
        if p.state() != RUNNING {
            seen.remove(&p.id);
            continue;
        }
        let (tick, calls) = (p.tick.load(Ordering::Relaxed), p.calls.load(Ordering::Relaxed));
        let was = seen.entry(p.id).or_insert(Seen { tick, since: now, calls, call_since: now });
        if was.tick != tick {
            (was.tick, was.since) = (tick, now);
        } else if now - was.since >= SLICE {
            p.ask(POLL_PREEMPT);
            was.since = now;
        }
        if was.calls != calls {
            (was.calls, was.call_since) = (calls, now);
            continue;
        }
        if now == was.call_since || !s.in_blocking_call(*p) {
            continue;
        }
        // Nothing waits for the P: let the call keep it for a while, it is cheaper to come back to.
        let nothing = p.runq.is_empty() && s.queued.load(Ordering::Relaxed) == 0;
        let others = s.spin.spinning() as usize + s.spin.idle() > 0;
        if nothing && others && now - was.call_since < SLICE {
            continue;
        }
        took |= s.retake(*p);
    }
    took
}

impl Shared {
    fn in_blocking_call(&self, p: super::p::PRef) -> bool {
        p.holder()
            .and_then(|m| super::g::GRef::from_ptr(m.curg.load(Ordering::Acquire)))
            .is_some_and(|g| g.word.state() == super::g::State::Syscall)
    }
}
