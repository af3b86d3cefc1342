//! Timers: each P has a 4-ary heap of deadlines on the monotonic clock ([`crate::sched::Sched::nanotime`]).
//!
//! Timers live in recycled entries whose names are good for one life ([`crate::sched::slots`]). Stopping removes
//! the entry; the heap drops the name when it surfaces. A timer that sends on a channel does so while its P's timers are locked, so that
//! whoever stops it finds the channel in its final state: no old tick comes after Stop or Reset.
//!
//! A timer is set on the P that its goroutine runs on, stays there, and is stopped from anywhere: its name says where it is. The holder of a
//! P fires what is due there whenever it looks for work. Before a thread steals or idles it looks at all Ps' timers, also those of Ps that
//! are idle or gone; and so does a busy one now and then.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::chan::{self, Tried};
use crate::cx::Cx;
use crate::gc::Visitor;
use crate::sched::MAX_PROCS;
use crate::sched::g::GRef;
use crate::sched::slots::{Name, Slots};

/// What happens when a timer fires.
#[derive(Clone, Copy)]
pub enum Action {
    /// Wakes a goroutine.
    Ready(GRef),
    /// Starts a goroutine at this func value (time.AfterFunc).
    Go(u64),
    /// Sends the time on a channel, if there is room: three words (seconds and nanoseconds of the wall clock, monotonic reading)
    /// and a last one that is given here.
    Send(u64, u64),
    /// Calls a runtime function with a word that the collector sees.
    Call(fn(&mut Cx, u64), u64),
}

/// Names a timer; 0 is none. Fits a Go `uint64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerRef(pub u64);

struct Entry {
    period: i64,
    action: Action,
}

/// The timers of one P.
struct Timers {
    heap: Mutex<Heap>,
    /// The next deadline, about; `i64::MAX`: none.
    next: AtomicI64,
}

impl Default for Timers {
    fn default() -> Timers {
        Timers { heap: Mutex::default(), next: AtomicI64::new(i64::MAX) }
    }
}

