//! CloudWatch Logs, and what stands in CloudWatch: alarms, dashboards, metric streams. Names and values are the APIs'.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A log group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LogGroupDetails {
    /// Days that logs are kept; `None` for ever.
    pub retention_days: Option<u32>,
    /// Bytes that it holds, as the API counts them: on the bill they are compressed.
    pub stored_bytes: u64,
    /// `STANDARD`, `INFREQUENT_ACCESS`, `DELIVERY`.
    pub class: Arc<str>,
    /// Metric filters, each of which makes custom metrics.
    pub metric_filters: u32,
}

/// An alarm on metrics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlarmDetails {
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub state: Arc<str>,
    /// Since when it has been that.
    pub state_since: Option<Timestamp>,
    /// When it was last changed.
    pub configured_at: Option<Timestamp>,
    /// Whether it does anything on a change of state.
    pub are_actions_enabled: bool,
    /// What it does when it goes off, is well again, or has no data.
    pub actions: Vec<Arc<str>>,
    /// The metrics that it looks at.
    pub metrics: Vec<AlarmMetric>,
    /// The shortest period that it looks at, seconds; below 60 costs more.
    pub period_seconds: Option<u32>,
    /// Whether it compares with a band of what is usual, which counts as two metrics more.
    pub is_on_anomaly: bool,
    /// Whether it asks by a query, and so looks at as many metrics as the query finds.
    pub is_on_query: bool,
}

/// A metric that an alarm looks at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlarmMetric {
    /// `AWS/EC2`; of the alarm's expression where it is none.
    pub namespace: Arc<str>,
    /// `CPUUtilization`.
    pub name: Arc<str>,
    /// Dimensions, as `InstanceId` and `i-0123`.
    pub dimensions: Vec<(Arc<str>, Arc<str>)>,
}

/// An alarm on other alarms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompositeAlarmDetails {
    /// `OK`, `ALARM`, `INSUFFICIENT_DATA`.
    pub state: Arc<str>,
    /// Since when it has been that.
    pub state_since: Option<Timestamp>,
    /// Whether it does anything on a change of state.
    pub are_actions_enabled: bool,
    /// What it does when it goes off, is well again, or has no data.
    pub actions: Vec<Arc<str>>,
    /// `ALARM("a") AND ALARM("b")`.
    pub rule: Arc<str>,
}

/// A dashboard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DashboardDetails {
    /// When it was last changed.
    pub modified_at: Option<Timestamp>,
    /// Size of its description, bytes.
    pub size_bytes: u64,
}

/// A metric stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricStreamDetails {
    /// `running`, `stopped`.
    pub state: Arc<str>,
    /// The Firehose stream that it fills.
    pub firehose_arn: Option<Arc<str>>,
    /// `json`, `opentelemetry1.0`, …
    pub output_format: Option<Arc<str>>,
    /// When it was last changed.
    pub modified_at: Option<Timestamp>,
}
