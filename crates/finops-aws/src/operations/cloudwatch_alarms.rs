//! Amazon CloudWatch: what stands there. Metrics are apart from it.
//!
//! Quota: 9 calls of DescribeAlarms a second. Source:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>, not confirmed here. ListDashboards
//! counts as an API request of 0.00001 USD beyond a million a month: <https://aws.amazon.com/cloudwatch/pricing/>, likewise.

crate::operations! {
    "CloudWatch", "cloudwatch";
    /// Alarms on metrics, and alarms on alarms.
    DESCRIBE_ALARMS = "DescribeAlarms", |operation| operation.quota(9.0, 9.0);
    /// Dashboards, which are of no region.
    LIST_DASHBOARDS = "ListDashboards", |operation| operation.price(10);
    /// Metric streams.
    LIST_METRIC_STREAMS = "ListMetricStreams";
}
