//! Compression functions of block hashes, checksums and seeded hashes.

use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::alg;
use sha2::digest::generic_array::GenericArray;

/// MD5's compression of one block.
fn md5_block(h: &mut [u32; 4], block: &[u8]) {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut words = [0u32; 16];
    for (w, b) in words.iter_mut().zip(block.chunks_exact(4)) {
        *w = u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    }
    let [mut a, mut b, mut c, mut d] = *h;
    for i in 0..64 {
        let (f, k) = match i / 16 {
            0 => (b & c | !b & d, i),
            1 => (d & b | !d & c, (5 * i + 1) % 16),
            2 => (b ^ c ^ d, (3 * i + 5) % 16),
            _ => (c ^ (b | !d), 7 * i % 16),
        };
        // The constants are the binary digits of |sin(i + 1)|.
        let constant = (((i + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
        let sum = a.wrapping_add(f).wrapping_add(constant).wrapping_add(words[k]);
        (a, d, c) = (d, c, b);
        b = b.wrapping_add(sum.rotate_left(SHIFTS[i / 16][i % 4]));
    }
    for (x, y) in h.iter_mut().zip([a, b, c, d]) {
        *x = x.wrapping_add(y);
    }
}

fn load<const N: usize>(c: &Call<'_>, p: u64) -> [u32; N] {
    std::array::from_fn(|i| c.load_u64(p + 8 * i as u64) as u32)
}
fn store(c: &mut Call<'_>, p: u64, h: &[u32]) {
    for (i, &w) in h.iter().enumerate() {
        c.store_u64(p + 8 * i as u64, u64::from(w));
    }
}

fn block(c: &mut Call<'_>) -> Ret {
    let (kind, p, bytes) = (c.int(0), c.word(1), c.bytes(2));
    match kind {
        0 => {
            let mut h = load::<4>(c, p);
            bytes.chunks_exact(64).for_each(|b| md5_block(&mut h, b));
            store(c, p, &h);
        }
        1 => {
            let mut h = load::<5>(c, p);
            let blocks: Vec<_> = bytes.chunks_exact(64).map(|b| *GenericArray::from_slice(b)).collect();
            sha1::compress(&mut h, &blocks);
            store(c, p, &h);
        }
        2 => {
            let mut h = load::<8>(c, p);
            let blocks: Vec<_> = bytes.chunks_exact(64).map(|b| *GenericArray::from_slice(b)).collect();
            sha2::compress256(&mut h, &blocks);
            store(c, p, &h);
        }
        _ => {
            let mut h: [u64; 8] = std::array::from_fn(|i| c.load_u64(p + 8 * i as u64));
            let blocks: Vec<_> = bytes.chunks_exact(128).map(|b| *GenericArray::from_slice(b)).collect();
            sha2::compress512(&mut h, &blocks);
            for (i, w) in h.into_iter().enumerate() {
                c.store_u64(p + 8 * i as u64, w);
            }
        }
    }
    Ret::Done
}

fn crc32_ieee(c: &mut Call<'_>) -> Ret {
    let mut h = crc32fast::Hasher::new_with_initial(c.word(0) as u32);
    h.update(c.bytes(1));
    c.ret(0, u64::from(h.finalize()));
    Ret::Done
}

fn random(c: &mut Call<'_>) -> Ret {
    let r = c.cx.rng.next_u64();
    c.ret(0, r);
    Ret::Done
}

fn hash_bytes(c: &mut Call<'_>) -> Ret {
    let h = alg::hash_bytes(c.bytes(1), c.word(0));
    c.ret(0, h);
    Ret::Done
}
fn hash_value(c: &mut Call<'_>) -> Ret {
    let Some(t) = c.type_at(1) else { return Ret::Done };
    match c.value_hash(t, c.word(2), c.word(0)) {
        Ok(h) => c.ret(0, h),
        Err(f) => return Ret::Panic(f),
    }
    Ret::Done
}

/// Natives of the hash packages.
pub const TABLE: NativeTable = &[
    ("internal/digest.block", block),
    ("hash/crc32.updateIEEE", crc32_ieee),
    ("hash/maphash.random", random),
    ("hash/maphash.bytes", hash_bytes),
    ("hash/maphash.str", hash_bytes),
    ("hash/maphash.value", hash_value),
];
