//! The table of all Ps, with the masks that say which are idle and which have timers.
//!
//! A table never changes its shape. `GOMAXPROCS(n)` builds another one, with the world stopped, and every M that takes a P
//! afterwards sees the new one. An M that looks for work without a P uses the [`AllP`] it holds a share of (its
//! *snapshot*), taken while it still had a P: table and masks live as long as somebody may read them.
//!
//! A snapshot may be outdated: [`Procs::changed_since`] tells, and then the search counts as having found work.

use crate::sync::{AtomicU64, Mutex, Ordering, fence};

#[cfg(feature = "mut_allp")]
use mutant::Share;
#[cfg(not(feature = "mut_allp"))]
use std::sync::Arc as Share;

/// One bit per P.
pub struct Mask(Box<[AtomicU64]>);

impl Mask {
    /// All clear, for `n` Ps.
    pub fn new(n: usize) -> Mask {
        Mask((0..n.div_ceil(64)).map(|_| AtomicU64::new(0)).collect())
    }

    /// Whether bit `i` is set.
    #[inline]
    pub fn get(&self, i: usize) -> bool {
        self.0[i / 64].load(Ordering::Acquire) >> (i % 64) & 1 != 0
    }

    /// Sets bit `i`.
    #[inline]
    pub fn set(&self, i: usize) {
        self.0[i / 64].fetch_or(1 << (i % 64), Ordering::AcqRel);
    }

    /// Clears bit `i`.
    #[inline]
    pub fn clear(&self, i: usize) {
        self.0[i / 64].fetch_and(!(1 << (i % 64)), Ordering::AcqRel);
    }

