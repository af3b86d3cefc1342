//! Typed program to running code: IR, bytecode, interpreter.
