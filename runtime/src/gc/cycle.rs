//! The turns of a cycle: when it begins, who marks, how it ends.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::mark::Marker;
use super::{roots, special, stats, verify, world};
use crate::cx::{Cx, POLL_GC, POLL_STOP};
use crate::heap::Heap;
use crate::heap::central::lock;
use crate::sched::g::GRef;

/// Bytes scanned between two looks at the clock and the poll word.
const PIECE: usize = 32 << 10;
/// The same for slices of marking between goroutines' turns: these shall not be much longer than they are meant to be.
const SMALL_PIECE: usize = 8 << 10;
/// How long marking may keep a processor while goroutines wait for it.
const SLICE: Duration = Duration::from_micros(50);
/// Batches of spans swept in one go by an idle processor.
const SWEEPS: usize = 4;
/// Pages given back in one go.
const SCAVENGE: usize = 64;
/// Longest time between two cycles.
const OVERDUE: Duration = Duration::from_secs(120);
/// Rounds in which the end of marking asks whether anybody has something left.
const ROUNDS: usize = 4;
/// Bytes that may be left to scan while the world is stopped.
const TAIL: usize = 4 << 10;

/// runtime.GC asks for a full collection; it happens when the calling goroutine has returned to the scheduler.
pub fn force(cx: &mut Cx) {
    cx.heap.shared.gc.forced.store(true, Ordering::Relaxed);
    cx.heap.request_gc();
}

/// runtime.GC: true once a mark phase that began after the first call is over. False: the goroutine is queued and must park, then
/// call again.
pub fn wait_for_cycle(cx: &mut Cx) -> bool {
    let g = cx.sched.cur();
    let gc = &cx.heap.shared.gc;
    let mut target = g.scratch.get() as u32;
    let first = target == 0;
    if first {
        // One that is under way may have begun too early.
        target = gc.cycles() + 1 + u32::from(gc.is_marking());
    } else if gc.cycles().wrapping_sub(target) as i32 >= 0 {
        g.scratch.set(0);
        return true;
    }
    lock(&gc.waiters).push((target, g));
    g.scratch.set(u64::from(target));
    if first {
        force(cx);
    }
    false
}

/// Sweeps for a while; true when nothing is left.
pub fn sweep_some(cx: &mut Cx) -> bool {
    for _ in 0..8 * SWEEPS {
        if !cx.heap.shared.sweep_batch() {
            return cx.heap.shared.is_swept();
        }
    }
    false
}

/// Begins a cycle if one is due, or helps the one under way. For the scheduler, when it finds the poll bit set.
pub fn collect_if_due(cx: &mut Cx) {
    let gc = &cx.heap.shared.gc;
    if gc.emergency.swap(false, Ordering::Relaxed) {
        collect(cx);
        cx.heap.shared.gc.rescued.store(true, Ordering::Relaxed);
        return;
    }
    let stress = gc.stress() != 0;
    if gc.is_marking() {
        cx.heap.l.owes = false;
        if stress && gc.pending.swap(false, Ordering::Relaxed) {
            return finish_now(cx);
        }
        // Far beyond the goal nobody allocates until the cycle is over.
        while cx.heap.shared.gc.is_over_goal() && cx.heap.shared.gc.is_marking() && !cx.should_yield() {
            if !mark(cx, Some(SLICE)) {
                std::thread::yield_now();
            }
        }
        mark(cx, Some(SLICE));
        return;
    }
    let asked = gc.pending.swap(false, Ordering::Relaxed);
    if !gc.forced.load(Ordering::Relaxed) && (!asked || !gc.enabled()) {
        return;
    }
    if gc.knobs.stw.load(Ordering::Relaxed) {
        collect(cx);
    } else {
        start(cx);
    }
}

/// One full cycle with the world stopped. No goroutine may be running on this processor.
pub fn collect(cx: &mut Cx) {
    if cx.heap.shared.gc.is_marking() {
        finish_now(cx);
    }
    start(cx);
    finish_now(cx);
    cx.heap.shared.finish_sweep();
}

