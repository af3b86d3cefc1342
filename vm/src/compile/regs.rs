//! Register allocation: a slot of the frame for every virtual register, a window for every call.
//!
//! ```text
//! fp →  arguments | results | groups with pointers | scalar groups | outgoing
//! ```
//!
//! *Live ranges* are single intervals over the linear order of instructions, found in one walk: a range runs from the
//! first to the last occurrence, and to the end of every loop that it enters from outside. That is exact enough because
//! blocks are laid out so that a register's first occurrence defines it (a register first seen being read is live from
//! the start of its outermost loop).
//!
//! *Windows* live in the outgoing area, managed as a stack over time. A temporary that is used once, as an argument,
//! lives in its place in the window from its definition on; a result stays where the callee left it as long as no
//! enclosing window would overwrite it. Such values are scanned as maybe-pointers.
//!
//! *Everything else* is a linear scan with free lists per shape: slots never change their pointer map.
//!
//! Frames beyond [`NEAR`] slots keep the rest in a heap object ([`Loc::Spill`]).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::lives::{self, Life};
use super::opt::Counts;
use crate::bytecode::ops::Op;
use crate::ir::{Access, Function, Ins, Mask, Opd, Reg, Term, is_safepoint};

/// Slots per region of the frame before groups go to the heap.
const NEAR: u32 = 2600;

/// Longest life (in positions) of a result that stays in a window.
const STAY: u32 = 400;

/// Where a virtual register lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loc {
    /// Nowhere: it does not occur.
    None,
    /// Frame slot.
    Slot(u32),
    /// Word of the spill object.
    Spill(u32),
}

/// The allocation of one function.
#[derive(Debug, Default)]
pub struct Frame {
    /// Location of each virtual register.
    pub loc: Vec<Loc>,
    /// Argument slots.
    pub args: u32,
    /// Result slots.
    pub results: u32,
    /// Region of pointerful groups.
    pub ptr_lo: u32,
    /// Its end.
    pub ptr_hi: u32,
    /// Start of the outgoing area.
    pub out: u32,
    /// Whole frame.
    pub size: u32,
    /// Base slot of each call's window, in the order of the calls.
    pub windows: Vec<u32>,
    /// Where the windows begin.
    pub area: u32,
    /// Live ranges of words with pointers.
    pub lives: Vec<Life>,
    /// Position of the first instruction of each block; that of the next is 2 more, the terminator's follows the last one's.
    pub starts: Vec<u32>,
    /// Above all positions.
    pub last: u32,
    /// A collection can happen while it runs.
    pub safepoints: bool,
    /// Words of the spill object and its pointer map; 0 if there is none.
    pub spill: u32,
    /// Pointer words of the spill object.
    pub spill_ptrs: Vec<u32>,
    /// Slot that holds the spill object.
    pub spill_slot: u32,
    /// First of the scratch slots through which spilled registers pass.
    pub scratch: u32,
}

/// From the first to the last position at which a register matters: instructions are at even positions, and what one writes is there
/// from the odd one behind it on.
#[derive(Clone, Copy)]
pub struct Range {
    pub start: u32,
    pub end: u32,
}

/// Where the range of a register starts that does not occur.
pub const UNSEEN: u32 = u32::MAX;

struct Loops {
    /// (start, end), sorted by start; properly nested.
    all: Vec<(u32, u32)>,
}

/// A call, for window placement.
struct Site {
    pos: u32,
    start: u32,
    arg_slots: u32,
    res_slots: u32,
    /// (register, slot in the window) of arguments that may live there.
    args: Vec<(u32, u32)>,
    /// (register, slot after the arguments) of results that may stay there.
    results: Vec<(u32, u32)>,
    index: usize,
}

/// Allocates.
pub fn allocate(f: &Function) -> Frame {
    let n = f.vregs.len();
    let mut frame = Frame { loc: vec![Loc::None; n], ..Frame::default() };
    // Fixed places.
    let mut at = 0;
    for &p in &f.params {
        frame.loc[p as usize] = Loc::Slot(at);
        at += f.vregs[p as usize].n;
    }
    frame.args = at;
    for &r in &f.results {
        frame.loc[r as usize] = Loc::Slot(at);
        at += f.vregs[r as usize].n;
    }
    frame.results = at - frame.args;

    let counts = Counts::of(f);
    let (starts, last) = positions(f);
    let loops = find_loops(f, &starts, last);
    let mut near = vec![false; n];
    let (ranges, mut sites) = ranges(f, &loops, &counts, &mut frame, &mut near);

    let window_top = windows(f, &ranges, &mut sites, &mut frame);
    scan(f, &ranges, &near, &mut frame, window_top);
    (frame.starts, frame.last) = (starts, last);
    frame.lives = lives::lives(f, &ranges, &frame);
    frame
}

