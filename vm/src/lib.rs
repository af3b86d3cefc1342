//! Typed program to running code: IR, bytecode, interpreter.

pub mod bytecode;
pub mod interp;
pub mod link;