/// Begins a cycle.
pub(super) fn start(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    let gc = &shared.gc;
    let Ok(_turn) = gc.turning.try_lock() else { return };
    if gc.is_marking() {
        return;
    }
    let sweep_start = Instant::now();
    shared.finish_sweep();
    let t0 = Instant::now();
    let w = world::stop(cx);
    let epoch = gc.epoch.load(Ordering::Relaxed).wrapping_add(1).max(1);
    gc.epoch.store(epoch, Ordering::Relaxed);
    let mut live = 0;
    for l in lock(&shared.locals).iter() {
        // SAFETY: the world is stopped.
        let l = unsafe { &mut *l.0 };
        l.black = 0;
        l.debt = 0;
        l.owes = false;
        l.barrier = 1;
        l.blacken_cache();
        live += std::mem::take(&mut l.live);
    }
    let live = gc.add_live(live);
    let jobs = roots::jobs(cx);
    gc.work.begin(jobs.len());
    *lock(&gc.jobs) = jobs;
    let forced = gc.forced.swap(false, Ordering::Relaxed);
    gc.pace_mark(live);
    gc.marking.store(true, Ordering::Release);
    lock(&gc.stats).began(forced, live, sweep_start, t0, t0.elapsed());
    w.start(cx);
    cx.sched.wake_another();
}

/// The scan gate: before a goroutine goes on while marking is under way, its frames are scanned if they were not yet.
#[inline]
pub fn gate(cx: &mut Cx, g: GRef) {
    if cx.heap.barrier() {
        let m: *mut Marker = &mut *cx.heap.l.marker;
        // SAFETY: this processor's marker, which nothing below uses through the heap.
        roots::scan_owned(cx, g, unsafe { &mut *m });
    }
}

/// Lets the collector have its share of this processor. For the scheduler, between two time slices while marking is under way.
#[inline]
pub fn work(cx: &mut Cx) {
    if cx.heap.barrier() {
        fraction(cx);
    } else if cx.heap.shared.gc.tidy.load(Ordering::Relaxed) {
        tidy(cx);
    }
    cx.heap.l.looks = cx.heap.l.looks.wrapping_add(1);
    if cx.heap.l.looks.is_multiple_of(512) && overdue(cx) {
        start(cx);
    }
}

/// Whether the last cycle began so long ago that another one should, however little was allocated.
#[cold]
fn overdue(cx: &Cx) -> bool {
    let gc = &cx.heap.shared.gc;
    !gc.is_marking() && gc.percent.load(Ordering::Relaxed) >= 0 && lock(&gc.stats).idle_for() >= OVERDUE
}

/// Gives back a little of what the last cycle freed, until there is nothing left to give.
#[cold]
fn tidy(cx: &mut Cx) {
    if cx.heap.shared.is_swept() && !cx.heap.scavenge_step(SCAVENGE) {
        cx.heap.shared.gc.tidy.store(false, Ordering::Relaxed);
    }
}

/// A slice of marking if the collector has had less than its share.
#[cold]
fn fraction(cx: &mut Cx) {
    if cx.heap.shared.gc.wants_time(world::procs(cx)) {
        mark(cx, Some(SLICE));
    }
}

/// Whether `idle_work` might find something.
#[inline]
pub(crate) fn has_idle_work(cx: &Cx) -> bool {
    let gc = &cx.heap.shared.gc;
    cx.heap.barrier()
        || !cx.heap.shared.is_swept()
        || gc.tidy.load(Ordering::Relaxed)
        || gc.pending.load(Ordering::Relaxed)
}

/// Whether there is enough of it for another processor.
#[inline]
pub(crate) fn has_work_for_many(cx: &Cx) -> bool {
    cx.heap.barrier() && !cx.heap.shared.gc.work.progress.is_empty()
}

/// Something useful for a processor with nothing to run: marking, sweeping, giving memory back. False if there is nothing.
pub fn idle_work(cx: &mut Cx) -> bool {
    if cx.heap.barrier() {
        return mark(cx, None);
    }
    if cx.heap.shared.gc.pending.load(Ordering::Relaxed) {
        // Asked for when the poll word had been looked at already.
        collect_if_due(cx);
        return true;
    }
    let shared = &cx.heap.shared;
    let mut any = false;
    for _ in 0..SWEEPS {
        if !shared.sweep_batch() {
            break;
        }
        any = true;
    }
    any || cx.heap.scavenge_step(SCAVENGE)
}

