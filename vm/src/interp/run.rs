//! Dispatch: one body per instruction, two ways to get from one to the next.
//!
//! *Tail-threaded* (the fast one): every body is a function that ends by calling the next one; optimised builds turn that
//! into a jump, and `pc`, `fp`, `ctx` and the instruction word stay in registers. *Match loop*: one big `match`, for builds
//! and targets without sibling calls. Both come from the list of instructions and the same bodies.

use super::ctx::Ctx;
use super::frame::{Fp, M, Pc};
use super::ops as bodies;
use crate::bytecode::ops::Op;

/// How a body goes on. Implementations differ in what a body returns.
pub(crate) trait Dispatch {
    /// What bodies return.
    type Out;
    /// Go on at `pc` with frame `fp`.
    fn next(pc: Pc, fp: Fp, cx: *mut Ctx) -> Self::Out;
    /// Leave; why is in the context.
    fn exit() -> Self::Out;
}

/// A handler of the tail-threaded dispatch.
pub(crate) type Handler = unsafe extern "C" fn(Pc, Fp, *mut Ctx, u64);

#[cfg(not(watch_tail))]
impl M {
    /// Nothing: see the build script.
    #[inline(always)]
    pub fn watch(self) {}
}

impl M {
    /// Goes on `words` further in the same frame.
    #[inline(always)]
    pub fn skip<D: Dispatch>(self, words: i64) -> D::Out {
        D::next(self.at(words), self.fp, self.cx)
    }
}

#[cfg(tail_dispatch)]
mod tail {
    use super::*;

    pub(crate) struct Tail;

    impl Dispatch for Tail {
        type Out = ();
        #[inline(always)]
        fn next(pc: Pc, fp: Fp, cx: *mut Ctx) {
            // SAFETY: pc is at verified code, whose opcodes are below the table's length.
            unsafe {
                let w = *pc;
                let h = *(&raw const (*cx).table).cast::<Handler>().add(w as u16 as usize);
                h(pc, fp, cx, w)
            }
        }
        #[inline(always)]
        fn exit() {}
    }

    macro_rules! handlers {
        ($($(#[doc = $doc:literal])* $name:ident($($pos:ident: $kind:ident),*);)*) => {
            mod handler {
                use super::*;
                $(
                    pub(super) unsafe extern "C" fn $name(pc: Pc, fp: Fp, cx: *mut Ctx, w: u64) {
                        bodies::$name::<Tail>(M { pc, fp, cx, w })
                    }
                )*
            }
            /// The handlers, by opcode.
            pub(crate) const TABLE: [Handler; Op::COUNT] = [$(handler::$name),*];
        };
    }
    crate::for_each_op!(handlers);

    /// Stands in for every handler when time slices are counted in instructions.
    unsafe extern "C" fn counted(pc: Pc, fp: Fp, cx: *mut Ctx, w: u64) {
        // SAFETY: called in place of the handler of a verified instruction.
        unsafe {
            count(cx);
            TABLE[w as u16 as usize](pc, fp, cx, w)
        }
    }

    /// One instruction less; at the end of the slice it is as if the watcher had asked for a switch.
    #[inline(always)]
    unsafe fn count(cx: *mut Ctx) {
        // SAFETY: the context of a run; its poll word outlives it.
        unsafe {
            (*cx).fuel -= 1;
            if (*cx).fuel == 0 {
                (*(*cx).poll).fetch_or(gol_runtime::cx::POLL_PREEMPT, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    /// The handlers of counted slices.
    pub(crate) const COUNTED: [Handler; Op::COUNT] = [counted; Op::COUNT];

    /// Runs from `pc` until an op leaves.
    pub(crate) fn run(pc: Pc, fp: Fp, cx: *mut Ctx) {
        #[cfg(watch_tail)]
        // SAFETY: the context of this run.
        unsafe {
            (*cx).native_stack = native_stack();
        }
        Tail::next(pc, fp, cx)
    }

    /// About where the native stack ends now.
    #[cfg(watch_tail)]
    #[inline(always)]
    fn native_stack() -> usize {
        let here = 0u8;
        (&raw const here).addr()
    }

    impl M {
        /// Ends the process if handlers call each other instead of jumping: the native stack would grow with every instruction
        /// executed, which short programs survive.
        #[cfg(watch_tail)]
        #[inline(always)]
        pub fn watch(self) {
            const FAR: usize = 256 << 10;
            if self.ctx().native_stack.wrapping_sub(native_stack()) as isize > FAR as isize {
                eprintln!("gol: a handler called the next one instead of jumping to it");
                std::process::abort();
            }
        }
    }
}

#[cfg(not(tail_dispatch))]
mod looped {
    use super::*;

    pub(crate) struct Looped;

    impl Dispatch for Looped {
        type Out = Option<(Pc, Fp)>;
        #[inline(always)]
        fn next(pc: Pc, fp: Fp, _: *mut Ctx) -> Option<(Pc, Fp)> {
            Some((pc, fp))
        }
        #[inline(always)]
        fn exit() -> Option<(Pc, Fp)> {
            None
        }
    }

    unsafe extern "C" fn unused(_: Pc, _: Fp, _: *mut Ctx, _: u64) {}
    /// Not used by this dispatch.
    pub(crate) const TABLE: [Handler; Op::COUNT] = [unused; Op::COUNT];

    macro_rules! match_loop {
        ($($(#[doc = $doc:literal])* $name:ident($($pos:ident: $kind:ident),*);)*) => {
            /// Runs from `pc` until an op leaves.
            pub(crate) fn run(mut pc: Pc, mut fp: Fp, cx: *mut Ctx) {
                loop {
                    // SAFETY: pc is at verified code.
                    let w = unsafe { *pc };
                    // SAFETY: verified code holds only opcodes of the list.
                    let op: Op = unsafe { std::mem::transmute(w as u16) };
                    let m = M { pc, fp, cx, w };
                    let out = match op {
                        $(Op::$name => bodies::$name::<Looped>(m),)*
                    };
                    match out {
                        Some(next) => (pc, fp) = next,
                        None => return,
                    }
                }
            }
        };
    }
    crate::for_each_op!(match_loop);
}

#[cfg(not(tail_dispatch))]
pub(crate) use looped::{TABLE, TABLE as COUNTED, run};
#[cfg(tail_dispatch)]
pub(crate) use tail::{COUNTED, TABLE, run};

/// Lengths of the instructions in words, by name.
#[allow(non_upper_case_globals, dead_code)]
pub(crate) mod len {
    macro_rules! lengths {
        ($($(#[doc = $doc:literal])* $name:ident($($pos:ident: $kind:ident),*);)*) => {
            $(pub(crate) const $name: i64 = crate::bytecode::encode::length(&[$(crate::bytecode::encode::pos::$pos),*]) as i64;)*
        };
    }
    crate::for_each_op!(lengths);
}
