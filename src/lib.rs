//! gol: Go as a scripting language. The command line, and the pipeline behind it.

pub mod cache;
pub mod cli;
pub mod commands;
pub mod embed;
pub mod engine;
pub mod library;
pub mod loader;
pub mod output;
pub mod repl;
pub mod session;
pub mod suite;
