//! The search for work.
//!
//! Order: own duties (stops, timers), now and then the global queue, the own queue, the global queue, other Ps' queues; then the
//! thread retires. A thread that looks for work is *spinning*; there are at most half as many of those as busy Ps. Publishing work
//! wakes a spinner if there is none. The dangerous moment is the retirement of the last spinner: it first stops counting as one and
//! then looks at all queues again, while who publishes first fills a queue and then looks at the count. With a full fence between the two
//! steps on either side at least one of them sees the other, so work is never left lying while threads sleep.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::allp::AllP;
use super::g::GRef;
use super::m::MRef;
use super::p::{PRef, RUNNING};
use super::shared::{FAR, Shared};
use crate::cx::Cx;

/// A goroutine to run and whether it shares the running time slice; None: the thread must end.
pub(super) fn find(m: MRef) -> Option<(GRef, bool)> {
    loop {
        if m.p().is_none() && !m.stop() {
            return None;
        }
        // SAFETY: this thread has a P and no other reference to its Cx.
        let cx = unsafe { m.cx() };
        // SAFETY: only this thread touches its snapshot.
        unsafe { *m.snapshot.get() = None };
        if let Some(found) = with_p(m, cx)? {
            return Some(found);
        }
        if let Some(found) = retire(m)? {
            return Some(found);
        }
    }
}

/// The part of the search made with a P. `None`: the process ends; `Some(None)`: nothing found.
fn with_p(m: MRef, cx: &mut Cx) -> Option<Option<(GRef, bool)>> {
    let shared = &*m.shared;
    let p = cx.sched.p();
    loop {
        let bits = if cx.should_yield() { cx.poll.swap(0, Ordering::AcqRel) } else { 0 };
        if (bits != 0 || shared.is_stopping()) && !super::run::duties(m, cx, bits) {
            return None;
        }
        if p.state() != RUNNING {
            // The number of Ps was lowered meanwhile.
            // First: whoever relies on this spinner must not, and what the P leaves behind is for another one.
            m.stop_spinning();
            shared.give_up(m);
            return Some(None);
        }
        let det = shared.settings.det.is_some();
        let now_and_then = p.tick.load(Ordering::Relaxed).is_multiple_of(61);
        // Those of other Ps are looked at before stealing; for the case that all are busy, also here.
        let all = det || now_and_then;
        let next = if all { shared.timers.next() } else { shared.timers.next_of(p.id) };
        if next != i64::MAX && (next <= shared.nanotime() || det && idle_now(shared, p)) {
            if det && shared.net.waiters() > 0 {
                // Real time does not pass for the program: what is on its way to it comes first.
                shared.inject_all(&shared.net.poll(shared, Some(Duration::from_millis(1))));
            }
            crate::timer::run_due(cx, all);
        }
        crate::gc::work(cx);
        if now_and_then
            && shared.queued.load(Ordering::Relaxed) > 0
            && let Some(g) = shared.take_global(p, 1)
        {
            return Some(Some((g, false)));
        }
        if let Some(found) = cx.sched.next_local() {
            return Some(Some(found));
        }
        if shared.queued.load(Ordering::Relaxed) > 0
            && let Some(g) = shared.take_global(p, 0)
        {
            return Some(Some((g, false)));
        }
        if shared.net.waiters() > 0 {
            let mut woken = shared.net.poll(shared, Some(Duration::ZERO)).into_iter();
            if let Some(g) = woken.next() {
                woken.for_each(|g| cx.sched.put_back(g));
                return Some(Some((g, false)));
            }
        }
        let next = shared.timers.next();
        if next != i64::MAX && next <= shared.nanotime() {
            crate::timer::run_due(cx, true);
            continue;
        }
        let procs = shared.procs();
        if procs > 1 {
            let busy = procs - shared.spin.idle().min(procs);
            if m.spinning.get() || shared.spin.may_join(busy) {
                if !m.spinning.get() {
                    m.become_spinning();
                }
                if let Some(g) = steal(m, cx, p) {
                    return Some(Some((g, false)));
                }
            }
        }
        if crate::gc::has_idle_work(cx) {
            // Marking, sweeping: not the search it counts as; and there may be enough for another one.
            m.stop_spinning();
            if crate::gc::has_work_for_many(cx) {
                shared.wakep();
            }
            if crate::gc::idle_work(cx) {
                continue;
            }
        }
        return Some(None);
    }
}

