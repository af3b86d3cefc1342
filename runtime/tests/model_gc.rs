//! The collector's scheme, explored state by state: marking beside goroutines that load, store, hand values over, start others,
//! allocate and follow weak pointers, in every order, in a small world.
//!
//! The scheme: goroutines run only after their frames were scanned (the scan gate); an overwritten pointer is recorded before the
//! store (the deletion barrier, through a buffer per processor); what leaves a stopped goroutine's frames, or a weak pointer, is
//! recorded as well; fresh objects are born marked. The claim: whenever marking could end (roots scanned, nothing grey, buffers
//! empty, no half-done store), every object that can be reached is marked. The exploration is exhaustive and sequentially
//! consistent; memory orders are the business of the loom models in `src`.
//!
//! Each rule is then taken away, and the exploration must find a way to lose an object: so the world is big enough to matter.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Objects have one field. Values are object numbers; 3 is nil.
const NIL: u8 = 3;
/// Memory slots: the fields of the objects, and the global variable.
const GLOBAL: u8 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Colour {
    White,
    Grey,
    Black,
    /// Not allocated.
    Free,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Absent,
    Stopped,
    Running,
}

/// What a weak pointer gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weak {
    None,
    Recorded,
    Unrecorded,
}

/// Which rules hold, and how big the world is.
#[derive(Clone, Copy)]
struct Rules {
    objects: u8,
    regs: [usize; 2],
    /// Overwritten pointers are recorded.
    deletion: bool,
    /// Pointers being stored are recorded (the other half of Go's hybrid barrier).
    insertion: bool,
    /// The old content is read before the store, not after.
    old_first: bool,
    /// A goroutine runs only after its frames were scanned.
    gate: bool,
    /// A value that leaves the frames of a stopped goroutine is recorded.
    shade_out: bool,
    /// A value that enters the frames of a stopped goroutine is recorded.
    shade_in: bool,
    /// The argument of a new goroutine is recorded.
    shade_spawn: bool,
    /// Marking does not end before the buffers are empty.
    flush: bool,
    /// Fresh objects are marked.
    born_black: bool,
    alloc: bool,
    weak: Weak,
}

/// The runtime's rules.
const SCHEME: Rules = Rules {
    objects: 2,
    regs: [1, 1],
    deletion: true,
    insertion: false,
    old_first: true,
    gate: true,
    shade_out: true,
    shade_in: false,
    shade_spawn: false,
    flush: true,
    born_black: true,
    alloc: false,
    weak: Weak::None,
};

/// Go's rules: no gate, both halves of the barrier, everything shaded.
const HYBRID: Rules = Rules { insertion: true, gate: false, shade_in: true, shade_spawn: true, ..SCHEME };

#[derive(Clone, Copy)]
struct World {
    field: [u8; 3],
    global: u8,
    reg: [[u8; 2]; 2],
    colour: [Colour; 3],
    life: [Life; 2],
    scanned: [bool; 2],
    global_scanned: bool,
    /// A store between its barrier and its write: slot, value.
    storing: [Option<(u8, u8)>; 2],
    /// The marker has read this object's field, with this content.
    marking: Option<(u8, u8)>,
    /// Recorded objects, as a set.
    buffer: [u8; 2],
}

impl World {
    fn pack(&self) -> u64 {
        let mut w = 0u64;
        let mut put = |v: u64, bits: u32| w = w << bits | v;
        self.field.iter().for_each(|&f| put(f.into(), 2));
        put(self.global.into(), 2);
        self.reg.iter().flatten().for_each(|&r| put(r.into(), 2));
        self.colour.iter().for_each(|&c| put(c as u64, 2));
        self.life.iter().for_each(|&l| put(l as u64, 2));
        self.scanned.iter().for_each(|&s| put(s.into(), 1));
        put(self.global_scanned.into(), 1);
        for s in self.storing.iter().chain([&self.marking]) {
            let (a, b) = s.unwrap_or((0, 0));
            put(s.is_some().into(), 1);
            put(a.into(), 2);
            put(b.into(), 2);
        }
        self.buffer.iter().for_each(|&b| put(b.into(), 3));
        w
    }

