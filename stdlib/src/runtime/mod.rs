//! The machine as the program sees it: collector, scheduler, frames.
//!
//! Frames are known to the interpreter alone. It may offer natives of its own for `caller`, `callers`, `pcInfo` and `stack`, which
//! then take the place of the ones here.

use gol_runtime::cx::Cx;
use gol_runtime::fault::Fault;
use gol_runtime::fiber::WaitReason;
use gol_runtime::gc;
use gol_runtime::gc::special::Finalizer;
use gol_runtime::native::{Call, NativeTable, Ret};
use gol_runtime::object::types::Kind;

struct Settings {
    max_stack: i64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { max_stack: 1_000_000_000 }
    }
}

fn cpus() -> i64 {
    std::thread::available_parallelism().map_or(1, |n| n.get() as i64)
}

fn collect(c: &mut Call<'_>) -> Ret {
    if gc::wait_for_cycle(c.cx) { Ret::Done } else { Ret::ParkRetry(WaitReason::GcWait) }
}
fn swept(c: &mut Call<'_>) -> Ret {
    let done = gc::sweep_some(c.cx);
    c.ret_bool(0, done);
    Ret::Done
}
fn gosched(_: &mut Call<'_>) -> Ret {
    Ret::Yield
}
fn goexit(_: &mut Call<'_>) -> Ret {
    Ret::Goexit
}
fn gomaxprocs(c: &mut Call<'_>) -> Ret {
    let n = c.int(0);
    let old = c.cx.sched.shared().procs();
    c.ret_int(0, old as i64);
    match usize::try_from(n) {
        Ok(n) if n > 0 && n != old => {
            c.cx.sched.want_procs(n);
            Ret::Yield
        }
        _ => Ret::Done,
    }
}
fn lock_thread(c: &mut Call<'_>) -> Ret {
    c.cx.sched.lock_thread();
    Ret::Done
}
fn unlock_thread(c: &mut Call<'_>) -> Ret {
    c.cx.sched.unlock_thread();
    Ret::Done
}
fn num_cpu(c: &mut Call<'_>) -> Ret {
    c.ret_int(0, cpus());
    Ret::Done
}
fn num_goroutine(c: &mut Call<'_>) -> Ret {
    let n = c.cx.sched.num_goroutine();
    c.ret_int(0, n as i64);
    Ret::Done
}

fn set_finalizer(c: &mut Call<'_>) -> Ret {
    let wrong = match (c.type_at(0), c.type_at(2)) {
        (None, _) => 1,
        (Some(t), _) if t.kind != Kind::Pointer => 2,
        (Some(_), None) => {
            let obj = c.word(1);
            c.cx.heap.set_finalizer(obj, 0);
            0
        }
        (Some(_), Some(f)) if f.kind != Kind::Func => 3,
        (Some(t), Some(f)) if f.params.len() != 1 || f.params[0] != t => 4,
        _ => {
            let (obj, f) = (c.word(1), c.word(3));
            match c.cx.heap.set_finalizer(obj, f) {
                Finalizer::Set | Finalizer::NotInHeap => 0,
                Finalizer::Already => 5,
                Finalizer::Inside => 6,
            }
        }
    };
    c.ret_int(0, wrong);
    Ret::Done
}
fn type_string(c: &mut Call<'_>) -> Ret {
    c.ret_static(0, c.type_at(0).map_or("nil", |t| t.string));
    Ret::Done
}
fn throw(c: &mut Call<'_>) -> Ret {
    Ret::Panic(Fault::fatal(c.str(0).into_owned()))
}
fn next_due(c: &mut Call<'_>) -> Ret {
    match gc::special::next_due(c.cx) {
        Some(d) => {
            c.ret(0, d.func);
            c.ret(1, d.arg);
            Ret::Done
        }
        None => Ret::ParkRetry(WaitReason::Finalizer),
    }
}
fn add_cleanup(c: &mut Call<'_>) -> Ret {
    let (obj, f) = (c.word(0), c.word(1));
    let id = c.cx.heap.add_cleanup(obj, f);
    c.ret(0, id);
    Ret::Done
}
fn stop_cleanup(c: &mut Call<'_>) -> Ret {
    let (obj, id) = (c.word(0), c.word(1));
    c.cx.heap.stop_cleanup(obj, id);
    Ret::Done
}

