//! Why nobody goes on: for each goroutine in a deadlock what it waits for, where that was made, and who else can reach it and so could
//! have woken it.

use std::fmt::Write;

use super::g::{GRef, State};
use crate::chan;
use crate::cx::Cx;
use crate::fiber::WaitReason;
use crate::gc::reach::{From, can_ask, reached};

/// Goroutines that are told about.
const SHOWN: usize = 32;

/// Something a goroutine waits for.
struct Object {
    at: u64,
    what: String,
    /// What another one would have to do with it.
    needs: &'static str,
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
                let _ = match (global[k], &others[..]) {
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
            vec![Object { at, what: format!("a {name} at {at:#x}"), needs }]
        }
    }
}

fn channel(g: GRef, ch: u64, is_send: bool) -> Object {
    let (len, cap) = (chan::len(ch), chan::cap(ch));
    let buffer = match cap {
        0 => "without buffer".to_owned(),
        _ => format!("with {len} of {cap} in its buffer"),
    };
    let mut what =
        format!("{} a chan {} {buffer}", if is_send { "to send on" } else { "to receive from" }, chan::elem(ch).string);
    // SAFETY: the world is stopped.
    let made = unsafe { g.fiber() }.map_or_else(Vec::new, |f| f.locate(chan::made_at(ch)));
    if let Some(f) = made.first() {
        let _ = write!(what, ", made by {} at {}:{}", f.call(), f.file, f.line);
    }
    Object { at: ch, what, needs: if is_send { "could be received from" } else { "could be sent to or closed" } }
}
