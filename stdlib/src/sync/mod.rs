//! Mutexes, wait groups, and waiting on semaphores and notify lists.

use gol_runtime::fault::Fault;
use gol_runtime::fiber::WaitReason;
use gol_runtime::mutex::{self, Lock};
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::sema;

/// The address in the first slot; a nil dereference if it is nil.
fn object(c: &Call<'_>) -> Result<u64, Ret> {
    match c.word(0) {
        0 => Err(Ret::Panic(Fault::nil_deref())),
        addr => Ok(addr),
    }
}

fn lock(c: &mut Call<'_>) -> Ret {
    match object(c).map(|m| mutex::lock(c.cx, m)) {
        Ok(Lock::Got) => Ret::Done,
        Ok(Lock::Park) => Ret::ParkRetry(WaitReason::SyncMutexLock),
        Err(r) => r,
    }
}
fn try_lock(c: &mut Call<'_>) -> Ret {
    match object(c) {
        Ok(m) => {
            c.ret_bool(0, mutex::try_lock(m));
            Ret::Done
        }
        Err(r) => r,
    }
}
fn unlock(c: &mut Call<'_>) -> Ret {
    match object(c).map(|m| mutex::unlock(c.cx, m)) {
        Ok(Ok(None)) => Ret::Done,
        Ok(Ok(Some(g))) => {
            // It was handed the mutex: the sooner it runs the better.
            c.cx.sched.ready_in_place(g);
            Ret::Yield
        }
        Ok(Err(f)) => Ret::Panic(f),
        Err(r) => r,
    }
}
fn group(c: &mut Call<'_>, delta: i64) -> Ret {
    match object(c).map(|wg| mutex::group_add(c.cx, wg, delta)) {
        Ok(Ok(())) => Ret::Done,
        Ok(Err(f)) => Ret::Panic(f),
        Err(r) => r,
    }
}
fn add(c: &mut Call<'_>) -> Ret {
    let delta = c.int(1);
    group(c, delta)
}
fn done(c: &mut Call<'_>) -> Ret {
    group(c, -1)
}
fn wait(c: &mut Call<'_>) -> Ret {
    match object(c).map(|wg| mutex::group_wait(c.cx, wg)) {
        Ok(true) => Ret::Done,
        Ok(false) => Ret::Park(WaitReason::SyncWaitGroupWait),
        Err(r) => r,
    }
}

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
    ("sync.Mutex.Lock", lock),
    ("sync.Mutex.TryLock", try_lock),
    ("sync.Mutex.Unlock", unlock),
    ("sync.WaitGroup.Add", add),
    ("sync.WaitGroup.Done", done),
    ("sync.WaitGroup.Wait", wait),
    ("sync.acquire", acquire),
    ("sync.release", release),
    ("sync.fatal", fatal),
    ("sync.notifyAdd", notify_add),
    ("sync.notifyWait", notify_wait),
    ("sync.notifyOne", notify_one),
    ("sync.notifyAll", notify_all),
];