fn no_caller(c: &mut Call<'_>) -> Ret {
    c.ret_zero(0, 5);
    Ret::Done
}
fn no_callers(c: &mut Call<'_>) -> Ret {
    c.ret_int(0, 0);
    Ret::Done
}
fn no_pc_info(c: &mut Call<'_>) -> Ret {
    c.ret_zero(0, 6);
    Ret::Done
}
fn no_stack(c: &mut Call<'_>) -> Ret {
    let text = b"goroutine 1 [running]:\n";
    let buf = c.bytes_mut(0);
    let n = text.len().min(buf.len());
    buf[..n].copy_from_slice(&text[..n]);
    c.ret_int(0, n as i64);
    Ret::Done
}

fn mem_stats(c: &mut Call<'_>) -> Ret {
    let s = gc::mem_stats(c.cx);
    let fraction = (s.cpu_fraction * 1e9) as u64;
    let head = [
        s.heap_alloc,
        s.total_alloc,
        s.sys,
        s.mallocs,
        s.frees,
        s.next_gc,
        s.pause_total,
        s.num_gc,
        s.num_forced,
        s.heap_inuse,
        s.heap_idle,
        s.heap_released,
        s.stack_inuse,
        s.last_gc,
        fraction,
        0,
    ];
    let w = c.words_mut(0);
    for (to, v) in w.iter_mut().zip(head) {
        *to = v;
    }
    for (to, v) in w.iter_mut().skip(16).zip(s.pauses.into_iter().chain(s.pause_ends)) {
        *to = v;
    }
    Ret::Done
}
fn free_os_memory(c: &mut Call<'_>) -> Ret {
    gc::free_os_memory(c.cx);
    Ret::Done
}

fn setting(c: &mut Call<'_>, f: fn(&mut Cx, i64) -> i64) -> Ret {
    let v = c.int(0);
    let old = f(c.cx, v);
    c.ret_int(0, old);
    Ret::Done
}
fn set_gc_percent(c: &mut Call<'_>) -> Ret {
    setting(c, gc::set_gc_percent)
}
fn set_memory_limit(c: &mut Call<'_>) -> Ret {
    setting(c, gc::set_memory_limit)
}
fn set_max_stack(c: &mut Call<'_>) -> Ret {
    setting(c, |cx, n| std::mem::replace(&mut cx.ext::<Settings>().max_stack, n))
}

/// Natives of runtime and runtime/debug.
pub const TABLE: NativeTable = &[
    ("runtime.collect", collect),
    ("runtime.swept", swept),
    ("runtime.Gosched", gosched),
    ("runtime.Goexit", goexit),
    ("runtime.GOMAXPROCS", gomaxprocs),
    ("runtime.LockOSThread", lock_thread),
    ("runtime.UnlockOSThread", unlock_thread),
    ("runtime.NumCPU", num_cpu),
    ("runtime.numGoroutine", num_goroutine),
    ("runtime.setFinalizer", set_finalizer),
    ("runtime.typeString", type_string),
    ("runtime.throw", throw),
    ("runtime.nextDue", next_due),
    ("runtime.addCleanup", add_cleanup),
    ("runtime.stopCleanup", stop_cleanup),
    ("runtime.caller", no_caller),
    ("runtime.callers", no_callers),
    ("runtime.pcInfo", no_pc_info),
    ("runtime.stack", no_stack),
    ("runtime.memStats", mem_stats),
    ("runtime/debug.freeOSMemory", free_os_memory),
    ("runtime/debug.setGCPercent", set_gc_percent),
    ("runtime/debug.setMemoryLimit", set_memory_limit),
    ("runtime/debug.setMaxStack", set_max_stack),
];
