//! Requests of GetMetricData: their pages, what their answers say, and what is done where one of their queries is refused.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode};
use finops_aws::error::port_error;
use finops_aws::operations::cloudwatch::GET_METRIC_DATA;
use finops_aws::place::Place;
use finops_domain::ports::{PortError, PortErrorKind, PortResult};
use finops_domain::utilization::MissingReason;
use jiff::Timestamp;

use crate::combine::Datapoints;
use crate::lookup::Lookup;
use crate::window::Window;

/// Refusals in a row, over all requests of a set of queries, after which refused requests are not cut in two any more: to find one bad
/// query among 500 takes ten, and where twice as many follow each other, something else is wrong than a query.
const MAX_REFUSALS: u32 = 24;

/// Pages of one request. Its data points all fit in one page, so there are few, where CloudWatch was in a hurry; as each may cost what
/// the first did, an answer that goes round in circles is soon left.
const MAX_PAGES: usize = 100;

/// What CloudWatch answered to one lookup: data points, or why there are none.
pub(crate) type Answer = Result<Datapoints, MissingReason>;

/// What was answered to a request.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// Answer `i` is of lookup `i`.
    pub(crate) answers: Vec<Answer>,
    /// What went wrong first, if anything did.
    pub(crate) error: Option<PortError>,
}

/// How many requests in a row were refused as making no sense.
#[derive(Debug, Default)]
pub(crate) struct Refusals(AtomicU32);

impl Refusals {
    /// Notes a refusal, and says whether the request is to be cut in two.
    fn refused(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) < MAX_REFUSALS
    }

    fn accepted(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Asks for the lookups in one request; where that is refused as a whole, in smaller ones, so that one bad query spoils no other.
pub(crate) async fn fetch(client: &Client, place: &Place, window: Window, lookups: &[Lookup], refusals: &Refusals) -> Fetched {
    let mut fetched = Fetched { answers: Vec::with_capacity(lookups.len()), error: None };
    let mut parts = vec![lookups];
    while let Some(part) = parts.pop() {
        let mut answers = Answers::of(part.len());
        let error = ask(client, place, window, part, &mut answers).await.err();
        match &error {
            None => refusals.accepted(),
            Some(error) if error.kind == PortErrorKind::InvalidRequest && refusals.refused() && part.len() > 1 => {
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second, first]);
                continue;
            }
            Some(error) => tracing::debug!(%place, queries = part.len(), error = error as &dyn Error, "metric data could not be read"),
        }
        let otherwise = error.as_ref().map_or(MissingReason::Failed, missing_reason);
        fetched.answers.extend(answers.finish(otherwise));
        fetched.error = fetched.error.or(error);
    }
    fetched
}

/// Why there is no value where a request failed.
pub(crate) fn missing_reason(error: &PortError) -> MissingReason {
    match error.kind {
        PortErrorKind::Denied => MissingReason::Denied,
        // Our own guards: what the run may spend is spent.
        PortErrorKind::Refused => MissingReason::NotCollected,
        _ => MissingReason::Failed,
    }
}

/// One request, page by page.
async fn ask(client: &Client, place: &Place, window: Window, lookups: &[Lookup], answers: &mut Answers) -> PortResult<()> {
    let queries: Vec<MetricDataQuery> = lookups.iter().enumerate().map(|(index, lookup)| query(index, lookup)).collect();
    let units = u32::try_from(queries.len()).unwrap_or(u32::MAX);
    let mut token: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page = client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(DateTime::from_secs(window.start.as_second()))
            .end_time(DateTime::from_secs(window.end.as_second()))
            .scan_by(ScanBy::TimestampAscending)
            .set_next_token(token.clone())
            .customize()
            .interceptor(place.labeller().with_units(units))
            .send()
            .await
            .map_err(|error| port_error(&GET_METRIC_DATA, place, error))?;
        answers.add(page.metric_data_results());
        let next = page.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
        if next.is_none() {
            return Ok(());
        }
        if next == token {
            // Whatever these pages are of, it need not be of this request.
            *answers = Answers::of(lookups.len());
            return Err(corrupt(place, "a page names itself as the next"));
        }
        token = next;
    }
    *answers = Answers::of(lookups.len());
    Err(corrupt(place, "the pages do not end"))
}

fn corrupt(place: &Place, what: &str) -> PortError {
    PortError::new(PortErrorKind::Corrupt, GET_METRIC_DATA.action, place.to_string()).with_source(what)
}

fn query(index: usize, lookup: &Lookup) -> MetricDataQuery {
    let dimension = |(name, value): &(Arc<str>, Arc<str>)| Dimension::builder().name(&**name).value(&**value).build();
    let metric = Metric::builder()
        .namespace(&*lookup.namespace)
        .metric_name(&*lookup.metric_name)
        .set_dimensions(Some(lookup.dimensions.iter().map(dimension).collect()))
        .build();
    let period = i32::try_from(lookup.period_seconds).unwrap_or(i32::MAX);
    let stat = MetricStat::builder().metric(metric).period(period).stat(&*lookup.statistic).build();
    MetricDataQuery::builder().id(query_id(index)).metric_stat(stat).build()
}

/// An id must begin with a small letter.
fn query_id(index: usize) -> String {
    format!("q{index}")
}

fn index_of(query_id: &str) -> Option<usize> {
    query_id.strip_prefix('q')?.parse().ok()
}

