//! Allocation. Memory is zeroed and stays where it is.
//!
//! - *Tiny* (below 16 bytes, no pointers): packed into 16-byte blocks.
//! - *Small* (to 32 KiB): a size class's span; the cache's bit window gives the next object. Pointer maps: objects up to 512 bytes have
//!   one bit per word in the arena's meta, larger ones begin with a header word naming their type, whose map repeats.
//! - *Large*: a span of its own.
//!
//! A [`Heap`] is one processor's part: caches, barrier buffer, counters. What processors share is in [`HeapShared`]. Allocating from a
//! cached window takes no lock and no read-modify-write; while the collector marks, a window is marked as a whole when it is loaded,
//! so that what comes out of it is black.
//!
//! Allocation never collects. When the heap has grown to its trigger it sets the poll word; the scheduler starts a cycle at the next
//! safepoint. While one is under way, allocation pays for what it takes by marking (see `gc::assist`).

pub mod barrier;
pub mod cache;
pub mod central;
pub mod class;
pub mod pages;
pub mod span;
pub mod wbuf;

use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use crate::cx::{POLL_GC, PollWord};
use crate::fault::Fault;
use crate::gc::Room;
use crate::gc::mark::Marker;
use crate::object::types::{RType, TypeRef};
use crate::process::SYSTEM_PAGE;
use cache::{NUM_SC, Slot};
pub use central::HeapShared;
use central::{LocalPtr, SpanPtr, lock};
use class::{HEADER, MAX_BITMAP, MAX_SMALL, PAGE, class_of};
use pages::{ARENA, Table};
use span::Span;
use wbuf::BarrierBuffer;

/// What every zero-size value's address is.
static ZERO_BASE: u64 = 0;

/// Live bytes a processor counts before it tells the others.
const LIVE_BATCH: usize = 16 << 10;

/// A word the collector treats as a root until it is dropped with [`Heap::root_drop`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GcRoot(u32);

/// One processor's part of the heap.
pub struct Heap {
    pub(crate) l: Box<Local>,
    pub(crate) shared: Arc<HeapShared>,
    pub(crate) poll: PollWord,
}

/// What the collector can reach while the world is stopped. Other processors keep theirs in other cache lines.
#[repr(C, align(128))]
pub(crate) struct Local {
    /// Overwritten pointers must be recorded, new objects are black.
    pub barrier: u8,
    /// Under stress windows have one object.
    pub stress: bool,
    pub tiny: usize,
    pub tiny_end: usize,
    table: *const Table,
    pub cache: [Slot; NUM_SC],
    pub wb: BarrierBuffer,
    /// Live bytes not told yet; negative after a cache gave windows back.
    pub live: isize,
    /// Objects and bytes allocated, not told yet.
    pub allocs: u64,
    pub alloc_bytes: u64,
    /// Bytes allocated black since the cycle began.
    pub black: usize,
    /// Bytes allocated since the last assist.
    pub debt: usize,
    /// Looks of the scheduler, to ask the clock only now and then.
    pub looks: u32,
    /// The goroutine should let others mark: there was nothing to assist with.
    pub owes: bool,
    pub marker: Box<Marker>,
}

impl Heap {
    /// A new processor's part of `shared`, which asks for collections through `poll`.
    pub fn new(shared: Arc<HeapShared>, poll: PollWord) -> Heap {
        let table = shared.pages.table();
        let mut l = Box::new(Local {
            barrier: 0,
            stress: shared.gc.stress() != 0,
            tiny: 0,
            tiny_end: 0,
            table,
            cache: std::array::from_fn(Slot::new),
            wb: BarrierBuffer::new(),
            live: 0,
            allocs: 0,
            alloc_bytes: 0,
            black: 0,
            debt: 0,
            looks: 0,
            owes: false,
            marker: Box::new(Marker::new(table)),
        });
        lock(&shared.locals).push(LocalPtr(&mut *l));
        Heap { l, shared, poll }
    }

    /// The part of another processor.
    pub(crate) fn for_p(other: &Heap, poll: PollWord) -> Heap {
        let mut h = Heap::new(other.shared.clone(), poll);
        // Made while the world is stopped, perhaps in the middle of a cycle.
        h.l.barrier = other.l.barrier;
        h
    }

