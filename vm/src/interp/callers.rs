//! Natives of package runtime that look at frames: callers, positions, traces.

use gol_runtime::fiber::{Fiber, FrameInfo};
use gol_runtime::native::{Call, NativeTable, Ret};

use super::Interp;
use super::frame::Pc;
use super::walk::{Line, lines_at};

/// Natives that need the interpreter.
pub static NATIVES: NativeTable = &[
    ("runtime.caller", caller),
    ("runtime.callers", callers),
    ("runtime.pcInfo", pc_info),
    ("runtime.stack", stack),
    ("runtime/debug.setMaxStack", set_max_stack),
];

/// The fiber that called this native, brought up to date.
fn fiber<'a>(call: &mut Call<'_>) -> Option<&'a mut Interp> {
    let ctx = super::context(call.cx);
    if ctx.is_null() {
        return None;
    }
    // SAFETY: natives run while their fiber is in the thread's context, and `calln` saved pc and fp there.
    unsafe {
        let f = &mut *(*ctx).fiber;
        f.pc = (*ctx).pc;
        f.fp = f.offset((*ctx).fp);
        Some(f)
    }
}

/// All logical frames of the caller, innermost first, as far as `limit`.
fn frames(call: &mut Call<'_>, limit: usize) -> Vec<Line> {
    let mut out = Vec::new();
    if let Some(f) = fiber(call) {
        f.return_pcs(|pc| {
            lines_at(f.image(), pc, &mut out);
            out.len() < limit
        });
    }
    out
}

fn caller(call: &mut Call<'_>) -> Ret {
    let Ok(skip) = usize::try_from(call.int(0)) else { return none(call) };
    match frames(call, skip.saturating_add(2)).into_iter().nth(skip.saturating_add(1)) {
        Some(l) => {
            call.ret(0, l.pc);
            call.ret_str(1, l.frame.file);
            call.ret_int(3, i64::from(l.frame.line));
            call.ret_bool(4, true);
            Ret::Done
        }
        None => none(call),
    }
}

fn none(call: &mut Call<'_>) -> Ret {
    call.ret_zero(0, 5);
    Ret::Done
}

fn callers(call: &mut Call<'_>) -> Ret {
    let skip = (call.int(0) + 1).max(0) as usize;
    let room = call.words_mut(1);
    let found = frames(call, skip.saturating_add(room.len()));
    let mut n = 0;
    for (slot, l) in room.iter_mut().zip(found.iter().skip(skip)) {
        *slot = l.pc;
        n += 1;
    }
    call.ret_int(0, n);
    Ret::Done
}

fn pc_info(call: &mut Call<'_>) -> Ret {
    let pc = call.word(0);
    let found = fiber(call).and_then(|f| {
        let image = f.image();
        let at = (pc & !7) as Pc;
        // A function's entry names the function itself.
        if let Some(i) = image.entries.iter().position(|e| *e == at) {
            let f = &image.functions[i];
            let file = image.files.get(f.pos.file as usize).cloned().unwrap_or_default();
            let line = FrameInfo { name: f.name.clone(), file, line: f.pos.line, ..FrameInfo::default() };
            return Some((line, at as u64));
        }
        let mut out = Vec::new();
        lines_at(image, at, &mut out);
        let f = image.function_at(at.wrapping_sub(1))?;
        let line = out.into_iter().nth((pc & 7) as usize)?;
        Some((line.frame, image.pc(f.entry as usize) as u64))
    });
    match found {
        Some((l, entry)) => {
            call.ret_str(0, l.name);
            call.ret_str(2, l.file);
            call.ret_int(4, i64::from(l.line));
            call.ret(5, entry);
        }
        None => call.ret_zero(0, 6),
    }
    Ret::Done
}

fn stack(call: &mut Call<'_>) -> Ret {
    use std::fmt::Write;
    let cur = call.cx.sched.cur();
    let mut s = format!("goroutine {} [running]:\n", cur.id());
    for l in frames(call, 100).iter().skip(1) {
        let _ = writeln!(s, "{}", l.frame);
    }
    if let Some(f) = fiber(call) {
        s.push_str(&cur.created_by(|pc| f.locate(pc)));
    }
    let buf = call.bytes_mut(0);
    let n = s.len().min(buf.len());
    buf[..n].copy_from_slice(&s.as_bytes()[..n]);
    call.ret_int(0, n as i64);
    Ret::Done
}

fn set_max_stack(call: &mut Call<'_>) -> Ret {
    let bytes = call.int(0).max(0) as usize;
    let old = fiber(call).map_or(0, |f| {
        let old = f.max_stack;
        f.max_stack = bytes;
        f.stack.set_max_bytes(bytes);
        old
    });
    call.ret_int(0, old as i64);
    Ret::Done
}
