//! Where the money goes: the spend part of a report, computed from a bill.
//!
//! Every list that has more than one currency is grouped by currency, the one with the greatest effective cost first:
//! amounts of two currencies are neither added nor compared. Missing data is never zero: see the fields that are `None`.

mod allocation;
mod anomaly;
mod breakdown;
mod commitment;
mod forecast;
mod ledger;
mod movers;
mod recognition;
mod reconciliation;
mod trend;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use self::ledger::Ledger;
use crate::charge::{ChargeCategory, PricingCategory};
use crate::checks::JudgedWindow;
use crate::id::{Currency, RegionId, ServiceName};
use crate::snapshot::Bill;

/// Everything that a report says of spend. Each figure has its currency and is in it, never converted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpendSummary {
    /// One for each currency, the greatest effective cost first. The whole bill.
    pub total: Vec<SpendTotal>,
    /// By FOCUS ServiceName, each list below by effective cost, greatest first. The whole bill.
    pub by_service: Vec<SpendRow>,
    /// By FOCUS ServiceCategory.
    pub by_service_category: Vec<SpendRow>,
    /// By SubAccountId.
    pub by_account: Vec<SpendRow>,
    /// By RegionId.
    pub by_region: Vec<SpendRow>,
    /// By ChargeCategory.
    pub by_charge_category: Vec<SpendRow>,
    /// By PricingCategory.
    pub by_pricing_category: Vec<SpendRow>,
    /// Charge category Usage alone, by tag key: the 50 keys that carry the greatest share of usage, and of each the 50
    /// values that cost most, `(other values)` for the rest of them, and `(untagged)` for usage without that key.
    /// The rows of a key add up to the usage of the currency.
    pub by_tag: BTreeMap<String, Vec<SpendRow>>,
    /// A day each, oldest first, of usage alone. A month whose usage starts on one or two days only is left out: such a
    /// source has monthly rows, and the first of the month would seem to cost it all.
    pub daily: Vec<PeriodSpend>,
    /// A month each, oldest first, of all charges.
    pub monthly: Vec<MonthSpend>,
    /// Services and accounts that changed most between the last two complete months.
    pub movers: Vec<Mover>,
    /// Days of usage that cost more than expected, the greatest excess first, 100 of a currency at most.
    pub anomalies: Vec<Anomaly>,
    /// What the month under way, or else the next, and the one after it will cost; empty where there is too little history:
    /// less than 14 days of daily or three months of monthly usage.
    pub forecast: Vec<Forecast>,
    /// How our total follows from the source's own, to the last decimal.
    pub reconciliation: Vec<ReconciliationLine>,
    /// Shares of the usage spend: with a resource id, with any tag.
    pub allocation: Vec<Allocation>,
    /// Commitments: coverage, utilization, unused.
    pub commitments: Vec<CommitmentSummary>,
    /// How much of it is of services that the catalog knows. Reports of earlier versions have none.
    #[serde(default)]
    pub recognition: Vec<Recognition>,
}

/// The four costs of a currency, and what commitments and negotiated rates already save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpendTotal {
    /// Of all figures here.
    pub currency: Currency,
    /// FOCUS BilledCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub billed_cost: Decimal,
    /// FOCUS EffectiveCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub effective_cost: Decimal,
    /// FOCUS ListCost of the rows that have one.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub list_cost: Decimal,
    /// FOCUS ContractedCost of the rows that have one.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub contracted_cost: Decimal,
    /// Rows added.
    pub rows: u64,
    /// Rows whose ListCost is missing and therefore not in `list_cost`.
    pub rows_without_list_cost: u64,
    /// Rows whose ContractedCost is missing.
    pub rows_without_contracted_cost: u64,
    /// ListCost less ContractedCost: saved by negotiated rates. Of usage, without Spot, whose price nobody negotiates, and
    /// without unused commitments; `None` where a row of that lacks either cost.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub negotiated_savings: Option<Decimal>,
    /// ContractedCost less EffectiveCost of usage that commitments cover, less the EffectiveCost of what they leave unused;
    /// negative where they cost more than they save. `None` where a covered row lacks ContractedCost.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub commitment_savings: Option<Decimal>,
}

