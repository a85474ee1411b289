//! What a unit of usage costs in the bill itself, and how much of something there was on average.

use rust_decimal::Decimal;

use super::{CheckContext, JudgedWindow};
use crate::charge::{ChargeKey, PricingCategory};
use crate::period::ChargePeriod;

/// A unit price that the bill itself says: effective cost divided by quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnitPrice {
    /// Effective cost of one unit.
    pub price: Decimal,
    /// How many rows of the bill say so.
    pub rows: u64,
}

/// The effective unit price of the usage that `keep` selects, in the currency and region of `like`: of its account
/// where that was billed any, else of all accounts. Usage that a commitment covers is left out. `None` where the
/// bill has no such usage.
pub(super) fn effective(context: &CheckContext<'_>, like: &ChargeKey, keep: impl Fn(&ChargeKey) -> bool) -> Option<UnitPrice> {
    let mut own = (Decimal::ZERO, Decimal::ZERO, 0);
    let mut all = own;
    for line in context.usage().filter(|line| {
        line.key.billing_currency == like.billing_currency
            && line.key.region_id == like.region_id
            && line.key.pricing_category != Some(PricingCategory::Committed)
            && line.pricing_quantity > Decimal::ZERO
            && keep(&line.key)
    }) {
        let add = |sum: &mut (Decimal, Decimal, u64)| {
            sum.0 += line.costs.effective;
            sum.1 += line.pricing_quantity;
            sum.2 += line.rows;
        };
        add(&mut all);
        if line.key.sub_account_id == like.sub_account_id {
            add(&mut own);
        }
    }
    let of = |(cost, quantity, rows): (Decimal, Decimal, u64)| cost.checked_div(quantity).map(|price| UnitPrice { price, rows });
    of(own).or_else(|| of(all))
}

/// How many calendar months the judged window is long: 1 for a whole month, less for a part of one. A quantity in
/// GB-months divided by this is the average size in GB.
pub(super) fn months_of(window: &JudgedWindow) -> Decimal {
    let share = |month: &crate::period::Month| {
        let midnight = |month: crate::period::Month| {
            let start = month.first_day().to_datetime(jiff::civil::Time::midnight());
            jiff::tz::TimeZone::UTC.to_timestamp(start).unwrap_or(window.period.start)
        };
        let part = ChargePeriod { start: midnight(*month).max(window.period.start), end: midnight(month.next()).min(window.period.end) };
        Decimal::from(part.hours()) / Decimal::from(month.hours().max(1))
    };
    window.months.iter().map(share).sum()
}
