//! Utilization: what was observed of a resource, or why nothing was.

mod agent;
mod queries;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

pub use self::agent::{AGENT_NAMESPACE, agent_queries_of};
pub use self::queries::queries_of;

/// A value that was read, or the reason why there is none. A missing value is never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observed<T> {
    /// What was read.
    Value(T),
    /// Why nothing was.
    Missing(MissingReason),
}

impl<T> Observed<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing(_) => None,
        }
    }
}

/// Why a value is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReason {
    /// The source answered that it holds no data.
    NoData,
    /// The source refused.
    Denied,
    /// The source failed or was not reached.
    Failed,
    /// Nobody asked.
    NotCollected,
}

/// A metric of one resource over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UtilizationSeries {
    /// Whose metric.
    pub resource_id: ResourceId,
    /// CloudWatch namespace: `AWS/EC2`.
    pub namespace: String,
    /// CloudWatch metric name: `CPUUtilization`.
    pub metric_name: String,
    /// CloudWatch statistic: `Average`, `Sum`, `Maximum`, `p99`.
    pub statistic: String,
    /// Seconds that a datapoint stands for.
    pub period_seconds: u32,
    /// Start of each datapoint, and its value in the metric's own unit. Sorted by time.
    pub datapoints: Vec<(Timestamp, f64)>,
}

/// What a source of utilization is asked for: a metric of one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtilizationQuery {
    /// Whose metric.
    pub resource_id: ResourceId,
    /// CloudWatch namespace.
    pub namespace: Arc<str>,
    /// CloudWatch metric name.
    pub metric_name: Arc<str>,
    /// Dimensions whose values are known, in the order of the catalog.
    pub dimensions: Vec<(Arc<str>, Arc<str>)>,
    /// Further dimensions that the metric has and nobody knows the values of, as MSK's `Broker ID`: the source finds them,
    /// and adds up over them where the statistic is a sum, or takes the greatest where it is a maximum or percentile.
    pub open_dimensions: Vec<Arc<str>>,
    /// `Sum`, `Average`, `Maximum`, `p99`.
    pub statistic: Arc<str>,
    /// Seconds that a datapoint stands for.
    pub period_seconds: u32,
}
