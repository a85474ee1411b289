//! What is in memory, as tables: charges, and the parts of a snapshot and of a report.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::error::ArrowError;
use finops_domain::charge::{Charge, ChargeCategory, ChargeGroup, CommitmentDiscountStatus, PricingCategory};
use finops_domain::finding::Confidence;
use finops_domain::id::{RegionId, ResourceId, ResourceKind, ServiceCode, ServiceName, SubAccountId};
use finops_domain::period::Month;
use finops_domain::report::Report;
use finops_domain::resource::Resource;
use finops_domain::utilization::UtilizationSeries;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::focus::ValueKind;
use crate::values::ColumnBuilder;

fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    let mut builder = ColumnBuilder::new(ValueKind::Text);
    values.for_each(|value| builder.push_str(value.as_ref().map(AsRef::as_ref)));
    builder.finish()
}

fn decimals(values: impl Iterator<Item = Option<Decimal>>) -> ArrayRef {
    let mut builder = ColumnBuilder::new(ValueKind::Decimal);
    values.for_each(|value| builder.push_decimal(value));
    builder.finish()
}

fn instants(values: impl Iterator<Item = Option<Timestamp>>) -> ArrayRef {
    let mut builder = ColumnBuilder::new(ValueKind::Timestamp);
    values.for_each(|value| builder.push_instant(value));
    builder.finish()
}

fn rows<'n>(columns: impl IntoIterator<Item = (&'n str, ArrayRef)>) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
}

/// An object of texts; `None` where there are none, as FOCUS has no empty Tags.
fn json_of(texts: &BTreeMap<Arc<str>, Arc<str>>) -> Option<String> {
    let object: serde_json::Map<String, serde_json::Value> =
        texts.iter().map(|(key, value)| (key.to_string(), serde_json::Value::from(&**value))).collect();
    (!object.is_empty()).then(|| serde_json::Value::Object(object).to_string())
}

/// The month, from its first instant to the next one's, that a charge begins in: its billing period.
fn billing_period(charge: &Charge) -> (Option<Timestamp>, Option<Timestamp>) {
    let month = Month::of(TimeZone::UTC.to_datetime(charge.charge_period.start).date());
    let start_of = |month: Month| TimeZone::UTC.to_timestamp(month.first_day().to_datetime(jiff::civil::Time::midnight())).ok();
    (start_of(month), start_of(month.next()))
}

