//! CloudWatch as two adapters.
//!
//! - [`CloudWatchUtilization`]: what was measured of resources, by GetMetricData alone, as few and as full requests as its limits allow.
//! - [`CloudWatchMetrics`]: where a run's own metrics go; the one thing of this crate that writes.
//!
//! A set of queries passes through these modules in turn:
//!
//! - `window`: which instants are asked for, and how fine data of that age still is;
//! - `listing`: which metrics there are, where a query does not say all dimensions;
//! - `lookup`: what GetMetricData is asked for, each once, and how much of it a request holds;
//! - `fetch`: the requests, their pages, and what the answers say;
//! - `combine`: one series out of those of several dimensions.
#![warn(missing_docs)]

mod combine;
mod fetch;
mod listing;
mod lookup;
mod run_metrics;
mod utilization;
mod window;

pub use run_metrics::CloudWatchMetrics;
pub use utilization::CloudWatchUtilization;
