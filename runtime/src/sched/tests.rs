//! Goroutines made of closures: channels, select, timers, semaphores, deadlock.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::chan::{self, Op};
use crate::cx::Cx;
use crate::fiber::{Switch, WaitReason};
use crate::object::types::Kind;
use crate::sched::{run_main, spawn};
use crate::select::{Case, Selected, finish_select, select};
use crate::test_util::{body, cx};

type Log = Rc<RefCell<Vec<i64>>>;

fn int_chan(cx: &mut Cx, n: i64) -> u64 {
    let t = cx.types.basic(Kind::Int);
    let c = chan::make(cx, t, n).unwrap();
    cx.heap.root(c);
    c
}

/// Sends 0..n, then closes.
fn sender(ch: u64, n: i64) -> u64 {
    let (mut i, mut waiting) = (0i64, false);
    body(move |cx| {
        if waiting {
            chan::finish_send(cx).unwrap();
            waiting = false;
            i += 1;
        }
        while i < n {
            // SAFETY: an int channel and an int.
            match unsafe { chan::send(cx, ch, &raw const i as *const u8) } {
                Op::Done(_) => i += 1,
                Op::Park(r) => {
                    waiting = true;
                    return Switch::Park(r);
                }
                Op::Fault(f) => return Switch::Fatal(f),
            }
        }
        chan::close(cx, ch).unwrap();
        Switch::Exit
    })
}

/// Receives until the channel is closed.
fn receiver(ch: u64, log: Log) -> impl FnMut(&mut Cx) -> Switch {
    let mut waiting = false;
    move |cx| {
        let mut v = 0i64;
        loop {
            // SAFETY: an int channel and an int.
            let ok = unsafe {
                if std::mem::take(&mut waiting) {
                    let t = chan::elem(ch);
                    chan::finish_recv(cx, t, &raw mut v as *mut u8)
                } else {
                    match chan::recv(cx, ch, &raw mut v as *mut u8) {
                        Op::Done(ok) => ok,
                        Op::Park(r) => {
                            waiting = true;
                            return Switch::Park(r);
                        }
                        Op::Fault(f) => return Switch::Fatal(f),
                    }
                }
            };
            if !ok {
                return Switch::Exit;
            }
            log.borrow_mut().push(v);
        }
    }
}

#[test]
fn values_arrive_in_order() {
    for cap in [0, 1, 3, 100] {
        let cx = &mut cx();
        let log = Log::default();
        let ch = int_chan(cx, cap);
        let s = sender(ch, 50);
        let mut started = false;
        let mut r = receiver(ch, log.clone());
        let main = body(move |cx| {
            if !std::mem::replace(&mut started, true) {
                spawn(cx, s, 0);
            }
            r(cx)
        });
        assert_eq!(run_main(cx, main), 0);
        assert_eq!(*log.borrow(), (0..50).collect::<Vec<_>>());
    }
}

#[test]
fn select_serves_all_and_wakes_once() {
    let cx = &mut cx();
    let log = Log::default();
    let chans: Vec<u64> = (0..4).map(|i| int_chan(cx, i % 2)).collect();
    let senders: Vec<u64> = chans.iter().map(|&c| sender(c, 25)).collect();
    let (l, mut open, mut waiting) = (log.clone(), chans.clone(), false);
    let mut cells = Box::new([0i64; 4]);
    let mut started = false;
    let main = body(move |cx| {
        if !std::mem::replace(&mut started, true) {
            for &s in &senders {
                spawn(cx, s, 0);
            }
        }
        while open.iter().any(|c| *c != 0) {
            let cases: Vec<Case> = open
                .iter()
                .enumerate()
                .map(|(i, &ch)| Case { ch, elem: &raw mut cells[i] as *mut u8, is_send: false })
                .collect();
            // SAFETY: int channels, int cells.
            let (i, ok) = unsafe {
                if std::mem::take(&mut waiting) {
                    let t = |i: usize| Some((chan::elem(cases[i].ch), cases[i].elem));
                    finish_select(cx, t).unwrap()
                } else {
                    match select(cx, &cases, false) {
                        Selected::Ready(i, ok) => (i, ok),
                        Selected::Park(r) => {
                            waiting = true;
                            return Switch::Park(r);
                        }
                        other => panic!("{other:?}"),
                    }
                }
            };
            if ok {
                l.borrow_mut().push(i as i64 * 100 + cells[i]);
            } else {
                open[i] = 0;
            }
        }
        Switch::Exit
    });
    assert_eq!(run_main(cx, main), 0);
    let mut got = log.borrow().clone();
    got.sort_unstable();
    let want: Vec<i64> = (0..4).flat_map(|i| (0..25).map(move |k| i * 100 + k)).collect();
    assert_eq!(got, want);
}