/// Charges as rows of a FOCUS bill, with AWS's own columns beside FOCUS's.
pub(crate) fn charges(charges: &[Charge]) -> Result<RecordBatch, ArrowError> {
    let all = || charges.iter();
    rows([
        ("ChargePeriodStart", instants(all().map(|charge| Some(charge.charge_period.start)))),
        ("ChargePeriodEnd", instants(all().map(|charge| Some(charge.charge_period.end)))),
        ("BillingPeriodStart", instants(all().map(|charge| billing_period(charge).0))),
        ("BillingPeriodEnd", instants(all().map(|charge| billing_period(charge).1))),
        ("BillingAccountId", texts(all().map(|charge| Some(charge.billing_account_id.as_str())))),
        ("SubAccountId", texts(all().map(|charge| charge.sub_account_id.as_ref().map(SubAccountId::as_str)))),
        ("SubAccountName", texts(all().map(|charge| charge.sub_account_name.as_deref()))),
        ("BillingCurrency", texts(all().map(|charge| Some(charge.billing_currency.as_str())))),
        ("BilledCost", decimals(all().map(|charge| Some(charge.billed_cost)))),
        ("EffectiveCost", decimals(all().map(|charge| Some(charge.effective_cost)))),
        ("ListCost", decimals(all().map(|charge| charge.list_cost))),
        ("ContractedCost", decimals(all().map(|charge| charge.contracted_cost))),
        ("ChargeCategory", texts(all().map(|charge| Some(charge.charge_category.as_str())))),
        ("ChargeClass", texts(all().map(|charge| charge.is_correction.then_some("Correction")))),
        ("ChargeDescription", texts(all().map(|charge| charge.charge_description.as_deref()))),
        ("PricingCategory", texts(all().map(|charge| charge.pricing_category.map(PricingCategory::as_str)))),
        ("PricingQuantity", decimals(all().map(|charge| charge.pricing_quantity))),
        ("PricingUnit", texts(all().map(|charge| charge.pricing_unit.as_deref()))),
        ("ServiceName", texts(all().map(|charge| Some(charge.service_name.as_str())))),
        ("ServiceCategory", texts(all().map(|charge| charge.service_category.as_deref()))),
        ("RegionId", texts(all().map(|charge| charge.region_id.as_ref().map(RegionId::as_str)))),
        ("ResourceId", texts(all().map(|charge| charge.resource_id.as_ref().map(ResourceId::as_str)))),
        ("PublisherName", texts(all().map(|charge| charge.publisher_name.as_deref()))),
        ("CommitmentDiscountId", texts(all().map(|charge| charge.commitment_discount_id.as_deref()))),
        ("CommitmentDiscountType", texts(all().map(|charge| charge.commitment_discount_type.as_deref()))),
        ("CommitmentDiscountStatus", texts(all().map(|charge| charge.commitment_discount_status.map(status)))),
        ("Tags", texts(all().map(|charge| json_of(&charge.tags)))),
        ("x_ServiceCode", texts(all().map(|charge| charge.service_code.as_ref().map(ServiceCode::as_str)))),
        ("x_UsageType", texts(all().map(|charge| charge.usage_type.as_deref()))),
        ("x_Operation", texts(all().map(|charge| charge.operation.as_deref()))),
        ("x_InstanceType", texts(all().map(|charge| charge.instance_type.as_deref()))),
    ])
}

fn status(status: CommitmentDiscountStatus) -> &'static str {
    match status {
        CommitmentDiscountStatus::Used => "Used",
        CommitmentDiscountStatus::Unused => "Unused",
    }
}

/// The table `resources`.
pub(crate) fn resources(resources: &[Resource]) -> Result<RecordBatch, ArrowError> {
    let all = || resources.iter();
    rows([
        ("resource_id", texts(all().map(|resource| Some(resource.resource_id.as_str())))),
        ("kind", texts(all().map(|resource| Some(resource.kind.as_str())))),
        ("sub_account_id", texts(all().map(|resource| Some(resource.sub_account_id.as_str())))),
        ("region_id", texts(all().map(|resource| resource.region_id.as_ref().map(RegionId::as_str)))),
        ("name", texts(all().map(|resource| resource.name.as_deref()))),
        ("created_at", instants(all().map(|resource| resource.created_at))),
        ("configuration", texts(all().map(|resource| json_of(&resource.configuration)))),
        ("tags", texts(all().map(|resource| json_of(&resource.tags)))),
    ])
}

/// The table `utilization`: one row for each datapoint.
pub(crate) fn utilization(series: &[UtilizationSeries]) -> Result<RecordBatch, ArrowError> {
    let all = || series.iter().flat_map(|series| series.datapoints.iter().map(move |datapoint| (series, datapoint)));
    rows([
        ("resource_id", texts(all().map(|(series, _)| Some(series.resource_id.as_str())))),
        ("namespace", texts(all().map(|(series, _)| Some(&series.namespace)))),
        ("metric_name", texts(all().map(|(series, _)| Some(&series.metric_name)))),
        ("statistic", texts(all().map(|(series, _)| Some(&series.statistic)))),
        ("period_seconds", Arc::new(Int64Array::from_iter_values(all().map(|(series, _)| i64::from(series.period_seconds)))) as ArrayRef),
        ("period_start", instants(all().map(|(_, datapoint)| Some(datapoint.0)))),
        ("value", Arc::new(Float64Array::from_iter_values(all().map(|(_, datapoint)| datapoint.1))) as ArrayRef),
    ])
}

