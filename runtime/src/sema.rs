//! Semaphores and notify lists: what package sync sleeps on.
//!
//! A semaphore is a `uint32` in Go memory; goroutines that find it 0 wait in a table of buckets, by address, first come first served.
//! A goroutine that is woken has its unit. A notify list (sync.Cond) is two `uint32` counters in Go memory, `wait` and `notify`: a
//! ticket is drawn before the lock is dropped, so a signal in between is not lost.
//!
//! No wake-up is lost: who waits first counts itself as a waiter of the bucket, then looks at the semaphore again; who releases first
//! adds the unit, then looks at the count.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cx::Cx;
use crate::sched::g::GRef;

const BUCKETS: usize = 251;

/// Goroutines that wait at one address, linked through themselves.
struct Root {
    addr: u64,
    head: GRef,
    tail: GRef,
}

#[derive(Default)]
struct Bucket {
    waiting: AtomicUsize,
    roots: Mutex<Vec<Root>>,
}

/// Who waits where.
pub(crate) struct SemaTable {
    buckets: Box<[Bucket]>,
}

impl Default for SemaTable {
    fn default() -> SemaTable {
        SemaTable { buckets: (0..BUCKETS).map(|_| Bucket::default()).collect() }
    }
}

impl SemaTable {
    /// Forgets a waiting goroutine. No goroutine runs.
    pub(crate) fn cancel(&self, g: GRef) {
        for b in &self.buckets {
            let mut roots = b.lock();
            let Some(addr) = roots.iter().find(|r| chain(r.head).any(|w| w == g)).map(|r| r.addr) else { continue };
            let all: Vec<GRef> = std::iter::from_fn(|| pop(&mut roots, addr)).collect();
            for w in all.into_iter().filter(|w| *w != g) {
                put(&mut roots, addr, w, false);
            }
            // Waiters of notify lists are not counted.
            if b.waiting.load(Ordering::SeqCst) > roots.iter().map(|r| chain(r.head).count()).sum() {
                b.waiting.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }

    /// Where a goroutine waits. No goroutine runs.
    pub(crate) fn place(&self, g: GRef) -> Option<u64> {
        let at = |b: &Bucket| b.lock().iter().find(|r| chain(r.head).any(|w| w == g)).map(|r| r.addr);
        self.buckets.iter().find_map(at)
    }

    fn bucket(&self, addr: u64) -> &Bucket {
        &self.buckets[(addr >> 3) as usize % BUCKETS]
    }
}

impl Bucket {
    fn lock(&self) -> MutexGuard<'_, Vec<Root>> {
        self.roots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A goroutine and those behind it.
fn chain(head: GRef) -> impl Iterator<Item = GRef> {
    std::iter::successors(Some(head), |g| g.link.get())
}

fn put(roots: &mut Vec<Root>, addr: u64, g: GRef, first: bool) {
    g.link.set(None);
    match roots.iter_mut().find(|r| r.addr == addr) {
        Some(r) if first => {
            g.link.set(Some(r.head));
            r.head = g;
        }
        Some(r) => {
            r.tail.link.set(Some(g));
            r.tail = g;
        }
        None => roots.push(Root { addr, head: g, tail: g }),
    }
}

fn pop(roots: &mut Vec<Root>, addr: u64) -> Option<GRef> {
    let i = roots.iter().position(|r| r.addr == addr)?;
    let g = roots[i].head;
    match g.link.take() {
        Some(next) => roots[i].head = next,
        None => {
            roots.swap_remove(i);
        }
    }
    Some(g)
}

/// A word in Go memory that goroutines share.
#[inline]
pub(crate) fn word<'a>(addr: u64) -> &'a AtomicU32 {
    debug_assert!(addr != 0 && addr.is_multiple_of(4));
    // SAFETY: the address of an aligned uint32 in Go memory, handed over by package sync and kept alive by its caller.
    unsafe { AtomicU32::from_ptr(addr as *mut u32) }
}

/// Takes a unit if there is one.
#[inline]
fn take(w: &AtomicU32) -> bool {
    let mut v = w.load(Ordering::Acquire);
    while v > 0 {
        match w.compare_exchange_weak(v, v - 1, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return true,
            Err(now) => v = now,
        }
    }
    false
}

/// Takes a unit of the semaphore at `addr`. False: the goroutine is queued and must park; when it resumes it has the unit.
#[must_use]
pub fn acquire(cx: &mut Cx, addr: u64, lifo: bool) -> bool {
    let w = word(addr);
    if take(w) {
        return true;
    }
    let g = cx.sched.cur();
    let b = cx.sched.shared().semas.bucket(addr);
    let mut roots = b.lock();
    b.waiting.fetch_add(1, Ordering::SeqCst);
    if take(w) {
        b.waiting.fetch_sub(1, Ordering::SeqCst);
        return true;
    }
    put(&mut roots, addr, g, lifo);
    false
}

/// Gives a unit back; wakes the first waiter.
pub fn release(cx: &mut Cx, addr: u64) {
    if let Some(g) = release_to(cx, addr) {
        cx.sched.ready(g);
    }
}

/// As `release`; answers the goroutine to wake.
pub(crate) fn release_to(cx: &mut Cx, addr: u64) -> Option<GRef> {
    let w = word(addr);
    w.fetch_add(1, Ordering::SeqCst);
    let b = cx.sched.shared().semas.bucket(addr);
    if b.waiting.load(Ordering::SeqCst) == 0 {
        return None;
    }
    let mut roots = b.lock();
    if !roots.iter().any(|r| r.addr == addr) || !take(w) {
        // Nobody waits here, or somebody who did not have to wait was faster and will release in turn.
        return None;
    }
    let g = pop(&mut roots, addr);
    b.waiting.fetch_sub(1, Ordering::SeqCst);
    g
}

/// Draws a ticket of the notify list at `addr`.
pub fn notify_add(addr: u64) -> u32 {
    word(addr).fetch_add(1, Ordering::SeqCst)
}

fn less(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

/// Waits for the ticket to be called. False: queued, must park.
#[must_use]
pub fn notify_wait(cx: &mut Cx, addr: u64, ticket: u32) -> bool {
    let g = cx.sched.cur();
    let mut roots = cx.sched.shared().semas.bucket(addr).lock();
    if less(ticket, word(addr + 4).load(Ordering::SeqCst)) {
        return true;
    }
    g.scratch2.set(u64::from(ticket));
    put(&mut roots, addr, g, false);
    false
}

/// Calls the next ticket.
pub fn notify_one(cx: &mut Cx, addr: u64) {
    if word(addr).load(Ordering::SeqCst) == word(addr + 4).load(Ordering::SeqCst) {
        return;
    }
    let g = {
        let mut roots = cx.sched.shared().semas.bucket(addr).lock();
        let called = word(addr + 4).load(Ordering::SeqCst);
        if word(addr).load(Ordering::SeqCst) == called {
            return;
        }
        word(addr + 4).store(called.wrapping_add(1), Ordering::SeqCst);
        take_ticket(&mut roots, addr, called)
    };
    if let Some(g) = g {
        cx.sched.ready(g);
    }
}

/// Takes out the waiter with a certain ticket; it may not have come yet.
fn take_ticket(roots: &mut Vec<Root>, addr: u64, ticket: u32) -> Option<GRef> {
    let i = roots.iter().position(|r| r.addr == addr)?;
    let mut before: Option<GRef> = None;
    let mut at = Some(roots[i].head);
    while let Some(g) = at {
        let next = g.link.get();
        if g.scratch2.get() == u64::from(ticket) {
            match before {
                Some(b) => b.link.set(next),
                None => match next {
                    Some(n) => roots[i].head = n,
                    None => {
                        roots.swap_remove(i);
                        return Some(g);
                    }
                },
            }
            if next.is_none()
                && let Some(b) = before
            {
                roots[i].tail = b;
            }
            g.link.set(None);
            return Some(g);
        }
        (before, at) = (at, next);
    }
    None
}

/// Calls all tickets drawn so far.
pub fn notify_all(cx: &mut Cx, addr: u64) {
    let mut woken = Vec::new();
    {
        let mut roots = cx.sched.shared().semas.bucket(addr).lock();
        word(addr + 4).store(word(addr).load(Ordering::SeqCst), Ordering::SeqCst);
        while let Some(g) = pop(&mut roots, addr) {
            woken.push(g);
        }
    }
    for g in woken {
        cx.sched.ready(g);
    }
}
