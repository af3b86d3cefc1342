//! Values kept in a file as they lie in memory, so that a later process can go on with them at once.
//!
//! [`build`] runs a function whose memory all comes from one region at a fixed address; [`Draft::save`] writes that region to a file.
//! [`open`] maps the file to the same address, privately: nothing is decoded, pages are read when they are first looked at and copied
//! when they are first written. Pointers inside the region are right because its address is always the same, pointers to code and
//! statics because the program is linked to a fixed address (which a file notes: a program that was relocated does not use it).
//!
//! A file is used only by the build that wrote it, under the key it was written with, and only if its checksum is right.
//! What lies in the region is never given back piece by piece: [`Allocator`] knows its addresses.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the region begins: far from where the system, the allocator and the collected heap put things.
const BASE: usize = 0x1000_0000_0000;
/// Address space of the region.
const SIZE: usize = 256 << 20;

/// What a file begins with. The region begins with the same bytes.
#[repr(C)]
#[derive(Clone, Copy)]
struct Header {
    magic: [u8; 8],
    /// Bytes of the file, this header included.
    len: usize,
    /// Where the value lies.
    root: usize,
    /// Where the program's code lies.
    anchor: usize,
    /// Hash of what the file depends on.
    key: u64,
    /// Hash of all that follows the header.
    sum: u64,
}

const MAGIC: [u8; 8] = *b"golimage";
const HEADER: usize = size_of::<Header>();

/// Whether this process has used the region.
static TAKEN: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The region's allocator, while this thread builds.
    static REGION: Cell<*mut Region> = const { Cell::new(ptr::null_mut()) };
}

/// Bytes to which sizes are rounded up.
const GRAIN: usize = 16;
/// Freed blocks up to this many grains are kept by size.
const SMALL: usize = 256;
/// Larger freed blocks that are remembered.
const LARGE: usize = 128;

/// Hands out the region from its beginning, and again what was given back.
struct Region {
    next: usize,
    /// Freed blocks by size in grains; each holds the address of the next.
    small: [usize; SMALL + 1],
    /// Larger ones: address and size.
    large: [(usize, usize); LARGE],
}

impl Region {
    fn new() -> Region {
        Region { next: BASE + HEADER, small: [0; SMALL + 1], large: [(0, 0); LARGE] }
    }

    fn alloc(&mut self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(GRAIN);
        let grains = size / GRAIN;
        if layout.align() <= GRAIN {
            if grains <= SMALL && self.small[grains] != 0 {
                let at = self.small[grains];
                // SAFETY: a block of this region that nobody uses, with the address of the next one in it.
                self.small[grains] = unsafe { *(at as *const usize) };
                return at as *mut u8;
            }
            let fits = |&&mut (_, have): &&mut (usize, usize)| have >= size && have <= size * 2;
            if grains > SMALL
                && let Some(block) = self.large.iter_mut().filter(fits).min_by_key(|block| block.1)
            {
                return std::mem::take(block).0 as *mut u8;
            }
        }
        let at = self.next.next_multiple_of(layout.align().max(GRAIN));
        if size > BASE + SIZE - at.min(BASE + SIZE) {
            return ptr::null_mut();
        }
        self.next = at + size;
        at as *mut u8
    }

    fn free(&mut self, at: *mut u8, layout: Layout) {
        let size = layout.size().next_multiple_of(GRAIN);
        if at as usize + size == self.next {
            self.next = at as usize;
        } else if size / GRAIN <= SMALL {
            // SAFETY: a block of this region, at least a grain long, that nobody uses any more.
            unsafe { *at.cast::<usize>() = self.small[size / GRAIN] };
            self.small[size / GRAIN] = at as usize;
        } else if let Some(smallest) = self.large.iter_mut().min_by_key(|block| block.1)
            && smallest.1 < size
        {
            *smallest = (at as usize, size);
        }
    }
}

/// An allocator that serves [`build`] from the region, and everybody else as `A` does.
pub struct Allocator<A>(pub A);

fn within(at: *const u8) -> bool {
    (at as usize).wrapping_sub(BASE) < SIZE
}

// SAFETY: blocks come from `A` or from the region, which keeps size and alignment; which of them a block came from is told by its
// address. Blocks of the region are given back to it by the thread that builds, and stay otherwise.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Allocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let region = REGION.get();
        if region.is_null() {
            // SAFETY: as asked of us.
            return unsafe { self.0.alloc(layout) };
        }
        // SAFETY: `build` keeps it alive, and only this thread knows it.
        unsafe { (*region).alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        if !within(at) {
            // SAFETY: as asked of us; the block is one of `A`.
            return unsafe { self.0.dealloc(at, layout) };
        }
        let region = REGION.get();
        if !region.is_null() {
            // SAFETY: `build` keeps it alive, and only this thread knows it.
            unsafe { (*region).free(at, layout) };
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if REGION.get().is_null() {
            // SAFETY: as asked of us.
            return unsafe { self.0.alloc_zeroed(layout) };
        }
        // SAFETY: as asked of us; a block that is not null has the layout's size.
        unsafe {
            let at = self.alloc(layout);
            if !at.is_null() {
                ptr::write_bytes(at, 0, layout.size());
            }
            at
        }
    }

    #[inline]
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !within(at) && REGION.get().is_null() {
            // SAFETY: as asked of us; the block is one of `A`.
            return unsafe { self.0.realloc(at, layout, size) };
        }
        // SAFETY: as asked of us: the new size is valid for the alignment; both blocks have the smaller size.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                ptr::copy_nonoverlapping(at, new, size.min(layout.size()));
                self.dealloc(at, layout);
            }
            new
        }
    }
}

/// Where code of this program lies.
fn anchor() -> usize {
    anchor as fn() -> usize as usize
}

