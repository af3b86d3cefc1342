//! What stays reachable from every op: tables of the linked program, the stack limit, and why a run ended.

use std::sync::atomic::{AtomicU32, Ordering};

use gol_runtime::cx::Cx;
use gol_runtime::fault::Fault;
use gol_runtime::fiber::WaitReason;
use gol_runtime::object::types::TypeRef;

use super::frame::{Fp, M, Pc};
use super::run::{Dispatch, Handler};
use super::{Image, Interp};
use crate::bytecode::ops::Op;

/// Why a run of ops ended.
#[derive(Debug)]
pub(crate) enum Exit {
    /// Nothing set.
    None,
    /// The poll word was set; goes on at the saved pc.
    Poll,
    /// Gave up its turn.
    Yield,
    /// Waits; goes on as `Resume` says.
    Park(WaitReason, Resume),
    /// A runtime error at the saved pc.
    Fault(Fault),
    /// panic(value).
    Panic([u64; 2]),
    /// runtime.Goexit.
    Goexit,
    /// The goroutine's function returned.
    Done,
    /// A deferred call made by panic processing returned.
    DeferDone,
    /// A call made to print a panic value returned.
    TextDone,
    /// The process ends.
    Quit(i32),
}

/// What happens first when a parked goroutine runs again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resume {
    /// The saved pc is where to go on.
    Here,
    /// The same, and it is behind the call of a native routine that parked.
    Behind,
    /// The instruction at the saved pc is a send, receive or select whose outcome is in the goroutine's wake record.
    Complete,
    /// Ends, as by `runtime.Goexit`.
    Goexit,
    /// Never runs again.
    Never,
}

/// How a slow body ends when not normally.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Runtime error.
    Fault(Fault),
    /// Any other exit; the flag says to go on behind the instruction (whose length is given) instead of at it.
    Exit(Exit),
    /// Exit, and go on that many words further.
    ExitPast(Exit, i64),
}

impl From<Fault> for Stop {
    fn from(f: Fault) -> Stop {
        Stop::Fault(f)
    }
}

/// The context of the running goroutine's ops. `table` must stay first.
#[repr(C)]
pub(crate) struct Ctx {
    /// Handlers by opcode.
    pub table: [Handler; Op::COUNT],
    /// Highest address a frame may begin at.
    pub limit: *mut u64,
    /// Asks to leave.
    pub poll: *const AtomicU32,
    /// Instructions left of a counted time slice.
    pub fuel: i64,
    /// Where the native stack ended when the run began.
    #[cfg(watch_tail)]
    pub native_stack: usize,
    /// Non-zero while pointers that are overwritten must be recorded; where the processor keeps that.
    pub barrier: *const u8,
    /// First instruction of each function.
    pub entries: *const Pc,
    /// Globals.
    pub globals: *mut u8,
    /// Static strings.
    pub data: *const u8,
    /// Types by index.
    pub types: *const TypeRef,
    /// Itab words by index.
    pub itabs: *const u64,
    /// Closure objects of plain functions, one word each.
    pub statics: *const u64,
    /// Bound natives by index.
    pub natives: *const super::Bound,
    /// The runtime, lent by `resume`.
    pub rt: *mut Cx,
    /// The running fiber.
    pub fiber: *mut Interp,
    /// The linked program.
    pub image: *const Image,
    /// Where the run ended.
    pub pc: Pc,
    /// And in which frame.
    pub fp: Fp,
    /// And why.
    pub exit: Exit,
}