    /// The same world with objects 0 and 1 renamed, if `o`, and the goroutines, if `g`.
    fn renamed(&self, o: bool, g: bool) -> World {
        let mut w = *self;
        if o {
            let name = |v: u8| if v < 2 { 1 - v } else { v };
            w.field.swap(0, 1);
            w.colour.swap(0, 1);
            w.field = w.field.map(name);
            w.global = name(w.global);
            w.reg = w.reg.map(|r| r.map(name));
            w.storing = w.storing.map(|s| s.map(|(a, v)| (name(a), name(v))));
            w.marking = w.marking.map(|(a, v)| (name(a), name(v)));
            w.buffer = w.buffer.map(|b| b & 4 | (b & 1) << 1 | b >> 1 & 1);
        }
        if g {
            w.reg.swap(0, 1);
            w.life.swap(0, 1);
            w.scanned.swap(0, 1);
            w.storing.swap(0, 1);
            w.buffer.swap(0, 1);
        }
        w
    }

    /// One word for all worlds that differ in names only.
    fn key(&self, k: &Rules) -> u64 {
        let objects = !k.alloc && k.weak == Weak::None;
        let goroutines = k.regs[0] == k.regs[1];
        let mut key = self.pack();
        for (o, g) in [(true, false), (false, true), (true, true)] {
            if (!o || objects) && (!g || goroutines) {
                key = key.min(self.renamed(o, g).pack());
            }
        }
        key
    }

    fn load(&self, slot: u8) -> u8 {
        if slot == GLOBAL { self.global } else { self.field[slot as usize] }
    }

    fn store(&mut self, slot: u8, v: u8) {
        if slot == GLOBAL {
            self.global = v;
        } else {
            self.field[slot as usize] = v;
        }
    }

    fn grey(&mut self, o: u8) {
        if o != NIL && self.colour[o as usize] == Colour::White {
            self.colour[o as usize] = Colour::Grey;
        }
    }

    /// Goroutine `i` records an object in its processor's buffer.
    fn record(&mut self, i: usize, o: u8) {
        if o != NIL && self.colour[o as usize] == Colour::White {
            self.buffer[i] |= 1 << o;
        }
    }

    /// A copy changed by `f`.
    fn with(&self, f: impl FnOnce(&mut World)) -> World {
        let mut w = *self;
        f(&mut w);
        w
    }

    /// An object that marking, if it ended now, would have lost.
    fn loses(&self, k: &Rules) -> bool {
        let over = self.global_scanned
            && self.marking.is_none()
            && self.storing == [None, None]
            && !self.colour.contains(&Colour::Grey)
            && (!k.flush || self.buffer == [0, 0])
            && (0..2).all(|i| self.scanned[i] || self.life[i] == Life::Absent);
        if !over {
            return false;
        }
        let mut seen = 0u8;
        let mut todo = vec![self.global];
        for i in 0..2 {
            if self.life[i] != Life::Absent {
                todo.extend(self.reg[i]);
            }
        }
        while let Some(o) = todo.pop() {
            if o != NIL && seen >> o & 1 == 0 {
                if self.colour[o as usize] == Colour::White {
                    return true;
                }
                seen |= 1 << o;
                todo.push(self.field[o as usize]);
            }
        }
        false
    }
}

