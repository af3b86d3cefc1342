//! What all processors share of the heap: pages, spans nobody allocates from, the collector's state.
//!
//! Per span class there are three lists: *partial* (swept, with free objects), *full* (swept, without), *unswept*. A span is in one
//! list, in one processor's cache, or in the hands of whoever sweeps it; so no span needs a claim of its own. At the end of marking
//! all lists become *unswept* by two swaps per class; the next cycle begins only when all of them are swept.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::Local;
use super::cache::NUM_SC;
use super::class::{self, PAGES};
use super::pages::Pages;
use super::span::{self, Span};
use crate::gc::Gc;
use crate::gc::sweeps::Sweeps;

/// A span on its way between owners.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpanPtr(pub *mut Span);

// SAFETY: whoever holds one owns the span; spans live in blocks that stay until the heap is dropped.
unsafe impl Send for SpanPtr {}

#[derive(Default)]
struct Lists {
    partial: Vec<SpanPtr>,
    full: Vec<SpanPtr>,
    unswept: [Vec<SpanPtr>; 2],
}

impl Lists {
    /// One that may have free objects, if there is one.
    fn take_unswept(&mut self) -> Option<SpanPtr> {
        self.unswept[0].pop().or_else(|| self.unswept[1].pop())
    }

    /// Puts a swept span with or without free objects where it belongs.
    fn file(&mut self, s: SpanPtr, free: bool) {
        if free {
            self.partial.push(s);
        } else {
            self.full.push(s);
        }
    }
}

/// Spans swept between two looks at the list they come from.
const BATCH: usize = 16;

/// Blocks of span records and the records not in use.
#[derive(Default)]
struct Records {
    blocks: Vec<Box<[Span; BLOCK]>>,
    spare: Vec<SpanPtr>,
}

const BLOCK: usize = 64;

/// Processors' parts of the heap; the collector reaches into them while the world is stopped.
pub(crate) struct LocalPtr(pub *mut Local);

// SAFETY: dereferenced by its owner, or by the collector while no owner runs.
unsafe impl Send for LocalPtr {}

/// The shared part of the heap.
pub struct HeapShared {
    pub(crate) pages: Pages,
    central: Box<[Mutex<Lists>]>,
    records: Mutex<Records>,
    pub(crate) locals: Mutex<Vec<LocalPtr>>,
    /// Spans waiting to be swept, and being swept.
    pub(crate) sweeps: Sweeps,
    /// Class where the sweeper looks next.
    cursor: AtomicUsize,
    /// The collector's state.
    pub gc: Gc,
}

/// Locks, whatever happened to earlier holders.
pub(crate) fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(|e| e.into_inner())
}

impl Default for HeapShared {
    fn default() -> HeapShared {
        HeapShared::new()
    }
}

impl HeapShared {
    /// An empty heap.
    pub fn new() -> HeapShared {
        HeapShared {
            pages: Pages::new(),
            central: (0..NUM_SC).map(|_| Mutex::default()).collect(),
            records: Mutex::default(),
            locals: Mutex::default(),
            sweeps: Sweeps::new(),
            cursor: AtomicUsize::new(0),
            gc: Gc::new(),
        }
    }

    /// A swept span of the class with free objects; the caller owns it.
    pub(crate) fn next_span(&self, sc: usize) -> SpanPtr {
        if let Some(s) = lock(&self.central[sc]).partial.pop() {
            return s;
        }
        while let Some(s) = self.take_unswept(sc) {
            let left = self.sweep_span(s);
            // SAFETY: ours since it was taken.
            let all = unsafe { (*s.0).nelems as usize };
            if left == all {
                lock(&self.central[sc]).full.push(s);
            }
            self.swept_one();
            if left < all {
                return s;
            }
        }
        self.new_span(sc)
    }

    /// Takes back a span without free objects.
    pub(crate) fn put_full(&self, s: SpanPtr, sc: usize) {
        lock(&self.central[sc]).full.push(s);
    }

    /// Takes back a swept span with free objects.
    pub(crate) fn put_partial(&self, s: SpanPtr, sc: usize) {
        lock(&self.central[sc]).partial.push(s);
    }

    /// One span to be swept, now the caller's, who calls `swept_one` when it is done and filed.
    pub(crate) fn take_unswept(&self, sc: usize) -> Option<SpanPtr> {
        if !self.sweeps.any() {
            return None;
        }
        let mut c = lock(&self.central[sc]);
        let s = c.take_unswept()?;
        self.sweeps.claimed();
        Some(s)
    }

    pub(crate) fn swept_one(&self) {
        self.sweeps.finished();
    }

    /// Sweeps some span and files it; false if there is none left to take.
    pub(crate) fn sweep_one(&self) -> bool {
        self.next_unswept(|sc| self.take_unswept(sc).map(|s| self.sweep_and_file(s, sc))).is_some()
    }

    /// Goes through the classes, from where the last sweeper was, until `take` finds something.
    fn next_unswept<T>(&self, mut take: impl FnMut(usize) -> Option<T>) -> Option<T> {
        if !self.sweeps.any() {
            return None;
        }
        let from = self.cursor.load(Ordering::Relaxed);
        (0..NUM_SC).map(|k| (from + k) % NUM_SC).find_map(|sc| {
            let found = take(sc)?;
            self.cursor.store(sc, Ordering::Relaxed);
            Some(found)
        })
    }

