//! Use cases of the AWS FinOps analyzer. They know ports and the domain, and no adapter.
#![warn(missing_docs)]

pub mod analyze;
mod assemble;
pub mod collect;
mod recommend;

#[cfg(test)]
mod tests;
