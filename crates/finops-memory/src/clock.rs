//! A clock that stands still.

use finops_domain::ports::Clock;
use jiff::Timestamp;

/// A clock that always tells the same time, so that what is made twice is the same twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}
