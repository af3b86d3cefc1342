//! Select, and the waiting entries it shares with plain channel operations.
//!
//! A [`Sudog`] is one goroutine waiting on one channel; a select queues one per case. Whoever completes one of them takes all the
//! others out of their queues in the same step (`Sched::complete`), so a waiting goroutine is completed at most once.

use crate::chan::{self, Op};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::fiber::WaitReason;
use crate::sched::Sched;
use crate::sched::g::GRef;

/// No sudog.
pub const NO_SUDOG: u32 = u32::MAX;

/// A queue of sudogs, in a channel.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Queue {
    first: u32,
    last: u32,
}

impl Queue {
    /// Nobody waits.
    pub const EMPTY: Queue = Queue { first: NO_SUDOG, last: NO_SUDOG };
}

/// One goroutine waiting on one channel.
pub struct Sudog {
    g: GRef,
    next: u32,
    prev: u32,
    /// Next sudog of the same goroutine.
    link: u32,
    case: u32,
    pub(crate) ch: u64,
    is_send: bool,
    is_select: bool,
    used: bool,
    /// Value being sent, if it is small.
    pub(crate) cell: [u64; 4],
    /// Value being sent, if it is large: a heap copy.
    pub(crate) big: u64,
}

/// All sudogs: a pool with recycled entries.
#[derive(Default)]
pub struct Sudogs {
    all: Vec<Sudog>,
    free: Vec<u32>,
}

impl Sudogs {
    #[inline]
    pub(crate) fn get(&self, s: u32) -> &Sudog {
        &self.all[s as usize]
    }
    #[inline]
    pub(crate) fn get_mut(&mut self, s: u32) -> &mut Sudog {
        &mut self.all[s as usize]
    }

    #[inline]
    pub(crate) fn take(&mut self, g: GRef, ch: u64, is_send: bool, case: u32, is_select: bool, link: u32) -> u32 {
        let s = Sudog {
            g,
            next: NO_SUDOG,
            prev: NO_SUDOG,
            link,
            case,
            ch,
            is_send,
            is_select,
            used: true,
            cell: [0; 4],
            big: 0,
        };
        if let Some(i) = self.free.pop() {
            self.all[i as usize] = s;
            return i;
        }
        self.all.push(s);
        self.all.len() as u32 - 1
    }

    #[inline]
    fn release(&mut self, s: u32) {
        let d = &mut self.all[s as usize];
        d.used = false;
        d.cell = [0; 4];
        d.big = 0;
        d.ch = 0;
        self.free.push(s);
    }

    #[inline]
    pub(crate) fn enqueue(&mut self, q: &mut Queue, s: u32) {
        self.all[s as usize].prev = q.last;
        if q.last == NO_SUDOG {
            q.first = s;
        } else {
            self.all[q.last as usize].next = s;
        }
        q.last = s;
    }

    #[inline]
    pub(crate) fn dequeue(&mut self, q: &mut Queue) -> Option<u32> {
        let s = q.first;
        if s == NO_SUDOG {
            return None;
        }
        self.unlink(q, s);
        Some(s)
    }

    fn unlink(&mut self, q: &mut Queue, s: u32) {
        let (next, prev) = (self.all[s as usize].next, self.all[s as usize].prev);
        if next == NO_SUDOG {
            q.last = prev;
        } else {
            self.all[next as usize].prev = prev;
        }
        if prev == NO_SUDOG {
            q.first = next;
        } else {
            self.all[prev as usize].next = next;
        }
        let d = &mut self.all[s as usize];
        (d.next, d.prev) = (NO_SUDOG, NO_SUDOG);
    }

    /// Words the collector must see.
    pub(crate) fn roots(&self) -> impl Iterator<Item = u64> + '_ {
        self.all.iter().filter(|s| s.used).flat_map(|s| s.cell.into_iter().chain([s.big, s.ch]))
    }
}

