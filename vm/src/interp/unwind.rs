//! Panics, deferred calls, recover, Goexit.
//!
//! Frames are not unwound while deferred calls run: each runs in a new frame above the panicking one and returns to the
//! `end_defer` trampoline. Only when a panic was recovered does the goroutine drop frames and go on in the epilogue of the
//! function that deferred (`recover_pc`).

use gol_runtime::cx::Cx;
use gol_runtime::fault::{Fault, FaultKind};
use gol_runtime::fiber::Switch;
use gol_runtime::object::string;

use super::Interp;
use super::frame::{M, Pc};
use super::ops::call::NO_DEFER;

/// A deferred call.
pub(crate) struct Defer {
    /// Frame that deferred it, in slots.
    pub frame: usize,
    /// Where in that frame's function.
    pub pc: Pc,
    /// What to call.
    pub closure: u64,
}

/// A panic (or Goexit) being processed.
pub(crate) struct Panic {
    /// The value: type word, data word.
    pub value: [u64; 2],
    /// It is a Goexit.
    pub goexit: bool,
    /// A deferred call recovered it and has not returned yet.
    pub recovered: bool,
    /// It came from a nil dereference.
    pub nil_deref: bool,
    /// Where it was raised.
    pub pc: Pc,
    /// In which frame.
    pub fp: usize,
    /// Frame of the deferred call that runs for it.
    pub callee: usize,
    /// The frame that deferred that call, and where.
    pub owner: (usize, Pc),
}

/// Collecting the texts of uncaught panics' values.
pub(crate) struct Dying {
    /// One per panic, oldest first.
    pub texts: Vec<String>,
    /// Frame of the call that makes a text, and its argument slots.
    pub call: (usize, usize),
    /// Where the goroutine died.
    pub pc: Pc,
    pub fp: usize,
}

impl Interp {
    /// `defer closure`.
    pub(crate) fn push_defer(&mut self, m: M, closure: u64) {
        let frame = self.offset(m.fp);
        self.defers.push(Defer { frame, pc: m.pc, closure });
    }

    /// Names the running frame: its offset, and where in its function it is.
    pub(crate) fn defer_token(&self, m: M) -> u64 {
        self.offset(m.fp) as u64 | (self.image().word(m.pc) as u64) << 32
    }

    /// `defer closure` on behalf of the frame that made the token. Deferred calls are kept innermost frame last.
    pub(crate) fn push_defer_at(&mut self, _: M, token: u64, closure: u64) {
        let frame = token as u32 as usize;
        let pc = self.image().pc((token >> 32) as usize);
        let at = self.defers.partition_point(|d| d.frame <= frame);
        self.defers.insert(at, Defer { frame, pc, closure });
    }

    /// Takes the newest deferred closure of the running frame.
    pub(crate) fn pop_defer(&mut self, m: M) -> u64 {
        let frame = self.offset(m.fp);
        match self.defers.pop_if(|d| d.frame == frame) {
            Some(d) => d.closure,
            None => NO_DEFER,
        }
    }

    /// `recover()` in the running frame: the value of the newest panic, if this is the deferred function it called.
    pub(crate) fn recover(&mut self, m: M) -> [u64; 2] {
        let (mut fp, mut pc) = (self.offset(m.fp), m.pc);
        let callee = match self.panics.last() {
            Some(p) if !p.goexit && !p.recovered => p.callee,
            _ => return [0, 0],
        };
        let end = self.image().pc(self.image().end_defer);
        // `defer recover()` makes a wrapper whose caller is the function that recovers.
        while self.transparent(pc) {
            let ret = self.peek(fp - 1) as Pc;
            if ret == end {
                return [0, 0];
            }
            fp -= self.delta(ret) / 8;
            pc = ret;
        }
        // Wrappers between the deferred call and that function do not count.
        loop {
            let ret = self.peek(fp - 1) as Pc;
            if ret == end {
                break;
            }
            if !self.transparent(ret) {
                return [0, 0];
            }
            fp -= self.delta(ret) / 8;
        }
        match self.panics.last_mut() {
            Some(p) if callee == fp => {
                p.recovered = true;
                p.value
            }
            _ => [0, 0],
        }
    }

    /// Whether the function at a pc does not count as a caller of `recover`: compiler-made wrappers, and reflection, which calls
    /// functions on behalf of others.
    fn transparent(&self, pc: Pc) -> bool {
        self.image().function_at(pc).is_some_and(|f| f.flags.wrapper || f.name.starts_with("reflect."))
    }

