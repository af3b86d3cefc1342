//! The interpreter: a goroutine's frames as the runtime's `Fiber`.
//!
//! [`Image`] is a linked program, shared by all goroutines of a process. [`Interp`] is one goroutine: its register stack,
//! where it stopped, its deferred calls and panics. Ops run in `run.rs` until one leaves; `resume` acts on why.

pub mod callers;
pub(crate) mod ctx;
mod excerpt;
mod fatal;
pub(crate) mod frame;
pub(crate) mod ops;
mod run;
pub(crate) mod table;
mod unwind;
mod walk;

use std::fmt::Write as _;
use std::sync::Arc;

use gol_runtime::cx::Cx;
use gol_runtime::fault::{Fault, FaultKind};
use gol_runtime::fiber::{Fiber, FiberFactory, FrameInfo, Switch};
use gol_runtime::gc::Visitor;
use gol_runtime::native::NativeFn;
use gol_runtime::object::types::TypeRef;
use gol_runtime::sched::syscall::Extent;
use gol_runtime::stack::Stack;

use crate::bytecode::{Function, GlobalVar, InlinedCall, Op, SelectTable, SwitchTable};
use ctx::{Ctx, Exit, Resume};
use frame::{Fp, M, Pc};
use table::Table;
use unwind::{Defer, Dying, Panic};

/// A native bound to its Rust function.
pub(crate) struct Bound {
    pub f: NativeFn,
    pub args: u32,
    pub results: u32,
}

/// A linked program. Made by `link`; it may grow, and then nothing in it moves or changes, except which code runs in the place of a
/// function (`entries`).
pub struct Image {
    pub(crate) functions: Table<Function>,
    /// All code, then the trampolines.
    pub(crate) code: Table<u64>,
    pub(crate) data: Table<u8>,
    pub(crate) entries: Table<Pc>,
    /// Function indices in order of entry.
    pub(crate) by_entry: Table<u32>,
    pub(crate) types: Table<TypeRef>,
    pub(crate) layouts: Table<TypeRef>,
    pub(crate) itabs: Table<u64>,
    /// Static closure objects: one word each, the function index.
    pub(crate) statics: Table<u64>,
    pub(crate) natives: Table<Bound>,
    pub(crate) switches: Table<SwitchTable>,
    pub(crate) selects: Table<SelectTable>,
    pub(crate) files: Table<String>,
    pub(crate) inlined: Table<InlinedCall>,
    pub(crate) waited: Table<GlobalVar>,
    pub(crate) globals: *mut u64,
    pub(crate) globals_words: usize,
    pub(crate) entry: u32,
    /// Word offsets of the trampolines in `code`.
    pub(crate) end_main: usize,
    pub(crate) end_defer: usize,
    pub(crate) end_text: usize,
    pub(crate) errors: ErrorTypes,
}

/// Types of the values that runtime errors panic with; absent when package runtime is not part of the program.
#[derive(Clone, Copy, Default)]
pub(crate) struct ErrorTypes {
    /// `runtime.errorString`: a string without the `runtime error: ` prefix.
    pub error: Option<TypeRef>,
    /// `runtime.plainError`: a string.
    pub plain: Option<TypeRef>,
    /// `*runtime.TypeAssertionError`: to a struct that begins with its text.
    pub assertion: Option<TypeRef>,
    /// `*runtime.PanicNilError`.
    pub panic_nil: Option<TypeRef>,
    /// `string`.
    pub string: Option<TypeRef>,
}

impl Image {
    pub(crate) fn pc(&self, word: usize) -> Pc {
        // SAFETY: callers pass word numbers inside the code.
        unsafe { self.code.as_ptr().add(word) }
    }
    /// Makes code that begins at these words functions.
    pub(crate) fn add_entries(&self, words: impl IntoIterator<Item = u32>) {
        let pcs: Vec<Pc> = words.into_iter().map(|w| self.pc(w as usize)).collect();
        // SAFETY: only the thread that links and extends appends.
        unsafe { self.entries.append(pcs) };
    }
    /// Word number of a pc.
    pub(crate) fn word(&self, pc: Pc) -> usize {
        (pc as usize - self.code.as_ptr() as usize) / 8
    }
    /// The function a pc belongs to.
    pub(crate) fn function_at(&self, pc: Pc) -> Option<&Function> {
        if pc < self.pc(0) || pc >= self.pc(self.code.len()) {
            return None;
        }
        let w = self.word(pc) as u32;
        let i = self.by_entry.partition_point(|&f| self.functions[f as usize].entry <= w);
        let f = &self.functions[*self.by_entry.get(i.checked_sub(1)?)? as usize];
        (w < f.entry + f.len).then_some(f)
    }
}

