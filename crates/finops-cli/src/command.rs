//! One module a command.

pub(crate) mod analyze;
pub(crate) mod checks;
pub(crate) mod collect;
pub(crate) mod completions;
pub(crate) mod costs;
pub(crate) mod query;
pub(crate) mod reports;
pub(crate) mod services;
