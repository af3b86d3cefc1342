//! Goroutines and memory: scheduler, channels, heap, collector. Knows no bytecode and no syntax.
//!
//! # The tour
//! A [`cx::Cx`] is one P's share of a Go process: the thread that holds the P lends it mutably to running code (the interpreter's
//! `resume`, a native). [`sched`] says how threads, Ps and goroutines go together.
//! - [`object`]: what values are. [`object::types::RType`] describes a type, made canonical by [`object::registry::Registry`]
//!   (`link` a table of [`object::registry::TypeDesc`]s, then `set_methods`); [`object::iface`] itabs; [`object::alg`] hash and
//!   equality; strings, slices, maps as operations on memory images and words.
//! - [`heap::Heap`]: `cx.heap.alloc(ty)`, `alloc_array(ty, n)`, `alloc_noscan(bytes)`: zeroed memory that never moves. An
//!   allocation never collects; it sets the poll word, and the scheduler collects after the fiber returned [`fiber::Switch::Poll`].
//! - [`fiber::Fiber`]: the one up-call; [`sched::spawn`], [`sched::run_main`]. [`stack::Stack`]: slot memory for fibers.
//! - Blocking: [`chan`], [`select`], [`sema`], [`timer`]. Each answers "done" or "park": then the fiber returns
//!   `Switch::Park(reason)`, and when it is resumed calls the matching `finish_…`, which reads what its sudog was given.
//! - [`native`]: Rust functions behind body-less Go functions. `Call::blocking` lets other threads
//!   have the P meanwhile.
//! - [`fault::Fault`]: everything a Go program can do wrong at run time, in Go's words.
//!
//! # What is absent
//! Nothing here calls Go code, keeps a pointer into a goroutine's stack, or holds a goroutine's state on the Rust stack between
//! two time slices. No operation collects while it runs.

#[cfg(not(loom))]
pub mod chan;
#[cfg(not(loom))]
pub mod cx;
#[cfg(not(loom))]
pub mod fault;
#[cfg(not(loom))]
pub mod fiber;
#[cfg(not(loom))]
pub mod gc;
#[cfg(not(loom))]
pub mod heap;
#[cfg(not(loom))]
pub mod image;
#[cfg(not(loom))]
pub mod mutex;
#[cfg(not(loom))]
pub mod native;
#[cfg(not(loom))]
pub mod netpoll;
#[cfg(not(loom))]
pub mod object;
#[cfg(not(loom))]
pub mod process;
#[cfg(not(loom))]
pub mod rng;
#[cfg(not(loom))]
pub mod sched;
#[cfg(not(loom))]
pub mod select;
#[cfg(not(loom))]
pub mod sema;
#[cfg(not(loom))]
pub mod signal;
#[cfg(not(loom))]
pub mod stack;
pub mod sync;
#[cfg(not(loom))]
pub mod timer;

// What the model checker sees of the crate: the building blocks whose shared state comes from `sync`.
#[cfg(loom)]
#[allow(missing_docs)]
pub mod gc {
    pub mod progress;
    pub mod sweeps;
}
#[cfg(loom)]
#[allow(missing_docs)]
pub mod heap {
    pub mod wbuf;
}
#[cfg(loom)]
#[allow(missing_docs)]
pub mod sched {
    pub mod alarm;
    pub mod allgs;
    pub mod allp;
    pub mod foreachp;
    pub mod idle;
    pub mod mexit;
    pub mod note;
    pub mod readiness;
    pub mod readyg;
    pub mod ring;
    pub mod select_done;
    pub mod slots;
    pub mod status;
    pub mod stw;
    pub mod syscall;
    pub mod tenure;
}

#[cfg(all(test, not(loom)))]
mod test_util;
