//! Utilization from CloudWatch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_cloudwatch::Client;
use finops_aws::client;
use finops_aws::place::Place;
use finops_aws::session::Session;
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::period::ChargePeriod;
use finops_domain::ports::{Clock, PortError, PortErrorKind, PortResult, UtilizationSource};
use finops_domain::utilization::{MissingReason, Observed, UtilizationQuery, UtilizationSeries};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use jiff::Timestamp;

use crate::combine::{Combination, Datapoints};
use crate::fetch::{Answer, Fetched, Refusals, fetch, missing_reason};
use crate::listing::{Listing, list, needs_listing};
use crate::lookup::{Dimensions, Lookup, requests};
use crate::window::Window;

/// Requests under way in one account and region. With answers of some hundred milliseconds that is as much as the quota of data points
/// lets through (see [`finops_aws::operations::cloudwatch`]).
const CONCURRENT_REQUESTS: usize = 4;

/// What CloudWatch measured.
///
/// A period may come back greater than it was asked for, where data of that age is kept no finer; the series says so.
#[derive(Clone)]
pub struct CloudWatchUtilization {
    session: Arc<Session>,
    clock: Arc<dyn Clock>,
}

impl CloudWatchUtilization {
    /// Utilization of what a session reaches. The clock tells how old data is.
    pub fn new(session: Arc<Session>, clock: Arc<dyn Clock>) -> Self {
        Self { session, clock }
    }
}

impl fmt::Debug for CloudWatchUtilization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatchUtilization").finish_non_exhaustive()
    }
}

#[async_trait]
impl UtilizationSource for CloudWatchUtilization {
    async fn utilization(
        &self,
        account: &SubAccountId,
        region: &RegionId,
        period: ChargePeriod,
        queries: &[UtilizationQuery],
    ) -> PortResult<Vec<Observed<UtilizationSeries>>> {
        let place = self.session.place(account, region).await;
        if !self.session.reaches(account) {
            let mut error = PortError::new(PortErrorKind::Denied, "sts:AssumeRole", place.to_string());
            error.remedy = Some("name a role that every account has: `--role-name NAME`".to_owned());
            return Err(error.with_source("no role is given to reach another account by"));
        }
        let Some(window) = Window::of(period, self.clock.now()) else {
            return Ok(vec![Observed::Missing(MissingReason::NoData); queries.len()]);
        };
        let client = client!(aws_sdk_cloudwatch, place);
        let mut errors = Vec::new();
        let listings = listings(&client, &place, queries, &mut errors).await;
        let wanted: Vec<Wanted> = queries.iter().map(|query| wanted(query, window, &listings)).collect();
        let lookups: BTreeSet<&Lookup> = wanted.iter().flatten().flatten().collect();
        let lookups: Vec<Lookup> = lookups.into_iter().cloned().collect();
        let answers = answers(&client, &place, window, &lookups, &mut errors).await;
        let observed: Vec<_> = queries.iter().zip(&wanted).map(|(query, wanted)| observed(query, wanted, &answers, period)).collect();
        match errors.into_iter().next() {
            Some(error) if !is_anything_read(&listings, &answers) => Err(error),
            _ => Ok(observed),
        }
    }
}

/// Whether any request for data was answered, or, where there was none, any listing.
fn is_anything_read(listings: &Listings, answers: &BTreeMap<&Lookup, Answer>) -> bool {
    if answers.is_empty() {
        return listings.values().any(Result::is_ok);
    }
    answers.values().any(|answer| matches!(answer, Ok(_) | Err(MissingReason::NoData)))
}

/// What has to be looked up for a query, or why nothing is: several things where it has open dimensions, none where no metric is listed.
type Wanted = Result<Vec<Lookup>, MissingReason>;

/// Listings by namespace and metric name.
type Listings = BTreeMap<(Arc<str>, Arc<str>), Result<Listing, MissingReason>>;

/// Lists every metric name that a query needs it of, once for all resources.
async fn listings(client: &Client, place: &Place, queries: &[UtilizationQuery], errors: &mut Vec<PortError>) -> Listings {
    let name = |query: &UtilizationQuery| (query.namespace.clone(), query.metric_name.clone());
    let names: BTreeSet<(Arc<str>, Arc<str>)> = queries.iter().filter(|query| needs_listing(query)).map(name).collect();
    let calls = names.into_iter().map(|(namespace, metric)| async move {
        let listing = list(client, place, &namespace, &metric).await;
        ((namespace, metric), listing)
    });
    let listed: Vec<_> = futures::stream::iter(calls).buffered(CONCURRENT_REQUESTS).collect().await;
    let mut listings = Listings::new();
    for (name, listing) in listed {
        let listing = listing.map_err(|error| {
            let reason = missing_reason(&error);
            errors.push(error);
            reason
        });
        listings.insert(name, listing);
    }
    listings
}

