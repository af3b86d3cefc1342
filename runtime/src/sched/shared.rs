//! What all threads of one process share: the lock, the global queue, the lists of idle Ms and Ps, the counts that decide who is
//! woken.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::alarm::Alarm;
use super::allgs::Directory;
use super::allp::Procs;
use super::debug::Settings;
use super::g::{G, GQueue, GRef};
use super::idle::Spinners;
use super::m::{M, MRef};
use super::mexit::Ms;
use super::note::Note;
use super::p::{DEAD, IDLE, P, PRef, RUNNING};
use super::world::WorldState;
use crate::cx::PollWord;
use crate::fiber::FiberFactory;
use crate::netpoll::Net;
use crate::select::Sudog;
use crate::sema::SemaTable;
use crate::timer::AllTimers;

/// Takes a lock whatever happened to earlier holders: a panic in the runtime ends the process anyway.
pub(crate) fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Behind the scheduler's lock.
pub(crate) struct Global {
    pub runq: GQueue,
    /// Sleeping Ms.
    pub idle_ms: Vec<MRef>,
    /// Ms that wait for their locked goroutine to become runnable.
    pub locked_idle: i64,
    pub next_m: u64,
    pub freed_ms: u64,
    pub idle_ps: Vec<PRef>,
    /// Dead goroutines' blocks.
    pub gfree: Vec<GRef>,
    pub ms: Ms<MRef>,
    /// P blocks ever made.
    pub all_ps: Vec<PRef>,
    pub sysmon_waits: bool,
}

/// A deadline that is none.
pub(super) const FAR: i64 = i64::MAX - 1;

/// How a process ended.
pub(crate) enum Ended {
    Status(i32),
    Panic(Box<dyn std::any::Any + Send>),
}

/// See the module.
pub struct Shared {
    global: Mutex<Global>,
    pub(super) me: std::sync::Weak<Shared>,
    pub(crate) factory: FiberFactory,
    pub(super) settings: Settings,
    /// For `fuzz`.
    pub(super) dice: AtomicU64,
    /// Who looks for work, and how many Ps are idle.
    pub(super) spin: Spinners,
    /// Length of the global queue.
    pub(super) queued: AtomicUsize,
    pub(super) world: WorldState,
    pub(super) allp: Procs<PRef>,
    pub(super) procs: AtomicUsize,
    pub(super) allgs: Directory<G>,
    pub(super) next_id: AtomicU64,
    pub(super) live: AtomicI64,
    /// The main goroutine, until it is over.
    pub(super) main: AtomicPtr<G>,
    pub(super) main_gone: AtomicBool,
    pub(super) start: Instant,
    /// Nanoseconds of the virtual clock, when there is one.
    pub(super) virtual_now: AtomicI64,
    /// Sources outside that may wake goroutines at any time: while there are any, nothing is a deadlock.
    pub(super) external: AtomicUsize,
    pub(super) sysmon_note: Note,
    pub(super) sysmon_waits: AtomicBool,
    /// An M sleeps until the next timer (or nobody does).
    pub(super) alarm: Alarm,
    pub(crate) timers: AllTimers,
    pub(crate) net: Net,
    pub(crate) semas: SemaTable,
    pub(super) sudogs: Mutex<Vec<*mut Sudog>>,
    pub(super) host: super::host::Host,
    pub(super) ending: AtomicBool,
    pub(super) ended: (Mutex<Option<Ended>>, Condvar),
}

// SAFETY: the raw pointers in it are sudogs that belong to nobody.
unsafe impl Send for Shared {}
// SAFETY: as above; everything else is behind locks or atomic.
unsafe impl Sync for Shared {}

impl Shared {
    pub(crate) fn new(factory: FiberFactory, poll: PollWord) -> Arc<Shared> {
        let p0 = P::make(0, poll);
        Arc::new_cyclic(|me| Shared {
            global: Mutex::new(Global {
                runq: GQueue::new(),
                idle_ms: Vec::new(),
                locked_idle: 0,
                next_m: 0,
                freed_ms: 0,
                idle_ps: Vec::new(),
                gfree: Vec::new(),
                ms: Ms::default(),
                all_ps: vec![p0],
                sysmon_waits: false,
            }),
            me: me.clone(),
            factory,
            settings: Settings::from_env(),
            dice: AtomicU64::new(Settings::from_env().fuzz.unwrap_or(0)),
            spin: Spinners::new(),
            queued: AtomicUsize::new(0),
            world: WorldState::default(),
            allp: Procs::new(vec![p0]),
            procs: AtomicUsize::new(1),
            allgs: Directory::new(),
            next_id: AtomicU64::new(1),
            live: AtomicI64::new(0),
            main: AtomicPtr::new(std::ptr::null_mut()),
            main_gone: AtomicBool::new(false),
            start: Instant::now(),
            virtual_now: AtomicI64::new(1),
            external: AtomicUsize::new(0),
            sysmon_note: Note::new(),
            sysmon_waits: AtomicBool::new(false),
            alarm: Alarm::new(),
            timers: AllTimers::default(),
            net: Net::default(),
            semas: SemaTable::default(),
            sudogs: Mutex::new(Vec::new()),
            host: super::host::Host::default(),
            ending: AtomicBool::new(false),
            ended: (Mutex::new(None), Condvar::new()),
        })
    }

