//! Natives that block their thread give up their P.
//!
//! Entering, the goroutine's frames are brought up to date and frozen, then its status becomes Syscall: from there on the watcher
//! (or a stop of the world) may take the P away, holding the goroutine's SCAN bit, and the collector may scan the frames. Leaving,
//! the status goes back, which waits for whoever holds that bit; then either the P is still there, or it was idle and could be
//! taken again, and the native goes on; or the result is left with the goroutine, everything up to the scheduler's loop returns
//! without touching what belongs to the P, and the native is called again once the goroutine has its turn.

use std::any::Any;
use std::sync::atomic::Ordering;

use super::g::GRef;
use super::m::MRef;
use super::p::PRef;
use super::shared::Shared;
use super::syscall;
use crate::cx::Cx;
use crate::native::{Call, Ret};

impl Call<'_> {
    /// For natives that block the OS: runs `f` while other threads may go on with this one's P. Answers `Ok(value)`, or `Err(ret)`,
    /// which the native returns at once; it will be called again with the same arguments, and then gets the value. `f` must
    /// not touch the Go heap except bytes its arguments keep alive.
    pub fn blocking<T: Any + Send>(&mut self, f: impl FnOnce() -> T) -> Result<T, Ret> {
        self.block(false, f)
    }

    /// As [`Call::blocking`], for what is known to take long (waiting for a process, a terminal): the P is given up at once.
    pub fn blocking_long<T: Any + Send>(&mut self, f: impl FnOnce() -> T) -> Result<T, Ret> {
        self.block(true, f)
    }

    fn block<T: Any + Send>(&mut self, long: bool, f: impl FnOnce() -> T) -> Result<T, Ret> {
        let g = self.cx.sched.cur();
        if let Some(a) = g.take_answer()
            && let Ok(v) = a.downcast::<T>()
        {
            return Ok(*v);
        }
        let Some(m) = self.cx.sched.m() else { return Ok(f()) };
        let shared = m.shared.clone();
        if shared.settings.det.is_some() {
            // Nobody runs meanwhile: how long it takes must not matter.
            return Ok(f());
        }
        let p = enter(self.cx, m, g);
        if long {
            shared.retake(p);
        }
        let v = f();
        if leave(&shared, m, g, p) {
            // The collector may have begun a cycle meanwhile: no instruction before the frames are scanned.
            crate::gc::gate(self.cx, g);
            return Ok(v);
        }
        g.set_answer(Box::new(v));
        m.lost.set(true);
        Err(Ret::ParkRetry(crate::fiber::WaitReason::Syscall))
    }
}

fn enter(cx: &mut Cx, m: MRef, g: GRef) -> PRef {
    let p = cx.sched.p();
    // SAFETY: the goroutine is Running and this is its thread, inside a native: its fiber is not in use.
    let (extent, room) = unsafe { g.fiber() }.map_or_else(Default::default, |f| {
        f.freeze(cx);
        f.extent()
    });
    p.calls.store(p.calls.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    // SAFETY: as above.
    unsafe { g.frozen.enter(&g.word, extent, room) };
    if m.shared.sysmon_waits.load(Ordering::Relaxed) {
        m.shared.wake_sysmon();
    }
    p
}

/// Back from the call; true: with the same P.
fn leave(shared: &Shared, m: MRef, g: GRef, p: PRef) -> bool {
    g.frozen.leave(&g.word);
    shared.window();
    if m.p.load(Ordering::Acquire) == p.as_ptr() {
        if shared.world.stop.seen_after_call() && !shared.stop_here(p) {
            loop {
                // The process ends: nothing here may run any more.
                std::thread::park();
            }
        }
        return true;
    }
    if g.lockedm.load(Ordering::Relaxed).is_null() {
        let mut l = shared.lock();
        if shared.take_this_p(&mut l, p) {
            drop(l);
            m.acquire(p);
            // Others ran there meanwhile.
            // SAFETY: the P is this thread's again; the caller's reference is to this very Cx.
            unsafe { m.cx() }.sched.begin(g);
            return true;
        }
    }
    false
}

/// Whether a goroutine is in a call on this thread, which has this P. Stays so while the goroutine's SCAN bit is held.
pub(super) fn wired(m: MRef, g: GRef, p: PRef) -> bool {
    m.curg.load(Ordering::Acquire) == g.as_ptr() && m.p.load(Ordering::Acquire) == p.as_ptr()
}

impl Shared {
    /// Takes the P away from a thread in a blocking call, if it still is in it, and finds another use for it.
    pub(super) fn retake(&self, p: PRef) -> bool {
        let Some(m) = p.holder() else { return false };
        let Some(g) = GRef::from_ptr(m.curg.load(Ordering::Acquire)) else { return false };
        let unwire = || {
            m.p.store(std::ptr::null_mut(), Ordering::Release);
            p.tenure.end();
        };
        // As in `give_up`: taken and handed off in one step.
        let l = self.lock();
        let took = syscall::take_p(&g.word, || wired(m, g, p), unwire);
        if took {
            self.hand_off(l, p);
        }
        took
    }

    pub(super) fn wake_sysmon(&self) {
        let mut l = self.lock();
        if l.sysmon_waits {
            l.sysmon_waits = false;
            self.sysmon_waits.store(false, Ordering::Relaxed);
            self.sysmon_note.wake();
        }
    }
}
