//! What stands around every single request to AWS: policies, none of which knows AWS.
#![warn(missing_docs)]

mod breaker;
mod limiter;
mod meter;

pub use self::breaker::{Admission, BreakerConfig, BreakerOpen, BreakerState, Breakers, Transition};
pub use self::limiter::{Quota, RateLimits};
pub use self::meter::{CallCount, CallMeter, OverBudget};
