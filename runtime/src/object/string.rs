//! Strings: concatenation, conversion, runes.

use std::sync::OnceLock;

use super::registry::Registry;
use super::types::TypeRef;
use crate::heap::Heap;

/// Replacement for what is not UTF-8.
pub const RUNE_ERROR: u32 = 0xfffd;

/// Layout of a string in memory, for allocations made by the runtime itself.
pub fn string_layout() -> TypeRef {
    static T: OnceLock<TypeRef> = OnceLock::new();
    T.get_or_init(|| Registry::layout_only("string", 16, &[0]))
}

/// A Go string as two words.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Str {
    /// Address, 0 for the empty string.
    pub ptr: u64,
    /// Length in bytes.
    pub len: u64,
}

impl Str {
    /// The bytes.
    ///
    /// # Safety
    /// The words are those of a Go string that stays reachable for `'a`.
    #[inline]
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(self.ptr as *const u8, self.len as usize) }
    }
}

/// A new string with this content.
pub fn new_string(heap: &mut Heap, b: &[u8]) -> Str {
    if b.is_empty() {
        return Str { ptr: 0, len: 0 };
    }
    let p = heap.alloc_bytes_uninit(b.len());
    // SAFETY: fresh memory of that size.
    unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), p, b.len()) };
    Str { ptr: p as u64, len: b.len() as u64 }
}

/// Memory of a `[]string` with this content.
pub fn new_string_array<S: AsRef<[u8]>>(heap: &mut Heap, v: &[S]) -> u64 {
    let p = heap.alloc_array(string_layout(), v.len()) as *mut Str;
    for (i, s) in v.iter().enumerate() {
        let s = new_string(heap, s.as_ref());
        // SAFETY: i < the number of strings allocated.
        unsafe { p.add(i).write(s) };
    }
    p as u64
}

/// Concatenation of `parts`. A single non-empty part is answered as it is.
///
/// # Safety
/// The parts are valid Go strings.
pub unsafe fn concat(heap: &mut Heap, parts: &[Str]) -> Str {
    let mut total = 0usize;
    let mut some = Str { ptr: 0, len: 0 };
    let mut n = 0;
    for &p in parts {
        if p.len > 0 {
            total += p.len as usize;
            some = p;
            n += 1;
        }
    }
    if n <= 1 {
        return some;
    }
    let base = heap.alloc_bytes_uninit(total);
    let mut at = base;
    // An empty string's pointer may be null, which is no source of a copy.
    for p in parts.iter().filter(|p| p.len > 0) {
        // SAFETY: the sum of the lengths was allocated.
        unsafe {
            std::ptr::copy_nonoverlapping(p.ptr as *const u8, at, p.len as usize);
            at = at.add(p.len as usize);
        }
    }
    Str { ptr: base as u64, len: total as u64 }
}

/// `string(rune)`.
pub fn from_rune(heap: &mut Heap, r: i64) -> Str {
    let mut buf = [0; 4];
    let n = encode_rune(if (0..=0x10ffff).contains(&r) { r as u32 } else { RUNE_ERROR }, &mut buf);
    new_string(heap, &buf[..n])
}

/// Appends the UTF-8 form; answers its length. Surrogates and values out of range become U+FFFD.
pub fn encode_rune(r: u32, buf: &mut [u8; 4]) -> usize {
    char::from_u32(r).unwrap_or('\u{fffd}').encode_utf8(buf).len()
}

/// `string([]rune)`.
pub fn from_runes(heap: &mut Heap, rs: &[i32]) -> Str {
    let mut v = Vec::with_capacity(rs.len());
    let mut buf = [0; 4];
    for &r in rs {
        let n = encode_rune(r as u32, &mut buf);
        v.extend_from_slice(&buf[..n]);
    }
    new_string(heap, &v)
}

/// First rune of non-empty `b` and its width; (U+FFFD, 1) where it is not UTF-8.
#[inline]
pub fn decode_rune(b: &[u8]) -> (u32, usize) {
    let b0 = b[0];
    if b0 < 0x80 { (b0 as u32, 1) } else { decode_multi(b) }
}

fn decode_multi(b: &[u8]) -> (u32, usize) {
    let cont = |i: usize| b.get(i).filter(|c| **c & 0xc0 == 0x80).map(|c| (*c & 0x3f) as u32);
    let bad = (RUNE_ERROR, 1);
    let b0 = b[0] as u32;
    match b[0] {
        0xc2..=0xdf => cont(1).map_or(bad, |c| ((b0 & 0x1f) << 6 | c, 2)),
        0xe0..=0xef => match (cont(1), cont(2)) {
            (Some(c), Some(d)) => {
                let r = (b0 & 0xf) << 12 | c << 6 | d;
                if r < 0x800 || (0xd800..0xe000).contains(&r) { bad } else { (r, 3) }
            }
            _ => bad,
        },
        0xf0..=0xf4 => match (cont(1), cont(2), cont(3)) {
            (Some(c), Some(d), Some(e)) => {
                let r = (b0 & 7) << 18 | c << 12 | d << 6 | e;
                if (0x10000..=0x10ffff).contains(&r) { (r, 4) } else { bad }
            }
            _ => bad,
        },
        _ => bad,
    }
}

/// `[]rune(s)`.
pub fn to_runes(b: &[u8]) -> Vec<i32> {
    let mut v = Vec::with_capacity(b.len());
    let mut i = 0;
    while i < b.len() {
        let (r, n) = decode_rune(&b[i..]);
        v.push(r as i32);
        i += n;
    }
    v
}
