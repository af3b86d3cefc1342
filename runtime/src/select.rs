//! Select, and the waiting entries it shares with plain channel operations.
//!
//! A [`Sudog`] is one goroutine waiting on one channel; a select queues one per case, all channels being locked, in the order of
//! their addresses. Whoever takes a select's sudog out of a queue must win `select_done` to complete it, so a waiting goroutine is
//! completed at most once; the goroutine takes the others out when it resumes. Sudogs are recycled, never freed.

use crate::chan::{self, Tried};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::fiber::WaitReason;
use crate::object::types::TypeRef;
use crate::sched::g::GRef;
use std::sync::atomic::{AtomicPtr, Ordering};

const NONE: *mut Sudog = std::ptr::null_mut();

/// A queue of sudogs, in a channel; it belongs to the holder of the channel's lock.
#[repr(C)]
pub struct Queue {
    first: AtomicPtr<Sudog>,
    last: *mut Sudog,
}

impl Queue {
    /// Nobody waits.
    pub const fn empty() -> Queue {
        Queue { first: AtomicPtr::new(NONE), last: NONE }
    }

    /// A look without the lock.
    #[inline]
    pub(crate) fn seems_empty(&self) -> bool {
        self.first.load(Ordering::Acquire).is_null()
    }

    #[inline]
    fn first(&self) -> *mut Sudog {
        self.first.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn enqueue(&mut self, s: *mut Sudog) {
        // SAFETY: sudogs are never freed, and those in a queue belong to its owner.
        unsafe {
            (*s).prev = self.last;
            (*s).next = NONE;
            (*s).queued = true;
            match self.last.as_mut() {
                Some(l) => l.next = s,
                None => self.first.store(s, Ordering::Release),
            }
        }
        self.last = s;
    }

    /// The first that can be completed; selects that somebody else completed are dropped on the way.
    #[inline]
    pub(crate) fn dequeue(&mut self) -> Option<&'static mut Sudog> {
        loop {
            // SAFETY: as in `enqueue`.
            let s = unsafe { self.first().as_mut() }?;
            self.unlink(s);
            if s.is_select && !s.g().select_done.win() {
                continue;
            }
            return Some(s);
        }
    }

    fn unlink(&mut self, s: &mut Sudog) {
        let (next, prev) = (s.next, s.prev);
        // SAFETY: as in `enqueue`.
        unsafe {
            match next.as_mut() {
                Some(n) => n.prev = prev,
                None => self.last = prev,
            }
            match prev.as_mut() {
                Some(p) => p.next = next,
                None => self.first.store(next, Ordering::Release),
            }
        }
        (s.next, s.prev, s.queued) = (NONE, NONE, false);
    }
}

/// One goroutine waiting on one channel.
pub struct Sudog {
    g: Option<GRef>,
    next: *mut Sudog,
    prev: *mut Sudog,
    /// Next sudog of the same goroutine.
    pub(crate) link: *mut Sudog,
    case: u32,
    is_send: bool,
    is_select: bool,
    queued: bool,
    /// How the operation was completed: with a value; false: the channel was closed.
    pub(crate) success: bool,
    pub(crate) ch: u64,
    /// The value, if it is small: to be sent, or received.
    pub(crate) cell: [u64; 4],
    /// The value, if it is large: a heap copy.
    pub(crate) big: u64,
}

impl Sudog {
    pub(crate) fn blank() -> Sudog {
        Sudog {
            g: None,
            next: NONE,
            prev: NONE,
            link: NONE,
            case: 0,
            is_send: false,
            is_select: false,
            queued: false,
            success: false,
            ch: 0,
            cell: [0; 4],
            big: 0,
        }
    }

    #[inline]
    pub(crate) fn begin(&mut self, g: GRef, ch: u64, is_send: bool, case: u32, is_select: bool) {
        self.g = Some(g);
        self.ch = ch;
        (self.is_send, self.case, self.is_select, self.success) = (is_send, case, is_select, false);
    }

    fn g(&self) -> GRef {
        self.g.expect("a queued sudog has its goroutine")
    }

