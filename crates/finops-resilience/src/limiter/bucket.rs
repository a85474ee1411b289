//! One token bucket. Time is passed in, as the time since any fixed moment.

use std::time::Duration;

use super::Quota;

/// A throttled key keeps at least this part of its rate.
const FLOOR: f64 = 1.0 / 16.0;
/// This part of the whole rate comes back with each second of successes …
const INCREASE_PER_SECOND: f64 = 1.0 / 20.0;
/// … and no more than this with a single one, where a success stands for many seconds.
const MOST_INCREASE: f64 = 1.0 / 10.0;
/// Throttled answers this soon after one that halved the rate are answers to requests of before.
const SETTLING: Duration = Duration::from_secs(1);
/// The longest pause that a service may ask for. A whole run is minutes.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// A number brought into bounds; what is no number becomes the lower one.
pub(super) fn within(number: f64, least: f64, most: f64) -> f64 {
    if number.is_nan() { least } else { number.clamp(least, most) }
}

/// What one key may take at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Allowance {
    per_second: f64,
    burst: f64,
}

impl Allowance {
    pub(super) fn of(quota: Quota, share: f64) -> Self {
        Self { per_second: within(quota.per_second * share, 0.01, 1e6), burst: within(quota.burst * share, 1.0, 1e6) }
    }
}

#[derive(Debug)]
pub(super) struct Bucket {
    allowance: Allowance,
    /// At most the allowance's, less after a throttled answer.
    per_second: f64,
    tokens: f64,
    /// Until when tokens are counted. In the future during a pause, in which none come.
    refilled_at: Duration,
    halved_at: Option<Duration>,
}

impl Bucket {
    pub(super) fn full(allowance: Allowance, now: Duration) -> Self {
        Self { allowance, per_second: allowance.per_second, tokens: allowance.burst, refilled_at: now, halved_at: None }
    }

    /// Requests a second at present.
    pub(super) fn per_second(&self) -> f64 {
        self.per_second
    }

    /// Sets what may be taken at most, and keeps how far it is slowed down.
    pub(super) fn allow(&mut self, allowance: Allowance, now: Duration) {
        if allowance != self.allowance {
            self.refill(now);
            self.per_second = allowance.per_second * (self.per_second / self.allowance.per_second);
            self.tokens = self.tokens.min(allowance.burst);
            self.allowance = allowance;
        }
    }

    /// Takes a token, or says how long until there is one if nothing else happens.
    pub(super) fn take(&mut self, now: Duration) -> Result<(), Duration> {
        self.refill(now);
        let missing = Duration::try_from_secs_f64((1.0 - self.tokens).max(0.0) / self.per_second).unwrap_or(LONGEST_PAUSE);
        match self.refilled_at.saturating_sub(now).saturating_add(missing) {
            Duration::ZERO => {
                self.tokens = (self.tokens - 1.0).max(0.0);
                Ok(())
            }
            wait => Err(wait),
        }
    }

    pub(super) fn throttled(&mut self, now: Duration, retry_after: Duration) {
        self.refill(now);
        if self.halved_at.is_none_or(|halved_at| now.saturating_sub(halved_at) >= SETTLING) {
            self.halved_at = Some(now);
            self.per_second = (self.per_second / 2.0).max(self.allowance.per_second * FLOOR);
            // The next request keeps what it has gathered. Otherwise a stream of these could hold it up for ever.
            self.tokens = self.tokens.min(1.0);
        }
        self.refilled_at = self.refilled_at.max(now.saturating_add(retry_after.min(LONGEST_PAUSE)));
    }

    pub(super) fn succeeded(&mut self, now: Duration) {
        if self.per_second < self.allowance.per_second {
            self.refill(now);
            let increase = (INCREASE_PER_SECOND / self.per_second).min(MOST_INCREASE);
            self.per_second = (self.per_second + increase * self.allowance.per_second).min(self.allowance.per_second);
        }
    }

    fn refill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.refilled_at);
        if !passed.is_zero() {
            self.tokens = (self.tokens + passed.as_secs_f64() * self.per_second).min(self.allowance.burst);
            self.refilled_at = now;
        }
    }
}
