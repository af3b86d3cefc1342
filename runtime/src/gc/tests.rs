//! Heap graphs: what is reachable stays, the rest goes.

use std::sync::atomic::Ordering;

use super::*;
use crate::cx::Cx;
use crate::object::types::{Kind, TypeRef};
use crate::test_util::cx;

fn clobber(cx: &Cx) {
    let knobs = &cx.heap.shared.gc.knobs;
    knobs.clobber.store(true, Ordering::Relaxed);
    knobs.checkmark.store(true, Ordering::Relaxed);
}

fn stress(cx: &mut Cx) {
    cx.heap.shared.gc.knobs.stress.store(1, Ordering::Relaxed);
    cx.heap.l.stress = true;
}

fn node_type(cx: &mut Cx) -> TypeRef {
    let int = cx.types.basic(Kind::Int);
    let p = cx.types.pointer_to(int);
    cx.types.struct_of(&[("L", "", p, "", false), ("V", "", int, "", false), ("R", "", p, "", false)])
}

/// A full binary tree; each node's value is its depth.
fn tree(cx: &mut Cx, t: TypeRef, depth: u64) -> u64 {
    let n = cx.heap.alloc(t) as *mut u64;
    // SAFETY: nodes of three words.
    unsafe {
        *n.add(1) = depth;
        if depth > 0 {
            *n = tree(cx, t, depth - 1);
            *n.add(2) = tree(cx, t, depth - 1);
        }
    }
    n as u64
}

fn count(n: u64, depth: u64) -> usize {
    if n == 0 {
        return 0;
    }
    let p = n as *const u64;
    // SAFETY: nodes of three words.
    unsafe {
        assert_eq!(*p.add(1), depth);
        1 + count(*p, depth.wrapping_sub(1)) + count(*p.add(2), depth.wrapping_sub(1))
    }
}

#[test]
fn keeps_trees() {
    let cx = &mut cx();
    clobber(cx);
    let t = node_type(cx);
    let a = tree(cx, t, 12);
    let root = cx.heap.root(a);
    for _ in 0..5 {
        tree(cx, t, 12);
        collect(cx);
        assert_eq!(count(a, 12), (1 << 13) - 1);
        assert_eq!(cx.heap.live(), ((1 << 13) - 1) * 24);
    }
    cx.heap.root_drop(root);
    collect(cx);
    assert_eq!(cx.heap.live(), 0);
    let mut spans = 0;
    cx.heap.shared.each_span(|_| spans += 1);
    assert_eq!(spans, 0);
}

#[test]
fn arrays_of_all_sizes() {
    let cx = &mut cx();
    clobber(cx);
    let t = node_type(cx);
    let int = cx.types.basic(Kind::Int);
    for n in [1, 2, 5, 21, 22, 100, 1000, 1364, 1365, 2000, 100_000] {
        let a = cx.heap.alloc_array(t, n) as *mut u64;
        let root = cx.heap.root(a as u64 + 24 * (n as u64 / 2));
        // SAFETY: n nodes of three words.
        unsafe {
            for i in 0..n {
                let leaf = cx.heap.alloc(int) as *mut u64;
                *leaf = i as u64;
                *a.add(3 * i) = leaf as u64;
                // Not a pointer word: must not keep anything.
                *a.add(3 * i + 1) = cx.heap.alloc_noscan(16) as u64;
                *a.add(3 * i + 2) = tree(cx, t, 0);
            }
            collect(cx);
            for i in 0..n {
                assert_eq!(*(*a.add(3 * i) as *const u64), i as u64, "array of {n}");
                assert_eq!(count(*a.add(3 * i + 2), 0), 1);
            }
        }
        let live = cx.heap.live();
        assert!(live >= n * 48 + n * 8 && live < n * 64 + n * 16 + 16384, "{n}: {live}");
        cx.heap.root_drop(root);
        collect(cx);
        assert_eq!(cx.heap.live(), 0);
    }
}

