//! Amazon Kinesis Data Streams.
//!
//! Quotas: 5 and 20 calls a second. Source:
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html> and
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html>, as the SDK 1.130 repeats them.

crate::operations! {
    "Kinesis", "kinesis";
    /// Streams.
    LIST_STREAMS = "ListStreams", |operation| operation.quota(5.0, 5.0);
    /// Shards, retention and consumers of a stream.
    DESCRIBE_STREAM_SUMMARY = "DescribeStreamSummary", |operation| operation.quota(20.0, 20.0);
}
