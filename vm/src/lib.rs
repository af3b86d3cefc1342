//! Typed program to running code: IR, bytecode, interpreter.

pub mod bytecode;
