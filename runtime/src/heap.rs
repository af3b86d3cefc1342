//! Allocation. Memory is zeroed and stays where it is.

pub mod class;

use crate::cx::PollWord;
use crate::object::types::TypeRef;

/// What every zero-size value's address is.
static ZERO_BASE: u64 = 0;

/// The collected heap of one process.
pub struct Heap {
    #[allow(dead_code)]
    poll: PollWord,
}

impl Heap {
    /// An empty heap that asks for collections through `poll`.
    pub fn new(poll: PollWord) -> Heap {
        Heap { poll }
    }

    /// One zeroed value of type `t`.
    #[inline]
    pub fn alloc(&mut self, t: TypeRef) -> *mut u8 {
        self.raw(t.size)
    }

    /// `n` zeroed values of type `t` behind each other. The product must not overflow (see `object::slice::check_make`).
    #[inline]
    pub fn alloc_array(&mut self, t: TypeRef, n: usize) -> *mut u8 {
        self.raw(t.size * n)
    }

    /// `size` zeroed bytes that will never hold pointers.
    #[inline]
    pub fn alloc_noscan(&mut self, size: usize) -> *mut u8 {
        self.raw(size)
    }

    /// `size` zeroed bytes whose pointer map is `t`'s, repeated (`size` ≥ `t.size`: slack of a grown slice).
    pub fn alloc_sized(&mut self, size: usize, t: TypeRef) -> *mut u8 {
        let _ = t;
        self.raw(size)
    }

    /// Housekeeping when nothing else runs; answers whether it did something worth looking again.
    pub fn background(&mut self, _force: bool) -> bool {
        false
    }

    /// Address of zero-size values.
    pub fn zero_base() -> *mut u8 {
        &raw const ZERO_BASE as *mut u8
    }

    fn raw(&mut self, size: usize) -> *mut u8 {
        if size == 0 {
            return Heap::zero_base();
        }
        Box::leak(vec![0u64; size.div_ceil(8)].into_boxed_slice()).as_mut_ptr() as *mut u8
    }
}
