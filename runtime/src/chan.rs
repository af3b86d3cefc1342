//! Channels.
//!
//! A channel is a heap object: a lock, counters, a ring of elements, and two queues of waiting goroutines ([`crate::select`]).
//! Invariants: at least one of the queues is empty, except for a goroutine that waits on both sides of an unbuffered channel in
//! one select; a buffered channel with waiting receivers is empty, one with waiting senders is full.
//!
//! A value never moves into another goroutine's frame. It waits in a sudog's cell: a blocked sender's in its own, a blocked
//! receiver's is put there by the sender and copied out when the receiver resumes (`finish_recv`). Elements larger than four words
//! travel through a heap copy. Nobody is readied while a channel is locked.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::cx::Cx;
use crate::fault::Fault;
use crate::fiber::WaitReason;
use crate::heap::Heap;
use crate::object::registry::Registry;
use crate::object::types::TypeRef;
use crate::sched::g::GRef;
use crate::sched::lock::WordLock;
use crate::select::{Queue, Sudog};

/// Bytes of an element that travel in a sudog's cell.
pub const CELL: usize = 32;

/// A channel in memory. `len` and `cap` come first for compiled code. All but `elem`, `dataqsiz`, `buf` belongs to the holder of
/// the lock; counters and `closed` may be looked at without it.
#[repr(C)]
pub struct Chan {
    /// Elements in the ring.
    qcount: AtomicU64,
    /// Size of the ring.
    dataqsiz: u64,
    buf: u64,
    elem: TypeRef,
    sendx: u64,
    recvx: u64,
    pub(crate) recvq: Queue,
    pub(crate) sendq: Queue,
    pub(crate) lock: WordLock,
    closed: AtomicBool,
    /// A timer's channel: looks unbuffered to the program.
    timer: AtomicBool,
    /// The return address of whoever made it, or 0.
    made: AtomicUsize,
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
            qcount: AtomicU64::new(0),
            dataqsiz: n as u64,
            buf,
            elem,
            sendx: 0,
            recvx: 0,
            recvq: Queue::empty(),
            sendq: Queue::empty(),
            lock: WordLock::new(),
            closed: AtomicBool::new(false),
            timer: AtomicBool::new(false),
            made: AtomicUsize::new(0),
        });
    }
    Ok(c as u64)
}

/// Notes the return address of whoever made a channel.
#[inline]
pub fn set_made_at(ch: u64, pc: usize) {
    look(ch).made.store(pc, Ordering::Relaxed);
}

/// What was noted, or 0.
pub fn made_at(ch: u64) -> usize {
    look(ch).made.load(Ordering::Relaxed)
}

/// The channel at a non-nil channel word.
#[inline]
fn look<'a>(ch: u64) -> &'a Chan {
    // SAFETY: channel words are addresses of live channels; what is looked at here is atomic or never changes.
    unsafe { &*(ch as *const Chan) }
}

/// The channel, for the holder of its lock.
#[inline]
fn held<'a>(ch: u64) -> &'a mut Chan {
    // SAFETY: as `look`; the lock's holder makes one such reference at a time.
    unsafe { &mut *(ch as *mut Chan) }
}

/// One of the queues of a locked channel.
#[inline]
pub(crate) fn queue<'a>(ch: u64, senders: bool) -> &'a mut Queue {
    let c = held(ch);
    if senders { &mut c.sendq } else { &mut c.recvq }
}

#[inline]
pub(crate) fn lock(ch: u64) {
    look(ch).lock.lock();
}

#[inline]
pub(crate) fn unlock(ch: u64) {
    look(ch).lock.unlock();
}

/// `len(ch)`.
pub fn len(ch: u64) -> u64 {
    if ch == 0 || look(ch).timer.load(Ordering::Relaxed) { 0 } else { look(ch).qcount.load(Ordering::Relaxed) }
}

/// `cap(ch)`.
pub fn cap(ch: u64) -> u64 {
    if ch == 0 || look(ch).timer.load(Ordering::Relaxed) { 0 } else { look(ch).dataqsiz }
}

/// Element type.
pub fn elem(ch: u64) -> TypeRef {
    look(ch).elem
}

/// Marks a channel as a timer's: `len` and `cap` show 0.
pub fn set_timer_chan(ch: u64) {
    look(ch).timer.store(true, Ordering::Relaxed);
}

/// Forgets buffered elements (a timer stopped or reset must not deliver an old tick). Answers whether there were any.
pub fn drain(heap: &mut Heap, ch: u64) -> bool {
    lock(ch);
    let c = held(ch);
    let had = c.count() > 0;
    while c.count() > 0 {
        c.take(heap, std::ptr::null_mut());
    }
    unlock(ch);
    had
}

