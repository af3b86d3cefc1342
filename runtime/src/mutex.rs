//! sync.Mutex and sync.WaitGroup: words in Go memory, changed by natives.
//!
//! The mutex's word: bit 0 locked, bit 1 a woken goroutine competes for it, bit 2 starving, the rest counts waiters; the word after it
//! is the semaphore they sleep on. Normally a waiter that is woken competes with newcomers, who often win as they are running
//! already. A waiter that has lost for more than a millisecond makes the mutex starving: Unlock then hands it over to the first
//! waiter, newcomers queue, and this ends with the first waiter that is alone or waited less than that.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::cx::Cx;
use crate::fault::Fault;
use crate::sched::g::GRef;
use crate::sema;

const LOCKED: u32 = 1;
const WOKEN: u32 = 2;
const STARVING: u32 = 4;
const ONE: u32 = 8;
const PATIENCE: i64 = 1_000_000;

// In `G::scratch` while a goroutine waits: bit 0 it waits for a mutex, bit 1 it was starving; `scratch2`: since when.
const WAITS: u64 = 0x6d75_7400;
const WAS_STARVING: u64 = 1;

/// How an attempt to lock went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lock {
    /// The mutex is the caller's.
    Got,
    /// The goroutine is queued and must park; then `lock` is to be called again.
    Park,
}

/// Mutex.Lock; `addr` is the address of the mutex.
#[inline]
pub fn lock(cx: &mut Cx, addr: u64) -> Lock {
    let state = sema::word(addr);
    if state.compare_exchange(0, LOCKED, Ordering::Acquire, Ordering::Relaxed).is_ok() {
        // A goroutine that comes back from waiting finds at least its own traces in the word, so this is a newcomer.
        return Lock::Got;
    }
    slow(cx, addr)
}

#[inline(never)]
fn slow(cx: &mut Cx, addr: u64) -> Lock {
    let state = sema::word(addr);
    let g = cx.sched.cur();
    let (mut starving, mut awake, mut since, mut turns) = (false, false, 0i64, 0u32);
    let mut old = state.load(Ordering::Relaxed);
    if g.scratch.get() & !WAS_STARVING == WAITS {
        // Woken by Unlock, with a unit of the semaphore.
        since = g.scratch2.get() as i64;
        starving = g.scratch.get() & WAS_STARVING != 0 || cx.sched.nanotime() - since > PATIENCE;
        g.scratch.set(0);
        awake = true;
        if old & STARVING != 0 {
            // Handed over: not marked locked, and this goroutine still counts as a waiter.
            let mut delta = LOCKED.wrapping_sub(ONE);
            if !starving || old >> 3 == 1 {
                delta = delta.wrapping_sub(STARVING);
            }
            state.fetch_add(delta, Ordering::AcqRel);
            return Lock::Got;
        }
    }
    loop {
        // Waiting actively is worth while as long as the holder runs elsewhere and hands over nothing.
        if old & (LOCKED | STARVING) == LOCKED && turns < 4 && cx.sched.can_spin() {
            if !awake
                && old & WOKEN == 0
                && old >> 3 != 0
                && state.compare_exchange(old, old | WOKEN, Ordering::AcqRel, Ordering::Relaxed).is_ok()
            {
                awake = true;
            }
            for _ in 0..30 {
                std::hint::spin_loop();
            }
            turns += 1;
            old = state.load(Ordering::Relaxed);
            continue;
        }
        let mut new = old;
        if old & STARVING == 0 {
            new |= LOCKED;
        }
        if old & (LOCKED | STARVING) != 0 {
            new += ONE;
        }
        if starving && old & LOCKED != 0 {
            new |= STARVING;
        }
        if awake {
            new &= !WOKEN;
        }
        if let Err(now) = state.compare_exchange(old, new, Ordering::AcqRel, Ordering::Relaxed) {
            old = now;
            continue;
        }
        if old & (LOCKED | STARVING) == 0 {
            return Lock::Got;
        }
        // Who has waited before goes to the front.
        let again = since != 0;
        if !again {
            since = cx.sched.nanotime();
        }
        g.scratch.set(WAITS | u64::from(starving));
        g.scratch2.set(since as u64);
        if sema::acquire(cx, addr + 4, again) {
            return slow(cx, addr);
        }
        return Lock::Park;
    }
}

