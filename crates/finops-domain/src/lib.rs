//! The pure heart of the AWS FinOps analyzer.
//!
//! What goes in is a [`snapshot::Snapshot`]: charges grouped by the source, resources, utilization,
//! and what could not be looked at. What comes out is an [`analysis::Analysis`]: spend, findings,
//! savings without double counting. Nothing here does I/O, reads a clock, draws a random number or
//! knows an async runtime; the same snapshot always gives the same analysis, byte for byte.
//!
//! Names follow [FOCUS](https://focus.finops.org/), the FinOps Open Cost and Usage Specification.
#![warn(missing_docs)]

pub mod advice;
pub mod analysis;
pub mod catalog;
pub mod charge;
pub mod checks;
pub mod commitment;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod coverage;
pub mod diff;
pub mod finding;
pub mod id;
pub mod money;
pub mod period;
pub mod ports;
pub mod price;
mod region;
pub mod report;
pub mod resource;
pub mod resource_cost;
pub mod resource_usage;
pub mod run_metrics;
pub mod savings;
pub mod scope;
pub mod snapshot;
pub mod spend;
pub mod usage_type;
pub mod utilization;