/// Position of each block of the layout; instructions are two apart.
fn positions(f: &Function) -> (Vec<u32>, u32) {
    let mut starts = vec![0; f.blocks.len()];
    let mut p = 2;
    for &b in &f.order {
        starts[b.0 as usize] = p;
        p += 2 * (f.blocks[b.0 as usize].ins.len() as u32 + 1) + 2;
    }
    (starts, p)
}

fn find_loops(f: &Function, starts: &[u32], last: u32) -> Loops {
    let mut ends: HashMap<u32, u32> = HashMap::new();
    for &b in &f.order {
        let block = &f.blocks[b.0 as usize];
        let here = starts[b.0 as usize];
        let end = here + 2 * (block.ins.len() as u32 + 1);
        block.term.successors(|s| {
            let t = starts[s.0 as usize];
            if t <= here {
                let e = ends.entry(t).or_insert(end);
                *e = (*e).max(end);
            }
        });
    }
    let mut all: Vec<(u32, u32)> = ends.into_iter().collect();
    all.sort_unstable();
    // Crossing loops (made with goto) count as one.
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(all.len());
    let mut open: Vec<usize> = Vec::new();
    for (s, e) in all {
        while open.last().is_some_and(|&i| out[i].1 < s) {
            open.pop();
        }
        let mut i = out.len();
        out.push((s, e));
        // Widen the enclosing ones until they really enclose.
        for &o in open.iter().rev() {
            if out[o].1 < out[i].1 {
                out[o].1 = out[i].1;
            }
            i = o;
        }
        open.push(out.len() - 1);
    }
    debug_assert!(out.iter().all(|l| l.1 <= last));
    Loops { all: out }
}

/// Live ranges, call sites, and whether there are safepoints.
fn ranges(
    f: &Function,
    loops: &Loops,
    counts: &Counts,
    frame: &mut Frame,
    near: &mut [bool],
) -> (Vec<Range>, Vec<Site>) {
    let mut ranges = vec![Range { start: UNSEEN, end: 0 }; f.vregs.len()];
    let mut stack: Vec<(u32, u32)> = Vec::new();
    let mut next_loop = 0;
    let mut sites: Vec<Site> = Vec::new();
    let mut p = 2;
    for &p_ in f.params.iter().chain(&f.results) {
        ranges[p_ as usize] = Range { start: 0, end: 0 };
    }
    for &b in &f.order {
        let block = &f.blocks[b.0 as usize];
        while let Some(l) = stack.last()
            && l.1 < p
        {
            stack.pop();
        }
        while let Some(l) = loops.all.get(next_loop)
            && l.0 <= p
        {
            stack.push(*l);
            next_loop += 1;
            frame.safepoints = true;
        }
        let touch = |r: Reg, a: Access, p: u32, ranges: &mut Vec<Range>| {
            let v = &mut ranges[r.v as usize];
            let at = if a == Access::Def { p + 1 } else { p };
            if v.start == UNSEEN {
                if a == Access::Def || stack.is_empty() {
                    v.start = if a == Access::Def { at } else { 0 };
                } else {
                    (v.start, v.end) = stack[0];
                }
            }
            v.end = v.end.max(if a == Access::Use { p } else { p + 1 });
            // Entered from outside: live to the end of the outermost loop that does not contain its beginning.
            let i = stack.partition_point(|l| l.0 <= v.start);
            if let Some(l) = stack.get(i) {
                v.end = v.end.max(l.1);
            }
        };
        for ins in &block.ins {
            frame.safepoints |= is_safepoint(ins.op);
            ins.visit(|r, a| touch(r, a, p, &mut ranges));
            if ins.call().is_some() || ins.op == Op::rundefers {
                sites.push(site(f, ins, p, counts, sites.len()));
            }
            if matches!(ins.op, Op::select) {
                ins.visit(|r, _| near[r.v as usize] = true);
            }
            p += 2;
        }
        block.term.visit(|r, a| touch(r, a, p, &mut ranges));
        if let Term::Exit { ins, .. } = &block.term {
            frame.safepoints |= is_safepoint(ins.op);
            ins.visit(|r, _| near[r.v as usize] = true);
        }
        p += 4;
    }
    for s in &mut sites {
        let fixed = |v: u32| frame.loc[v as usize] != Loc::None;
        s.args.retain(|&(v, _)| !fixed(v) && ranges[v as usize].end == s.pos);
        s.results.retain(|&(v, _)| !fixed(v) && ranges[v as usize].start == s.pos + 1);
        s.start = s.args.iter().map(|&(v, _)| ranges[v as usize].start).min().unwrap_or(s.pos);
    }
    (ranges, sites)
}

