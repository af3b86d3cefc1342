//! Pages: 64 MiB arenas from the system, carved into runs of 8 KiB pages.
//!
//! ```text
//! table: address >> 26 ──► Meta of that arena (null: not ours)
//! Meta:  entries[8192]   one per page: span address | class << 48 | page within the span << 56; 0: free
//!        heap bits       one per word of the arena: may hold a pointer (small objects with pointers)
//! ```
//! The table and the metas are reserved address space that the system backs when touched. An object above 64 MiB gets arenas of its
//! own, given back when it dies. Freed pages stay mapped; [`Pages::scavenge`] returns their memory, and remembers which pages are
//! dirty so that fresh ones need no zeroing.
//!
//! Runs are taken and given back under a lock. The table and the entries are read without it, by markers too: a span is set up
//! before its entries are stored (Release), a reader loads them with Acquire.

use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::class::{PAGE, PAGE_SHIFT};
use super::span::Span;

/// log2 of an arena's size.
pub const ARENA_SHIFT: usize = 26;
/// Bytes of an arena.
pub const ARENA: usize = 1 << ARENA_SHIFT;
/// Pages of an arena.
pub const ARENA_PAGES: usize = ARENA >> PAGE_SHIFT;
/// Arenas the table has room for: 47 bits of address space.
pub const TABLE: usize = 1 << (47 - ARENA_SHIFT);

/// What is known about an arena, per page and per word.
#[repr(C)]
pub struct Meta {
    /// See the module.
    pub entries: [AtomicU64; ARENA_PAGES],
    /// See the module. A word belongs to one span, so only that span's owner writes it.
    pub bits: [AtomicU64; ARENA / 8 / 64],
}

/// Low 48 bits of an entry.
pub const SPAN_MASK: u64 = (1 << 48) - 1;

struct Arena {
    base: usize,
    meta: *mut Meta,
    used: [u64; ARENA_PAGES / 64],
    dirty: [u64; ARENA_PAGES / 64],
    free: usize,
    /// No free page lies below this one.
    hint: usize,
}

/// The page table: arena number to meta.
pub type Table = AtomicPtr<Meta>;

/// The page allocator.
pub struct Pages {
    table: *mut Table,
    inner: Mutex<Inner>,
}

// SAFETY: the table is memory of this object alone, whose words are atomic; everything else is behind the lock.
unsafe impl Send for Pages {}
// SAFETY: as above.
unsafe impl Sync for Pages {}

#[derive(Default)]
struct Inner {
    arenas: Vec<Arena>,
    /// Arenas of single huge objects: (base, how many, pages used).
    huge: Vec<(usize, usize, usize)>,
    used: usize,
    idle: usize,
    released: usize,
}

/// How many pages are in which state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// In spans.
    pub used: usize,
    /// Free, but their memory is still ours.
    pub idle: usize,
    /// Pages whose memory was given back so far.
    pub released: usize,
    /// Bytes of address space for objects.
    pub mapped: usize,
}

/// Where the next arena would like to be, over all heaps of the process: neighbouring addresses keep the table dense.
static NEXT: AtomicUsize = AtomicUsize::new(0xc0_0000_0000);

fn reserve(size: usize, at: usize) -> Option<usize> {
    let (prot, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_NORESERVE);
    // SAFETY: an anonymous mapping at an address of the system's choice (`at` is a wish).
    let p = unsafe { libc::mmap(at as *mut libc::c_void, size, prot, flags, -1, 0) };
    (p != libc::MAP_FAILED).then_some(p as usize)
}

fn give_back(at: usize, size: usize) {
    if size > 0 {
        // SAFETY: a range this module mapped and nobody uses any more.
        unsafe { libc::munmap(at as *mut libc::c_void, size) };
    }
}

fn reserve_arenas(n: usize) -> Option<usize> {
    let size = n * ARENA;
    let wish = NEXT.fetch_add(size, Ordering::Relaxed);
    let p = reserve(size, wish)?;
    if p % ARENA == 0 {
        return Some(p);
    }
    give_back(p, size);
    let p = reserve(size + ARENA, 0)?;
    let base = p.next_multiple_of(ARENA);
    give_back(p, base - p);
    give_back(base + size, p + ARENA - base);
    Some(base)
}

impl Default for Pages {
    fn default() -> Pages {
        Pages::new()
    }
}

/// The meta of the arena an address is in; null if it is not ours. The address is below 2^47.
///
/// # Safety
/// `table` is that of live [`Pages`].
#[inline(always)]
pub unsafe fn meta_of(table: *const Table, addr: usize) -> *mut Meta {
    debug_assert!(addr >> ARENA_SHIFT < TABLE);
    // SAFETY: the table covers all user addresses.
    unsafe { (*table.add(addr >> ARENA_SHIFT)).load(Ordering::Acquire) }
}

