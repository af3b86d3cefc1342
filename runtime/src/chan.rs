//! Channels.
//!
//! A channel is a heap object: counters, a ring of elements, and two queues of waiting goroutines ([`crate::select::Sudogs`]).
//! Invariants: at least one of the queues is empty, except for a goroutine that waits on both sides of an unbuffered channel in
//! one select; a buffered channel with waiting receivers is empty, one with waiting senders is full.
//!
//! A value never moves into another goroutine's frame. A blocked sender's value sits in its sudog; a blocked receiver finds its
//! value in its G's [`crate::sched::g::Wake`] and copies it out when it resumes (`finish_recv`). Elements larger than four
//! words travel through a heap copy made by the side that blocks.

use std::sync::OnceLock;

use crate::cx::Cx;
use crate::fault::Fault;
use crate::fiber::WaitReason;
use crate::heap::Heap;
use crate::object::registry::Registry;
use crate::object::types::TypeRef;
use crate::sched::g::GRef;
use crate::select::Queue;

/// Bytes of an element that travel in a sudog or wake cell.
pub const CELL: usize = 32;

/// A channel in memory. `len` and `cap` come first for compiled code.
#[repr(C)]
pub struct Chan {
    /// Elements in the ring.
    pub qcount: u64,
    /// Size of the ring.
    pub dataqsiz: u64,
    buf: u64,
    elem: TypeRef,
    sendx: u64,
    recvx: u64,
    pub(crate) recvq: Queue,
    pub(crate) sendq: Queue,
    closed: bool,
    /// A timer's channel: looks unbuffered to the program.
    timer: bool,
}

fn layout() -> TypeRef {
    static T: OnceLock<TypeRef> = OnceLock::new();
    T.get_or_init(|| Registry::layout_only("chan", size_of::<Chan>(), &[2]))
}

/// How a send or receive went.
#[derive(Debug)]
pub enum Op {
    /// Done; for a receive: whether the value was sent (false: closed and drained, the destination was zeroed).
    Done(bool),
    /// The goroutine is queued and must park; call `finish_send` / `finish_recv` when it resumes.
    Park(WaitReason),
    /// Panics.
    Fault(Fault),
}

/// `make(chan T, n)`.
pub fn make(cx: &mut Cx, elem: TypeRef, n: i64) -> Result<u64, Fault> {
    let fits = n >= 0 && (n as usize).checked_mul(elem.size).is_some_and(|b| b <= crate::object::slice::MAX_ALLOC - 96);
    if !fits {
        return Err(Fault::makechan_size());
    }
    let c = cx.heap.alloc(layout()) as *mut Chan;
    let buf = if n > 0 && elem.size > 0 { cx.heap.alloc_array(elem, n as usize) as u64 } else { 0 };
    // SAFETY: fresh memory of that layout; no collection happens between the two allocations.
    unsafe {
        c.write(Chan {
            qcount: 0,
            dataqsiz: n as u64,
            buf,
            elem,
            sendx: 0,
            recvx: 0,
            recvq: Queue::EMPTY,
            sendq: Queue::EMPTY,
            closed: false,
            timer: false,
        });
    }
    Ok(c as u64)
}

/// The channel at a non-nil channel word.
#[inline]
pub(crate) fn at<'a>(ch: u64) -> &'a mut Chan {
    // SAFETY: channel words are addresses of live channels; only the thread that runs goroutines touches them, and no two of
    // these references are used across each other in this crate.
    unsafe { &mut *(ch as *mut Chan) }
}

/// `len(ch)`.
pub fn len(ch: u64) -> u64 {
    if ch == 0 || at(ch).timer { 0 } else { at(ch).qcount }
}

/// `cap(ch)`.
pub fn cap(ch: u64) -> u64 {
    if ch == 0 || at(ch).timer { 0 } else { at(ch).dataqsiz }
}

/// Element type.
pub fn elem(ch: u64) -> TypeRef {
    at(ch).elem
}

/// Marks a channel as a timer's: `len` and `cap` show 0.
pub fn set_timer_chan(ch: u64) {
    at(ch).timer = true;
}

/// Forgets buffered elements (a timer stopped or reset must not deliver an old tick). Answers whether there were any.
pub fn drain(heap: &mut Heap, ch: u64) -> bool {
    let c = at(ch);
    let had = c.qcount > 0;
    while c.qcount > 0 {
        c.take(heap, std::ptr::null_mut());
    }
    had
}

impl Chan {
    #[inline]
    fn slot(&self, i: u64) -> *mut u8 {
        (self.buf + i * self.elem.size as u64) as *mut u8
    }

