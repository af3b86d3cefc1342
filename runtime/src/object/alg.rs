//! Hash and equality by type, over memory images.
//!
//! Equality of interfaces holding uncomparable types and hashing of unhashable ones are run-time panics, so both answers are
//! `Result`s. Zeros of either sign are equal and hash alike; a NaN equals nothing and hashes to a random number.

use super::iface::Itab;
use super::types::{Alg, Kind, RType, TypeRef};
use crate::fault::Fault;

/// Mixes two words (the multiply-and-fold of wyhash).
#[inline]
pub fn mix(a: u64, b: u64) -> u64 {
    let m = (a as u128).wrapping_mul(b as u128);
    m as u64 ^ (m >> 64) as u64
}

const K0: u64 = 0xa076_1d64_78bd_642f;
const K1: u64 = 0xe703_7ed1_a0b4_28db;
const K2: u64 = 0x8ebc_6af0_9c88_c6e3;

/// Hash of one word.
#[inline]
pub fn hash_u64(x: u64, seed: u64) -> u64 {
    mix(x ^ K0, seed ^ K1)
}

/// Hash of bytes.
#[inline]
pub fn hash_bytes(b: &[u8], seed: u64) -> u64 {
    let rd8 = |b: &[u8]| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
    let rd4 = |b: &[u8]| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as u64;
    let n = b.len();
    let mut seed = seed ^ K0;
    let (x, y) = if n <= 16 {
        if n >= 8 {
            (rd8(b), rd8(&b[n - 8..]))
        } else if n >= 4 {
            (rd4(b), rd4(&b[n - 4..]))
        } else if n > 0 {
            ((b[0] as u64) << 16 | (b[n >> 1] as u64) << 8 | b[n - 1] as u64, 0)
        } else {
            (0, 0)
        }
    } else {
        let mut p = b;
        while p.len() > 16 {
            seed = mix(rd8(p) ^ K1, rd8(&p[8..]) ^ seed);
            p = &p[16..];
        }
        (rd8(&b[n - 16..]), rd8(&b[n - 8..]))
    };
    mix(K2 ^ n as u64, mix(x ^ K1, y ^ seed))
}

