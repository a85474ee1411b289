//! Native advice: what AWS's own tools recommend.

mod merge;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{RegionId, ResourceId, ResourceKind, ServiceName, SubAccountId};
use crate::money::Money;
use crate::period::ChargePeriod;

pub use self::merge::{AdviceNote, AdviceSort, NativeAdviceSection, OtherAdvice, merge};

/// A tool of AWS's that gives advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AdviceSource {
    /// Cost Optimization Hub.
    CostOptimizationHub,
    /// Compute Optimizer.
    ComputeOptimizer,
    /// Trusted Advisor.
    TrustedAdvisor,
    /// Cost Explorer's rightsizing and purchase recommendations.
    CostExplorer,
}

/// What to do, in Cost Optimization Hub's words.
///
/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostOptimizationHub_Recommendation.html>, read 2026-11-24.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AdvisedAction {
    /// Another size.
    Rightsize,
    /// Stop it.
    Stop,
    /// A newer generation.
    Upgrade,
    /// Commit to Savings Plans.
    PurchaseSavingsPlans,
    /// Commit to reservations.
    PurchaseReservedInstances,
    /// Move to Graviton.
    MigrateToGraviton,
    /// Delete it.
    Delete,
    /// Fewer of it.
    ScaleIn,
    /// Anything else that the source names.
    Other,
}

/// One piece of advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeAdvice {
    /// Who says so.
    pub source: AdviceSource,
    /// The source's own id of it.
    pub advice_id: Arc<str>,
    /// The account that it is about.
    pub sub_account_id: Option<SubAccountId>,
    /// The region.
    pub region_id: Option<RegionId>,
    /// The resource; `None` for a purchase or a whole account.
    pub resource_id: Option<ResourceId>,
    /// Its kind, where the source's type is one of the catalog's.
    pub resource_kind: Option<ResourceKind>,
    /// What the source calls the type: `Ec2Instance`.
    pub resource_type: Arc<str>,
    /// What to do.
    pub action: AdvisedAction,
    /// What it is now: `m5.2xlarge`.
    pub current: Option<Arc<str>>,
    /// What it should be: `m6g.xlarge`.
    pub recommended: Option<Arc<str>>,
    /// Estimated saving a month after the account's own discounts, where the source says so.
    pub monthly_savings: Option<Money>,
    /// The same at list prices.
    pub monthly_savings_before_discounts: Option<Money>,
    /// What it costs a month.
    pub monthly_cost: Option<Money>,
    /// Days of utilization that it rests on.
    pub lookback_days: Option<u16>,
    /// Why: the source's reason codes and words.
    pub reasons: Vec<Arc<str>>,
    /// What the source measured, by its own names: `CPU Maximum` = `3.2`.
    pub measured: BTreeMap<Arc<str>, Arc<str>>,
    /// When it was last looked at.
    pub refreshed_at: Option<Timestamp>,
}

/// What a tool of AWS's expects a period to cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeForecast {
    /// Who says so.
    pub source: AdviceSource,
    /// Of which period.
    pub period: ChargePeriod,
    /// What is expected.
    pub expected: Money,
    /// Lower end of the prediction interval; `None` where the source gives none.
    pub low: Option<Money>,
    /// Its upper end.
    pub high: Option<Money>,
    /// The interval's level in percent: 80.
    pub level_percent: u8,
}

/// Spend that a tool of AWS's finds unusual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeAnomaly {
    /// Who says so.
    pub source: AdviceSource,
    /// The source's own id of it.
    pub anomaly_id: Arc<str>,
    /// When it began.
    pub start: Option<Timestamp>,
    /// When it ended; `None` where it goes on.
    pub end: Option<Timestamp>,
    /// What was spent beyond what was expected.
    pub impact: Money,
    /// What was spent.
    pub actual: Option<Money>,
    /// What was expected.
    pub expected: Option<Money>,
    /// What caused it, the largest part first.
    pub causes: Vec<AnomalyCause>,
}

/// What part of the spend an anomaly comes from; what is `None` the source does not narrow down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnomalyCause {
    /// Of which account.
    pub sub_account_id: Option<SubAccountId>,
    /// Of which region.
    pub region_id: Option<RegionId>,
    /// Of which service.
    pub service_name: Option<ServiceName>,
    /// Of what usage.
    pub usage_type: Option<Arc<str>>,
    /// How much of the impact.
    pub contribution: Option<Money>,
}
