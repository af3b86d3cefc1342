//! Channel operations for natives: reflect's.
//!
//! Addresses and channel words come in as arguments; that they fit together is the promise of the `.gol` code, as in `value.rs`.

use super::{Call, Ret};
use crate::chan::{self, Op};
use crate::fault::Fault;
use crate::object::types::TypeRef;
use crate::select::{self, Case, Selected};

/// In `G::scratch` while a native waits for a channel.
const WAITING: u64 = 0x6368_616e;

impl Call<'_> {
    /// True once after the goroutine was woken from the wait that `wait_for` noted.
    fn woken(&mut self) -> bool {
        let g = self.cx.sched.cur();
        let w = g.scratch.get() == WAITING;
        if w {
            g.scratch.set(0);
        }
        w
    }

    fn wait_for(&mut self, why: crate::fiber::WaitReason) -> Ret {
        self.cx.sched.cur().scratch.set(WAITING);
        Ret::ParkRetry(why)
    }

    /// `make(chan T, n)`.
    pub fn chan_make(&mut self, elem: TypeRef, n: i64) -> Result<u64, Fault> {
        chan::make(self.cx, elem, n)
    }

    /// Sends the value at `p`. `Err` is what the native returns; while it waits it will be called again.
    pub fn chan_send(&mut self, ch: u64, p: u64) -> Result<(), Ret> {
        if self.woken() {
            return chan::finish_send(self.cx).map_err(Ret::Panic);
        }
        // SAFETY: see the module.
        match unsafe { chan::send(self.cx, ch, p as *const u8) } {
            Op::Done(_) => Ok(()),
            Op::Park(why) => Err(self.wait_for(why)),
            Op::Fault(f) => Err(Ret::Panic(f)),
        }
    }

    /// Sends the value at `p` if that is possible without waiting.
    pub fn chan_try_send(&mut self, ch: u64, p: u64) -> Result<bool, Ret> {
        // SAFETY: see the module.
        match unsafe { chan::try_send(self.cx, ch, p as *const u8) } {
            Op::Done(sent) => Ok(sent),
            Op::Park(why) => Err(Ret::Park(why)),
            Op::Fault(f) => Err(Ret::Panic(f)),
        }
    }

    /// Receives to `p`; answers `ok`. `Err` is what the native returns; while it waits it will be called again.
    pub fn chan_recv(&mut self, ch: u64, p: u64) -> Result<bool, Ret> {
        if self.woken() {
            let t = chan::elem(ch);
            // SAFETY: see the module.
            return Ok(unsafe { chan::finish_recv(self.cx, t, p as *mut u8) });
        }
        // SAFETY: see the module.
        match unsafe { chan::recv(self.cx, ch, p as *mut u8) } {
            Op::Done(ok) => Ok(ok),
            Op::Park(why) => Err(self.wait_for(why)),
            Op::Fault(f) => Err(Ret::Panic(f)),
        }
    }

    /// Receives to `p` if that is possible without waiting: `Some(ok)`.
    pub fn chan_try_recv(&mut self, ch: u64, p: u64) -> Option<bool> {
        // SAFETY: see the module.
        unsafe { chan::try_recv(self.cx, ch, p as *mut u8) }
    }

    /// reflect.Select: cases as (channel, address of the value or of room for it, is a send). Answers the case (`None`: default)
    /// and `ok`. `Err` is what the native returns; while it waits it will be called again.
    pub fn chan_select(&mut self, cases: &[(u64, u64, bool)], has_default: bool) -> Result<(Option<usize>, bool), Ret> {
        let cases: Vec<Case> = cases.iter().map(|&(ch, p, is_send)| Case { ch, elem: p as *mut u8, is_send }).collect();
        if self.woken() {
            // SAFETY: see the module.
            return unsafe {
                select::finish_select(self.cx, |i| {
                    let c = &cases[i];
                    (!c.is_send).then(|| (chan::elem(c.ch), c.elem))
                })
            }
            .map(|(i, ok)| (Some(i), ok))
            .map_err(Ret::Panic);
        }
        // SAFETY: see the module.
        match unsafe { select::select(self.cx, &cases, has_default) } {
            Selected::Ready(i, ok) => Ok((Some(i), ok)),
            Selected::Default => Ok((None, false)),
            Selected::Park(why) => Err(self.wait_for(why)),
            Selected::Fault(f) => Err(Ret::Panic(f)),
        }
    }
}
