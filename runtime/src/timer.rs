//! Timers: a 4-ary heap of deadlines on the monotonic clock ([`crate::sched::Sched::nanotime`]).
//!
//! Timers live in recycled entries named by [`TimerRef`] (index and sequence number, so a stale name is harmless). Stopping marks
//! the entry; the heap drops it when it surfaces.

use crate::cx::Cx;
use crate::sched::g::GRef;

/// What happens when a timer fires.
#[derive(Clone, Copy)]
pub enum Action {
    /// Wakes a goroutine.
    Ready(GRef),
    /// Starts a goroutine at this func value (time.AfterFunc).
    Go(u64),
    /// Calls a runtime function with a word that the collector sees (a channel to send the time on).
    Call(fn(&mut Cx, u64), u64),
}

/// Names a timer; 0 is none. Fits a Go `uint64`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerRef(pub u64);

struct Entry {
    seq: u32,
    active: bool,
    when: i64,
    period: i64,
    action: Action,
}

/// All timers.
#[derive(Default)]
pub struct Timers {
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// (when, order of insertion, entry, its seq)
    heap: Vec<(i64, u64, u32, u32)>,
    order: u64,
    active: usize,
}

impl Timers {
    /// No timer is set.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Sets a timer: first at `when`, then every `period` nanoseconds if that is positive.
    pub fn start(&mut self, when: i64, period: i64, action: Action) -> TimerRef {
        let i = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry { seq: 0, active: false, when: 0, period: 0, action: Action::Go(0) });
            self.entries.len() as u32 - 1
        });
        let e = &mut self.entries[i as usize];
        e.seq = e.seq.wrapping_add(1);
        (e.active, e.when, e.period, e.action) = (true, when, period, action);
        let seq = e.seq;
        self.active += 1;
        self.push(when, i, seq);
        TimerRef((i as u64 + 1) << 32 | seq as u64)
    }

    /// Stops a timer; answers whether it was still going to fire.
    pub fn stop(&mut self, t: TimerRef) -> bool {
        let Some(i) = self.find(t) else { return false };
        self.entries[i].active = false;
        self.active -= 1;
        self.free.push(i as u32);
        if self.heap.len() > 64 && self.heap.len() > 4 * self.active {
            self.compact();
        }
        true
    }

    /// Forgets the timer that would wake a goroutine.
    pub(crate) fn cancel(&mut self, g: GRef) {
        for (i, e) in self.entries.iter_mut().enumerate() {
            if e.active && matches!(e.action, Action::Ready(w) if w == g) {
                e.active = false;
                self.active -= 1;
                self.free.push(i as u32);
            }
        }
    }

    fn find(&self, t: TimerRef) -> Option<usize> {
        let i = ((t.0 >> 32) as usize).checked_sub(1)?;
        let e = self.entries.get(i)?;
        (e.active && e.seq == t.0 as u32).then_some(i)
    }

    /// The next deadline.
    pub fn next_when(&mut self) -> Option<i64> {
        while let Some(&(when, _, i, seq)) = self.heap.first() {
            let e = &self.entries[i as usize];
            if e.active && e.seq == seq {
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
        let (when, _, i, seq) = self.pop()?;
        let e = &mut self.entries[i as usize];
        let action = e.action;
        if e.period > 0 {
            // Like Go: missed ticks are dropped, the phase stays.
            let next = when + e.period * (1 + (now - when) / e.period);
            e.when = next;
            self.push(next, i, seq);
        } else {
            e.active = false;
            self.active -= 1;
            self.free.push(i);
        }
        Some(action)
    }

    fn push(&mut self, when: i64, i: u32, seq: u32) {
        self.order += 1;
        self.heap.push((when, self.order, i, seq));
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

    fn pop(&mut self) -> Option<(i64, u64, u32, u32)> {
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
        let Timers { entries, heap, .. } = self;
        heap.retain(|h| entries[h.2 as usize].active && entries[h.2 as usize].seq == h.3);
        for k in (0..self.heap.len().div_ceil(4)).rev() {
            self.sift_down(k);
        }
    }

    pub(crate) fn roots(&self) -> impl Iterator<Item = u64> + '_ {
        self.entries.iter().filter(|e| e.active).map(|e| match e.action {
            Action::Ready(_) => 0,
            Action::Go(w) | Action::Call(_, w) => w,
        })
    }
}

/// Fires what is due.
pub(crate) fn run_due(cx: &mut Cx) {
    let now = cx.sched.nanotime();
    let mut due = Vec::new();
    while let Some(a) = cx.sched.timers.take_due(now) {
        due.push(a);
    }
    for a in due {
        match a {
            Action::Ready(g) => cx.sched.ready_back(g),
            Action::Go(f) => {
                crate::sched::spawn(cx, f);
            }
            Action::Call(f, w) => {
                // It was held by the timer alone.
                cx.heap.shade(w);
                f(cx, w);
            }
        }
    }
}

/// time.Sleep for the running goroutine: sets the timer; the caller parks with `WaitReason::Sleep`. False: no need to.
pub fn sleep(cx: &mut Cx, nanos: i64) -> bool {
    if nanos <= 0 {
        return false;
    }
    let when = cx.sched.nanotime().saturating_add(nanos);
    let g = cx.sched.cur();
    cx.sched.timers.start(when, 0, Action::Ready(g));
    true
}
