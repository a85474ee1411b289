//! Writes charges as a FOCUS file.

use std::io::{self, Write};

use finops_domain::charge::{Charge, CommitmentDiscountStatus};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// FOCUS 1.2 names, AWS's own columns last. Only columns that a [`Charge`] can fill.
const COLUMNS: [&str; 32] = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountType",
    "BillingCurrency",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "CommitmentDiscountId",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceId",
    "ListCost",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "ResourceId",
    "ServiceCategory",
    "ServiceName",
    "SkuPriceDetails",
    "SubAccountId",
    "SubAccountName",
    "Tags",
    "x_Operation",
    "x_ServiceCode",
    "x_UsageType",
];

/// Writes charges as CSV with the columns of FOCUS 1.2 that a charge fills, and AWS's `x_` columns.
///
/// Reading the file again gives the same charges, with two exceptions that lie in the format: a text that is empty or
/// `NULL` reads as null, and the instance type is told by the usage type where there is one.
///
/// # Errors
/// What writing to `out` says.
pub fn write_focus_csv(charges: &[Charge], out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for charge in charges {
        let tags = if charge.tags.is_empty() { String::new() } else { json(charge.tags.iter().map(|(key, value)| (&**key, &**value))) };
        let details = charge.instance_type.as_ref().map(|text| json([("InstanceType", &**text)])).unwrap_or_default();
        let status = charge.commitment_discount_status.map_or("", |status| match status {
            CommitmentDiscountStatus::Used => "Used",
            CommitmentDiscountStatus::Unused => "Unused",
        });
        csv.write_record([
            charge.billed_cost.to_string().as_str(),
            charge.billing_account_id.as_str(),
            "",
            charge.billing_currency.as_str(),
            charge.charge_category.as_str(),
            if charge.is_correction { "Correction" } else { "" },
            charge.charge_description.as_deref().unwrap_or_default(),
            &instant(charge.charge_period.end),
            &instant(charge.charge_period.start),
            charge.commitment_discount_id.as_deref().unwrap_or_default(),
            status,
            charge.commitment_discount_type.as_deref().unwrap_or_default(),
            &optional(charge.contracted_cost),
            &charge.effective_cost.to_string(),
            "",
            &optional(charge.list_cost),
            charge.pricing_category.map_or("", finops_domain::charge::PricingCategory::as_str),
            &optional(charge.pricing_quantity),
            charge.pricing_unit.as_deref().unwrap_or_default(),
            "AWS",
            charge.publisher_name.as_deref().unwrap_or_default(),
            charge.region_id.as_ref().map_or("", |id| id.as_str()),
            charge.resource_id.as_ref().map_or("", |id| id.as_str()),
            charge.service_category.as_deref().unwrap_or_default(),
            charge.service_name.as_str(),
            &details,
            charge.sub_account_id.as_ref().map_or("", |id| id.as_str()),
            charge.sub_account_name.as_deref().unwrap_or_default(),
            &tags,
            charge.operation.as_deref().unwrap_or_default(),
            charge.service_code.as_ref().map_or("", |code| code.as_str()),
            charge.usage_type.as_deref().unwrap_or_default(),
        ])?;
    }
    csv.flush()
}

fn json<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let object: serde_json::Map<String, serde_json::Value> =
        entries.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    serde_json::Value::Object(object).to_string()
}

fn optional(amount: Option<Decimal>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

/// FOCUS writes whole seconds.
fn instant(instant: Timestamp) -> String {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant).to_string()
}
