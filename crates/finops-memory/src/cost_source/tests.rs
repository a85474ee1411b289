use std::sync::Arc;

use finops_domain::charge::{ChargeCategory, ChargeGroup, Costs, Dimension, Granularity, PricingCategory, RowFilter};
use finops_domain::period::ChargePeriod;
use finops_domain::snapshot::SourceKind;
use jiff::Timestamp;
use rust_decimal::Decimal;

use super::*;

fn charge(day: &str, service: &str, resource: Option<&str>, cents: i64, tags: &[(&str, &str)]) -> Charge {
    let start: Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
    let end = start.saturating_add(jiff::SignedDuration::from_hours(24)).unwrap();
    Charge {
        charge_period: ChargePeriod { start, end },
        billing_account_id: "000000000001".into(),
        sub_account_id: Some("000000000002".into()),
        sub_account_name: Some("prod".into()),
        billing_currency: "USD".into(),
        billed_cost: Decimal::new(cents, 2),
        effective_cost: Decimal::new(cents, 2),
        list_cost: Some(Decimal::new(cents, 2)),
        contracted_cost: None,
        charge_category: ChargeCategory::Usage,
        is_correction: false,
        charge_description: None,
        pricing_category: Some(PricingCategory::Standard),
        pricing_quantity: Some(Decimal::ONE),
        pricing_unit: Some("Hrs".into()),
        service_name: service.into(),
        service_code: Some("AmazonEC2".into()),
        service_category: Some("Compute".into()),
        usage_type: Some("BoxUsage:m7g.large".into()),
        operation: Some("RunInstances".into()),
        instance_type: Some("m7g.large".into()),
        region_id: Some("us-east-1".into()),
        resource_id: resource.map(Into::into),
        publisher_name: None,
        commitment_discount_id: None,
        commitment_discount_type: None,
        commitment_discount_status: None,
        tags: Arc::new(tags.iter().map(|(key, value)| (Arc::from(*key), Arc::from(*value))).collect()),
    }
}

fn sum_of(groups: &[ChargeGroup]) -> (Costs, Decimal, u64) {
    let costs = groups.iter().map(|group| group.costs).sum();
    (costs, groups.iter().map(|group| group.pricing_quantity).sum(), groups.iter().map(|group| group.rows).sum())
}

fn query(granularity: Granularity, group_by: &[Dimension]) -> SpendQuery {
    SpendQuery { granularity, group_by: group_by.to_vec(), filter: RowFilter::All, max_groups: None }
}

async fn answer(charges: Vec<Charge>, queries: &[SpendQuery]) -> SpendAnswer {
    let info = SourceInfo { kind: SourceKind::Bill, location: "test".to_owned(), format: None, as_of: None };
    MemoryCostSource::new(charges, info).spend(queries).await.unwrap()
}

fn bill() -> Vec<Charge> {
    let mut tax = charge("2026-10-01", "EC2", None, 77, &[]);
    tax.charge_category = ChargeCategory::Tax;
    tax.charge_period.end = "2026-11-01T00:00:00Z".parse().unwrap();
    tax.usage_type = None;
    vec![
        charge("2026-09-30", "S3", Some("b"), 300, &[("Owner", "x"), ("Env", "prod")]),
        charge("2026-10-01", "EC2", Some("i-1"), 1000, &[("Env", "prod")]),
        charge("2026-10-02", "EC2", Some("i-1"), 1100, &[("Env", "dev")]),
        charge("2026-10-02", "EC2", Some("i-2"), -50, &[]),
        tax,
    ]
}

