//! Bills of a few rows for the tests of checks, grouped as a source would group them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{CheckRun, CheckSelection, JudgedWindow, formula, run_checks};
use crate::catalog::{Catalog, MetricFacts};
use crate::charge::{
    Charge, ChargeCategory, ChargeGroup, ChargeKey, Costs, Dimension, Granularity, PricingCategory, RowFilter, SpendQuery,
};
use crate::finding::Finding;
use crate::period::{ChargePeriod, Month};
use crate::resource::{Resource, ResourceDetails};
use crate::snapshot::{Bill, Snapshot, SourceInfo, SourceKind};
use crate::utilization::UtilizationSeries;

/// The account of every row that names no other.
pub(crate) const ACCOUNT: &str = "111122223333";

/// A number from its text.
pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A row of usage in us-east-1 in December 2025; the `with_…` functions change it.
pub(crate) fn usage(service_code: &str, usage_type: &str, quantity: &str, cost: &str) -> Charge {
    let cost = dec(cost);
    // December from its 15th hour on: a window of 730 hours, so that a test's sums are a month's as they stand.
    let period = ChargePeriod { start: "2025-12-01T14:00:00Z".parse().unwrap(), end: "2026-01-01T00:00:00Z".parse().unwrap() };
    Charge {
        charge_period: period,
        billing_account_id: "999988887777".into(),
        sub_account_id: Some(ACCOUNT.into()),
        sub_account_name: None,
        billing_currency: "USD".into(),
        billed_cost: cost,
        effective_cost: cost,
        list_cost: Some(cost),
        contracted_cost: Some(cost),
        charge_category: ChargeCategory::Usage,
        is_correction: false,
        charge_description: None,
        pricing_category: Some(PricingCategory::Standard),
        pricing_quantity: Some(dec(quantity)),
        pricing_unit: None,
        service_name: service_code.into(),
        service_code: Some(service_code.into()),
        service_category: None,
        usage_type: Some(usage_type.into()),
        operation: None,
        instance_type: crate::usage_type::parse(usage_type).instance_type.map(Into::into),
        region_id: Some("us-east-1".into()),
        resource_id: None,
        publisher_name: Some("Amazon Web Services".into()),
        commitment_discount_id: None,
        commitment_discount_type: None,
        commitment_discount_status: None,
        tags: std::sync::Arc::default(),
    }
}

impl Charge {
    /// The same row, of a resource.
    pub(crate) fn with_resource(mut self, resource_id: &str) -> Self {
        self.resource_id = Some(resource_id.into());
        self
    }

    /// The same row, of an operation.
    pub(crate) fn with_operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// The same row, in a region.
    pub(crate) fn with_region(mut self, region_id: &str) -> Self {
        self.region_id = Some(region_id.into());
        self
    }

    /// The same row, of an account.
    pub(crate) fn with_account(mut self, sub_account_id: &str) -> Self {
        self.sub_account_id = Some(sub_account_id.into());
        self
    }

    /// The same row, priced so.
    pub(crate) fn with_pricing(mut self, category: PricingCategory) -> Self {
        self.pricing_category = Some(category);
        self
    }

    /// The same row, without a usage type, as in a bill that has no such column.
    pub(crate) fn without_usage_type(mut self) -> Self {
        self.usage_type = None;
        self
    }

    /// The same row, over a whole month such as `2025-11`.
    pub(crate) fn in_month(mut self, month: &str) -> Self {
        let month: Month = month.parse().unwrap();
        self.charge_period = ChargePeriod { start: midnight(month.first_day()), end: midnight(month.next().first_day()) };
        self
    }
}

fn midnight(date: jiff::civil::Date) -> jiff::Timestamp {
    jiff::tz::TimeZone::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).unwrap()
}

/// Whether the row belongs in the answer to a query.
fn is_kept(charge: &Charge, filter: RowFilter) -> bool {
    match filter {
        RowFilter::All => true,
        RowFilter::WithResource => charge.resource_id.is_some(),
        RowFilter::ComputeSavingsPlanEligible => false,
    }
}