    /// Appends to the ring, which has room.
    #[inline]
    fn put(&mut self, src: *const u8) {
        copy(src, self.slot(self.sendx), self.elem.size);
        self.sendx += 1;
        if self.sendx == self.dataqsiz {
            self.sendx = 0;
        }
        self.qcount += 1;
    }

    /// Takes the head of the ring, which is not empty.
    #[inline]
    fn take(&mut self, heap: &mut Heap, dst: *mut u8) {
        let p = self.slot(self.recvx);
        // What a receiver takes out is an edge of the old graph cut.
        heap.before_write(p, self.elem.size);
        copy(p, dst, self.elem.size);
        zero(p, self.elem.size);
        self.recvx += 1;
        if self.recvx == self.dataqsiz {
            self.recvx = 0;
        }
        self.qcount -= 1;
    }
}

#[inline]
fn copy(src: *const u8, dst: *mut u8, n: usize) {
    if n == 0 || dst.is_null() {
        return;
    }
    // SAFETY: both ends are element images of n bytes: ring slots, cells of sufficient size, or the caller's buffers. Word by
    // word when whole words, as a marker may look on.
    unsafe {
        if n == 8 {
            (dst as *mut u64).write_unaligned((src as *const u64).read_unaligned());
        } else {
            std::ptr::copy_nonoverlapping(src, dst, n);
        }
    }
}

#[inline]
fn zero(dst: *mut u8, n: usize) {
    if n > 0 && !dst.is_null() {
        // SAFETY: as `copy`.
        unsafe { std::ptr::write_bytes(dst, 0, n) };
    }
}

/// Where a value waits while its goroutine sleeps: a cell, or a heap copy when it is large.
pub(crate) fn stash(cx: &mut Cx, t: TypeRef, src: *const u8, cell: &mut [u64; 4]) -> u64 {
    if t.size <= CELL {
        copy(src, cell.as_mut_ptr() as *mut u8, t.size);
        return 0;
    }
    let p = cx.heap.alloc(t);
    copy(src, p, t.size);
    p as u64
}

/// Hands a value to a parked receiver: into its wake cell.
fn deliver(cx: &mut Cx, g: GRef, case: usize, t: TypeRef, src: *const u8, ok: bool) {
    let mut cell = [0; 4];
    let big = if ok { stash(cx, t, src, &mut cell) } else { 0 };
    let w = &mut cx.sched.g_mut(g).wake;
    (w.case, w.ok, w.cell, w.big) = (case, ok, cell, big);
}

/// Sends without waiting: `Done(true)` when sent, `Done(false)` when it would block.
///
/// # Safety
/// `src` points to an element image; `ch` is a channel word.
pub unsafe fn try_send(cx: &mut Cx, ch: u64, src: *const u8) -> Op {
    if ch == 0 {
        return Op::Done(false);
    }
    let c = at(ch);
    if c.closed {
        return Op::Fault(Fault::send_closed());
    }
    if let Some(s) = cx.sched.sudogs.dequeue(&mut c.recvq) {
        let (g, case) = cx.sched.complete(s);
        deliver(cx, g, case, c.elem, src, true);
        cx.sched.ready(g);
        return Op::Done(true);
    }
    if c.qcount < c.dataqsiz {
        c.put(src);
        return Op::Done(true);
    }
    Op::Done(false)
}

/// `ch <- v`.
///
/// # Safety
/// As [`try_send`].
pub unsafe fn send(cx: &mut Cx, ch: u64, src: *const u8) -> Op {
    if ch == 0 {
        return Op::Park(WaitReason::ChanSendNil);
    }
    // SAFETY: the caller's promise.
    match unsafe { try_send(cx, ch, src) } {
        Op::Done(false) => {}
        op => return op,
    }
    enqueue(cx, ch, true, src, 0, false);
    Op::Park(WaitReason::ChanSend)
}

/// Queues the running goroutine on one side of a channel.
pub(crate) fn enqueue(cx: &mut Cx, ch: u64, is_send: bool, src: *const u8, case: usize, select: bool) {
    let c = at(ch);
    let mut cell = [0; 4];
    let big = if is_send { stash(cx, c.elem, src, &mut cell) } else { 0 };
    let g = cx.sched.cur();
    let head = cx.sched.g(g).waiting;
    let s = cx.sched.sudogs.take(g, ch, is_send, case as u32, select, head);
    let sd = cx.sched.sudogs.get_mut(s);
    (sd.cell, sd.big) = (cell, big);
    cx.sched.g_mut(g).waiting = s;
    let q = if is_send { &mut c.sendq } else { &mut c.recvq };
    cx.sched.sudogs.enqueue(q, s);
}

