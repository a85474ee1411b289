//! Amazon Data Firehose.
//!
//! Quota: 5 calls of each a second. Source: <https://docs.aws.amazon.com/firehose/latest/dev/limits.html>, not confirmed here.

crate::operations! {
    "Firehose", "firehose";
    /// Names of the streams.
    LIST_DELIVERY_STREAMS = "ListDeliveryStreams", |operation| operation.quota(5.0, 5.0);
    /// Source and destination of a stream.
    DESCRIBE_DELIVERY_STREAM = "DescribeDeliveryStream", |operation| operation.quota(5.0, 5.0);
}
