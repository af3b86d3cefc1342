//! Typed program to running code: IR, bytecode, interpreter.

pub mod bytecode;
pub mod compile;
pub mod interp;
pub mod ir;
pub mod link;
