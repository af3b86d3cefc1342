//! A directory of control blocks that only grows and never moves: all goroutines, all threads.
//!
//! Chunk `k` holds [`BASE`]` << k` entries and is allocated when the first of them is needed; nothing is copied when the
//! directory grows, so a reader can hold `&T` for ever. An entry becomes visible with the length (Release), which is stored
//! after the entry itself.
//!
//! The collector's stack roots are a [`Snapshot`], taken while the world is stopped: marking never reads the growing length.

use std::mem::MaybeUninit;

use crate::sync::{AtomicPtr, AtomicUsize, Mutex, Ordering, UnsafeCell};

/// Entries of the first chunk.
pub const BASE: usize = if cfg!(loom) { 1 } else { 64 };
/// Chunks: enough for 2³² entries.
const CHUNKS: usize = if cfg!(loom) { 3 } else { 26 };

struct Slot<T>(UnsafeCell<MaybeUninit<T>>);

/// Never-moving entries, appended under a lock, read without.
pub struct Directory<T> {
    chunks: [AtomicPtr<Slot<T>>; CHUNKS],
    len: AtomicUsize,
    /// The length again, for those who append.
    grow: Mutex<usize>,
}

// SAFETY: entries are written once, by `push`, before the Release store of `len` that lets anybody read them; afterwards only
// shared references exist.
unsafe impl<T: Send + Sync> Sync for Directory<T> {}
// SAFETY: the directory owns its entries.
unsafe impl<T: Send> Send for Directory<T> {}

/// Chunk, offset in it.
#[inline]
fn place(i: usize) -> (usize, usize) {
    let k = (i / BASE + 1).ilog2() as usize;
    (k, i - BASE * ((1 << k) - 1))
}

fn new_chunk<T>(n: usize) -> *mut Slot<T> {
    #[cfg(not(loom))]
    {
        let slots: Box<[MaybeUninit<Slot<T>>]> = Box::new_uninit_slice(n);
        Box::into_raw(slots).cast()
    }
    #[cfg(loom)]
    {
        let slots: Box<[Slot<T>]> = (0..n).map(|_| Slot(UnsafeCell::new(MaybeUninit::uninit()))).collect();
        Box::into_raw(slots).cast()
    }
}

impl<T> Default for Directory<T> {
    fn default() -> Self {
        Self::new()
    }
}

const PUBLISH: Ordering = if cfg!(feature = "mut_allgs") { Ordering::Relaxed } else { Ordering::Release };

impl<T> Directory<T> {
    /// Empty.
    pub fn new() -> Self {
        Directory {
            chunks: std::array::from_fn(|_| AtomicPtr::new(std::ptr::null_mut())),
            len: AtomicUsize::new(0),
            grow: Mutex::new(0),
        }
    }

    /// Any thread: appends the entry that `make` builds for its index.
    pub fn push(&self, make: impl FnOnce(usize) -> T) -> (usize, &T) {
        let mut grow = self.grow.lock();
        let i = *grow;
        let (k, at) = place(i);
        let chunk = if at == 0 {
            let chunk = new_chunk(BASE << k);
            self.chunks[k].store(chunk, PUBLISH);
            chunk
        } else {
            self.chunks[k].load(Ordering::Relaxed)
        };
        // SAFETY: `at` is inside chunk `k`, and the lock makes this thread the only one that writes the slot.
        let slot = unsafe { &*chunk.add(at) };
        // SAFETY: nobody reads index i before `len` says so.
        slot.0.with_mut(|p| unsafe { (*p).write(make(i)) });
        self.len.store(i + 1, PUBLISH);
        *grow = i + 1;
        (i, self.at(i))
    }

    /// Entries so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn at(&self, i: usize) -> &T {
        let (k, at) = place(i);
        let chunk = self.chunks[k].load(Ordering::Acquire);
        debug_assert!(!chunk.is_null());
        // SAFETY: the caller saw a length above `i`, so chunk and entry exist, initialised, and stay as long as `self`.
        unsafe { (*chunk.add(at)).0.with(|p| (*p).assume_init_ref()) }
    }

    /// Entry `i`, if it exists.
    #[inline]
    pub fn get(&self, i: usize) -> Option<&T> {
        (i < self.len()).then(|| self.at(i))
    }

    /// Entry `i`.
    ///
    /// # Safety
    /// `i` is an index that `push` answered, and reached the caller by a path that orders it after that push.
    #[inline]
    pub unsafe fn get_unchecked(&self, i: usize) -> &T {
        self.at(i)
    }

    /// All entries there are now; those appended meanwhile may be left out.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.snapshot().into_iter()
    }

    /// The entries there are now, as a list that does not grow. For mark roots: taken while the world is stopped.
    pub fn snapshot(&self) -> Snapshot<'_, T> {
        Snapshot { dir: self, len: self.len() }
    }
}

