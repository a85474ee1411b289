//! Kinesis, Firehose, MSK, Amazon MQ, Transfer Family, and CloudWatch's alarms and dashboards.
//!
//! Usage types: the catalog's billing dimensions of these services, which say where they are from.

use rust_decimal::Decimal;

use super::StandingUsage;
use crate::resource::Resource;
use crate::resource::logs::{AlarmDetails, CompositeAlarmDetails, DashboardDetails};
use crate::resource::streams::{FirehoseStreamDetails, KinesisStreamDetails, MqBrokerDetails, MskClusterDetails};
use crate::resource::transfer::TransferServerDetails;

const CLOUDWATCH: &str = "AmazonCloudWatch";
const KINESIS: &str = "AmazonKinesis";
const MSK: &str = "AmazonMSK";

/// Retention that comes with a stream, hours.
///
/// Source: <https://aws.amazon.com/kinesis/data-streams/pricing/>, not confirmed here.
const KINESIS_INCLUDED_RETENTION_HOURS: u32 = 24;

/// Metrics that an alarm on a band of what is usual counts for beyond its own: the band's two edges.
///
/// Source: <https://aws.amazon.com/cloudwatch/pricing/>, not confirmed here.
const METRICS_OF_BAND: usize = 2;

/// Shards, longer retention and fan-out of a provisioned stream; the hour of one on demand.
pub(super) fn kinesis_stream(resource: &Resource, stream: &KinesisStreamDetails) -> Vec<StandingUsage> {
    if &*stream.mode == "ON_DEMAND" {
        return vec![StandingUsage::hours(resource, KINESIS, "OnDemand-StreamHour", 1)];
    }
    let Some(shards) = stream.shards.filter(|shards| *shards > 0) else { return Vec::new() };
    let mut usage = vec![StandingUsage::hours(resource, KINESIS, "Storage-ShardHour", shards)];
    if stream.retention_hours.is_some_and(|hours| hours > KINESIS_INCLUDED_RETENTION_HOURS) {
        usage.push(StandingUsage::hours(resource, KINESIS, "Extended-ShardHour", shards));
    }
    if let Some(consumers) = stream.fan_out_consumers.filter(|consumers| *consumers > 0) {
        usage.push(StandingUsage::hours(resource, KINESIS, "EnhancedFanoutHour", shards.saturating_mul(consumers)));
    }
    usage
}

/// Delivery into a VPC costs in each zone; the subnets are in one each.
pub(super) fn firehose_stream(resource: &Resource, stream: &FirehoseStreamDetails) -> Vec<StandingUsage> {
    let zones = u32::try_from(stream.vpc_subnet_ids.len()).unwrap_or(u32::MAX);
    if zones == 0 {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, "AmazonKinesisFirehose", "Firehose-VpcDelivery-Hours", zones)]
}

/// Brokers and their storage; the hour of a serverless one. Partitions, and what express brokers hold, the API does not tell.
pub(super) fn msk_cluster(resource: &Resource, cluster: &MskClusterDetails) -> Vec<StandingUsage> {
    if &*cluster.state == "CREATING" {
        return Vec::new();
    }
    if &*cluster.cluster_type == "SERVERLESS" {
        return vec![StandingUsage::hours(resource, MSK, "KafkaServerless-ClusterHours", 1)];
    }
    let (Some(brokers), Some(broker_type)) = (cluster.brokers, cluster.broker_type.as_deref()) else { return Vec::new() };
    let usage_type = match broker_type.split_once('.') {
        Some(("kafka", size)) => format!("Kafka.{size}"),
        Some(("express", size)) => return vec![StandingUsage::hours(resource, MSK, format!("Express.{size}"), brokers)],
        _ => return Vec::new(),
    };
    let mut usage = vec![StandingUsage::hours(resource, MSK, usage_type, brokers)];
    if let Some(size) = cluster.storage_gib_per_broker {
        let storage = Decimal::from(size) * Decimal::from(brokers);
        usage.push(StandingUsage::of(resource, MSK, "Kafka.Storage.GP2", storage, "GB-Mo").with_operation("RunVolume"));
    }
    usage
}

/// One hour for the whole broker, its standby and cluster included, of the deployments whose usage types are known; nothing for a
/// standby pair. Storage the API does not tell.
///
/// Source: <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/tracking-free-tier-usage.html> (`ActiveMQ`) and public
/// readers of bills, 2026 (`RabbitMQ`); not confirmed with the price list.
pub(super) fn mq_broker(resource: &Resource, broker: &MqBrokerDetails) -> Vec<StandingUsage> {
    let deployment = match (&*broker.engine, &*broker.deployment_mode) {
        ("ACTIVEMQ", "SINGLE_INSTANCE") => "",
        ("RABBITMQ", "SINGLE_INSTANCE") => "RabbitMQ-",
        ("RABBITMQ", "CLUSTER_MULTI_AZ") => "RabbitMQ-3-",
        _ => return Vec::new(),
    };
    if broker.instance_type.is_empty() || &*broker.state == "CREATION_IN_PROGRESS" {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, "AmazonMQ", format!("{deployment}InstanceUsage:{}", broker.instance_type), 1)]
}

/// Each protocol costs by the hour, whether the server runs or is stopped.
///
/// Source: <https://aws.amazon.com/aws-transfer-family/pricing/>; operations: infracost, internal/resources/aws/transfer_server.go
/// (the price list lacks some of EFS's, and has the same price for them).
pub(super) fn transfer_server(resource: &Resource, server: &TransferServerDetails) -> Vec<StandingUsage> {
    let protocols = server.protocols.iter().flatten();
    let hours = protocols
        .map(|protocol| StandingUsage::hours(resource, "AWSTransfer", "ProtocolHours", 1).with_operation(format!("{protocol}:S3")));
    hours.collect()
}

