//! Allocation. Memory is zeroed and stays where it is.
//!
//! - *Tiny* (below 16 bytes, no pointers): packed into 16-byte blocks.
//! - *Small* (to 32 KiB): a size class's span; the cache's bit window gives the next object. Pointer maps: objects up to 512 bytes have
//!   one bit per word in the arena's meta, larger ones begin with a header word naming their type, whose map repeats.
//! - *Large*: a span of its own.
//!
//! Allocation never collects. When the heap has grown to its goal it sets the poll word; the scheduler collects at the next safepoint.

pub mod cache;
pub mod class;
pub mod pages;
pub mod span;

use crate::cx::{POLL_GC, PollWord};
use crate::gc::GcState;
use crate::object::types::{RType, TypeRef};
use cache::{NUM_SC, Slot};
use class::{HEADER, MAX_BITMAP, MAX_SMALL, PAGE, PAGES, class_of};
use pages::{ARENA, Pages};
use span::Span;
use std::sync::atomic::Ordering;

/// What every zero-size value's address is.
static ZERO_BASE: u64 = 0;

/// A word the collector treats as a root until it is dropped with [`Heap::root_drop`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GcRoot(u32);

/// The collected heap of one process.
pub struct Heap {
    cache: Box<[Slot; NUM_SC]>,
    tiny: usize,
    tiny_end: usize,
    pub(crate) pages: Pages,
    pub(crate) spans: Vec<*mut Span>,
    pub(crate) partial: Vec<Vec<*mut Span>>,
    spare: Vec<*mut Span>,
    pub(crate) poll: PollWord,
    /// Collector state: goals, counters, roots.
    pub gc: GcState,
}

impl Heap {
    /// An empty heap that asks for collections through `poll`.
    pub fn new(poll: PollWord) -> Heap {
        Heap {
            cache: cache::empty(),
            tiny: 0,
            tiny_end: 0,
            pages: Pages::new(),
            spans: Vec::new(),
            partial: vec![Vec::new(); NUM_SC],
            spare: Vec::new(),
            poll,
            gc: GcState::new(),
        }
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
        let p = (self.tiny + align - 1) & !(align - 1);
        if p + size <= self.tiny_end {
            self.tiny = p + size;
            return p as *mut u8;
        }
        let block = self.small(class_of(16) << 1 | 1, true);
        self.tiny = block as usize + size;
        self.tiny_end = block as usize + 16;
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
        let s = &mut self.cache[sc];
        if s.free == 0 {
            self.refill(sc);
        }
        let s = &mut self.cache[sc];
        let i = s.free.trailing_zeros() as usize;
        s.free &= s.free - 1;
        let size = s.elemsize as usize;
        let p = (s.window + i * size) as *mut u8;
        if zero && s.needzero {
            // SAFETY: a free object of that size.
            unsafe { zero_words(p, size) };
        }
        p
    }

    /// Sets the pointer bits of a small object of `n` words.
    #[inline]
    fn write_bits(&mut self, p: *mut u8, n: usize, bits: u64) {
        let addr = p as usize;
        let meta = self.pages.meta(addr);
        let word = (addr & (ARENA - 1)) >> 3;
        let (at, sh) = (word >> 6, word & 63);
        let mask = !0u64 >> (64 - n);
        let bits = bits & mask;
        // SAFETY: bits of an object of ours; the second word exists because the object reaches into it.
        unsafe {
            let b = (&raw mut (*meta).bits) as *mut u64;
            let w = b.add(at);
            *w = *w & !(mask << sh) | bits << sh;
            if sh + n > 64 {
                let w = b.add(at + 1);
                *w = *w & !(mask >> (64 - sh)) | bits >> (64 - sh);
            }
        }
    }

