//! Seeding of Go's generators.

use std::sync::OnceLock;

use gol_runtime::native::{Call, NativeTable, Ret};

const LEN: usize = 607;
const TAP: usize = 273;

/// The linear congruential generator that seeds: x·48271 mod 2³¹−1.
fn step(x: i64) -> i64 {
    x * 48271 % 0x7FFF_FFFF
}

/// State words from a seed, each joined from three numbers shifted by `hi` and `mid` bits.
fn fill(seed: i64, hi: u32, mid: u32) -> [u64; LEN] {
    let mut x = seed.rem_euclid(0x7FFF_FFFF);
    // Go takes the remainder of the truncated division and adds the modulus to negative ones: the same.
    if x == 0 {
        x = 89_482_311;
    }
    for _ in 0..20 {
        x = step(x);
    }
    let mut v = [0; LEN];
    for w in &mut v {
        let mut u = 0u64;
        for shift in [hi, mid, 0] {
            x = step(x);
            u ^= (x as u64) << shift;
        }
        *w = u;
    }
    v
}

/// a·b mod x⁶⁰⁷ = x³³⁴ + 1, coefficients mod 2⁶⁴.
fn multiply(a: &[u64; LEN], b: &[u64; LEN]) -> [u64; LEN] {
    let mut p = [0u64; 2 * LEN];
    for (i, &x) in a.iter().enumerate().filter(|(_, x)| **x != 0) {
        for (slot, &y) in p[i..i + LEN].iter_mut().zip(b) {
            *slot = slot.wrapping_add(x.wrapping_mul(y));
        }
    }
    for i in (LEN..2 * LEN).rev() {
        let c = p[i];
        p[i - LEN] = p[i - LEN].wrapping_add(c);
        p[i - TAP] = p[i - TAP].wrapping_add(c);
    }
    let mut r = [0; LEN];
    r.copy_from_slice(&p[..LEN]);
    r
}

/// Go mixes seeds with the state that the generator, seeded with 1, reaches after 7.8·10¹² steps. The recurrence is linear, so the state
/// is found by raising x to that power modulo the recurrence's polynomial.
fn cooked() -> &'static [u64; LEN] {
    static COOKED: OnceLock<Box<[u64; LEN]>> = OnceLock::new();
    COOKED.get_or_init(|| {
        const STEPS: u64 = 7_800_000_000_000;
        let first = fill(1, 20, 10);
        // The first numbers in order of the recurrence y[n] = y[n-607] + y[n-273].
        let slot = |i: usize| (LEN - TAP - 1 + LEN - i % LEN) % LEN;
        let mut y: Vec<u64> = (0..LEN).map(|i| first[slot(i)]).collect();
        for n in LEN..2 * LEN {
            y.push(y[n - LEN].wrapping_add(y[n - TAP]));
        }
        let mut power = [0u64; LEN];
        power[0] = 1;
        for bit in (0..64 - STEPS.leading_zeros()).rev() {
            power = multiply(&power, &power.clone());
            if STEPS >> bit & 1 == 1 {
                let top = power[LEN - 1];
                power.copy_within(0..LEN - 1, 1);
                power[0] = top;
                power[LEN - TAP] = power[LEN - TAP].wrapping_add(top);
            }
        }
        let mut v = Box::new([0u64; LEN]);
        let turn = (STEPS % LEN as u64) as usize;
        for i in 0..LEN {
            let w = power.iter().zip(&y[i..]).fold(0u64, |s, (c, y)| s.wrapping_add(c.wrapping_mul(*y)));
            v[slot(i + turn)] = w;
        }
        v
    })
}

fn seed_vec(c: &mut Call<'_>) -> Ret {
    let seed = c.int(3);
    let state = fill(seed, 40, 20);
    for ((to, s), k) in c.words_mut(0).iter_mut().zip(state).zip(cooked()) {
        *to = s ^ k;
    }
    Ret::Done
}

fn system(c: &mut Call<'_>) -> Ret {
    let n = c.cx.rng.next_u64();
    c.ret(0, n);
    Ret::Done
}

/// Natives of math/rand and math/rand/v2.
pub const TABLE: NativeTable = &[
    ("math/rand.seedVec", seed_vec),
    ("math/rand.systemUint64", system),
    ("math/rand/v2.systemUint64", system),
    ("math/rand/v2.chachaBlock", chacha_block),
];

/// The ChaCha8 generator of Go: four blocks side by side, counters `counter` to `counter`+3, words interleaved, the key
/// added back to its rows only, no nonce.
fn chacha_block(c: &mut Call<'_>) -> Ret {
    let counter = c.word(6) as u32;
    let seed: Vec<u32> = c.words(0).iter().flat_map(|w| [*w as u32, (*w >> 32) as u32]).collect();
    let mut out = [[0u32; 4]; 16];
    for lane in 0..4 {
        let mut x = [0u32; 16];
        x[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
        x[4..12].copy_from_slice(&seed[..8]);
        x[12] = counter.wrapping_add(lane as u32);
        let mut quarter = |a: usize, b: usize, c: usize, d: usize| {
            x[a] = x[a].wrapping_add(x[b]);
            x[d] = (x[d] ^ x[a]).rotate_left(16);
            x[c] = x[c].wrapping_add(x[d]);
            x[b] = (x[b] ^ x[c]).rotate_left(12);
            x[a] = x[a].wrapping_add(x[b]);
            x[d] = (x[d] ^ x[a]).rotate_left(8);
            x[c] = x[c].wrapping_add(x[d]);
            x[b] = (x[b] ^ x[c]).rotate_left(7);
        };
        for _ in 0..4 {
            quarter(0, 4, 8, 12);
            quarter(1, 5, 9, 13);
            quarter(2, 6, 10, 14);
            quarter(3, 7, 11, 15);
            quarter(0, 5, 10, 15);
            quarter(1, 6, 11, 12);
            quarter(2, 7, 8, 13);
            quarter(3, 4, 9, 14);
        }
        for i in 4..12 {
            x[i] = x[i].wrapping_add(seed[i - 4]);
        }
        for (row, w) in out.iter_mut().zip(x) {
            row[lane] = w;
        }
    }
    let flat = out.as_flattened();
    for (to, pair) in c.words_mut(3).iter_mut().zip(flat.chunks_exact(2)) {
        *to = pair[0] as u64 | (pair[1] as u64) << 32;
    }
    Ret::Done
}
