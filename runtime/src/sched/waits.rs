//! Why nobody goes on: for each goroutine in a deadlock what it waits for, where that was made, and who else can reach it and so could
//! have woken it.

use std::fmt::Write;

use super::g::{GRef, State};
use crate::chan;
use crate::cx::Cx;
use crate::fiber::{FrameInfo, WaitReason};
use crate::gc::reach::{From, can_ask, reached};

/// Goroutines that are told about.
const SHOWN: usize = 32;

/// Something a goroutine waits for.
struct Object {
    at: u64,
    what: String,
    /// What another one would have to do with it.
    needs: &'static str,
    /// Whether it lies in a global variable.
    global: bool,
}

/// The report. The world is stopped for good, and no memory of the program is used any more after this.
pub(super) fn explain(cx: &mut Cx) -> String {
    let over = |g: &GRef| matches!(g.word.state(), State::Dead | State::Idle) || g.is_system();
    let mut all: Vec<GRef> = cx.sched.shared().all_gs().filter(|g| !over(g)).collect();
    all.sort_by_key(|g| g.id());
    all.truncate(SHOWN);
    let waits: Vec<Vec<Object>> = all.iter().map(|g| objects(cx, *g)).collect();
    let places: Vec<u64> = waits.iter().flatten().map(|o| o.at).collect();
    let mut s = String::from("\nwhat they wait for:\n");
    let ask = can_ask(cx, all.len() + 1);
    let global = if ask { reached(cx, From::Globals, &places) } else { Vec::new() };
    let by: Vec<Vec<bool>> = all.iter().filter(|_| ask).map(|g| reached(cx, From::Goroutine(*g), &places)).collect();
    let mut k = 0;
    for (i, g) in all.iter().enumerate() {
        if waits[i].is_empty() {
            let _ = writeln!(s, "goroutine {}: {}", g.id(), nothing(g.wait_reason()));
        }
        for o in &waits[i] {
            let _ = writeln!(s, "goroutine {}: {}", g.id(), o.what);
            if ask {
                let others = (0..all.len()).filter(|j| *j != i && by[*j][k]).map(|j| all[j].id().to_string());
                let others: Vec<String> = others.collect();
                let _ = match (o.global || global[k], &others[..]) {
                    (true, _) => writeln!(s, "\t{} by any goroutine: a global variable leads to it", o.needs),
                    (_, []) => writeln!(s, "\t{} by nobody: no other goroutine can reach it", o.needs),
                    (_, [one]) => writeln!(s, "\t{} by goroutine {one}, which waits itself", o.needs),
                    (_, many) => writeln!(s, "\t{} by goroutines {}, which wait themselves", o.needs, many.join(", ")),
                };
            }
            k += 1;
        }
    }
    s
}

/// What is said of a goroutine that waits for no object.
fn nothing(why: WaitReason) -> &'static str {
    match why {
        WaitReason::ChanReceiveNil | WaitReason::ChanSendNil => "a nil channel, which is never ready",
        WaitReason::SelectNoCases => "a select without cases, which never ends",
        other => other.text(),
    }
}

fn objects(cx: &Cx, g: GRef) -> Vec<Object> {
    let why = g.wait_reason();
    match why {
        WaitReason::ChanReceive | WaitReason::ChanSend | WaitReason::Select => {
            let found = crate::select::waits(g);
            found.into_iter().map(|(ch, is_send)| channel(g, ch, is_send)).collect()
        }
        _ => {
            let Some(at) = cx.sched.shared().semas.place(g) else { return Vec::new() };
            // What it sleeps on is a word inside of what it waits for.
            let (name, needs, inside) = match why {
                WaitReason::SyncMutexLock => ("sync.Mutex", "could be unlocked", 4),
                WaitReason::SyncRWMutexLock | WaitReason::SyncRWMutexRLock => ("sync.RWMutex", "could be unlocked", 0),
                WaitReason::SyncWaitGroupWait => ("sync.WaitGroup", "could be counted down", 8),
                WaitReason::SyncCondWait => ("sync.Cond", "could be signalled", 0),
                _ => ("semaphore", "could be released", 0),
            };
            let at = at - inside;
            let (origin, global) = origin(cx, g, at);
            vec![Object { at, what: format!("a {name} at {at:#x}{origin}"), needs, global }]
        }
    }
}

/// Where the memory at an address is from, as far as it is known, and whether that is a global variable.
fn origin(cx: &Cx, g: GRef, at: u64) -> (String, bool) {
    // SAFETY: the world is stopped.
    let Some(f) = (unsafe { g.fiber() }) else { return Default::default() };
    if let Some(v) = f.global_at(at) {
        return (format!(", in the global variable {} at {}:{}", v.name, v.file, v.line), true);
    }
    // SAFETY: the last word of an object.
    let note = cx.heap.shared().note(at as usize).map(|p| unsafe { p.read() });
    (note.map_or_else(String::new, |note| made(&f.locate_note(note))), false)
}

/// Says where something was made, given the calls there, innermost first: by the program, if it was that which called the library.
fn made(calls: &[FrameInfo]) -> String {
    let place = calls.iter().find(|f| !f.name.starts_with("sync.")).or(calls.first());
    place.map_or_else(String::new, |f| format!(", made by {} at {}:{}", f.call(), f.file, f.line))
}

fn channel(g: GRef, ch: u64, is_send: bool) -> Object {
    let (len, cap) = (chan::len(ch), chan::cap(ch));
    let buffer = match cap {
        0 => "without buffer".to_owned(),
        _ => format!("with {len} of {cap} in its buffer"),
    };
    // SAFETY: the world is stopped.
    let origin = unsafe { g.fiber() }.map_or_else(String::new, |f| made(&f.locate(chan::made_at(ch))));
    let does = if is_send { "to send on" } else { "to receive from" };
    let what = format!("{does} a chan {} {buffer}{origin}", chan::elem(ch).string);
    let needs = if is_send { "could be received from" } else { "could be sent to or closed" };
    Object { at: ch, what, needs, global: false }
}