/// Marks until there is nothing left, the poll word is set, or the time is over; then perhaps ends the cycle. Answers whether
/// anything was done.
fn mark(cx: &mut Cx, slice: Option<Duration>) -> bool {
    let shared = cx.heap.shared.clone();
    let work = &shared.gc.work;
    let begun = Instant::now();
    let piece = if slice.is_some() { SMALL_PIECE } else { PIECE };
    let multi = world::procs(cx) > 1;
    work.progress.enter();
    cx.heap.flush_barrier();
    let m: *mut Marker = &mut *cx.heap.l.marker;
    let (mut any, mut over) = (false, false);
    loop {
        // SAFETY: this processor's marker; what is called here does not reach it through the heap.
        let m = unsafe { &mut *m };
        if !roots::run_next(cx, m) {
            m.flush();
            if m.is_idle() && !work.take(m) {
                over = true;
                break;
            }
            m.drain(piece, work);
        }
        any = true;
        if multi {
            if work.progress.is_hungry() {
                work.share(m);
            }
            shared.gc.enlist();
        }
        if cx.should_yield() || slice.map_or_else(|| cx.sched.work_waits(), |s| begun.elapsed() >= s) {
            break;
        }
    }
    // SAFETY: as above.
    let m = unsafe { &mut *m };
    m.flush();
    let scanned = work.count(m);
    work.credit.fetch_add(scanned as i64, Ordering::Relaxed);
    shared.gc.pace_assists();
    stats::add_mark_time(&shared.gc, begun.elapsed(), slice.is_none());
    let last = work.progress.leave();
    if over && last && m.is_idle() && work.progress.is_done() {
        try_end(cx);
        any = true;
    }
    any
}

/// Pays for what was allocated by marking.
#[cold]
pub fn assist(heap: &mut Heap) {
    let shared = heap.shared.clone();
    let (gc, l) = (&shared.gc, &mut *heap.l);
    if gc.is_over_goal() && !l.owes {
        l.owes = true;
        heap.poll.fetch_or(POLL_GC, Ordering::Relaxed);
    }
    let mut need = gc.scan_debt(std::mem::take(&mut l.debt));
    let credit = gc.work.credit.load(Ordering::Relaxed);
    if credit > 0 {
        let took = credit.min(need);
        gc.work.credit.fetch_sub(took, Ordering::Relaxed);
        need -= took;
    }
    if need <= 0 {
        return;
    }
    let begun = Instant::now();
    gc.work.progress.enter();
    let m = &mut *l.marker;
    let from = m.scanned;
    let mut stopped = false;
    while ((m.scanned - from) as i64) < need && !stopped {
        if m.is_idle() && !gc.work.take(m) {
            break;
        }
        m.drain((need as usize).min(SMALL_PIECE), &gc.work);
        stopped = heap.poll.load(Ordering::Relaxed) & POLL_STOP != 0;
    }
    let paid = (m.scanned - from) as i64;
    if stopped && paid < need {
        // Somebody waits for this processor; the rest is paid later.
        l.debt = gc.allocated_for(need - paid);
    }
    gc.work.count(m);
    let _ = gc.work.progress.leave();
    gc.enlist();
    gc.pace_assists();
    stats::add_assist_time(gc, begun.elapsed());
    if paid < need && !stopped && !l.owes {
        // Roots are left, or nothing at all: either is for the scheduler to see to.
        l.owes = true;
        heap.poll.fetch_or(POLL_GC, Ordering::Relaxed);
    }
}

/// Empties this processor's buffers into the shared lists.
pub(super) fn hand_over(cx: &mut Cx) {
    if cx.heap.barrier() {
        cx.heap.flush_barrier();
        let gc = &cx.heap.shared.gc;
        if !cx.heap.l.marker.is_idle() {
            gc.found.store(true, Ordering::Relaxed);
        }
        gc.work.give_all(&mut cx.heap.l.marker);
    }
}

/// Asks every processor to hand over what it has; true if nobody had anything. Go's gcMarkDone repeats such rounds, too.
fn is_clean(cx: &mut Cx) -> bool {
    cx.heap.shared.gc.found.store(false, Ordering::Relaxed);
    world::for_each_p(cx, hand_over);
    let gc = &cx.heap.shared.gc;
    !gc.found.load(Ordering::Relaxed) && gc.work.progress.active() == 0 && gc.work.progress.is_done()
}

/// Ends the cycle if there is really nothing left to mark.
fn try_end(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    let gc = &shared.gc;
    let Ok(turn) = gc.turning.try_lock() else { return };
    if !gc.is_marking() {
        return;
    }
    let mut rounds = 0;
    // A stop that finds something must be repeated, and its time counts. Who holds what the rounds found comes here when it is marked.
    while !is_clean(cx) {
        rounds += 1;
        if rounds == ROUNDS || !gc.work.progress.is_done() {
            return;
        }
    }
    let t0 = Instant::now();
    let w = world::stop(cx);
    gather(cx);
    roots::scan_late(cx);
    // What that found is in this processor's marker alone.
    drain_all(cx, TAIL);
    let done = gc.work.progress.is_done();
    if done {
        end(cx);
    }
    w.start(cx);
    lock(&gc.stats).stopped(t0.elapsed());
    drop(turn);
    if done {
        after(cx);
    }
}

