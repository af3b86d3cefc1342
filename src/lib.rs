//! gol as a library.