/// A row of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SpendRow {
    /// What it is grouped by; `(none)` where the bill says nothing.
    pub key: String,
    /// A name for people, or a remark, where there is one.
    pub label: Option<String>,
    /// Of the figures.
    pub currency: Currency,
    /// FOCUS BilledCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub billed_cost: Decimal,
    /// FOCUS EffectiveCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub effective_cost: Decimal,
    /// FOCUS ListCost of the rows that have one.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub list_cost: Decimal,
    /// FOCUS ContractedCost of the rows that have one.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub contracted_cost: Decimal,
    /// Effective cost by month, oldest first: the months of [`SpendSummary::monthly`] of the same currency, the last 13 at most.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub monthly_effective_cost: Vec<Decimal>,
    /// Share of the currency's effective cost, rounded to four decimals; 0 where that is not positive.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub share: Decimal,
}

/// What a day cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeriodSpend {
    /// The UTC day.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub date: Date,
    /// Of the figures.
    pub currency: Currency,
    /// FOCUS BilledCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub billed_cost: Decimal,
    /// FOCUS EffectiveCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub effective_cost: Decimal,
}

/// What a month cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonthSpend {
    /// `2025-11`.
    pub month: String,
    /// Of the figures.
    pub currency: Currency,
    /// FOCUS BilledCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub billed_cost: Decimal,
    /// FOCUS EffectiveCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub effective_cost: Decimal,
    /// Whether usage reaches to the month's end.
    pub is_complete: bool,
    /// Change of effective cost against the calendar month before, as a ratio (0.05 is 5 % more), rounded to four decimals;
    /// `None` for the first month, an incomplete one, or one after a month that is not whole or has no positive cost.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub change: Option<Decimal>,
}

/// A part of the spend that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mover {
    /// `service` or `account`.
    pub dimension: String,
    /// Which.
    pub key: String,
    /// Of the figures.
    pub currency: Currency,
    /// The earlier month, and its effective cost.
    pub from_month: String,
    /// See above.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub from_cost: Decimal,
    /// The later month, and its effective cost.
    pub to_month: String,
    /// See above.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub to_cost: Decimal,
    /// Later less earlier.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub change: Decimal,
}

/// A day that cost more than expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Anomaly {
    /// The UTC day.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub date: Date,
    /// Whose series.
    pub service_name: String,
    /// Whose series.
    pub account_id: String,
    /// Of the figures.
    pub currency: Currency,
    /// What it cost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub cost: Decimal,
    /// What was expected: a robust estimate, rounded to cents.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub expected: Decimal,
    /// Cost less expected.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub excess: Decimal,
    /// How many robust standard deviations that is, rounded to one decimal.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub score: Decimal,
}

/// What a month will cost: what is billed of it, the usage that is still expected, and tax on that at the rate of the last
/// whole month. No further purchases, credits or adjustments are expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Forecast {
    /// `2025-12`.
    pub month: String,
    /// Of the figures.
    pub currency: Currency,
    /// What of it is already on the bill.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub actual: Decimal,
    /// The whole month's expected effective cost, `actual` included, rounded to cents.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub expected: Decimal,
    /// Lower end of the prediction interval; never less than `actual`.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub low: Decimal,
    /// Upper end.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub high: Decimal,
    /// The interval's level: 0.8.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub level: Decimal,
    /// Model and history that it rests on.
    pub method: String,
}

