//! Source text to typed program: lexer, parser, checker, lowering.
//!
//! No I/O, no threads, no unsafe code, and nothing about bytecode: a pure function from texts to typed programs and
//! [`diag::Diagnostics`].

#![forbid(unsafe_code)]

pub mod check;
pub mod constant;
pub mod diag;
pub mod intern;
pub mod lower;
pub mod source;
pub mod syntax;
pub mod typed;
pub mod types;