type Step = (&'static str, World);

/// What the collector may do.
fn collector_steps(w: &World, k: &Rules, out: &mut Vec<Step>) {
    if !w.global_scanned {
        out.push((
            "scan the global",
            w.with(|t| {
                t.grey(t.global);
                t.global_scanned = true;
            }),
        ));
    }
    for i in 0..2 {
        let can = match w.life[i] {
            Life::Absent => false,
            Life::Stopped => true,
            // Without the gate, at a safepoint.
            Life::Running => !k.gate,
        };
        if can && !w.scanned[i] && w.storing[i].is_none() {
            out.push((
                ["scan goroutine 0", "scan goroutine 1"][i],
                w.with(|t| {
                    w.reg[i].iter().for_each(|&r| t.grey(r));
                    t.scanned[i] = true;
                }),
            ));
        }
        if w.buffer[i] != 0 {
            out.push((
                "flush a buffer",
                w.with(|t| {
                    (0..3).filter(|o| w.buffer[i] >> o & 1 != 0).for_each(|o| t.grey(o));
                    t.buffer[i] = 0;
                }),
            ));
        }
    }
    match w.marking {
        None => {
            for o in 0..k.objects {
                if w.colour[o as usize] == Colour::Grey {
                    out.push(("read a grey object", w.with(|t| t.marking = Some((o, w.field[o as usize])))));
                }
            }
        }
        Some((o, v)) => out.push((
            "blacken it",
            w.with(|t| {
                t.grey(v);
                t.colour[o as usize] = Colour::Black;
                t.marking = None;
            }),
        )),
    }
}

/// What goroutine `i` may do.
fn goroutine_steps(w: &World, k: &Rules, i: usize, out: &mut Vec<Step>) {
    let j = 1 - i;
    if w.life[i] == Life::Stopped && (w.scanned[i] || !k.gate) {
        out.push(("run", w.with(|t| t.life[i] = Life::Running)));
    }
    if w.life[i] != Life::Running {
        return;
    }
    if let Some((slot, v)) = w.storing[i] {
        out.push((
            "store",
            w.with(|t| {
                t.store(slot, v);
                t.storing[i] = None;
            }),
        ));
        return;
    }
    out.push(("park", w.with(|t| t.life[i] = Life::Stopped)));
    for a in 0..k.regs[i] {
        let set = |v: u8| w.with(|t| t.reg[i][a] = v);
        out.push(("clear a register", set(NIL)));
        out.push(("load the global", set(w.global)));
        if k.weak != Weak::None && w.colour[0] != Colour::Free {
            let recorded = |t: &mut World| {
                t.reg[i][a] = 0;
                if k.weak == Weak::Recorded {
                    t.record(i, 0);
                }
            };
            out.push(("follow a weak pointer", w.with(recorded)));
        }
        if let Some(o) = (0..k.objects).find(|&o| w.colour[o as usize] == Colour::Free) {
            let born = if k.born_black { Colour::Black } else { Colour::White };
            out.push((
                "allocate",
                w.with(|t| {
                    t.colour[o as usize] = born;
                    t.reg[i][a] = o;
                }),
            ));
        }
        for b in 0..k.regs[i] {
            let (to, v) = (w.reg[i][a], w.reg[i][b]);
            if v != NIL {
                out.push(("load a field", set(w.field[v as usize])));
            }
            let begin = |slot: u8, v: u8| {
                w.with(|t| {
                    if k.insertion {
                        t.record(i, v);
                    }
                    if k.old_first {
                        if k.deletion {
                            t.record(i, w.load(slot));
                        }
                        t.storing[i] = Some((slot, v));
                    } else {
                        // The mutant: by the time the old content is looked at, it is the new one.
                        t.store(slot, v);
                        t.record(i, v);
                    }
                })
            };
            if to != NIL {
                out.push(("begin a store to a field", begin(to, v)));
            }
            out.push(("begin a store to the global", begin(GLOBAL, v)));
            out.push(("begin to clear the global", begin(GLOBAL, NIL)));
        }
        for b in 0..k.regs[j] {
            let theirs = w.reg[j][b];
            if w.life[j] == Life::Stopped && w.storing[j].is_none() {
                if theirs != NIL {
                    // The other one is parked in a send; its copy is dead from now on.
                    out.push((
                        "receive from a parked sender",
                        w.with(|t| {
                            t.reg[i][a] = theirs;
                            t.reg[j][b] = NIL;
                            if k.shade_out {
                                t.record(i, theirs);
                            }
                        }),
                    ));
                }
                out.push((
                    "send to a parked receiver",
                    w.with(|t| {
                        t.reg[j][b] = w.reg[i][a];
                        if k.shade_in {
                            t.record(i, w.reg[i][a]);
                        }
                    }),
                ));
            }
        }
        if w.life[j] == Life::Absent {
            out.push((
                "go",
                w.with(|t| {
                    t.life[j] = Life::Stopped;
                    t.reg[j] = [w.reg[i][a], NIL];
                    t.scanned[j] = true;
                    if k.shade_spawn {
                        t.record(i, w.reg[i][a]);
                    }
                }),
            ));
        }
    }
}

/// The states right after the world was stopped to begin a cycle: nothing marked, everybody stopped.
fn beginnings(k: &Rules) -> Vec<World> {
    let n = k.objects;
    let live = if k.alloc { n - 1 } else { n };
    let values: Vec<u8> = (0..live).chain([NIL]).collect();
    let mut out = vec![];
    for &f0 in &values {
        for &f1 in &values {
            for &global in &values {
                for &r0 in &values {
                    for &r1 in &values {
                        for life in [Life::Absent, Life::Stopped] {
                            let mut colour = [Colour::Free; 3];
                            colour[..live as usize].fill(Colour::White);
                            out.push(World {
                                field: [f0, if live > 1 { f1 } else { NIL }, NIL],
                                global,
                                reg: [[r0, NIL], [if life == Life::Absent { NIL } else { r1 }, NIL]],
                                colour,
                                life: [Life::Stopped, life],
                                scanned: [false; 2],
                                global_scanned: false,
                                storing: [None; 2],
                                marking: None,
                                buffer: [0; 2],
                            });
                        }
                    }
                }
            }
        }
    }
    out
}

#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("states are words")
    }
    fn write_u64(&mut self, w: u64) {
        let m = (w ^ w >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = m ^ m >> 29;
    }
}

