//! gol as a library.

pub mod suite;