impl<T> Drop for Directory<T> {
    fn drop(&mut self) {
        if cfg!(loom) && std::thread::panicking() {
            return; // a failed model must not be entered again
        }
        let len = self.len.load(Ordering::Acquire);
        for k in 0..CHUNKS {
            let chunk = self.chunks[k].load(Ordering::Acquire);
            if chunk.is_null() {
                break;
            }
            let n = BASE << k;
            let first = BASE * ((1 << k) - 1);
            for at in 0..n.min(len - first) {
                // SAFETY: entries below `len` are initialised, and `&mut self` is the last user.
                unsafe { (*chunk.add(at)).0.with_mut(|p| (*p).assume_init_drop()) };
            }
            let slots = std::ptr::slice_from_raw_parts_mut(chunk, n);
            #[cfg(not(loom))]
            // SAFETY: allocated as such by `new_chunk`; dropped as uninitialised memory.
            drop(unsafe { Box::from_raw(slots as *mut [MaybeUninit<Slot<T>>]) });
            #[cfg(loom)]
            // SAFETY: allocated as such by `new_chunk`.
            drop(unsafe { Box::from_raw(slots) });
        }
    }
}

/// The first `len` entries of a directory.
pub struct Snapshot<'a, T> {
    dir: &'a Directory<T>,
    len: usize,
}

impl<T> Clone for Snapshot<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Snapshot<'_, T> {}

impl<'a, T> Snapshot<'a, T> {
    /// How many entries.
    #[inline]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        if cfg!(feature = "mut_allgs_live") {
            return self.dir.len.load(Ordering::Relaxed);
        }
        self.len
    }

    /// Entry `i` of the snapshot.
    #[inline]
    pub fn get(&self, i: usize) -> &'a T {
        assert!(i < self.len());
        self.dir.at(i)
    }
}

impl<'a, T> IntoIterator for Snapshot<'a, T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        Iter { snap: self, at: 0 }
    }
}

/// Iterates over a [`Snapshot`].
pub struct Iter<'a, T> {
    snap: Snapshot<'a, T>,
    at: usize,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        if self.at == self.snap.len() {
            return None;
        }
        self.at += 1;
        Some(self.snap.get(self.at - 1))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn places() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(63), (0, 63));
        assert_eq!(place(64), (1, 0));
        assert_eq!(place(191), (1, 127));
        assert_eq!(place(192), (2, 0));
        assert!(place(u32::MAX as usize).0 <= CHUNKS);
    }

    #[test]
    fn entries_stay_where_they_are_and_are_dropped_once() {
        let d = Directory::new();
        let (_, first) = d.push(Box::new);
        let at: *const Box<usize> = first;
        for n in 1..1000 {
            assert_eq!(d.push(Box::new).0, n);
        }
        let snap = d.snapshot();
        d.push(Box::new);
        assert_eq!((snap.len(), d.len()), (1000, 1001));
        assert!(std::ptr::eq(at, d.get(0).unwrap()));
        assert!(snap.into_iter().enumerate().all(|(i, e)| **e == i));
        assert!(d.get(1001).is_none());
    }

    #[test]
    fn readers_beside_a_writer() {
        let d = Directory::new();
        std::thread::scope(|s| {
            s.spawn(|| {
                (0..20_000).for_each(|_| {
                    d.push(|i| i.to_string());
                })
            });
            while d.len() < 20_000 {
                let snap = d.snapshot();
                if snap.len() > 0 {
                    let i = snap.len() - 1;
                    assert_eq!(*snap.get(i), i.to_string());
                }
            }
        });
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{model, thread};
    use std::sync::Arc;

    /// Reading any entry below the length while others are appended, new chunks included.
    #[test]
    fn loom_allgs_walk() {
        model::check(3, || {
            let d = Arc::new(Directory::new());
            d.push(|i| i + 10);
            let writer = thread::spawn({
                let d = d.clone();
                move || {
                    d.push(|i| i + 10);
                    d.push(|i| i + 10);
                }
            });
            let n = d.len();
            for i in 0..n {
                assert_eq!(d.get(i), Some(&(i + 10)), "an entry was visible before it was written");
            }
            writer.join().unwrap();
        });
    }

    /// Mark roots are what there was when the world was stopped.
    #[test]
    fn loom_allgs_roots() {
        model::check(3, || {
            let d = Arc::new(Directory::new());
            d.push(|i| i + 10);
            // The world is stopped here: nothing else runs.
            let roots = d.snapshot();
            let writer = thread::spawn({
                let d = d.clone();
                move || {
                    d.push(|i| i + 10);
                }
            });
            for i in 0..roots.len() {
                assert_eq!(*roots.get(i), i + 10, "markroot read a nil goroutine");
            }
            writer.join().unwrap();
        });
    }
}