impl Pages {
    /// Nothing mapped but the table.
    pub fn new() -> Pages {
        let Some(table) = reserve(TABLE * 8, 0) else { crate::fault::die("runtime: out of memory") };
        Pages { table: table as *mut Table, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// The table, for readers in a hurry.
    #[inline]
    pub fn table(&self) -> *const Table {
        self.table
    }

    /// The meta of the arena an address of ours is in.
    #[inline]
    pub fn meta(&self, addr: usize) -> *mut Meta {
        // SAFETY: our own table.
        unsafe { meta_of(self.table, addr) }
    }

    /// The entry of the page an address is in; 0: not in a span.
    #[inline]
    pub fn entry(&self, addr: usize) -> u64 {
        if addr >> ARENA_SHIFT >= TABLE {
            return 0;
        }
        let meta = self.meta(addr);
        if meta.is_null() {
            return 0;
        }
        // SAFETY: a meta of ours.
        unsafe { (*meta).entries[(addr >> PAGE_SHIFT) & (ARENA_PAGES - 1)].load(Ordering::Acquire) }
    }

    /// Counts.
    pub fn usage(&self) -> Usage {
        let p = self.lock();
        let mapped = (p.arenas.len() + p.huge.iter().map(|h| h.1).sum::<usize>()) * ARENA;
        Usage { used: p.used, idle: p.idle, released: p.released, mapped }
    }

    /// Takes a run of `n` pages: (address, dirty). None: the system has no more memory.
    pub fn take(&self, n: usize) -> Option<(usize, bool)> {
        let mut p = self.lock();
        if n > ARENA_PAGES {
            return self.take_huge(&mut p, n);
        }
        let Inner { arenas, used, idle, .. } = &mut *p;
        for a in arenas.iter_mut().filter(|a| a.free >= n) {
            if let Some(i) = a.find(n) {
                return Some(a.claim(i, n, used, idle));
            }
        }
        let base = reserve_arenas(1)?;
        let meta = self.enter(base)?;
        arenas.push(Arena {
            base,
            meta,
            used: [0; ARENA_PAGES / 64],
            dirty: [0; ARENA_PAGES / 64],
            free: ARENA_PAGES,
            hint: 0,
        });
        Some(arenas.last_mut()?.claim(0, n, used, idle))
    }

    fn enter(&self, base: usize) -> Option<*mut Meta> {
        let meta = reserve(size_of::<Meta>(), 0)? as *mut Meta;
        // SAFETY: the table covers all user addresses.
        unsafe { (*self.table.add(base >> ARENA_SHIFT)).store(meta, Ordering::Release) };
        Some(meta)
    }

    fn take_huge(&self, p: &mut Inner, n: usize) -> Option<(usize, bool)> {
        let k = n.div_ceil(ARENA_PAGES);
        let base = reserve_arenas(k)?;
        for i in 0..k {
            self.enter(base + i * ARENA)?;
        }
        p.huge.push((base, k, n));
        p.used += n;
        Some((base, false))
    }

    /// Gives a run back.
    pub fn free(&self, base: usize, n: usize) {
        let mut p = self.lock();
        if let Some(i) = p.huge.iter().position(|h| h.0 == base) {
            let (base, k, used) = p.huge.swap_remove(i);
            p.used -= used;
            p.released += used;
            // Nobody else knows of it, and the system may take its time.
            drop(p);
            for j in 0..k {
                let at = base + j * ARENA;
                let meta = self.meta(at);
                // SAFETY: as in `enter`.
                unsafe { (*self.table.add(at >> ARENA_SHIFT)).store(std::ptr::null_mut(), Ordering::Release) };
                give_back(meta as usize, size_of::<Meta>());
            }
            return give_back(base, k * ARENA);
        }
        let Some((a, first)) = p.place(base) else { return };
        for i in first..first + n {
            // SAFETY: page numbers of this arena.
            unsafe { (*a.meta).entries[i].store(0, Ordering::Relaxed) };
        }
        a.vacate(first, n);
        p.used -= n;
        p.idle += n;
    }

    /// Enters a span, completely set up, into the page entries.
    pub fn set_span(&self, s: *mut Span, base: usize, n: usize, sc: u8) {
        for i in 0..n {
            let at = base + (i << PAGE_SHIFT);
            let e = s as u64 | (sc as u64) << 48 | (i.min(255) as u64) << 56;
            // SAFETY: pages just taken, whose arena has a meta.
            unsafe { (*self.meta(at)).entries[(at >> PAGE_SHIFT) & (ARENA_PAGES - 1)].store(e, Ordering::Release) };
        }
    }

    /// Returns the memory of free pages until at most `keep` pages are in use or idle, but not more than `most` pages at once. Highest
    /// arenas first. Answers how many it returned. The lock is not held while the system takes them.
    pub fn scavenge(&self, keep: usize, most: usize) -> usize {
        let mut returned = 0;
        while returned < most {
            let Some((base, n)) = self.lock().claim_idle(keep, most - returned) else { break };
            // SAFETY: free pages of an arena of ours, marked as used, so that nobody takes them.
            unsafe { libc::madvise(base as *mut libc::c_void, n << PAGE_SHIFT, libc::MADV_DONTNEED) };
            self.lock().release(base, n);
            returned += n;
        }
        returned
    }
}

impl Inner {
    /// Marks a run of at most `most` idle pages as used, if more than `keep` pages are in use or idle.
    fn claim_idle(&mut self, keep: usize, most: usize) -> Option<(usize, usize)> {
        if self.used + self.idle <= keep {
            return None;
        }
        for a in self.arenas.iter_mut().rev() {
            let Some(w) = (0..ARENA_PAGES / 64).rev().find(|&w| a.dirty[w] & !a.used[w] != 0) else { continue };
            let end = w * 64 + 64 - (a.dirty[w] & !a.used[w]).leading_zeros() as usize;
            let idle = |i: usize| a.dirty[i / 64] & !a.used[i / 64] & 1 << (i % 64) != 0;
            let mut first = end - 1;
            while first > 0 && idle(first - 1) && end - first < most {
                first -= 1;
            }
            let n = end - first;
            (first..end).for_each(|i| a.used[i / 64] |= 1 << (i % 64));
            a.free -= n;
            self.idle -= n;
            self.released += n;
            return Some((a.base + (first << PAGE_SHIFT), n));
        }
        None
    }

    /// The claimed pages have no memory any more.
    fn release(&mut self, base: usize, n: usize) {
        let Some((a, first)) = self.place(base) else { return };
        (first..first + n).for_each(|i| a.dirty[i / 64] &= !(1 << (i % 64)));
        a.vacate(first, n);
    }

    /// The arena and the number of the page there at an address.
    fn place(&mut self, base: usize) -> Option<(&mut Arena, usize)> {
        let a = self.arenas.iter_mut().find(|a| base.wrapping_sub(a.base) < ARENA)?;
        let first = (base - a.base) >> PAGE_SHIFT;
        Some((a, first))
    }
}

impl Arena {
    /// First run of `n` free pages.
    fn find(&mut self, n: usize) -> Option<usize> {
        let mut i = self.hint;
        let mut lowest = None;
        while i + n <= ARENA_PAGES {
            let free = !self.used[i / 64] >> (i % 64);
            if free == 0 {
                i = (i / 64 + 1) * 64;
                continue;
            }
            i += free.trailing_zeros() as usize;
            lowest.get_or_insert(i);
            let start = i;
            while i < ARENA_PAGES && i - start < n {
                let used = self.used[i / 64] >> (i % 64);
                if used == 0 {
                    i = (i / 64 + 1) * 64;
                } else {
                    i += used.trailing_zeros() as usize;
                    break;
                }
            }
            if i.min(ARENA_PAGES) - start >= n {
                self.hint = lowest.unwrap_or(self.hint);
                return Some(start);
            }
        }
        if let Some(l) = lowest {
            self.hint = l;
        }
        None
    }

    /// Pages that were used are free.
    fn vacate(&mut self, first: usize, n: usize) {
        (first..first + n).for_each(|i| self.used[i / 64] &= !(1 << (i % 64)));
        self.free += n;
        self.hint = self.hint.min(first);
    }

    fn claim(&mut self, first: usize, n: usize, used: &mut usize, idle: &mut usize) -> (usize, bool) {
        let mut dirty = 0;
        for i in first..first + n {
            let bit = 1u64 << (i % 64);
            self.used[i / 64] |= bit;
            dirty += (self.dirty[i / 64] & bit != 0) as usize;
            self.dirty[i / 64] |= bit;
        }
        if self.hint == first {
            self.hint = first + n;
        }
        self.free -= n;
        *used += n;
        *idle -= dirty;
        (self.base + (first << PAGE_SHIFT), dirty > 0)
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let p = std::mem::take(&mut *self.lock());
        for a in &p.arenas {
            give_back(a.base, ARENA);
            give_back(a.meta as usize, size_of::<Meta>());
        }
        for (base, k, _) in p.huge {
            for j in 0..k {
                give_back(self.meta(base + j * ARENA) as usize, size_of::<Meta>());
            }
            give_back(base, k * ARENA);
        }
        give_back(self.table as usize, TABLE * 8);
    }
}

/// Pages needed for so many bytes.
pub fn pages_for(bytes: usize) -> usize {
    bytes.div_ceil(PAGE)
}
