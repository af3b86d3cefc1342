//! What an op body sees: registers of the running frame, fields of its word, memory.
//!
//! All raw access is here, behind safe methods that rest on these invariants:
//! 1. *Registers*: the verifier checked that every register an op names lies in its function's frame, and calls make room
//!    for a whole frame (red zone or `stkchk`) before the callee runs. So fp + operand is inside the goroutine's stack.
//! 2. *Types*: the compiler emits ops that fit the types of the values: a slot used as a pointer holds 0 or the address of
//!    memory that is live (the collector sees every frame) and at least as large as the op's access.
//! 3. *Code*: pc points at an instruction of verified code; `ctx` outlives the run.

use super::ctx::Ctx;

/// Program counter.
pub type Pc = *const u64;
/// Frame pointer.
pub type Fp = *mut u64;

/// One instruction being executed.
#[derive(Clone, Copy)]
pub(crate) struct M {
    pub pc: Pc,
    pub fp: Fp,
    pub cx: *mut Ctx,
    pub w: u64,
}

macro_rules! fields {
    ($($name:ident: $word:literal, $ty:ty, $index:literal;)*) => {$(
        #[inline(always)]
        pub fn $name(self) -> $ty {
            // SAFETY: invariant 3: the instruction has that many words.
            unsafe { (self.pc.add($word) as *const $ty).add($index).read_unaligned() }
        }
    )*};
}

#[allow(dead_code)]
impl M {
    /// What a place in the program is remembered by: the address behind the first word of the instruction.
    pub fn next_pc(self) -> usize {
        self.pc.wrapping_add(1) as usize
    }
    /// Byte offset in field A.
    #[inline(always)]
    pub fn ra(self) -> usize {
        (self.w >> 16) as u16 as usize
    }
    /// Byte offset in field B; read from memory again, which is faster than a shift (docs/dispatch).
    #[inline(always)]
    pub fn rb(self) -> usize {
        // SAFETY: invariant 3.
        unsafe { *(self.pc as *const u16).add(2) as usize }
    }
    /// Byte offset in field C.
    #[inline(always)]
    pub fn rc(self) -> usize {
        (self.w >> 48) as usize
    }
    /// Field B as a signed immediate.
    #[inline(always)]
    pub fn ib(self) -> i64 {
        self.rb() as i16 as i64
    }
    /// Field C as a signed immediate.
    #[inline(always)]
    pub fn ic(self) -> i64 {
        self.w as i64 >> 48
    }
    /// Fields B and C as 32 bits.
    #[inline(always)]
    pub fn bc(self) -> u32 {
        (self.w >> 32) as u32
    }
    /// Fields B and C as a signed number.
    #[inline(always)]
    pub fn ibc(self) -> i64 {
        self.w as i64 >> 32
    }
    fields! {
        x: 1, u64, 0;
        xl: 1, u32, 0;
        xh: 1, u32, 1;
        x0: 1, u16, 0;
        x1: 1, u16, 1;
        x2: 1, u16, 2;
        x3: 1, u16, 3;
        yl: 2, u32, 0;
        yh: 2, u32, 1;
    }

    /// The slot at a byte offset.
    #[inline(always)]
    pub fn slot(self, off: usize) -> u64 {
        // SAFETY: invariant 1.
        unsafe { *(self.fp as *const u8).add(off).cast::<u64>() }
    }
    /// The `i`-th slot after a byte offset.
    #[inline(always)]
    pub fn slot_n(self, off: usize, i: usize) -> u64 {
        self.slot(off + i * 8)
    }
    /// Writes the slot at a byte offset.
    #[inline(always)]
    pub fn set_slot(self, off: usize, v: u64) {
        // SAFETY: invariant 1.
        unsafe { *(self.fp as *mut u8).add(off).cast::<u64>() = v }
    }
    /// Address of a frame byte.
    #[inline(always)]
    pub fn frame_at(self, off: usize) -> *mut u8 {
        // SAFETY: invariant 1.
        unsafe { (self.fp as *mut u8).add(off) }
    }

    /// Register A.
    #[inline(always)]
    pub fn a(self) -> u64 {
        self.slot(self.ra())
    }
    /// Register B.
    #[inline(always)]
    pub fn b(self) -> u64 {
        self.slot(self.rb())
    }
    /// Register C.
    #[inline(always)]
    pub fn c(self) -> u64 {
        self.slot(self.rc())
    }
    /// Two slots of A.
    #[inline(always)]
    pub fn a2(self) -> [u64; 2] {
        [self.a(), self.slot_n(self.ra(), 1)]
    }
    /// Three slots of A.
    #[inline(always)]
    pub fn a3(self) -> [u64; 3] {
        [self.a(), self.slot_n(self.ra(), 1), self.slot_n(self.ra(), 2)]
    }
    /// Two slots of B.
    #[inline(always)]
    pub fn b2(self) -> [u64; 2] {
        let r = self.rb();
        [self.slot(r), self.slot_n(r, 1)]
    }
    /// Three slots of B.
    #[inline(always)]
    pub fn b3(self) -> [u64; 3] {
        let r = self.rb();
        [self.slot(r), self.slot_n(r, 1), self.slot_n(r, 2)]
    }
    /// Two slots of C.
    #[inline(always)]
    pub fn c2(self) -> [u64; 2] {
        [self.c(), self.slot_n(self.rc(), 1)]
    }
    /// Three slots of C.
    #[inline(always)]
    pub fn c3(self) -> [u64; 3] {
        [self.c(), self.slot_n(self.rc(), 1), self.slot_n(self.rc(), 2)]
    }
    /// Writes A.
    #[inline(always)]
    pub fn set_a(self, v: u64) {
        self.set_slot(self.ra(), v);
    }
    /// Writes N slots of A.
    #[inline(always)]
    pub fn set_an<const N: usize>(self, v: [u64; N]) {
        // No iterator by value: its destructor may stay a call, and then the handler's last call is no jump.
        let mut i = 0;
        while i < N {
            self.set_slot(self.ra() + i * 8, v[i]);
            i += 1;
        }
    }

