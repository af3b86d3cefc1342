//! Marking while the graph changes, by several markers, and what must not be left out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::cycle::{drain_all, finish_now, hand_over, start};
use super::*;
use crate::cx::Cx;
use crate::heap::{GcRoot, Heap};
use crate::object::types::{Kind, TypeRef};
use crate::test_util::cx;

fn pair(cx: &mut Cx) -> TypeRef {
    let int = cx.types.basic(Kind::Int);
    let p = cx.types.pointer_to(int);
    cx.types.struct_of(&[("A", "", p, "", false), ("B", "", p, "", false)])
}

fn get(p: u64, k: usize) -> u64 {
    // SAFETY: objects of two words.
    unsafe { *(p as *const u64).add(k) }
}

/// A store as compiled code makes it.
fn set(cx: &mut Cx, p: u64, k: usize, v: u64) {
    // SAFETY: objects of two words.
    unsafe { cx.heap.store_ptr((p as *mut u64).add(k), v) };
}

fn is_live(cx: &Cx, p: u64) -> bool {
    cx.heap.shared.lookup(p as usize).is_some()
}

fn check(cx: &Cx) {
    cx.heap.shared.gc.knobs.clobber.store(true, Ordering::Relaxed);
    cx.heap.shared.gc.knobs.checkmark.store(true, Ordering::Relaxed);
}

/// Scans the roots and puts what they lead to up for grabs.
fn mark_roots(cx: &mut Cx) {
    let m: *mut mark::Marker = &mut *cx.heap.l.marker;
    // SAFETY: this processor's marker, which the jobs do not reach through the heap.
    while roots::run_next(cx, unsafe { &mut *m }) {}
    hand_over(cx);
}

/// root -> a -> b; answers (root, a, b).
fn chain(cx: &mut Cx, t: TypeRef) -> (GcRoot, u64, u64) {
    let b = cx.heap.alloc(t) as u64;
    let a = cx.heap.alloc(t) as u64;
    set(cx, a, 0, b);
    (cx.heap.root(a), a, b)
}

#[test]
fn an_edge_that_is_cut_leads_to_what_survives() {
    let cx = &mut cx();
    check(cx);
    let t = pair(cx);
    let (root, a, b) = chain(cx, t);
    start(cx);
    // A black object takes over what a white one loses: only the barrier knows.
    let new = cx.heap.alloc(t) as u64;
    let keep = cx.heap.root(new);
    set(cx, new, 0, get(a, 0));
    set(cx, a, 0, 0);
    finish_now(cx);
    cx.heap.shared.finish_sweep();
    assert!(is_live(cx, b) && get(new, 0) == b);
    cx.heap.root_drop(root);
    cx.heap.root_drop(keep);
    collect(cx);
    assert!(!is_live(cx, a) && !is_live(cx, b) && !is_live(cx, new));
}

#[test]
fn without_the_barrier_it_is_lost() {
    let cx = &mut cx();
    let t = pair(cx);
    let (_root, a, b) = chain(cx, t);
    start(cx);
    let new = cx.heap.alloc(t) as u64;
    cx.heap.root(new);
    // SAFETY: plain stores, as a compiler without barriers would make them.
    unsafe {
        *(new as *mut u64) = b;
        *(a as *mut u64) = 0;
    }
    finish_now(cx);
    cx.heap.shared.finish_sweep();
    assert!(!is_live(cx, b));
}

#[test]
fn roots_that_go_are_shaded() {
    let cx = &mut cx();
    check(cx);
    let t = pair(cx);
    let (root, a, b) = chain(cx, t);
    start(cx);
    let new = cx.heap.alloc(t) as u64;
    set(cx, new, 1, cx.heap.root_get(root));
    cx.heap.root_drop(root);
    cx.heap.root(new);
    finish_now(cx);
    cx.heap.shared.finish_sweep();
    assert!(is_live(cx, a) && is_live(cx, b));
}

