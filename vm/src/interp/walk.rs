//! Walking a goroutine's frames: roots for the collector, lines for tracebacks.

use std::collections::VecDeque;

use gol_runtime::fiber::FrameInfo;
use gol_runtime::gc::Visitor;

use super::Interp;
use super::frame::Pc;
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
        loop {
            if let Some(f) = image.function_at(pc) {
                visit(Frame { f, pc, fp, upper });
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
                (pc, fp, upper) = (p.pc, p.fp, None);
            } else if ret == ends[2] {
                let Some(d) = &self.dying else { return };
                (pc, fp, upper) = (d.pc, d.fp, None);
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
            let Frame { f, fp, upper, .. } = frame;
            let word = |v: &mut Visitor<'_>, i: usize| v.word(self.peek(i));
            for i in f.arg_ptrs.iter() {
                word(v, fp + i as usize);
            }
            for i in f.local_ptrs.iter() {
                word(v, fp + (f.ptr_lo + i) as usize);
            }
            if f.flags.closure {
                word(v, fp - 2);
            }
            // Arguments on their way into a call: anything that looks like a pointer.
            let end = upper.unwrap_or(fp + f.frame as usize).min(self.stack.capacity());
            for i in fp + f.out as usize..end {
                word(v, i);
            }
        });
    }

    /// Traceback lines, wrappers left out, inlined calls shown: all frames, or the innermost and outermost [`SHOWN`] and how
    /// many there are between.
    pub(super) fn frames_info(&self) -> (Vec<FrameInfo>, usize, Vec<FrameInfo>) {
        let mut first = Vec::new();
        let mut last = VecDeque::new();
        let mut left_out = 0;
        self.walk(|frame| {
            if first.len() < SHOWN {
                self.lines(&frame, &mut first);
            } else {
                last.push_back(frame);
                if last.len() > SHOWN {
                    last.pop_front();
                    left_out += 1;
                }
            }
        });
        let mut outer = Vec::new();
        for frame in &last {
            self.lines(frame, &mut outer);
        }
        (first, left_out, outer)
    }

    fn lines(&self, frame: &Frame<'_>, out: &mut Vec<FrameInfo>) {
        let image = self.image();
        let at = image.word(frame.pc) as u32 - frame.f.entry;
        // A caller's pc is behind its call.
        let at = if frame.upper.is_some() { at.saturating_sub(1) } else { at };
        let i = frame.f.lines.partition_point(|l| l.pc <= at);
        let mut pos = i.checked_sub(1).map_or(frame.f.pos, |i| frame.f.lines[i].pos);
        while let Some(call) = pos.inlined.checked_sub(1).and_then(|i| image.inlined.get(i as usize)) {
            out.push(self.info(&call.name, true, pos));
            pos = call.call;
        }
        // A wrapper is not shown, but what was inlined into it is.
        if !frame.f.flags.wrapper {
            out.push(self.info(&frame.f.name, frame.f.args > 0, pos));
        }
    }

    /// A line of a traceback. Values of arguments are not shown: registers are reused.
    fn info(&self, name: &str, has_args: bool, pos: Pos) -> FrameInfo {
        let file = self.image().files.get(pos.file as usize).cloned().unwrap_or_default();
        let args = if has_args { "(...)" } else { "()" };
        FrameInfo { func: format!("{name}{args}"), file, line: pos.line }
    }
}