    /// Where the value is.
    #[inline]
    pub(crate) fn value(&self, t: TypeRef) -> *const u8 {
        if t.size <= chan::CELL { self.cell.as_ptr() as *const u8 } else { self.big as *const u8 }
    }

    /// The operation is done: answers the goroutine, to be readied once the channel is unlocked.
    #[inline]
    pub(crate) fn complete(&mut self, success: bool) -> GRef {
        self.success = success;
        let g = self.g();
        g.param.set(self);
        g
    }
}

/// Frees the sudogs of the running goroutine; those still in a queue are taken out.
pub(crate) fn release_all(cx: &mut Cx, g: GRef) {
    let mut s = g.waiting.replace(NONE);
    while !s.is_null() {
        // SAFETY: the goroutine's own sudogs. While one is in a queue it belongs to the channel's lock.
        let d = unsafe { &mut *s };
        if d.is_select {
            chan::lock(d.ch);
            if d.queued {
                chan::queue(d.ch, d.is_send).unlink(d);
            }
            chan::unlock(d.ch);
        }
        let next = d.link;
        (d.cell, d.big, d.ch, d.g, d.link) = ([0; 4], 0, 0, None, NONE);
        cx.sched.free_sudog(s);
        s = next;
    }
}

/// The channels that a goroutine waits on, each with whether it is to send. No goroutine runs.
pub(crate) fn waits(g: GRef) -> Vec<(u64, bool)> {
    let mut found = Vec::new();
    let mut s = g.waiting.get();
    // SAFETY: the goroutine's own sudogs.
    while let Some(d) = unsafe { s.as_ref() } {
        found.push((d.ch, d.is_send));
        s = d.link;
    }
    found
}

/// Takes a goroutine that waits out of the queues of all channels. No goroutine runs.
pub(crate) fn cancel(cx: &mut Cx, g: GRef) {
    let mut s = g.waiting.get();
    // SAFETY: the goroutine's own sudogs.
    while let Some(d) = unsafe { s.as_mut() } {
        if d.queued {
            chan::queue(d.ch, d.is_send).unlink(d);
        }
        s = d.link;
    }
    release_all(cx, g);
    g.param.set(NONE);
}

/// One case of a select.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The channel, 0 for nil.
    pub ch: u64,
    /// Send: the element image. Receive: where it goes (or null).
    pub elem: *mut u8,
    /// A send.
    pub is_send: bool,
}

/// How a select went.
#[derive(Debug)]
pub enum Selected {
    /// Case `i` was done; for a receive `ok` as in `v, ok := <-ch`.
    Ready(usize, bool),
    /// No case was ready and there is a default.
    Default,
    /// The goroutine is queued on every case and must park; call [`finish_select`] when it resumes.
    Park(WaitReason),
    /// Panics (send on closed channel).
    Fault(Fault),
}

/// Case numbers in two orders: shuffled, and by address of the channel.
struct Orders {
    few: [[u16; 16]; 2],
    many: [Vec<u16>; 2],
    n: usize,
}

impl Orders {
    fn new(n: usize) -> Orders {
        let room = || if n > 16 { vec![0; n] } else { Vec::new() };
        Orders { few: [[0; 16]; 2], many: [room(), room()], n }
    }
    #[inline]
    fn get(&mut self, which: usize) -> &mut [u16] {
        if self.n > 16 { &mut self.many[which] } else { &mut self.few[which][..self.n] }
    }
}