fn key_of(charge: &Charge, query: &SpendQuery) -> ChargeKey {
    let mut key = ChargeKey::of_currency(charge.billing_currency.clone());
    if query.granularity != Granularity::Total {
        let date = jiff::tz::TimeZone::UTC.to_datetime(charge.charge_period.start).date();
        let first = if query.granularity == Granularity::Monthly { Month::of(date).first_day() } else { date };
        key.period_start = Some(midnight(first));
    }
    for dimension in &query.group_by {
        match dimension {
            Dimension::BillingAccountId => key.billing_account_id = Some(charge.billing_account_id.clone()),
            Dimension::SubAccountId => key.sub_account_id = charge.sub_account_id.clone(),
            Dimension::RegionId => key.region_id = charge.region_id.clone(),
            Dimension::ServiceName => key.service_name = Some(charge.service_name.clone()),
            Dimension::ServiceCode => key.service_code = charge.service_code.clone(),
            Dimension::ServiceCategory => key.service_category = charge.service_category.clone(),
            Dimension::ChargeCategory => key.charge_category = Some(charge.charge_category),
            Dimension::IsCorrection => key.is_correction = Some(charge.is_correction),
            Dimension::PricingCategory => key.pricing_category = charge.pricing_category,
            Dimension::UsageType => key.usage_type = charge.usage_type.clone(),
            Dimension::Operation => key.operation = charge.operation.clone(),
            Dimension::InstanceType => key.instance_type = charge.instance_type.clone(),
            Dimension::ChargeDescription => key.charge_description = charge.charge_description.clone(),
            Dimension::PricingUnit => key.pricing_unit = charge.pricing_unit.clone(),
            Dimension::PublisherName => key.publisher_name = charge.publisher_name.clone(),
            Dimension::CommitmentDiscountId => key.commitment_discount_id = charge.commitment_discount_id.clone(),
            Dimension::CommitmentDiscountType => key.commitment_discount_type = charge.commitment_discount_type.clone(),
            Dimension::CommitmentDiscountStatus => key.commitment_discount_status = charge.commitment_discount_status,
            Dimension::ResourceId => key.resource_id = charge.resource_id.clone(),
            Dimension::HasResource => key.has_resource = Some(charge.resource_id.is_some()),
            Dimension::HasTags => key.has_tags = Some(!charge.tags.is_empty()),
            Dimension::Tag => {}
        }
    }
    key
}

fn group(charges: &[Charge], query: &SpendQuery) -> Vec<ChargeGroup> {
    let mut groups: BTreeMap<ChargeKey, ChargeGroup> = BTreeMap::new();
    for charge in charges.iter().filter(|charge| is_kept(charge, query.filter)) {
        let key = key_of(charge, query);
        let group = groups.entry(key.clone()).or_insert_with(|| ChargeGroup {
            key,
            costs: Costs::default(),
            pricing_quantity: Decimal::ZERO,
            rows: 0,
            rows_without_list_cost: 0,
            rows_without_contracted_cost: 0,
        });
        group.costs += Costs {
            billed: charge.billed_cost,
            effective: charge.effective_cost,
            list: charge.list_cost.unwrap_or_default(),
            contracted: charge.contracted_cost.unwrap_or_default(),
        };
        group.pricing_quantity += charge.pricing_quantity.unwrap_or_default();
        group.rows += 1;
    }
    groups.into_values().collect()
}

/// The bill of some rows. Tags and hours are left out.
pub(crate) fn bill(charges: &[Charge]) -> Bill {
    let queries = Bill::queries();
    let table = |index: usize| group(charges, &queries[index]);
    let period = |charges: &mut dyn Iterator<Item = &Charge>| {
        charges.map(|charge| charge.charge_period).reduce(|a, b| ChargePeriod { start: a.start.min(b.start), end: a.end.max(b.end) })
    };
    Bill {
        lines: table(0),
        daily: table(1),
        by_resource: table(2),
        by_tag: Vec::new(),
        hourly_compute: Vec::new(),
        totals: Vec::new(),
        charge_period: period(&mut charges.iter()),
        usage_period: period(&mut charges.iter().filter(|charge| charge.charge_category == ChargeCategory::Usage)),
        account_names: BTreeMap::new(),
        rows_read: charges.len() as u64,
        rows_malformed: 0,
        malformed: Vec::new(),
        format: "test".to_owned(),
        missing_columns: Vec::new(),
    }
}

/// The snapshot of some rows and nothing else.
pub(crate) fn snapshot(charges: &[Charge]) -> Snapshot {
    let source = SourceInfo { kind: SourceKind::Bill, location: "test".to_owned(), format: None, as_of: None };
    Snapshot { bill: Some(bill(charges)), ..Snapshot::empty(source, "2026-01-02T00:00:00Z".parse().unwrap()) }
}

