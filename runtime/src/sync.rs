//! Atomics, cells, locks and threads of the scheduler's and the collector's building blocks: those of std, or those of the
//! model checker when the crate is built with `--cfg loom`.
//!
//! The building blocks ([`crate::sched::ring`] and its neighbours) take everything shared from here, so that the models beside
//! them explore the code that runs in production. Under `--cfg loom` the crate consists of those blocks only (see `lib.rs`).
//!
//! Store-then-load points (publish, then look whether somebody sleeps) use `fence(SeqCst)` or a read-modify-write, never a
//! `SeqCst` load or store: the checker gives those no total order, and the fence says what is meant.

#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};
#[cfg(not(loom))]
pub use std::thread;

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};
#[cfg(loom)]
pub use loom::thread;

#[cfg(not(loom))]
mod imp {
    use std::sync::PoisonError;
    use std::time::Duration;

    /// `std::cell::UnsafeCell` behind the checker's interface: access is a closure over the raw pointer.
    #[repr(transparent)]
    pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        /// A cell holding `value`.
        #[inline]
        pub const fn new(value: T) -> Self {
            UnsafeCell(std::cell::UnsafeCell::new(value))
        }

        /// Read access; the caller guarantees that nobody writes meanwhile.
        #[inline]
        pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
            f(self.0.get())
        }

        /// Write access; the caller guarantees that nobody else looks meanwhile.
        #[inline]
        pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            f(self.0.get())
        }
    }

    /// A lock without poisoning: a panic in the runtime is fatal anyway.
    #[derive(Default)]
    pub struct Mutex<T>(std::sync::Mutex<T>);

    /// Access to what a [`Mutex`] guards.
    pub type MutexGuard<'a, T> = std::sync::MutexGuard<'a, T>;

    impl<T> Mutex<T> {
        /// An open lock.
        pub const fn new(value: T) -> Self {
            Mutex(std::sync::Mutex::new(value))
        }

        /// Waits for the lock.
        #[inline]
        pub fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// The lock if it is open.
        #[inline]
        pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            match self.0.try_lock() {
                Ok(g) => Some(g),
                Err(std::sync::TryLockError::Poisoned(e)) => Some(e.into_inner()),
                Err(std::sync::TryLockError::WouldBlock) => None,
            }
        }
    }

    /// A condition variable for [`Mutex`].
    #[derive(Default)]
    pub struct Condvar(std::sync::Condvar);

    impl Condvar {
        /// Nobody waits.
        pub const fn new() -> Self {
            Condvar(std::sync::Condvar::new())
        }

        /// Waits for a notification (or nothing at all).
        pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
            self.0.wait(guard).unwrap_or_else(PoisonError::into_inner)
        }

        /// Waits for a notification, `limit` at most.
        pub fn wait_timeout<'a, T>(&self, guard: MutexGuard<'a, T>, limit: Duration) -> MutexGuard<'a, T> {
            self.0.wait_timeout(guard, limit).unwrap_or_else(PoisonError::into_inner).0
        }

        /// Wakes one waiter.
        pub fn notify_one(&self) {
            self.0.notify_one();
        }

        /// Wakes all waiters.
        pub fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}

#[cfg(loom)]
mod imp {
    use std::time::Duration;

    pub use loom::cell::UnsafeCell;

    /// The checker's lock.
    pub struct Mutex<T>(loom::sync::Mutex<T>);

    /// Access to what a [`Mutex`] guards.
    pub type MutexGuard<'a, T> = loom::sync::MutexGuard<'a, T>;

    impl<T> Mutex<T> {
        /// An open lock.
        pub fn new(value: T) -> Self {
            Mutex(loom::sync::Mutex::new(value))
        }

        /// Waits for the lock.
        pub fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(|e| e.into_inner())
        }

        /// The lock if it is open.
        pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }
    }

    impl<T: Default> Default for Mutex<T> {
        fn default() -> Self {
            Mutex::new(T::default())
        }
    }

    /// The checker's condition variable.
    #[derive(Default)]
    pub struct Condvar(loom::sync::Condvar);

    impl Condvar {
        /// Nobody waits.
        pub fn new() -> Self {
            Condvar(loom::sync::Condvar::new())
        }

        /// Waits for a notification.
        pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
            self.0.wait(guard).unwrap_or_else(|e| e.into_inner())
        }

        /// Time does not exist in a model: the wait is over as soon as others had a chance to run.
        pub fn wait_timeout<'a, T>(&self, guard: MutexGuard<'a, T>, _limit: Duration) -> MutexGuard<'a, T> {
            loom::thread::yield_now();
            guard
        }

        /// Wakes one waiter.
        pub fn notify_one(&self) {
            self.0.notify_one();
        }

        /// Wakes all waiters.
        pub fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}

pub use imp::{Condvar, Mutex, MutexGuard, UnsafeCell};

/// A look at an atomic that only the looking thread ever writes.
///
/// For the checker this is not an access at all. It must not be one: loom remembers only the last access to an object, so a
/// plain load before the owner's own store would hide the looks of others from its search for races.
pub trait OwnLoad<T> {
    /// The value; the caller is the only writer.
    fn own_load(&self) -> T;
}

macro_rules! own_load {
    ($($atomic:ty: $t:ty),*) => {$(
        impl OwnLoad<$t> for $atomic {
            #[inline]
            fn own_load(&self) -> $t {
                #[cfg(not(loom))]
                return self.load(Ordering::Relaxed);
                // SAFETY: the caller is the only writer, and the checker verifies that.
                #[cfg(loom)]
                return unsafe { self.unsync_load() };
            }
        }
    )*};
}
own_load!(AtomicU32: u32, AtomicU64: u64, AtomicUsize: usize);

/// Waiting for another thread that is about to finish a few instructions: spins briefly, then gives up the processor.
#[derive(Default)]
pub struct Backoff {
    turns: u32,
}

impl Backoff {
    /// Spins about 5 µs in all before it begins to yield.
    const SPINS: u32 = 7;

    /// Starts over.
    pub fn new() -> Backoff {
        Backoff::default()
    }

    /// One wait, longer each time.
    #[inline]
    pub fn wait(&mut self) {
        if cfg!(loom) || self.turns >= Self::SPINS {
            thread::yield_now();
            return;
        }
        for _ in 0..1u32 << self.turns {
            std::hint::spin_loop();
        }
        self.turns += 1;
    }
}

/// Running a model.
#[cfg(all(test, loom))]
pub mod model {
    /// Explores `f` under all schedules with at most `preemptions` involuntary switches (LOOM_MAX_PREEMPTIONS overrides).
    pub fn check(preemptions: usize, f: impl Fn() + Sync + Send + 'static) {
        let mut b = loom::model::Builder::new();
        b.preemption_bound = b.preemption_bound.or(Some(preemptions));
        b.check(f);
    }
}
