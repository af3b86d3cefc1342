//! Goroutines and memory: scheduler, channels, heap, collector. Knows no bytecode and no syntax.
//!
//! # The tour
//! One [`cx::Cx`] is one Go process. Running code (the interpreter's `resume`, a native) is lent it mutably.
//! - [`object`]: what values are. [`object::types::RType`] describes a type, made canonical by [`object::registry::Registry`]
//!   (`link` a table of [`object::registry::TypeDesc`]s, then `set_methods`); [`object::iface`] itabs; [`object::alg`] hash and
//!   equality; strings, slices, maps as operations on memory images and words.
//! - [`heap::Heap`]: `cx.heap.alloc(ty)`, `alloc_array(ty, n)`, `alloc_noscan(bytes)`: zeroed memory that never moves. An
//!   allocation never collects; it sets the poll word, and the scheduler collects after the fiber returned [`fiber::Switch::Poll`].
//! - [`fiber::Fiber`]: the one up-call; [`sched::spawn`], [`sched::run_main`]. [`stack::Stack`]: slot memory for fibers.
//! - Blocking: [`chan`], [`select`], [`sema`], [`timer`]. Each answers "done" or "park": then the fiber returns
//!   `Switch::Park(reason)`, and when it is resumed calls the matching `finish_…`, which reads the G's wake cell.
//! - [`native`]: Rust functions behind body-less Go functions. `Call::blocking` moves blocking system work to another thread.
//! - [`fault::Fault`]: everything a Go program can do wrong at run time, in Go's words.
//!
//! # What is absent
//! Nothing here calls Go code, keeps a pointer into a goroutine's stack, or holds a goroutine's state on the Rust stack between
//! two time slices. No operation collects while it runs.

pub mod chan;
pub mod cx;
pub mod fault;
pub mod fiber;
pub mod gc;
pub mod heap;
pub mod native;
pub mod object;
pub mod rng;
pub mod sched;
pub mod select;
pub mod sema;
pub mod stack;
pub mod timer;

#[cfg(test)]
mod test_util;
