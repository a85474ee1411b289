//! What a savings plan's commitment covers and costs over a series of on-demand cost.

use rust_decimal::{Decimal, RoundingStrategy};

/// What one commitment comes to over a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Simulation {
    /// What is committed to, an hour.
    pub hourly_commitment: Decimal,
    /// On-demand cost that it takes the place of.
    pub covered: Decimal,
    /// What it costs in all hours, used or not.
    pub cost: Decimal,
}

impl Simulation {
    /// Covers, in each step of a series, on-demand cost up to what the commitment buys at the discount.
    pub(super) fn of(series: &[Decimal], hours_each: u32, discount: Decimal, hourly_commitment: Decimal) -> Self {
        let committed = hourly_commitment * Decimal::from(hours_each);
        let reach = committed.checked_div(Decimal::ONE - discount).unwrap_or_default();
        let covered = series.iter().map(|cost| (*cost).min(reach)).sum();
        Self { hourly_commitment, covered, cost: committed * Decimal::from(series.len()) }
    }

    /// What is saved; negative where the commitment costs more than what it covers.
    pub(super) fn saving(&self) -> Decimal {
        self.covered - self.cost
    }

    /// The used share of the commitment.
    pub(super) fn utilization(&self, discount: Decimal) -> Decimal {
        (self.covered * (Decimal::ONE - discount)).checked_div(self.cost).unwrap_or_default()
    }
}

/// The commitment that saves most over a series; `None` where none saves anything.
///
/// One more dollar of on-demand cost covered costs `1 - discount` in each step and saves 1 in those that reach so
/// far. It pays while more than `1 - discount` of the steps do, so the best reach is the value that a share of
/// `discount` of the steps lies below. The commitment is rounded down to thousandths of a dollar, the least that AWS takes.
pub(super) fn best_commitment(series: &[Decimal], hours_each: u32, discount: Decimal) -> Option<Simulation> {
    let mut sorted = series.to_vec();
    sorted.sort_unstable();
    let below = (Decimal::from(series.len()) * discount).floor();
    let index: usize = below.try_into().ok()?;
    let reach = sorted.get(index).copied()?;
    let hourly = reach * (Decimal::ONE - discount) / Decimal::from(hours_each);
    let hourly = hourly.round_dp_with_strategy(3, RoundingStrategy::ToZero);
    let best = Simulation::of(series, hours_each, discount, hourly);
    (best.saving() > Decimal::ZERO).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_other_commitment_saves_more(cents in prop::collection::vec(0i64..10_000, 1..60), percent in 1i64..70, other in 0i64..15_000) {
            let series: Vec<Decimal> = cents.iter().map(|cents| Decimal::new(*cents, 2)).collect();
            let discount = Decimal::new(percent, 2);
            let best = best_commitment(&series, 1, discount).map_or(Decimal::ZERO, |best| best.saving());
            let other = Simulation::of(&series, 1, discount, Decimal::new(other, 2)).saving();
            // A thousandth in each step is lost to rounding the commitment down.
            prop_assert!(other <= best + Decimal::from(series.len()) / Decimal::from(1000));
        }

        #[test]
        fn a_saving_is_at_most_the_discount_on_all(cents in prop::collection::vec(0i64..10_000, 1..60), percent in 1i64..70) {
            let series: Vec<Decimal> = cents.iter().map(|cents| Decimal::new(*cents, 2)).collect();
            let discount = Decimal::new(percent, 2);
            let best = best_commitment(&series, 1, discount).map_or(Decimal::ZERO, |best| best.saving());
            prop_assert!(best <= series.iter().sum::<Decimal>() * discount + Decimal::new(1, 9));
        }
    }
}