/// Each metric that it looks at, more where it looks more often than once a minute. How many a query finds is not known.
///
/// Source: <https://aws.amazon.com/cloudwatch/pricing/>, not confirmed here.
pub(super) fn alarm(resource: &Resource, alarm: &AlarmDetails) -> Vec<StandingUsage> {
    if alarm.is_on_query {
        return Vec::new();
    }
    let metrics = alarm.metrics.len().max(1) + if alarm.is_on_anomaly { METRICS_OF_BAND } else { 0 };
    let is_high_resolution = alarm.period_seconds.is_some_and(|seconds| seconds < 60);
    let usage_type = if is_high_resolution { "CW:HighResAlarmMonitorUsage" } else { "CW:AlarmMonitorUsage" };
    vec![StandingUsage::of(resource, CLOUDWATCH, usage_type, Decimal::from(metrics), "Alarms")]
}

pub(super) fn composite_alarm(resource: &Resource, _: &CompositeAlarmDetails) -> Vec<StandingUsage> {
    vec![StandingUsage::of(resource, CLOUDWATCH, "CW:CompositeAlarmMonitorUsage", Decimal::ONE, "Alarms")]
}

/// At most one each: an account's first three are free.
///
/// Source: <https://aws.amazon.com/cloudwatch/pricing/>, not confirmed here.
pub(super) fn dashboard(resource: &Resource, _: &DashboardDetails) -> Vec<StandingUsage> {
    vec![StandingUsage::of(resource, CLOUDWATCH, "DashboardsUsageHour", Decimal::ONE, "Dashboards").at_most()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::logs::AlarmMetric;
    use crate::resource_usage::testing::{pairs, usage};

    #[test]
    fn a_stream_is_billed_by_shards_or_by_itself() {
        let stream = KinesisStreamDetails {
            mode: "PROVISIONED".into(),
            shards: Some(3),
            retention_hours: Some(48),
            fan_out_consumers: Some(2),
            ..KinesisStreamDetails::default()
        };
        let expected = [("Storage-ShardHour", "2190"), ("Extended-ShardHour", "2190"), ("EnhancedFanoutHour", "4380")];
        assert_eq!(usage("kinesis:stream", stream.clone()), pairs(&expected));
        let on_demand = KinesisStreamDetails { mode: "ON_DEMAND".into(), ..stream };
        assert_eq!(usage("kinesis:stream", on_demand), pairs(&[("OnDemand-StreamHour", "730")]));
        let into_vpc = FirehoseStreamDetails { vpc_subnet_ids: vec!["a".into(), "b".into()], ..FirehoseStreamDetails::default() };
        assert_eq!(usage("firehose:deliverystream", into_vpc), pairs(&[("Firehose-VpcDelivery-Hours", "1460")]));
        assert_eq!(usage("firehose:deliverystream", FirehoseStreamDetails::default()), []);
    }

    #[test]
    fn brokers_are_billed_by_type_and_number() {
        let standard = MskClusterDetails {
            cluster_type: "PROVISIONED".into(),
            broker_type: Some("kafka.m5.large".into()),
            brokers: Some(3),
            storage_gib_per_broker: Some(500),
            ..MskClusterDetails::default()
        };
        assert_eq!(usage("kafka:cluster", standard.clone()), pairs(&[("Kafka.m5.large", "2190"), ("Kafka.Storage.GP2", "1500")]));
        let express = MskClusterDetails { broker_type: Some("express.m7g.large".into()), ..standard };
        assert_eq!(usage("kafka:cluster", express), pairs(&[("Express.m7g.large", "2190")]));
        let serverless = MskClusterDetails { cluster_type: "SERVERLESS".into(), ..MskClusterDetails::default() };
        assert_eq!(usage("kafka:cluster", serverless), pairs(&[("KafkaServerless-ClusterHours", "730")]));
        let rabbit = MqBrokerDetails {
            engine: "RABBITMQ".into(),
            instance_type: "mq.m5.large".into(),
            deployment_mode: "CLUSTER_MULTI_AZ".into(),
            state: "RUNNING".into(),
        };
        assert_eq!(usage("mq:broker", rabbit), pairs(&[("RabbitMQ-3-InstanceUsage:mq.m5.large", "730")]));
    }

    #[test]
    fn a_stopped_server_is_billed_for_its_protocols() {
        let protocols = Some(vec!["SFTP".into(), "FTPS".into()]);
        let server = TransferServerDetails { state: "OFFLINE".into(), protocols, ..TransferServerDetails::default() };
        assert_eq!(usage("transfer:server", server), pairs(&[("ProtocolHours", "730"), ("ProtocolHours", "730")]));
    }

    #[test]
    fn an_alarm_is_billed_for_each_metric() {
        let one = AlarmDetails { metrics: vec![AlarmMetric::default()], period_seconds: Some(300), ..AlarmDetails::default() };
        assert_eq!(usage("cloudwatch:alarm", one.clone()), pairs(&[("CW:AlarmMonitorUsage", "1")]));
        let quick = AlarmDetails { period_seconds: Some(10), is_on_anomaly: true, ..one.clone() };
        assert_eq!(usage("cloudwatch:alarm", quick), pairs(&[("CW:HighResAlarmMonitorUsage", "3")]));
        assert_eq!(usage("cloudwatch:alarm", AlarmDetails { is_on_query: true, ..one }), []);
        assert_eq!(usage("cloudwatch:alarm", CompositeAlarmDetails::default()), pairs(&[("CW:CompositeAlarmMonitorUsage", "1")]));
        assert_eq!(usage("cloudwatch:dashboard", DashboardDetails::default()), pairs(&[("DashboardsUsageHour", "1")]));
    }
}
