//! The loop of an M: find a goroutine, run it for a while, file it where it belongs.

use std::sync::atomic::Ordering;

use super::g::{GRef, State};
use super::host::Outcome;
use super::m::MRef;
use super::p::{PRef, RUNNING};
use super::shared::{Ended, Shared, lock};
use crate::cx::{Cx, POLL_GC, POLL_PREEMPT};
use crate::fiber::Switch;

/// Stack of the threads that run goroutines: natives recurse a little. Pages that are not touched cost nothing.
pub(super) const THREAD_STACK: usize = 16 << 20;

/// What `execute` answers.
enum Next {
    /// Look for the next goroutine.
    Schedule,
    /// Run this one, in the time slice of the one that gave way to it.
    Run(GRef),
    /// The goroutine this thread was locked to is over: the thread ends.
    EndThread,
    /// The process ends.
    Stop,
}

/// A thread's life.
pub(super) fn m_main(m: MRef) {
    let shared = m.shared.clone();
    let r = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| live(m)));
    if let Err(panic) = r {
        shared.finish(Ended::Panic(panic));
    }
    m.leave();
}

fn live(m: MRef) {
    if !m.take_next_p() {
        return;
    }
    let mut named = None;
    loop {
        let g = if let Some(g) = named.take() {
            (g, true)
        } else if m.lockedg.get().is_some() {
            match m.wait_for_locked() {
                Some(g) => (g, false),
                None => return,
            }
        } else {
            match super::find::find(m) {
                Some(found) => found,
                None => return,
            }
        };
        match execute(m, g.0, g.1) {
            Next::Schedule => {}
            Next::Run(g) => named = Some(g),
            Next::EndThread => {
                m.end_thread();
                return;
            }
            Next::Stop => return,
        }
    }
}