/// A line of the reconciliation: the source's total, each named part, and the difference that is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReconciliationLine {
    /// `source total`, `Usage`, `Purchase`, `Tax`, `Credit`, `Adjustment`, `Correction`, `total of the parts`, `difference`.
    pub name: String,
    /// Of the figures.
    pub currency: Currency,
    /// FOCUS BilledCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub billed_cost: Decimal,
    /// FOCUS EffectiveCost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub effective_cost: Decimal,
    /// What it is, in words.
    pub note: String,
}

/// How much of the usage spend can be put down to someone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Allocation {
    /// Of the figures.
    pub currency: Currency,
    /// Effective cost of usage.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub usage_cost: Decimal,
    /// The part that names a resource.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub with_resource: Decimal,
    /// The part that carries any tag.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub with_tags: Decimal,
    /// The part that carries each tag key.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))]
    pub by_tag_key: BTreeMap<String, Decimal>,
}

/// How much of the spend is of services that the catalog knows; credits and refunds are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recognition {
    /// Of the figures.
    pub currency: Currency,
    /// Effective cost of services in the catalog.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub recognized_cost: Decimal,
    /// Of what somebody else than AWS sells: on the marketplace, or another provider.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub other_publishers_cost: Decimal,
    /// Of what the catalog does not know.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub unrecognized_cost: Decimal,
    /// Its share of the three, six decimals.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub unrecognized_share: Decimal,
    /// Its names, the dearest first, 20 at most.
    pub unrecognized: Vec<UnrecognizedSpend>,
    /// Groups of charges by resource that name an ARN.
    pub arns: u64,
    /// Those whose service the catalog knows.
    pub arns_recognized: u64,
}

/// A name on the bill that the catalog does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnrecognizedSpend {
    /// FOCUS ServiceName.
    pub service_name: Option<String>,
    /// The product code.
    pub service_code: Option<String>,
    /// What it cost.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub effective_cost: Decimal,
}

/// What commitments do in the judged window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CommitmentSummary {
    /// The provider's kind: `Savings Plan`, `Reserved`; `all` for their sum.
    pub commitment_type: String,
    /// Of the figures.
    pub currency: Currency,
    /// Effective cost of commitments that were used.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub used_cost: Decimal,
    /// Effective cost of commitments that were not.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub unused_cost: Decimal,
    /// Used ÷ (used + unused), four decimals; `None` where there is neither.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub utilization: Option<Decimal>,
    /// Share of the compute usage that a Compute Savings Plan could cover which commitments do cover, at contracted or else
    /// list prices; for `all` only, and `None` where covered usage has neither price. Spot counts for neither.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub coverage: Option<Decimal>,
}

/// The spend part of a report.
///
/// `window` bounds what is said of commitments; all else is of the whole bill.
pub fn summarise(bill: &Bill, window: Option<&JudgedWindow>) -> SpendSummary {
    let ledger = Ledger::of(bill);
    SpendSummary {
        total: breakdown::totals(&ledger),
        by_service: breakdown::by(&ledger, |key| key.service_name.as_ref().map(ServiceName::as_str)),
        by_service_category: breakdown::by(&ledger, |key| key.service_category.as_deref()),
        by_account: breakdown::by_account(&ledger),
        by_region: breakdown::by(&ledger, |key| key.region_id.as_ref().map(RegionId::as_str)),
        by_charge_category: breakdown::by(&ledger, |key| key.charge_category.map(ChargeCategory::as_str)),
        by_pricing_category: breakdown::by(&ledger, |key| key.pricing_category.map(PricingCategory::as_str)),
        by_tag: breakdown::by_tag(&ledger),
        daily: trend::daily(&ledger),
        monthly: trend::monthly(&ledger),
        movers: movers::movers(&ledger),
        anomalies: anomaly::anomalies(&ledger),
        forecast: forecast::forecast(&ledger),
        reconciliation: reconciliation::reconcile(&ledger),
        allocation: allocation::allocate(&ledger),
        commitments: window.map(|window| commitment::commitments(&ledger, window)).unwrap_or_default(),
        recognition: recognition::recognize(&ledger),
    }
}
