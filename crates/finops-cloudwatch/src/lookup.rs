//! What GetMetricData is asked for, and how much of it fits in a request.

use std::sync::Arc;

use crate::window::Window;

/// Queries of a request.
///
/// Source: `MetricDataQueries` in <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html>: as many as
/// 500. Read 2026-11-24.
pub(crate) const MAX_QUERIES: usize = 500;

/// Data points of a request: more are given in pages, and a page may ask, and cost, for all metrics again.
///
/// Source: the same page: "a total of as many as 100,800 data points". Whether further pages are billed is not said there, so they are
/// avoided.
pub(crate) const MAX_DATAPOINTS: u64 = 100_800;

/// Dimensions of a metric, by name, sorted.
pub(crate) type Dimensions = Vec<(Arc<str>, Arc<str>)>;

/// One query of GetMetricData: a metric, its statistic and period. Its order is that of requests: alike periods together, then the
/// statistics of one metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lookup {
    pub(crate) period_seconds: u32,
    pub(crate) namespace: Arc<str>,
    pub(crate) metric_name: Arc<str>,
    pub(crate) dimensions: Dimensions,
    pub(crate) statistic: Arc<str>,
}

/// Sorted lookups as requests: as few as the limits allow.
pub(crate) fn requests(lookups: &[Lookup], window: Window) -> Vec<&[Lookup]> {
    let mut requests = Vec::new();
    let mut rest = lookups;
    while !rest.is_empty() {
        let mut datapoints = 0;
        let fitting = rest.iter().take(MAX_QUERIES).take_while(|lookup| {
            datapoints += window.datapoints(lookup.period_seconds);
            datapoints <= MAX_DATAPOINTS
        });
        // One alone is asked for in any case; CloudWatch gives it in pages.
        let (request, after) = rest.split_at(fitting.count().max(1));
        requests.push(request);
        rest = after;
    }
    requests
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::window::tests::last_days;

    pub(crate) fn lookup(metric_name: &str, period_seconds: u32) -> Lookup {
        Lookup {
            period_seconds,
            namespace: "AWS/EC2".into(),
            metric_name: metric_name.into(),
            dimensions: vec![("InstanceId".into(), "i-1".into())],
            statistic: "Sum".into(),
        }
    }

    fn sizes(lookups: &[Lookup], days: i64) -> Vec<usize> {
        requests(lookups, last_days(days)).iter().map(|request| request.len()).collect()
    }

    #[test]
    fn requests_are_as_full_as_they_may_be() {
        let hourly = vec![lookup("a", 3_600); 1_200];
        // 7 days × 24 data points × 500 queries = 84,000.
        assert_eq!(sizes(&hourly, 7), [500, 500, 200]);
        // 100,800 ÷ (30 × 24) = 140.
        assert_eq!(sizes(&hourly, 30), [vec![140; 8], vec![80]].concat());
        let daily = vec![lookup("a", 86_400); 501];
        assert_eq!(sizes(&daily, 90), [500, 1]);
        assert!(sizes(&[], 7).is_empty());
    }

    #[test]
    fn periods_share_a_request_where_they_fit() {
        let mut lookups = vec![lookup("a", 3_600); 100];
        lookups.extend(vec![lookup("a", 86_400); 400]);
        assert_eq!(sizes(&lookups, 14), [500]);
    }

    proptest! {
        #[test]
        fn every_lookup_is_in_one_request_and_no_request_is_too_great(
            periods in prop::collection::vec(prop::sample::select(vec![60_u32, 300, 3_600, 86_400]), 0..1_500),
            days in 1_i64..=90,
        ) {
            let window = last_days(days);
            let mut lookups: Vec<Lookup> = periods.into_iter().map(|period| lookup("a", window.kept_period(period))).collect();
            lookups.sort();
            let requests = requests(&lookups, window);
            prop_assert_eq!(&requests.concat(), &lookups);
            for request in requests {
                prop_assert!((1..=MAX_QUERIES).contains(&request.len()));
                prop_assert!(request.iter().map(|lookup| window.datapoints(lookup.period_seconds)).sum::<u64>() <= MAX_DATAPOINTS);
            }
        }
    }
}