impl Ctx {
    /// Type by index.
    #[inline(always)]
    pub fn ty(&self, i: u32) -> TypeRef {
        // SAFETY: the verifier checked type indices.
        unsafe { *self.types.add(i as usize) }
    }
    /// Type word by index.
    #[inline(always)]
    pub fn type_word(&self, i: u32) -> u64 {
        self.ty(i).word()
    }
    /// Itab word by index.
    #[inline(always)]
    pub fn itab_word(&self, i: u32) -> u64 {
        // SAFETY: the verifier checked itab indices.
        unsafe { *self.itabs.add(i as usize) }
    }
    /// Closure object of a plain function.
    #[inline(always)]
    pub fn static_closure(&self, i: u32) -> u64 {
        // SAFETY: the verifier checked function indices.
        unsafe { self.statics.add(i as usize) as u64 }
    }
    /// First instruction of a function.
    #[inline(always)]
    pub fn entry(&self, i: u32) -> Pc {
        // SAFETY: function indices in closures and itabs come from the compiler.
        unsafe { *self.entries.add(i as usize) }
    }
    /// Whether somebody wants the run to end.
    #[inline(always)]
    pub fn polled(&self) -> bool {
        // SAFETY: the runtime outlives every run.
        unsafe { (*self.poll).load(Ordering::Relaxed) != 0 }
    }
    /// The linked program.
    pub fn image<'a>(&self) -> &'a Image {
        // SAFETY: fibers hold the image alive.
        unsafe { &*self.image }
    }
}

impl M {
    /// Records why the run ends.
    pub fn stop(self, stop: Stop) {
        let cx = self.ctx_mut();
        cx.fp = self.fp;
        cx.pc = self.pc;
        match stop {
            Stop::Fault(f) => cx.exit = Exit::Fault(f),
            Stop::Exit(e) => cx.exit = e,
            Stop::ExitPast(e, words) => {
                cx.pc = self.at(words);
                cx.exit = e;
            }
        }
    }
    /// Whether bounds at this instruction are signed numbers, for messages.
    #[cold]
    pub fn signed(self) -> bool {
        let image = self.ctx().image();
        image.function_at(self.pc).is_none_or(|f| !f.pos_at(image.word(self.pc) as u32).unsigned)
    }
    /// The fiber.
    #[inline(always)]
    pub fn fiber<'a>(self) -> &'a mut Interp {
        // SAFETY: `resume` put its own fiber there and does not touch it during the run.
        unsafe { &mut *self.ctx().fiber }
    }
}

/// Cold exits: outlined so that handlers keep no frame; scalars only.
macro_rules! cold {
    ($($(#[$doc:meta])* $name:ident($($arg:ident),*) |$m:ident| $stop:expr;)*) => {
        impl M {$(
            $(#[$doc])*
            #[inline(always)]
            pub fn $name<D: Dispatch>(self $(, $arg: u64)*) -> D::Out {
                #[cold]
                #[inline(never)]
                extern "C" fn far(pc: Pc, fp: Fp, cx: *mut Ctx $(, $arg: u64)*) {
                    let $m = M { pc, fp, cx, w: 0 };
                    $m.stop($stop);
                }
                far(self.pc, self.fp, self.cx $(, $arg)*);
                D::exit()
            }
        )*}
    };
}

cold! {
    /// Nil dereference.
    nil() |m| Stop::Fault(Fault::nil_deref());
    /// Division by zero.
    divide() |m| Stop::Fault(Fault::divide());
    /// Negative shift count.
    bad_shift() |m| Stop::Fault(Fault::negative_shift());
    /// Index out of range.
    bad_index(i, len) |m| Stop::Fault(Fault::index(i, len, m.signed()));
    /// Leave for the scheduler; go on at that pc.
    leave_to(target) |m| m.leave_pc(target);
    /// The goroutine's first function returned.
    done() |m| Stop::Exit(Exit::Done);
    /// A deferred call of panic processing returned.
    defer_done() |m| Stop::Exit(Exit::DeferDone);
    /// A call that prints a panic value returned.
    text_done() |m| Stop::Exit(Exit::TextDone);
}

impl M {
    fn leave_pc(self, pc: u64) -> Stop {
        let words = (pc as i64 - self.pc as i64) / 8;
        Stop::ExitPast(Exit::Poll, words)
    }
}
