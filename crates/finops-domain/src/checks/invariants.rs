//! What holds of every check, whatever the bill.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::testing::{snapshot, usage};
use super::{ALL, CheckSelection, JudgedWindow, formula, run_checks};
use crate::charge::{Charge, ChargeCategory, ChargeGroup, ChargeKey, CommitmentDiscountStatus, Costs, PricingCategory};
use crate::savings::{resolve_conflicts, totals};

const USAGE_TYPES: [(&str, &str); 18] = [
    ("AWSCloudTrail", "USE1-PaidEventsRecorded"),
    ("AmazonCloudWatch", "DataProcessing-Bytes"),
    ("AmazonCloudWatch", "TimedStorage-ByteHrs"),
    ("AmazonCloudWatch", "CW:MetricMonitorUsage"),
    ("AmazonDynamoDB", "WriteCapacityUnit-Hrs"),
    ("AmazonEC2", "BoxUsage:m4.large"),
    ("AmazonEC2", "EBS:VolumeUsage.gp2"),
    ("AmazonEC2", "CPUCredits:t3"),
    ("AmazonEC2", "UnusedBox:m5.large"),
    ("AmazonEC2", "NatGateway-Hours"),
    ("AmazonEC2", "DataTransfer-Regional-Bytes"),
    ("AWSLambda", "Lambda-Provisioned-Concurrency"),
    ("AWSLambda", "Lambda-Provisioned-GB-Second"),
    ("AmazonRDS", "InstanceUsage:db.m4.large"),
    ("AmazonRDS", "RDS:ChargedBackupUsage"),
    ("AmazonS3", "TimedStorage-ByteHrs"),
    ("awskms", "us-east-1-KMS-Keys"),
    ("AWSSupportBusiness", "Dollar"),
];

prop_compose! {
    fn charge()(
        (service, usage_type) in prop::sample::select(USAGE_TYPES.to_vec()),
        (quantity, cost) in (0i64..10_000_000, -20_000i64..500_000),
        month in prop::sample::select(vec!["2025-09", "2025-10", "2025-11", "2025-12"]),
        account in prop::sample::select(vec!["111122223333", "444455556666"]),
        region in prop::sample::select(vec!["us-east-1", "eu-west-1", ""]),
        resource in prop::option::of(prop::sample::select(vec!["r-1", "r-2"])),
        (is_euro, is_tagged, is_correction) in (prop::bool::weighted(0.2), any::<bool>(), prop::bool::weighted(0.1)),
        status in prop::option::weighted(0.2, prop::sample::select(vec![CommitmentDiscountStatus::Used, CommitmentDiscountStatus::Unused])),
        category in prop::sample::select(vec![ChargeCategory::Usage, ChargeCategory::Usage, ChargeCategory::Usage, ChargeCategory::Purchase]),
        publisher in prop::sample::select(vec!["Amazon Web Services, Inc.", "Red Hat Inc."]),
    ) -> Charge {
        let text = |value: i64, scale: u32| Decimal::new(value, scale).to_string();
        let mut row = usage(service, usage_type, &text(quantity, 2), &text(cost, 3)).in_month(month).with_account(account).with_region(region);
        row.resource_id = resource.map(Into::into);
        row.charge_category = category;
        row.is_correction = is_correction;
        row.publisher_name = Some(publisher.into());
        if is_euro {
            row.billing_currency = "EUR".into();
        }
        if is_tagged {
            std::sync::Arc::make_mut(&mut row.tags).insert("team".into(), "search".into());
        }
        if let Some(status) = status {
            row.pricing_category = Some(PricingCategory::Committed);
            row.commitment_discount_id = Some("sp-1".into());
            row.commitment_discount_type = Some("Savings Plan".into());
            row.commitment_discount_status = Some(status);
        }
        row
    }
}

/// On-demand compute of December, a day each, so that a savings plan claims the same money as other findings.
fn daily_compute() -> Vec<ChargeGroup> {
    let day = |day: u32| {
        let mut key = ChargeKey::of_currency("USD".into());
        key.period_start = Some(format!("2025-12-{day:02}T00:00:00Z").parse().unwrap());
        key.pricing_category = Some(PricingCategory::Standard);
        let costs = Costs { effective: Decimal::from(24), ..Costs::default() };
        ChargeGroup { key, costs, pricing_quantity: Decimal::ONE, rows: 1, rows_without_list_cost: 0, rows_without_contracted_cost: 0 }
    };
    (1..=31).map(day).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn findings_are_told_apart_recomputable_and_never_save_more_than_is_spent(charges in prop::collection::vec(charge(), 1..60)) {
        let mut snapshot = snapshot(&charges);
        snapshot.bill.as_mut().unwrap().hourly_compute = daily_compute();
        let bill = snapshot.bill.as_ref().unwrap();
        let Some(window) = JudgedWindow::of(bill, 30) else { return Ok(()) };
        let mut run = run_checks(&snapshot, bill, &window, &CheckSelection::default());
        prop_assert_eq!(run.checks_run.len(), ALL.len());
        let mut ids = BTreeSet::new();
        for finding in &run.findings {
            prop_assert!(ids.insert(finding.finding_id.clone()), "{} {} is there twice", finding.check_id, finding.subject);
            prop_assert!(finding.claims.iter().all(|claim| claim.key.billing_currency == finding.currency));
            if let Some(savings) = &finding.savings {
                prop_assert_eq!(formula::evaluate(&savings.formula, &savings.evidence), Ok(savings.monthly));
                prop_assert!(savings.monthly > Decimal::ZERO && savings.monthly <= finding.monthly_cost);
            }
        }
        // Each finding is scaled to a month by itself, and rounded in its 28th digit.
        let rounding = Decimal::new(1, 12);
        for total in resolve_conflicts(&mut run.findings) {
            prop_assert!(total.net_monthly <= total.gross_monthly);
            let spent: Decimal = bill
                .lines
                .iter()
                .filter(|line| line.key.billing_currency == total.currency && line.key.month().is_some_and(|month| window.months.contains(&month)))
                .map(|line| line.costs.effective.max(Decimal::ZERO))
                .sum();
            prop_assert!(total.net_monthly <= window.to_month(spent) + rounding, "more is saved than is spent in {}", total.currency);
        }
        for total in totals(&run.findings) {
            prop_assert!((total.measured + total.estimated - total.net_monthly).abs() <= rounding);
        }
    }
}
