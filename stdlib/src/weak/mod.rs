//! Weak handles: words the collector clears when what they point to is gone.

use gol_runtime::native::{Call, NativeTable, Ret};

fn handle(c: &mut Call<'_>) -> Ret {
    let obj = c.word(0);
    let h = c.cx.heap.weak_handle(obj);
    c.ret(0, h);
    Ret::Done
}

fn get(c: &mut Call<'_>) -> Ret {
    let h = c.word(0);
    let p = c.cx.heap.weak_get(h);
    c.ret(0, p);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[("weak.handle", handle), ("weak.get", get)];
