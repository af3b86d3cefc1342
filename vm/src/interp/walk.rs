//! Walking a goroutine's frames: roots for the collector, lines for tracebacks.

use std::collections::VecDeque;

use gol_runtime::gc::Visitor;

use super::ctx::Resume;
use super::frame::Pc;
use super::{Image, Interp};
use crate::bytecode::ops::Op;
use crate::bytecode::{Function, Pos};

/// Frames shown at each end of a long traceback.
const SHOWN: usize = 50;

/// One frame found on the way.
struct Frame<'a> {
    f: &'a Function,
    /// Instruction the frame is at; for callers, one behind the call.
    pc: Pc,
    fp: usize,
    /// Slot where the frame above begins (its linkage included), if there is one called from here.
    upper: Option<usize>,
    /// Whether the locals hold anything that matters. Not at the function's first instruction, before which nothing cleared what
    /// earlier frames left there: a goroutine that has not run yet is there, and one that waits for room. And not after a panic
    /// if there is nothing to run in this frame any more.
    locals: bool,
}

impl Interp {
    /// Bytes between the caller's frame and the one returning to `ret`.
    pub(super) fn delta(&self, ret: Pc) -> usize {
        let w = self.image().word(ret) - 1;
        (self.image().code[w] >> 16) as u16 as usize
    }

    /// Visits the pcs of all frames as return addresses, innermost first, while `more` says so.
    pub(super) fn return_pcs(&self, mut more: impl FnMut(Pc) -> bool) {
        let mut go_on = true;
        self.walk(|f| {
            if go_on {
                // The innermost frame, and one that panicked, is at its instruction, not behind a call.
                go_on = more(if f.upper.is_some() { f.pc } else { f.pc.wrapping_add(1) });
            }
        });
    }

    /// Visits all frames, innermost first.
    fn walk<'a>(&'a self, mut visit: impl FnMut(Frame<'a>)) {
        if self.pc.is_null() {
            return;
        }
        let image = self.image();
        let ends = [image.pc(image.end_main), image.pc(image.end_defer), image.pc(image.end_text)];
        let (mut pc, mut fp, mut upper) = (self.pc, self.fp, None);
        let mut panics = self.panics.iter().rev();
        let mut panicked = false;
        loop {
            if let Some(f) = image.function_at(pc) {
                let locals =
                    upper.is_some() || if panicked { f.flags.has_defer } else { image.word(pc) != f.entry as usize };
                visit(Frame { f, pc, fp, upper, locals });
            } else if let Some(k) = ends.iter().position(|e| *e == pc) {
                // Stopped in a trampoline: no frame of its own.
                if k == 0 {
                    return;
                }
            }
            let ret = self.peek(fp - 1) as Pc;
            upper = Some(fp - 2);
            if ret == ends[0] {
                return;
            } else if ret == ends[1] {
                let Some(p) = panics.find(|p| p.callee == fp) else { return };
                (pc, fp, upper, panicked) = (p.pc, p.fp, None, true);
            } else if ret == ends[2] {
                let Some(d) = &self.dying else { return };
                (pc, fp, upper, panicked) = (d.pc, d.fp, None, true);
            } else {
                fp -= self.delta(ret) / 8;
                pc = ret;
            }
        }
    }

    /// Reports every word that may be a pointer.
    pub(super) fn trace_frames(&self, v: &mut Visitor<'_>) {
        for d in &self.defers {
            v.word(d.closure);
        }
        for p in &self.panics {
            v.words(&p.value);
        }
        self.walk(|frame| {
            let Frame { f, fp, upper, locals, .. } = frame;
            let dead = self.dead(&frame);
            let used = |slot: u32| dead.get((slot / 64) as usize).is_none_or(|w| w >> (slot % 64) & 1 == 0);
            let word = |v: &mut Visitor<'_>, i: usize| v.word(self.peek(i));
            for i in f.arg_ptrs.iter().filter(|&i| used(i)) {
                // A result that was not set yet may be what an earlier call left there.
                if i < f.args { word(v, fp + i as usize) } else { v.guess(self.peek(fp + i as usize)) }
            }
            for i in f.local_ptrs.iter().map(|i| f.ptr_lo + i).filter(|&i| locals && used(i)) {
                word(v, fp + i as usize);
            }
            if f.flags.closure {
                word(v, fp - 2);
            }
            // Arguments on their way into a call: anything that looks like a pointer.
            let end = upper.unwrap_or(fp + f.frame as usize).min(self.stack.capacity());
            for i in (fp + f.out as usize..end).filter(|i| used((i - fp) as u32)) {
                v.guess(self.peek(i));
            }
        });
    }

