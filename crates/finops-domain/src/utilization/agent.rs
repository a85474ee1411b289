//! What the CloudWatch agent measures inside an instance: memory and disks, which EC2 itself does not see.

use super::UtilizationQuery;
use crate::resource::Resource;

/// The namespace that the agent publishes to where its configuration names none.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html>
/// (`namespace`), read 2026-11-24.
pub const AGENT_NAMESPACE: &str = "CWAgent";

/// The agent's metrics that say how full an instance is, in percent, under the names that it gives them on Linux.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-collected-by-CloudWatch-agent.html>, read
/// 2026-11-24. On Windows the names are those of the performance counters that somebody chose; they are not asked for.
const METRICS: [(&str, &str); 2] = [("disk_used_percent", "Maximum"), ("mem_used_percent", "p99")];

/// Queries for memory and disks of an EC2 instance; none for anything else.
///
/// Which dimensions the agent adds is up to its configuration, so a query names the instance alone, and the source finds the metrics
/// that carry it, whatever else they carry. An instance without the agent has no data.
///
/// ```
/// use finops_domain::{resource::Resource, utilization::agent_queries_of};
/// let instance = Resource::new("arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "ec2:instance", "111122223333".into(), None);
/// let queries = agent_queries_of(&instance);
/// assert!(queries.iter().all(|query| query.dimensions == [("InstanceId".into(), "i-1".into())]));
/// assert_eq!(queries.len(), 2);
/// ```
pub fn agent_queries_of(resource: &Resource) -> Vec<UtilizationQuery> {
    if resource.kind.as_str() != "ec2:instance" {
        return Vec::new();
    }
    let id = resource.resource_id.as_str();
    let instance_id = id.rsplit('/').next().unwrap_or(id);
    let query = |(metric, statistic): (&str, &str)| UtilizationQuery {
        resource_id: resource.resource_id.clone(),
        namespace: AGENT_NAMESPACE.into(),
        metric_name: metric.into(),
        dimensions: vec![("InstanceId".into(), instance_id.into())],
        open_dimensions: Vec::new(),
        statistic: statistic.into(),
        period_seconds: 3_600,
    };
    METRICS.into_iter().map(query).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_instances_have_an_agent() {
        let volume = Resource::new("arn:aws:ec2:eu-west-1:1:volume/vol-1", "ec2:volume", "1".into(), None);
        assert!(agent_queries_of(&volume).is_empty());
    }
}