    /// Reads a value of T at an address (any alignment: images in frames are packed).
    #[inline(always)]
    pub fn load<T: Copy>(self, addr: u64) -> T {
        // SAFETY: invariant 2.
        unsafe { (addr as *const T).read_unaligned() }
    }
    /// Writes a value of T at an address.
    #[inline(always)]
    pub fn store<T: Copy>(self, addr: u64, v: T) {
        // SAFETY: invariant 2.
        unsafe { (addr as *mut T).write_unaligned(v) }
    }
    /// Copies bytes between frame and memory, or memory and memory.
    #[inline(always)]
    pub fn copy(self, to: *mut u8, from: *const u8, n: usize) {
        // SAFETY: invariants 1 and 2.
        unsafe { std::ptr::copy(from, to, n) }
    }
    /// Copies values over others while somebody may be looking on: whole words.
    #[inline(always)]
    pub fn copy_over(self, to: u64, from: u64, n: usize) {
        if self.barrier() {
            // SAFETY: invariant 2.
            unsafe { gol_runtime::heap::barrier::copy_words(to as *mut u8, from as *const u8, n) }
        } else {
            self.copy(to as *mut u8, from as *const u8, n);
        }
    }
    /// Clears bytes.
    #[inline(always)]
    pub fn clear(self, at: *mut u8, n: usize) {
        // SAFETY: invariants 1 and 2.
        unsafe { std::ptr::write_bytes(at, 0, n) }
    }
    /// Clears slots; volatile, or the compiler would call memset for what is mostly a handful.
    #[inline(always)]
    pub fn clear_slots(self, off: usize, n: usize) {
        let at = self.frame_at(off).cast::<u64>();
        for i in 0..n {
            // SAFETY: invariant 1.
            unsafe { at.add(i).write_volatile(0) };
        }
    }
    /// A Go string or byte slice.
    #[inline(always)]
    pub fn bytes<'a>(self, s: [u64; 2]) -> &'a [u8] {
        if s[1] == 0 {
            return &[];
        }
        // SAFETY: invariant 2: two words of a string.
        unsafe { std::slice::from_raw_parts(s[0] as *const u8, s[1] as usize) }
    }

    /// Whether pointers that are overwritten must be recorded.
    #[inline(always)]
    pub fn barrier(self) -> bool {
        // SAFETY: the flag of the processor that runs this, which outlives the run; it changes only between runs.
        unsafe { *self.ctx().barrier != 0 }
    }
    /// Records what is about to be overwritten.
    #[inline(always)]
    pub fn shade(self, at: u64, n: usize) {
        // By scalars: the address of `self` must not leave a handler.
        #[cold]
        #[inline(never)]
        extern "C" fn far(cx: *mut Ctx, at: u64, n: usize) {
            // SAFETY: invariant 3; the runtime is lent to this run.
            unsafe { (*(*cx).rt).heap.shade_range(at as *const u8, n) };
        }
        far(self.cx, at, n);
    }

    /// The context.
    #[inline(always)]
    pub fn ctx<'a>(self) -> &'a Ctx {
        // SAFETY: invariant 3; bodies hold no `&mut Ctx` while they use this.
        unsafe { &*self.cx }
    }
    /// The context, to change.
    #[inline(always)]
    pub fn ctx_mut<'a>(self) -> &'a mut Ctx {
        // SAFETY: invariant 3; one thread runs it and bodies hold one such reference at a time.
        unsafe { &mut *self.cx }
    }
    /// The runtime.
    #[inline(always)]
    pub fn rt<'a>(self) -> &'a mut gol_runtime::cx::Cx {
        // SAFETY: `resume` lends the runtime to this run and does not touch it meanwhile.
        unsafe { &mut *self.ctx().rt }
    }
    /// The running closure's captured word `i`.
    #[inline(always)]
    pub fn captured(self, i: usize) -> *mut u64 {
        // SAFETY: closure calls leave the closure at fp[-2]; the compiler numbers its captures.
        unsafe { (*self.fp.sub(2) as *mut u64).add(1 + i) }
    }
    /// Address of a global.
    #[inline(always)]
    pub fn global(self, off: u32) -> u64 {
        self.ctx().globals as u64 + u64::from(off)
    }
    /// pc moved by words.
    #[inline(always)]
    pub fn at(self, words: i64) -> Pc {
        // SAFETY: invariant 3: jumps stay inside the code.
        unsafe { self.pc.offset(words as isize) }
    }
}
