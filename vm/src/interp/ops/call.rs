//! Calls, returns, closures, go, defer, panic.

use super::prelude::*;
use crate::interp::Bound;
use crate::interp::ctx::Ctx;
use gol_runtime::native::{Call, Ret};
use gol_runtime::object::iface::ITAB_FUN;

impl M {
    /// Callee's frame of a call with window A.
    #[inline(always)]
    fn window(self) -> Fp {
        self.frame_at(self.ra()).cast()
    }
    /// Whether a call must take the slow way: no room, or somebody asks to leave.
    #[inline(always)]
    fn blocked(self, nf: Fp) -> bool {
        nf > self.ctx().limit || self.ctx().polled()
    }
    /// Calls `target`, returning `words` from here.
    #[inline(always)]
    fn enter<D: Dispatch>(self, nf: Fp, target: Pc, words: i64) -> D::Out {
        // SAFETY: the window and its linkage are slots of this frame.
        unsafe { *nf.sub(1) = self.at(words) as u64 };
        D::next(target, nf, self.cx)
    }
    /// Grows the stack, or leaves; then does the same instruction again. The outlined part dispatches itself, so that
    /// handlers keep no frame.
    #[inline(always)]
    fn make_room<D: Dispatch>(self, need: Fp) -> D::Out {
        // Extern functions do not unwind, so the handler needs no landing pad and can jump here.
        #[cold]
        #[inline(never)]
        #[allow(improper_ctypes_definitions)]
        extern "C" fn far<D: Dispatch>(pc: Pc, fp: Fp, cx: *mut Ctx, need: Fp) -> D::Out {
            let fp = room(pc, fp, cx, need);
            if fp.is_null() { D::exit() } else { D::next(pc, fp, cx) }
        }
        far::<D>(self.pc, self.fp, self.cx, need)
    }
}

/// The frame's address after making room up to `need`; null if the run ends instead.
#[inline(never)]
extern "C" fn room(pc: Pc, fp: Fp, cx: *mut Ctx, need: Fp) -> Fp {
    let m = M { pc, fp, cx, w: 0 };
    if m.ctx().polled() {
        m.stop(Stop::Exit(Exit::Poll));
        return std::ptr::null_mut();
    }
    match m.fiber().grow(m, need) {
        Ok(fp) => fp,
        Err(f) => {
            m.stop(f.into());
            std::ptr::null_mut()
        }
    }
}

#[inline(always)]
pub(crate) fn calld<D: Dispatch>(m: M) -> D::Out {
    let nf = m.window();
    if m.blocked(nf) {
        return m.make_room::<D>(nf);
    }
    m.enter::<D>(nf, m.at(m.ibc()), 1)
}

#[inline(always)]
pub(crate) fn call<D: Dispatch>(m: M) -> D::Out {
    let nf = m.window();
    if m.blocked(nf) {
        return m.make_room::<D>(nf);
    }
    m.enter::<D>(nf, m.ctx().entry(m.bc()), 1)
}

#[inline(always)]
pub(crate) fn callc<D: Dispatch>(m: M) -> D::Out {
    let nf = m.window();
    let closure = m.b();
    if closure == 0 {
        return m.nil::<D>();
    }
    if m.blocked(nf) {
        return m.make_room::<D>(nf);
    }
    // SAFETY: linkage slots of the window.
    unsafe { *nf.sub(2) = closure };
    m.enter::<D>(nf, m.ctx().entry(m.load::<u64>(closure) as u32), 1)
}

#[inline(always)]
pub(crate) fn callcap<D: Dispatch>(m: M) -> D::Out {
    let nf = m.window();
    let closure: u64 = m.load(m.captured(m.bc() as usize) as u64);
    if closure == 0 {
        return m.nil::<D>();
    }
    if m.blocked(nf) {
        return m.make_room::<D>(nf);
    }
    // SAFETY: linkage slots of the window.
    unsafe { *nf.sub(2) = closure };
    m.enter::<D>(nf, m.ctx().entry(m.load::<u64>(closure) as u32), 1)
}

#[inline(always)]
pub(crate) fn calli<D: Dispatch>(m: M) -> D::Out {
    let nf = m.window();
    let [itab, data] = m.b2();
    if itab == 0 {
        return m.nil::<D>();
    }
    if m.blocked(nf) {
        return m.make_room::<D>(nf);
    }
    let f: u32 = m.load(itab + ITAB_FUN as u64 + m.rc() as u64 * 4);
    // SAFETY: the first argument slot of the window.
    unsafe { *nf = data };
    m.enter::<D>(nf, m.ctx().entry(f), 1)
}

