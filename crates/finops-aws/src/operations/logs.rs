//! Amazon CloudWatch Logs.
//!
//! Quota: 10 calls of DescribeLogGroups a second. Source:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>, not confirmed here.

crate::operations! {
    "CloudWatch Logs", "logs";
    /// Log groups.
    DESCRIBE_LOG_GROUPS = "DescribeLogGroups", |operation| operation.quota(10.0, 10.0);
}