    fn copy(&self, from: &Mask) {
        for (to, from) in self.0.iter().zip(&from.0) {
            to.store(from.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }
}

/// A table of Ps. `P` is a handle: cheap to clone, naming a block that is never freed.
pub struct AllP<P> {
    /// Number of the table: grows with every change.
    pub generation: u64,
    /// The Ps.
    pub ps: Box<[P]>,
    /// Ps on the idle list.
    pub idle: Mask,
    /// Ps that may have timers.
    pub timer: Mask,
}

/// The current table.
pub struct Procs<P> {
    current: Mutex<Share<AllP<P>>>,
    generation: AtomicU64,
}

/// A share in a table: what an M keeps while it has no P.
pub type Snapshot<P> = Share<AllP<P>>;

impl<P: Clone> Procs<P> {
    /// A table of `ps`, none idle.
    pub fn new(ps: Vec<P>) -> Procs<P> {
        let table = AllP { generation: 1, idle: Mask::new(ps.len()), timer: Mask::new(ps.len()), ps: ps.into() };
        Procs { current: Mutex::new(Share::new(table)), generation: AtomicU64::new(1) }
    }

    /// The current table. Called with a P held; with one held, the table stays current until the P is given up.
    pub fn snapshot(&self) -> Snapshot<P> {
        self.current.lock().clone()
    }

    /// Whether `snap` is no longer the table. To be asked after the last look at its Ps.
    pub fn changed_since(&self, snap: &AllP<P>) -> bool {
        fence(Ordering::SeqCst);
        self.generation.load(Ordering::Acquire) != snap.generation
    }

    /// With the world stopped: other Ps, in this order; masks begin clear.
    pub fn replace(&self, ps: Vec<P>) -> Snapshot<P> {
        let mut current = self.current.lock();
        let generation = current.generation + 1;
        let (idle, timer) = (Mask::new(ps.len()), Mask::new(ps.len()));
        let new = Share::new(AllP { generation, ps: ps.into(), idle, timer });
        self.generation.store(generation, Ordering::Release);
        let old = std::mem::replace(&mut *current, new.clone());
        drop(current);
        drop(old);
        new
    }

    /// With the world stopped: another number of Ps. Ps that stay keep their masks; `make` answers the P for a new index
    /// (perhaps one that was used before). Answers the new table; Ps beyond its end are the caller's to empty.
    pub fn resize(&self, n: usize, mut make: impl FnMut(usize) -> P) -> Snapshot<P> {
        let mut current = self.current.lock();
        let old = &*current;
        let ps: Box<[P]> = (0..n).map(|i| old.ps.get(i).cloned().unwrap_or_else(|| make(i))).collect();
        let new = AllP { generation: old.generation + 1, ps, idle: Mask::new(n), timer: Mask::new(n) };
        let kept = n.min(old.ps.len());
        new.idle.copy(&old.idle);
        new.timer.copy(&old.timer);
        for i in kept..new.idle.0.len() * 64 {
            new.idle.clear(i);
            new.timer.clear(i);
        }
        self.generation.store(new.generation, Ordering::Release);
        let new = Share::new(new);
        let old = std::mem::replace(&mut *current, new.clone());
        drop(current);
        drop(old);
        new
    }
}

/// What a snapshot without a share of the table would be: a pointer that dangles once the table was replaced. Here the access
/// panics instead.
#[cfg(feature = "mut_allp")]
mod mutant {
    use std::sync::{Arc, Weak};

    pub struct Share<T> {
        owner: Option<Arc<T>>,
        _weak: Weak<T>,
        at: *const T,
    }

    // SAFETY: as for Arc.
    unsafe impl<T: Send + Sync> Send for Share<T> {}
    // SAFETY: as for Arc.
    unsafe impl<T: Send + Sync> Sync for Share<T> {}

    impl<T> Share<T> {
        pub fn new(t: T) -> Self {
            let owner = Arc::new(t);
            Share { _weak: Arc::downgrade(&owner), at: Arc::as_ptr(&owner), owner: Some(owner) }
        }
    }

    impl<T> Clone for Share<T> {
        fn clone(&self) -> Self {
            Share { owner: None, _weak: self._weak.clone(), at: self.at }
        }
    }

    impl<T> std::ops::Deref for Share<T> {
        type Target = T;
        fn deref(&self) -> &T {
            assert!(self._weak.strong_count() > 0, "a table of Ps was freed while an M walked it");
            // SAFETY: alive just now; the models switch threads at their own points only.
            unsafe { &*self.at }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn growing_and_shrinking_keep_masks_and_old_tables() {
        let procs = Procs::new((0..70).collect::<Vec<usize>>());
        let old = procs.snapshot();
        for i in [0, 3, 65, 69] {
            old.idle.set(i);
            old.timer.set(i);
        }
        old.timer.clear(3);
        let small = procs.resize(66, |_| unreachable!());
        assert_eq!(small.ps.len(), 66);
        assert!(procs.changed_since(&old) && !procs.changed_since(&small));
        assert!(small.idle.get(65) && small.timer.get(0) && !small.timer.get(3));
        assert_eq!(old.ps.len(), 70);
        let big = procs.resize(200, |i| i + 1000);
        assert_eq!((big.ps[65], big.ps[66]), (65, 1066));
        assert!(big.idle.get(65) && !big.idle.get(69) && !big.timer.get(69) && !big.idle.get(199));
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{UnsafeCell, model, thread};
    use std::sync::Arc;

    /// A P that knows whether the table entry naming it was freed.
    struct P(Arc<UnsafeCell<bool>>, usize);
    // SAFETY: the cell is written by the last owner of a table only; loom checks that.
    unsafe impl Sync for P {}
    // SAFETY: plain data.
    unsafe impl Send for P {}

    impl Clone for P {
        fn clone(&self) -> P {
            P(Arc::new(UnsafeCell::new(false)), self.1)
        }
    }

    impl Drop for P {
        fn drop(&mut self) {
            // SAFETY: the owner.
            self.0.with_mut(|p| unsafe { *p = true });
        }
    }

    /// An M without a P walks its snapshot while another changes the number of Ps.
    #[test]
    fn loom_allp_snapshot() {
        model::check(3, || {
            let new = |i| P(Arc::new(UnsafeCell::new(false)), i);
            let procs = Arc::new(Procs::new(vec![new(0), new(1)]));
            let snap = procs.snapshot();
            let resizer = thread::spawn({
                let procs = procs.clone();
                move || {
                    procs.resize(1, new);
                    procs.resize(2, new);
                }
            });
            for i in 0..2 {
                // Masks are looked at as well: they are part of the table.
                snap.idle.get(i);
                // SAFETY: the snapshot keeps the table alive.
                assert!(!snap.ps[i].0.with(|p| unsafe { *p }), "read of a freed table");
            }
            let fresh = procs.snapshot();
            if fresh.generation > snap.generation {
                assert!(procs.changed_since(&snap));
            }
            resizer.join().unwrap();
            assert_eq!(procs.snapshot().ps.len(), 2);
        });
    }
}