#[inline(always)]
pub(crate) fn ret<D: Dispatch>(m: M) -> D::Out {
    // SAFETY: every frame has its return pc at fp[-1]; the word before it is a call whose A is the window offset.
    unsafe {
        let pc = *m.fp.sub(1) as Pc;
        let delta = *(pc.sub(1) as *const u16).add(1) as usize;
        D::next(pc, (m.fp as *mut u8).sub(delta).cast(), m.cx)
    }
}

#[inline(always)]
pub(crate) fn stkchk<D: Dispatch>(m: M) -> D::Out {
    let end: Fp = m.fp.wrapping_byte_add(m.bc() as usize);
    if end > m.ctx().limit {
        return m.make_room::<D>(end);
    }
    m.skip::<D>(1)
}

slow! {
    calln(m) {
        // SAFETY: the verifier checked the index; the window holds the native's arguments and room for its results.
        let (f, mut call) = unsafe {
            let cx = m.ctx_mut();
            (cx.pc, cx.fp) = (m.pc, m.fp);
            let b: &Bound = &*cx.natives.add(m.bc() as usize);
            (b.f, Call::new(m.rt(), m.window(), b.args as usize, b.results as usize))
        };
        Err(match f(&mut call) {
            Ret::Done => return Ok(()),
            Ret::Park(why) => Stop::ExitPast(Exit::Park(why, super::super::ctx::Resume::Behind), 1),
            Ret::ParkRetry(why) => Stop::Exit(Exit::Park(why, super::super::ctx::Resume::Here)),
            Ret::Yield => Stop::ExitPast(Exit::Yield, 1),
            Ret::Panic(f) => Stop::Fault(f),
            Ret::PanicValue(t, d) => Stop::Exit(Exit::Panic([t, d])),
            Ret::Exit(status) => Stop::Exit(Exit::Quit(status)),
            Ret::Goexit => Stop::Exit(Exit::Goexit),
        })
    }
    go(m) {
        let closure = m.a();
        if closure == 0 {
            return Err(Fault::fatal("go of nil func value").into());
        }
        gol_runtime::sched::spawn(m.rt(), closure, m.next_pc());
        Ok(())
    }
    defer(m) {
        m.fiber().push_defer(m, m.a());
        Ok(())
    }
    defer_token(m) {
        m.set_a(m.fiber().defer_token(m));
        Ok(())
    }
    defer_at(m) {
        m.fiber().push_defer_at(m, m.a(), m.b());
        Ok(())
    }
    panic(m) {
        Err(Stop::Exit(Exit::Panic(m.a2())))
    }
    recover(m) {
        let v = m.fiber().recover(m);
        m.set_an(v);
        Ok(())
    }
    goexit(m) {
        let _ = m;
        Err(Stop::Exit(Exit::Goexit))
    }
    closure(m) {
        let layout = m.ctx().image().layouts[m.xh() as usize];
        let p = m.rt().heap.alloc(layout);
        m.store(p as u64, u64::from(m.xl()));
        m.copy(p.wrapping_add(8), m.frame_at(m.rb()), m.rc() * 8);
        m.set_a(p as u64);
        Ok(())
    }
}

/// Calls the newest deferred closure of this frame, or skips.
#[inline(always)]
pub(crate) fn rundefers<D: Dispatch>(m: M) -> D::Out {
    #[inline(never)]
    extern "C" fn pop(pc: Pc, fp: Fp, cx: *mut super::super::ctx::Ctx) -> u64 {
        let m = M { pc, fp, cx, w: 0 };
        m.fiber().pop_defer(m)
    }
    let nf = m.window();
    if m.blocked(nf) {
        return m.make_room::<D>(nf);
    }
    match pop(m.pc, m.fp, m.cx) {
        NO_DEFER => m.skip::<D>(2),
        0 => m.nil::<D>(),
        closure => {
            // SAFETY: linkage slots of the window.
            unsafe { *nf.sub(2) = closure };
            m.enter::<D>(nf, m.ctx().entry(m.load::<u64>(closure) as u32), 1)
        }
    }
}

/// What `pop_defer` answers when the frame has no deferred call left.
pub(crate) const NO_DEFER: u64 = u64::MAX;

/// Trampolines: what the outermost frames of a goroutine, of a deferred call made by panic processing, and of a call that
/// prints a panic value return to.
#[inline(always)]
pub(crate) fn end_main<D: Dispatch>(m: M) -> D::Out {
    m.done::<D>()
}
#[inline(always)]
pub(crate) fn end_defer<D: Dispatch>(m: M) -> D::Out {
    m.defer_done::<D>()
}
#[inline(always)]
pub(crate) fn end_text<D: Dispatch>(m: M) -> D::Out {
    m.text_done::<D>()
}