fn site(f: &Function, ins: &Ins, pos: u32, counts: &Counts, index: usize) -> Site {
    let mut s = Site { pos, start: pos, arg_slots: 0, res_slots: 0, args: Vec::new(), results: Vec::new(), index };
    let Some(call) = ins.call() else { return s };
    let whole = |r: Reg| r.v != Reg::NONE.v && r.off == 0 && u32::from(r.n) == f.vregs[r.v as usize].n && r.n > 0;
    let mut at = u32::from(ins.op == Op::calli);
    for a in &call.args {
        match a {
            Opd::R(r) => {
                if whole(*r) && counts.uses[r.v as usize] == 1 {
                    s.args.push((r.v, at));
                }
                at += u32::from(r.n);
            }
            Opd::C(_) => at += 1,
        }
    }
    s.arg_slots = call.arg_slots;
    let mut at = 0;
    for r in &call.results {
        if whole(*r) && counts.defs[r.v as usize] == 1 {
            s.results.push((r.v, at));
        }
        at += u32::from(r.n);
    }
    s.res_slots = at;
    s
}

/// Chooses windows and what lives in them; slots relative to the outgoing area. Answers the highest slot used.
fn windows(f: &Function, ranges: &[Range], sites: &mut [Site], frame: &mut Frame) -> u32 {
    struct Item {
        hi: u32,
        end: u32,
        vreg: u32,
    }
    frame.windows = vec![0; sites.len()];
    let mut order: Vec<usize> = (0..sites.len()).collect();
    order.sort_by_key(|&i| (sites[i].start, Reverse(sites[i].pos)));
    // Reservations of calls whose arguments are being collected, and values in the area.
    let mut open: Vec<(u32, u32)> = Vec::new(); // (call position, start of window)
    let mut items: Vec<Item> = Vec::new();
    let mut top_used = 0;
    // Relative slots, turned into frame slots once the regions below are known.
    let mut placed: HashMap<u32, u32> = HashMap::new();
    for i in order {
        let s = &sites[i];
        items.retain(|it| it.end >= s.start);
        open.retain(|o| o.0 > s.start);
        let top = items.iter().map(|it| it.hi).max().unwrap_or(0);
        let mut base = top + 2;
        // A value left by an earlier call right where this one wants its argument.
        for &(v, slot) in &s.args {
            if let Some(&x) = placed.get(&v) {
                let others = items.iter().filter(|it| it.vreg != v).map(|it| it.hi).max().unwrap_or(0);
                if x >= slot && x - slot >= others + 2 {
                    base = x - slot;
                    break;
                }
            }
        }
        frame.windows[s.index] = base;
        top_used = top_used.max(base + s.arg_slots + s.res_slots);
        items.push(Item { hi: base + s.arg_slots, end: s.pos, vreg: u32::MAX });
        for &(v, slot) in &s.args {
            // A call that began before and returns in between would overwrite it.
            let from = ranges[v as usize].start;
            if placed.contains_key(&v) || open.iter().any(|o| o.0 > from && o.0 < s.pos) {
                continue;
            }
            placed.insert(v, base + slot);
        }
        let blocked = open.iter().map(|o| o.0).filter(|&p| p > s.pos).min().unwrap_or(u32::MAX);
        for &(v, slot) in &s.results {
            let end = ranges[v as usize].end;
            // Long-lived ones would push all later windows up.
            if end > blocked || end - s.pos > STAY {
                continue;
            }
            let x = base + s.arg_slots + slot;
            placed.insert(v, x);
            items.push(Item { hi: x + f.vregs[v as usize].n, end, vreg: v });
        }
        if s.start < s.pos {
            open.push((s.pos, base));
        }
    }
    for (v, x) in placed {
        frame.loc[v as usize] = Loc::Slot(x);
    }
    // Remember which are relative: `scan` adds the start of the area.
    top_used
}

