//! Finalizers, cleanups and weak handles: what hangs on an object without keeping it alive.
//!
//! A finalizer keeps its object, and all it reaches, for one more cycle: the goroutine that runs finalizers gets the object. A
//! cleanup does not. A weak handle is a heap word holding the object's address where the marker does not look; it becomes 0 when
//! the object is first found unreachable.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

use super::mark::Marker;
use crate::cx::Cx;
use crate::heap::central::lock;
use crate::heap::{Heap, HeapShared};
use crate::sched::g::GRef;

/// Something for the finalizer goroutine to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Func value to call.
    pub func: u64,
    /// Its argument: the object (finalizers) or a word (cleanups, which usually bind their argument and ignore it).
    pub arg: u64,
}

/// How setting a finalizer went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finalizer {
    /// Done.
    Set,
    /// There was one.
    Already,
    /// The pointer is to the inside of an object.
    Inside,
    /// The object is not on the heap: it never dies.
    NotInHeap,
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
    /// runtime.SetFinalizer: `func` 0 removes.
    pub fn set_finalizer(&mut self, obj: u64, func: u64) -> Finalizer {
        let Some((at, size)) = self.find_object(obj) else { return Finalizer::NotInHeap };
        // Tiny objects share a block.
        if at != obj && size != 16 {
            return Finalizer::Inside;
        }
        let mut s = lock(&self.shared.gc.specials);
        if func == 0 {
            let old = s.finalizers.remove(&obj);
            drop(s);
            self.shade(old.unwrap_or(0));
            return Finalizer::Set;
        }
        match s.finalizers.entry(obj) {
            Entry::Occupied(_) => Finalizer::Already,
            Entry::Vacant(e) => {
                e.insert(func);
                Finalizer::Set
            }
        }
    }

    /// runtime.AddCleanup: calls `func` (which binds its argument) once `obj` is unreachable. Answers an id to stop it with.
    pub fn add_cleanup(&mut self, obj: u64, func: u64) -> u64 {
        let mut s = lock(&self.shared.gc.specials);
        s.next_id += 1;
        let id = s.next_id;
        // An interior pointer stands for its object.
        let at = self.find_object(obj).map_or(obj, |o| o.0);
        s.cleanups.entry(at).or_default().push(Cleanup { id, func });
        id
    }

    /// Cleanup.Stop.
    pub fn stop_cleanup(&mut self, obj: u64, id: u64) {
        let at = self.find_object(obj).map_or(obj, |o| o.0);
        let mut s = lock(&self.shared.gc.specials);
        let mut gone = Vec::new();
        if let Some(v) = s.cleanups.get_mut(&at) {
            gone.extend(v.extract_if(.., |c| c.id == id).map(|c| c.func));
            if v.is_empty() {
                s.cleanups.remove(&at);
            }
        }
        drop(s);
        for f in gone {
            self.shade(f);
        }
    }

    /// The weak handle of an address: a word in the heap, the same for equal addresses while it lives; 0 for 0.
    pub fn weak_handle(&mut self, obj: u64) -> u64 {
        if obj == 0 {
            return 0;
        }
        let known = lock(&self.shared.gc.specials).weak.get(&obj).copied();
        if let Some(h) = known {
            self.shade(h);
            return h;
        }
        let h = self.alloc_noscan(16) as *mut u64;
        // SAFETY: fresh memory.
        unsafe { *h = obj };
        let known = *lock(&self.shared.gc.specials).weak.entry(obj).or_insert(h as u64);
        self.shade(known);
        known
    }

    /// What a weak handle still points to, or 0. The answer is a strong pointer: marking must learn of it.
    pub fn weak_get(&mut self, handle: u64) -> u64 {
        if handle == 0 {
            return 0;
        }
        // Under the lock: not between the end of marking and the clearing of handles.
        let s = lock(&self.shared.gc.specials);
        // SAFETY: a handle from `weak_handle`, kept alive by the caller.
        let obj = unsafe { *(handle as *const u64) };
        drop(s);
        self.shade(obj);
        obj
    }
}

/// The next finalizer or cleanup to run; None: the calling goroutine is noted and must park.
pub fn next_due(cx: &mut Cx) -> Option<Due> {
    let g = cx.sched.last();
    let mut s = lock(&cx.heap.shared.gc.specials);
    let d = s.due.pop_front();
    s.waiter = if d.is_none() { g } else { None };
    drop(s);
    if let Some(d) = d {
        cx.heap.shade(d.func);
        cx.heap.shade(d.arg);
    }
    d
}

/// The goroutine to wake if there is something due.
pub(super) fn waiter(shared: &HeapShared) -> Option<GRef> {
    let mut s = lock(&shared.gc.specials);
    if s.due.is_empty() { None } else { s.waiter.take() }
}

/// Root job: functions, what is due, and all that objects with finalizers reach, but not these objects themselves. So when one of them
/// turns out to be unreachable only the object itself has to be brought back.
pub(super) fn roots(shared: &HeapShared, marker: &mut Marker) {
    let s = lock(&shared.gc.specials);
    for d in &s.due {
        marker.reach(d.func);
        marker.reach(d.arg);
    }
    for (&obj, &f) in &s.finalizers {
        marker.reach(f);
        if let Some((span, i)) = shared.lookup(obj as usize) {
            marker.scan_inside(span, i);
        }
    }
    for c in s.cleanups.values().flatten() {
        marker.reach(c.func);
    }
    marker.flush();
}

fn is_marked(shared: &HeapShared, addr: u64) -> bool {
    shared.lookup(addr as usize).is_none_or(|(s, i)| s.is_marked(i))
}

/// Marks one object, but nothing it points to; answers the bytes this saves.
fn retain(shared: &HeapShared, addr: u64) -> usize {
    shared.lookup(addr as usize).map_or(0, |(s, i)| if s.set_mark(i) { s.elemsize } else { 0 })
}

/// After marking: decides what happens to unreached objects with something on them. Answers the bytes this keeps.
pub(super) fn process(shared: &HeapShared) -> usize {
    let s = &mut *lock(&shared.gc.specials);
    let mut kept = 0;
    s.weak.retain(|&obj, &mut h| {
        let alive = is_marked(shared, obj);
        if alive {
            kept += retain(shared, h);
        } else if is_marked(shared, h) {
            // SAFETY: the handle is a live heap word.
            unsafe { *(h as *mut u64) = 0 };
        }
        alive
    });
    s.cleanups.retain(|&obj, list| {
        let alive = is_marked(shared, obj) || s.finalizers.contains_key(&obj);
        if !alive {
            s.due.extend(list.iter().map(|c| Due { func: c.func, arg: 0 }));
        }
        alive
    });
    let dead: Vec<u64> = s.finalizers.keys().copied().filter(|&o| !is_marked(shared, o)).collect();
    for obj in dead {
        if let Some(func) = s.finalizers.remove(&obj) {
            s.due.push_back(Due { func, arg: obj });
            kept += retain(shared, obj);
        }
    }
    kept
}