    /// Which of the words that [`Interp::trace_frames`] reports `holds` names, and where they are.
    pub(super) fn holding_slots(&self, holds: &dyn Fn(u64) -> bool) -> Vec<String> {
        let mut out = Vec::new();
        if self.defers.iter().any(|d| holds(d.closure)) {
            out.push("a deferred call".to_owned());
        }
        if self.panics.iter().any(|p| p.value.iter().any(|w| holds(*w))) {
            out.push("the value of a panic".to_owned());
        }
        let mut depth = 0;
        self.walk(|frame| {
            let dead = self.dead(&frame);
            let Frame { f, pc, fp, upper, locals } = frame;
            let image = self.image();
            let mut say = |what: &str, i: usize| {
                let at = image.word(pc) as u32 - f.entry;
                if holds(self.peek(i)) {
                    let (first, slot) = (upper.is_none(), i as i64 - fp as i64);
                    let used =
                        dead.get((slot / 64).max(0) as usize).is_none_or(|w| slot < 0 || w >> (slot % 64) & 1 == 0);
                    let dead = if used { "" } else { "dead " };
                    out.push(format!(
                        "frame {depth} of {} at +{at} (innermost or panicked: {first}): {dead}{what} {slot}",
                        f.name
                    ));
                }
            };
            f.arg_ptrs.iter().for_each(|i| say(if i < f.args { "argument" } else { "result" }, fp + i as usize));
            let local = if locals { "local" } else { "dead local" };
            f.local_ptrs.iter().for_each(|i| say(local, fp + (f.ptr_lo + i) as usize));
            if f.flags.closure {
                say("closure", fp - 2);
            }
            let end = upper.unwrap_or(fp + f.frame as usize).min(self.stack.capacity());
            (fp + f.out as usize..end).for_each(|i| say("outgoing", i));
            depth += 1;
        });
        out
    }

    /// The slots of a frame that the function will not use again, as a set; nothing is known about others. Known while a call is under
    /// way: of a function that has a frame above, or of a native routine.
    fn dead<'a>(&self, frame: &Frame<'a>) -> &'a [u64] {
        let image = self.image();
        let behind = match frame.upper {
            Some(_) => frame.pc,
            None if self.resume == Resume::Behind && frame.pc == self.pc => frame.pc,
            // SAFETY: a frame's pc is in the program's code.
            None if unsafe { *frame.pc } as u16 == Op::calln as u16 => frame.pc.wrapping_add(1),
            None => return &[],
        };
        frame.f.dead_at(image.word(behind) as u32 - frame.f.entry)
    }

    /// The logical frames, innermost first: all of them, or the innermost and outermost [`SHOWN`] and how many there are
    /// between.
    pub(super) fn lines(&self) -> (Vec<Line>, usize, Vec<Line>) {
        let mut first = Vec::new();
        let mut last = VecDeque::new();
        let mut left_out = 0;
        self.return_pcs(|pc| {
            if first.len() < SHOWN {
                lines_at(self.image(), pc, &mut first);
            } else {
                last.push_back(pc);
                if last.len() > SHOWN {
                    last.pop_front();
                    left_out += 1;
                }
            }
            true
        });
        let mut outer = Vec::new();
        for pc in last {
            lines_at(self.image(), pc, &mut outer);
        }
        (first, left_out, outer)
    }
}

/// One logical frame: of a function, or of a call that was inlined into it.
pub(super) struct Line {
    /// The return address, with the depth of inlining in the low bits.
    pub pc: u64,
    /// Function.
    pub name: String,
    /// Whether it has parameters: their values are not shown, as registers are reused.
    pub args: bool,
    /// File.
    pub file: String,
    /// Line in it.
    pub line: u32,
    /// Column in it.
    pub col: u32,
    /// Bytes from the function's entry.
    pub offset: u32,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n\t{}:{} +{:#x}", self.call(), self.file, self.line, self.offset)
    }
}

impl Line {
    /// The call as tracebacks show it.
    pub(super) fn call(&self) -> String {
        format!("{}{}", self.name, if self.args { "(...)" } else { "()" })
    }
}

/// The logical frames at a return address: the calls inlined there, then the function itself if it is not a wrapper.
pub(super) fn lines_at(image: &Image, pc: Pc, out: &mut Vec<Line>) {
    let Some(f) = image.function_at(pc.wrapping_sub(1)) else { return };
    let word = image.word(pc.wrapping_sub(1)) as u32;
    let at = word - f.entry;
    let mut pos = f.pos_at(word);
    let mut depth = 0;
    let mut add = |name: &str, args: bool, pos: Pos, depth: u64| {
        let file = image.files.get(pos.file as usize).cloned().unwrap_or_default();
        let pc = pc as u64 | depth.min(7);
        out.push(Line { pc, name: name.to_owned(), args, file, line: pos.line, col: pos.col, offset: (at + 1) * 8 });
    };
    while let Some(call) = pos.inlined.checked_sub(1).and_then(|i| image.inlined.get(i as usize)) {
        add(&call.name, true, pos, depth);
        pos = call.call;
        depth += 1;
    }
    if !f.flags.wrapper {
        add(&f.name, f.args > 0, pos, depth);
    }
}