/// The table `spend`: a snapshot's monthly groups of charges.
pub(crate) fn spend(groups: &[ChargeGroup]) -> Result<RecordBatch, ArrowError> {
    let all = || groups.iter();
    rows([
        ("period_start", instants(all().map(|group| group.key.period_start))),
        ("billing_currency", texts(all().map(|group| Some(group.key.billing_currency.as_str())))),
        ("sub_account_id", texts(all().map(|group| group.key.sub_account_id.as_ref().map(SubAccountId::as_str)))),
        ("region_id", texts(all().map(|group| group.key.region_id.as_ref().map(RegionId::as_str)))),
        ("service_name", texts(all().map(|group| group.key.service_name.as_ref().map(ServiceName::as_str)))),
        ("service_code", texts(all().map(|group| group.key.service_code.as_ref().map(ServiceCode::as_str)))),
        ("service_category", texts(all().map(|group| group.key.service_category.as_deref()))),
        ("charge_category", texts(all().map(|group| group.key.charge_category.map(ChargeCategory::as_str)))),
        ("pricing_category", texts(all().map(|group| group.key.pricing_category.map(PricingCategory::as_str)))),
        ("usage_type", texts(all().map(|group| group.key.usage_type.as_deref()))),
        ("operation", texts(all().map(|group| group.key.operation.as_deref()))),
        ("instance_type", texts(all().map(|group| group.key.instance_type.as_deref()))),
        ("charge_description", texts(all().map(|group| group.key.charge_description.as_deref()))),
        ("commitment_discount_id", texts(all().map(|group| group.key.commitment_discount_id.as_deref()))),
        ("billed_cost", decimals(all().map(|group| Some(group.costs.billed)))),
        ("effective_cost", decimals(all().map(|group| Some(group.costs.effective)))),
        ("list_cost", decimals(all().map(|group| Some(group.costs.list)))),
        ("contracted_cost", decimals(all().map(|group| Some(group.costs.contracted)))),
        ("pricing_quantity", decimals(all().map(|group| Some(group.pricing_quantity)))),
        ("pricing_unit", texts(all().map(|group| group.key.pricing_unit.as_deref()))),
        ("rows", Arc::new(all().map(|group| i64::try_from(group.rows).ok()).collect::<Int64Array>()) as ArrayRef),
    ])
}

/// The table `findings`.
pub(crate) fn findings(report: &Report) -> Result<RecordBatch, ArrowError> {
    let all = || report.findings.iter();
    let savings = || all().map(|finding| finding.savings.as_ref());
    rows([
        ("finding_id", texts(all().map(|finding| Some(finding.finding_id.as_str())))),
        ("check_id", texts(all().map(|finding| Some(finding.check_id.as_str())))),
        ("title", texts(all().map(|finding| Some(finding.title.as_str())))),
        ("resource_id", texts(all().map(|finding| finding.resource_id.as_ref().map(ResourceId::as_str)))),
        ("resource_kind", texts(all().map(|finding| finding.resource_kind.as_ref().map(ResourceKind::as_str)))),
        ("account_id", texts(all().map(|finding| finding.account_id.as_ref().map(SubAccountId::as_str)))),
        ("region_id", texts(all().map(|finding| finding.region_id.as_ref().map(RegionId::as_str)))),
        ("service_name", texts(all().map(|finding| finding.service_name.as_ref().map(ServiceName::as_str)))),
        ("monthly_cost", decimals(all().map(|finding| Some(finding.monthly_cost)))),
        ("currency", texts(all().map(|finding| Some(finding.currency.as_str())))),
        ("monthly_savings", decimals(savings().map(|savings| savings.map(|savings| savings.monthly)))),
        (
            "confidence",
            Arc::new(savings().map(|savings| savings.map(|savings| confidence(savings.confidence))).collect::<StringArray>()) as ArrayRef,
        ),
        ("formula", texts(savings().map(|savings| savings.map(|savings| savings.formula.as_str())))),
        ("suppressed", texts(all().map(|finding| finding.suppressed.as_deref()))),
        (
            "counts",
            Arc::new(all().map(|finding| Some(finding.displaced_by.is_none() && finding.suppressed.is_none())).collect::<BooleanArray>())
                as ArrayRef,
        ),
    ])
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}
