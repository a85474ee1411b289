//! What is written as FOCUS is read again, to the last decimal and tag.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

use std::collections::BTreeMap;
use std::sync::Arc;

use finops_domain::charge::Dimension as D;
use finops_domain::charge::{Charge, ChargeCategory, CommitmentDiscountStatus, Costs, Granularity, PricingCategory, RowFilter, SpendQuery};
use finops_domain::period::ChargePeriod;
use finops_focus::{FocusCostSource, write_focus_csv};
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn amount() -> impl Strategy<Value = Decimal> {
    (-10_i64.pow(15)..10_i64.pow(15), 0_u32..14).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale.max(4)))
}

fn text() -> impl Strategy<Value = Option<Arc<str>>> {
    proptest::option::of("[a-z\",:\n é]{0,6}x".prop_map(Arc::from))
}

prop_compose! {
    fn charge()(
        hour in 482_000_i64..490_000,
        hours in 1_i64..800,
        costs in (amount(), amount(), proptest::option::of(amount()), proptest::option::of(amount())),
        quantity in proptest::option::of(amount()),
        category in 0_usize..5,
        texts in proptest::collection::vec(text(), 10),
        is_correction in any::<bool>(),
        pricing in proptest::option::of(proptest::sample::select(vec![PricingCategory::Standard, PricingCategory::Committed])),
        status in proptest::option::of(proptest::sample::select(vec![CommitmentDiscountStatus::Used, CommitmentDiscountStatus::Unused])),
        currency in proptest::sample::select(vec!["USD", "EUR"]),
        tags in proptest::collection::btree_map("[a-z\"]{1,3}".prop_map(Arc::from), "[a-z\", é]{0,3}".prop_map(Arc::from), 0..4),
    ) -> Charge {
        let at = |hours: i64| Timestamp::from_second(hours * 3600).unwrap();
        Charge {
            charge_period: ChargePeriod { start: at(hour), end: at(hour + hours) },
            billing_account_id: "123456789012".into(),
            sub_account_id: texts[0].clone().map(Into::into),
            sub_account_name: None,
            billing_currency: currency.into(),
            billed_cost: costs.0,
            effective_cost: costs.1,
            list_cost: costs.2,
            contracted_cost: costs.3,
            charge_category: ChargeCategory::ALL[category],
            is_correction,
            charge_description: None,
            pricing_category: pricing,
            pricing_quantity: quantity,
            pricing_unit: texts[1].clone(),
            service_name: "Amazon Elastic Compute Cloud".into(),
            service_code: Some("AmazonEC2".into()),
            service_category: texts[2].clone(),
            usage_type: Some("EU-BoxUsage:m5.large".into()),
            operation: texts[3].clone(),
            instance_type: Some("m5.large".into()),
            region_id: texts[4].clone().map(Into::into),
            resource_id: texts[5].clone().map(Into::into),
            publisher_name: texts[6].clone(),
            commitment_discount_id: texts[7].clone(),
            commitment_discount_type: texts[8].clone(),
            commitment_discount_status: status,
            tags: Arc::new(tags),
        }
    }
}

/// A charge as one text, so that two lists of them can be compared as sorted lists of groups.
fn key_of(charge: &Charge) -> String {
    format!(
        "{:?}",
        (
            (&charge.billing_currency, charge.charge_period.start, &charge.billing_account_id, &charge.sub_account_id),
            (&charge.region_id, &charge.service_name, &charge.service_code, &charge.service_category, charge.charge_category),
            (charge.is_correction, charge.pricing_category, &charge.usage_type, &charge.operation, &charge.instance_type),
            (&charge.pricing_unit, &charge.publisher_name, &charge.commitment_discount_id, &charge.commitment_discount_type),
            (charge.commitment_discount_status, &charge.resource_id),
        )
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn written_charges_are_read_again(charges in proptest::collection::vec(charge(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bill.csv");
        write_focus_csv(&charges, std::fs::File::create(&path).unwrap()).unwrap();
        let everything = SpendQuery {
            granularity: Granularity::Hourly,
            group_by: vec![
                D::BillingAccountId, D::SubAccountId, D::RegionId, D::ServiceName, D::ServiceCode, D::ServiceCategory, D::ChargeCategory,
                D::IsCorrection, D::PricingCategory, D::UsageType, D::Operation, D::InstanceType, D::PricingUnit, D::PublisherName,
                D::CommitmentDiscountId, D::CommitmentDiscountType, D::CommitmentDiscountStatus, D::ResourceId,
            ],
            filter: RowFilter::All,
            max_groups: None,
        };
        let by_tag =
            SpendQuery { granularity: Granularity::Total, group_by: vec![D::Tag], filter: RowFilter::All, max_groups: None };
        let answer = FocusCostSource::open(path.to_str().unwrap()).unwrap().answer(&[everything, by_tag]).unwrap();
        prop_assert_eq!(answer.rows_malformed, 0, "{:?}", answer.malformed);

        let mut expected: BTreeMap<String, (Costs, Decimal, u64)> = BTreeMap::new();
        let mut expected_tags: BTreeMap<_, Decimal> = BTreeMap::new();
        for charge in &charges {
            let entry = expected.entry(key_of(charge)).or_default();
            entry.0 += Costs {
                billed: charge.billed_cost,
                effective: charge.effective_cost,
                list: charge.list_cost.unwrap_or_default(),
                contracted: charge.contracted_cost.unwrap_or_default(),
            };
            entry.1 += charge.pricing_quantity.unwrap_or_default();
            entry.2 += 1;
            for (key, value) in charge.tags.iter() {
                *expected_tags.entry((charge.billing_currency.to_string(), key.to_string(), value.to_string())).or_default() += charge.billed_cost;
            }
        }
        let read: BTreeMap<String, (Costs, Decimal, u64)> = answer.tables[0]
            .iter()
            .map(|group| {
                let key = group.key.clone();
                let text = format!(
                    "{:?}",
                    (
                        (&key.billing_currency, key.period_start.unwrap(), &key.billing_account_id.unwrap(), &key.sub_account_id),
                        (&key.region_id, &key.service_name.unwrap(), &key.service_code, &key.service_category, key.charge_category.unwrap()),
                        (key.is_correction.unwrap(), key.pricing_category, &key.usage_type, &key.operation, &key.instance_type),
                        (&key.pricing_unit, &key.publisher_name, &key.commitment_discount_id, &key.commitment_discount_type),
                        (key.commitment_discount_status, &key.resource_id),
                    )
                );
                (text, (group.costs, group.pricing_quantity, group.rows))
            })
            .collect();
        prop_assert_eq!(read, expected);
        let tags: BTreeMap<_, Decimal> = answer.tables[1]
            .iter()
            .map(|group| {
                let tag = group.key.tag.clone().unwrap();
                ((group.key.billing_currency.to_string(), tag.key.to_string(), tag.value.to_string()), group.costs.billed)
            })
            .collect();
        prop_assert_eq!(tags, expected_tags);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), after_header in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bill.csv");
        let mut content = if after_header {
            b"BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceName,Tags\n".to_vec()
        } else {
            Vec::new()
        };
        content.extend(bytes);
        std::fs::write(&path, content).unwrap();
        if let Ok(source) = FocusCostSource::open(path.to_str().unwrap()) {
            let _ = source.answer(&finops_domain::snapshot::Bill::queries());
        }
    }
}
