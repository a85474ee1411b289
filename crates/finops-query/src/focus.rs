//! The columns of a FOCUS cost and usage bill, and what kind of value each holds.
//!
//! Source: the FOCUS specification 1.0, 1.1, 1.2 and 1.4, dataset "Cost and Usage", <https://focus.finops.org/focus-specification/>,
//! by way of the column lists of the Python package focus-data-toolkit, as of 2026. That 1.3 has no column of its own is unconfirmed.

/// What kind of value a column of the bill holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// Text.
    Text,
    /// FOCUS Decimal: costs, quantities and unit prices.
    Decimal,
    /// FOCUS Date/Time, UTC.
    Timestamp,
    /// A JSON object as text: Tags, SkuPriceDetails.
    Json,
    /// True or false; no FOCUS column is, columns of a provider's own in Parquet may be.
    Bool,
}

/// Name, kind, and the first version of those looked at that has the column.
pub(crate) type FocusColumn = (&'static str, ValueKind, &'static str);

/// Every column of FOCUS 1.0 to 1.4, by name.
#[rustfmt::skip]
pub(crate) const FOCUS_COLUMNS: &[FocusColumn] = &[
    ("AllocatedMethodDetails", ValueKind::Json, "1.4"),
    ("AllocatedMethodId", ValueKind::Text, "1.4"),
    ("AllocatedResourceId", ValueKind::Text, "1.4"),
    ("AllocatedResourceName", ValueKind::Text, "1.4"),
    ("AllocatedTags", ValueKind::Json, "1.4"),
    ("AvailabilityZone", ValueKind::Text, "1.0"),
    ("BilledCost", ValueKind::Decimal, "1.0"),
    ("BillingAccountId", ValueKind::Text, "1.0"),
    ("BillingAccountName", ValueKind::Text, "1.0"),
    ("BillingAccountType", ValueKind::Text, "1.2"),
    ("BillingCurrency", ValueKind::Text, "1.0"),
    ("BillingPeriodEnd", ValueKind::Timestamp, "1.0"),
    ("BillingPeriodStart", ValueKind::Timestamp, "1.0"),
    ("CapacityReservationId", ValueKind::Text, "1.1"),
    ("CapacityReservationStatus", ValueKind::Text, "1.1"),
    ("ChargeCategory", ValueKind::Text, "1.0"),
    ("ChargeClass", ValueKind::Text, "1.0"),
    ("ChargeDescription", ValueKind::Text, "1.0"),
    ("ChargeFrequency", ValueKind::Text, "1.0"),
    ("ChargePeriodEnd", ValueKind::Timestamp, "1.0"),
    ("ChargePeriodStart", ValueKind::Timestamp, "1.0"),
    ("CommitmentDiscountCategory", ValueKind::Text, "1.0"),
    ("CommitmentDiscountId", ValueKind::Text, "1.0"),
    ("CommitmentDiscountName", ValueKind::Text, "1.0"),
    ("CommitmentDiscountQuantity", ValueKind::Decimal, "1.1"),
    ("CommitmentDiscountStatus", ValueKind::Text, "1.0"),
    ("CommitmentDiscountType", ValueKind::Text, "1.0"),
    ("CommitmentDiscountUnit", ValueKind::Text, "1.1"),
    ("CommitmentProgramEligibilityDetails", ValueKind::Json, "1.4"),
    ("ConsumedQuantity", ValueKind::Decimal, "1.0"),
    ("ConsumedUnit", ValueKind::Text, "1.0"),
    ("ContractApplied", ValueKind::Json, "1.4"),
    ("ContractedCost", ValueKind::Decimal, "1.0"),
    ("ContractedUnitPrice", ValueKind::Decimal, "1.0"),
    ("EffectiveCost", ValueKind::Decimal, "1.0"),
    ("HostProviderName", ValueKind::Text, "1.4"),
    ("InvoiceDetailId", ValueKind::Text, "1.4"),
    ("InvoiceId", ValueKind::Text, "1.2"),
    ("InvoiceIssuerName", ValueKind::Text, "1.0"),
    ("ListCost", ValueKind::Decimal, "1.0"),
    ("ListUnitPrice", ValueKind::Decimal, "1.0"),
    ("PricingCategory", ValueKind::Text, "1.0"),
    ("PricingCurrency", ValueKind::Text, "1.2"),
    ("PricingCurrencyContractedUnitPrice", ValueKind::Decimal, "1.2"),
    ("PricingCurrencyEffectiveCost", ValueKind::Decimal, "1.2"),
    ("PricingCurrencyListUnitPrice", ValueKind::Decimal, "1.2"),
    ("PricingQuantity", ValueKind::Decimal, "1.0"),
    ("PricingUnit", ValueKind::Text, "1.0"),
    ("ProviderName", ValueKind::Text, "1.0"),
    ("PublisherName", ValueKind::Text, "1.0"),
    ("RegionId", ValueKind::Text, "1.0"),
    ("RegionName", ValueKind::Text, "1.0"),
    ("ResourceId", ValueKind::Text, "1.0"),
    ("ResourceName", ValueKind::Text, "1.0"),
    ("ResourceType", ValueKind::Text, "1.0"),
    ("ServiceCategory", ValueKind::Text, "1.0"),
    ("ServiceName", ValueKind::Text, "1.0"),
    ("ServiceProviderName", ValueKind::Text, "1.4"),
    ("ServiceSubcategory", ValueKind::Text, "1.1"),
    ("SkuId", ValueKind::Text, "1.0"),
    ("SkuMeter", ValueKind::Text, "1.1"),
    ("SkuPriceDetails", ValueKind::Json, "1.1"),
    ("SkuPriceId", ValueKind::Text, "1.0"),
    ("SubAccountId", ValueKind::Text, "1.0"),
    ("SubAccountName", ValueKind::Text, "1.0"),
    ("SubAccountType", ValueKind::Text, "1.2"),
    ("Tags", ValueKind::Json, "1.0"),
];
