//! Whole-program tests: what a person who runs `finops` relies on.

mod bad_input;
mod bill;
mod demo;
mod generated;
mod program;
mod query;
mod reports;
