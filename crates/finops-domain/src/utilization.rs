//! Utilization: what was observed of a resource, or why nothing was.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;

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