fn wanted(query: &UtilizationQuery, window: Window, listings: &Listings) -> Wanted {
    let lookup = |dimensions: Dimensions| Lookup {
        period_seconds: window.kept_period(query.period_seconds),
        namespace: query.namespace.clone(),
        metric_name: query.metric_name.clone(),
        dimensions,
        statistic: query.statistic.clone(),
    };
    if !needs_listing(query) {
        let mut dimensions = query.dimensions.clone();
        dimensions.sort();
        return Ok(vec![lookup(dimensions)]);
    }
    let name = (query.namespace.clone(), query.metric_name.clone());
    let listing = listings.get(&name).ok_or(MissingReason::NotCollected)?.as_ref().map_err(|reason| *reason)?;
    let found = listing.matching(query);
    if found.len() > 1 && Combination::of(&query.statistic).is_none() {
        return Err(MissingReason::NotCollected);
    }
    Ok(found.into_iter().cloned().map(lookup).collect())
}

/// Asks for every lookup.
async fn answers<'a>(
    client: &Client,
    place: &Place,
    window: Window,
    lookups: &'a [Lookup],
    errors: &mut Vec<PortError>,
) -> BTreeMap<&'a Lookup, Answer> {
    let refusals = &Refusals::default();
    // Boxed, since the compiler cannot see that a closure's future may be sent for every lifetime of what it borrows.
    let call = |request: &'a [Lookup]| async move { (request, fetch(client, place, window, request, refusals).await) }.boxed();
    let calls: Vec<BoxFuture<'_, (&'a [Lookup], Fetched)>> = requests(lookups, window).into_iter().map(call).collect();
    let mut fetched = futures::stream::iter(calls).buffered(CONCURRENT_REQUESTS);
    let mut answers = BTreeMap::new();
    while let Some((request, fetched)) = fetched.next().await {
        answers.extend(request.iter().zip(fetched.answers));
        errors.extend(fetched.error);
    }
    answers
}

