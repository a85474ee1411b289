//! Ports in memory: the reference that other adapters are held against, and the demonstration account.
#![warn(missing_docs)]

mod clock;
mod cost_source;
pub mod demo;
mod report_store;

pub use self::clock::FixedClock;
pub use self::cost_source::MemoryCostSource;
pub use self::report_store::MemoryReportStore;
