//! Amazon CloudWatch.
//!
//! Quotas: <https://docs.aws.amazon.com/general/latest/gr/cw_region.html>, read 2026-11-24. Prices:
//! <https://aws.amazon.com/cloudwatch/pricing/>, not read itself; as public cost calculators quote it, 2026-11.

/// Requests of GetMetricData a second that stay within the datapoint quota however full they are.
///
/// AWS gives out 396,000 datapoints a second to requests that begin more than three hours ago (180,000 to later ones, which this
/// program does not make), and up to 100,800 a request. That binds before the quota of requests does: 50 a second by
/// <https://repost.aws/knowledge-center/cloudwatch-getmetricdata-api>, and 500 by newer copies of the quota page.
const FULL_REQUESTS_PER_SECOND: f64 = 396_000.0 / 100_800.0;

crate::operations! {
    "CloudWatch", "cloudwatch";
    /// Datapoints of up to 500 metrics: $0.01 for 1,000 metrics, so the price is of one, and each request says how many it asks for.
    GET_METRIC_DATA = "GetMetricData", |operation| operation.price(10).quota(FULL_REQUESTS_PER_SECOND, FULL_REQUESTS_PER_SECOND);
    /// Which metrics there are: $0.01 for 1,000 requests, a million a month free, which is not counted here.
    LIST_METRICS = "ListMetrics", |operation| operation.price(10).quota(25.0, 25.0);
    /// The run's own metrics, the one thing that is written here: $0.01 for 1,000 requests.
    PUT_METRIC_DATA = "PutMetricData", |operation| operation.writes().price(10).quota(500.0, 500.0);
}