    /// The part all processors share.
    pub fn shared(&self) -> &Arc<HeapShared> {
        &self.shared
    }

    /// Whether everything that may happen seldom should happen often (`GOLDEBUG=gcstress`).
    #[inline]
    pub fn is_stressed(&self) -> bool {
        self.l.stress
    }

    /// One zeroed value of type `t`.
    #[inline]
    pub fn alloc(&mut self, t: TypeRef) -> *mut u8 {
        if t.ptrdata == 0 {
            return self.alloc_noscan(t.size);
        }
        if t.size <= MAX_BITMAP {
            let p = self.small(class_of(t.size) << 1, true);
            self.write_bits(p, t.size.div_ceil(8), t.mask0);
            return p;
        }
        self.alloc_sized(t.size, t)
    }

    /// `n` zeroed values of type `t` behind each other. The product must not overflow (see `object::slice::make`).
    #[inline]
    pub fn alloc_array(&mut self, t: TypeRef, n: usize) -> *mut u8 {
        if t.ptrdata == 0 {
            return self.alloc_noscan(t.size * n);
        }
        self.alloc_sized(t.size * n, t)
    }

    /// `n` zeroed values of type `t` behind each other that remember the place `pc` they were made at, in a word at the end of their
    /// memory: see [`HeapShared::note`].
    #[cold]
    pub fn alloc_noted(&mut self, t: TypeRef, n: usize, pc: usize) -> *mut u8 {
        let size = (t.size * n).next_multiple_of(8);
        if size == 0 {
            return Heap::zero_base();
        }
        let p = self.alloc_sized(size + 8, t);
        if let Some(note) = self.shared.note(p as usize) {
            // SAFETY: the last word of the object just made, behind the values; a marker may look on.
            unsafe { note.write_volatile(pc as u64) };
        }
        p
    }

    /// `size` zeroed bytes that will never hold pointers.
    #[inline]
    pub fn alloc_noscan(&mut self, size: usize) -> *mut u8 {
        if size < 16 { self.alloc_tiny(size) } else { self.noscan(size, true) }
    }

    /// Like `alloc_noscan`, but the content is arbitrary: the caller fills it.
    #[inline]
    pub fn alloc_bytes_uninit(&mut self, size: usize) -> *mut u8 {
        if size < 16 { self.alloc_tiny(size) } else { self.noscan(size, false) }
    }

    #[inline]
    fn noscan(&mut self, size: usize, zero: bool) -> *mut u8 {
        if size <= MAX_SMALL {
            self.small(class_of(size) << 1 | 1, zero)
        } else {
            self.large(size, std::ptr::null(), zero)
        }
    }

    #[inline]
    fn alloc_tiny(&mut self, size: usize) -> *mut u8 {
        if size == 0 {
            return Heap::zero_base();
        }
        let align = 1usize << size.trailing_zeros().min(3);
        let p = (self.l.tiny + align - 1) & !(align - 1);
        if p + size <= self.l.tiny_end {
            self.l.tiny = p + size;
            return p as *mut u8;
        }
        let block = self.small(class_of(16) << 1 | 1, true);
        self.l.tiny = block as usize + size;
        self.l.tiny_end = block as usize + 16;
        block
    }

    /// `size` zeroed bytes whose pointer map is `t`'s, repeated.
    pub fn alloc_sized(&mut self, size: usize, t: TypeRef) -> *mut u8 {
        if t.ptrdata == 0 || size == 0 {
            return self.alloc_noscan(size);
        }
        if size <= MAX_BITMAP {
            let p = self.small(class_of(size) << 1, true);
            let (n, unit) = (size / 8, t.size / 8);
            let mut bits = t.mask0;
            if bits == 1 && unit == 1 {
                bits = !0;
            } else {
                let mut have = unit;
                while have < n {
                    bits |= bits << have;
                    have *= 2;
                }
            }
            self.write_bits(p, n, bits);
            return p;
        }
        let unit = t.scan_unit();
        if size + HEADER <= MAX_SMALL {
            let p = self.small(class_of(size + HEADER) << 1, true);
            // SAFETY: the object has `size + HEADER` bytes.
            unsafe {
                *(p as *mut *const RType) = unit;
                fence(Ordering::Release);
                return p.add(HEADER);
            }
        }
        self.large(size, unit, true)
    }

