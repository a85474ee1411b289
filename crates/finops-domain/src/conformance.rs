//! Conformance suites: what every implementation of a port must do, as functions that take any implementation.
//!
//! Each function panics where the implementation does not keep the port's promise, so a suite is run from a test.
//! Behind the feature `conformance`; adapters and wrappers name it in their dev-dependencies.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a suite fails by panicking, inside someone's test")]

pub mod report_store;