/// Whether the program was linked to the address at which it runs, as far as one can tell: relocated ones are put far up.
fn is_fixed() -> bool {
    anchor() < 1 << 32
}

/// Whether this program's memory comes from an [`Allocator`]: if not, nobody would know that the region's is not to be freed.
fn is_installed() -> bool {
    // Nothing is mapped yet: the block is an address and nothing more.
    let mut region = Region::new();
    let layout = Layout::new::<u64>();
    REGION.set(&raw mut region);
    // SAFETY: the layout has a size.
    let at = unsafe { std::alloc::alloc(layout) };
    REGION.set(ptr::null_mut());
    let ours = within(at);
    if !ours {
        // SAFETY: just allocated, by another allocator.
        unsafe { std::alloc::dealloc(at, layout) };
    }
    ours
}

/// Whether the region can be used. Nobody else may from now on.
fn claim() -> bool {
    is_fixed() && is_installed() && !TAKEN.swap(true, Ordering::Relaxed)
}

fn map(len: usize, flags: i32, fd: i32) -> bool {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: asks for addresses that nobody has; fails if somebody has.
    let at = unsafe { libc::mmap(BASE as *mut _, len, access, flags | libc::MAP_FIXED_NOREPLACE, fd, 0) };
    if at as usize != BASE && at != libc::MAP_FAILED {
        // An old kernel put it elsewhere.
        // SAFETY: this mapping is nobody's.
        unsafe { libc::munmap(at, len) };
    }
    at as usize == BASE
}

/// A value whose memory is the region, ready to be written to a file.
pub struct Draft<T> {
    value: Box<T>,
    len: usize,
}

/// Makes a value in the region, if there is one and nobody has used it yet.
///
/// The value must not refer to memory that was allocated before, to threads, or to thread-local variables. Nothing comes of it unless
/// the program's global allocator is an [`Allocator`].
pub fn build<T>(make: impl FnOnce() -> Option<T>) -> Option<Draft<T>> {
    let private = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    if !claim() || !map(SIZE, private, -1) {
        return None;
    }
    /// Ends building, also if the function panics.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            REGION.set(ptr::null_mut());
        }
    }
    let mut region = Box::new(Region::new());
    let end = End;
    REGION.set(&raw mut *region);
    let value = make().map(Box::new);
    drop(end);
    Some(Draft { value: value?, len: region.next - BASE })
}

impl<T> Draft<T> {
    /// Writes the value to a file. `key` stands for all that it depends on.
    pub fn save(&self, file: &mut File, key: u64) -> std::io::Result<()> {
        // SAFETY: mapped by `build`, and nobody changes it meanwhile.
        let body = unsafe { std::slice::from_raw_parts((BASE + HEADER) as *const u8, self.len - HEADER) };
        let root = &raw const *self.value as usize;
        let header = Header { magic: MAGIC, len: self.len, root, anchor: anchor(), key, sum: hash(body) };
        // SAFETY: plain numbers without gaps.
        let head = unsafe { std::slice::from_raw_parts((&raw const header).cast::<u8>(), HEADER) };
        file.write_all(head)?;
        file.write_all(body)
    }

    /// The value.
    pub fn into_inner(self) -> T {
        *self.value
    }
}

/// The value that a file has, if it was saved by this program under this key, and this process has not used the region.
pub fn open<T>(mut file: &File, key: u64) -> Option<T> {
    let mut head = [0; HEADER];
    file.read_exact(&mut head).ok()?;
    // SAFETY: plain numbers, of which any bytes are some.
    let header: Header = unsafe { ptr::read_unaligned(head.as_ptr().cast()) };
    let len = file.metadata().ok()?.len() as usize;
    let right = header.magic == MAGIC && header.len == len && header.anchor == anchor() && header.key == key;
    let place = BASE + HEADER..=(BASE + len).saturating_sub(size_of::<T>());
    if !right || len > SIZE || !place.contains(&header.root) || !header.root.is_multiple_of(align_of::<T>()) {
        return None;
    }
    if !claim() || !map(len, libc::MAP_PRIVATE, file.as_raw_fd()) {
        return None;
    }
    // All of it is about to be read. (Older kernels do not know this advice.)
    // SAFETY: advice about the mapping just made.
    unsafe { libc::madvise(BASE as *mut _, len, libc::MADV_POPULATE_READ) };
    // SAFETY: just mapped. Somebody who cuts the file off at this moment ends the process.
    let body = unsafe { std::slice::from_raw_parts((BASE + HEADER) as *const u8, len - HEADER) };
    if hash(body) != header.sum {
        // SAFETY: nobody has seen the mapping.
        unsafe { libc::munmap(BASE as *mut _, len) };
        TAKEN.store(false, Ordering::Relaxed);
        return None;
    }
    // SAFETY: the same program wrote these bytes for a value of the type that goes with the key, and no bit of them is different;
    // they are where they were. The value is taken out once.
    Some(unsafe { ptr::read(header.root as *const T) })
}

/// A hash that notices damage, at the speed of memory.
fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut lanes = [1u64, 2, 3, 4];
    let mut chunks = bytes.chunks_exact(32);
    for chunk in &mut chunks {
        for (lane, word) in lanes.iter_mut().zip(chunk.chunks_exact(8)) {
            let word = u64::from_le_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]]);
            *lane = (*lane ^ word).wrapping_mul(K).rotate_left(29);
        }
    }
    let mut sum = bytes.len() as u64;
    for lane in lanes {
        sum = (sum ^ lane).wrapping_mul(K).rotate_left(29);
    }
    for &b in chunks.remainder() {
        sum = (sum ^ u64::from(b)).wrapping_mul(K).rotate_left(29);
    }
    sum
}
