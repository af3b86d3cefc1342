//! Slices: make, growth as Go grows them, copy.

use super::types::TypeRef;
use crate::fault::Fault;
use crate::heap::Heap;
use crate::heap::class::round_up_size;

/// Largest allocation Go's make accepts (48-bit address space).
pub const MAX_ALLOC: usize = 1 << 48;

/// A slice header.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Slice {
    /// First element.
    pub ptr: u64,
    /// Length.
    pub len: u64,
    /// Capacity.
    pub cap: u64,
}

/// `make([]T, len, cap)`: checks as Go does, then allocates.
pub fn make(heap: &mut Heap, t: TypeRef, len: i64, cap: i64) -> Result<Slice, Fault> {
    make_in(t, len, cap, |n| heap.alloc_array(t, n))
}

/// The same; the array remembers the place `pc` ([`Heap::alloc_noted`]).
pub fn make_noted(heap: &mut Heap, t: TypeRef, len: i64, cap: i64, pc: usize) -> Result<Slice, Fault> {
    make_in(t, len, cap, |n| heap.alloc_noted(t, n, pc))
}

#[inline]
fn make_in(t: TypeRef, len: i64, cap: i64, alloc: impl FnOnce(usize) -> *mut u8) -> Result<Slice, Fault> {
    let fits = |n: i64| n >= 0 && (n as usize).checked_mul(t.size).is_some_and(|b| b <= MAX_ALLOC);
    if !fits(cap) || len < 0 || len > cap {
        return Err(if fits(len) { Fault::makeslice_cap() } else { Fault::makeslice_len() });
    }
    let p = alloc(cap as usize);
    Ok(Slice { ptr: p as u64, len: len as u64, cap: cap as u64 })
}

/// A slice with room for `new_len` elements and the old ones copied: append's slow path. The length of the answer is
/// `new_len`; elements between the old length and it are zero.
///
/// # Safety
/// `old` is a valid slice of `t`, `new_len > old.cap`.
pub unsafe fn grow(heap: &mut Heap, t: TypeRef, old: Slice, new_len: u64) -> Result<Slice, Fault> {
    if new_len > i64::MAX as u64 {
        return Err(Fault::growslice_len());
    }
    if t.size == 0 {
        let p = if old.ptr == 0 { Heap::zero_base() as u64 } else { old.ptr };
        return Ok(Slice { ptr: p, len: new_len, cap: new_len });
    }
    let want = next_cap(new_len as usize, old.cap as usize);
    let Some(bytes) = want.checked_mul(t.size).filter(|b| *b <= MAX_ALLOC) else {
        return Err(Fault::growslice_len());
    };
    let bytes = round_up_size(bytes, t.noscan());
    let cap = bytes / t.size;
    let used = old.len as usize * t.size;
    let p = if t.noscan() { heap.alloc_bytes_uninit(bytes) } else { heap.alloc_sized(cap * t.size, t) };
    // SAFETY: the new memory is at least as long as the old content.
    unsafe {
        std::ptr::copy_nonoverlapping(old.ptr as *const u8, p, used);
        if t.noscan() {
            std::ptr::write_bytes(p.add(used), 0, bytes - used);
        }
    }
    Ok(Slice { ptr: p as u64, len: new_len, cap: cap as u64 })
}

/// Go's growth: double below 256 elements, then by a quarter plus 192, smoothly.
pub fn next_cap(new_len: usize, old_cap: usize) -> usize {
    const THRESHOLD: usize = 256;
    let double = old_cap.saturating_add(old_cap);
    if new_len > double {
        return new_len;
    }
    if old_cap < THRESHOLD {
        return double;
    }
    let mut cap = old_cap;
    loop {
        cap += (cap + 3 * THRESHOLD) >> 2;
        if cap >= new_len {
            return cap;
        }
    }
}

/// `copy(dst, src)` of elements of `size` bytes, overlapping or not; answers how many were copied.
///
/// # Safety
/// The addresses and lengths are those of valid slices (or strings) of that element size.
#[inline]
pub unsafe fn copy(dst: u64, dst_len: u64, src: u64, src_len: u64, size: usize) -> u64 {
    let n = dst_len.min(src_len);
    if n > 0 && size > 0 && dst != src {
        // SAFETY: n elements are valid at both ends.
        unsafe { std::ptr::copy(src as *const u8, dst as *mut u8, n as usize * size) };
    }
    n
}
