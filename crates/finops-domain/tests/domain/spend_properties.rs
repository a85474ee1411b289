//! What holds of the spend of any bill.

use std::collections::BTreeMap;

use finops_domain::charge::{Charge, ChargeCategory, CommitmentDiscountStatus, PricingCategory};
use finops_domain::checks::JudgedWindow;
use finops_domain::id::Currency;
use finops_domain::snapshot::Bill;
use finops_domain::spend::{SpendRow, SpendSummary, summarise};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::charges::{bill, day, month, usage};

fn money() -> impl Strategy<Value = Decimal> {
    (-1_000_000_000_000_i64..10_000_000_000_000, 0_u32..12).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

fn charge() -> impl Strategy<Value = Charge> {
    let names = (0_usize..4, 0_usize..3, prop::option::of(0_usize..3), 0_usize..2);
    let costs = (money(), money(), prop::option::of(money()), prop::option::of(money()));
    let kinds = (0_usize..5, prop::bool::weighted(0.1), 0_usize..5, 0_usize..3);
    let tags = prop::collection::btree_map(0_usize..3, 0_usize..3, 0..3);
    (0_i32..120, prop::bool::weighted(0.1), names, costs, kinds, tags, prop::bool::ANY).prop_map(
        |(
            start,
            is_monthly,
            (service, account, region, currency),
            costs,
            (category, is_correction, pricing, status),
            tags,
            has_resource,
        )| {
            let start = date(2025, 8, 10).checked_add(start.days()).unwrap();
            let period = if is_monthly { month(&start.strftime("%Y-%m").to_string()) } else { day(start) };
            let mut charge = usage(period, ["EC2", "S3", "RDS", "Lambda"][service], costs.0);
            charge.effective_cost = costs.1;
            charge.list_cost = costs.2;
            charge.contracted_cost = costs.3;
            charge.sub_account_id = [None, Some("111111111111"), Some("222222222222")][account].map(Into::into);
            charge.region_id = region.map(|region| ["eu-west-1", "us-east-1", "global"][region].into());
            charge.billing_currency = ["USD", "EUR"][currency].into();
            charge.charge_category = ChargeCategory::ALL[category];
            charge.is_correction = is_correction;
            charge.pricing_category = [
                None,
                Some(PricingCategory::Standard),
                Some(PricingCategory::Dynamic),
                Some(PricingCategory::Committed),
                Some(PricingCategory::Other),
            ][pricing];
            charge.commitment_discount_status =
                [None, Some(CommitmentDiscountStatus::Used), Some(CommitmentDiscountStatus::Unused)][status];
            charge.resource_id = has_resource.then(|| "i-1".into());
            charge.tags = std::sync::Arc::new(
                tags.into_iter().map(|(key, value)| (["team", "env", "app"][key].into(), ["a", "b", ""][value].into())).collect(),
            );
            charge
        },
    )
}

fn charges() -> impl Strategy<Value = Vec<Charge>> {
    prop::collection::vec(charge(), 0..80)
}

fn summary(bill: &Bill) -> SpendSummary {
    summarise(bill, JudgedWindow::of(bill, 90).as_ref())
}

fn sums(rows: &[SpendRow]) -> BTreeMap<Currency, [Decimal; 4]> {
    let mut sums: BTreeMap<Currency, [Decimal; 4]> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row.currency.clone()).or_default();
        for (sum, cost) in sum.iter_mut().zip([row.billed_cost, row.effective_cost, row.list_cost, row.contracted_cost]) {
            *sum += cost;
        }
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_breakdown_adds_up_to_the_total(charges in charges()) {
        let bill = bill(&charges);
        let spend = summary(&bill);
        let total: BTreeMap<Currency, [Decimal; 4]> = bill
            .totals
            .iter()
            .map(|total| {
                let costs = total.costs;
                (total.billing_currency.clone(), [costs.billed, costs.effective, costs.list, costs.contracted])
            })
            .collect();
        for rows in [
            &spend.by_service,
            &spend.by_service_category,
            &spend.by_account,
            &spend.by_region,
            &spend.by_charge_category,
            &spend.by_pricing_category,
        ] {
            prop_assert_eq!(&sums(rows), &total);
            for row in rows {
                prop_assert_eq!(row.monthly_effective_cost.iter().sum::<Decimal>(), row.effective_cost);
            }
        }
        let by_month: Decimal = spend.monthly.iter().map(|month| month.effective_cost).sum();
        prop_assert_eq!(by_month, total.values().map(|costs| costs[1]).sum::<Decimal>());
    }

    #[test]
    fn every_tag_key_adds_up_to_usage(charges in charges()) {
        let mut usage: BTreeMap<Currency, Decimal> = BTreeMap::new();
        for charge in &charges {
            let of_currency = usage.entry(charge.billing_currency.clone()).or_default();
            if charge.charge_category == ChargeCategory::Usage {
                *of_currency += charge.effective_cost;
            }
        }
        for rows in summary(&bill(&charges)).by_tag.values() {
            let tagged: BTreeMap<Currency, Decimal> = sums(rows).into_iter().map(|(currency, costs)| (currency, costs[1])).collect();
            prop_assert_eq!(&tagged, &usage);
        }
    }

    #[test]
    fn the_reconciliation_leaves_nothing(charges in charges()) {
        for line in summary(&bill(&charges)).reconciliation.iter().filter(|line| line.name == "difference") {
            prop_assert_eq!((line.billed_cost, line.effective_cost), (Decimal::ZERO, Decimal::ZERO));
        }
    }

    #[test]
    fn a_missing_cost_is_never_taken_for_zero(charges in charges()) {
        for total in summary(&bill(&charges)).total {
            let judged = |charge: &&Charge| charge.billing_currency == total.currency
                && charge.charge_category == ChargeCategory::Usage
                && charge.commitment_discount_status != Some(CommitmentDiscountStatus::Unused)
                && charge.pricing_category != Some(PricingCategory::Dynamic);
            let is_missing = charges.iter().filter(judged).any(|charge| charge.list_cost.is_none() || charge.contracted_cost.is_none());
            prop_assert_eq!(total.negotiated_savings.is_none(), is_missing);
        }
    }

    #[test]
    fn the_same_bill_gives_the_same_bytes_in_any_order_of_rows(charges in charges()) {
        let mut reversed = charges.clone();
        reversed.reverse();
        let bytes = |charges: &[Charge]| serde_json::to_string(&summary(&bill(charges))).unwrap();
        prop_assert_eq!(bytes(&charges), bytes(&charges));
        prop_assert_eq!(bytes(&charges), bytes(&reversed));
    }

    #[test]
    fn forecasts_of_any_daily_series_are_sound(costs in prop::collection::vec(prop_oneof![Just(0_i64), 0_i64..100_000_000, 900_i64..1_100], 14..150)) {
        let first = date(2025, 6, 20);
        let charges: Vec<Charge> = costs
            .iter()
            .zip(0_i64..)
            .map(|(cost, ahead)| usage(day(first.checked_add(ahead.days()).unwrap()), "EC2", Decimal::new(*cost, 2)))
            .collect();
        for forecast in summary(&bill(&charges)).forecast {
            prop_assert!(forecast.actual <= forecast.low, "{:?}", forecast);
            prop_assert!(forecast.low <= forecast.expected && forecast.expected <= forecast.high, "{:?}", forecast);
            prop_assert!(forecast.expected.scale() <= 2, "{:?}", forecast);
        }
    }
}
