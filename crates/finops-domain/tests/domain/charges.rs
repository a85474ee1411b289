//! Charges for tests, and a bill of them: the tables of `Bill::queries`, grouped in the plainest way.

use std::collections::{BTreeMap, BTreeSet};

use finops_domain::charge::{
    Charge, ChargeCategory, ChargeGroup, ChargeKey, Costs, CurrencyTotal, Dimension, Granularity, PricingCategory, RowFilter, SpendAnswer,
    SpendQuery, TagPair,
};
use finops_domain::id::ServiceCode;
use finops_domain::period::{ChargePeriod, Month};
use finops_domain::snapshot::Bill;
use finops_domain::usage_type::is_compute_savings_plan_eligible;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

pub(crate) fn midnight(date: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).unwrap()
}

pub(crate) fn day(date: Date) -> ChargePeriod {
    ChargePeriod { start: midnight(date), end: midnight(date.tomorrow().unwrap()) }
}

pub(crate) fn month(text: &str) -> ChargePeriod {
    let month: Month = text.parse().unwrap();
    ChargePeriod { start: month.start(), end: month.next().start() }
}

pub(crate) fn days(first: Date, count: i64) -> impl Iterator<Item = Date> {
    (0..count).map(move |ahead| first.checked_add(ahead.days()).unwrap())
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// On-demand usage of one service in one account that costs the same by all four costs.
pub(crate) fn usage(period: ChargePeriod, service: &str, cost: Decimal) -> Charge {
    Charge {
        charge_period: period,
        billing_account_id: "999999999999".into(),
        sub_account_id: Some("111111111111".into()),
        sub_account_name: Some("shop".into()),
        billing_currency: "USD".into(),
        billed_cost: cost,
        effective_cost: cost,
        list_cost: Some(cost),
        contracted_cost: Some(cost),
        charge_category: ChargeCategory::Usage,
        is_correction: false,
        charge_description: None,
        pricing_category: Some(PricingCategory::Standard),
        pricing_quantity: Some(Decimal::ONE),
        pricing_unit: Some("Hours".into()),
        service_name: service.into(),
        service_code: Some("AmazonEC2".into()),
        service_category: Some("Compute".into()),
        usage_type: Some("EU-BoxUsage:m5.large".into()),
        operation: None,
        instance_type: None,
        region_id: Some("eu-west-1".into()),
        resource_id: None,
        publisher_name: None,
        commitment_discount_id: None,
        commitment_discount_type: None,
        commitment_discount_status: None,
        tags: std::sync::Arc::default(),
    }
}

pub(crate) fn bill(charges: &[Charge]) -> Bill {
    let mut totals: BTreeMap<_, CurrencyTotal> = BTreeMap::new();
    for charge in charges {
        let total = totals.entry(charge.billing_currency.clone()).or_insert_with(|| CurrencyTotal {
            billing_currency: charge.billing_currency.clone(),
            costs: Costs::default(),
            rows: 0,
            rows_without_list_cost: 0,
            rows_without_contracted_cost: 0,
        });
        total.costs += costs(charge);
        total.rows += 1;
        total.rows_without_list_cost += u64::from(charge.list_cost.is_none());
        total.rows_without_contracted_cost += u64::from(charge.contracted_cost.is_none());
    }
    let names = charges.iter().filter_map(|charge| Some((charge.sub_account_id.clone()?, charge.sub_account_name.clone()?)));
    Bill::from_answer(SpendAnswer {
        tables: Bill::queries().iter().map(|query| group(charges, query)).collect(),
        totals: totals.into_values().collect(),
        charge_period: span(charges.iter()),
        usage_period: span(charges.iter().filter(|charge| charge.charge_category == ChargeCategory::Usage)),
        account_names: names.collect(),
        rows_read: charges.len() as u64,
        rows_malformed: 0,
        malformed: Vec::new(),
        format: "test".to_owned(),
        missing_columns: Vec::new(),
        gaps: Vec::new(),
    })
}

fn span<'a>(charges: impl Iterator<Item = &'a Charge>) -> Option<ChargePeriod> {
    charges.map(|charge| charge.charge_period).reduce(|a, b| ChargePeriod { start: a.start.min(b.start), end: a.end.max(b.end) })
}

fn costs(charge: &Charge) -> Costs {
    Costs {
        billed: charge.billed_cost,
        effective: charge.effective_cost,
        list: charge.list_cost.unwrap_or_default(),
        contracted: charge.contracted_cost.unwrap_or_default(),
    }
}

