//! Waiting on semaphores and notify lists.

use gol_runtime::fault::Fault;
use gol_runtime::fiber::WaitReason;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::sema;

fn acquire(c: &mut Call<'_>) -> Ret {
    let (addr, why, lifo) = (c.word(0), c.int(1), c.bool(2));
    if sema::acquire(c.cx, addr, lifo) {
        return Ret::Done;
    }
    Ret::Park(match why {
        0 => WaitReason::SyncMutexLock,
        1 => WaitReason::SyncRWMutexRLock,
        2 => WaitReason::SyncRWMutexLock,
        3 => WaitReason::SyncWaitGroupWait,
        _ => WaitReason::Semacquire,
    })
}
fn release(c: &mut Call<'_>) -> Ret {
    let addr = c.word(0);
    sema::release(c.cx, addr);
    Ret::Done
}
fn fatal(c: &mut Call<'_>) -> Ret {
    Ret::Panic(Fault::fatal(c.str(0).into_owned()))
}
fn notify_add(c: &mut Call<'_>) -> Ret {
    let t = sema::notify_add(c.word(0));
    c.ret(0, t as u64);
    Ret::Done
}
fn notify_wait(c: &mut Call<'_>) -> Ret {
    let (addr, ticket) = (c.word(0), c.word(1) as u32);
    if sema::notify_wait(c.cx, addr, ticket) { Ret::Done } else { Ret::Park(WaitReason::SyncCondWait) }
}
fn notify_one(c: &mut Call<'_>) -> Ret {
    let addr = c.word(0);
    sema::notify_one(c.cx, addr);
    Ret::Done
}
fn notify_all(c: &mut Call<'_>) -> Ret {
    let addr = c.word(0);
    sema::notify_all(c.cx, addr);
    Ret::Done
}

/// Natives of the package.
pub const TABLE: NativeTable = &[
    ("sync.acquire", acquire),
    ("sync.release", release),
    ("sync.fatal", fatal),
    ("sync.notifyAdd", notify_add),
    ("sync.notifyWait", notify_wait),
    ("sync.notifyOne", notify_one),
    ("sync.notifyAll", notify_all),
];