#[test]
fn a_weak_pointer_that_is_followed_keeps() {
    let cx = &mut cx();
    check(cx);
    let t = pair(cx);
    let b = cx.heap.alloc(t) as u64;
    let h = cx.heap.weak_handle(b);
    cx.heap.root(h);
    start(cx);
    let strong = cx.heap.weak_get(h);
    assert_eq!(strong, b);
    cx.heap.root(strong);
    finish_now(cx);
    assert_eq!(cx.heap.weak_get(h), b);
    cx.heap.shared.finish_sweep();
    assert!(is_live(cx, b));
}

#[test]
fn new_objects_are_black() {
    let cx = &mut cx();
    check(cx);
    let t = pair(cx);
    for n in [1usize, 40, 3000, 9000] {
        start(cx);
        let p = cx.heap.alloc_array(t, n) as u64;
        let s = cx.heap.alloc_noscan(n * 3) as u64;
        finish_now(cx);
        cx.heap.shared.finish_sweep();
        assert!(is_live(cx, p) && is_live(cx, s), "{n}");
        collect(cx);
        assert!(!is_live(cx, p) && !is_live(cx, s), "{n}");
    }
}

#[test]
fn allocation_pays_for_marking() {
    let cx = &mut cx();
    let t = pair(cx);
    let mut last = 0;
    for _ in 0..400_000 {
        let n = cx.heap.alloc(t) as u64;
        set(cx, n, 0, last);
        last = n;
    }
    cx.heap.root(last);
    while !cx.heap.shared.gc.is_marking() {
        start(cx);
    }
    // The roots are for the scheduler; everything else gets marked by allocating.
    super::work(cx);
    let mut n = 0usize;
    while cx.heap.shared.gc.is_marking() {
        cx.heap.alloc(t);
        n += 1;
        if cx.should_yield() {
            cx.poll.store(0, Ordering::Relaxed);
            collect_if_due(cx);
        }
        assert!(n < 2_000_000, "marking does not get done");
    }
    assert!(is_live(cx, last));
}

#[test]
fn objects_in_pieces() {
    let cx = &mut cx();
    check(cx);
    let t = pair(cx);
    let n = 100_000;
    let big = cx.heap.alloc_array(t, n) as u64;
    cx.heap.root(big + 8 * 77);
    let mut all = Vec::new();
    for i in 0..n {
        let p = cx.heap.alloc(t) as u64;
        set(cx, big, 2 * i + i % 2, p);
        all.push(p);
    }
    start(cx);
    // Turned round while it is being marked.
    for i in 0..n / 2 {
        let (x, y) = (2 * i + i % 2, 2 * (n - 1 - i) + (n - 1 - i) % 2);
        let (p, q) = (get(big, x), get(big, y));
        set(cx, big, x, q);
        set(cx, big, y, p);
        if i % 1000 == 0 {
            idle_work(cx);
        }
    }
    if cx.heap.shared.gc.is_marking() {
        finish_now(cx);
    }
    cx.heap.shared.finish_sweep();
    assert!(all.iter().all(|p| is_live(cx, *p)));
}

/// Several processors' markers on one graph: every object is marked exactly once and none is left out.
#[test]
fn markers_share_the_work() {
    let cx = &mut cx();
    let t = pair(cx);
    fn tree(cx: &mut Cx, t: TypeRef, depth: u32) -> u64 {
        let n = cx.heap.alloc(t) as u64;
        if depth > 0 {
            let l = tree(cx, t, depth - 1);
            set(cx, n, 0, l);
            let r = tree(cx, t, depth - 1);
            set(cx, n, 1, r);
        }
        n
    }
    let depth = 16;
    let r = tree(cx, t, depth);
    cx.heap.root(r);
    start(cx);
    let shared = cx.heap.shared.clone();
    mark_roots(cx);
    std::thread::scope(|s| {
        for _ in 0..3 {
            let shared = shared.clone();
            s.spawn(move || {
                let mut heap = Heap::new(shared.clone(), Arc::new(AtomicU32::new(0)));
                let mut dry = 0;
                while dry < 200 {
                    let m = &mut heap.l.marker;
                    if !m.is_idle() || shared.gc.work.take(m) {
                        m.drain(4096, &shared.gc.work);
                        shared.gc.work.share(m);
                        dry = 0;
                    } else {
                        dry += 1;
                        std::thread::yield_now();
                    }
                }
                shared.gc.work.give_all(&mut heap.l.marker);
            });
        }
    });
    drain_all(cx, usize::MAX);
    let nodes = (2usize << depth) - 1;
    assert_eq!(shared.gc.work.marked.load(Ordering::Relaxed), nodes * 16);
    finish_now(cx);
    shared.finish_sweep();
    assert_eq!(cx.heap.live(), nodes * 16);
}