    /// Loads the next window with a free object into the cache.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, sc: usize) {
        if self.gc.stress != 0 {
            self.gc.stress_count += 1;
            if self.gc.stress_count.is_multiple_of(self.gc.stress as u64) {
                self.request_gc();
            }
        }
        self.note_taken(sc);
        let s = &mut self.cache[sc];
        let mut w = if s.span.is_null() { 0 } else { s.w as usize + usize::from(self.gc.stress == 0) };
        loop {
            let s = &mut self.cache[sc];
            // SAFETY: spans in use are never freed while they are cached.
            if let Some(span) = unsafe { s.span.as_mut() } {
                while w < span.words() {
                    let free = !span.bits[w].alloc & span.valid(w);
                    if free == 0 {
                        w += 1;
                        continue;
                    }
                    // Under stress one object at a time, so that every allocation comes by here.
                    let take = if self.gc.stress != 0 { free & free.wrapping_neg() } else { free };
                    span.bits[w].alloc |= take;
                    s.free = take;
                    s.loaded = take.count_ones();
                    s.w = w as u32;
                    s.window = span.base + w * 64 * span.elemsize;
                    s.needzero = span.needzero;
                    self.gc.live += take.count_ones() as usize * span.elemsize;
                    self.check_goal();
                    return;
                }
            }
            let next = match self.partial[sc].pop() {
                Some(p) => p,
                None => self.new_span(sc),
            };
            self.cache[sc].span = next;
            w = 0;
        }
    }

    /// A fresh span for a class.
    fn new_span(&mut self, sc: usize) -> *mut Span {
        let class = sc >> 1;
        let n = PAGES[class] as usize;
        let (base, dirty) = self.take_pages(n);
        let s = self.enter_span(base, n, sc as u8);
        // SAFETY: a span of ours that nobody else uses.
        let span = unsafe { &mut *s };
        span.elemsize = class::SIZE[class] as usize;
        span.nelems = span::objects(class) as u32;
        span.needzero = dirty;
        s
    }

    fn take_pages(&mut self, n: usize) -> (usize, bool) {
        match self.pages.take(n) {
            Some(r) => r,
            None => crate::fault::die("runtime: out of memory"),
        }
    }

    fn enter_span(&mut self, base: usize, n: usize, sc: u8) -> *mut Span {
        let s = self.spare.pop().unwrap_or_else(|| Box::into_raw(Box::new(Span::blank())));
        // SAFETY: a spare span is nobody else's.
        unsafe {
            *s = Span { base, npages: n, sc, pos: self.spans.len() as u32, ..Span::blank() };
        }
        self.spans.push(s);
        self.pages.set_span(s, base, n, sc);
        s
    }

    /// An object with a span of its own.
    #[cold]
    #[inline(never)]
    fn large(&mut self, size: usize, t: *const RType, zero: bool) -> *mut u8 {
        let n = pages::pages_for(size);
        let (base, dirty) = self.take_pages(n);
        let s = self.enter_span(base, n, t.is_null() as u8);
        // SAFETY: as in `new_span`.
        let span = unsafe { &mut *s };
        span.elemsize = n * PAGE;
        span.nelems = 1;
        span.large_type = t;
        span.bits[0].alloc = 1;
        if zero && dirty {
            // SAFETY: the run just taken.
            unsafe { std::ptr::write_bytes(base as *mut u8, 0, n * PAGE) };
        }
        self.gc.live += n * PAGE;
        self.gc.note_allocs(1, n * PAGE);
        if self.gc.stress != 0 {
            self.request_gc();
        }
        self.check_goal();
        base as *mut u8
    }

    #[inline]
    fn check_goal(&mut self) {
        if self.gc.live >= self.gc.goal && self.gc.enabled() {
            self.request_gc();
        }
    }

    /// Asks for a collection at the next safepoint.
    pub fn request_gc(&mut self) {
        self.gc.pending = true;
        self.poll.fetch_or(POLL_GC, Ordering::Relaxed);
    }

    fn note_taken(&mut self, sc: usize) {
        let s = &mut self.cache[sc];
        let n = s.taken() as usize;
        s.loaded = s.free.count_ones();
        self.gc.note_allocs(n, n * s.elemsize as usize);
    }

    /// Gives what the cache did not use back to its spans: alloc bits are exact afterwards.
    pub(crate) fn flush_cache(&mut self) {
        for sc in 0..NUM_SC {
            self.note_taken(sc);
            let s = &mut self.cache[sc];
            // SAFETY: a cached span is in use.
            if let Some(span) = unsafe { s.span.as_mut() } {
                span.bits[s.w as usize].alloc &= !s.free;
                self.gc.live -= s.free.count_ones() as usize * span.elemsize;
            }
            s.free = 0;
            s.loaded = 0;
            s.span = std::ptr::null_mut();
        }
        self.tiny = 0;
        self.tiny_end = 0;
    }

    /// After a flush that is not followed by a sweep: lists the spans with free objects again.
    pub(crate) fn relist(&mut self) {
        for l in &mut self.partial {
            l.clear();
        }
        for &s in &self.spans {
            // SAFETY: a span in use.
            let span = unsafe { &*s };
            if span.sc > 1 && (0..span.words()).any(|w| !span.bits[w].alloc & span.valid(w) != 0) {
                self.partial[span.sc as usize].push(s);
            }
        }
    }

    /// Frees an empty span.
    pub(crate) fn free_span(&mut self, s: *mut Span) {
        // SAFETY: a span in use without objects; nobody refers to it after this.
        unsafe {
            let pos = (*s).pos as usize;
            self.spans.swap_remove(pos);
            if let Some(&moved) = self.spans.get(pos) {
                (*moved).pos = pos as u32;
            }
            self.pages.free((*s).base, (*s).npages);
        }
        self.spare.push(s);
    }

    /// The object an address points into: (first byte as its user knows it, bytes). None if there is none.
    pub fn find_object(&self, addr: u64) -> Option<(u64, usize)> {
        let (s, i) = self.lookup(addr as usize)?;
        // SAFETY: spans in page entries are in use.
        let span = unsafe { &*s };
        let base = span.base + i * span.elemsize;
        let header = if span.sc > 1 && span.sc & 1 == 0 && span.elemsize > MAX_BITMAP { HEADER } else { 0 };
        Some(((base + header) as u64, span.elemsize - header))
    }

    /// Span and index of the allocated object an address is in.
    pub(crate) fn lookup(&self, addr: usize) -> Option<(*mut Span, usize)> {
        if addr >> pages::ARENA_SHIFT >= pages::TABLE {
            return None;
        }
        let meta = self.pages.meta(addr);
        if meta.is_null() {
            return None;
        }
        // SAFETY: a meta of ours; entries name spans in use.
        unsafe {
            let e = (*meta).entries[(addr >> class::PAGE_SHIFT) & (pages::ARENA_PAGES - 1)];
            if e == 0 {
                return None;
            }
            let s = (e & pages::SPAN_MASK) as *mut Span;
            let i = (addr - (*s).base) / (*s).elemsize;
            (i < (*s).nelems as usize && (*s).bits[i / 64].alloc >> (i % 64) & 1 != 0).then_some((s, i))
        }
    }

    /// Registers a block of global variables: `words` words at `p`, pointers where `mask` has bits.
    ///
    /// # Safety
    /// The block outlives the heap.
    pub unsafe fn add_globals(&mut self, p: *const u64, words: usize, mask: Box<[u64]>) {
        self.gc.globals.push((p as usize, words, mask));
    }

    /// Keeps what `w` points to alive.
    pub fn root(&mut self, w: u64) -> GcRoot {
        if let Some(i) = self.gc.free_roots.pop() {
            self.gc.roots[i as usize] = w;
            return GcRoot(i);
        }
        self.gc.roots.push(w);
        GcRoot(self.gc.roots.len() as u32 - 1)
    }

    /// The word of a root.
    pub fn root_get(&self, r: GcRoot) -> u64 {
        self.gc.roots[r.0 as usize]
    }

    /// Changes the word of a root.
    pub fn root_set(&mut self, r: GcRoot, w: u64) {
        self.gc.roots[r.0 as usize] = w;
    }

    /// Ends a root.
    pub fn root_drop(&mut self, r: GcRoot) {
        self.gc.roots[r.0 as usize] = 0;
        self.gc.free_roots.push(r.0);
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        for &s in self.spans.iter().chain(&self.spare) {
            // SAFETY: made by Box::into_raw in `enter_span`, each in exactly one of the two lists.
            drop(unsafe { Box::from_raw(s) });
        }
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