/// After a parked send: an error if the channel was closed meanwhile.
pub fn finish_send(cx: &mut Cx) -> Result<(), Fault> {
    if cx.sched.wake().ok { Ok(()) } else { Err(Fault::send_closed()) }
}

/// Receives without waiting: `Some(ok)` when there was a value (or the channel is closed), `None` when it would block.
///
/// # Safety
/// `dst` is null or has room for an element image; `ch` is a channel word.
pub unsafe fn try_recv(cx: &mut Cx, ch: u64, dst: *mut u8) -> Option<bool> {
    if ch == 0 {
        return None;
    }
    let c = at(ch);
    if c.qcount > 0 {
        c.take(&mut cx.heap, dst);
        if let Some(s) = cx.sched.sudogs.dequeue(&mut c.sendq) {
            // The ring was full: the first waiting sender's value takes the free slot.
            shade_sent(cx, s);
            let sd = cx.sched.sudogs.get(s);
            c.put(if c.elem.size <= CELL { sd.cell.as_ptr() as *const u8 } else { sd.big as *const u8 });
            wake_sender(cx, s);
        }
        return Some(true);
    }
    if let Some(s) = cx.sched.sudogs.dequeue(&mut c.sendq) {
        shade_sent(cx, s);
        let sd = cx.sched.sudogs.get(s);
        let src = if c.elem.size <= CELL { sd.cell.as_ptr() as *const u8 } else { sd.big as *const u8 };
        copy(src, dst, c.elem.size);
        wake_sender(cx, s);
        return Some(true);
    }
    if c.closed {
        zero(dst, c.elem.size);
        return Some(false);
    }
    None
}

/// A value leaves the cell of a sender whose frames may not have been scanned yet.
fn shade_sent(cx: &mut Cx, s: u32) {
    if cx.heap.barrier() {
        let (cell, big) = (cx.sched.sudogs.get(s).cell, cx.sched.sudogs.get(s).big);
        for w in cell.into_iter().chain([big]) {
            cx.heap.shade(w);
        }
    }
}

fn wake_sender(cx: &mut Cx, s: u32) {
    let (g, case) = cx.sched.complete(s);
    let w = &mut cx.sched.g_mut(g).wake;
    (w.case, w.ok) = (case, true);
    cx.sched.ready(g);
}

/// `<-ch`. On `Park` the value is fetched by [`finish_recv`] when the goroutine resumes.
///
/// # Safety
/// As [`try_recv`].
pub unsafe fn recv(cx: &mut Cx, ch: u64, dst: *mut u8) -> Op {
    if ch == 0 {
        return Op::Park(WaitReason::ChanReceiveNil);
    }
    // SAFETY: the caller's promise.
    if let Some(ok) = unsafe { try_recv(cx, ch, dst) } {
        return Op::Done(ok);
    }
    enqueue(cx, ch, false, std::ptr::null(), 0, false);
    Op::Park(WaitReason::ChanReceive)
}

/// After a parked receive: stores the value (zero if the channel was closed) and answers `ok`.
///
/// # Safety
/// `dst` is null or has room for an image of `t`, the channel's element type.
pub unsafe fn finish_recv(cx: &mut Cx, t: TypeRef, dst: *mut u8) -> bool {
    let w = cx.sched.wake();
    if w.ok {
        let src = if t.size <= CELL { w.cell.as_ptr() as *const u8 } else { w.big as *const u8 };
        copy(src, dst, t.size);
        w.cell = [0; 4];
        w.big = 0;
    } else {
        zero(dst, t.size);
    }
    w.ok
}

/// `close(ch)`: receivers wake with zero values, senders with a panic.
pub fn close(cx: &mut Cx, ch: u64) -> Result<(), Fault> {
    if ch == 0 {
        return Err(Fault::close_nil());
    }
    let c = at(ch);
    if c.closed {
        return Err(Fault::close_closed());
    }
    c.closed = true;
    let mut woken = Vec::new();
    while let Some(s) = cx.sched.sudogs.dequeue(&mut c.recvq) {
        let (g, case) = cx.sched.complete(s);
        deliver(cx, g, case, c.elem, std::ptr::null(), false);
        woken.push(g);
    }
    while let Some(s) = cx.sched.sudogs.dequeue(&mut c.sendq) {
        let (g, case) = cx.sched.complete(s);
        let w = &mut cx.sched.g_mut(g).wake;
        (w.case, w.ok) = (case, false);
        woken.push(g);
    }
    for g in woken {
        cx.sched.ready(g);
    }
    Ok(())
}