#[tokio::test]
async fn groups_are_sorted_by_key_and_add_up_to_the_totals() {
    let answer = answer(
        bill(),
        &[
            query(Granularity::Monthly, &[Dimension::ServiceName, Dimension::ResourceId]),
            query(Granularity::Daily, &[Dimension::ServiceName, Dimension::ChargeCategory]),
            query(Granularity::Total, &[]),
        ],
    )
    .await;
    for table in &answer.tables {
        assert!(table.is_sorted_by(|a, b| a.key < b.key));
        let (costs, quantity, rows) = sum_of(table);
        assert_eq!((costs, rows), (answer.totals[0].costs, answer.totals[0].rows));
        assert_eq!(quantity, Decimal::from(5));
    }
    assert_eq!(answer.tables[2].len(), 1);
    assert_eq!(answer.tables[2][0].costs.billed, Decimal::new(2427, 2));
    assert_eq!(answer.tables[2][0].rows_without_contracted_cost, 5);
    assert_eq!(answer.tables[0].iter().filter(|group| group.key.resource_id.is_none()).count(), 1);
    assert_eq!(answer.account_names.len(), 1);
}

#[tokio::test]
async fn usage_period_leaves_out_tax() {
    let answer = answer(bill(), &[]).await;
    assert_eq!(answer.charge_period.unwrap().end.to_string(), "2026-11-01T00:00:00Z");
    assert_eq!(answer.usage_period.unwrap().end.to_string(), "2026-10-03T00:00:00Z");
    assert_eq!(answer.usage_period.unwrap().start.to_string(), "2026-09-30T00:00:00Z");
}

#[tokio::test]
async fn a_row_counts_once_for_each_of_its_tags() {
    let answer = answer(bill(), &[query(Granularity::Total, &[Dimension::Tag]), query(Granularity::Total, &[Dimension::HasTags])]).await;
    let tags: Vec<(String, Decimal)> = answer.tables[0]
        .iter()
        .map(|group| {
            let tag = group.key.tag.as_ref().unwrap();
            (format!("{}={}", tag.key, tag.value), group.costs.effective)
        })
        .collect();
    let expected = [("Env=dev", 1100), ("Env=prod", 1300), ("Owner=x", 300)];
    assert_eq!(tags, expected.map(|(tag, cents)| (tag.to_owned(), Decimal::new(cents, 2))));
    assert_eq!(answer.tables[1].len(), 2);
}

#[tokio::test]
async fn filters_keep_what_they_name() {
    let filtered = |filter| SpendQuery { filter, ..query(Granularity::Total, &[Dimension::HasResource]) };
    let answer = answer(bill(), &[filtered(RowFilter::WithResource), filtered(RowFilter::ComputeSavingsPlanEligible)]).await;
    assert_eq!(answer.tables[0].len(), 1);
    assert_eq!(answer.tables[0][0].rows, 4);
    // Tax names the same product, but is no usage.
    assert_eq!(answer.tables[1].iter().map(|group| group.rows).sum::<u64>(), 4);
}

#[tokio::test]
async fn overflow_keeps_the_largest_and_loses_no_money() {
    let bounded = SpendQuery { max_groups: Some(2), ..query(Granularity::Total, &[Dimension::ServiceName, Dimension::ResourceId]) };
    let answer = answer(bill(), &[bounded]).await;
    let groups: Vec<(Option<String>, Decimal)> =
        answer.tables[0].iter().map(|group| (group.key.resource_id.as_ref().map(ToString::to_string), group.costs.effective)).collect();
    let expected =
        [(None, Decimal::new(27, 2)), (Some("i-1".to_owned()), Decimal::new(2100, 2)), (Some("b".to_owned()), Decimal::new(300, 2))];
    assert_eq!(groups, expected);
    assert_eq!(sum_of(&answer.tables[0]).0, answer.totals[0].costs);
}

#[tokio::test]
async fn currencies_are_never_added() {
    let mut charges = bill();
    charges[0].billing_currency = "EUR".into();
    let answer = answer(charges, &[query(Granularity::Total, &[])]).await;
    assert_eq!(answer.tables[0].len(), 2);
    assert_eq!(answer.totals.len(), 2);
    assert_eq!(answer.totals[0].billing_currency.as_str(), "EUR");
}
