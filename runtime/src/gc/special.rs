//! Finalizers, cleanups and weak handles: what hangs on an object without keeping it alive.
//!
//! A finalizer keeps its object, and all it reaches, for one more cycle: the goroutine that runs finalizers gets the object. A
//! cleanup does not. A weak handle is a heap word holding the object's address where the marker does not look; it becomes 0 when
//! the object is first found unreachable.

use std::collections::{HashMap, VecDeque};

use super::mark::Marker;
use crate::cx::Cx;
use crate::heap::Heap;
use crate::sched::g::GRef;

/// Something for the finalizer goroutine to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Func value to call.
    pub func: u64,
    /// Its argument: the object (finalizers) or a word (cleanups, which usually bind their argument and ignore it).
    pub arg: u64,
}

struct Cleanup {
    id: u64,
    func: u64,
}

/// What hangs on objects, by the address of the object.
#[derive(Default)]
pub struct Specials {
    finalizers: HashMap<u64, u64>,
    cleanups: HashMap<u64, Vec<Cleanup>>,
    weak: HashMap<u64, u64>,
    due: VecDeque<Due>,
    waiter: Option<GRef>,
    next_id: u64,
}

impl Heap {
    /// runtime.SetFinalizer: `func` 0 removes. False if `obj` is not the beginning of a heap object.
    pub fn set_finalizer(&mut self, obj: u64, func: u64) -> bool {
        if self.find_object(obj).is_none() {
            return false;
        }
        if func == 0 {
            self.gc.specials.finalizers.remove(&obj);
        } else {
            self.gc.specials.finalizers.insert(obj, func);
        }
        true
    }

    /// runtime.AddCleanup: calls `func` (which binds its argument) once `obj` is unreachable. Answers an id to stop it with.
    pub fn add_cleanup(&mut self, obj: u64, func: u64) -> u64 {
        let s = &mut self.gc.specials;
        s.next_id += 1;
        let id = s.next_id;
        s.cleanups.entry(obj).or_default().push(Cleanup { id, func });
        id
    }

    /// Cleanup.Stop.
    pub fn stop_cleanup(&mut self, obj: u64, id: u64) {
        if let Some(v) = self.gc.specials.cleanups.get_mut(&obj) {
            v.retain(|c| c.id != id);
        }
    }

    /// The weak handle of an address: a word in the heap, the same for equal addresses while it lives; 0 for 0.
    pub fn weak_handle(&mut self, obj: u64) -> u64 {
        if obj == 0 {
            return 0;
        }
        if let Some(&h) = self.gc.specials.weak.get(&obj) {
            return h;
        }
        let h = self.alloc_noscan(16) as *mut u64;
        // SAFETY: fresh memory.
        unsafe { *h = obj };
        self.gc.specials.weak.insert(obj, h as u64);
        h as u64
    }

    /// What a weak handle still points to, or 0.
    pub fn weak_get(&self, handle: u64) -> u64 {
        // SAFETY: a handle from `weak_handle`, kept alive by the caller.
        if handle == 0 { 0 } else { unsafe { *(handle as *const u64) } }
    }
}

/// The next finalizer or cleanup to run; None: the calling goroutine is noted and must park.
pub fn next_due(cx: &mut Cx) -> Option<Due> {
    let g = cx.sched.cur();
    let s = &mut cx.heap.gc.specials;
    let d = s.due.pop_front();
    s.waiter = if d.is_none() { Some(g) } else { None };
    d
}

/// After marking: decides what happens to unreached objects with something on them. Answers the goroutine to wake.
pub(super) fn process(heap: &mut Heap, marker: &mut Marker) -> Option<GRef> {
    let mut s = std::mem::take(&mut heap.gc.specials);
    for d in &s.due {
        marker.reach(d.func);
        marker.reach(d.arg);
    }
    for &f in s.finalizers.values() {
        marker.reach(f);
    }
    for c in s.cleanups.values().flatten() {
        marker.reach(c.func);
    }
    marker.drain();
    s.weak.retain(|&obj, &mut h| {
        let alive = Marker::is_marked(heap, obj);
        if alive {
            marker.reach(h);
        } else if Marker::is_marked(heap, h) {
            // SAFETY: the handle is a live heap word.
            unsafe { *(h as *mut u64) = 0 };
        }
        alive
    });
    marker.drain();
    let dead: Vec<u64> = s.finalizers.keys().copied().filter(|&o| !Marker::is_marked(heap, o)).collect();
    for obj in dead {
        if let Some(func) = s.finalizers.remove(&obj) {
            s.due.push_back(Due { func, arg: obj });
            marker.reach(obj);
        }
    }
    marker.drain();
    s.cleanups.retain(|&obj, list| {
        let alive = Marker::is_marked(heap, obj);
        if !alive {
            s.due.extend(list.iter().map(|c| Due { func: c.func, arg: 0 }));
        }
        alive
    });
    let waiter = if s.due.is_empty() { None } else { s.waiter.take() };
    heap.gc.specials = s;
    waiter
}
