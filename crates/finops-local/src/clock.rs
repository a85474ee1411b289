//! The machine's clock.

use std::sync::{Mutex, PoisonError};

use finops_domain::ports::Clock;
use jiff::Timestamp;

/// The machine's time of day, which never goes back within a process: where the system's clock is set back, the
/// last time that was given stands until the clock has caught up.
#[derive(Debug, Default)]
pub struct SystemClock {
    last: Mutex<Option<Timestamp>>,
}

impl SystemClock {
    /// A clock.
    pub fn new() -> Self {
        Self::default()
    }

    fn not_before_the_last(&self, now: Timestamp) -> Timestamp {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let given = last.map_or(now, |last| last.max(now));
        *last = Some(given);
        given
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.not_before_the_last(Timestamp::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_clock_set_back_does_not_take_ours_back() {
        let clock = SystemClock::new();
        let noon: Timestamp = "2025-11-24T12:00:00Z".parse().unwrap();
        let morning: Timestamp = "2025-11-24T09:00:00Z".parse().unwrap();
        let evening: Timestamp = "2025-11-24T18:00:00Z".parse().unwrap();
        assert_eq!(clock.not_before_the_last(noon), noon);
        assert_eq!(clock.not_before_the_last(morning), noon);
        assert_eq!(clock.not_before_the_last(evening), evening);
    }
}