impl Chan {
    #[inline]
    fn count(&self) -> u64 {
        self.qcount.load(Ordering::Relaxed)
    }

    #[inline]
    fn set_count(&self, n: u64) {
        self.qcount.store(n, Ordering::Relaxed);
    }

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
        self.set_count(self.count() + 1);
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
        self.set_count(self.count() - 1);
    }

    /// Whether a send would wait, without the lock.
    #[inline]
    fn seems_full(&self) -> bool {
        if self.dataqsiz == 0 { self.recvq.seems_empty() } else { self.count() == self.dataqsiz }
    }

    /// Whether a receive would wait, without the lock.
    #[inline]
    fn seems_empty(&self) -> bool {
        if self.dataqsiz == 0 { self.sendq.seems_empty() } else { self.qcount.load(Ordering::Acquire) == 0 }
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

/// What became of an attempt made under the lock.
pub(crate) enum Tried {
    /// Nothing: it would wait.
    Wait,
    /// Done, `ok` as in `v, ok := <-ch`; then that goroutine is to be readied, after unlocking.
    Done(bool, Option<GRef>),
    /// Send on a closed channel.
    Closed,
}

/// Sends, if that is possible, to a locked channel.
pub(crate) fn send_locked(cx: &mut Cx, ch: u64, src: *const u8) -> Tried {
    let c = held(ch);
    if c.closed.load(Ordering::Relaxed) {
        return Tried::Closed;
    }
    if let Some(s) = c.recvq.dequeue() {
        let big = stash(cx, c.elem, src, &mut s.cell);
        s.big = big;
        // Cheap, and right whoever scans the receiver when.
        shade_sent(cx, s);
        return Tried::Done(true, Some(s.complete(true)));
    }
    if c.count() < c.dataqsiz {
        c.put(src);
        return Tried::Done(true, None);
    }
    Tried::Wait
}

/// Receives, if that is possible, from a locked channel.
pub(crate) fn recv_locked(cx: &mut Cx, ch: u64, dst: *mut u8) -> Tried {
    let c = held(ch);
    if c.count() > 0 {
        c.take(&mut cx.heap, dst);
        // The ring was full if somebody waits to send: the first one's value takes the free slot.
        let woken = c.sendq.dequeue().map(|s| {
            shade_sent(cx, s);
            c.put(s.value(c.elem));
            s.complete(true)
        });
        return Tried::Done(true, woken);
    }
    if let Some(s) = c.sendq.dequeue() {
        shade_sent(cx, s);
        copy(s.value(c.elem), dst, c.elem.size);
        return Tried::Done(true, Some(s.complete(true)));
    }
    if c.closed.load(Ordering::Relaxed) {
        zero(dst, c.elem.size);
        return Tried::Done(false, None);
    }
    Tried::Wait
}

/// A value leaves the cell of a sender whose frames may not have been scanned yet.
#[inline]
fn shade_sent(cx: &mut Cx, s: &Sudog) {
    if cx.heap.barrier() {
        for w in s.cell.into_iter().chain([s.big]) {
            cx.heap.shade(w);
        }
    }
}

/// Sends without waiting: `Done(true)` when sent, `Done(false)` when it would block.
///
/// # Safety
/// `src` points to an element image; `ch` is a channel word.
pub unsafe fn try_send(cx: &mut Cx, ch: u64, src: *const u8) -> Op {
    if ch == 0 {
        return Op::Done(false);
    }
    let c = look(ch);
    if !c.closed.load(Ordering::Acquire) && c.seems_full() {
        return Op::Done(false);
    }
    lock(ch);
    let tried = send_locked(cx, ch, src);
    unlock(ch);
    match tried {
        Tried::Wait => Op::Done(false),
        Tried::Closed => Op::Fault(Fault::send_closed()),
        Tried::Done(_, woken) => {
            wake(cx, woken);
            Op::Done(true)
        }
    }
}

#[inline]
fn wake(cx: &mut Cx, woken: Option<GRef>) {
    if let Some(g) = woken {
        cx.sched.ready(g);
    }
}

/// `ch <- v`.
///
/// # Safety
/// As [`try_send`].
pub unsafe fn send(cx: &mut Cx, ch: u64, src: *const u8) -> Op {
    if ch == 0 {
        return Op::Park(WaitReason::ChanSendNil);
    }
    lock(ch);
    match send_locked(cx, ch, src) {
        Tried::Done(_, woken) => {
            unlock(ch);
            wake(cx, woken);
            Op::Done(true)
        }
        Tried::Closed => {
            unlock(ch);
            Op::Fault(Fault::send_closed())
        }
        Tried::Wait => {
            enqueue(cx, ch, true, src, 0, false);
            unlock(ch);
            Op::Park(WaitReason::ChanSend)
        }
    }
}

/// Queues the running goroutine on one side of a locked channel.
pub(crate) fn enqueue(cx: &mut Cx, ch: u64, is_send: bool, src: *const u8, case: usize, select: bool) {
    let c = held(ch);
    let mut cell = [0; 4];
    let big = if is_send { stash(cx, c.elem, src, &mut cell) } else { 0 };
    let g = cx.sched.cur();
    let s = cx.sched.take_sudog();
    // SAFETY: an unused sudog.
    let sd: &mut Sudog = unsafe { &mut *s };
    sd.begin(g, ch, is_send, case as u32, select);
    (sd.cell, sd.big, sd.link) = (cell, big, g.waiting.get());
    g.waiting.set(s);
    let q = if is_send { &mut c.sendq } else { &mut c.recvq };
    q.enqueue(s);
}

/// Ends the wait of the running goroutine, which waited on one channel: `Some(ok)` of the completed operation, whose received value
/// is stored at `dst` if that is not null.
fn finish(cx: &mut Cx, to: Option<(TypeRef, *mut u8)>) -> bool {
    let g = cx.sched.cur();
    let s = g.param.replace(std::ptr::null_mut());
    // SAFETY: whoever completed the wait left the goroutine's own sudog there.
    let sd = unsafe { &mut *s };
    let ok = sd.success;
    if let Some((t, dst)) = to {
        if ok { copy(sd.value(t), dst, t.size) } else { zero(dst, t.size) }
    }
    crate::select::release_all(cx, g);
    ok
}

/// After a parked send: an error if the channel was closed meanwhile.
pub fn finish_send(cx: &mut Cx) -> Result<(), Fault> {
    if finish(cx, None) { Ok(()) } else { Err(Fault::send_closed()) }
}

/// Receives without waiting: `Some(ok)` when there was a value (or the channel is closed), `None` when it would block.
///
/// # Safety
/// `dst` is null or has room for an element image; `ch` is a channel word.
pub unsafe fn try_recv(cx: &mut Cx, ch: u64, dst: *mut u8) -> Option<bool> {
    if ch == 0 {
        return None;
    }
    let c = look(ch);
    // The second look: the channel may have been filled and closed between the two answers.
    if c.seems_empty() && !c.closed.load(Ordering::Acquire) {
        return None;
    }
    lock(ch);
    let tried = recv_locked(cx, ch, dst);
    unlock(ch);
    match tried {
        Tried::Done(ok, woken) => {
            wake(cx, woken);
            Some(ok)
        }
        _ => None,
    }
}

/// `<-ch`. On `Park` the value is fetched by [`finish_recv`] when the goroutine resumes.
///
/// # Safety
/// As [`try_recv`].
pub unsafe fn recv(cx: &mut Cx, ch: u64, dst: *mut u8) -> Op {
    if ch == 0 {
        return Op::Park(WaitReason::ChanReceiveNil);
    }
    lock(ch);
    if let Tried::Done(ok, woken) = recv_locked(cx, ch, dst) {
        unlock(ch);
        wake(cx, woken);
        return Op::Done(ok);
    }
    enqueue(cx, ch, false, std::ptr::null(), 0, false);
    unlock(ch);
    Op::Park(WaitReason::ChanReceive)
}

/// After a parked receive: stores the value (zero if the channel was closed) and answers `ok`.
///
/// # Safety
/// `dst` is null or has room for an image of `t`, the channel's element type.
pub unsafe fn finish_recv(cx: &mut Cx, t: TypeRef, dst: *mut u8) -> bool {
    finish(cx, Some((t, dst)))
}

/// `close(ch)`: receivers wake with zero values, senders with a panic.
pub fn close(cx: &mut Cx, ch: u64) -> Result<(), Fault> {
    if ch == 0 {
        return Err(Fault::close_nil());
    }
    lock(ch);
    let c = held(ch);
    if c.closed.swap(true, Ordering::AcqRel) {
        unlock(ch);
        return Err(Fault::close_closed());
    }
    let mut woken = Vec::new();
    while let Some(s) = c.recvq.dequeue() {
        woken.push(s.complete(false));
    }
    while let Some(s) = c.sendq.dequeue() {
        woken.push(s.complete(false));
    }
    unlock(ch);
    for g in woken {
        cx.sched.ready(g);
    }
    Ok(())
}