    /// Address of zero-size values.
    pub fn zero_base() -> *mut u8 {
        &raw const ZERO_BASE as *mut u8
    }

    /// The next object of a span class.
    #[inline]
    fn small(&mut self, sc: usize, zero: bool) -> *mut u8 {
        let s = &mut self.l.cache[sc];
        if s.free == 0 {
            self.refill(sc);
        }
        let s = &mut self.l.cache[sc];
        let i = s.free.trailing_zeros() as usize;
        s.free &= s.free - 1;
        let size = s.elemsize as usize;
        let p = (s.window + i * size) as *mut u8;
        if zero && s.needzero {
            // SAFETY: a free object of that size.
            unsafe { zero_words(p, size) };
        }
        // Whoever gets to see the object sees it zeroed.
        fence(Ordering::Release);
        p
    }

    /// Sets the pointer bits of a small object of `n` words.
    #[inline]
    fn write_bits(&mut self, p: *mut u8, n: usize, bits: u64) {
        let addr = p as usize;
        // SAFETY: the table of our heap, which has a meta for every object.
        let meta = unsafe { &*pages::meta_of(self.l.table, addr) };
        let word = (addr & (ARENA - 1)) >> 3;
        let (at, sh) = (word >> 6, word & 63);
        let mask = !0u64 >> (64 - n);
        let bits = bits & mask;
        let w = &meta.bits[at];
        w.store(w.load(Ordering::Relaxed) & !(mask << sh) | bits << sh, Ordering::Relaxed);
        if sh + n > 64 {
            let w = &meta.bits[at + 1];
            w.store(w.load(Ordering::Relaxed) & !(mask >> (64 - sh)) | bits >> (64 - sh), Ordering::Relaxed);
        }
        fence(Ordering::Release);
    }

