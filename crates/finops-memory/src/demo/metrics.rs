//! What CloudWatch measured of the resources: the metrics that the catalog names for each kind.

use std::collections::BTreeSet;

use finops_domain::catalog::{Bought, Catalog, MetricFacts};
use finops_domain::resource::Resource;
use finops_domain::utilization::UtilizationSeries;
use jiff::{SignedDuration, Timestamp};

use super::ledger::Ledger;
use super::random::Random;

/// Days of October that were measured.
const DAYS: i64 = 31;

/// Checks whose planted resources nothing uses.
const IDLE: [&str; 3] = ["catalog.idle-resource", "elb.idle-load-balancer", "vpc.idle-nat-gateway"];

/// Measures every resource of a kind with metrics; what is planted as idle is idle, as little used little used.
pub(super) fn measure(ledger: &mut Ledger) {
    let of_checks = |ledger: &Ledger, checks: &[&str]| -> BTreeSet<String> {
        let cases = ledger.truth.iter().filter(|case| checks.contains(&case.check_id.as_str()));
        cases.filter_map(|case| case.resource_id.as_ref().map(ToString::to_string)).collect()
    };
    let (idle, hardly_used) = (of_checks(ledger, &IDLE), of_checks(ledger, &["catalog.unused-capacity"]));
    let end = ledger.periods.last().map_or(Timestamp::UNIX_EPOCH, |period| period.charge_period.end);
    let mut measured = Vec::new();
    for resource in &ledger.resources {
        let by_id = Catalog::embedded().recognize_resource_id(resource.resource_id.as_str()).and_then(|found| found.kind);
        let Some(kind) = by_id.or_else(|| Catalog::embedded().resource_kind(resource.kind.as_str())) else { continue };
        let is_idle = idle.contains(resource.resource_id.as_str());
        for facts in kind.activity {
            let between = if is_idle { (0, 0) } else { (4_000, 90_000) };
            measured.push(series(&mut ledger.random, resource, facts, end, between));
        }
        for facts in kind.saturation {
            let percent = match (is_idle, hardly_used.contains(resource.resource_id.as_str())) {
                (true, _) => (0, 0),
                (false, true) => (20, 70),
                (false, false) => (250, 680),
            };
            let bought = match facts.bought {
                None | Some(Bought::Percent) => 100,
                Some(Bought::Configuration(name)) => resource.configuration.get(name).and_then(|text| text.parse().ok()).unwrap_or(100),
                Some(Bought::Metric(name)) => {
                    measured.push(series(&mut ledger.random, resource, &MetricFacts { metric: name, ..*facts }, end, (1_000, 1_000)));
                    100
                }
            };
            measured.push(series(&mut ledger.random, resource, facts, end, (percent.0 * bought / 100, percent.1 * bought / 100)));
        }
    }
    ledger.utilization.extend(measured);
}

/// A value a day, in tenths between two bounds.
fn series(random: &mut Random, resource: &Resource, facts: &MetricFacts, end: Timestamp, (low, high): (i64, i64)) -> UtilizationSeries {
    let datapoints = (0..DAYS).filter_map(|day| {
        let at = end.saturating_sub(SignedDuration::from_hours(24 * (DAYS - day))).ok()?;
        let tenths = i32::try_from(if low == high { low } else { random.between(low, high) }).ok()?;
        Some((at, f64::from(tenths) / 10.0))
    });
    UtilizationSeries {
        resource_id: resource.resource_id.clone(),
        namespace: facts.namespace.to_owned(),
        metric_name: facts.metric.to_owned(),
        statistic: facts.statistic.to_owned(),
        period_seconds: 86_400,
        datapoints: datapoints.collect(),
    }
}
