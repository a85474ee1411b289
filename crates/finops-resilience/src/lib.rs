//! What stands around every single request to AWS: policies, none of which knows AWS.
//!
//! A caller that sees each attempt of each request (retries are the SDK's, and each of them comes by here again)
//! asks them in this order:
//!
//! ```text
//! cache         an answer that is there already needs none of the rest
//!   breaker     before any waiting: what is known to be down is refused at once, and a queue for it is no use
//!     limiter   waits for its turn outside of the time limit, so that a long queue does not look like a slow service
//!       meter   after the wait, so that what was given up in the queue is not booked; before sending, since a cap that
//!               is seen to be passed afterwards is no cap
//!         time limit   innermost: it measures the service and nothing of ours
//!           send
//! ```
//!
//! On the way back the same caller says what became of it, once to each:
//!
//! | outcome | [`Admission`] | [`RateLimits`] | [`CallMeter`] | [`AnswerCache`] |
//! |---|---|---|---|---|
//! | answered | `succeeded` | `succeeded` | | `put` |
//! | 5xx, connection lost, time limit | `failed` | | `failed` | |
//! | throttled | `throttled` | `throttled` | `throttled` | |
//! | denied, not found, invalid | `neutral` | `succeeded` | `failed` | |
//! | over budget: never sent | `neutral` | | (counts it itself) | |
//! | given up: the future was dropped | drop | | | |
//!
//! The breaker's word can be old when the limiter lets a request go. So [`Admission::confirm`] asks it again between the
//! limiter and the meter; without that a long queue would run on into a service that has gone down meanwhile.
//!
//! Each policy is a state machine or a sum without a clock of its own, inside a thin shell that has one. Both shells
//! that wait use tokio's clock, so a test can pause it; the cache is told the time of day by its caller. All are
//! shared by reference or [`Arc`](std::sync::Arc) between tasks; no lock is held across an `await` but the limiter's
//! turn, and that is what makes it a queue.
#![warn(missing_docs)]

mod breaker;
mod cache;
mod limiter;
mod meter;

pub use self::breaker::{Admission, BreakerConfig, BreakerOpen, BreakerState, Breakers, Transition};
pub use self::cache::{AnswerCache, CacheCounts, CacheError, CacheKey, CacheStats, CachedAnswer, LabelStats};
pub use self::limiter::{Quota, RateLimits};
pub use self::meter::{CallCount, CallMeter, OverBudget};
