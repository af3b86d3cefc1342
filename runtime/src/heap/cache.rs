//! The allocation cache: per span class, one span and a window of 64 of its objects. The fast path is a bit scan.

use super::class::{NUM_CLASSES, SIZE};
use super::span::Span;

/// Span classes: class × noscan.
pub const NUM_SC: usize = NUM_CLASSES * 2;

/// One span class's place in the cache.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Slot {
    /// Free objects of the window.
    pub free: u64,
    /// Address of the window's first object.
    pub window: usize,
    /// Bytes per object.
    pub elemsize: u32,
    /// Objects must be zeroed.
    pub needzero: bool,
    /// Number of the window.
    pub w: u32,
    /// Free objects when the window was loaded, for statistics.
    pub loaded: u32,
    /// The span, null at first.
    pub span: *mut Span,
}

impl Slot {
    /// An empty one.
    pub const fn new(sc: usize) -> Slot {
        Slot {
            free: 0,
            window: 0,
            elemsize: SIZE[sc >> 1] as u32,
            needzero: false,
            w: 0,
            loaded: 0,
            span: std::ptr::null_mut(),
        }
    }

    /// Objects handed out of the window.
    #[inline]
    pub fn taken(&self) -> u32 {
        self.loaded - self.free.count_ones()
    }
}