    /// Loads the next window with a free object into the cache.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, sc: usize) {
        if self.l.stress && self.shared.gc.stress_hit() {
            self.request_gc();
        }
        self.note_taken(sc);
        let marking = self.barrier();
        let l = &mut *self.l;
        let s = &mut l.cache[sc];
        let mut w = if s.span.is_null() { 0 } else { s.w as usize + usize::from(!l.stress) };
        let got = 'found: loop {
            // SAFETY: a cached span is ours.
            if let Some(span) = unsafe { s.span.as_ref() } {
                while w < span.words() {
                    let b = &span.bits[w];
                    let free = !b.allocated() & span.valid(w);
                    if free == 0 {
                        w += 1;
                        continue;
                    }
                    // Under stress one object at a time, so that every allocation comes by here.
                    let take = if l.stress { free & free.wrapping_neg() } else { free };
                    if marking {
                        b.mark.fetch_or(take, Ordering::Relaxed);
                        if !span.needzero {
                            touch(span.base + w * 64 * span.elemsize, span.elemsize, take);
                        }
                    }
                    b.set_allocated(b.allocated() | take);
                    s.free = take;
                    s.loaded = take.count_ones();
                    s.w = w as u32;
                    s.window = span.base + w * 64 * span.elemsize;
                    s.needzero = span.needzero;
                    break 'found take.count_ones() as usize * span.elemsize;
                }
                self.shared.put_full(SpanPtr(s.span), sc);
            }
            s.span = self.shared.next_span(sc).0;
            w = 0;
        };
        self.shared.sweep_one();
        self.took(got, marking);
    }

    /// Accounts for memory that left the shared part.
    fn took(&mut self, bytes: usize, marking: bool) {
        let l = &mut *self.l;
        l.live += bytes as isize;
        if marking {
            l.black += bytes;
            l.debt += bytes;
            if l.debt >= crate::gc::ASSIST_BATCH {
                crate::gc::assist(self);
            }
        }
        self.check_trigger();
    }

    #[inline]
    fn check_trigger(&mut self) {
        let l = &mut *self.l;
        let mut live = self.shared.gc.live();
        if l.live.unsigned_abs() >= LIVE_BATCH {
            live = self.shared.gc.add_live(l.live);
            l.live = 0;
        }
        if live.wrapping_add_signed(l.live) >= self.shared.gc.trigger() {
            self.request_gc();
        }
    }

    /// An object with a span of its own.
    #[cold]
    #[inline(never)]
    fn large(&mut self, size: usize, t: *const RType, zero: bool) -> *mut u8 {
        let n = pages::pages_for(size);
        let list = t.is_null() as usize;
        // What died comes first.
        let mut freed = 0;
        while freed < n {
            let Some(s) =
                self.shared.take_unswept(0).map(|s| (s, 0)).or_else(|| self.shared.take_unswept(1).map(|s| (s, 1)))
            else {
                break;
            };
            freed += self.shared.sweep_and_file(s.0, s.1);
        }
        let (base, dirty) = self.shared.take_pages(n);
        if zero && dirty {
            // SAFETY: the run just taken.
            unsafe { std::ptr::write_bytes(base as *mut u8, 0, n * PAGE) };
        }
        let marking = self.barrier();
        let span = Span {
            base,
            npages: n,
            sc: list as u8,
            elemsize: n * PAGE,
            nelems: 1,
            large_type: t,
            in_use: true,
            needzero: true,
            ..Span::blank()
        };
        span.bits[0].set_allocated(1);
        if marking {
            span.set_mark(0);
        }
        fence(Ordering::Release);
        self.shared.enter_span(span, Some(list));
        self.l.allocs += 1;
        self.l.alloc_bytes += (n * PAGE) as u64;
        if self.l.stress {
            self.request_gc();
        }
        self.took(n * PAGE, marking);
        base as *mut u8
    }

    /// Asks for a collection at the next safepoint.
    pub fn request_gc(&mut self) {
        if self.shared.gc.ask() {
            self.poll.fetch_or(POLL_GC, Ordering::Relaxed);
        }
    }

    /// Whether there is room for an allocation of so many bytes, as far as the limits know.
    #[inline]
    pub fn room_for(&mut self, bytes: usize) -> Room {
        if bytes > MAX_SMALL { self.room_for_large(bytes) } else { Room::Enough }
    }

    #[cold]
    fn room_for_large(&mut self, bytes: usize) -> Room {
        let room = self.shared.gc.room_for(&self.shared.pages, bytes);
        if room == Room::AfterCollection {
            self.poll.fetch_or(POLL_GC, Ordering::Relaxed);
        }
        room
    }

    /// There is none, and was none after a collection either: says so.
    #[cold]
    pub fn refuse(&self, bytes: usize) -> Fault {
        Fault::fatal(self.shared.gc.refuse(&self.shared.pages, bytes))
    }

    fn note_taken(&mut self, sc: usize) {
        let s = &mut self.l.cache[sc];
        let n = s.taken() as u64;
        s.loaded = s.free.count_ones();
        self.l.allocs += n;
        self.l.alloc_bytes += n * s.elemsize as u64;
    }

    /// Bytes allocated or surviving.
    pub fn live(&mut self) -> usize {
        let n = self.shared.gc.add_live(self.l.live);
        self.l.live = 0;
        n - self.l.cache.iter().map(|s| s.free.count_ones() as usize * s.elemsize as usize).sum::<usize>()
    }

    /// The object an address points into: (first byte as its user knows it, bytes). None if there is none.
    pub fn find_object(&self, addr: u64) -> Option<(u64, usize)> {
        let (span, i) = self.shared.lookup(addr as usize)?;
        let base = span.base + i * span.elemsize;
        let header = if span.sc > 1 && span.sc & 1 == 0 && span.elemsize > MAX_BITMAP { HEADER } else { 0 };
        Some(((base + header) as u64, span.elemsize - header))
    }

    /// Registers a block of global variables: `words` words at `p`, pointers where `mask` has bits.
    ///
    /// # Safety
    /// The block outlives the heap.
    pub unsafe fn add_globals(&mut self, p: *const u64, words: usize, mask: Box<[u64]>) {
        lock(&self.shared.gc.globals).push((p as usize, words, mask));
    }

    /// Keeps what `w` points to alive.
    pub fn root(&mut self, w: u64) -> GcRoot {
        let mut r = lock(&self.shared.gc.roots);
        if let Some(i) = r.free.pop() {
            r.words[i as usize] = w;
            return GcRoot(i);
        }
        r.words.push(w);
        GcRoot(r.words.len() as u32 - 1)
    }

    /// The word of a root.
    pub fn root_get(&self, r: GcRoot) -> u64 {
        lock(&self.shared.gc.roots).words[r.0 as usize]
    }

    /// Changes the word of a root.
    pub fn root_set(&mut self, r: GcRoot, w: u64) {
        let old = std::mem::replace(&mut lock(&self.shared.gc.roots).words[r.0 as usize], w);
        self.shade(old);
    }

    /// Ends a root.
    pub fn root_drop(&mut self, r: GcRoot) {
        self.root_set(r, 0);
        lock(&self.shared.gc.roots).free.push(r.0);
    }
}

