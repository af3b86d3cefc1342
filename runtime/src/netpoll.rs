//! Descriptors that goroutines wait for without keeping a thread: epoll, kqueue or the like, by way of mio.
//!
//! A descriptor is watched from its opening to its closing ([`watch`]); events are edges, kept in a word per direction
//! ([`crate::sched::readiness`]). A native tries its operation, which never blocks, and if told to wait calls [`wait`]: the goroutine
//! parks, and the native is called again. Who polls: the idle thread that watches the clock sleeps in the poller instead; a thread
//! that finds nothing to run looks before it steals; the watcher of time slices looks if nobody has for 10 ms. So a thousand idle
//! connections need no thread of their own. Deadlines are timers that take the goroutine out of the word.

use std::io;
use std::os::fd::RawFd;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Registry, Token, Waker};

use crate::cx::Cx;
use crate::sched::g::GRef;
pub use crate::sched::readiness::Arm;
use crate::sched::readiness::Readiness;
use crate::sched::shared::Shared;
use crate::sched::slots::{Name, Slots};
use crate::sched::status::Ready;
use crate::timer::{self, Action, TimerRef};

/// In `G::scratch` while a goroutine waits for a descriptor; `scratch2` is then its deadline's timer.
const WAITS: u64 = 0x6e65_7400;
/// Names the bell of the poller among its events; no entry has that name.
const BELL: Token = Token(0);

#[derive(Default)]
struct Sides {
    read: Readiness<GRef>,
    write: Readiness<GRef>,
}

impl Sides {
    fn side(&self, write: bool) -> &Readiness<GRef> {
        if write { &self.write } else { &self.read }
    }
}

struct Poller {
    registry: Registry,
    bell: Waker,
    poll: Mutex<(Poll, Events)>,
    watched: Mutex<Slots<Arc<Sides>>>,
}

/// The poller of a process, from the first descriptor on.
#[derive(Default)]
pub(crate) struct Net {
    poller: OnceLock<Poller>,
    /// Goroutines that wait for a descriptor.
    waiters: AtomicUsize,
    /// When somebody polled last.
    last: AtomicI64,
}

