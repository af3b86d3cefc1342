//! Recycled entries whose names do not outlive them: an index and a sequence number. A name of an entry's earlier life finds nothing,
//! so whoever stops a timer that another thread is just firing, or has fired long ago, stops no other.
//!
//! Not shared by itself: it is kept under a lock. What needs care is that between two of a thread's calls the entry may have been
//! used, given back, and taken again by others.

/// Names an entry; 0 names none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name(pub u64);

struct Slot<T> {
    seq: u32,
    value: Option<T>,
}

/// Entries.
pub struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slots<T> {
    /// A new entry.
    pub fn add(&mut self, value: T) -> Name {
        let i = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { seq: 0, value: None });
            self.slots.len() as u32 - 1
        });
        let s = &mut self.slots[i as usize];
        s.seq = s.seq.wrapping_add(1);
        s.value = Some(value);
        Name((u64::from(i) + 1) << 32 | u64::from(s.seq))
    }

    fn at(&self, name: Name) -> Option<usize> {
        let i = ((name.0 >> 32) as usize).checked_sub(1)?;
        let s = self.slots.get(i)?;
        (s.seq == name.0 as u32 || cfg!(feature = "mut_timer_seq")).then_some(i)
    }

    /// The entry, if it still is there.
    pub fn get(&self, name: Name) -> Option<&T> {
        self.slots[self.at(name)?].value.as_ref()
    }

    /// Gives the entry back, if it still is there.
    pub fn remove(&mut self, name: Name) -> Option<T> {
        let i = self.at(name)?;
        let value = self.slots[i].value.take()?;
        self.free.push(i as u32);
        Some(value)
    }

    /// Gives back all entries that `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for (i, s) in self.slots.iter_mut().enumerate() {
            if s.value.take_if(|v| !keep(v)).is_some() {
                self.free.push(i as u32);
            }
        }
    }

    /// Entries in use.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter_map(|s| s.value.as_ref())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_name_dies_with_its_entry() {
        let mut s = Slots::default();
        let a = s.add('a');
        assert_eq!(s.remove(a), Some('a'));
        let b = s.add('b');
        assert_ne!(a, b);
        assert_eq!((s.remove(a), s.get(a), s.get(b)), (None, None, Some(&'b')));
        assert_eq!((s.len(), s.get(Name(0))), (1, None));
        assert_eq!(s.iter().collect::<String>(), "b");
        s.retain(|&c| c != 'b');
        assert!(s.is_empty() && s.get(b).is_none() && s.add('c') != b);
    }
}

#[cfg(all(test, loom))]
mod models {
    use super::*;
    use crate::sync::{Mutex, model, thread};
    use std::sync::Arc;

    /// A thief fires a timer while its owner stops it and sets another one, in the same entry: the first fires or was stopped,
    /// never both, and the second is neither fired nor stopped under the first one's name.
    #[test]
    fn loom_timer_steal_stop() {
        model::check(3, || {
            let timers = Arc::new(Mutex::new(Slots::default()));
            let first = timers.lock().add(1);
            let thief = thread::spawn({
                let timers = timers.clone();
                move || {
                    // It saw the deadline, and comes for the entry.
                    let due = timers.lock().get(first).copied();
                    due.and_then(|_| timers.lock().remove(first))
                }
            });
            let stopped = timers.lock().remove(first);
            let second = timers.lock().add(2);
            let fired = thief.join().unwrap();
            assert!(stopped.is_some() ^ fired.is_some(), "a timer fired and was stopped, or neither");
            assert!(fired.is_none_or(|t| t == 1), "a timer fired under another one's name");
            assert_eq!(timers.lock().remove(second), Some(2));
        });
    }
}
