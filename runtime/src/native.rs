//! Natives: Rust functions behind body-less Go functions.
//!
//! A native gets its argument slots, fills its result slots, and never calls Go code. It finishes, parks its goroutine, or
//! gives up its turn. While a native runs its goroutine's frames keep what its arguments name alive, so words and byte slices it reads stay
//! valid until it returns; a native that parks finds its arguments where they were (the frame is scanned while it waits).

mod atomic;
pub mod chan;
mod value;

use std::borrow::Cow;

use crate::cx::Cx;
use crate::fault::Fault;
use crate::fiber::WaitReason;
use crate::object::types::{RType, TypeRef};

/// A native function.
pub type NativeFn = fn(&mut Call<'_>) -> Ret;

/// Rows `("pkg/path.Func" or "pkg/path.Type.Method", function)`.
pub type NativeTable = &'static [(&'static str, NativeFn)];

/// How a native ended.
#[derive(Debug)]
pub enum Ret {
    /// Results are set.
    Done,
    /// The goroutine waits; when readied it goes on behind the call (results as set so far).
    Park(WaitReason),
    /// The goroutine waits; when readied the native is called again with the same arguments.
    ParkRetry(WaitReason),
    /// Results are set; let others run.
    Yield,
    /// Panic with this fault.
    Panic(Fault),
    /// Panic with an interface value (type word, data word).
    PanicValue(u64, u64),
    /// The process ends.
    Exit(i32),
    /// runtime.Goexit.
    Goexit,
}

impl From<Fault> for Ret {
    fn from(f: Fault) -> Ret {
        Ret::Panic(f)
    }
}

/// One call of a native: its slots and the process.
pub struct Call<'a> {
    /// The process.
    pub cx: &'a mut Cx,
    slots: *mut u64,
    nargs: usize,
    nresults: usize,
}