impl Timers {
    fn next(&self) -> i64 {
        self.next.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Heap> {
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_next(&self, h: &mut Heap) {
        self.next.store(h.next_when().unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

/// All timers of a process, by the number of the P they were set on.
pub(crate) struct AllTimers {
    of: Box<[OnceLock<Box<Timers>>]>,
    /// Ps beyond this number never had any.
    used: AtomicUsize,
}

impl Default for AllTimers {
    fn default() -> AllTimers {
        AllTimers { of: (0..MAX_PROCS).map(|_| OnceLock::new()).collect(), used: AtomicUsize::new(0) }
    }
}

impl AllTimers {
    fn each(&self) -> impl Iterator<Item = &Timers> {
        let used = self.used.load(Ordering::SeqCst);
        self.of[..used].iter().filter_map(|t| t.get()).map(|t| &**t)
    }

    /// When the next timer of all fires; `i64::MAX` if none is set.
    #[inline]
    pub fn next(&self) -> i64 {
        self.each().map(Timers::next).min().unwrap_or(i64::MAX)
    }

    /// The same for one P.
    #[inline]
    pub fn next_of(&self, p: usize) -> i64 {
        self.of[p].get().map_or(i64::MAX, |t| t.next())
    }

    /// Those of a P that sets one.
    fn own(&self, p: usize) -> &Timers {
        self.of[p].get_or_init(|| {
            self.used.fetch_max(p + 1, Ordering::SeqCst);
            Box::default()
        })
    }

    /// Forgets the timer that would wake a goroutine.
    pub fn cancel(&self, g: GRef) {
        for t in self.each() {
            let mut h = t.lock();
            h.entries.retain(|e| !matches!(e.action, Action::Ready(w) if w == g));
            t.note_next(&mut h);
        }
    }

    /// Shows what timers keep alive.
    pub fn trace(&self, v: &mut Visitor<'_>) {
        for t in self.each() {
            for e in t.lock().entries.iter() {
                match e.action {
                    Action::Ready(_) => {}
                    Action::Go(w) | Action::Call(_, w) => v.word(w),
                    Action::Send(ch, last) => v.words(&[ch, last]),
                }
            }
        }
    }

    /// The P a timer was set on, and its name there.
    fn find(&self, t: TimerRef) -> Option<(&Timers, Name)> {
        let p = (t.0 >> PLACE) as usize;
        Some((self.of[p].get()?, Name(t.0 & ((1 << PLACE) - 1))))
    }
}

/// Where the number of the P is in a [`TimerRef`].
const PLACE: u32 = 54;
const _: () = assert!(MAX_PROCS <= 1 << (64 - PLACE));

/// Sets a timer: first at `when`, then every `period` nanoseconds if that is positive.
pub fn start(cx: &mut Cx, when: i64, period: i64, action: Action) -> TimerRef {
    let shared = cx.sched.shared();
    let p = cx.sched.p().id;
    let timers = shared.timers.own(p);
    let (name, first) = {
        let mut h = timers.lock();
        let before = timers.next();
        let name = h.start(when, period, action);
        timers.note_next(&mut h);
        (name, timers.next() < before)
    };
    if name.0 >> PLACE != 0 {
        crate::fault::die("runtime: too many timers");
    }
    if first {
        shared.wake_poller_before(when);
    }
    TimerRef((p as u64) << PLACE | name.0)
}

/// Stops a timer; answers whether it was still going to fire. What it has sent already and nobody took is taken back.
pub fn stop(cx: &mut Cx, t: TimerRef) -> bool {
    let Some((timers, name)) = cx.sched.shared().timers.find(t) else { return false };
    let mut h = timers.lock();
    let stopped = h.stop(name);
    if stopped {
        timers.note_next(&mut h);
    }
    stopped
}

/// As [`stop`] for a timer that sends on `ch`: what it sent and nobody received is taken back, and counts as not fired.
pub fn stop_sending(cx: &mut Cx, t: TimerRef, ch: u64) -> bool {
    let Cx { sched, heap, .. } = cx;
    let Some((timers, name)) = sched.shared().timers.find(t) else { return chan::drain(heap, ch) };
    let mut h = timers.lock();
    let stopped = h.stop(name);
    if stopped {
        timers.note_next(&mut h);
    }
    chan::drain(heap, ch) | stopped
}

#[derive(Default)]
struct Heap {
    entries: Slots<Entry>,
    /// (when, order of insertion, entry)
    heap: Vec<(i64, u64, Name)>,
    order: u64,
}

impl Heap {
    fn start(&mut self, when: i64, period: i64, action: Action) -> Name {
        let name = self.entries.add(Entry { period, action });
        self.push(when, name);
        name
    }

    fn stop(&mut self, name: Name) -> bool {
        if self.entries.remove(name).is_none() {
            return false;
        }
        if self.heap.len() > 64 && self.heap.len() > 4 * self.entries.len() {
            self.compact();
        }
        true
    }

    fn next_when(&mut self) -> Option<i64> {
        while let Some(&(when, _, name)) = self.heap.first() {
            if self.entries.get(name).is_some() {
                return Some(when);
            }
            self.pop();
        }
        None
    }

    fn take_due(&mut self, now: i64) -> Option<Action> {
        if self.next_when()? > now {
            return None;
        }
        let (when, _, name) = self.pop()?;
        let &Entry { action, period } = self.entries.get(name)?;
        if period > 0 {
            // Like Go: missed ticks are dropped, the phase stays.
            self.push(when + period * (1 + (now - when) / period), name);
        } else {
            self.entries.remove(name);
        }
        Some(action)
    }

    fn push(&mut self, when: i64, name: Name) {
        self.order += 1;
        self.heap.push((when, self.order, name));
        let mut k = self.heap.len() - 1;
        while k > 0 {
            let p = (k - 1) / 4;
            if self.heap[p] <= self.heap[k] {
                break;
            }
            self.heap.swap(p, k);
            k = p;
        }
    }

    fn pop(&mut self) -> Option<(i64, u64, Name)> {
        if self.heap.is_empty() {
            return None;
        }
        let top = self.heap.swap_remove(0);
        self.sift_down(0);
        Some(top)
    }

    fn sift_down(&mut self, mut k: usize) {
        loop {
            let first = 4 * k + 1;
            let Some(m) = (first..(first + 4).min(self.heap.len())).min_by_key(|&c| self.heap[c]) else { return };
            if self.heap[k] <= self.heap[m] {
                return;
            }
            self.heap.swap(k, m);
            k = m;
        }
    }

    /// Throws stopped timers out of the heap.
    fn compact(&mut self) {
        let Heap { entries, heap, .. } = self;
        heap.retain(|h| entries.get(h.2).is_some());
        for k in (0..self.heap.len().div_ceil(4)).rev() {
            self.sift_down(k);
        }
    }
}

/// Fires what is due on this P; or, if `all`, on any.
pub(crate) fn run_due(cx: &mut Cx, all: bool) {
    let shared = cx.sched.shared().clone();
    let now = shared.begin_timers();
    if !all {
        return run_timers(cx, shared.timers.own(cx.sched.p().id), now);
    }
    for t in shared.timers.each().filter(|t| t.next() <= now) {
        run_timers(cx, t, now);
    }
}

fn run_timers(cx: &mut Cx, timers: &Timers, now: i64) {
    let mut due = Vec::new();
    let mut woken = Vec::new();
    {
        let mut h = timers.lock();
        while let Some(a) = h.take_due(now) {
            match a {
                Action::Send(ch, last) => woken.extend(send_time(cx, ch, last, now)),
                a => due.push(a),
            }
        }
        timers.note_next(&mut h);
    }
    for g in woken {
        cx.sched.ready_back(g);
    }
    for a in due {
        match a {
            Action::Ready(g) => cx.sched.ready_back(g),
            Action::Go(f) => {
                // The collector may know it from the timer alone; `spawn` tells it.
                crate::sched::spawn(cx, f, 0);
            }
            Action::Call(f, w) => {
                // It was held by the timer alone.
                cx.heap.shade(w);
                f(cx, w);
            }
            Action::Send(..) => {}
        }
    }
}

/// Seconds and nanoseconds since 1970.
pub fn wall(cx: &Cx) -> (i64, i64) {
    cx.sched.shared().wall()
}

/// Seconds from year 1 to 1970: times count from there.
const UNIX: i64 = 62_135_596_800;

fn send_time(cx: &mut Cx, ch: u64, last: u64, now: i64) -> Option<GRef> {
    let (sec, nsec) = wall(cx);
    // The last word was held by the timer alone.
    cx.heap.shade(last);
    let words = [(sec + UNIX) as u64, nsec as u64, now.max(1) as u64, last];
    if chan::elem(ch).size != size_of_val(&words) {
        return None;
    }
    chan::lock(ch);
    let tried = chan::send_locked(cx, ch, words.as_ptr() as *const u8);
    chan::unlock(ch);
    match tried {
        Tried::Done(_, g) => g,
        _ => None,
    }
}

/// time.Sleep for the running goroutine: sets the timer; the caller parks with `WaitReason::Sleep`. False: no need to.
pub fn sleep(cx: &mut Cx, nanos: i64) -> bool {
    if nanos <= 0 {
        return false;
    }
    let when = cx.sched.nanotime().saturating_add(nanos);
    let g = cx.sched.cur();
    start(cx, when, 0, Action::Ready(g));
    true
}
