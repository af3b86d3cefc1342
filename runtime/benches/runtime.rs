//! Timings of the runtime's own costs, without an interpreter: allocation, marking, maps, goroutine switches.

use std::any::Any;
use std::time::Instant;

use gol_runtime::cx::Cx;
use gol_runtime::fiber::{Fiber, Switch};
use gol_runtime::gc::{self, Visitor};
use gol_runtime::object::map;
use gol_runtime::object::registry::Registry;
use gol_runtime::object::types::{Kind, TypeRef};
use gol_runtime::sched;
use gol_runtime::{chan, stack};

/// What a benchmark goroutine does in one time slice; `state` is its own.
type Body = fn(&mut Cx, &mut [u64; 4]) -> Switch;

struct Plain {
    body: Body,
    state: [u64; 4],
    _stack: stack::Stack,
}

impl Fiber for Plain {
    fn start(&mut self, _: &mut Cx, closure: u64) {
        // The func value is the body's number.
        self.body = BODIES[closure as usize];
        self.state = [0; 4];
    }
    fn resume(&mut self, cx: &mut Cx) -> Switch {
        (self.body)(cx, &mut self.state)
    }
    fn trace(&self, v: &mut Visitor<'_>) {
        v.words(&self.state);
    }
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

const BODIES: [Body; 6] = [done, spawner, yielder, ping, pong, yield_main];
const SPAWNS: u64 = 1_000_000;
const YIELDS: u64 = 1_000_000;
const PINGS: u64 = 500_000;

fn done(_: &mut Cx, _: &mut [u64; 4]) -> Switch {
    Switch::Exit
}

fn spawner(cx: &mut Cx, s: &mut [u64; 4]) -> Switch {
    if s[0] == SPAWNS {
        return Switch::Exit;
    }
    s[0] += 1;
    sched::spawn(cx, 0, 0);
    Switch::Yield
}

fn yielder(_: &mut Cx, s: &mut [u64; 4]) -> Switch {
    s[0] += 1;
    if s[0] > YIELDS { Switch::Exit } else { Switch::Yield }
}

fn yield_main(cx: &mut Cx, s: &mut [u64; 4]) -> Switch {
    if s[1] == 0 {
        s[1] = 1;
        sched::spawn(cx, 2, 0);
    }
    yielder(cx, s)
}

fn chans(cx: &mut Cx) -> std::sync::MutexGuard<'static, (u64, u64)> {
    cx.ext::<(u64, u64)>()
}

/// state: [count, 1 while waiting for the send, 1 while waiting for the receive, value]
fn step(cx: &mut Cx, s: &mut [u64; 4], out: u64, back: u64, first: bool) -> Switch {
    loop {
        if s[0] == PINGS * 2 {
            return Switch::Exit;
        }
        let send = s[0].is_multiple_of(2) == first;
        // SAFETY: channels of int and a cell of one word.
        unsafe {
            if s[1] == 1 {
                s[1] = 0;
                if send {
                    let _ = chan::finish_send(cx);
                } else {
                    chan::finish_recv(cx, chan::elem(back), &raw mut s[3] as *mut u8);
                }
            } else {
                let op = if send {
                    chan::send(cx, out, &raw const s[3] as *const u8)
                } else {
                    chan::recv(cx, back, &raw mut s[3] as *mut u8)
                };
                if let chan::Op::Park(r) = op {
                    s[1] = 1;
                    return Switch::Park(r);
                }
            }
        }
        s[0] += 1;
    }
}

fn ping(cx: &mut Cx, s: &mut [u64; 4]) -> Switch {
    if s[2] == 0 {
        s[2] = 1;
        sched::spawn(cx, 4, 0);
    }
    let (a, b) = *chans(cx);
    step(cx, s, a, b, true)
}

fn pong(cx: &mut Cx, s: &mut [u64; 4]) -> Switch {
    let (a, b) = *chans(cx);
    step(cx, s, b, a, false)
}

fn new_cx() -> Cx {
    let f = || Box::new(Plain { body: done, state: [0; 4], _stack: stack::Stack::new() }) as Box<dyn Fiber>;
    Cx::new(Registry::new(), Box::new(f))
}