// SAFETY: the raw pointers in it lead to code, tables and globals that it owns; goroutines share them as Go programs do.
unsafe impl Send for Image {}
// SAFETY: as above.
unsafe impl Sync for Image {}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: `link` took the globals from a boxed slice of that length.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(self.globals, self.globals_words)) });
    }
}

/// The flag before there is a processor.
static NO_BARRIER: u8 = 0;

/// What the goroutines of a process share.
pub(crate) struct Machine {
    pub image: Image,
}

/// A thread's context for ops, as the scheduler keeps it.
#[repr(transparent)]
struct Engine(Ctx);

// SAFETY: the pointers in it lead to the image, which every fiber keeps alive, or are set anew by each `resume`; the thread it is
// kept for is the only one that uses it.
unsafe impl Send for Engine {}

impl Machine {
    pub(crate) fn new(image: Image) -> Arc<Machine> {
        Arc::new(Machine { image })
    }

    /// A context for another thread.
    fn engine(&self, counted: bool) -> Box<Engine> {
        let image = &self.image;
        Box::new(Engine(Ctx {
            table: if counted { run::COUNTED } else { run::TABLE },
            fuel: 0,
            #[cfg(watch_tail)]
            native_stack: 0,
            limit: std::ptr::null_mut(),
            poll: std::ptr::null(),
            barrier: &raw const NO_BARRIER,
            entries: image.entries.as_ptr(),
            globals: image.globals.cast(),
            data: image.data.as_ptr(),
            types: image.types.as_ptr(),
            itabs: image.itabs.as_ptr(),
            statics: image.statics.as_ptr(),
            natives: image.natives.as_ptr(),
            rt: std::ptr::null_mut(),
            fiber: std::ptr::null_mut(),
            image,
            pc: std::ptr::null(),
            fp: std::ptr::null_mut(),
            exit: Exit::None,
        }))
    }
}

/// The running thread's context; null if no fiber has run on it yet.
pub(crate) fn context(cx: &Cx) -> *mut Ctx {
    let e: *mut Engine = cx.sched.engine().cast();
    // SAFETY: an address is computed, nothing is read.
    if e.is_null() { std::ptr::null_mut() } else { unsafe { &raw mut (*e).0 } }
}

/// Makes the fibers of a process that runs `machine`'s program.
pub(crate) fn factory(machine: Arc<Machine>) -> FiberFactory {
    Box::new(move || Box::new(Interp::new(machine.clone())))
}

// SAFETY: its pointers lead into the image, which it keeps alive, and into its own stack.
unsafe impl Send for Interp {}

/// One goroutine.
pub(crate) struct Interp {
    machine: Arc<Machine>,
    stack: Stack,
    /// Next instruction.
    pc: Pc,
    /// Frame, in slots from the stack's base.
    fp: usize,
    resume: Resume,
    defers: Vec<Defer>,
    panics: Vec<Panic>,
    dying: Option<Dying>,
    /// Limit of the stack in bytes.
    max_stack: usize,
}

impl Interp {
    fn new(machine: Arc<Machine>) -> Interp {
        Interp {
            machine,
            stack: Stack::new(),
            pc: std::ptr::null(),
            fp: 0,
            resume: Resume::Here,
            defers: Vec::new(),
            panics: Vec::new(),
            dying: None,
            max_stack: gol_runtime::stack::MAX_BYTES,
        }
    }

    fn image(&self) -> &Image {
        &self.machine.image
    }

    /// Address of a slot.
    fn slot(&mut self, i: usize) -> Fp {
        debug_assert!(i < self.stack.capacity());
        // SAFETY: slot numbers kept by the interpreter lie inside the stack.
        unsafe { self.stack.base().add(i) }
    }

