//! What there is to mark and who is at it: grey objects that no marker holds, pieces of large objects, root jobs.
//!
//! A marker that stops hands everything over before it says that it has stopped. So while the world is stopped, marking is over exactly
//! if the lists are empty, all root jobs are done, and no processor's buffer holds anything.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use super::mark::Marker;
use super::progress::Progress;
use crate::heap::central::lock;
use crate::object::types::TypeRef;

/// Objects that change hands at once.
pub(super) const BATCH: usize = 256;

/// A stretch of values of one type inside an object.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub at: usize,
    pub end: usize,
    pub t: TypeRef,
}

#[derive(Default)]
struct Lists {
    full: Vec<Vec<u64>>,
    chunks: Vec<Chunk>,
    spare: Vec<Vec<u64>>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Work {
    lists: Mutex<Lists>,
    /// Who is at it and what is left.
    pub(super) progress: Progress,
    /// Bytes scanned in the background that allocating goroutines need not scan.
    pub(super) credit: AtomicI64,
    /// Bytes scanned and marked in this cycle.
    pub(super) scanned: AtomicUsize,
    pub(super) marked: AtomicUsize,
}

impl Work {
    /// For a new cycle with so many root jobs.
    pub(super) fn begin(&self, jobs: usize) {
        self.credit.store(0, Ordering::Relaxed);
        self.scanned.store(0, Ordering::Relaxed);
        self.marked.store(0, Ordering::Relaxed);
        self.progress.begin(jobs);
    }

    /// Takes the older half of what a marker has: those objects tend to have more below them.
    pub(super) fn share(&self, m: &mut Marker) {
        let n = m.grey.len() / 2;
        let k = m.chunks.len() / 2;
        let mut l = lock(&self.lists);
        let mut left = n;
        while left > 0 {
            let take = left.min(BATCH);
            let mut b = l.spare.pop().unwrap_or_default();
            b.extend_from_slice(&m.grey[n - left..n - left + take]);
            left -= take;
            l.full.push(b);
        }
        m.grey.drain(..n);
        l.chunks.extend(m.chunks.drain(..k));
        self.progress.set_waiting(l.full.len() + l.chunks.len());
    }

    /// Adds up what a marker did; answers the bytes it scanned.
    pub(super) fn count(&self, m: &mut Marker) -> usize {
        let n = std::mem::take(&mut m.scanned);
        self.scanned.fetch_add(n, Ordering::Relaxed);
        self.marked.fetch_add(std::mem::take(&mut m.marked), Ordering::Relaxed);
        n
    }

    /// Takes everything a marker has; the marker's candidates in flight must have been flushed.
    pub(super) fn give_all(&self, m: &mut Marker) {
        self.count(m);
        if m.is_idle() {
            return;
        }
        let mut l = lock(&self.lists);
        for c in m.grey.chunks(BATCH) {
            let mut b = l.spare.pop().unwrap_or_default();
            b.extend_from_slice(c);
            l.full.push(b);
        }
        m.grey.clear();
        l.chunks.append(&mut m.chunks);
        self.progress.set_waiting(l.full.len() + l.chunks.len());
    }

    /// Takes over when a buffer has grown long.
    pub(crate) fn relieve(&self, m: &mut Marker) {
        if m.grey.len() + m.chunks.len() > 2 * BATCH {
            self.give_all(m);
        }
    }

    /// Gives a marker something to do.
    pub(super) fn take(&self, m: &mut Marker) -> bool {
        if !self.progress.has_waiting() {
            return false;
        }
        let mut l = lock(&self.lists);
        let got = if let Some(mut b) = l.full.pop() {
            m.grey.append(&mut b);
            if l.spare.len() < 64 {
                l.spare.push(b);
            }
            true
        } else if let Some(c) = l.chunks.pop() {
            m.chunks.push(c);
            true
        } else {
            false
        };
        self.progress.set_waiting(l.full.len() + l.chunks.len());
        got
    }
}
