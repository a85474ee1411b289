//! What AWS's own tools recommend, as one kind of advice.
//!
//! - [`AwsAdvice`] asks Cost Optimization Hub, Compute Optimizer and Trusted Advisor, each for an account, and answers with what they
//!   say. A tool that is not switched on is a gap that says how to switch it on; none of them is needed for our own findings.
//! - `finops_domain::advice::merge` brings the advice together with our findings.
#![warn(missing_docs)]

mod collect;
mod compute_optimizer;
mod cost_optimization_hub;
mod figures;
mod purchases;
mod source;
mod trusted_advisor;

pub use source::AwsAdvice;
