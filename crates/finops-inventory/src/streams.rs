//! Kinesis, Firehose, MSK, Amazon MQ.

mod brokers;
mod firehose;
mod kinesis;

use finops_aws::operations::firehose::{DESCRIBE_DELIVERY_STREAM, LIST_DELIVERY_STREAMS};
use finops_aws::operations::kafka::LIST_CLUSTERS_V2;
use finops_aws::operations::kinesis::{DESCRIBE_STREAM_SUMMARY, LIST_STREAMS};
use finops_aws::operations::mq::LIST_BROKERS;

use crate::lister::Lister;

pub(crate) const LISTERS: &[Lister] = &[
    Lister {
        service: "kinesis",
        is_global: false,
        operations: &[&LIST_STREAMS, &DESCRIBE_STREAM_SUMMARY],
        list: |place| Box::pin(kinesis::streams(place)),
    },
    Lister {
        service: "firehose",
        is_global: false,
        operations: &[&LIST_DELIVERY_STREAMS, &DESCRIBE_DELIVERY_STREAM],
        list: |place| Box::pin(firehose::streams(place)),
    },
    Lister { service: "kafka", is_global: false, operations: &[&LIST_CLUSTERS_V2], list: |place| Box::pin(brokers::clusters(place)) },
    Lister { service: "mq", is_global: false, operations: &[&LIST_BROKERS], list: |place| Box::pin(brokers::brokers(place)) },
];