#[test]
fn memory_comes_zeroed() {
    let cx = &mut cx();
    let mut rng = crate::rng::Rng::new(3);
    for round in 0..6 {
        for _ in 0..3000 {
            let n = 1 + rng.below(3000) as usize;
            let p = cx.heap.alloc_noscan(n);
            // SAFETY: n bytes.
            unsafe {
                assert!(std::slice::from_raw_parts(p, n).iter().all(|b| *b == 0), "round {round}");
                std::ptr::write_bytes(p, 0xaa, n);
            }
        }
        let p = cx.heap.alloc_noscan(100_000);
        // SAFETY: as above.
        unsafe {
            assert!(std::slice::from_raw_parts(p, 100_000).iter().all(|b| *b == 0));
            std::ptr::write_bytes(p, 0xaa, 100_000);
        }
        collect(cx);
    }
}

#[test]
fn memory_is_bounded() {
    let cx = &mut cx();
    let t = node_type(cx);
    let keep = tree(cx, t, 16);
    cx.heap.root(keep);
    for _ in 0..400_000 {
        let n = cx.heap.alloc_noscan(2000);
        // SAFETY: fresh memory.
        unsafe { *n = 1 };
        if cx.should_yield() {
            cx.poll.store(0, Ordering::Relaxed);
            collect_if_due(cx);
        }
    }
    assert!(mem_stats(cx).num_gc > 20);
    let u = cx.heap.shared.pages.usage();
    assert!(u.used + u.idle < 2500, "{u:?}");
    assert_eq!(count(keep, 16), (1 << 17) - 1);
    let huge = cx.heap.alloc_noscan(200 << 20);
    assert!(cx.heap.find_object(huge as u64 + (100 << 20)).is_some());
    collect(cx);
    assert!(cx.heap.find_object(huge as u64).is_none());
}

#[test]
fn stress_and_interior_pointers() {
    let cx = &mut cx();
    stress(cx);
    clobber(cx);
    let t = node_type(cx);
    let root = cx.heap.root(0);
    for i in 0..300u64 {
        let n = cx.heap.alloc(t) as *mut u64;
        assert!(cx.should_yield());
        cx.poll.store(0, Ordering::Relaxed);
        // SAFETY: nodes of three words; the root holds an interior pointer.
        unsafe {
            *n.add(1) = i;
            *n = cx.heap.root_get(root).saturating_sub(8);
        }
        cx.heap.root_set(root, n as u64 + 8);
        collect_if_due(cx);
    }
    let mut n = cx.heap.root_get(root) - 8;
    for i in (0..300u64).rev() {
        // SAFETY: as above.
        unsafe {
            assert_eq!(*(n as *const u64).add(1), i);
            n = *(n as *const u64);
        }
    }
    assert_eq!(n, 0);
}

#[test]
fn weak_and_finalizers() {
    let cx = &mut cx();
    let t = node_type(cx);
    let a = tree(cx, t, 1);
    let root = cx.heap.root(a);
    let h = cx.heap.weak_handle(a);
    cx.heap.root(h);
    assert_eq!(cx.heap.set_finalizer(a, 77), special::Finalizer::Set);
    collect(cx);
    assert_eq!(cx.heap.weak_get(h), a);
    assert_eq!(cx.heap.weak_handle(a), h);
    cx.heap.root_drop(root);
    collect(cx);
    assert_eq!(cx.heap.weak_get(h), 0);
    assert_eq!(count(a, 1), 3);
    assert_eq!(special::next_due(cx), Some(special::Due { func: 77, arg: a }));
    assert_eq!(special::next_due(cx), None);
    collect(cx);
    assert_eq!(cx.heap.live(), 16);
}

#[test]
fn statistics() {
    let cx = &mut cx();
    let before = mem_stats(cx);
    for _ in 0..1000 {
        cx.heap.alloc_noscan(64);
    }
    let after = mem_stats(cx);
    assert_eq!(after.mallocs - before.mallocs, 1000);
    assert_eq!(after.total_alloc - before.total_alloc, 64_000);
    assert_eq!(after.heap_alloc, 64_000);
    cx.heap.alloc_noscan(64);
    collect(cx);
    assert_eq!(mem_stats(cx).frees, 1001);
}
