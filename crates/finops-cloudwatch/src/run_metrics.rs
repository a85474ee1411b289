//! The run's own metrics, published to CloudWatch.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::cloudwatch::PUT_METRIC_DATA;
use finops_aws::session::Session;
use finops_domain::ports::{MetricsSink, PortResult};
use finops_domain::run_metrics::{MetricPoint, MetricUnit, NAMESPACE, RunMetrics};
use jiff::Timestamp;

/// Metrics of a request.
///
/// Source of both: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>: "limited to 1 MB in size
/// for HTTP POST requests" and "no more than 1000 different metrics". Read 2026-11-24.
const MAX_METRICS: usize = 1_000;
const MAX_BYTES: usize = 1_000_000;

/// What a metric or dimension takes beside its texts, at most: the names of its members, a time, a number.
const BYTES_BESIDE_TEXTS: usize = 200;

/// Publishes to the namespace `FinOpsAnalyzer` of our own account and region.
///
/// Each combination of name and dimensions is a custom metric, which costs $0.30 a month in the months it is published in
/// (<https://aws.amazon.com/cloudwatch/pricing/>; not read itself): some ten, and one for each type and region of error.
#[derive(Clone)]
pub struct CloudWatchMetrics {
    session: Arc<Session>,
}

impl CloudWatchMetrics {
    /// Metrics in the account and region of a session.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

impl fmt::Debug for CloudWatchMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatchMetrics").finish_non_exhaustive()
    }
}

#[async_trait]
impl MetricsSink for CloudWatchMetrics {
    async fn publish(&self, metrics: &RunMetrics) -> PortResult<()> {
        let place = self.session.place(self.session.account(), self.session.region()).await;
        let client = client!(aws_sdk_cloudwatch, place);
        for request in requests(&metrics.points()) {
            let data = request.iter().map(|point| datum(point, metrics.finished_at)).collect();
            let sent = client.put_metric_data().namespace(NAMESPACE).set_metric_data(Some(data)).send().await;
            sent.map_err(|error| port_error(&PUT_METRIC_DATA, &place, error))?;
        }
        Ok(())
    }
}

/// Points as requests: as few as the limits allow.
fn requests(points: &[MetricPoint]) -> Vec<&[MetricPoint]> {
    let mut requests = Vec::new();
    let mut rest = points;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fitting = rest.iter().take(MAX_METRICS).take_while(|point| {
            bytes += size(point);
            bytes <= MAX_BYTES
        });
        let (request, after) = rest.split_at(fitting.count().max(1));
        requests.push(request);
        rest = after;
    }
    requests
}

/// Bytes that a point takes in a request, at most.
fn size(point: &MetricPoint) -> usize {
    let dimensions = point.dimensions.iter().map(|(name, value)| BYTES_BESIDE_TEXTS + name.len() + value.len());
    BYTES_BESIDE_TEXTS + point.name.len() + dimensions.sum::<usize>()
}

fn datum(point: &MetricPoint, time: Timestamp) -> MetricDatum {
    let unit = match point.unit {
        MetricUnit::Seconds => StandardUnit::Seconds,
        MetricUnit::Count => StandardUnit::Count,
        // CloudWatch has no unit for either; its `Percent` would be 0 to 100.
        MetricUnit::Ratio | MetricUnit::Money => StandardUnit::None,
    };
    let dimensions = point.dimensions.iter().map(|(name, value)| Dimension::builder().name(*name).value(value).build());
    MetricDatum::builder()
        .metric_name(point.name)
        .set_dimensions(Some(dimensions.collect()))
        .timestamp(DateTime::from_secs(time.as_second()))
        .value(point.value)
        .unit(unit)
        .build()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(dimension: String) -> MetricPoint {
        MetricPoint { name: "Errors", unit: MetricUnit::Count, value: 1.0, dimensions: vec![("Region", dimension)] }
    }

    fn sizes(points: &[MetricPoint]) -> Vec<usize> {
        requests(points).iter().map(|request| request.len()).collect()
    }

    #[test]
    fn requests_keep_to_both_limits() {
        assert_eq!(sizes(&vec![point("eu-west-1".into()); 2_001]), [1_000, 1_000, 1]);
        assert_eq!(sizes(&vec![point("x".repeat(200_000)); 9]), [4, 4, 1]);
        assert!(sizes(&[]).is_empty());
    }

    #[test]
    fn a_point_becomes_a_datum() {
        let datum = datum(&point("eu-west-1".into()), Timestamp::from_second(60).unwrap());
        assert_eq!((datum.metric_name(), datum.value(), datum.unit()), (Some("Errors"), Some(1.0), Some(&StandardUnit::Count)));
        assert_eq!(datum.dimensions()[0].name(), Some("Region"));
        assert_eq!(datum.timestamp(), Some(&DateTime::from_secs(60)));
    }

    proptest! {
        #[test]
        fn every_point_is_in_one_request_and_no_request_is_too_great(lengths in prop::collection::vec(0_usize..4_000, 0..1_500)) {
            let points: Vec<MetricPoint> = lengths.into_iter().map(|length| point("x".repeat(length))).collect();
            let requests = requests(&points);
            prop_assert_eq!(&requests.concat(), &points);
            for request in requests {
                prop_assert!((1..=MAX_METRICS).contains(&request.len()));
                prop_assert!(request.iter().map(size).sum::<usize>() <= MAX_BYTES);
            }
        }
    }
}