    /// Content of a slot.
    fn peek(&self, i: usize) -> u64 {
        debug_assert!(i < self.stack.capacity());
        // SAFETY: as in `slot`.
        unsafe { *self.stack.base_const().add(i) }
    }

    /// Slot number of a frame pointer.
    fn offset(&self, fp: Fp) -> usize {
        (fp as usize - self.stack.base_const() as usize) / 8
    }

    /// Makes room for a frame that begins at `need`; answers the running frame's new address.
    pub(crate) fn grow(&mut self, m: M, need: Fp) -> Result<Fp, Fault> {
        let (fp, need) = (self.offset(m.fp), self.offset(need));
        let limit = self.stack.limit();
        if need <= self.offset(limit) {
            // There is room: `resume` wanted to see a move.
            self.stack.move_away();
        } else {
            self.stack.grow(need)?;
        }
        m.ctx_mut().limit = self.stack.limit();
        Ok(self.slot(fp))
    }

    /// Prepares a call of closure or function `entry` in a frame at slot `nf`, returning to `ret`.
    fn set_call(&mut self, nf: usize, closure: u64, entry: u32, ret: usize) -> Result<(), Fault> {
        let limit = self.stack.limit();
        if self.offset(limit) < nf {
            self.stack.grow(nf)?;
        }
        let ret = self.image().pc(ret) as u64;
        let at = self.slot(nf);
        // SAFETY: nf >= 2 and below the limit.
        unsafe {
            *at.sub(1) = ret;
            *at.sub(2) = closure;
        }
        self.fp = nf;
        self.pc = self.image().entries[entry as usize];
        Ok(())
    }

    /// First free slot above the frame at `fp` that runs `pc`, linkage of a new frame left out.
    fn above(&self, pc: Pc, fp: usize) -> usize {
        fp + self.image().function_at(pc).map_or(0, |f| f.frame as usize) + 2
    }
}

impl Fiber for Interp {
    fn start(&mut self, _: &mut Cx, closure: u64) {
        self.stack.reset();
        self.defers.clear();
        self.panics.clear();
        self.dying = None;
        self.resume = Resume::Here;
        // SAFETY: a func value points to a closure, which begins with its function's index.
        let entry = unsafe { *(closure as *const u64) } as u32;
        let end = self.image().end_main;
        // The first frame begins at slot 2 of a stack that has many more.
        let _ = self.set_call(2, closure, entry, end);
    }

    fn resume(&mut self, cx: &mut Cx) -> Switch {
        let mut ctx = context(cx);
        if ctx.is_null() {
            let counted = cx.sched.counts();
            cx.sched.set_engine(self.machine.engine(counted));
            ctx = context(cx);
        }
        // SAFETY: the context is this thread's; one fiber runs on it at a time, and bodies reach the runtime and this fiber through
        // these pointers only while `run` is on the stack.
        unsafe {
            (*ctx).rt = cx;
            (*ctx).poll = Arc::as_ptr(&cx.poll);
            (*ctx).fuel = cx.sched.fuel;
            (*ctx).barrier = cx.heap.barrier_flag();
            (*ctx).fiber = self;
            // Under stress the first call of a time slice moves the stack.
            (*ctx).limit = if cx.heap.is_stressed() { self.stack.base() } else { self.stack.limit() };
        }
        match self.resume {
            Resume::Here | Resume::Behind => self.resume = Resume::Here,
            Resume::Goexit => {
                self.resume = Resume::Here;
                if let Some(s) = self.goexit(cx) {
                    return s;
                }
            }
            Resume::Never => return Switch::Park(gol_runtime::fiber::WaitReason::None),
            Resume::Complete => {
                self.resume = Resume::Here;
                let fp = self.slot(self.fp);
                // SAFETY: pc is at the instruction the goroutine parked in.
                let m = M { pc: self.pc, fp, cx: ctx, w: unsafe { *self.pc } };
                match ops::chan::complete(m) {
                    Ok(words) => self.pc = m.at(words),
                    Err(f) => {
                        if let Some(s) = self.fault(cx, f) {
                            return s;
                        }
                    }
                }
            }
        }
        loop {
            let fp = self.slot(self.fp);
            run::run(self.pc, fp, ctx);
            // SAFETY: as above; `run` has returned.
            let exit = unsafe {
                cx.sched.fuel = (*ctx).fuel;
                self.pc = (*ctx).pc;
                self.fp = self.offset((*ctx).fp);
                std::mem::replace(&mut (*ctx).exit, Exit::None)
            };
            let end = match exit {
                Exit::Poll | Exit::None => Some(Switch::Poll),
                Exit::Yield => Some(Switch::Yield),
                Exit::Park(why, resume) => {
                    self.resume = resume;
                    Some(Switch::Park(why))
                }
                Exit::Fault(f) => self.fault(cx, f),
                Exit::Panic(v) => self.panic(cx, v),
                Exit::Goexit => self.goexit(cx),
                Exit::Done => Some(Switch::Exit),
                Exit::DeferDone => self.defer_done(cx),
                Exit::TextDone => self.text_done(cx),
                Exit::Quit(status) => Some(Switch::Quit(status)),
            };
            if let Some(s) = end {
                return s;
            }
            // SAFETY: as above.
            unsafe { (*ctx).limit = self.stack.limit() };
        }
    }