    /// `panic(v)`.
    pub(super) fn panic(&mut self, cx: &mut Cx, v: [u64; 2]) -> Option<Switch> {
        let v = if v[0] == 0 { self.panic_nil_value(cx) } else { v };
        self.raise(cx, v, false)
    }

    /// Begins a panic at the current pc and frame.
    pub(super) fn raise(&mut self, cx: &mut Cx, value: [u64; 2], nil_deref: bool) -> Option<Switch> {
        if self.dying.is_some() {
            return self.text_failed(cx);
        }
        self.begin(value, false, nil_deref);
        self.next_defer(cx)
    }

    /// runtime.Goexit.
    pub(super) fn goexit(&mut self, cx: &mut Cx) -> Option<Switch> {
        self.begin([0, 0], true, false);
        self.next_defer(cx)
    }

    fn begin(&mut self, value: [u64; 2], goexit: bool, nil_deref: bool) {
        let owner = (0, std::ptr::null());
        let (pc, fp) = (self.pc, self.fp);
        self.panics.push(Panic { value, goexit, recovered: false, nil_deref, pc, fp, callee: 0, owner });
    }

    /// Runs the next deferred call for the newest panic; with none left the goroutine is over.
    fn next_defer(&mut self, cx: &mut Cx) -> Option<Switch> {
        let Some(p) = self.panics.last() else { return Some(Switch::Exit) };
        let (pc, fp, goexit) = (p.pc, p.fp, p.goexit);
        let Some(d) = self.defers.pop() else {
            if goexit {
                self.panics.clear();
                return Some(Switch::Goexit);
            }
            return self.die(cx);
        };
        let nf = self.above(pc, fp);
        if let Some(p) = self.panics.last_mut() {
            p.callee = nf;
            p.owner = (d.frame, d.pc);
        }
        if d.closure == 0 {
            (self.pc, self.fp) = (pc, fp);
            return self.fault(cx, Fault::nil_deref());
        }
        // SAFETY: a func value points to a closure, which begins with its function's index.
        let entry = unsafe { *(d.closure as *const u64) } as u32;
        let end = self.image().end_defer;
        match self.set_call(nf, d.closure, entry, end) {
            Ok(()) => None,
            Err(f) => Some(self.fatal(cx, &f)),
        }
    }

    /// A deferred call made for the newest panic returned.
    pub(super) fn defer_done(&mut self, cx: &mut Cx) -> Option<Switch> {
        match self.panics.last() {
            Some(p) if p.recovered => {}
            _ => return self.next_defer(cx),
        }
        let Some(p) = self.panics.pop() else { return Some(Switch::Exit) };
        let (frame, pc) = p.owner;
        // Panics raised at or above that frame were aborted by this one; an aborted Goexit goes on.
        let mut goexit = false;
        while let Some(q) = self.panics.pop_if(|q| q.fp >= frame) {
            goexit |= q.goexit;
        }
        self.fp = frame;
        self.pc = self
            .image()
            .function_at(pc)
            .map_or(pc, |f| self.image().pc((f.entry + f.recover_pc.unwrap_or(0)) as usize));
        if goexit { self.goexit(cx) } else { None }
    }

    /// The value of a runtime error.
    pub(super) fn error_value(&mut self, cx: &mut Cx, f: &Fault) -> [u64; 2] {
        let e = self.image().errors;
        let (ty, text) = match f.kind {
            FaultKind::RuntimeError if e.error.is_some() => (e.error, f.text.to_string()),
            FaultKind::PlainError if e.plain.is_some() => (e.plain, f.text.to_string()),
            FaultKind::TypeAssertion if e.assertion.is_some() => (e.assertion, f.text.to_string()),
            _ => (e.string, f.message()),
        };
        let Some(ty) = ty else { return [0, 0] };
        let s = string::new_string(&mut cx.heap, text.as_bytes());
        // A boxed string, and a struct that begins with one, are alike.
        let of = ty.elem.unwrap_or(ty);
        let p = cx.heap.alloc(of) as *mut u64;
        if of.size >= 16 {
            // SAFETY: fresh memory of at least two words.
            unsafe {
                *p = s.ptr;
                *p.add(1) = s.len;
            }
        }
        [ty.word(), p as u64]
    }

    fn panic_nil_value(&mut self, cx: &mut Cx) -> [u64; 2] {
        match self.image().errors.panic_nil {
            Some(t) => [t.word(), cx.heap.alloc(t.elem()) as u64],
            None => self.error_value(cx, &Fault::runtime("panic called with nil argument")),
        }
    }
}