/// The answer to a query, of the answers to its lookups. Where one of them is missing for another reason than that there is no data,
/// so is the whole: without it a sum would be too small.
fn observed(
    query: &UtilizationQuery,
    wanted: &Wanted,
    answers: &BTreeMap<&Lookup, Answer>,
    period: ChargePeriod,
) -> Observed<UtilizationSeries> {
    let lookups = match wanted {
        Ok(lookups) => lookups,
        Err(reason) => return Observed::Missing(*reason),
    };
    let mut parts: Vec<&Datapoints> = Vec::new();
    for lookup in lookups {
        match answers.get(lookup) {
            Some(Ok(datapoints)) => parts.push(datapoints),
            Some(Err(MissingReason::NoData)) => {}
            Some(Err(reason)) => return Observed::Missing(*reason),
            None => return Observed::Missing(MissingReason::NotCollected),
        }
    }
    let mut datapoints = match (parts.as_slice(), Combination::of(&query.statistic)) {
        ([one], _) => (*one).clone(),
        (several, Some(combination)) => combination.combine(several),
        (_, None) => Datapoints::new(),
    };
    // The window is of whole hours, and CloudWatch may begin a data point before it.
    datapoints.retain(|(time, _): &(Timestamp, f64)| period.contains(*time));
    let (Some(lookup), false) = (lookups.first(), datapoints.is_empty()) else { return Observed::Missing(MissingReason::NoData) };
    Observed::Value(UtilizationSeries {
        resource_id: query.resource_id.clone(),
        namespace: query.namespace.to_string(),
        metric_name: query.metric_name.to_string(),
        statistic: query.statistic.to_string(),
        period_seconds: lookup.period_seconds,
        datapoints,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::tests::last_days;

    fn query(statistic: &str) -> UtilizationQuery {
        UtilizationQuery {
            resource_id: "arn".into(),
            namespace: "AWS/Kafka".into(),
            metric_name: "BytesInPerSec".into(),
            dimensions: vec![("Cluster Name".into(), "events".into())],
            open_dimensions: Vec::new(),
            statistic: statistic.into(),
            period_seconds: 60,
        }
    }

    fn lookup(broker: &str, statistic: &str) -> Lookup {
        Lookup {
            period_seconds: 300,
            namespace: "AWS/Kafka".into(),
            metric_name: "BytesInPerSec".into(),
            dimensions: vec![("Broker ID".into(), broker.into())],
            statistic: statistic.into(),
        }
    }

    fn whole_time() -> ChargePeriod {
        ChargePeriod { start: Timestamp::UNIX_EPOCH, end: Timestamp::MAX }
    }

    fn at(second: i64, value: f64) -> (Timestamp, f64) {
        (Timestamp::from_second(second).unwrap(), value)
    }

    /// What a query is answered when its brokers are.
    fn answered(statistic: &str, brokers: Vec<Answer>) -> Observed<Vec<(Timestamp, f64)>> {
        let lookups: Vec<Lookup> = (0..brokers.len()).map(|index| lookup(&index.to_string(), statistic)).collect();
        let answers = lookups.iter().zip(brokers).collect();
        match observed(&query(statistic), &Ok(lookups.clone()), &answers, whole_time()) {
            Observed::Value(series) => {
                assert_eq!(series.period_seconds, 300);
                Observed::Value(series.datapoints)
            }
            Observed::Missing(reason) => Observed::Missing(reason),
        }
    }

    #[test]
    fn brokers_are_added_up_and_those_without_data_add_nothing() {
        let brokers = vec![Ok(vec![at(0, 1.0)]), Err(MissingReason::NoData), Ok(vec![at(0, 2.0), at(60, 3.0)])];
        assert_eq!(answered("Sum", brokers), Observed::Value(vec![at(0, 3.0), at(60, 3.0)]));
    }

    #[test]
    fn a_broker_that_could_not_be_read_spoils_the_sum() {
        for reason in [MissingReason::Failed, MissingReason::Denied, MissingReason::NotCollected] {
            assert_eq!(answered("Sum", vec![Ok(vec![at(0, 1.0)]), Err(reason)]), Observed::Missing(reason));
        }
    }

    #[test]
    fn no_data_is_no_data() {
        assert_eq!(answered("Sum", vec![Err(MissingReason::NoData); 2]), Observed::Missing(MissingReason::NoData));
        assert_eq!(answered("Sum", Vec::new()), Observed::Missing(MissingReason::NoData));
        assert_eq!(answered("Average", vec![Ok(vec![at(0, 5.0)])]), Observed::Value(vec![at(0, 5.0)]));
    }

    #[test]
    fn what_lies_outside_the_period_is_left_out() {
        let lookups = vec![lookup("1", "Sum")];
        let answers = lookups.iter().zip([Ok(vec![at(0, 1.0), at(60, 2.0), at(120, 3.0)])]).collect();
        let period = ChargePeriod { start: at(60, 0.0).0, end: at(120, 0.0).0 };
        let observed = observed(&query("Sum"), &Ok(lookups.clone()), &answers, period);
        assert_eq!(observed.value().unwrap().datapoints, [at(60, 2.0)]);
    }

    #[test]
    fn known_dimensions_are_sorted_and_the_period_is_what_is_kept() {
        let mut query = query("Sum");
        query.dimensions = vec![("b".into(), "2".into()), ("a".into(), "1".into())];
        let lookups = wanted(&query, last_days(20), &Listings::new()).unwrap();
        assert_eq!(lookups[0].dimensions, [("a".into(), "1".into()), ("b".into(), "2".into())]);
        assert_eq!(lookups[0].period_seconds, 300);
    }

    #[test]
    fn nothing_is_read_where_no_data_was_though_there_are_listings() {
        let name = |name: &str| ("AWS/Kafka".into(), name.into());
        let listings = Listings::from([(name("a"), Ok(Listing::default())), (name("b"), Err(MissingReason::Failed))]);
        let lookup = lookup("1", "Sum");
        assert!(is_anything_read(&listings, &BTreeMap::new()));
        assert!(is_anything_read(&listings, &BTreeMap::from([(&lookup, Err(MissingReason::NoData))])));
        assert!(!is_anything_read(&listings, &BTreeMap::from([(&lookup, Err(MissingReason::Denied))])));
    }

    #[test]
    fn a_listing_that_failed_is_not_an_empty_one() {
        let mut query = query("Sum");
        query.open_dimensions = vec!["Broker ID".into()];
        let name = (query.namespace.clone(), query.metric_name.clone());
        let of = |listing| wanted(&query, last_days(1), &Listings::from([(name.clone(), listing)]));
        assert_eq!(of(Err(MissingReason::Denied)), Err(MissingReason::Denied));
        assert_eq!(of(Ok(Listing::default())), Ok(Vec::new()));
    }
}
