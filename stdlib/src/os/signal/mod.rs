//! Receiving signals.

use gol_runtime::fiber::WaitReason;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::signal;

fn want(c: &mut Call<'_>) -> Ret {
    let sig = c.int(0) as u32;
    signal::want(c.cx, sig);
    Ret::Done
}
fn unwant(c: &mut Call<'_>) -> Ret {
    signal::unwant(c.int(0) as u32, c.bool(1));
    Ret::Done
}
fn receive(c: &mut Call<'_>) -> Ret {
    match signal::receive(c.cx) {
        Some(sig) => {
            c.ret_int(0, i64::from(sig));
            Ret::Done
        }
        None => Ret::ParkRetry(WaitReason::Syscall),
    }
}

/// Natives of the package.
pub const TABLE: NativeTable =
    &[("os/signal.want", want), ("os/signal.unwant", unwant), ("os/signal.receive", receive)];
