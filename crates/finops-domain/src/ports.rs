//! Ports: what the analysis asks of the outside, in its own words. Adapters implement them.

use std::error::Error;
use std::fmt::{self, Debug};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::charge::{SpendAnswer, SpendQuery};
use crate::id::ReportId;
use crate::report::{Report, ReportSummary};
use crate::resource::Resource;
use crate::snapshot::SourceInfo;
use crate::utilization::UtilizationSeries;

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
    /// The cause.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl PortError {
    /// An error without a cause.
    pub fn new(kind: PortErrorKind, operation: &'static str, target: impl Into<String>) -> Self {
        Self { kind, operation, target: target.into(), retry_after: None, source: None }
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

/// Where resources and their utilization come from.
#[async_trait]
pub trait ResourceInventory: Debug + Send + Sync {
    /// All resources in scope, sorted by account, region, kind, id; each once.
    ///
    /// # Errors
    /// MUST fail only where nothing can be read.
    async fn resources(&self) -> PortResult<Vec<Resource>>;

    /// What was measured of them; a resource without data has no series.
    ///
    /// # Errors
    /// As above.
    async fn utilization(&self) -> PortResult<Vec<UtilizationSeries>>;
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

/// What time it is.
pub trait Clock: Debug + Send + Sync {
    /// Now; never goes back.
    fn now(&self) -> Timestamp;
}