/// The answers of a request, as its pages come in.
#[derive(Debug)]
struct Answers(Vec<Partial>);

#[derive(Clone, Debug, Default)]
struct Partial {
    datapoints: Datapoints,
    /// As the last page that speaks of it has it.
    status: Option<StatusCode>,
}

impl Answers {
    fn of(queries: usize) -> Self {
        Self(vec![Partial::default(); queries])
    }

    fn add(&mut self, results: &[MetricDataResult]) {
        for result in results {
            let Some(partial) = result.id().and_then(index_of).and_then(|index| self.0.get_mut(index)) else { continue };
            let values = result.timestamps().iter().zip(result.values());
            let points = values.filter_map(|(time, value)| Some((Timestamp::from_second(time.secs()).ok()?, *value)));
            partial.datapoints.extend(points.filter(|(_, value)| value.is_finite()));
            partial.status = result.status_code().cloned().or(partial.status.take());
        }
    }

    /// What each query was answered; `otherwise` is the reason of those that were not answered to the end. Half a series is none:
    /// what is missing of it would look like idleness.
    fn finish(self, otherwise: MissingReason) -> impl Iterator<Item = Answer> {
        self.0.into_iter().map(move |mut partial| match partial.status {
            Some(StatusCode::Complete) if partial.datapoints.is_empty() => Err(MissingReason::NoData),
            Some(StatusCode::Complete) => {
                partial.datapoints.sort_by_key(|(time, _)| *time);
                partial.datapoints.dedup_by_key(|(time, _)| *time);
                Ok(partial.datapoints)
            }
            Some(StatusCode::Forbidden) => Err(MissingReason::Denied),
            // InternalError or PartialData after the last page, or no word of it at all.
            _ => Err(otherwise),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::tests::lookup;

    fn result(index: usize, status: StatusCode, points: &[(i64, f64)]) -> MetricDataResult {
        let mut result = MetricDataResult::builder().id(query_id(index)).status_code(status);
        for (hour, value) in points {
            result = result.timestamps(DateTime::from_secs(hour * 3_600)).values(*value);
        }
        result.build()
    }

    fn finished(queries: usize, pages: &[&[MetricDataResult]], otherwise: MissingReason) -> Vec<Result<Vec<f64>, MissingReason>> {
        let mut answers = Answers::of(queries);
        for page in pages {
            answers.add(page);
        }
        answers.finish(otherwise).map(|answer| answer.map(|points| points.into_iter().map(|(_, value)| value).collect())).collect()
    }

    #[test]
    fn a_status_is_a_reason_and_nothing_is_zero() {
        let page = [
            result(0, StatusCode::Complete, &[(2, 0.0), (1, 4.0)]),
            result(1, StatusCode::Complete, &[]),
            result(2, StatusCode::Forbidden, &[]),
            result(3, StatusCode::InternalError, &[(1, 1.0)]),
            result(4, StatusCode::PartialData, &[(1, 1.0)]),
            result(99, StatusCode::Complete, &[(1, 1.0)]),
        ];
        let expected = [
            Ok(vec![4.0, 0.0]),
            Err(MissingReason::NoData),
            Err(MissingReason::Denied),
            Err(MissingReason::Failed),
            Err(MissingReason::Failed),
            Err(MissingReason::Failed),
        ];
        assert_eq!(finished(6, &[&page], MissingReason::Failed), expected);
    }

    #[test]
    fn pages_continue_each_other() {
        let first = [result(0, StatusCode::PartialData, &[(1, 1.0)]), result(1, StatusCode::InternalError, &[])];
        let second = [result(0, StatusCode::Complete, &[(2, 2.0)]), result(1, StatusCode::Complete, &[(1, 7.0)])];
        assert_eq!(finished(2, &[&first, &second], MissingReason::Failed), [Ok(vec![1.0, 2.0]), Ok(vec![7.0])]);
    }

    #[test]
    fn what_was_complete_before_a_page_that_failed_is_kept() {
        let first = [result(0, StatusCode::Complete, &[(1, 1.0)]), result(1, StatusCode::PartialData, &[(1, 1.0)])];
        assert_eq!(finished(2, &[&first], MissingReason::Denied), [Ok(vec![1.0]), Err(MissingReason::Denied)]);
    }

    #[test]
    fn a_value_that_is_no_number_is_no_value() {
        assert_eq!(
            finished(1, &[&[result(0, StatusCode::Complete, &[(1, f64::NAN)])]], MissingReason::Failed),
            [Err(MissingReason::NoData)]
        );
    }

    #[test]
    fn refusals_in_a_row_come_to_an_end() {
        let refusals = Refusals::default();
        let cuts = |refusals: &Refusals| (0..100).filter(|_| refusals.refused()).count();
        assert_eq!(cuts(&refusals), 24);
        refusals.accepted();
        assert_eq!(cuts(&refusals), 24);
    }

    #[test]
    fn a_query_says_what_is_looked_up() {
        let query = query(7, &lookup("CPUUtilization", 300));
        assert_eq!(query.id().and_then(index_of), Some(7));
        let stat = query.metric_stat().unwrap();
        assert_eq!((stat.period(), stat.stat()), (Some(300), Some("Sum")));
        assert_eq!(stat.metric().unwrap().dimensions()[0].value(), Some("i-1"));
    }
}