    fn abort(&mut self) {
        self.resume = Resume::Goexit;
    }

    fn freeze(&mut self, cx: &mut Cx) {
        let ctx = context(cx);
        // SAFETY: the running thread's context, in which `calln` saved where this fiber is.
        let (pc, fp) = unsafe { ((*ctx).pc, (*ctx).fp) };
        self.pc = pc;
        self.fp = self.offset(fp);
    }

    fn trace(&self, v: &mut Visitor<'_>) {
        self.trace_frames(v);
    }

    fn holders(&self, holds: &dyn Fn(u64) -> bool) -> Vec<String> {
        self.holding_slots(holds)
    }

    fn backtrace(&self) -> Vec<FrameInfo> {
        let (inner, _, outer) = self.lines();
        inner.into_iter().chain(outer).map(|l| l.frame).collect()
    }

    fn traceback(&self) -> String {
        let (inner, left_out, outer) = self.lines();
        let mut s: String = inner.iter().map(|l| format!("{}\n", l.frame)).collect();
        if left_out > 0 {
            let _ = writeln!(s, "...{left_out} frames elided...");
        }
        s.extend(outer.iter().map(|l| format!("{}\n", l.frame)));
        s
    }

    fn locate(&self, pc: usize) -> Vec<FrameInfo> {
        let mut lines = Vec::new();
        walk::lines_at(self.image(), pc as Pc, &mut lines);
        lines.into_iter().map(|l| l.frame).collect()
    }

    fn locate_note(&self, note: u64) -> Vec<FrameInfo> {
        let pc = (note as Pc).wrapping_sub(1);
        let image = self.image();
        let notes = |w: u64| w as u16 == Op::alloc_noted as u16 || w as u16 == Op::mkslice_noted as u16;
        let is_one = note.is_multiple_of(8) && image.function_at(pc).is_some() && notes(image.code[image.word(pc)]);
        if is_one { self.locate(note as usize) } else { Vec::new() }
    }

    fn global_at(&self, addr: u64) -> Option<FrameInfo> {
        let image = self.image();
        let at = addr.checked_sub(image.globals as u64)?;
        let found = image.waited.iter().find(|v| at.wrapping_sub(u64::from(v.at)) < u64::from(v.size))?;
        let file = image.files.get(found.pos.file as usize).cloned().unwrap_or_default();
        Some(FrameInfo { name: found.name.clone(), file, line: found.pos.line, ..FrameInfo::default() })
    }

    fn extent(&self) -> (Extent, usize) {
        let base = self.stack.base_const() as usize;
        (Extent { base, top: base + self.fp * 8, pc: self.pc as usize }, self.stack.bytes())
    }

    fn stack_bytes(&self) -> usize {
        self.stack.bytes()
    }

    fn as_any(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

impl Interp {
    /// A runtime error: a panic of the right value, or the end.
    fn fault(&mut self, cx: &mut Cx, f: Fault) -> Option<Switch> {
        if f.kind == FaultKind::Fatal {
            return Some(self.fatal(cx, &f));
        }
        let value = self.error_value(cx, &f);
        self.raise(cx, value, f.nil_deref)
    }
}