#[test]
fn memory_goes_back_while_the_program_is_busy() {
    let cx = &mut cx();
    let mut roots = Vec::new();
    for _ in 0..400 {
        let p = cx.heap.alloc_noscan(200_000);
        // SAFETY: fresh memory.
        unsafe { std::ptr::write_bytes(p, 1, 200_000) };
        roots.push(cx.heap.root(p as u64));
    }
    for r in roots {
        cx.heap.root_drop(r);
    }
    collect(cx);
    let before = cx.heap.shared.pages.usage();
    for _ in 0..200 {
        super::work(cx);
    }
    let after = cx.heap.shared.pages.usage();
    assert!(before.idle > 8000 && after.idle < 1500, "{before:?} {after:?}");
}

/// Processor time of this thread in seconds: what a busy machine does not distort.
fn thread_time() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills the struct.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

/// Seconds the busiest of `n` markers needs for 256 MB of small objects.
fn mark_with(cx: &mut Cx, n: usize) -> f64 {
    start(cx);
    let shared = cx.heap.shared.clone();
    mark_roots(cx);
    let busy = std::sync::atomic::AtomicUsize::new(n);
    let times = std::thread::scope(|s| {
        let workers: Vec<_> = (0..n)
            .map(|_| {
                let (shared, busy) = (shared.clone(), &busy);
                s.spawn(move || {
                    let mut heap = Heap::new(shared.clone(), Arc::new(AtomicU32::new(0)));
                    let mut spent = 0.0;
                    loop {
                        let m = &mut heap.l.marker;
                        let from = thread_time();
                        while !m.is_idle() || shared.gc.work.take(m) {
                            m.drain(32 << 10, &shared.gc.work);
                            if n > 1 && shared.gc.work.progress.is_hungry() {
                                shared.gc.work.share(m);
                            }
                        }
                        spent += thread_time() - from;
                        if busy.fetch_sub(1, Ordering::AcqRel) == 1 {
                            break;
                        }
                        while shared.gc.work.progress.is_empty() && busy.load(Ordering::Acquire) > 0 {
                            std::thread::yield_now();
                        }
                        if busy.load(Ordering::Acquire) == 0 {
                            break;
                        }
                        busy.fetch_add(1, Ordering::AcqRel);
                    }
                    shared.gc.work.give_all(&mut heap.l.marker);
                    spent
                })
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap()).fold(0.0, f64::max)
    });
    finish_now(cx);
    shared.finish_sweep();
    times
}

#[test]
#[ignore = "a measurement: cargo test -p gol-runtime --release marking_scales -- --ignored --nocapture"]
fn marking_scales() {
    let cx = &mut cx();
    let int = cx.types.basic(Kind::Int);
    let p = cx.types.pointer_to(int);
    let node = cx.types.struct_of(&[
        ("L", "", p, "", false),
        ("R", "", p, "", false),
        ("A", "", int, "", false),
        ("B", "", int, "", false),
    ]);
    fn tree(cx: &mut Cx, t: TypeRef, depth: u32) -> u64 {
        let n = cx.heap.alloc(t) as u64;
        if depth > 0 {
            let l = tree(cx, t, depth - 1);
            set(cx, n, 0, l);
            let r = tree(cx, t, depth - 1);
            set(cx, n, 1, r);
        }
        n
    }
    let r = tree(cx, node, 22);
    cx.heap.root(r);
    let _ = mark_with(cx, 1);
    let mut best = f64::MIN;
    for _ in 0..5 {
        let (one, two) = (mark_with(cx, 1), mark_with(cx, 2));
        eprintln!(
            "one marker {:.1} ms, two {:.1} ms each at most: {:.2} times as fast",
            one * 1e3,
            two * 1e3,
            one / two
        );
        best = best.max(one / two);
    }
    assert!(best >= 1.7, "{best}");
}
