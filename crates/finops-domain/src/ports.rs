//! Ports: what the analysis asks of the outside, in its own words. Adapters implement them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::{self, Debug};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::advice::NativeAdvice;
use crate::charge::{SpendAnswer, SpendQuery};
use crate::coverage::CoverageStatus;
use crate::id::{RegionId, ReportId, SubAccountId};
use crate::period::ChargePeriod;
use crate::price::{PriceKey, UnitPrice};
use crate::report::{Report, ReportSummary};
use crate::resource::Resource;
use crate::run_metrics::RunMetrics;
use crate::scope::{Account, Cell, InventoryService};
use crate::snapshot::SourceInfo;
use crate::utilization::{Observed, UtilizationQuery, UtilizationSeries};

/// The result of a port's call.
pub type PortResult<T> = Result<T, PortError>;

/// What kind of thing went wrong. Wrappers and the coverage table read this and need to know no adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PortErrorKind {
    /// The other side refused who we are.
    Denied,
    /// The other side asks to slow down.
    Throttled,
    /// The feature is not switched on.
    NotEnabled,
    /// There is no such thing.
    NotFound,
    /// Our request makes no sense to the other side.
    InvalidRequest,
    /// No answer in time.
    TimedOut,
    /// The other side is not there or failed.
    Unavailable,
    /// The answer makes no sense.
    Corrupt,
    /// The other side will not do it.
    Refused,
}

impl PortErrorKind {
    /// Whether the same request may go through later.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Throttled | Self::TimedOut | Self::Unavailable => true,
            Self::Denied | Self::NotEnabled | Self::NotFound | Self::InvalidRequest | Self::Corrupt | Self::Refused => false,
        }
    }
}

impl fmt::Display for PortErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Denied => "access denied",
            Self::Throttled => "throttled",
            Self::NotEnabled => "not enabled",
            Self::NotFound => "not found",
            Self::InvalidRequest => "invalid request",
            Self::TimedOut => "timed out",
            Self::Unavailable => "unavailable",
            Self::Corrupt => "not readable",
            Self::Refused => "refused",
        })
    }
}

/// The error of every port: what was done, on what, what kind of failure; its cause is the source, and never
/// repeated in the text.
#[derive(Debug, thiserror::Error)]
#[error("{operation} on `{target}`: {kind}")]
pub struct PortError {
    /// What kind.
    pub kind: PortErrorKind,
    /// What was done: `ReportStore.get`.
    pub operation: &'static str,
    /// On what: a path, an account, an id.
    pub target: String,
    /// When the other side said to come back.
    pub retry_after: Option<Duration>,
    /// What the user can do about it, where the adapter knows: a sentence or a policy statement.
    pub remedy: Option<String>,
    /// The cause.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl PortError {
    /// An error without a cause.
    pub fn new(kind: PortErrorKind, operation: &'static str, target: impl Into<String>) -> Self {
        Self { kind, operation, target: target.into(), retry_after: None, remedy: None, source: None }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Where charges come from: a bill's files, Cost Explorer, the demonstration account.
#[async_trait]
pub trait CostSource: Debug + Send + Sync {
    /// What the source is.
    fn info(&self) -> SourceInfo;

    /// Answers all queries, reading the source once where it can.
    ///
    /// Table `i` answers query `i`; groups are sorted by key; the sum of any table over `RowFilter::All` without
    /// `Dimension::Tag` equals `totals`, for each currency, to the last decimal.
    ///
    /// # Errors
    /// MUST fail where nothing can be read at all; a row that cannot be read is counted in the answer instead.
    async fn spend(&self, queries: &[SpendQuery]) -> PortResult<SpendAnswer>;
}

/// Something that a call could not read, beside what it could.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// What was asked: `ec2:DescribeVolumes`.
    pub operation: String,
    /// How it ended.
    pub status: CoverageStatus,
    /// Why, with its causes.
    pub reason: String,
    /// What the user can do.
    pub remedy: Option<String>,
}

impl From<&PortError> for Gap {
    fn from(error: &PortError) -> Self {
        let status = match error.kind {
            PortErrorKind::Denied | PortErrorKind::Refused => CoverageStatus::Denied,
            PortErrorKind::Throttled => CoverageStatus::Throttled,
            PortErrorKind::NotEnabled => CoverageStatus::NotEnabled,
            _ => CoverageStatus::Failed,
        };
        // The place is in the cell that the gap is noted in.
        let mut reason = format!("{}: {}", error.operation, error.kind);
        let mut cause = Error::source(error);
        while let Some(error) = cause {
            reason = format!("{reason}: {error}");
            cause = error.source();
        }
        Self { operation: error.operation.to_owned(), status, reason, remedy: error.remedy.clone() }
    }
}

/// What a call read, and what it could not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected<T> {
    /// What it read.
    pub value: T,
    /// What it could not, sorted; empty where nothing is missing.
    pub gaps: Vec<Gap>,
}

