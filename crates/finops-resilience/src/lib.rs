//! What stands around every single request to AWS: policies, none of which knows AWS.
#![warn(missing_docs)]

mod breaker;

pub use self::breaker::{Admission, BreakerConfig, BreakerOpen, BreakerState, Breakers, Transition};