fn lock<T>(m: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    m.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Net {
    /// Goroutines that wait for a descriptor.
    #[inline]
    pub fn waiters(&self) -> usize {
        self.waiters.load(Ordering::SeqCst)
    }

    /// Whether there is something to sleep in.
    pub fn is_open(&self) -> bool {
        self.poller.get().is_some()
    }

    /// When somebody polled last.
    pub fn last(&self) -> i64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Ends a sleep in the poller, or lets the next one return at once.
    pub fn ring(&self) {
        if let Some(p) = self.poller.get() {
            // The counter behind it cannot overflow; a failure means that it rings already.
            let _ = p.bell.wake();
        }
    }

    /// Whoever took a goroutine out of its word makes it runnable: true if it must be queued.
    fn woke(&self, g: GRef) -> bool {
        self.waiters.fetch_sub(1, Ordering::SeqCst);
        g.word.ready() == Ready::Queue
    }

    /// The goroutines whose descriptors became ready, made runnable but on no queue yet. `limit`: how long to sleep for want of any
    /// (None: until there are some). While another thread sleeps here the answer is none, at once.
    pub fn poll(&self, shared: &Shared, limit: Option<Duration>) -> Vec<GRef> {
        let mut woken = Vec::new();
        let Some(p) = self.poller.get() else { return woken };
        let Ok(mut inner) = p.poll.try_lock() else { return woken };
        let (poll, events) = &mut *inner;
        // An interrupted sleep is a short one.
        let _ = poll.poll(events, limit);
        self.last.store(shared.nanotime(), Ordering::Relaxed);
        let mut take = |side: &Readiness<GRef>| woken.extend(side.event().filter(|g| self.woke(*g)));
        for e in events.iter().filter(|e| e.token() != BELL) {
            let Some(sides) = lock(&p.watched).get(Name(e.token().0 as u64)).cloned() else { continue };
            if e.is_readable() || e.is_read_closed() || e.is_error() {
                take(&sides.read);
            }
            if e.is_writable() || e.is_write_closed() || e.is_error() {
                take(&sides.write);
            }
        }
        woken
    }

    /// Forgets a waiting goroutine. No goroutine runs.
    pub fn cancel(&self, g: GRef) {
        let Some(p) = self.poller.get() else { return };
        if lock(&p.watched).iter().any(|s| s.read.forget(g) || s.write.forget(g)) {
            self.waiters.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn open(&self, shared: &Shared) -> io::Result<&Poller> {
        if let Some(p) = self.poller.get() {
            return Ok(p);
        }
        let poll = Poll::new()?;
        let p = Poller {
            registry: poll.registry().try_clone()?,
            bell: Waker::new(poll.registry(), BELL)?,
            poll: Mutex::new((poll, Events::with_capacity(256))),
            watched: Mutex::default(),
        };
        if self.poller.set(p).is_ok() {
            // Who sleeps elsewhere must sleep here.
            shared.ring_watcher();
        }
        self.poller.get().ok_or_else(|| io::ErrorKind::Other.into())
    }
}

/// A descriptor that is polled until this is dropped, which must be before it is closed.
pub struct Watched {
    sides: Arc<Sides>,
    name: Name,
    fd: RawFd,
    shared: Arc<Shared>,
}

/// Begins to watch a descriptor, which must be non-blocking. An error means that it cannot be polled.
pub fn watch(cx: &Cx, fd: RawFd) -> io::Result<Watched> {
    let shared = cx.sched.shared().clone();
    let poller = shared.net.open(&shared)?;
    let sides = Arc::<Sides>::default();
    let name = lock(&poller.watched).add(sides.clone());
    let interest = Interest::READABLE | Interest::WRITABLE;
    if let Err(e) = poller.registry.register(&mut SourceFd(&fd), Token(name.0 as usize), interest) {
        lock(&poller.watched).remove(name);
        return Err(e);
    }
    Ok(Watched { sides, name, fd, shared })
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(p) = self.shared.net.poller.get() {
            let _ = p.registry.deregister(&mut SourceFd(&self.fd));
            lock(&p.watched).remove(self.name);
        }
    }
}

impl Watched {
    /// Has those who wait look again: their deadline changed, or the descriptor is about to be closed.
    pub fn wake(&self, cx: &mut Cx) {
        for write in [false, true] {
            if let Some(g) = self.sides.side(write).event()
                && self.shared.net.woke(g)
            {
                cx.sched.put_back(g);
            }
        }
    }
}

/// A native that may have waited is called again: true if it has, and should try once more.
pub fn resumed(cx: &mut Cx) -> bool {
    let g = cx.sched.cur();
    if g.scratch.get() != WAITS {
        return false;
    }
    g.scratch.set(0);
    let timer = g.scratch2.replace(0);
    if timer != 0 {
        timer::stop(cx, TimerRef(timer));
    }
    true
}

/// Has the running goroutine wait until a direction of a descriptor is ready, for so many nanoseconds (negative: for ever). If it is to
/// park, that is by `Ret::ParkRetry`, and the native begins with [`resumed`].
pub fn wait(cx: &mut Cx, w: &Watched, write: bool, nanos: i64) -> Arm {
    let g = cx.sched.cur();
    let net = &w.shared.net;
    g.scratch.set(WAITS);
    g.scratch2.set(0);
    // Before anybody can find it.
    net.waiters.fetch_add(1, Ordering::SeqCst);
    let arm = w.sides.side(write).arm(g);
    if arm != Arm::Park {
        net.waiters.fetch_sub(1, Ordering::SeqCst);
        g.scratch.set(0);
    } else if nanos >= 0 {
        let when = cx.sched.nanotime().saturating_add(nanos);
        let over = if write { write_over } else { read_over };
        // It may already be woken: then the timer finds nobody, or whoever waits next looks at the clock itself.
        g.scratch2.set(timer::start(cx, when, 0, Action::Call(over, w.name.0)).0);
    }
    arm
}

fn read_over(cx: &mut Cx, name: u64) {
    over(cx, name, false);
}

fn write_over(cx: &mut Cx, name: u64) {
    over(cx, name, true);
}

/// A deadline has passed.
fn over(cx: &mut Cx, name: u64, write: bool) {
    let shared = cx.sched.shared().clone();
    let Some(p) = shared.net.poller.get() else { return };
    let sides = lock(&p.watched).get(Name(name)).cloned();
    if let Some(g) = sides.and_then(|s| s.side(write).expire())
        && shared.net.woke(g)
    {
        cx.sched.put_back(g);
    }
}