    /// Sweeps some spans of one class; false if there is none left to take. For those who sweep in the background: the lock of the class
    /// is taken twice only, or else a goroutine that wants it would hardly get it between two turns of the sweeper.
    pub(crate) fn sweep_batch(&self) -> bool {
        let taken = self.next_unswept(|sc| {
            let mut c = lock(&self.central[sc]);
            let next = || c.take_unswept().inspect(|_| self.sweeps.claimed());
            let spans: Vec<SpanPtr> = std::iter::from_fn(next).take(BATCH).collect();
            (!spans.is_empty()).then_some((spans, sc))
        });
        let Some((spans, sc)) = taken else { return false };
        let kept: Vec<(SpanPtr, bool)> = spans.iter().filter_map(|&s| Some((s, self.sweep(s)?))).collect();
        let mut c = lock(&self.central[sc]);
        kept.into_iter().for_each(|(s, free)| c.file(s, free));
        drop(c);
        spans.iter().for_each(|_| self.swept_one());
        true
    }

    /// Sweeps a span taken from the unswept ones; answers whether it has free objects. `None`: it had no others, and is no more.
    fn sweep(&self, s: SpanPtr) -> Option<bool> {
        let left = self.sweep_span(s);
        if left == 0 {
            self.free_span(s);
            return None;
        }
        // SAFETY: ours since it was taken.
        Some(left < unsafe { (*s.0).nelems as usize })
    }

    /// The same, and puts it where it belongs; answers the pages this freed.
    pub(crate) fn sweep_and_file(&self, s: SpanPtr, sc: usize) -> usize {
        // SAFETY: ours since it was taken.
        let pages = unsafe { (*s.0).npages };
        let freed = match self.sweep(s) {
            Some(free) => {
                lock(&self.central[sc]).file(s, free);
                0
            }
            None => pages,
        };
        self.swept_one();
        freed
    }

    /// After marking, with the world stopped and no cache holding a span: everything is to be swept.
    pub(crate) fn all_unswept(&self) {
        let mut n = 0;
        for c in self.central.iter() {
            let mut c = lock(c);
            debug_assert!(c.unswept.iter().all(Vec::is_empty));
            let c = &mut *c;
            std::mem::swap(&mut c.partial, &mut c.unswept[0]);
            std::mem::swap(&mut c.full, &mut c.unswept[1]);
            n += c.unswept[0].len() + c.unswept[1].len();
        }
        self.sweeps.begin(n);
        self.cursor.store(0, Ordering::Relaxed);
    }

    /// A fresh span for a class.
    fn new_span(&self, sc: usize) -> SpanPtr {
        let class = sc >> 1;
        let n = PAGES[class] as usize;
        let (base, dirty) = self.take_pages(n);
        self.enter_span(
            Span {
                base,
                npages: n,
                sc: sc as u8,
                elemsize: class::SIZE[class] as usize,
                nelems: span::objects(class) as u32,
                needzero: dirty,
                in_use: true,
                ..Span::blank()
            },
            None,
        )
    }

    pub(crate) fn take_pages(&self, n: usize) -> (usize, bool) {
        if self.gc.beyond_limit(&self.pages, n) {
            crate::gc::out_of_memory(&self.gc, n * class::PAGE, &self.pages);
        }
        match self.pages.take(n) {
            Some(r) => r,
            None => crate::gc::out_of_memory(&self.gc, n * class::PAGE, &self.pages),
        }
    }

    /// Gives a span its record and makes its pages name it. A large one goes to its list at once.
    pub(crate) fn enter_span(&self, span: Span, list: Option<usize>) -> SpanPtr {
        let spare = {
            let mut r = lock(&self.records);
            if r.spare.is_empty() {
                let mut block = Box::new([const { Span::blank() }; BLOCK]);
                let first = block.as_mut_ptr();
                // SAFETY: within the block.
                r.spare.extend((0..BLOCK).rev().map(|i| SpanPtr(unsafe { first.add(i) })));
                r.blocks.push(block);
            }
            r.spare.pop()
        };
        let Some(s) = spare else { unreachable!("a block was just added") };
        let (base, n, sc) = (span.base, span.npages, span.sc);
        // SAFETY: a spare record is nobody else's.
        unsafe { *s.0 = span };
        self.pages.set_span(s.0, base, n, sc);
        if let Some(sc) = list {
            self.put_full(s, sc);
        }
        s
    }

    /// Frees an empty span that the caller owns.
    fn free_span(&self, s: SpanPtr) {
        // SAFETY: ours, without objects; nobody refers to it after this.
        unsafe {
            (*s.0).in_use = false;
            self.pages.free((*s.0).base, (*s.0).npages);
        }
        lock(&self.records).spare.push(s);
    }

    /// Visits every span in use. No one may allocate or sweep meanwhile.
    pub(crate) fn each_span(&self, mut f: impl FnMut(&Span)) {
        for s in lock(&self.records).blocks.iter().flat_map(|b| b.iter()).filter(|s| s.in_use) {
            f(s);
        }
    }

    /// The last word of the allocated object an address is in, where [`super::Heap::alloc_noted`] leaves its note. Of other objects it
    /// holds anything.
    pub(crate) fn note(&self, addr: usize) -> Option<*mut u64> {
        let (span, i) = self.lookup(addr)?;
        Some((span.base + (i + 1) * span.elemsize - 8) as *mut u64)
    }

    /// Span and number of the allocated object an address is in.
    pub(crate) fn lookup(&self, addr: usize) -> Option<(&Span, usize)> {
        let e = self.pages.entry(addr);
        if e == 0 {
            return None;
        }
        // SAFETY: entries name spans in use.
        let s = unsafe { &*((e & super::pages::SPAN_MASK) as *const Span) };
        let i = (addr - s.base) / s.elemsize;
        (i < s.nelems as usize && s.is_allocated(i)).then_some((s, i))
    }
}