fn report(what: &str, n: u64, t: Instant) {
    println!("{what:<40} {:8.1} ns", t.elapsed().as_nanos() as f64 / n as f64);
}

fn cpu_ms() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills the struct.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 * 1e3 + t.tv_nsec as f64 / 1e6
}

fn tree(cx: &mut Cx, t: TypeRef, depth: u32) -> u64 {
    let n = cx.heap.alloc(t) as *mut u64;
    if depth > 0 {
        // SAFETY: a node of four words.
        unsafe {
            *n = tree(cx, t, depth - 1);
            *n.add(1) = tree(cx, t, depth - 1);
        }
    }
    n as u64
}

fn main() {
    let cx = &mut new_cx();
    let int = cx.types.basic(Kind::Int);
    let p = cx.types.pointer_to(int);
    let node = cx.types.struct_of(&[
        ("L", "", p, "", false),
        ("R", "", p, "", false),
        ("A", "", int, "", false),
        ("B", "", int, "", false),
    ]);

    const N: u64 = 20_000_000;
    for (what, ty) in [("alloc 32 B with pointers, with GC", node), ("alloc 8 B, with GC", int)] {
        let t = Instant::now();
        for _ in 0..N {
            std::hint::black_box(cx.heap.alloc(ty));
            if cx.should_yield() {
                cx.poll.store(0, std::sync::atomic::Ordering::Relaxed);
                gc::collect_if_due(cx);
            }
        }
        report(what, N, t);
    }
    let t = Instant::now();
    for _ in 0..N {
        std::hint::black_box(cx.heap.alloc_noscan(64));
        if cx.should_yield() {
            cx.poll.store(0, std::sync::atomic::Ordering::Relaxed);
            gc::collect_if_due(cx);
        }
    }
    report("alloc 64 B noscan, with GC", N, t);

    let old = gc::set_gc_percent(cx, -1);
    let t = Instant::now();
    let root = tree(cx, node, 23);
    report("build a tree of 16 M nodes, per node", 1 << 24, t);
    let root = cx.heap.root(root);
    let mut best = f64::MAX;
    for _ in 0..5 {
        let t = cpu_ms();
        gc::collect(cx);
        best = best.min(cpu_ms() - t);
    }
    println!("{:<40} {best:8.1} ms of CPU", "collect 512 MB of tree nodes");
    cx.heap.root_drop(root);
    gc::collect(cx);
    gc::set_gc_percent(cx, old);

    let mt = cx.types.map_of(int, int);
    for n in [8u64, 1000, 1_000_000] {
        let m = map::new(cx, mt, 0);
        cx.heap.root(m);
        let t = Instant::now();
        for k in 0..n {
            // SAFETY: a map of ints.
            unsafe { *(map::assign_u64(cx, mt, m, k.wrapping_mul(0x9e3779b97f4a7c15)).unwrap() as *mut u64) = k };
        }
        report(&format!("map[int]int insert, {n}"), n, t);
        let t = Instant::now();
        let mut sum = 0u64;
        let rounds = 5_000_000 / n;
        for _ in 0..rounds {
            for k in 0..n {
                // SAFETY: a map of ints holding the key.
                sum += unsafe { *(map::get_u64(mt, m, k.wrapping_mul(0x9e3779b97f4a7c15)).unwrap() as *const u64) };
            }
        }
        std::hint::black_box(sum);
        report(&format!("map[int]int lookup, {n}"), rounds * n, t);
    }

    let t = Instant::now();
    sched::run_main(cx, 1);
    report("spawn + finish", SPAWNS, t);
    let t = Instant::now();
    sched::run_main(cx, 5);
    report("yield", YIELDS * 2, t);
    let (a, b) = (chan::make(cx, int, 0).unwrap(), chan::make(cx, int, 0).unwrap());
    cx.heap.root(a);
    cx.heap.root(b);
    *chans(cx) = (a, b);
    let t = Instant::now();
    sched::run_main(cx, 3);
    report("ping-pong round trip", PINGS, t);
    println!("G {} bytes", size_of::<sched::g::G>());
}
