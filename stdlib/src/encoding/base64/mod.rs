//! The inner loop of base64 encoding.

use gol_runtime::native::{Call, NativeTable, Ret};

fn encode(c: &mut Call<'_>) -> Ret {
    let (src, alphabet, pad) = (c.bytes(3), c.bytes(6), c.int(8));
    let mut out = c.bytes_mut(0).iter_mut();
    let mut n = 0;
    let mut put = |b: u8| {
        if let Some(o) = out.next() {
            *o = b;
            n += 1;
        }
    };
    for chunk in src.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            if i <= chunk.len() {
                put(alphabet[(bits >> (18 - 6 * i) & 63) as usize]);
            } else if pad >= 0 {
                put(pad as u8);
            }
        }
    }
    c.ret_int(0, n);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[("encoding/base64.encode", encode)];