    /// The scheduler's lock.
    #[inline]
    pub(super) fn lock(&self) -> MutexGuard<'_, Global> {
        lock(&self.global)
    }

    pub(super) fn arc(&self) -> Arc<Shared> {
        self.me.upgrade().expect("somebody holds the scheduler whose method runs")
    }

    /// Nanoseconds since the process began: the monotonic clock of timers.
    #[inline]
    pub fn nanotime(&self) -> i64 {
        if self.settings.det.is_some() {
            return self.virtual_now.load(Ordering::Relaxed);
        }
        self.start.elapsed().as_nanos() as i64 + 1
    }

    /// GOMAXPROCS.
    pub fn procs(&self) -> usize {
        self.procs.load(Ordering::Relaxed)
    }

    /// Announces a source of wake-ups from outside (a signal handler): nothing is a deadlock while there is one.
    pub fn expect(&self) {
        self.external.fetch_add(1, Ordering::SeqCst);
    }

    /// Ends an `expect`.
    pub fn unexpect(&self) {
        self.external.fetch_sub(1, Ordering::SeqCst);
    }

    /// From any thread: makes a waiting goroutine runnable.
    pub fn ready_from_outside(&self, g: GRef) {
        if g.word.ready() == super::status::Ready::Queue {
            self.inject(g);
        }
    }

    /// Puts a runnable goroutine on the global queue and sees that somebody runs it.
    pub(super) fn inject(&self, g: GRef) {
        {
            let mut l = self.lock();
            l.runq.push_back(g);
            self.queued.store(l.runq.len(), Ordering::Relaxed);
        }
        self.wake_any();
    }

    pub(super) fn put_global(&self, l: &mut Global, g: GRef) {
        l.runq.push_back(g);
        self.queued.store(l.runq.len(), Ordering::Relaxed);
    }

    pub(super) fn get_global(&self, l: &mut Global) -> Option<GRef> {
        let g = l.runq.pop()?;
        self.queued.store(l.runq.len(), Ordering::Relaxed);
        Some(g)
    }

    /// Work was published: wakes another M for it, unless one is looking already. At most one spinner is woken at a time; one
    /// that finds work wakes the next.
    #[inline]
    pub(crate) fn wakep(&self) {
        // Together with the fence of a spinner that retires: one of the two sees the other's store.
        if self.procs.load(Ordering::Relaxed) > 1 {
            self.wake_any();
        }
    }

    /// As `wakep`, for callers that may have no P.
    #[inline]
    pub(super) fn wake_any(&self) {
        if self.spin.wanted() {
            self.wake_slow();
        }
    }

    /// Starts an M that is counted as a spinner already.
    #[cold]
    pub(super) fn wake_slow(&self) {
        let mut l = self.lock();
        match self.take_idle_p(&mut l) {
            Some(p) => self.start_m(l, p, true),
            None => {
                // Under the lock: if the world is just being started, whoever starts it takes the lock after its end and then wakes
                // somebody, unless there is a spinner; one that is about to be taken back must not count.
                self.spin.undo();
            }
        }
    }

    /// Takes a P from the idle list; none while the world is stopped.
    pub(super) fn take_idle_p(&self, l: &mut Global) -> Option<PRef> {
        if self.is_stopping() {
            return None;
        }
        let p = l.idle_ps.pop()?;
        self.spin.set_idle(l.idle_ps.len());
        p.tenure.set_state(RUNNING);
        if l.sysmon_waits {
            l.sysmon_waits = false;
            self.sysmon_waits.store(false, Ordering::Relaxed);
            self.sysmon_note.wake();
        }
        Some(p)
    }

    /// A certain P, if it is idle.
    pub(super) fn take_this_p(&self, l: &mut Global, p: PRef) -> bool {
        let Some(at) = l.idle_ps.iter().position(|q| *q == p) else { return false };
        let last = l.idle_ps.len() - 1;
        l.idle_ps.swap(at, last);
        self.take_idle_p(l).is_some()
    }

    /// Puts a P that nobody holds on the idle list.
    pub(super) fn put_idle_p(&self, l: &mut Global, p: PRef) {
        p.tenure.set_state(IDLE);
        l.idle_ps.push(p);
        self.spin.set_idle(l.idle_ps.len());
        if self.is_stopping() {
            self.world.count_stopped(p);
        }
    }

    /// Gives a P to a sleeping M, or to a new one.
    pub(super) fn start_m(&self, mut l: MutexGuard<'_, Global>, p: PRef, spinning: bool) {
        if let Some(m) = l.idle_ms.pop() {
            drop(l);
            m.spinning.set(spinning);
            m.nextp.store(p.as_ptr(), Ordering::Release);
            m.note.wake();
            return;
        }
        self.new_m(l, Some(p), spinning);
    }

    pub(super) fn new_m(&self, mut l: MutexGuard<'_, Global>, p: Option<PRef>, spinning: bool) {
        let id = l.next_m;
        l.next_m += 1;
        let m = match l.ms.reuse() {
            Some(m) => {
                m.renew(id);
                m
            }
            None => {
                let m = M::make(&self.arc(), id);
                l.ms.add(m);
                m
            }
        };
        let count = l.next_m - l.freed_ms;
        drop(l);
        if count > 10_000 {
            crate::fault::die("thread exhaustion");
        }
        m.spinning.set(spinning);
        m.nextp.store(p.map_or(std::ptr::null_mut(), PRef::as_ptr), Ordering::Release);
        let built = std::thread::Builder::new().name("gol-m".into()).stack_size(super::run::THREAD_STACK);
        if built.spawn(move || super::run::m_main(m)).is_err() {
            crate::fault::die("runtime: failed to create new OS thread");
        }
    }

    /// An M has no use for its P any more.
    pub(super) fn give_up(&self, m: MRef) {
        let p = m.p().expect("an M with a P");
        let last = |l| {
            m.p.store(std::ptr::null_mut(), Ordering::Release);
            self.window();
            self.hand_off(l, p);
        };
        p.tenure.give_up(|| self.lock(), last);
    }

    /// Finds a use for a P whose holder has given it up under the lock: an M wherever the search for work would find some.
    pub(super) fn hand_off(&self, mut l: MutexGuard<'_, Global>, p: PRef) {
        if p.state() == DEAD {
            return self.drop_dead(l, p);
        }
        let busy = |l: &Global| !p.runq.is_empty() || l.runq.len() > 0;
        if self.is_stopping() {
            return self.put_idle_p(&mut l, p);
        }
        if busy(&l) {
            return self.start_m(l, p, false);
        }
        if self.spin.idle() == 0 && self.spin.first() {
            let _ = self.spin.take_need();
            return self.start_m(l, p, true);
        }
        self.put_idle_p(&mut l, p);
        drop(l);
        self.wake_poller_before(self.next_event());
    }

    /// A timer was set: whoever sleeps until a later one must get up.
    pub(crate) fn wake_poller_before(&self, when: i64) {
        if when != i64::MAX && self.alarm.set(when, || self.net.ring()) {
            self.wake_any();
        }
    }

    /// What an idle thread has to watch for: the next timer, or descriptors (as if one were due in a very long time).
    pub(super) fn next_event(&self) -> i64 {
        match self.timers.next() {
            i64::MAX if self.net.waiters() > 0 => FAR,
            when => when,
        }
    }

    /// Ends the sleep of the thread that watches the clock.
    pub(crate) fn ring_watcher(&self) {
        self.alarm.ring();
        self.net.ring();
    }

    /// Makes goroutines run that are on no queue yet.
    pub(super) fn inject_all(&self, gs: &[GRef]) {
        for g in gs {
            self.inject(*g);
        }
    }

    /// A sudog nobody uses.
    pub(crate) fn more_sudogs(&self, cache: &mut Vec<*mut Sudog>) {
        let mut l = lock(&self.sudogs);
        if l.is_empty() {
            drop(l);
            let chunk: Box<[Sudog]> = (0..32).map(|_| Sudog::blank()).collect();
            // Type-stable: sudogs are recycled, never freed.
            cache.extend(Box::leak(chunk).iter_mut().map(|s| s as *mut Sudog));
            return;
        }
        let keep = l.len().saturating_sub(64);
        cache.extend(l.drain(keep..));
    }

    pub(crate) fn fewer_sudogs(&self, cache: &mut Vec<*mut Sudog>, keep: usize) {
        lock(&self.sudogs).extend(cache.drain(keep..));
    }

    /// Goroutine blocks so far; those below this number may be looked at.
    pub(crate) fn count_gs(&self) -> usize {
        self.allgs.len()
    }

    /// Block `i`.
    pub(crate) fn g_at(&self, i: usize) -> GRef {
        GRef::of(self.allgs.get(i).expect("below the number of blocks"))
    }

    /// Bytes of all stacks. The world is stopped.
    pub(crate) fn stack_bytes(&self) -> u64 {
        // SAFETY: no goroutine runs.
        self.all_gs().filter_map(|g| unsafe { g.fiber() }.map(|f| f.stack_bytes() as u64)).sum()
    }

    /// Every goroutine block there is.
    pub fn all_gs(&self) -> impl Iterator<Item = GRef> + '_ {
        self.allgs.iter().map(GRef::of)
    }
}
