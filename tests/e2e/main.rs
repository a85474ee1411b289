//! Whole-program tests: what a person who runs `finops` relies on.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on should stop"
)]

mod aws;
mod bad_input;
mod bill;
mod demo;
mod generated;
mod program;
mod query;
mod reports;
mod services;
