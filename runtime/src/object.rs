//! Values in memory: layouts shared with compiled code, and the operations on them.
//!
//! Invariants the unsafe code below rests on, kept by the compiler and the collector: words typed as pointers are 0 or point
//! into live heap objects, static data or globals; a string's or slice's (ptr, len, cap) describe readable memory; type and
//! itab words come from this crate. Collections happen only between two operations, and objects never move.

pub mod alg;
pub mod iface;
pub mod map;
pub mod registry;
pub mod show;
pub mod slice;
pub mod string;
pub mod types;

#[cfg(test)]
mod tests;
