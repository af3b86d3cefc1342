//! Walking a goroutine's frames: roots for the collector, lines for tracebacks.

use std::collections::VecDeque;
use std::ops::Range;

use gol_runtime::fiber::FrameInfo;
use gol_runtime::gc::Visitor;

use super::ctx::Resume;
use super::frame::Pc;
use super::{Image, Interp};
use crate::bytecode::ops::Op;
use crate::bytecode::{Function, LiveRange, Pos};

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
    /// It panicked here: it goes on where it runs its deferred calls, if it has any, or not at all.
    panicked: bool,
}

/// Where a frame stands in its function; offsets in words.
#[derive(Clone, Copy)]
enum Stands {
    /// In the call that returns to an offset.
    Calling(u32),
    /// At an instruction.
    At(u32),
    /// At the first one, before which nothing has cleared what earlier frames left: a goroutine that has not run yet is there, and one
    /// that waits for room. It has its arguments.
    Before { args: u32 },
    /// Nowhere: it will not go on.
    Over,
}

impl Stands {
    /// Whether the values of a live range matter.
    fn needs(self, range: &LiveRange) -> bool {
        match self {
            Stands::Calling(pc) => range.across(pc),
            Stands::At(pc) => range.at(pc),
            Stands::Before { args } => range.at(0) && range.slot < args,
            Stands::Over => false,
        }
    }
}

impl Frame<'_> {
    /// Whether a call that returns to the frame's pc is under way: of a function, or of a native routine that parked.
    fn calls(&self, interp: &Interp) -> bool {
        self.upper.is_some() || !self.panicked && interp.resume == Resume::Behind && self.pc == interp.pc
    }

    /// Where it stands, as live ranges know places.
    fn stands(&self, interp: &Interp) -> Stands {
        let pc = interp.image().word(self.pc) as u32 - self.f.entry;
        if self.calls(interp) {
            return Stands::Calling(pc);
        }
        if self.panicked {
            return self.f.recover_pc.filter(|_| self.f.flags.has_defer).map_or(Stands::Over, Stands::At);
        }
        if pc == 0 { Stands::Before { args: self.f.args } } else { Stands::At(pc) }
    }

    /// The slots of the window of the native routine that is being called, if there is one.
    fn native_window(&self, interp: &Interp) -> Range<usize> {
        let image = interp.image();
        let pc = if self.calls(interp) { self.pc.wrapping_sub(1) } else { self.pc };
        let word = image.code[image.word(pc)];
        if self.upper.is_some() || word as u16 != Op::calln as u16 {
            return 0..0;
        }
        let start = self.fp + (word >> 16) as u16 as usize / 8;
        let native = &image.natives[(word >> 32) as usize];
        start..start + (native.args + native.results) as usize
    }

    /// Slots that values only pass through: anything there that looks like a pointer may be one.
    fn passing(&self, interp: &Interp) -> impl Iterator<Item = usize> + use<> {
        let spills = self.fp + self.f.out as usize..self.fp + self.f.windows as usize;
        let capacity = interp.stack.capacity();
        spills.chain(self.native_window(interp)).filter(move |&i| i < capacity)
    }
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
                visit(Frame { f, pc, fp, upper, panicked: panicked && upper.is_none() });
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
            let Frame { f, fp, .. } = frame;
            let stands = frame.stands(self);
            for l in f.lives.iter().filter(|l| stands.needs(l)) {
                let word = self.peek(fp + l.slot as usize);
                if l.sure { v.word(word) } else { v.guess(word) }
            }
            // A result that was not set yet may be what an earlier call left there.
            for i in f.result_ptrs.iter() {
                v.guess(self.peek(fp + i as usize));
            }
            if f.flags.closure {
                v.word(self.peek(fp - 2));
            }
            for i in frame.passing(self) {
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
            let Frame { f, pc, fp, upper, .. } = frame;
            let at = self.image().word(pc) as u32 - f.entry;
            let mut say = |what: &str, i: usize| {
                if holds(self.peek(i)) {
                    let (first, slot) = (upper.is_none(), i as i64 - fp as i64);
                    let name = &f.name;
                    out.push(format!(
                        "frame {depth} of {name} at +{at} (innermost or panicked: {first}): {what} {slot}"
                    ));
                }
            };
            let stands = frame.stands(self);
            for l in &f.lives {
                let what = if !stands.needs(l) {
                    "dead"
                } else if l.sure {
                    "live"
                } else {
                    "maybe live"
                };
                say(what, fp + l.slot as usize);
            }
            f.result_ptrs.iter().for_each(|i| say("result", fp + i as usize));
            if f.flags.closure {
                say("closure", fp - 2);
            }
            frame.passing(self).for_each(|i| say("passing", i));
            depth += 1;
        });
        out
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
    /// Column in its line.
    pub col: u32,
    /// What tracebacks show.
    pub frame: FrameInfo,
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
        let frame = FrameInfo { name: name.to_owned(), args, file, line: pos.line, offset: (at + 1) * 8 };
        out.push(Line { pc, col: pos.col, frame });
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
