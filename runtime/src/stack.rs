//! Register memory of one goroutine: a contiguous array of slots that grows by moving.
//!
//! ```text
//! base                                   limit          end
//!  | frames ...                            | red zone     |
//! ```
//! A frame may begin at or below `limit`; small frames then fit in the red zone without another check. Nothing points into a
//! stack, so growing rebases the frame pointer and nothing else.

use crate::fault::Fault;

/// Slots behind `limit` that any frame may use unchecked.
pub const RED_ZONE: usize = 64;
/// Slots of a new stack, red zone excluded.
pub const FIRST: usize = 64;
/// Largest stack. Go's limit is 1 GB; slots are denser than Go's frames, and doubling stops at a power of two.
pub const MAX_BYTES: usize = 512 << 20;

/// A growable slot array.
pub struct Stack {
    slots: Box<[u64]>,
    /// Slots that were ever handed out since the last `reset` (upper bound), for cheap clearing.
    max: usize,
}

impl Default for Stack {
    fn default() -> Stack {
        Stack::new()
    }
}

impl Stack {
    /// A stack of the first size.
    pub fn new() -> Stack {
        Stack { slots: vec![0; FIRST].into_boxed_slice(), max: max_slots() }
    }

    /// First slot.
    #[inline]
    pub fn base(&mut self) -> *mut u64 {
        self.slots.as_mut_ptr()
    }

    /// First slot, for reading.
    #[inline]
    pub fn base_const(&self) -> *const u64 {
        self.slots.as_ptr()
    }

    /// The highest address a new frame may begin at. While the stack has its first size the red zone lies inside those
    /// 64 slots' upper half; see [`Stack::red_zone`].
    #[inline]
    pub fn limit(&mut self) -> *mut u64 {
        let n = self.slots.len() - self.red_zone();
        // SAFETY: n <= len.
        unsafe { self.slots.as_mut_ptr().add(n) }
    }

    /// Slots behind `limit` on this stack: 32 on the smallest, [`RED_ZONE`] on all others.
    #[inline]
    pub fn red_zone(&self) -> usize {
        if self.slots.len() <= FIRST { RED_ZONE / 2 } else { RED_ZONE }
    }

    /// Slots in all.
    #[inline]
    pub fn capacity(&self) -> usize {
        self.slots.len()
    }

    /// Bytes in all.
    pub fn bytes(&self) -> usize {
        self.slots.len() * 8
    }

    /// Makes room so that slots up to `need` (counted from the base, red zone not included) are usable. Moves the stack:
    /// the caller rebases its frame pointer. Refuses beyond the limit.
    #[cold]
    pub fn grow(&mut self, need: usize) -> Result<(), Fault> {
        let mut n = self.slots.len() * 2;
        while n < need + RED_ZONE {
            n = n.saturating_mul(2);
        }
        if n > self.max {
            if need + RED_ZONE > self.max || self.slots.len() >= self.max {
                return Err(Fault::stack_overflow());
            }
            n = self.max;
        }
        let mut new = zeroed(n);
        new[..self.slots.len()].copy_from_slice(&self.slots);
        self.slots = new;
        Ok(())
    }

    /// Moves the stack without need, and leaves nothing useful where it was: whoever kept an address in it will notice.
    #[cold]
    pub fn move_away(&mut self) {
        let new = self.slots.clone();
        self.slots.fill(0xdead_dead_dead_dead);
        drop(std::mem::replace(&mut self.slots, new));
    }

    /// debug.SetMaxStack.
    pub fn set_max_bytes(&mut self, bytes: usize) {
        self.max = (bytes / 8).max(FIRST * 2);
    }

    /// Back to the first size, for a pooled stack.
    pub fn reset(&mut self) {
        if self.slots.len() > FIRST * 4 {
            self.slots = vec![0; FIRST].into_boxed_slice();
        }
    }
}

fn zeroed(n: usize) -> Box<[u64]> {
    vec![0u64; n].into_boxed_slice()
}

fn max_slots() -> usize {
    MAX_BYTES / 8
}