impl<'a> Call<'a> {
    /// Over a frame window: `nargs` argument slots, then `nresults` result slots.
    ///
    /// # Safety
    /// `slots` must be valid for `nargs + nresults` words for the life of the call, holding what the native's Go declaration says.
    #[inline]
    pub unsafe fn new(cx: &'a mut Cx, slots: *mut u64, nargs: usize, nresults: usize) -> Call<'a> {
        Call { cx, slots, nargs, nresults }
    }

    /// Keeps something until this native is called again after `Ret::ParkRetry`, which takes it back by [`Call::take_kept`].
    pub fn keep<T: std::any::Any + Send>(&mut self, what: T) {
        self.cx.sched.cur().set_answer(Box::new(what));
    }

    /// What was kept, if it was a `T`.
    pub fn take_kept<T: std::any::Any + Send>(&mut self) -> Option<T> {
        self.cx.sched.cur().take_answer()?.downcast().ok().map(|b| *b)
    }

    /// Argument slots in all.
    pub fn nargs(&self) -> usize {
        self.nargs
    }

    /// Argument slot `i` as it is.
    #[inline]
    #[track_caller]
    pub fn word(&self, i: usize) -> u64 {
        assert!(i < self.nargs);
        // SAFETY: in range; `new` promises validity.
        unsafe { *self.slots.add(i) }
    }
    /// Signed integer argument.
    #[inline]
    pub fn int(&self, i: usize) -> i64 {
        self.word(i) as i64
    }
    /// Unsigned integer argument.
    #[inline]
    pub fn uint(&self, i: usize) -> u64 {
        self.word(i)
    }
    /// bool argument.
    #[inline]
    pub fn bool(&self, i: usize) -> bool {
        self.word(i) as u8 != 0
    }
    /// float64 argument.
    #[inline]
    pub fn f64(&self, i: usize) -> f64 {
        f64::from_bits(self.word(i))
    }
    /// float32 argument.
    #[inline]
    pub fn f32(&self, i: usize) -> f32 {
        f32::from_bits(self.word(i) as u32)
    }
    /// Bytes of a string or of a `[]byte`, whose first slot is `i`.
    #[inline]
    pub fn bytes(&self, i: usize) -> &'a [u8] {
        let (p, n) = (self.word(i), self.word(i + 1));
        // SAFETY: a Go string or byte slice, alive as long as the call.
        unsafe { bytes_at(p, n as usize) }
    }
    /// Bytes of a `[]byte` to be written.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub fn bytes_mut(&mut self, i: usize) -> &'a mut [u8] {
        let (p, n) = (self.word(i), self.word(i + 1));
        if n == 0 {
            return &mut [];
        }
        // SAFETY: a Go byte slice, alive as long as the call; Go memory may alias, natives do not hold two overlapping views.
        unsafe { std::slice::from_raw_parts_mut(p as *mut u8, n as usize) }
    }
    /// Text of a string argument; invalid UTF-8 is replaced.
    pub fn str(&self, i: usize) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes(i))
    }
    /// (ptr, len, cap) of a slice argument.
    #[inline]
    pub fn slice(&self, i: usize) -> (u64, usize, usize) {
        (self.word(i), self.word(i + 1) as usize, self.word(i + 2) as usize)
    }
    /// A slice of 8-byte words (`[]int`, `[]uint64`, `[]float64` bits).
    pub fn words(&self, i: usize) -> &'a [u64] {
        let (p, n) = (self.word(i), self.word(i + 1));
        if n == 0 {
            return &[];
        }
        // SAFETY: a Go slice of word-sized elements, alive as long as the call.
        unsafe { std::slice::from_raw_parts(p as *const u64, n as usize) }
    }
    /// A slice of 8-byte words to be written.
    #[allow(clippy::mut_from_ref)]
    pub fn words_mut(&mut self, i: usize) -> &'a mut [u64] {
        let (p, n) = (self.word(i), self.word(i + 1));
        if n == 0 {
            return &mut [];
        }
        // SAFETY: as `words`, and see `bytes_mut` about aliasing.
        unsafe { std::slice::from_raw_parts_mut(p as *mut u64, n as usize) }
    }
    /// A `[]string` argument.
    pub fn strings(&self, i: usize) -> Vec<&'a [u8]> {
        let (p, n) = (self.word(i), self.word(i + 1) as usize);
        // SAFETY: a Go slice of strings: pairs of words.
        (0..n)
            .map(|k| unsafe {
                let q = (p as *const u64).add(2 * k);
                bytes_at(*q, *q.add(1) as usize)
            })
            .collect()
    }
    /// The type whose word is in slot `i` (dynamic type of an `any`, or an rtype pointer).
    pub fn type_at(&self, i: usize) -> Option<TypeRef> {
        RType::from_word(self.word(i))
    }

    /// Sets result slot `i` (0 is the first result slot).
    #[inline]
    #[track_caller]
    pub fn ret(&mut self, i: usize, w: u64) {
        assert!(i < self.nresults);
        // SAFETY: in range; `new` promises validity.
        unsafe { *self.slots.add(self.nargs + i) = w }
    }
    /// Signed result (already in range of its Go type).
    #[inline]
    pub fn ret_int(&mut self, i: usize, v: i64) {
        self.ret(i, v as u64)
    }
    /// bool result.
    #[inline]
    pub fn ret_bool(&mut self, i: usize, v: bool) {
        self.ret(i, v as u64)
    }
    /// float64 result.
    #[inline]
    pub fn ret_f64(&mut self, i: usize, v: f64) {
        self.ret(i, v.to_bits())
    }
    /// float32 result.
    #[inline]
    pub fn ret_f32(&mut self, i: usize, v: f32) {
        self.ret(i, v.to_bits() as u64)
    }
    /// A new string, two slots.
    pub fn ret_str(&mut self, i: usize, s: impl AsRef<[u8]>) {
        let s = s.as_ref();
        let p = self.new_bytes(s);
        self.ret(i, if s.is_empty() { 0 } else { p });
        self.ret(i + 1, s.len() as u64);
    }
    /// A new `[]byte` with this content, three slots; nil if `b` is None.
    pub fn ret_bytes(&mut self, i: usize, b: &[u8]) {
        let p = self.new_bytes(b);
        self.ret_slice(i, p, b.len(), b.len());
    }
    /// Three slots of a slice header.
    pub fn ret_slice(&mut self, i: usize, p: u64, len: usize, cap: usize) {
        self.ret(i, p);
        self.ret(i + 1, len as u64);
        self.ret(i + 2, cap as u64);
    }
    /// A new `[]string`, three slots.
    pub fn ret_strings<S: AsRef<[u8]>>(&mut self, i: usize, v: &[S]) {
        let p = crate::object::string::new_string_array(&mut self.cx.heap, v);
        self.ret_slice(i, p, v.len(), v.len());
    }
    /// A new slice of words (`[]int`, `[]float64` bits), three slots.
    pub fn ret_words(&mut self, i: usize, v: &[u64]) {
        let p = self.cx.heap.alloc_noscan(v.len() * 8);
        // SAFETY: fresh memory of that size.
        unsafe { std::ptr::copy_nonoverlapping(v.as_ptr(), p as *mut u64, v.len()) };
        self.ret_slice(i, p as u64, v.len(), v.len());
    }
    /// A nil interface, func, pointer...: `n` zero slots from `i`.
    pub fn ret_zero(&mut self, i: usize, n: usize) {
        for k in i..i + n {
            self.ret(k, 0);
        }
    }
    /// Copies bytes into new heap memory and answers its address.
    pub fn new_bytes(&mut self, b: &[u8]) -> u64 {
        let p = self.cx.heap.alloc_noscan(b.len());
        // SAFETY: fresh memory of that size.
        unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), p, b.len()) };
        p as u64
    }
}

/// # Safety
/// `p` points to `n` readable bytes that outlive `'a`, or `n` is 0.
#[inline]
unsafe fn bytes_at<'a>(p: u64, n: usize) -> &'a [u8] {
    if n == 0 {
        return &[];
    }
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(p as *const u8, n) }
}
