//! The report: one versioned document that is stored, rendered, compared and served.
//!
//! Money is a decimal string; `schema_version` rises when a field changes its meaning. Fields are only ever added,
//! with a default, so that an older report stays readable.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::advice::NativeAdviceSection;
use crate::coverage::CoverageCell;
use crate::finding::{Claim, Evidence, FindingKind, NotEvaluated, Savings};
use crate::id::{CheckId, Currency, FindingId, RegionId, ReportId, ResourceId, ResourceKind, ServiceName, SubAccountId};
use crate::savings::SavingsTotals;
use crate::snapshot::SourceInfo;
use crate::spend::SpendSummary;

/// The version of the document that this program writes.
pub const SCHEMA_VERSION: &str = "1.0";

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: String,
    /// `finops-analysis-20251124-120000`, with a suffix when that was taken.
    pub report_id: ReportId,
    /// When it was made.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub generated_at: Timestamp,
    /// Version of the program.
    pub tool_version: String,
    /// Where the data is from.
    pub source: SourceInfo,
    /// What was asked for.
    pub scope: Scope,
    /// What was looked at.
    pub coverage: Coverage,
    /// Where the money goes; `None` where there was no cost data.
    pub spend: Option<SpendSummary>,
    /// What the checks found, the most valuable first.
    pub findings: Vec<ReportFinding>,
    /// What to do about it, the most valuable first.
    pub recommendations: Vec<Recommendation>,
    /// Savings of the currency with the greatest spend.
    pub savings: SavingsTotals,
    /// The same of every currency, that one among them.
    pub savings_by_currency: Vec<SavingsTotals>,
    /// What AWS's own tools recommend, beside our findings; in no total of ours.
    #[serde(default)]
    pub native_advice: NativeAdviceSection,
    /// What could not be judged.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Which checks ran.
    pub checks_run: Vec<CheckId>,
    /// What the advisor said.
    pub advisor: AdvisorSection,
    /// How the run went.
    pub run: RunInfo,
}

/// What a report is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scope {
    /// Accounts with spend or resources, sorted.
    pub accounts: Vec<AccountLabel>,
    /// Regions, sorted.
    pub regions: Vec<RegionId>,
    /// Services, sorted.
    pub services: Vec<ServiceName>,
    /// First instant of the data.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub period_start: Option<Timestamp>,
    /// First instant after it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub period_end: Option<Timestamp>,
    /// First instant of the months that the checks judged.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub judged_start: Option<Timestamp>,
    /// First instant after them.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub judged_end: Option<Timestamp>,
    /// Whether the judged months are whole ones.
    pub judged_is_complete: bool,
}

/// An account and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountLabel {
    /// The id.
    pub sub_account_id: SubAccountId,
    /// The name, where the source knows it.
    pub name: Option<String>,
}

/// What was looked at, weighted by money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coverage {
    /// Whether nothing is missing.
    pub complete: bool,
    /// Shares of the judged spend.
    pub by_money: CoverageByMoney,
    /// Cells, sorted.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<serde_json::Value>"))]
    pub cells: Vec<CoverageCell>,
    /// Rows of the bill that could not be read, with file and line; the first hundred.
    pub malformed_rows: Vec<String>,
    /// How many rows could not be read.
    pub rows_malformed: u64,
    /// How many rows were read.
    pub rows_read: u64,
}

/// Shares of the judged months' spend, 0 to 1, that add up to 1; all 0 where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CoverageByMoney {
    /// Of services that at least one check which ran looks at.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub judged: Decimal,
    /// Of services that no check which ran looks at.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub no_check: Decimal,
    /// Of what a check could not judge for lack of data.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub no_data: Decimal,
    /// Of what we were not let see.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub denied: Decimal,
}

/// A finding as it stands in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportFinding {
    /// Stable over time.
    pub finding_id: FindingId,
    /// Which check.
    pub check_id: CheckId,
    /// A resource's ARN or id.
    pub resource_id: Option<ResourceId>,
    /// Its kind.
    pub resource_kind: Option<ResourceKind>,
    /// What it is about where that is no resource: a part of the spend.
    pub subject: String,
    /// The account.
    pub account_id: Option<SubAccountId>,
    /// The region.
    pub region_id: Option<RegionId>,
    /// The service.
    pub service_name: Option<ServiceName>,
    /// One sentence.
    pub title: String,
    /// Act or look.
    pub kind: FindingKind,
    /// What the spend that it is about costs a month of 730 hours.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub monthly_cost: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// The saving; `null` for an investigation.
    pub savings: Option<Savings>,
    /// Evidence of an investigation.
    pub evidence: Vec<Evidence>,
    /// The spend that it claims.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<serde_json::Value>"))]
    pub claims: Vec<Claim>,
    /// The suppression that covers it.
    pub suppressed: Option<String>,
    /// The finding that claims the same money and was preferred.
    pub displaced_by: Option<FindingId>,
}

/// What to do about the findings of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recommendation {
    /// Stable over time.
    pub recommendation_id: String,
    /// A few words.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// Which findings it would settle.
    pub finding_ids: Vec<FindingId>,
    /// What they save together, without those that are displaced.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub monthly_savings: Decimal,
    /// Of the saving.
    pub currency: Currency,
    /// high, medium, low: see docs/semantics.md.
    pub priority: String,
    /// low, medium, high.
    pub risk: String,
    /// What can go wrong.
    pub risk_note: String,
    /// low, medium, high.
    pub effort: String,
    /// Days until it has paid for itself; 0 where it costs nothing but work, `null` where that is not known.
    pub payback_days: Option<u32>,
    /// What to do.
    pub steps: Vec<String>,
    /// How to take it back.
    pub rollback: String,
    /// The page that the rule is from.
    pub source: String,
}

/// What the advisor said, and what was rejected of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdvisorSection {
    /// Whether one was asked.
    pub used: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Which model.
    pub model_id: Option<String>,
    /// Verified statements.
    pub narrative: Vec<String>,
    /// What was rejected, and why.
    pub rejected: Vec<String>,
}

/// How a run went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunInfo {
    /// When it began.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub started_at: Timestamp,
    /// How long it took.
    pub duration_seconds: f64,
    /// What calls to AWS it made, by API, attempts that failed among them; empty for a bill.
    pub api_calls: BTreeMap<String, u64>,
    /// What they cost, in USD.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub api_cost: Decimal,
    /// Calls that were answered from the cache, by API.
    #[serde(default)]
    pub api_calls_cached: BTreeMap<String, u64>,
    /// What those would have cost, in USD.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub api_cost_saved: Decimal,
}

/// A line of `finops list-reports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSummary {
    /// The id.
    pub report_id: ReportId,
    /// When it was made.
    pub generated_at: Timestamp,
    /// Where the data is from.
    pub source: SourceInfo,
    /// Findings in it.
    pub finding_count: usize,
    /// Its net savings.
    pub savings: SavingsTotals,
    /// Whether nothing was missing.
    pub complete: bool,
}

impl Report {
    /// The line that a list shows of it.
    pub fn summary(&self) -> ReportSummary {
        ReportSummary {
            report_id: self.report_id.clone(),
            generated_at: self.generated_at,
            source: self.source.clone(),
            finding_count: self.findings.len(),
            savings: self.savings.clone(),
            complete: self.coverage.complete,
        }
    }
}