/// Mutex.TryLock.
pub fn try_lock(addr: u64) -> bool {
    let state = sema::word(addr);
    let old = state.load(Ordering::Relaxed);
    old & (LOCKED | STARVING) == 0
        && state.compare_exchange(old, old | LOCKED, Ordering::Acquire, Ordering::Relaxed).is_ok()
}

/// Mutex.Unlock. Answers a goroutine that must run at once: the mutex was handed to it.
#[inline]
pub fn unlock(cx: &mut Cx, addr: u64) -> Result<Option<GRef>, Fault> {
    let new = sema::word(addr).fetch_sub(LOCKED, Ordering::Release).wrapping_sub(LOCKED);
    if new == 0 { Ok(None) } else { unlock_slow(cx, addr, new) }
}

#[inline(never)]
fn unlock_slow(cx: &mut Cx, addr: u64, new: u32) -> Result<Option<GRef>, Fault> {
    if new.wrapping_add(LOCKED) & LOCKED == 0 {
        return Err(Fault::fatal("sync: unlock of unlocked mutex"));
    }
    if new & STARVING != 0 {
        return Ok(sema::release_to(cx, addr + 4));
    }
    let state = sema::word(addr);
    let mut old = new;
    loop {
        if old >> 3 == 0 || old & (LOCKED | WOKEN | STARVING) != 0 {
            return Ok(None);
        }
        match state.compare_exchange(old, (old - ONE) | WOKEN, Ordering::AcqRel, Ordering::Relaxed) {
            Ok(_) => {
                sema::release(cx, addr + 4);
                return Ok(None);
            }
            Err(now) => old = now,
        }
    }
}

/// A wait group's counter (high half) and number of waiters; the semaphore follows.
fn group<'a>(addr: u64) -> &'a AtomicU64 {
    debug_assert!(addr != 0 && addr.is_multiple_of(8));
    // SAFETY: the address of an aligned uint64 in Go memory, handed over by package sync and kept alive by its caller.
    unsafe { AtomicU64::from_ptr(addr as *mut u64) }
}

/// WaitGroup.Add.
pub fn group_add(cx: &mut Cx, addr: u64, delta: i64) -> Result<(), Fault> {
    let w = group(addr);
    let new = w.fetch_add((delta as u64) << 32, Ordering::SeqCst).wrapping_add((delta as u64) << 32);
    let (count, waiters) = ((new >> 32) as i32, new as u32);
    if count < 0 {
        return Err(Fault::panic("sync: negative WaitGroup counter"));
    }
    if waiters != 0 && delta > 0 && i64::from(count) == delta {
        return Err(Fault::panic("sync: WaitGroup misuse: Add called concurrently with Wait"));
    }
    if count > 0 || waiters == 0 {
        return Ok(());
    }
    if w.load(Ordering::SeqCst) != new {
        return Err(Fault::panic("sync: WaitGroup misuse: Add called concurrently with Wait"));
    }
    w.store(0, Ordering::SeqCst);
    for _ in 0..waiters {
        sema::release(cx, addr + 8);
    }
    Ok(())
}

/// WaitGroup.Wait: true if there is nothing to wait for; else the goroutine must park.
pub fn group_wait(cx: &mut Cx, addr: u64) -> bool {
    let w = group(addr);
    loop {
        let old = w.load(Ordering::SeqCst);
        if old >> 32 == 0 {
            return true;
        }
        if w.compare_exchange(old, old + 1, Ordering::SeqCst, Ordering::Relaxed).is_ok() {
            return sema::acquire(cx, addr + 8, false);
        }
    }
}