impl Local {
    /// Gives what the cache did not use back to its spans, and the spans to the central lists: alloc bits are exact afterwards.
    /// The world is stopped.
    pub(crate) fn flush_cache(&mut self, shared: &HeapShared) {
        for sc in 0..NUM_SC {
            let s = &mut self.cache[sc];
            let n = s.taken() as u64;
            self.allocs += n;
            self.alloc_bytes += n * s.elemsize as u64;
            // SAFETY: a cached span is in use and ours.
            if let Some(span) = unsafe { s.span.as_ref() } {
                let b = &span.bits[s.w as usize];
                b.set_allocated(b.allocated() & !s.free);
                b.mark.fetch_and(!s.free, Ordering::Relaxed);
                let unused = s.free.count_ones() as usize * span.elemsize;
                self.live -= unused as isize;
                self.black = self.black.saturating_sub(unused);
                shared.put_partial(SpanPtr(s.span), sc);
            }
            s.free = 0;
            s.loaded = 0;
            s.span = std::ptr::null_mut();
        }
        self.tiny = 0;
        self.tiny_end = 0;
    }

    /// At the beginning of marking: what comes out of the windows in use is black. The world is stopped.
    pub(crate) fn blacken_cache(&mut self) {
        for s in &self.cache {
            // SAFETY: a cached span is in use.
            if let Some(span) = unsafe { s.span.as_ref() } {
                span.bits[s.w as usize].mark.fetch_or(s.free, Ordering::Relaxed);
                self.black += s.free.count_ones() as usize * span.elemsize;
            }
        }
        // The rest of the tiny block could be reached through new values only, of which the marker knows nothing.
        self.tiny = 0;
        self.tiny_end = 0;
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.l.flush_cache(&self.shared);
        let me: *mut Local = &mut *self.l;
        lock(&self.shared.locals).retain(|l| l.0 != me);
    }
}

/// Has the system give real memory to pages that were never used, before the write barrier looks at what is overwritten there: read first,
/// a page would be mapped to the system's page of zeros, and the store after it would stop all processors to map another one. `take` are
/// the objects, of `size` bytes from `at`, that nobody has yet.
#[cold]
fn touch(at: usize, size: usize, take: u64) {
    let (mut left, mut page) = (take, usize::MAX);
    while left != 0 {
        let object = at + left.trailing_zeros() as usize * size;
        if object / SYSTEM_PAGE != page {
            page = object / SYSTEM_PAGE;
            // SAFETY: a free object that is all zero, and stays so.
            unsafe { (object as *mut u64).write_volatile(0) };
        }
        left &= left - 1;
    }
}

/// Zeroes a small object.
///
/// # Safety
/// `n` bytes at `p` are ours; `n` is a multiple of 8.
#[inline]
unsafe fn zero_words(p: *mut u8, n: usize) {
    if n > 64 {
        // SAFETY: the caller's promise.
        return unsafe { std::ptr::write_bytes(p, 0, n) };
    }
    let p = p as *mut u64;
    for i in 0..n / 8 {
        // Volatile, or this loop would become a call of memset.
        // SAFETY: the caller's promise.
        unsafe { p.add(i).write_volatile(0) };
    }
}
