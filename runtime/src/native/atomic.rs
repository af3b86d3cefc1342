//! Words in Go memory that goroutines on several threads change: for the natives of sync/atomic.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::{Call, Ret};
use crate::fault::Fault;

/// Addresses below this are fields of nil pointers.
const NIL_PAGE: u64 = 4096;

impl Call<'_> {
    /// The aligned 32-bit word whose address is in slot `i`; a nil dereference if there is none.
    #[inline]
    pub fn atomic_u32<'b>(&self, i: usize) -> Result<&'b AtomicU32, Ret> {
        let addr = self.word(i);
        if addr < NIL_PAGE {
            return Err(Ret::Panic(Fault::nil_deref()));
        }
        // SAFETY: the declaration of the native says that this is a pointer to such a word; the caller's frame keeps it alive.
        Ok(unsafe { AtomicU32::from_ptr(addr as *mut u32) })
    }

    /// The aligned 64-bit word whose address is in slot `i`; a nil dereference if there is none.
    #[inline]
    pub fn atomic_u64<'b>(&self, i: usize) -> Result<&'b AtomicU64, Ret> {
        let addr = self.word(i);
        if addr < NIL_PAGE {
            return Err(Ret::Panic(Fault::nil_deref()));
        }
        // SAFETY: as above.
        Ok(unsafe { AtomicU64::from_ptr(addr as *mut u64) })
    }

    /// A pointer was replaced by an atomic operation: what it was must not get lost to the collector. No safepoint comes between the
    /// operation and this.
    #[inline]
    pub fn replaced(&mut self, old: u64) {
        self.cx.heap.shade(old);
    }

    /// The pointer at `i`, loaded.
    #[inline]
    pub fn load_pointer(&mut self, i: usize) -> Result<u64, Ret> {
        Ok(self.atomic_u64(i)?.load(Ordering::SeqCst))
    }
}