#[test]
fn sleep_orders_by_time_and_idles() {
    let cx = &mut cx();
    let log = Log::default();
    let mut bodies = Vec::new();
    for ms in [30i64, 10, 20] {
        let (l, mut asleep) = (log.clone(), false);
        bodies.push(body(move |cx| {
            if !std::mem::replace(&mut asleep, true) && crate::timer::sleep(cx, ms * 1_000_000) {
                return Switch::Park(WaitReason::Sleep);
            }
            l.borrow_mut().push(ms);
            Switch::Exit
        }));
    }
    let mut step = 0;
    let main = body(move |cx| {
        step += 1;
        if step == 1 {
            bodies.drain(..).for_each(|b| {
                spawn(cx, b, 0);
            });
            crate::timer::sleep(cx, 50_000_000);
            return Switch::Park(WaitReason::Sleep);
        }
        assert_eq!(cx.sched.num_goroutine(), 1);
        Switch::Exit
    });
    assert_eq!(run_main(cx, main), 0);
    assert_eq!(*log.borrow(), [10, 20, 30]);
}

#[test]
fn deadlock_is_noticed() {
    let cx = &mut cx();
    let ch = int_chan(cx, 0);
    // SAFETY: an int channel; the value is not looked at.
    let main = body(move |cx| match unsafe { chan::recv(cx, ch, std::ptr::null_mut()) } {
        Op::Park(r) => Switch::Park(r),
        other => panic!("{other:?}"),
    });
    assert_eq!(run_main(cx, main), 2);
}

#[test]
fn closing_wakes_senders_with_a_panic() {
    let cx = &mut cx();
    let ch = int_chan(cx, 0);
    let text = Rc::new(RefCell::new(String::new()));
    let (t, mut sent) = (text.clone(), false);
    let s = body(move |cx| {
        if std::mem::replace(&mut sent, true) {
            *t.borrow_mut() = chan::finish_send(cx).unwrap_err().message();
            return Switch::Exit;
        }
        // SAFETY: an int channel and an int.
        match unsafe { chan::send(cx, ch, &raw const ch as *const u8) } {
            Op::Park(r) => Switch::Park(r),
            other => panic!("{other:?}"),
        }
    });
    let mut step = 0;
    let main = body(move |cx| {
        step += 1;
        match step {
            1 => {
                spawn(cx, s, 0);
                Switch::Yield
            }
            2 => {
                chan::close(cx, ch).unwrap();
                assert_eq!(chan::close(cx, ch).unwrap_err().message(), "close of closed channel");
                Switch::Yield
            }
            _ => Switch::Exit,
        }
    });
    assert_eq!(run_main(cx, main), 0);
    assert_eq!(*text.borrow(), "send on closed channel");
}

#[test]
fn semaphores_are_first_come_first_served() {
    let cx = &mut cx();
    let addr = cx.heap.alloc_noscan(16) as u64;
    cx.heap.root(addr);
    let log = Log::default();
    let mut bodies = Vec::new();
    for k in 0..5 {
        let (l, mut parked) = (log.clone(), false);
        bodies.push(body(move |cx| {
            if !std::mem::replace(&mut parked, true) && !crate::sema::acquire(cx, addr, false) {
                return Switch::Park(WaitReason::Semacquire);
            }
            l.borrow_mut().push(k);
            Switch::Exit
        }));
    }
    let mut step = 0;
    let main = body(move |cx| {
        step += 1;
        match step {
            1..=5 => {
                spawn(cx, bodies[step - 1], 0);
                Switch::Yield
            }
            6..=10 => {
                crate::sema::release(cx, addr);
                Switch::Yield
            }
            _ => Switch::Exit,
        }
    });
    assert_eq!(run_main(cx, main), 0);
    assert_eq!(*log.borrow(), [0, 1, 2, 3, 4]);
}