impl Sched {
    /// Takes all sudogs of a goroutine out of their queues and frees them.
    pub(crate) fn cancel_sudogs(&mut self, g: GRef) {
        for k in 0..self.sudogs.all.len() as u32 {
            let d = self.sudogs.get(k);
            if !d.used || d.g != g {
                continue;
            }
            let (ch, is_send) = (d.ch, d.is_send);
            let c = chan::at(ch);
            self.sudogs.unlink(if is_send { &mut c.sendq } else { &mut c.recvq }, k);
            self.sudogs.release(k);
        }
        self.g_mut(g).waiting = NO_SUDOG;
    }

    /// A sudog, already out of its queue, was served: takes its goroutine's other sudogs out of theirs and frees them all.
    /// Answers the goroutine and the case; the caller fills its wake and readies it. The sudog's value must have been read.
    pub(crate) fn complete(&mut self, s: u32) -> (GRef, usize) {
        let d = self.sudogs.get(s);
        let (g, case, select) = (d.g, d.case as usize, d.is_select);
        if !select {
            self.sudogs.release(s);
        } else {
            let mut k = self.g(g).waiting;
            while k != NO_SUDOG {
                let d = self.sudogs.get(k);
                let (link, ch, is_send) = (d.link, d.ch, d.is_send);
                if k != s {
                    let c = chan::at(ch);
                    self.sudogs.unlink(if is_send { &mut c.sendq } else { &mut c.recvq }, k);
                }
                self.sudogs.release(k);
                k = link;
            }
        }
        self.g_mut(g).waiting = NO_SUDOG;
        (g, case)
    }
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

/// `select { … }` over `cases`, in random order.
///
/// # Safety
/// The cases' channels and element addresses are valid as for `send` and `recv`.
pub unsafe fn select(cx: &mut Cx, cases: &[Case], has_default: bool) -> Selected {
    let n = cases.len();
    let mut few = [0u16; 16];
    let mut many = Vec::new();
    let order: &mut [u16] = if n <= 16 {
        &mut few[..n]
    } else {
        many.resize(n, 0);
        &mut many
    };
    for i in 0..n {
        let j = if i == 0 { 0 } else { cx.rng.below(i as u32 + 1) as usize };
        order[i] = order[j];
        order[j] = i as u16;
    }
    for &i in order.iter() {
        let c = &cases[i as usize];
        if c.ch == 0 {
            continue;
        }
        if c.is_send {
            // SAFETY: the caller's promise.
            match unsafe { chan::try_send(cx, c.ch, c.elem) } {
                Op::Done(true) => return Selected::Ready(i as usize, false),
                Op::Fault(f) => return Selected::Fault(f),
                _ => {}
            }
        // SAFETY: the caller's promise.
        } else if let Some(ok) = unsafe { chan::try_recv(cx, c.ch, c.elem) } {
            return Selected::Ready(i as usize, ok);
        }
    }
    if has_default {
        return Selected::Default;
    }
    for (i, c) in cases.iter().enumerate().filter(|(_, c)| c.ch != 0) {
        chan::enqueue(cx, c.ch, c.is_send, c.elem, i, true);
    }
    Selected::Park(if n == 0 { WaitReason::SelectNoCases } else { WaitReason::Select })
}

/// After a parked select: which case was done. For a receive the value is stored at `elem(i)` given the case index.
///
/// # Safety
/// `dst` answers, for a receive case, its channel's element type and an address with room for it (or null); None for a send.
pub unsafe fn finish_select(
    cx: &mut Cx,
    dst: impl FnOnce(usize) -> Option<(crate::object::types::TypeRef, *mut u8)>,
) -> Result<(usize, bool), Fault> {
    let i = cx.sched.wake().case;
    match dst(i) {
        // SAFETY: the caller's promise.
        Some((t, p)) => Ok((i, unsafe { chan::finish_recv(cx, t, p) })),
        None => chan::finish_send(cx).map(|()| (i, false)),
    }
}
