//! Goroutines and memory: scheduler, channels, heap, collector.
