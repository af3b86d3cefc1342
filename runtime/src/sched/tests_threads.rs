//! The scheduler on several threads: work that moves between Ps while the world is stopped, rounds are made, the number of Ps changes and
//! memory is collected.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{for_each_p, run_main, spawn, stop_the_world};
use crate::cx::Cx;
use crate::fiber::{Switch, WaitReason};
use crate::object::registry::Registry;
use crate::test_util::{ClosureFiber, body};

static SERVED: AtomicUsize = AtomicUsize::new(0);

/// A goroutine that yields, sleeps, allocates and starts others, `turns` times.
fn worker(seed: usize, turns: usize, left: Arc<AtomicUsize>) -> u64 {
    let mut turn = 0;
    body(move |cx| {
        turn += 1;
        if turn == turns {
            left.fetch_sub(1, Ordering::AcqRel);
            return Switch::Exit;
        }
        match (turn + seed) % 5 {
            0 if crate::timer::sleep(cx, 20_000) => Switch::Park(WaitReason::Sleep),
            1 => {
                left.fetch_add(1, Ordering::AcqRel);
                let left = left.clone();
                let child = body(move |_| {
                    left.fetch_sub(1, Ordering::AcqRel);
                    Switch::Exit
                });
                spawn(cx, child, 0);
                Switch::Yield
            }
            2 => {
                for _ in 0..20 {
                    cx.heap.alloc_noscan(200);
                }
                Switch::Poll
            }
            _ => Switch::Yield,
        }
    })
}

#[test]
fn work_goes_on_through_stops_rounds_and_collections() {
    let mut cx = Cx::new(Registry::new(), Box::new(|| Box::new(ClosureFiber::default())));
    cx.sched.want_procs(4);
    let left = Arc::new(AtomicUsize::new(0));
    let workers = left.clone();
    let mut turn = 0;
    let main = body(move |cx| {
        if turn == 0 {
            workers.fetch_add(40, Ordering::AcqRel);
            for seed in 0..40 {
                let w = worker(seed, 60, workers.clone());
                spawn(cx, w, 0);
            }
        }
        turn += 1;
        match turn % 4 {
            0 => {
                let w = stop_the_world(cx);
                let before = workers.load(Ordering::Acquire);
                std::thread::yield_now();
                assert_eq!(before, workers.load(Ordering::Acquire), "somebody runs in a stopped world");
                w.start(cx);
            }
            1 => {
                let before = SERVED.load(Ordering::Acquire);
                for_each_p(cx, |_| {
                    SERVED.fetch_add(1, Ordering::AcqRel);
                });
                let served = SERVED.load(Ordering::Acquire) - before;
                let all = cx.sched.shared().lock().all_ps.len();
                assert_eq!(served, all, "a round serves every P once");
            }
            2 => crate::gc::force(cx),
            _ if turn % 16 == 3 => cx.sched.want_procs(1 + turn / 16 % 5),
            _ => {}
        }
        if workers.load(Ordering::Acquire) == 0 { Switch::Exit } else { Switch::Yield }
    });
    assert_eq!(run_main(&mut cx, main), 0);
    assert_eq!(left.load(Ordering::Acquire), 0);
    std::mem::forget(cx);
}
