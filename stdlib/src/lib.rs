//! Go packages: script halves and their native primitives.
