//! Tables that grow without moving: running code keeps addresses into them.
//!
//! One thread appends; what it appends is visible to whoever sees the new length. Room is set aside when the table is made, as
//! address space: memory that is not used costs nothing.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A table.
pub(crate) struct Table<T> {
    at: *mut T,
    len: AtomicUsize,
    room: usize,
}

// SAFETY: a table owns its elements as a vector does; appending is the business of one thread at a time (see `append`), and
// elements below the published length do not change, except by `set`, which says what it asks for.
unsafe impl<T: Send> Send for Table<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Table<T> {}

impl<T> Table<T> {
    /// A table of these elements, with room for `room` in all.
    pub(crate) fn new(items: Vec<T>, room: usize) -> Table<T> {
        let items = if room > items.capacity() {
            let mut all = Vec::with_capacity(room);
            all.extend(items);
            all
        } else {
            items
        };
        let mut items = ManuallyDrop::new(items);
        Table { at: items.as_mut_ptr(), len: AtomicUsize::new(items.len()), room: items.capacity() }
    }

    /// Whether `n` more elements fit.
    pub(crate) fn fits(&self, n: usize) -> bool {
        self.room - self.len() >= n
    }

    /// Appends elements, for which there must be room.
    ///
    /// # Safety
    /// Nobody else appends or sets at the same time.
    pub(crate) unsafe fn append(&self, items: impl IntoIterator<Item = T>) {
        let mut len = self.len.load(Ordering::Relaxed);
        for item in items {
            assert!(len < self.room, "a table is full");
            // SAFETY: below the capacity, beyond the elements that anybody looks at.
            unsafe { self.at.add(len).write(item) };
            len += 1;
            self.len.store(len, Ordering::Release);
        }
    }

    /// Changes an element.
    ///
    /// # Safety
    /// Nobody else appends or sets at the same time; the type is one whose writes other threads may see at any time (a word).
    pub(crate) unsafe fn set(&self, i: usize, item: T) {
        assert!(i < self.len());
        // SAFETY: an element; the caller's promise.
        unsafe { self.at.add(i).write_volatile(item) };
    }
}

impl<T> Deref for Table<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: that many elements have been written.
        unsafe { std::slice::from_raw_parts(self.at, self.len.load(Ordering::Acquire)) }
    }
}

impl<T> Drop for Table<T> {
    fn drop(&mut self) {
        // SAFETY: taken apart from a vector of this capacity in `new`.
        drop(unsafe { Vec::from_raw_parts(self.at, *self.len.get_mut(), self.room) });
    }
}
