//! The meter: what a run called, how often, and what that costs, with a cap on it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rust_decimal::Decimal;

/// What one operation was called for in this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallCount {
    /// Requests that were sent, retries among them.
    pub calls: u64,
    /// Of those, how many failed; throttled ones are not among these.
    pub failures: u64,
    /// Of those, how many were throttled.
    pub throttled: u64,
    /// Requests that were not sent, since the cache had their answer.
    pub cached: u64,
    /// What the sent ones cost, in US dollars.
    pub cost_usd: Decimal,
    /// What the cached ones would have cost, in US dollars.
    pub saved_usd: Decimal,
}

/// A request was not sent: its price would have taken the run over its cap.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation} would take the cost of this run's own calls over its cap: {spent} of {cap} USD are spent")]
pub struct OverBudget {
    /// What was to be called.
    pub operation: String,
    /// What the run has spent, in US dollars.
    pub spent: Decimal,
    /// What it may spend, in US dollars.
    pub cap: Decimal,
}

/// Counts the calls of one run by operation, such as `ce:GetCostAndUsage`, and keeps their price below a cap.
///
/// All methods may be called from many tasks at once.
#[derive(Debug)]
pub struct CallMeter {
    max_cost_usd: Option<Decimal>,
    booked: Mutex<Booked>,
}

#[derive(Debug, Default)]
struct Booked {
    by_operation: BTreeMap<String, CallCount>,
    refused: BTreeMap<String, u64>,
    total_cost_usd: Decimal,
}

impl Booked {
    fn count_of(&mut self, operation: &str) -> &mut CallCount {
        self.by_operation.entry(operation.to_owned()).or_default()
    }
}

impl CallMeter {
    /// A meter at zero, with the most that the run's calls may cost in US dollars; `None` is no cap.
    pub fn new(max_cost_usd: Option<Decimal>) -> Self {
        Self { max_cost_usd, booked: Mutex::default() }
    }

    /// Books a request that is about to be sent.
    ///
    /// Its price, in US dollars, stays booked whatever becomes of it, since we cannot know what AWS charges for a
    /// request that failed or was given up: the cap holds for sure, and the cost shown is at most too high. However
    /// many reserve at once, together they never pass the cap. What is free always passes, over the cap too. A negative
    /// price counts as free.
    ///
    /// # Errors
    /// [`OverBudget`] where the price would pass the cap. The request must not be sent then; it is counted as refused.
    pub fn reserve(&self, operation: &str, price_usd: Decimal) -> Result<(), OverBudget> {
        let price_usd = price_usd.max(Decimal::ZERO);
        let mut booked = self.booked();
        let spent = booked.total_cost_usd;
        let total = spent.saturating_add(price_usd);
        if let Some(cap) = self.max_cost_usd
            && price_usd > Decimal::ZERO
            && total > cap
        {
            *booked.refused.entry(operation.to_owned()).or_default() += 1;
            return Err(OverBudget { operation: operation.to_owned(), spent, cap });
        }
        booked.total_cost_usd = total;
        let count = booked.count_of(operation);
        count.calls += 1;
        count.cost_usd = count.cost_usd.saturating_add(price_usd);
        Ok(())
    }

    /// A request that was sent has failed.
    pub fn failed(&self, operation: &str) {
        self.booked().count_of(operation).failures += 1;
    }

    /// A request that was sent has been throttled.
    pub fn throttled(&self, operation: &str) {
        self.booked().count_of(operation).throttled += 1;
    }

    /// A request was not sent: its answer was there, and would have cost this much in US dollars.
    pub fn cached(&self, operation: &str, saved_usd: Decimal) {
        let mut booked = self.booked();
        let count = booked.count_of(operation);
        count.cached += 1;
        count.saved_usd = count.saved_usd.saturating_add(saved_usd);
    }

    /// The counts by operation, in alphabetical order.
    pub fn counts(&self) -> BTreeMap<String, CallCount> {
        self.booked().by_operation.clone()
    }

    /// What all calls of the run cost, in US dollars.
    pub fn total_cost_usd(&self) -> Decimal {
        self.booked().total_cost_usd
    }

    /// How many requests were refused for the cap, by operation.
    pub fn refused(&self) -> BTreeMap<String, u64> {
        self.booked().refused.clone()
    }

    fn booked(&self) -> MutexGuard<'_, Booked> {
        self.booked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
