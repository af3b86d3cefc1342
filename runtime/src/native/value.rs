//! Values behind pointers, for natives of reflect, fmt and errors.
//!
//! These methods take addresses and types that came in as arguments of the native; that they fit together is the promise
//! of the `.gol` code that declares the native, as it is for everything else in package unsafe.

use super::Call;
use crate::fault::Fault;
use crate::object::iface::Itab;
use crate::object::types::{DIRECT_IFACE, INLINE_IFACE, Kind, RType, TypeRef};
use crate::object::{alg, map};

/// Reads the register form of a value of at most 8 bytes.
///
/// # Safety
/// `p` points to a value of type `t`.
unsafe fn load_word(t: TypeRef, p: *const u8) -> u64 {
    let mut b = [0u8; 8];
    // SAFETY: `t.size` readable bytes, at most 8.
    unsafe { std::ptr::copy_nonoverlapping(p, b.as_mut_ptr(), t.size.min(8)) };
    let w = u64::from_le_bytes(b);
    match (t.kind.is_signed(), t.size) {
        (true, 1) => w as i8 as i64 as u64,
        (true, 2) => w as i16 as i64 as u64,
        (true, 4) => w as i32 as i64 as u64,
        _ => w,
    }
}

impl Call<'_> {
    /// Address of the memory image of the interface value (`ty`, `data`): of its box, or of a fresh copy.
    pub fn unpack(&mut self, ty: u64, data: u64) -> u64 {
        let Some(t) = RType::from_word(ty) else { return 0 };
        if t.size == 0 {
            return crate::heap::Heap::zero_base() as u64;
        }
        if t.flags & (DIRECT_IFACE | INLINE_IFACE) == 0 {
            return data;
        }
        let p = self.cx.heap.alloc(t);
        // SAFETY: fresh memory of `t.size` ≤ 8 bytes; little-endian register form.
        unsafe { std::ptr::copy_nonoverlapping(data.to_le_bytes().as_ptr(), p, t.size.min(8)) };
        p as u64
    }

    /// The `any` (type word, data word) of the value of type `t` at `p`; of an interface its dynamic value.
    pub fn pack(&mut self, t: TypeRef, p: u64) -> (u64, u64) {
        if t.kind == Kind::Interface {
            // SAFETY: an interface in memory is two words.
            let (w, d) = unsafe { (*(p as *const u64), *(p as *const u64).add(1)) };
            return (if t.is_eface() { w } else { Itab::type_word(w) }, d);
        }
        if t.size == 0 {
            return (t.word(), 0);
        }
        if t.flags & (DIRECT_IFACE | INLINE_IFACE) != 0 {
            // SAFETY: the caller's promise.
            return (t.word(), unsafe { load_word(t, p as *const u8) });
        }
        let to = self.cx.heap.alloc(t);
        // SAFETY: fresh memory of the type's size.
        unsafe { std::ptr::copy_nonoverlapping(p as *const u8, to, t.size) };
        (t.word(), to as u64)
    }

    /// Stores the `any` (`ty`, `data`) at `p`, of type `t`, if it is assignable by type identity or as an interface.
    pub fn assign(&mut self, t: TypeRef, ty: u64, data: u64, p: u64) -> bool {
        let Some(d) = RType::from_word(ty) else { return false };
        if t.kind == Kind::Interface {
            let word = if t.is_eface() {
                ty
            } else {
                match self.cx.itabs.get(t, d) {
                    Ok(tab) => tab.word(),
                    Err(_) => return false,
                }
            };
            // SAFETY: an interface in memory is two words.
            unsafe {
                *(p as *mut u64) = word;
                self.cx.heap.store_ptr((p as *mut u64).add(1), data);
            }
            return true;
        }
        if t != d {
            return false;
        }
        let from = self.unpack(ty, data);
        self.copy_values(t, p, from, 1);
        true
    }

    /// Copies `n` adjacent values of type `t`; the ranges may overlap.
    pub fn copy_values(&mut self, t: TypeRef, to: u64, from: u64, n: usize) {
        if t.size * n > 0 {
            // SAFETY: the caller's promise.
            unsafe { self.cx.heap.copy_over(to as *mut u8, from as *const u8, t.size * n) };
        }
    }

    /// Zeroes `n` adjacent values of type `t`.
    pub fn clear_values(&mut self, t: TypeRef, p: u64, n: usize) {
        if t.size * n > 0 {
            // SAFETY: the caller's promise.
            unsafe { self.cx.heap.clear_over(p as *mut u8, t.size * n) };
        }
    }

    /// Exchanges elements `i` and `j` of an array of `t` at `base`.
    pub fn swap_values(&mut self, t: TypeRef, base: u64, i: usize, j: usize) {
        if i != j && t.size > 0 {
            let p = base as *mut u8;
            // SAFETY: two different elements of one array.
            unsafe {
                let (p, q) = (p.add(i * t.size), p.add(j * t.size));
                self.cx.heap.before_write(p, t.size);
                self.cx.heap.before_write(q, t.size);
                if t.size.is_multiple_of(8) {
                    std::ptr::swap_nonoverlapping(p as *mut u64, q as *mut u64, t.size / 8);
                } else {
                    std::ptr::swap_nonoverlapping(p, q, t.size);
                }
            }
        }
    }

    /// Compares two values of type `t`.
    pub fn values_equal(&mut self, t: TypeRef, a: u64, b: u64) -> Result<bool, Fault> {
        // SAFETY: the caller's promise.
        unsafe { alg::equal(t, a as *const u8, b as *const u8) }
    }

    /// A hash of the value of type `t` at `p`; a fault if it cannot be a map key.
    pub fn value_hash(&mut self, t: TypeRef, p: u64, seed: u64) -> Result<u64, Fault> {
        // SAFETY: the caller's promise.
        unsafe { alg::hash(t, p as *const u8, seed) }
    }

    /// The 8-byte word at `p`.
    pub fn load_u64(&self, p: u64) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { (p as *const u64).read_unaligned() }
    }

    /// Stores the 8-byte word at `p`, which may be a pointer.
    pub fn store_u64(&mut self, p: u64, v: u64) {
        self.cx.heap.before_write(p as *const u8, 8);
        // SAFETY: the caller's promise.
        unsafe { (p as *mut u64).write_unaligned(v) }
    }

    /// The 4-byte word at `p`.
    pub fn load_u32(&self, p: u64) -> u32 {
        // SAFETY: the caller's promise.
        unsafe { (p as *const u32).read_unaligned() }
    }

    /// Stores the 4-byte word at `p`.
    pub fn store_u32(&mut self, p: u64, v: u32) {
        // SAFETY: the caller's promise.
        unsafe { (p as *mut u32).write_unaligned(v) }
    }

    /// Copies all entries of map `m` (type `t`) to two fresh arrays: (keys, elements, count).
    pub fn map_entries(&mut self, t: TypeRef, m: u64) -> (u64, u64, usize) {
        let n = map::len(m) as usize;
        let (Some(kt), et) = (t.key, t.elem()) else { return (0, 0, 0) };
        let keys = self.cx.heap.alloc_array(kt, n) as u64;
        let elems = self.cx.heap.alloc_array(et, n) as u64;
        let mut room = std::mem::MaybeUninit::<map::Iter>::uninit();
        let it = room.as_mut_ptr();
        let mut k = 0;
        // SAFETY: a map word of that type and an iterator of our own; no collection happens meanwhile.
        unsafe {
            map::iter_init(self.cx, m, it);
            while k < n && map::iter_next(t, it) {
                let (key, elem) = ((*it).key, (*it).elem);
                std::ptr::copy_nonoverlapping(key, (keys as *mut u8).add(k * kt.size), kt.size);
                std::ptr::copy_nonoverlapping(elem, (elems as *mut u8).add(k * et.size), et.size);
                k += 1;
            }
        }
        (keys, elems, k)
    }

    /// Address of the element of the key at `k`, or 0.
    pub fn map_get(&mut self, t: TypeRef, m: u64, k: u64) -> Result<u64, Fault> {
        // SAFETY: the caller's promise.
        unsafe { map::get(t, m, k as *const u8) }.map(|p| p as u64)
    }

    /// `m[*k] = *v`
    pub fn map_set(&mut self, t: TypeRef, m: u64, k: u64, v: u64) -> Result<(), Fault> {
        // SAFETY: the caller's promise.
        let p = unsafe { map::assign(self.cx, t, m, k as *const u8) }?;
        self.copy_values(t.elem(), p as u64, v, 1);
        Ok(())
    }

    /// `delete(m, *k)`
    pub fn map_delete(&mut self, t: TypeRef, m: u64, k: u64) -> Result<(), Fault> {
        // SAFETY: the caller's promise.
        unsafe { map::delete(&mut self.cx.heap, t, m, k as *const u8) }
    }

    /// `clear(m)`
    pub fn map_clear(&mut self, t: TypeRef, m: u64) {
        // SAFETY: the caller's promise.
        unsafe { map::clear(&mut self.cx.heap, t, m) }
    }

    /// A `[]string` argument at slot `i`, sorted in place.
    pub fn sort_strings(&mut self, i: usize) {
        let (p, n) = (self.word(i), self.word(i + 1) as usize);
        if n == 0 {
            return;
        }
        self.cx.heap.before_write(p as *const u8, n * 16);
        // SAFETY: a Go slice of strings: pairs of words.
        let pairs = unsafe { std::slice::from_raw_parts_mut(p as *mut [u64; 2], n) };
        pairs.sort_unstable_by(|a, b| {
            // SAFETY: Go strings, alive as long as the call.
            unsafe { super::bytes_at(a[0], a[1] as usize).cmp(super::bytes_at(b[0], b[1] as usize)) }
        });
    }

    /// A string result that is part of the string or byte slice argument in slot `arg`: no copy.
    pub fn ret_substr(&mut self, i: usize, arg: usize, lo: usize, hi: usize) {
        debug_assert!(lo <= hi && hi <= self.word(arg + 1) as usize);
        self.ret(i, if lo == hi { 0 } else { self.word(arg) + lo as u64 });
        self.ret(i + 1, (hi - lo) as u64);
    }

    /// A string result over text that lives forever.
    pub fn ret_static(&mut self, i: usize, s: &'static str) {
        self.ret(i, if s.is_empty() { 0 } else { s.as_ptr() as u64 });
        self.ret(i + 1, s.len() as u64);
    }

    /// The two words at `p`: an interface or a string header in memory.
    pub fn load_pair(&self, p: u64) -> (u64, u64) {
        (self.load_u64(p), self.load_u64(p + 8))
    }

    /// Bytes of the string whose header is at `p`.
    pub fn string_at<'b>(&self, p: u64) -> &'b [u8] {
        let (at, n) = self.load_pair(p);
        // SAFETY: a Go string header; its bytes live as long as the call.
        unsafe { super::bytes_at(at, n as usize) }
    }

    /// `append(b, more...)` for the `[]byte` argument at slot `arg`; the result slice goes to result slot `i`.
    pub fn ret_append(&mut self, i: usize, arg: usize, more: &[u8]) {
        let (mut p, len, mut cap) = self.slice(arg);
        let total = len + more.len();
        if total > cap {
            cap = crate::object::slice::next_cap(total, cap);
            let to = self.cx.heap.alloc_noscan(cap);
            // SAFETY: fresh memory of `cap` ≥ `len` bytes; the old bytes are a Go slice.
            unsafe { std::ptr::copy_nonoverlapping(p as *const u8, to, len) };
            p = to as u64;
        }
        if !more.is_empty() {
            // SAFETY: `cap` bytes at `p`, of which the slice owns those behind its length.
            unsafe { std::ptr::copy_nonoverlapping(more.as_ptr(), (p as *mut u8).add(len), more.len()) };
        }
        self.ret_slice(i, p, total, cap);
    }
}