fn group(charges: &[Charge], query: &SpendQuery) -> Vec<ChargeGroup> {
    let mut groups: BTreeMap<ChargeKey, ChargeGroup> = BTreeMap::new();
    let asked: BTreeSet<Dimension> = query.group_by.iter().copied().collect();
    for charge in charges.iter().filter(|charge| passes(charge, query.filter)) {
        let tags: Vec<Option<TagPair>> = if asked.contains(&Dimension::Tag) {
            charge.tags.iter().map(|(key, value)| Some(TagPair { key: key.clone(), value: value.clone() })).collect()
        } else {
            vec![None]
        };
        for tag in tags {
            let key = ChargeKey { tag, ..key(charge, query.granularity, &asked) };
            let group = groups.entry(key.clone()).or_insert_with(|| ChargeGroup {
                key,
                costs: Costs::default(),
                pricing_quantity: Decimal::ZERO,
                rows: 0,
                rows_without_list_cost: 0,
                rows_without_contracted_cost: 0,
            });
            group.costs += costs(charge);
            group.pricing_quantity += charge.pricing_quantity.unwrap_or_default();
            group.rows += 1;
            group.rows_without_list_cost += u64::from(charge.list_cost.is_none());
            group.rows_without_contracted_cost += u64::from(charge.contracted_cost.is_none());
        }
    }
    groups.into_values().collect()
}

fn passes(charge: &Charge, filter: RowFilter) -> bool {
    match filter {
        RowFilter::All => true,
        RowFilter::WithResource => charge.resource_id.is_some(),
        RowFilter::ComputeSavingsPlanEligible => {
            let code = charge.service_code.as_ref().map(ServiceCode::as_str);
            charge.charge_category == ChargeCategory::Usage
                && is_compute_savings_plan_eligible(code, charge.usage_type.as_deref(), charge.instance_type.as_deref())
        }
    }
}

fn key(charge: &Charge, granularity: Granularity, asked: &BTreeSet<Dimension>) -> ChargeKey {
    use Dimension as D;
    fn wanted<T: Clone>(asked: &BTreeSet<Dimension>, dimension: Dimension, value: Option<&T>) -> Option<T> {
        if asked.contains(&dimension) { value.cloned() } else { None }
    }
    let start = charge.charge_period.start;
    let date = TimeZone::UTC.to_datetime(start).date();
    ChargeKey {
        billing_currency: charge.billing_currency.clone(),
        period_start: match granularity {
            Granularity::Total => None,
            Granularity::Monthly => Some(Month::of(date).start()),
            Granularity::Daily => Some(midnight(date)),
            Granularity::Hourly => Some(Timestamp::from_second(start.as_second().div_euclid(3600) * 3600).unwrap()),
        },
        billing_account_id: wanted(asked, D::BillingAccountId, Some(&charge.billing_account_id)),
        sub_account_id: wanted(asked, D::SubAccountId, charge.sub_account_id.as_ref()),
        region_id: wanted(asked, D::RegionId, charge.region_id.as_ref()),
        service_name: wanted(asked, D::ServiceName, Some(&charge.service_name)),
        service_code: wanted(asked, D::ServiceCode, charge.service_code.as_ref()),
        service_category: wanted(asked, D::ServiceCategory, charge.service_category.as_ref()),
        charge_category: wanted(asked, D::ChargeCategory, Some(&charge.charge_category)),
        is_correction: wanted(asked, D::IsCorrection, Some(&charge.is_correction)),
        pricing_category: wanted(asked, D::PricingCategory, charge.pricing_category.as_ref()),
        usage_type: wanted(asked, D::UsageType, charge.usage_type.as_ref()),
        operation: wanted(asked, D::Operation, charge.operation.as_ref()),
        instance_type: wanted(asked, D::InstanceType, charge.instance_type.as_ref()),
        charge_description: wanted(asked, D::ChargeDescription, charge.charge_description.as_ref()),
        pricing_unit: wanted(asked, D::PricingUnit, charge.pricing_unit.as_ref()),
        publisher_name: wanted(asked, D::PublisherName, charge.publisher_name.as_ref()),
        commitment_discount_id: wanted(asked, D::CommitmentDiscountId, charge.commitment_discount_id.as_ref()),
        commitment_discount_type: wanted(asked, D::CommitmentDiscountType, charge.commitment_discount_type.as_ref()),
        commitment_discount_status: wanted(asked, D::CommitmentDiscountStatus, charge.commitment_discount_status.as_ref()),
        resource_id: wanted(asked, D::ResourceId, charge.resource_id.as_ref()),
        has_resource: wanted(asked, D::HasResource, Some(&charge.resource_id.is_some())),
        has_tags: wanted(asked, D::HasTags, Some(&!charge.tags.is_empty())),
        tag: None,
    }
}