/// In virtual time the clock jumps when nothing can run.
fn idle_now(shared: &Shared, p: PRef) -> bool {
    p.runq.is_empty() && shared.queued.load(Ordering::Relaxed) == 0
}

/// Looks through the queues of all other Ps, four times; the last time even for what they are about to run.
fn steal(m: MRef, cx: &mut Cx, p: PRef) -> Option<GRef> {
    let all = m.shared.allp.snapshot();
    let n = all.ps.len() as u32;
    for round in 0..4 {
        let last = round == 3;
        let at = cx.rng.below(n);
        for k in 0..n {
            if m.shared.is_stopping() {
                return None;
            }
            let victim = all.ps[((at + k) % n) as usize];
            if victim == p || victim.state() != RUNNING {
                continue;
            }
            if last && victim.runq.len() == 1 {
                // Most goroutines that ready another one are about to wait themselves: let it run there.
                pause();
            }
            if let Some(g) = p.runq.steal_from(&victim.runq, last) {
                return Some(g);
            }
        }
    }
    None
}

/// About three microseconds.
fn pause() {
    for _ in 0..100 {
        std::hint::spin_loop();
    }
}

/// Nothing to do: gives the P up and sleeps until there is. `None`: the process ends; `Some(None)`: search again.
fn retire(m: MRef) -> Option<Option<(GRef, bool)>> {
    let shared = &*m.shared;
    let Some(p) = m.p() else { return Some(None) };
    let snap = shared.allp.snapshot();
    // SAFETY: only this thread touches its snapshot.
    unsafe { *m.snapshot.get() = Some(snap.clone()) };
    {
        let mut l = shared.lock();
        if shared.is_stopping() || p.state() != RUNNING {
            return Some(None);
        }
        if l.runq.len() > 0 {
            return Some(None);
        }
        if !m.spinning.get() && shared.spin.take_need() {
            m.become_spinning();
            return Some(None);
        }
        if !p.runq.is_empty() {
            return Some(None);
        }
        m.release_p();
        shared.put_idle_p(&mut l, p);
    }
    let found = shared.spin.retire(m.spinning.replace(false), || {
        shared.window();
        work_left(shared, &snap)
    });
    if found {
        let mut l = shared.lock();
        match shared.take_idle_p(&mut l) {
            Some(p) => {
                drop(l);
                m.acquire(p);
                m.become_spinning();
                return Some(None);
            }
            None => shared.spin.set_need(),
        }
    }
    // One of the idle threads watches the clock.
    let mut woken = Vec::new();
    let watched = shared.alarm.watch(
        || shared.next_event(),
        |note, until| {
            let left = until - shared.nanotime();
            let limit = (until != FAR).then(|| Duration::from_nanos(left.max(0) as u64));
            if left <= 0 || shared.settings.det.is_some() && limit.is_some() {
                return;
            }
            if shared.net.is_open() {
                woken = shared.net.poll(shared, limit);
            } else if let Some(limit) = limit {
                note.sleep_for(limit);
            }
        },
    );
    if watched {
        if shared.ending.load(Ordering::Acquire) {
            return None;
        }
        let mut l = shared.lock();
        for g in &woken {
            shared.put_global(&mut l, *g);
        }
        if let Some(p) = shared.take_idle_p(&mut l) {
            drop(l);
            m.acquire(p);
            if woken.len() > 1 {
                shared.wake_any();
            }
            return Some(None);
        }
    }
    if m.stop() { Some(None) } else { None }
}

/// Whether any queue has something.
fn work_left(shared: &Shared, snap: &AllP<PRef>) -> bool {
    shared.queued.load(Ordering::SeqCst) > 0
        || snap.ps.iter().any(|p| !p.runq.is_empty())
        || shared.allp.changed_since(snap)
        || shared.timers.next() <= shared.nanotime()
}

impl Shared {
    /// Takes a share of the global queue (`most` 0: a fair one): the first to be run, the others into the queue of `p`.
    fn take_global(&self, p: PRef, most: usize) -> Option<GRef> {
        let mut l = self.lock();
        let fair = (l.runq.len() / self.procs() + 1).min(128);
        let n = if most == 0 { fair } else { most };
        let first = self.get_global(&mut l)?;
        for _ in 1..n {
            let Some(g) = self.get_global(&mut l) else { break };
            if let Err(batch) = p.runq.push(g) {
                for g in batch.iter() {
                    self.put_global(&mut l, g);
                }
                break;
            }
        }
        Some(first)
    }
}