/// Marks what is left with the world stopped, and ends the cycle.
pub(super) fn finish_now(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    let gc = &shared.gc;
    let turn = loop {
        match gc.turning.try_lock() {
            Ok(t) => break t,
            // Whoever is at it may need this processor to stop.
            Err(_) => crate::sched::stop_if_asked(cx),
        }
    };
    if !gc.is_marking() {
        return;
    }
    let t0 = Instant::now();
    let w = world::stop(cx);
    gather(cx);
    drain_all(cx, usize::MAX);
    roots::scan_late(cx);
    drain_all(cx, usize::MAX);
    end(cx);
    w.start(cx);
    lock(&gc.stats).stopped(t0.elapsed());
    drop(turn);
    after(cx);
}

/// Takes over what all processors' buffers hold. The world is stopped.
fn gather(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    for l in lock(&shared.locals).iter() {
        // SAFETY: the world is stopped.
        let l = unsafe { &mut *l.0 };
        l.wb.drain(|w| l.marker.reach(w));
        l.marker.flush();
        shared.gc.work.give_all(&mut l.marker);
    }
}

/// Marks here and now, about `budget` bytes; what is left goes back to the lists.
pub(super) fn drain_all(cx: &mut Cx, budget: usize) {
    let shared = cx.heap.shared.clone();
    let work = &shared.gc.work;
    let m: *mut Marker = &mut *cx.heap.l.marker;
    let mut left = budget;
    loop {
        // SAFETY: as in `mark`.
        let m = unsafe { &mut *m };
        roots::run_next(cx, m);
        m.flush();
        if m.is_idle() && !work.take(m) && work.progress.is_empty() {
            break;
        }
        let from = m.scanned;
        m.drain(left.min(1 << 20), work);
        left = left.saturating_sub(m.scanned - from);
        if left == 0 {
            break;
        }
    }
    // SAFETY: as above.
    let m = unsafe { &mut *m };
    m.flush();
    work.give_all(m);
}

/// The end of marking. The world is stopped and nothing is grey.
fn end(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    let gc = &shared.gc;
    if gc.knobs.checkmark.load(Ordering::Relaxed) {
        verify::checkmark(cx);
    }
    let mut survived = gc.work.marked.load(Ordering::Relaxed);
    let mut told = 0;
    for l in lock(&shared.locals).iter() {
        // SAFETY: the world is stopped.
        let l = unsafe { &mut *l.0 };
        l.barrier = 0;
        l.debt = 0;
        l.owes = false;
        l.flush_cache(&shared);
        survived += std::mem::take(&mut l.black);
        told += std::mem::take(&mut l.live);
    }
    gc.add_live(told);
    survived += special::process(&shared);
    if cfg!(debug_assertions) {
        verify::bits(&shared);
    }
    gc.marking.store(false, Ordering::Release);
    shared.all_unswept();
    let before = gc.live();
    gc.live.store(survived, Ordering::Relaxed);
    let during = before.saturating_sub(gc.started.load(Ordering::Relaxed));
    gc.pace_next(survived, lock(&gc.stats).seen(during, gc, world::procs(cx)));
    gc.tidy.store(true, Ordering::Relaxed);
    gc.cycles.fetch_add(1, Ordering::AcqRel);
    lock(&gc.stats).ended(before, survived, gc.goal.load(Ordering::Relaxed));
}

/// What is done once the world goes on after a cycle.
fn after(cx: &mut Cx) {
    let shared = cx.heap.shared.clone();
    let gc = &shared.gc;
    if let Some(g) = special::waiter(&shared) {
        cx.sched.ready(g);
    }
    let now = gc.cycles();
    let mut woken = Vec::new();
    let more = {
        let mut ws = lock(&gc.waiters);
        ws.retain(|&(target, g)| {
            let due = now.wrapping_sub(target) as i32 >= 0;
            if due {
                woken.push(g);
            }
            !due
        });
        !ws.is_empty()
    };
    for g in woken {
        cx.sched.ready(g);
    }
    if more {
        force(cx);
    }
    if gc.cycles() == 1 {
        // The program is under way.
        crate::process::forget_files();
    }
    stats::trace(cx);
}
