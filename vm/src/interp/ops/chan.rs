//! Channels and select. A goroutine that had to wait completes the instruction when it resumes ([`complete`]).

use super::prelude::*;
use crate::bytecode::{NO_REG, SelectTable, ops::Op};
use crate::interp::ctx::Resume;
use gol_runtime::chan::{self, Op as Outcome};
use gol_runtime::fiber::WaitReason;
use gol_runtime::select::{self, Case, Selected};

fn wait(why: WaitReason) -> Stop {
    let never = matches!(why, WaitReason::ChanSendNil | WaitReason::ChanReceiveNil | WaitReason::SelectNoCases);
    Stop::Exit(Exit::Park(why, if never { Resume::Never } else { Resume::Complete }))
}

impl M {
    /// Receives into A; answers `ok`.
    fn receive(self) -> Result<bool, Stop> {
        let t = self.ctx().ty(self.xl());
        if t.size < 8 && t.size > 0 {
            self.set_a(0);
        }
        let ch = self.b();
        // SAFETY: A has room for the element in register form, which begins with its image.
        match unsafe { chan::recv(self.rt(), ch, self.frame_at(self.ra())) } {
            Outcome::Done(ok) => {
                self.small(self.xl(), self.ra());
                Ok(ok)
            }
            Outcome::Park(why) => Err(wait(why)),
            Outcome::Fault(f) => Err(f.into()),
        }
    }
    /// Makes a just received small value canonical.
    fn small(self, ty: u32, off: usize) {
        let t = self.ctx().ty(ty);
        if t.size < 8 && t.size > 0 {
            self.canonical(t, off);
        }
    }
}

slow! {
    mkchan(m) {
        let ch = chan::make(m.rt(), m.ctx().ty(m.xl()).elem(), m.b() as i64)?;
        chan::set_made_at(ch, m.next_pc());
        m.set_a(ch);
        Ok(())
    }
    send(m) {
        // SAFETY: A holds an element of the channel's type, whose image its registers begin with.
        match unsafe { chan::send(m.rt(), m.b(), m.image(m.ra())) } {
            Outcome::Done(_) => Ok(()),
            Outcome::Park(why) => Err(wait(why)),
            Outcome::Fault(f) => Err(f.into()),
        }
    }
    recv(m) { m.receive().map(|_| ()) }
    recv2(m) {
        // The channel may share no slot with the results, but `ok` is written last in any case.
        let ok = m.receive()?;
        m.set_slot(m.rc(), u64::from(ok));
        Ok(())
    }
    chclose(m) { Ok(chan::close(m.rt(), m.a())?) }
    chlen(m) { m.set_a(chan::len(m.b())); Ok(()) }
    chcap(m) { m.set_a(chan::cap(m.b())); Ok(()) }
    select(m) {
        let table = m.table();
        let cases: Vec<Case> = table.cases.iter().map(|c| {
            let elem = if c.value == NO_REG { std::ptr::null_mut() } else { m.frame_at(c.value as usize * 8) };
            if !c.send && c.value != NO_REG {
                let size = m.ctx().ty(c.elem).size;
                if size > 0 && size < 8 {
                    m.set_slot(c.value as usize * 8, 0);
                }
            }
            Case { ch: m.slot(c.chan as usize * 8), elem, is_send: c.send }
        }).collect();
        // SAFETY: every case names registers that hold, or have room for, its element.
        match unsafe { select::select(m.rt(), &cases, table.default) } {
            Selected::Ready(i, ok) => { m.selected(i, ok); Ok(()) }
            Selected::Default => { m.set_a(-1i64 as u64); Ok(()) }
            Selected::Park(why) => Err(wait(why)),
            Selected::Fault(f) => Err(f.into()),
        }
    }
}

impl M {
    fn table<'a>(self) -> &'a SelectTable {
        &self.ctx().image().selects[self.bc() as usize]
    }
    /// Results of a select: the case, and for a receive its value (already in place) and `ok`.
    fn selected(self, i: usize, ok: bool) {
        let c = &self.table().cases[i];
        if !c.send {
            if c.value != NO_REG {
                self.small(c.elem, c.value as usize * 8);
            }
            if c.ok != NO_REG {
                self.set_slot(c.ok as usize * 8, u64::from(ok));
            }
        }
        self.set_a(i as u64);
    }
}

/// Completes the channel instruction the goroutine parked in; answers its length in words.
pub(crate) fn complete(m: M) -> Result<i64, Fault> {
    match Op::of(m.w) {
        Some(Op::send) => chan::finish_send(m.rt()).map(|()| len::send),
        Some(op @ (Op::recv | Op::recv2)) => {
            let t = m.ctx().ty(m.xl());
            if t.size > 0 && t.size < 8 {
                m.set_a(0);
            }
            // SAFETY: as in `receive`.
            let ok = unsafe { chan::finish_recv(m.rt(), t, m.frame_at(m.ra())) };
            m.small(m.xl(), m.ra());
            if op == Op::recv2 {
                m.set_slot(m.rc(), u64::from(ok));
            }
            Ok(len::recv)
        }
        _ => {
            let table = m.table();
            // SAFETY: as in `select`.
            let (i, ok) = unsafe {
                select::finish_select(m.rt(), |i| {
                    let c = &table.cases[i];
                    let null = std::ptr::null_mut();
                    let to = if c.value == NO_REG { null } else { m.frame_at(c.value as usize * 8) };
                    (!c.send).then(|| (m.ctx().ty(c.elem), to))
                })?
            };
            m.selected(i, ok);
            Ok(len::select)
        }
    }
}
