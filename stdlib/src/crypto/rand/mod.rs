//! Random bytes of the system.

use gol_runtime::native::{Call, NativeTable, Ret};

fn fill(c: &mut Call<'_>) -> Ret {
    let ok = getrandom::fill(c.bytes_mut(0)).is_ok();
    c.ret_bool(0, ok);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[("crypto/rand.fill", fill)];