/// What one check says of some rows, over the last whole month. Every saving is computed again from its evidence.
pub(crate) fn run(check_id: &str, charges: &[Charge]) -> CheckRun {
    run_with(check_id, charges, &[])
}

/// The same, with some of the check's parameters set.
pub(crate) fn run_with(check_id: &str, charges: &[Charge], parameters: &[(&str, &str)]) -> CheckRun {
    assert!(super::find(check_id).is_some(), "there is no check {check_id}");
    let snapshot = snapshot(charges);
    let bill = snapshot.bill.as_ref().unwrap();
    let window = JudgedWindow::of(bill, 30).unwrap();
    let parameters = parameters.iter().map(|(name, value)| ((check_id.into(), (*name).to_owned()), dec(value))).collect();
    let selection = CheckSelection { only: vec![check_id.into()], skip: Vec::new(), parameters };
    let run = run_checks(&snapshot, bill, &window, &selection);
    run.findings.iter().for_each(recompute);
    run
}

/// The findings of a check over a bill, an inventory and metrics.
pub(crate) fn run_measured(check_id: &str, charges: &[Charge], resources: Vec<Resource>, utilization: Vec<UtilizationSeries>) -> CheckRun {
    // A window needs some usage, whether or not the case under test has any.
    let mut charges = charges.to_vec();
    charges.push(usage("AmazonS3", "TimedStorage-ByteHrs", "1", "0.02"));
    let snapshot = Snapshot { resources, utilization, ..snapshot(&charges) };
    let bill = snapshot.bill.as_ref().unwrap();
    let window = JudgedWindow::of(bill, 30).unwrap();
    let selection = CheckSelection { only: vec![check_id.into()], ..CheckSelection::default() };
    let run = run_checks(&snapshot, bill, &window, &selection);
    run.findings.iter().for_each(recompute);
    run
}

/// The findings of a check over a bill and an inventory.
pub(crate) fn run_described(check_id: &str, charges: &[Charge], resources: Vec<Resource>) -> CheckRun {
    run_measured(check_id, charges, resources, Vec::new())
}

/// A resource with what its service says of it.
pub(crate) fn described(arn: &str, made: &str, details: impl Into<ResourceDetails>) -> Resource {
    Resource { details: Some(Box::new(details.into())), ..resource(arn, made) }
}

/// A resource of an inventory, with its ARN and when it was made.
pub(crate) fn resource(arn: &str, made: &str) -> Resource {
    let kind = Catalog::embedded().recognize_resource_id(arn).and_then(|found| found.kind).unwrap();
    let created_at = Some(made.parse().unwrap());
    Resource { created_at, ..Resource::new(arn, kind.kind, ACCOUNT.into(), Some("us-east-1".into())) }
}

/// The metrics of its kind, of so many days of December 2025, with the same value each day.
pub(crate) fn series(arn: &str, days: u8, value: f64) -> Vec<UtilizationSeries> {
    let kind = Catalog::embedded().recognize_resource_id(arn).and_then(|found| found.kind).unwrap();
    let of = |facts: &MetricFacts| UtilizationSeries {
        resource_id: arn.into(),
        namespace: facts.namespace.to_owned(),
        metric_name: facts.metric.to_owned(),
        statistic: facts.statistic.to_owned(),
        period_seconds: 86_400,
        // The window of these tests begins at 14:00 of the first.
        datapoints: (1..=days).map(|day| (format!("2025-12-{day:02}T15:00:00Z").parse().unwrap(), value)).collect(),
    };
    kind.activity.iter().chain(kind.saturation).map(of).collect()
}

fn recompute(finding: &Finding) {
    if let Some(savings) = &finding.savings {
        assert_eq!(formula::evaluate(&savings.formula, &savings.evidence), Ok(savings.monthly), "{}", finding.title);
        assert!(savings.monthly <= finding.monthly_cost, "{}", finding.title);
    }
    let claimed: Decimal = finding.claims.iter().map(|claim| claim.monthly_cost).sum();
    assert_eq!(claimed, finding.monthly_cost, "{}", finding.title);
}

/// A finding's monthly saving, rounded to cents.
pub(crate) fn cents(finding: &Finding) -> Decimal {
    finding.savings.as_ref().map_or(Decimal::ZERO, |savings| savings.monthly.round_dp(2))
}