#[test]
fn large_elements_survive_collections() {
    let cx = &mut cx();
    let knobs = &cx.heap.shared().gc.knobs;
    knobs.clobber.store(true, std::sync::atomic::Ordering::Relaxed);
    knobs.stw.store(true, std::sync::atomic::Ordering::Relaxed);
    let int = cx.types.basic(Kind::Int);
    let p = cx.types.pointer_to(int);
    let t = cx.types.array_of(p, 9);
    let ch = chan::make(cx, t, 0).unwrap();
    cx.heap.root(ch);
    let mut sent = false;
    let s = body(move |cx| {
        if std::mem::replace(&mut sent, true) {
            return Switch::Exit;
        }
        let v: Vec<u64> = (0..9u64)
            .map(|i| {
                let p = cx.heap.alloc_noscan(24) as *mut u64;
                // SAFETY: fresh memory.
                unsafe { *p = i };
                p as u64
            })
            .collect();
        // SAFETY: an element of nine words.
        match unsafe { chan::send(cx, ch, v.as_ptr() as *const u8) } {
            Op::Park(r) => Switch::Park(r),
            other => panic!("{other:?}"),
        }
    });
    let mut step = 0;
    let main = body(move |cx| {
        step += 1;
        if step == 1 {
            spawn(cx, s, 0);
            crate::gc::force(cx);
            return Switch::Yield;
        }
        if step < 4 {
            crate::gc::force(cx);
            return Switch::Yield;
        }
        let mut v = [0u64; 9];
        // SAFETY: as above.
        unsafe {
            assert!(matches!(chan::recv(cx, ch, v.as_mut_ptr() as *mut u8), Op::Done(true)));
            for (i, p) in v.iter().enumerate() {
                assert_eq!(*(*p as *const u64), i as u64);
            }
        }
        Switch::Exit
    });
    assert_eq!(run_main(cx, main), 0);
    assert!(crate::gc::mem_stats(cx).num_gc >= 2);
}

#[test]
fn blocking_calls_come_back() {
    use crate::native::{Call, Ret};
    let cx = &mut cx();
    let log = Log::default();
    let l = log.clone();
    let main = body(move |cx| {
        let mut slots = [0u64; 2];
        // SAFETY: two slots.
        let mut call = unsafe { Call::new(cx, slots.as_mut_ptr(), 1, 1) };
        let answer = call.blocking(|| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            42i64
        });
        match answer {
            Ok(v) => l.borrow_mut().push(v),
            Err(Ret::ParkRetry(r)) => return Switch::Park(r),
            Err(r) => panic!("{r:?}"),
        }
        Switch::Exit
    });
    assert_eq!(run_main(cx, main), 0);
    assert_eq!(*log.borrow(), [42]);
}

#[test]
fn busy_goroutines_are_asked_to_yield() {
    let cx = &mut cx();
    let log = Log::default();
    let l = log.clone();
    let other = body(move |_| {
        l.borrow_mut().push(1);
        Switch::Exit
    });
    let (l, mut started) = (log.clone(), false);
    let main = body(move |cx| {
        if !std::mem::replace(&mut started, true) {
            spawn(cx, other, 0);
        }
        if !l.borrow().is_empty() {
            return Switch::Exit;
        }
        while !cx.should_yield() {
            std::hint::spin_loop();
        }
        Switch::Poll
    });
    assert_eq!(run_main(cx, main), 0);
}

#[test]
fn timers_repeat_and_stop() {
    use crate::timer::Action;
    let cx = &mut cx();
    let word = cx.heap.alloc_noscan(16) as u64;
    cx.heap.root(word);
    fn bump(_: &mut Cx, w: u64) {
        // SAFETY: the word allocated above.
        unsafe { *(w as *mut u64) += 1 }
    }
    let took = Rc::new(Cell::new(0));
    let (mut begun, mut ticking, until) = (0, None, took.clone());
    let main = body(move |cx| {
        let now = cx.sched.nanotime();
        if let Some(t) = ticking {
            assert!(crate::timer::stop(cx, t));
            until.set(now - begun);
            return Switch::Exit;
        }
        begun = now;
        ticking = Some(crate::timer::start(cx, now + 2_000_000, 2_000_000, Action::Call(bump, word)));
        let stopped = crate::timer::start(cx, now + 3_000_000, 0, Action::Call(bump, word));
        assert!(crate::timer::stop(cx, stopped));
        assert!(!crate::timer::stop(cx, stopped));
        crate::timer::sleep(cx, 11_000_000);
        Switch::Park(WaitReason::Sleep)
    });
    assert_eq!(run_main(cx, main), 0);
    // SAFETY: as above.
    let n = unsafe { *(word as *const i64) };
    let took = took.get();
    // Ticks that came too late were left out, none came too early.
    assert!(took >= 11_000_000 && (1..=took / 2_000_000).contains(&n), "{n} ticks in {took} ns");
}
