//! Semaphores and notify lists: what package sync sleeps on.
//!
//! A semaphore is a `uint32` in Go memory; goroutines that find it 0 wait here, first come first served. A release hands its
//! unit to the first waiter directly. A notify list (sync.Cond) is two `uint32` counters in Go memory, `wait` and `notify`:
//! a ticket is drawn before the lock is dropped, so a signal in between is not lost.

use std::collections::{HashMap, VecDeque};

use crate::cx::Cx;
use crate::sched::g::GRef;

/// Who waits where, by address.
#[derive(Default)]
pub struct Semas {
    waiting: HashMap<u64, VecDeque<GRef>>,
    notify: HashMap<u64, VecDeque<(u32, GRef)>>,
}

impl Semas {
    /// Forgets a waiting goroutine.
    pub(crate) fn cancel(&mut self, g: GRef) {
        self.waiting.retain(|_, q| {
            q.retain(|&w| w != g);
            !q.is_empty()
        });
        self.notify.retain(|_, q| {
            q.retain(|&(_, w)| w != g);
            !q.is_empty()
        });
    }
}

fn word<'a>(addr: u64) -> &'a mut u32 {
    // SAFETY: the address of a uint32 in Go memory, handed over by package sync; one thread runs goroutines.
    unsafe { &mut *(addr as *mut u32) }
}

/// Takes a unit of the semaphore at `addr`. False: the goroutine is queued and must park; when it resumes it has the unit.
#[must_use]
pub fn acquire(cx: &mut Cx, addr: u64, lifo: bool) -> bool {
    let w = word(addr);
    if *w > 0 {
        *w -= 1;
        return true;
    }
    let g = cx.sched.cur();
    let q = cx.sched.semas.waiting.entry(addr).or_default();
    if lifo {
        q.push_front(g);
    } else {
        q.push_back(g);
    }
    false
}

/// Gives a unit back; wakes the first waiter.
pub fn release(cx: &mut Cx, addr: u64) {
    if let Some(q) = cx.sched.semas.waiting.get_mut(&addr) {
        let g = q.pop_front();
        if q.is_empty() {
            cx.sched.semas.waiting.remove(&addr);
        }
        if let Some(g) = g {
            cx.sched.ready(g);
            return;
        }
    }
    *word(addr) += 1;
}

/// Draws a ticket of the notify list at `addr`.
pub fn notify_add(addr: u64) -> u32 {
    let w = word(addr);
    let t = *w;
    *w = w.wrapping_add(1);
    t
}

/// Waits for the ticket to be called. False: queued, must park.
#[must_use]
pub fn notify_wait(cx: &mut Cx, addr: u64, ticket: u32) -> bool {
    let called = *word(addr + 4);
    if (ticket.wrapping_sub(called) as i32) < 0 {
        return true;
    }
    let g = cx.sched.cur();
    cx.sched.semas.notify.entry(addr).or_default().push_back((ticket, g));
    false
}

/// Calls the next ticket.
pub fn notify_one(cx: &mut Cx, addr: u64) {
    let (wait, called) = (*word(addr), *word(addr + 4));
    if wait == called {
        return;
    }
    *word(addr + 4) = called.wrapping_add(1);
    let Some(q) = cx.sched.semas.notify.get_mut(&addr) else { return };
    let g = q.iter().position(|e| e.0 == called).and_then(|i| q.remove(i));
    if q.is_empty() {
        cx.sched.semas.notify.remove(&addr);
    }
    if let Some((_, g)) = g {
        cx.sched.ready(g);
    }
}

/// Calls all tickets drawn so far.
pub fn notify_all(cx: &mut Cx, addr: u64) {
    *word(addr + 4) = *word(addr);
    for (_, g) in cx.sched.semas.notify.remove(&addr).unwrap_or_default() {
        cx.sched.ready(g);
    }
}
