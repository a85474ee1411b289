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

#[cfg(test)]
mod tests {
    use crate::charge::PricingCategory;
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn the_own_accounts_price_comes_before_that_of_all_accounts() {
        let gp2 = |account: &str| usage("AmazonEC2", "EBS:VolumeUsage.gp2", "100", "10.00").with_account(account);
        let gp3 = |account: &str, cost: &str| usage("AmazonEC2", "EBS:VolumeUsage.gp3", "100", cost).with_account(account);
        let run = run("ebs.gp2-volume", &[gp2("1"), gp2("2"), gp3("1", "8.00"), gp3("3", "6.00")]);
        // Account 1 pays 0.08; account 2 has no gp3, so the average of all, 0.07, counts.
        assert_eq!(run.findings.iter().map(cents).collect::<Vec<_>>(), [dec("3.00"), dec("2.00")]);
    }

    #[test]
    fn what_a_commitment_covers_is_no_price() {
        let charges = [
            usage("AmazonEC2", "BoxUsage:m4.large", "730", "73.00").with_operation("RunInstances"),
            usage("AmazonEC2", "BoxUsage:m5.large", "730", "20.00").with_operation("RunInstances").with_pricing(PricingCategory::Committed),
        ];
        // 73.00 x (1 - 0.096 / 0.100), and not 73.00 - 20.00
        assert_eq!(cents(&run("ec2.previous-generation", &charges).findings[0]), dec("2.92"));
    }

    #[test]
    fn a_window_of_part_of_a_month_scales_the_size() {
        // 730 of 744 hours of 1,100 GiB: 1,079.30 GB-months, and IOPS for 1,100 GiB to buy back, not for 1,079.
        let gb_months = dec("1100") * dec("730") / dec("744");
        let charges = [usage("AmazonEC2", "EBS:VolumeUsage.gp2", &gb_months.to_string(), "107.93").with_resource("vol-1")];
        let run = run("ebs.gp2-volume", &charges);
        let evidence = &run.findings[0].savings.as_ref().unwrap().evidence;
        let iops = evidence.iter().find(|evidence| evidence.name == "extra_iops_months").unwrap();
        assert_eq!((iops.value * dec("744") / dec("730")).round_dp(6), dec("300"));
    }
}
