//! What every AWS adapter needs.
//!
//! - [`session::Session`]: who we are, other accounts by their role, and [`place::Place`]s to make clients for.
//! - [`mod@operations`]: the table of API operations, with their policy action, price and quota. What is in no table is not sent, and
//!   what writes says so there.
//! - [`guard`]: what every request passes, whichever adapter sends it.
//! - [`error::port_error`]: what the SDK says went wrong, in the words of the ports.
#![warn(missing_docs)]

mod answer;
pub mod error;
pub mod guard;
mod label;
pub mod operation;
pub mod operations;
pub mod pages;
pub mod place;
pub mod session;
mod throttle;

pub use label::Labeller;

/// For [`client!`]: what tells the SDK which answers ask to slow down.
#[doc(hidden)]
pub fn classifier() -> impl aws_smithy_runtime_api::client::retries::classifiers::ClassifyRetry + 'static {
    throttle::CostExplorerThrottles
}