/// Linear scan of everything not placed yet, then final numbers.
fn scan(f: &Function, ranges: &[Range], near: &[bool], frame: &mut Frame, window_top: u32) {
    let fixed = frame.args + frame.results;
    let in_window: Vec<bool> = {
        let mut w: Vec<bool> = frame.loc.iter().map(|l| *l != Loc::None).collect();
        f.params.iter().chain(&f.results).for_each(|&r| w[r as usize] = false);
        w
    };
    let mut list: Vec<u32> = (0..f.vregs.len() as u32)
        .filter(|&v| {
            frame.loc[v as usize] == Loc::None && ranges[v as usize].start != UNSEEN && f.vregs[v as usize].n > 0
        })
        .collect();
    list.sort_unstable_by_key(|&v| ranges[v as usize].start);

    #[derive(Clone, Copy)]
    enum Place {
        Ptr(u32),
        Scalar(u32),
        Spill(u32),
    }
    let mut place: HashMap<u32, Place> = HashMap::with_capacity(list.len());
    let mut free: HashMap<(u32, Mask, bool), std::collections::VecDeque<u32>> = HashMap::new();
    let mut active: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::new();
    let (mut ptr_n, mut scalar_n, mut spill_n) = (0u32, 0u32, 0u32);
    let mut max_spilled = 0;
    for &v in &list {
        let r = ranges[v as usize];
        while let Some(&Reverse((end, w))) = active.peek()
            && end < r.start
        {
            active.pop();
            let g = &f.vregs[w as usize];
            let (key, slot) = match place[&w] {
                Place::Ptr(s) | Place::Scalar(s) => ((g.n, g.mask, false), s),
                Place::Spill(s) => ((g.n, g.mask, true), s),
            };
            free.entry(key).or_default().push_back(slot);
        }
        let g = &f.vregs[v as usize];
        let ptr = !g.mask.is_empty();
        let new = |s: u32| if ptr { Place::Ptr(s) } else { Place::Scalar(s) };
        let p = if let Some(s) = free.get_mut(&(g.n, g.mask, false)).and_then(std::collections::VecDeque::pop_front) {
            new(s)
        } else {
            let used = if ptr { &mut ptr_n } else { &mut scalar_n };
            if *used + g.n <= NEAR || near[v as usize] || g.n > 130 {
                *used += g.n;
                new(*used - g.n)
            } else if let Some(s) = free.get_mut(&(g.n, g.mask, true)).and_then(std::collections::VecDeque::pop_front) {
                Place::Spill(s)
            } else {
                max_spilled = max_spilled.max(g.n);
                spill_n += g.n;
                for i in 0..g.n {
                    if g.mask.get(i) {
                        // Word 0 of the object is its function word.
                        frame.spill_ptrs.push(1 + spill_n - g.n + i);
                    }
                }
                Place::Spill(1 + spill_n - g.n)
            }
        };
        place.insert(v, p);
        active.push(Reverse((r.end, v)));
    }
    if spill_n > 0 {
        frame.spill_slot = fixed + ptr_n;
        ptr_n += 1;
        frame.spill = spill_n;
    }
    frame.ptr_lo = fixed;
    frame.ptr_hi = fixed + ptr_n;
    let scalars = frame.ptr_hi;
    frame.scratch = scalars + scalar_n;
    // Spilled operands pass through slots that are scanned as maybe-pointers.
    let scratch_n = if spill_n > 0 { 6 * max_spilled } else { 0 };
    frame.out = frame.scratch;
    let area = frame.out + scratch_n;
    frame.area = area;
    for (v, p) in place {
        frame.loc[v as usize] = match p {
            Place::Ptr(s) => Loc::Slot(frame.ptr_lo + s),
            Place::Scalar(s) => Loc::Slot(scalars + s),
            Place::Spill(s) => Loc::Spill(s),
        };
    }
    for (v, w) in in_window.iter().enumerate() {
        if *w && let Loc::Slot(s) = frame.loc[v] {
            frame.loc[v] = Loc::Slot(s + area);
        }
    }
    for w in &mut frame.windows {
        *w += area;
    }
    frame.size = if window_top > 0 || scratch_n > 0 { area + window_top } else { area };
}