/// Runs a goroutine until it gives way. `inherit`: in the time slice of whoever readied it.
fn execute(m: MRef, g: GRef, inherit: bool) -> Next {
    if m.spinning.get() {
        m.reset_spinning();
    }
    if let Some(owner) = MRef::from_ptr(g.lockedm.load(Ordering::Acquire))
        && owner != m
    {
        return if m.start_locked(owner) { Next::Schedule } else { Next::Stop };
    }
    let mut inherit = inherit;
    loop {
        // SAFETY: this thread has a P here and no other reference to its Cx.
        let cx = unsafe { m.cx() };
        let p = cx.sched.p();
        if !inherit || cx.sched.fuel <= 0 {
            m.shared.new_slice(cx);
        }
        if !inherit {
            p.tick.store(p.tick.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        }
        cx.sched.begin(g);
        g.m.store(m.as_ptr(), Ordering::Relaxed);
        m.curg.store(g.as_ptr(), Ordering::Release);
        if cx.heap.barrier() {
            g.word.run_gated(|| crate::gc::gate(cx, g));
        } else {
            g.word.run();
        }
        // SAFETY: a Running goroutine's slot is its thread's.
        debug_assert!(unsafe { g.readyg.is_empty() }, "a goroutine was published with somebody in its slot");
        // SAFETY: a Running goroutine's frames are its thread's.
        let fiber = unsafe { g.fiber() }.expect("a runnable goroutine has its fiber");
        let switch = fiber.resume(cx);
        if m.lost.replace(false) {
            // The blocking call it made came back without a P: `cx` is somebody else's now.
            if !after_lost(m, g) {
                return Next::Schedule;
            }
            inherit = false;
            continue;
        }
        if !matches!(switch, Switch::Quit(_) | Switch::Fatal(_) | Switch::Died) {
            m.curg.store(std::ptr::null_mut(), Ordering::Release);
        }
        let (is_main, hosted) = (m.shared.is_main(g), m.shared.host.present.load(Ordering::Relaxed));
        match switch {
            Switch::Poll => {
                g.word.preempt();
                let bits = cx.poll.swap(0, Ordering::AcqRel);
                if !duties(m, cx, bits) {
                    return Next::Stop;
                }
                if bits & POLL_PREEMPT == 0 && p.state() == RUNNING {
                    inherit = true;
                    continue;
                }
                let shared = cx.sched.shared();
                if shared.procs() == 1 {
                    cx.sched.put_back(g);
                } else {
                    // For whoever comes first.
                    shared.put_global(&mut shared.lock(), g);
                    shared.wakep();
                }
            }
            Switch::Yield => {
                g.word.preempt();
                let bits = if cx.should_yield() { cx.poll.swap(0, Ordering::AcqRel) } else { 0 };
                if !duties(m, cx, bits) {
                    return Next::Stop;
                }
                // SAFETY: this thread has the goroutine until it puts it on the queue.
                if let Some(next) = unsafe { g.readyg.hand_over(|| cx.sched.put_back(g)) } {
                    debug_assert!(next != g && next.word.state() == State::Runnable, "to be run, but not runnable");
                    if m.lockedg.get().is_none() {
                        return Next::Run(next);
                    }
                    // This thread runs nobody else.
                    cx.sched.put_next(next);
                    cx.sched.shared().wakep();
                    return Next::Schedule;
                }
                if let Some(n) = cx.sched.wanted_procs.take() {
                    if !m.shared.resize(cx, n) {
                        return Next::Stop;
                    }
                    inherit = true;
                    continue;
                }
                cx.sched.put_back(g);
            }
            Switch::Park(why) => {
                g.set_wait(why);
                if !g.word.park() {
                    // Woken before it got round to parking.
                    inherit = true;
                    continue;
                }
            }
            Switch::Exit if is_main && !hosted => return quit(cx, 0),
            Switch::Quit(status) if !hosted => return quit(cx, status),
            Switch::Died if !hosted => return quit(cx, 2),
            Switch::Fatal(f) if !hosted => {
                let status = super::report::fatal(cx, &f);
                return quit(cx, status);
            }
            end => return over(m, cx, g, end),
        }
        return Next::Schedule;
    }
}

/// A goroutine is over, the process is not.
fn over(m: MRef, cx: &mut Cx, g: GRef, end: Switch) -> Next {
    let shared = &m.shared;
    let hosted = shared.host.present.load(Ordering::Relaxed);
    let is_main = shared.is_main(g);
    if let Switch::Fatal(f) = &end {
        super::report::fatal(cx, f);
    }
    m.curg.store(std::ptr::null_mut(), Ordering::Release);
    let locked = m.lockedg.take().is_some();
    if is_main {
        shared.main_left();
    }
    cx.sched.bury(g);
    if hosted {
        match end {
            Switch::Quit(status) => shared.host.tell(Outcome::Quit(status)),
            _ if !is_main => {}
            Switch::Exit => shared.host.tell(Outcome::Done),
            Switch::Goexit => shared.host.tell(Outcome::Goexit),
            _ => shared.host.tell(Outcome::Died),
        }
    }
    if locked { Next::EndThread } else { Next::Schedule }
}

/// What the poll word asked for, except preemption. False: the process ends.
pub(super) fn duties(m: MRef, cx: &mut Cx, bits: u32) -> bool {
    let shared = &*m.shared;
    if shared.is_stopping() && !shared.stop_here(cx.sched.p()) {
        return false;
    }
    super::world::serve(cx);
    if bits & POLL_GC != 0 {
        crate::gc::collect_if_due(cx);
        // Who starts a cycle begins to mark at once.
        crate::gc::work(cx);
    }
    true
}

/// After a blocking call that lost its P: true if there is another one at once.
fn after_lost(m: MRef, g: GRef) -> bool {
    m.curg.store(std::ptr::null_mut(), Ordering::Release);
    g.word.preempt();
    let shared = &m.shared;
    let mut l = shared.lock();
    let locked = !g.lockedm.load(Ordering::Relaxed).is_null();
    if !locked && let Some(p) = shared.take_idle_p(&mut l) {
        drop(l);
        m.acquire(p);
        return true;
    }
    shared.put_global(&mut l, g);
    drop(l);
    if locked {
        shared.wake_any();
    }
    false
}

/// The process ends with this status.
fn quit(cx: &mut Cx, status: i32) -> Next {
    let shared = cx.sched.shared().arc();
    if shared.ending.load(Ordering::Acquire) {
        return Next::Stop;
    }
    cx.run_exit_hooks();
    shared.finish(Ended::Status(status));
    Next::Stop
}

impl Shared {
    pub(super) fn is_main(&self, g: GRef) -> bool {
        self.main.load(Ordering::Relaxed) == g.as_ptr()
    }

    fn main_left(&self) {
        self.main.store(std::ptr::null_mut(), Ordering::Relaxed);
        self.main_gone.store(!self.host.present.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// The first caller decides how the process ended; everybody else stops for good.
    pub(super) fn finish(&self, how: Ended) {
        if self.ending.swap(true, Ordering::AcqRel) {
            return;
        }
        self.world.stop.for_good();
        for p in &self.allp.snapshot().ps {
            p.ask(crate::cx::POLL_STOP);
        }
        for m in lock_ms(self) {
            m.note.wake();
        }
        self.ring_watcher();
        self.sysmon_note.wake();
        *lock(&self.ended.0) = Some(how);
        self.ended.1.notify_all();
    }
}

fn lock_ms(s: &Shared) -> Vec<MRef> {
    s.lock().ms.all.clone()
}

impl MRef {
    /// Makes this thread the holder of `p`.
    pub(super) fn acquire(self, p: PRef) {
        self.p.store(p.as_ptr(), Ordering::Release);
        p.tenure.begin(self.as_ptr());
        // SAFETY: the P is this thread's now.
        unsafe { self.cx() }.sched.set_m(self);
    }

    /// Gives the P up, under the scheduler's lock or to a certain other M.
    pub(super) fn release_p(self) -> PRef {
        let p = self.p().expect("an M with a P");
        self.p.store(std::ptr::null_mut(), Ordering::Release);
        p.tenure.end();
        p
    }

    /// Takes the P it was woken with; false if there is none: the process ends.
    pub(super) fn take_next_p(self) -> bool {
        match PRef::from_ptr(self.nextp.swap(std::ptr::null_mut(), Ordering::AcqRel)) {
            Some(p) => {
                self.acquire(p);
                true
            }
            None => false,
        }
    }

    /// Found work while looking for it: lets another one look.
    fn reset_spinning(self) {
        self.spinning.set(false);
        if self.shared.spin.found() {
            self.shared.wake_slow();
        }
    }

    /// Gives up looking.
    pub(super) fn stop_spinning(self) {
        if self.spinning.replace(false) {
            self.shared.spin.stop();
        }
    }

    pub(super) fn become_spinning(self) {
        self.spinning.set(true);
        self.shared.spin.join();
    }

    /// Sleeps without a P until it is given one. False: the process ends.
    pub(super) fn stop(self) -> bool {
        let shared = &self.shared;
        let mut l = shared.lock();
        l.idle_ms.push(self);
        shared.check_dead(l);
        if shared.ending.load(Ordering::Acquire) {
            return false;
        }
        self.note.sleep();
        self.note.clear();
        self.take_next_p()
    }

    /// A locked thread waits until somebody brings its goroutine's turn. Answers the goroutine; None: the process ends.
    fn wait_for_locked(self) -> Option<GRef> {
        let shared = &self.shared;
        if self.p().is_some() {
            shared.give_up(self);
        }
        let mut l = shared.lock();
        l.locked_idle += 1;
        shared.check_dead(l);
        if shared.ending.load(Ordering::Acquire) {
            return None;
        }
        self.note.sleep();
        self.note.clear();
        if !self.take_next_p() {
            return None;
        }
        self.lockedg.get()
    }

    /// The goroutine just dequeued belongs to `owner`'s thread: gives the P to it and sleeps. False: the process ends.
    fn start_locked(self, owner: MRef) -> bool {
        self.shared.lock().locked_idle -= 1;
        let p = self.release_p();
        owner.nextp.store(p.as_ptr(), Ordering::Release);
        owner.note.wake();
        self.stop()
    }

    /// The goroutine this thread was locked to is over.
    fn end_thread(self) {
        let shared = &self.shared;
        shared.lock().ms.leave(self);
        shared.give_up(self);
        let mut l = shared.lock();
        l.freed_ms += 1;
        shared.check_dead(l);
    }

    /// The very last access of a thread to its block.
    fn leave(self) {
        self.shared.window();
        self.free_wait.last_access();
    }
}
