//! A span: a run of pages cut into equal objects, or one large object.
//!
//! Two bits per object, kept in pairs of words so that a marker touches one cache line: *alloc* (handed out since the span was
//! last swept, or survived it) and *mark*. While a span is in the allocation cache the bits of the window in use are all set in
//! *alloc*; the cache gives back what it did not use when it is flushed.

use super::class::{PAGE, PAGES, SIZE};
use crate::object::types::RType;

/// Most objects a span can have (8-byte objects in one page).
pub const MAX_OBJECTS: usize = PAGE / 8;

/// Alloc and mark bits of 64 objects.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Bits {
    /// Handed out.
    pub alloc: u64,
    /// Reached.
    pub mark: u64,
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
    /// Position in the heap's list of spans.
    pub pos: u32,
    /// Pages.
    pub npages: usize,
    /// Large objects: the type whose pointer map repeats, null for noscan.
    pub large_type: *const RType,
    /// Bits of 64 objects each.
    pub bits: [Bits; MAX_OBJECTS / 64],
}

impl Span {
    /// An unused span.
    pub fn blank() -> Span {
        Span {
            base: 0,
            elemsize: 0,
            nelems: 0,
            sc: 0,
            needzero: false,
            pos: 0,
            npages: 0,
            large_type: std::ptr::null(),
            bits: [Bits::default(); MAX_OBJECTS / 64],
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