/// `select { … }` over `cases`, in random order.
///
/// # Safety
/// The cases' channels and element addresses are valid as for `send` and `recv`.
pub unsafe fn select(cx: &mut Cx, cases: &[Case], has_default: bool) -> Selected {
    // One case and a default is a plain attempt.
    if let ([c], true) = (cases, has_default) {
        // SAFETY: the caller's promise.
        return unsafe { attempt(cx, c) };
    }
    let mut orders = Orders::new(cases.len());
    let mut n = 0;
    let shuffled = orders.get(0);
    for (i, c) in cases.iter().enumerate() {
        if c.ch == 0 {
            continue;
        }
        let j = if n == 0 { 0 } else { cx.rng.below(n as u32 + 1) as usize };
        shuffled[n] = shuffled[j];
        shuffled[j] = i as u16;
        n += 1;
    }
    let mut few = [0u16; 16];
    let many;
    let poll: &[u16] = if cases.len() > 16 {
        many = shuffled[..n].to_vec();
        &many
    } else {
        few[..n].copy_from_slice(&shuffled[..n]);
        &few[..n]
    };
    let locks = &mut orders.get(1)[..n];
    locks.copy_from_slice(poll);
    sort_by_address(locks, cases);
    each_channel(locks, cases, chan::lock);
    let mut outcome = None;
    for &i in poll {
        let c = &cases[i as usize];
        let tried = if c.is_send { chan::send_locked(cx, c.ch, c.elem) } else { chan::recv_locked(cx, c.ch, c.elem) };
        match tried {
            Tried::Wait => {}
            Tried::Closed => {
                outcome = Some((Selected::Fault(Fault::send_closed()), None));
                break;
            }
            Tried::Done(ok, woken) => {
                outcome = Some((Selected::Ready(i as usize, ok && !c.is_send), woken));
                break;
            }
        }
    }
    if outcome.is_none() && has_default {
        outcome = Some((Selected::Default, None));
    }
    if outcome.is_none() {
        cx.sched.cur().select_done.reset();
        for &i in locks.iter() {
            let c = &cases[i as usize];
            chan::enqueue(cx, c.ch, c.is_send, c.elem, i as usize, true);
        }
    }
    each_channel(locks, cases, chan::unlock);
    match outcome {
        Some((answer, woken)) => {
            if let Some(g) = woken {
                cx.sched.ready(g);
            }
            answer
        }
        None => Selected::Park(if cases.is_empty() { WaitReason::SelectNoCases } else { WaitReason::Select }),
    }
}

/// # Safety
/// As [`select`].
unsafe fn attempt(cx: &mut Cx, c: &Case) -> Selected {
    if c.is_send {
        // SAFETY: the caller's promise.
        return match unsafe { chan::try_send(cx, c.ch, c.elem) } {
            chan::Op::Done(true) => Selected::Ready(0, false),
            chan::Op::Fault(f) => Selected::Fault(f),
            _ => Selected::Default,
        };
    }
    // SAFETY: the caller's promise.
    match unsafe { chan::try_recv(cx, c.ch, c.elem) } {
        Some(ok) => Selected::Ready(0, ok),
        None => Selected::Default,
    }
}

fn sort_by_address(order: &mut [u16], cases: &[Case]) {
    if order.len() > 16 {
        return order.sort_unstable_by_key(|&i| cases[i as usize].ch);
    }
    for i in 1..order.len() {
        let mut k = i;
        while k > 0 && cases[order[k - 1] as usize].ch > cases[order[k] as usize].ch {
            order.swap(k - 1, k);
            k -= 1;
        }
    }
}

/// Every channel once, in order of address.
#[inline]
fn each_channel(order: &[u16], cases: &[Case], f: impl Fn(u64)) {
    let mut last = 0;
    for &i in order {
        let ch = cases[i as usize].ch;
        if ch != last {
            f(ch);
            last = ch;
        }
    }
}

/// After a parked select: which case was done. For a receive the value is stored at `elem(i)` given the case index.
///
/// # Safety
/// `dst` answers, for a receive case, its channel's element type and an address with room for it (or null); None for a send.
pub unsafe fn finish_select(
    cx: &mut Cx,
    dst: impl FnOnce(usize) -> Option<(TypeRef, *mut u8)>,
) -> Result<(usize, bool), Fault> {
    // SAFETY: whoever completed the wait left the goroutine's own sudog there.
    let i = unsafe { (*cx.sched.cur().param.get()).case } as usize;
    match dst(i) {
        // SAFETY: the caller's promise.
        Some((t, p)) => Ok((i, unsafe { chan::finish_recv(cx, t, p) })),
        None => chan::finish_send(cx).map(|()| (i, false)),
    }
}