fn nan_hash() -> u64 {
    use std::cell::Cell;
    thread_local!(static N: Cell<u64> = const { Cell::new(0x9e37_79b9_7f4a_7c15) });
    N.with(|n| {
        n.set(n.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        mix(n.get(), K2)
    })
}

/// Hash of a float64 given by its bits.
#[inline]
pub fn hash_f64(v: f64, seed: u64) -> u64 {
    if v == 0.0 {
        hash_u64(0, seed)
    } else if v.is_nan() {
        nan_hash()
    } else {
        hash_u64(v.to_bits(), seed)
    }
}

/// Hash of a value in memory.
///
/// # Safety
/// `p` points to a valid value of type `t`.
pub unsafe fn hash(t: TypeRef, p: *const u8, seed: u64) -> Result<u64, Fault> {
    // SAFETY: the caller's promise; every read stays within `t.size` bytes of `p`.
    unsafe {
        Ok(match t.alg {
            Alg::None => return Err(Fault::unhashable(t.string)),
            Alg::Zero => hash_u64(0, seed),
            Alg::Mem8 => hash_u64(*p as u64, seed),
            Alg::Mem16 => hash_u64((p as *const u16).read_unaligned() as u64, seed),
            Alg::Mem32 => hash_u64((p as *const u32).read_unaligned() as u64, seed),
            Alg::Mem64 => hash_u64((p as *const u64).read_unaligned(), seed),
            Alg::Mem => hash_bytes(std::slice::from_raw_parts(p, t.size), seed),
            Alg::String => {
                let q = p as *const u64;
                hash_bytes(str_bytes(*q, *q.add(1)), seed)
            }
            Alg::Eface => {
                let q = p as *const u64;
                hash_eface(*q, *q.add(1), seed)?
            }
            Alg::Iface => {
                let q = p as *const u64;
                hash_eface(Itab::type_word(*q), *q.add(1), seed)?
            }
            Alg::F32 => hash_f64((p as *const f32).read_unaligned() as f64, seed),
            Alg::F64 => hash_f64((p as *const f64).read_unaligned(), seed),
            Alg::C64 => {
                let q = p as *const f32;
                hash_f64(q.add(1).read_unaligned() as f64, hash_f64(q.read_unaligned() as f64, seed))
            }
            Alg::C128 => {
                let q = p as *const f64;
                hash_f64(q.add(1).read_unaligned(), hash_f64(q.read_unaligned(), seed))
            }
            Alg::Array => {
                let e = t.elem();
                let mut h = seed;
                for i in 0..t.len {
                    h = hash(e, p.add(i * e.size), h)?;
                }
                h
            }
            Alg::Struct => {
                let mut h = seed;
                for f in t.fields.iter().filter(|f| f.name != "_") {
                    h = hash(f.ty, p.add(f.offset), h)?;
                }
                h
            }
        })
    }
}

/// Hash of an interface value given by type word and data word.
///
/// # Safety
/// The words are those of a valid empty interface.
pub unsafe fn hash_eface(ty: u64, data: u64, seed: u64) -> Result<u64, Fault> {
    let Some(t) = RType::from_word(ty) else { return Ok(hash_u64(0, seed)) };
    let h = seed ^ (t.hash as u64) << 32;
    // SAFETY: the data word holds or names a value of the type.
    unsafe { iface_image(t, &data, |p| hash(t, p, h)) }
}

/// Calls `f` with the memory image of the value behind a data word.
///
/// # Safety
/// `data` is a data word of type `t`.
#[inline]
unsafe fn iface_image<R>(t: TypeRef, data: &u64, f: impl FnOnce(*const u8) -> R) -> R {
    if t.flags & (super::types::DIRECT_IFACE | super::types::INLINE_IFACE) != 0 {
        f(data as *const u64 as *const u8)
    } else {
        f(*data as *const u8)
    }
}

#[inline]
unsafe fn str_bytes<'a>(p: u64, n: u64) -> &'a [u8] {
    if n == 0 {
        return &[];
    }
    // SAFETY: the two words of a Go string.
    unsafe { std::slice::from_raw_parts(p as *const u8, n as usize) }
}

/// Equality of two values in memory.
///
/// # Safety
/// Both point to valid values of type `t`.
pub unsafe fn equal(t: TypeRef, a: *const u8, b: *const u8) -> Result<bool, Fault> {
    // SAFETY: the caller's promise; every read stays within `t.size` bytes.
    unsafe {
        Ok(match t.alg {
            Alg::None => return Err(Fault::uncomparable(t.string)),
            Alg::Zero => true,
            Alg::Mem8 => *a == *b,
            Alg::Mem16 => (a as *const u16).read_unaligned() == (b as *const u16).read_unaligned(),
            Alg::Mem32 => (a as *const u32).read_unaligned() == (b as *const u32).read_unaligned(),
            Alg::Mem64 => (a as *const u64).read_unaligned() == (b as *const u64).read_unaligned(),
            Alg::Mem => std::slice::from_raw_parts(a, t.size) == std::slice::from_raw_parts(b, t.size),
            Alg::String => {
                let (p, q) = (a as *const u64, b as *const u64);
                *p.add(1) == *q.add(1) && (*p == *q || str_bytes(*p, *p.add(1)) == str_bytes(*q, *q.add(1)))
            }
            Alg::Eface => {
                let (p, q) = (a as *const u64, b as *const u64);
                eface_equal(*p, *p.add(1), *q, *q.add(1))?
            }
            Alg::Iface => {
                let (p, q) = (a as *const u64, b as *const u64);
                iface_equal(*p, *p.add(1), *q, *q.add(1))?
            }
            Alg::F32 => (a as *const f32).read_unaligned() == (b as *const f32).read_unaligned(),
            Alg::F64 => (a as *const f64).read_unaligned() == (b as *const f64).read_unaligned(),
            Alg::C64 => {
                let (p, q) = (a as *const f32, b as *const f32);
                p.read_unaligned() == q.read_unaligned() && p.add(1).read_unaligned() == q.add(1).read_unaligned()
            }
            Alg::C128 => {
                let (p, q) = (a as *const f64, b as *const f64);
                p.read_unaligned() == q.read_unaligned() && p.add(1).read_unaligned() == q.add(1).read_unaligned()
            }
            Alg::Array => {
                let e = t.elem();
                for i in 0..t.len {
                    if !equal(e, a.add(i * e.size), b.add(i * e.size))? {
                        return Ok(false);
                    }
                }
                true
            }
            Alg::Struct => {
                for f in t.fields.iter().filter(|f| f.name != "_") {
                    if !equal(f.ty, a.add(f.offset), b.add(f.offset))? {
                        return Ok(false);
                    }
                }
                true
            }
        })
    }
}

/// `==` of two empty interfaces.
///
/// # Safety
/// The words are those of valid interfaces.
pub unsafe fn eface_equal(ta: u64, da: u64, tb: u64, db: u64) -> Result<bool, Fault> {
    if ta != tb {
        return Ok(false);
    }
    let Some(t) = RType::from_word(ta) else { return Ok(true) };
    if t.alg == Alg::None {
        return Err(Fault::uncomparable(t.string));
    }
    if t.flags & super::types::DIRECT_IFACE != 0 {
        return Ok(da == db);
    }
    // SAFETY: data words of type `t`.
    unsafe { iface_image(t, &da, |p| iface_image(t, &db, |q| equal(t, p, q))) }
}

/// `==` of two interfaces with methods (itab words).
///
/// # Safety
/// The words are those of valid interfaces.
pub unsafe fn iface_equal(ia: u64, da: u64, ib: u64, db: u64) -> Result<bool, Fault> {
    // SAFETY: the caller's promise.
    unsafe { eface_equal(Itab::type_word(ia), da, Itab::type_word(ib), db) }
}

/// Whether a value of this kind can be a map key at all (static check is the compiler's; this serves reflection).
pub fn hashable(t: &RType) -> bool {
    t.alg != Alg::None && t.kind != Kind::Invalid
}
