//! Typed program to running code: IR, bytecode, interpreter.
//!
//! # The tour
//! [`compile`] turns `lang`'s typed program into a [`bytecode::Program`]: plain data, no addresses. [`link`] binds natives, makes
//! types and itabs through `runtime`, turns calls by index into calls by distance, and answers a process; `Linked::run` gives
//! it to the scheduler, which resumes goroutines through [`interp`], the one implementation of `runtime`'s `Fiber`.
//! - [`ir`], [`compile`]: typed tree → IR → passes → registers → words.
//! - [`bytecode`]: `ops.rs` is *the* list of instructions; encoder, decoder, listing, verifier, handlers and both dispatch loops
//!   come from it. Its header has the conventions of words, registers and frames.
//! - [`interp`]: `run.rs` dispatch, `ops/` one body per instruction, `frame.rs` all raw access, `unwind.rs` panics and deferred
//!   calls, `walk.rs` frames for collector and tracebacks.
//!
//! # What is absent
//! Nothing of a goroutine is on the Rust stack between two time slices; nothing points into a register stack; natives never call
//! script code; op bodies never allocate Rust locals with destructors (that would cost the jump to the next handler).

pub mod bytecode;
pub mod compile;
pub mod interp;
pub mod ir;
pub mod link;
