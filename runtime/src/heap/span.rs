//! A span: a run of pages cut into equal objects, or one large object.
//!
//! Two bits per object, kept in pairs of words so that a marker touches one cache line: *alloc* (handed out since the span was
//! last swept, or survived it) and *mark*. While a span is in the allocation cache the bits of the window in use are all set in
//! *alloc*; the cache gives back what it did not use when it is flushed.
//!
//! Who writes: *alloc* only the span's owner (the cache that has it, or whoever took it from a central list to sweep it). *mark*
//! every marker, and while marking also the owner: what it hands out is black. Both are one atomic word per 64 objects.

use std::sync::atomic::{AtomicU64, Ordering};

use super::class::{PAGE, PAGES, SIZE};
use crate::object::types::RType;

/// Most objects a span can have (8-byte objects in one page).
pub const MAX_OBJECTS: usize = PAGE / 8;

/// Alloc and mark bits of 64 objects.
#[repr(C)]
#[derive(Default)]
pub struct Bits {
    /// Handed out.
    pub alloc: AtomicU64,
    /// Reached.
    pub mark: AtomicU64,
}

impl Bits {
    /// The alloc word.
    #[inline(always)]
    pub fn allocated(&self) -> u64 {
        self.alloc.load(Ordering::Relaxed)
    }
    /// The mark word.
    #[inline(always)]
    pub fn marked(&self) -> u64 {
        self.mark.load(Ordering::Relaxed)
    }
    /// Sets the alloc word; the span's owner only.
    #[inline(always)]
    pub fn set_allocated(&self, w: u64) {
        self.alloc.store(w, Ordering::Relaxed);
    }
}

/// See the module.
#[repr(C, align(64))]
pub struct Span {
    /// First byte.
    pub base: usize,
    /// Bytes per object.
    pub elemsize: usize,
    /// Objects.
    pub nelems: u32,
    /// `class << 1 | noscan`; class 0 is a large object.
    pub sc: u8,
    /// Memory may be dirty: zero objects as they are handed out.
    pub needzero: bool,
    /// In use: its pages name it.
    pub in_use: bool,
    /// Pages.
    pub npages: usize,
    /// Large objects: the type whose pointer map repeats, null for noscan.
    pub large_type: *const RType,
    /// Bits of 64 objects each.
    pub bits: [Bits; MAX_OBJECTS / 64],
}

// SAFETY: one owner at a time writes the plain fields; types live forever; everything else is atomic.
unsafe impl Send for Span {}
// SAFETY: as above.
unsafe impl Sync for Span {}

impl Span {
    /// An unused span.
    pub const fn blank() -> Span {
        Span {
            base: 0,
            elemsize: 0,
            nelems: 0,
            sc: 0,
            needzero: false,
            in_use: false,
            npages: 0,
            large_type: std::ptr::null(),
            bits: [const { Bits { alloc: AtomicU64::new(0), mark: AtomicU64::new(0) } }; MAX_OBJECTS / 64],
        }
    }

    /// Words of bits in use.
    #[inline]
    pub fn words(&self) -> usize {
        (self.nelems as usize).div_ceil(64)
    }

    /// Bits of real objects in word `w`.
    #[inline]
    pub fn valid(&self, w: usize) -> u64 {
        let left = self.nelems as usize - w * 64;
        if left >= 64 { !0 } else { (1 << left) - 1 }
    }

    /// Whether object `i` was handed out.
    #[inline]
    pub fn is_allocated(&self, i: usize) -> bool {
        self.bits[i / 64].allocated() >> (i % 64) & 1 != 0
    }

    /// Whether object `i` was reached.
    #[inline]
    pub fn is_marked(&self, i: usize) -> bool {
        self.bits[i / 64].marked() >> (i % 64) & 1 != 0
    }

    /// Marks object `i`; answers whether it was not.
    #[inline]
    pub fn set_mark(&self, i: usize) -> bool {
        let bit = 1 << (i % 64);
        self.bits[i / 64].mark.fetch_or(bit, Ordering::Relaxed) & bit == 0
    }
}

/// What it takes to find an object's beginning.
#[derive(Clone, Copy)]
pub struct Divide {
    /// `offset * magic >> 32` is the object's number.
    pub magic: u32,
    /// Bytes per object.
    pub size: u32,
}

/// By class; as long as a seven-bit class number can reach.
pub static DIVIDE: [Divide; 128] = {
    let mut t = [Divide { magic: 0, size: 0 }; 128];
    let mut c = 1;
    while c < super::class::NUM_CLASSES {
        t[c] = Divide { magic: (!0u32 / SIZE[c] as u32) + 1, size: SIZE[c] as u32 };
        c += 1;
    }
    t
};

/// Objects in a span of this class.
pub fn objects(class: usize) -> usize {
    PAGES[class] as usize * PAGE / SIZE[class] as usize
}