/// Explores everything that can be reached: the number of states, or the way to a lost object.
fn explore(k: &Rules) -> Result<usize, Vec<&'static str>> {
    let mut seen: HashSet<u64, BuildHasherDefault<Mix>> = HashSet::default();
    let mut states: Vec<(World, u32, &'static str)> = vec![];
    for w in beginnings(k) {
        if seen.insert(w.key(k)) {
            states.push((w, u32::MAX, "begin"));
        }
    }
    let (mut at, mut out) = (0, vec![]);
    while at < states.len() {
        let w = states[at].0;
        if w.loses(k) {
            let mut way = vec![];
            let mut i = at as u32;
            while i != u32::MAX {
                way.push(states[i as usize].2);
                i = states[i as usize].1;
            }
            way.reverse();
            return Err(way);
        }
        collector_steps(&w, k, &mut out);
        goroutine_steps(&w, k, 0, &mut out);
        goroutine_steps(&w, k, 1, &mut out);
        for (name, next) in out.drain(..) {
            if seen.insert(next.key(k)) {
                states.push((next, at as u32, name));
            }
        }
        at += 1;
    }
    Ok(states.len())
}

#[track_caller]
fn sound(name: &str, k: Rules) {
    let begin = std::time::Instant::now();
    match explore(&k) {
        Ok(n) => {
            println!("{name}: {n} states, {:?}", begin.elapsed());
            assert!(n > 10_000, "{name}: the world is too small to say anything: {n} states");
        }
        Err(way) => panic!("{name} loses an object: {}", way.join(" > ")),
    }
}

#[track_caller]
fn loses(name: &str, k: Rules) {
    match explore(&k) {
        Ok(n) => panic!("mutant not caught: {name}, {n} states"),
        Err(way) => println!("{name}: {}", way.join(" > ")),
    }
}

#[test]
fn the_scheme_loses_nothing() {
    sound("two objects, one register each", SCHEME);
}

#[test]
#[ignore = "explores for minutes"]
fn the_scheme_loses_nothing_in_larger_worlds() {
    sound("two and one registers", Rules { regs: [2, 1], ..SCHEME });
    sound("three objects", Rules { objects: 3, ..SCHEME });
    sound("two objects and a fresh one", Rules { objects: 3, alloc: true, ..SCHEME });
    sound("hybrid", HYBRID);
}

#[test]
fn fresh_objects_are_kept() {
    sound("an object and a fresh one", Rules { alloc: true, ..SCHEME });
}

#[test]
fn weak_pointers_may_be_followed() {
    sound("weak pointers", Rules { objects: 1, regs: [2, 1], weak: Weak::Recorded, ..SCHEME });
}

#[test]
fn the_hybrid_barrier_needs_no_gate() {
    sound("hybrid", Rules { objects: 1, regs: [2, 1], ..HYBRID });
}

#[test]
fn every_rule_is_needed() {
    loses("hand-off out of a parked sender unshaded", Rules { shade_out: false, ..SCHEME });
    loses("gate removed", Rules { gate: false, shade_spawn: true, shade_in: true, ..SCHEME });
    loses("weak pointer unshaded", Rules { weak: Weak::Unrecorded, ..SCHEME });
    loses("no barrier", Rules { deletion: false, ..SCHEME });
    loses("insertion only", Rules { deletion: false, insertion: true, ..SCHEME });
    loses("old content read after the store", Rules { old_first: false, ..SCHEME });
    loses("ended with full buffers", Rules { flush: false, ..SCHEME });
    loses("fresh objects white", Rules { alloc: true, born_black: false, ..SCHEME });
}

#[test]
fn every_rule_of_the_hybrid_is_needed() {
    loses("argument of go unshaded", Rules { shade_spawn: false, ..HYBRID });
    loses("hand-off out unshaded", Rules { shade_out: false, ..HYBRID });
    loses("hand-off in unshaded", Rules { shade_in: false, ..HYBRID });
}
