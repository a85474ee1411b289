//! One module a command.

pub(crate) mod analyze;
#[cfg(feature = "aws")]
pub(crate) mod cache;
pub(crate) mod checks;
pub(crate) mod collect;
pub(crate) mod completions;
pub(crate) mod costs;
#[cfg(feature = "aws")]
pub(crate) mod doctor;
#[cfg(feature = "aws")]
pub(crate) mod policy;
pub(crate) mod query;
pub(crate) mod reports;
pub(crate) mod services;