impl<T> Collected<T> {
    /// All of it.
    pub fn complete(value: T) -> Self {
        Self { value, gaps: Vec::new() }
    }
}

/// Which accounts and regions there are.
#[async_trait]
pub trait AccountDirectory: Debug + Send + Sync {
    /// The accounts of the organization that can be looked at, sorted; where there is none, the caller's own.
    ///
    /// # Errors
    /// MUST fail where not even the caller's own account is known.
    async fn accounts(&self) -> PortResult<Collected<Vec<Account>>>;

    /// Regions that are enabled for an account, sorted.
    ///
    /// # Errors
    /// Where that cannot be asked.
    async fn enabled_regions(&self, account: &SubAccountId) -> PortResult<Vec<RegionId>>;
}

/// Where resources come from.
#[async_trait]
pub trait ResourceInventory: Debug + Send + Sync {
    /// What it is called in the coverage of a report: `services`, `resource groups tagging`.
    fn name(&self) -> &'static str;

    /// What it can be asked for, sorted; each is one cell of every account and region.
    fn services(&self) -> Vec<InventoryService>;

    /// The resources of a cell, each once, sorted by kind and id; what could not be read is in the gaps. An empty cell is
    /// empty, not an error.
    ///
    /// # Errors
    /// MUST fail only where nothing can be read.
    async fn resources(&self, cell: &Cell) -> PortResult<Collected<Vec<Resource>>>;
}

/// Where utilization comes from.
#[async_trait]
pub trait UtilizationSource: Debug + Send + Sync {
    /// Answer `i` belongs to query `i`: its datapoints of the period, end exclusive, sorted by time; `Missing` where there
    /// are none, never zero. A query that fails does not spoil the others.
    ///
    /// # Errors
    /// MUST fail only where nothing can be read.
    async fn utilization(
        &self,
        account: &SubAccountId,
        region: &RegionId,
        period: ChargePeriod,
        queries: &[UtilizationQuery],
    ) -> PortResult<Vec<Observed<UtilizationSeries>>>;
}

/// Where list prices come from.
#[async_trait]
pub trait PriceCatalog: Debug + Send + Sync {
    /// Answer `i` is the on-demand price of key `i`; `Missing` where it has none.
    ///
    /// # Errors
    /// MUST fail only where nothing can be read.
    async fn list_unit_prices(&self, keys: &[PriceKey]) -> PortResult<Vec<Observed<UnitPrice>>>;
}

/// What AWS's own tools recommend.
#[async_trait]
pub trait NativeAdviceSource: Debug + Send + Sync {
    /// All advice that an account and the regions give, sorted by source and id. A tool that is not switched on is a gap with
    /// [`CoverageStatus::NotEnabled`] and the command that switches it on.
    ///
    /// # Errors
    /// MUST fail only where nothing can be read.
    async fn advice(&self, account: &SubAccountId, regions: &[RegionId]) -> PortResult<Collected<Vec<NativeAdvice>>>;
}

/// How often an API was called, and what that cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApiCalls {
    /// Requests that were sent, retries among them.
    pub sent: u64,
    /// Of those, how many failed, throttled ones among them.
    pub failed: u64,
    /// Requests that were answered from a cache.
    pub cached: u64,
    /// What the sent ones cost, USD.
    pub cost_usd: Decimal,
    /// What the cached ones would have cost, USD.
    pub saved_usd: Decimal,
}

/// What a run's own calls came to.
pub trait ApiLedger: Debug + Send + Sync {
    /// By API: `ec2:DescribeVolumes`.
    fn calls(&self) -> BTreeMap<String, ApiCalls>;
}

/// Where reports are kept.
#[async_trait]
pub trait ReportStore: Debug + Send + Sync {
    /// Where that is, for people.
    fn location(&self) -> String;

    /// Keeps a report whole or not at all, and never replaces another: an id that is taken gets a suffix
    /// `-2`, `-3` … in what is kept. Returns the id that it got.
    ///
    /// # Errors
    /// MUST leave nothing half written.
    async fn put(&self, report: &Report) -> PortResult<ReportId>;

    /// The report of an id.
    ///
    /// # Errors
    /// `NotFound` where there is none, `InvalidRequest` for an id of no such form, `Corrupt` for one that is damaged.
    async fn get(&self, report_id: &ReportId) -> PortResult<Report>;

    /// The newest reports first, at most `limit`.
    ///
    /// # Errors
    /// A store that does not exist yet is empty, not an error.
    async fn list(&self, limit: usize) -> PortResult<Vec<ReportSummary>>;
}

/// Where the metrics of a run go.
#[async_trait]
pub trait MetricsSink: Debug + Send + Sync {
    /// Publishes all of them.
    ///
    /// # Errors
    /// Where some could not be published; others may have been.
    async fn publish(&self, metrics: &RunMetrics) -> PortResult<()>;
}

/// What time it is.
pub trait Clock: Debug + Send + Sync {
    /// Now; never goes back.
    fn now(&self) -> Timestamp;
}
