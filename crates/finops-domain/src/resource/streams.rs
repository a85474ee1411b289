//! Kinesis, Firehose, MSK, Amazon MQ. Names and values are the APIs'.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A Kinesis data stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KinesisStreamDetails {
    /// `ACTIVE`, …
    pub state: Arc<str>,
    /// `PROVISIONED`, `ON_DEMAND`.
    pub mode: Arc<str>,
    /// Open shards; `None` where they could not be read.
    pub shards: Option<u32>,
    /// Hours that records are kept; beyond 24 they cost more.
    pub retention_hours: Option<u32>,
    /// Consumers with enhanced fan-out.
    pub fan_out_consumers: Option<u32>,
    /// Metrics by shard that are switched on, billed by CloudWatch.
    pub shard_metrics: Vec<Arc<str>>,
}

/// A Firehose stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FirehoseStreamDetails {
    /// `ACTIVE`, `CREATING_FAILED`, …
    pub state: Arc<str>,
    /// `DirectPut`, `KinesisStreamAsSource`, `MSKAsSource`, …
    pub source_type: Arc<str>,
    /// The stream that it reads.
    pub source_arn: Option<Arc<str>>,
    /// `s3`, `redshift`, `opensearch`, `splunk`, `http`, `snowflake`, `iceberg`.
    pub destinations: Vec<Arc<str>>,
    /// Subnets of the VPC that it delivers into: billed for each zone.
    pub vpc_subnet_ids: Vec<Arc<str>>,
    /// Whether records are converted to Parquet or ORC.
    pub converts_format: bool,
    /// Whether it sorts records by what is in them.
    pub has_dynamic_partitioning: bool,
}

/// An MSK cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MskClusterDetails {
    /// `PROVISIONED`, `SERVERLESS`.
    pub cluster_type: Arc<str>,
    /// `ACTIVE`, …
    pub state: Arc<str>,
    /// `kafka.m5.large`, `express.m7g.large`; of provisioned ones.
    pub broker_type: Option<Arc<str>>,
    /// How many brokers.
    pub brokers: Option<u32>,
    /// Storage of each broker, GiB; none for express brokers, which pay for what they hold.
    pub storage_gib_per_broker: Option<u32>,
    /// Throughput of each broker's storage that is bought, MiB/s.
    pub storage_throughput_mibps: Option<u32>,
    /// `LOCAL`, `TIERED`.
    pub storage_mode: Option<Arc<str>>,
    /// `3.6.0`.
    pub kafka_version: Option<Arc<str>>,
    /// `DEFAULT`, `PER_BROKER`, `PER_TOPIC_PER_BROKER`, …: beyond the default CloudWatch bills it.
    pub enhanced_monitoring: Option<Arc<str>>,
}

/// An Amazon MQ broker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MqBrokerDetails {
    /// `ACTIVEMQ`, `RABBITMQ`.
    pub engine: Arc<str>,
    /// `mq.m5.large`.
    pub instance_type: Arc<str>,
    /// `SINGLE_INSTANCE`, `ACTIVE_STANDBY_MULTI_AZ`, `CLUSTER_MULTI_AZ`.
    pub deployment_mode: Arc<str>,
    /// `RUNNING`, …
    pub state: Arc<str>,
}
