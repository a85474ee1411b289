//! Which metrics there are, for queries that do not say all dimensions.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::Dimension;
use finops_aws::operations::cloudwatch::LIST_METRICS;
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_domain::ports::{PortError, PortErrorKind, PortResult};
use finops_domain::utilization::{AGENT_NAMESPACE, UtilizationQuery};

use crate::lookup::Dimensions;

/// What the CloudWatch agent names the kind of a file system by.
const FILE_SYSTEM: &str = "fstype";

/// File systems that are always full, or are memory: how full they are says nothing of a disk.
const NO_DISKS: [&str; 5] = ["devtmpfs", "erofs", "iso9660", "squashfs", "tmpfs"];

/// The dimensions of every metric of one name.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    metrics: Vec<Dimensions>,
    /// Places in `metrics`, by each of their dimensions.
    by_dimension: BTreeMap<(Arc<str>, Arc<str>), Vec<usize>>,
}

impl Listing {
    fn add(&mut self, mut dimensions: Dimensions) {
        dimensions.sort();
        for dimension in &dimensions {
            self.by_dimension.entry(dimension.clone()).or_default().push(self.metrics.len());
        }
        self.metrics.push(dimensions);
    }

    /// The metrics that a query is about, sorted.
    pub(crate) fn matching(&self, query: &UtilizationQuery) -> Vec<&Dimensions> {
        let is_match = |dimensions: &&Dimensions| is_about(query, dimensions);
        let mut found: Vec<&Dimensions> = match query.dimensions.first() {
            Some(first) => {
                let places = self.by_dimension.get(first).map(Vec::as_slice).unwrap_or_default();
                places.iter().filter_map(|place| self.metrics.get(*place)).filter(is_match).collect()
            }
            None => self.metrics.iter().filter(is_match).collect(),
        };
        found.sort();
        found.dedup();
        found
    }
}

/// Whether a query can only be answered by a listing.
pub(crate) fn needs_listing(query: &UtilizationQuery) -> bool {
    !query.open_dimensions.is_empty() || is_of_agent(query)
}

/// The agent adds what dimensions its configuration says to those of the instance.
fn is_of_agent(query: &UtilizationQuery) -> bool {
    &*query.namespace == AGENT_NAMESPACE && query.dimensions.iter().any(|(name, _)| &**name == "InstanceId")
}

/// Whether a metric of these dimensions, sorted, is meant: those of the query, and of others just the open ones. What has more is
/// another metric, as that of a topic is not that of its broker.
fn is_about(query: &UtilizationQuery, dimensions: &Dimensions) -> bool {
    if !query.dimensions.iter().all(|known| dimensions.binary_search(known).is_ok()) {
        return false;
    }
    if is_of_agent(query) {
        return !dimensions.iter().any(|(name, value)| &**name == FILE_SYSTEM && NO_DISKS.contains(&&**value));
    }
    dimensions.len() == query.dimensions.len() + query.open_dimensions.len()
        && query.open_dimensions.iter().all(|open| dimensions.iter().any(|(name, _)| name == open))
}

/// Lists the metrics of a name to the last page.
///
/// Without `RecentlyActive`, which leaves out what was quiet for three hours. Even so, a metric without data for two weeks is not
/// listed: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html>, read 2026-11-24.
pub(crate) async fn list(client: &Client, place: &Place, namespace: &str, metric_name: &str) -> PortResult<Listing> {
    let pages = client.list_metrics().namespace(namespace).metric_name(metric_name).into_paginator().send();
    let mut listing = Listing::default();
    // The paginator ends at a token that comes again as if the list did.
    let (mut token, mut repeats) = (None, false);
    for_each_page(&LIST_METRICS, place, pages, |page| {
        repeats |= page.next_token().is_some() && page.next_token() == token.as_deref();
        token = page.next_token().map(str::to_owned);
        for metric in page.metrics() {
            listing.add(metric.dimensions().iter().filter_map(pair).collect());
        }
    })
    .await?;
    if repeats {
        let error = PortError::new(PortErrorKind::Corrupt, LIST_METRICS.action, place.to_string());
        return Err(error.with_source("a page names itself as the next"));
    }
    Ok(listing)
}

fn pair(dimension: &Dimension) -> Option<(Arc<str>, Arc<str>)> {
    Some((dimension.name()?.into(), dimension.value()?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dimensions(text: &str) -> Dimensions {
        text.split(' ').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
    }

    fn query(namespace: &str, known: &str, open: &[&str]) -> UtilizationQuery {
        UtilizationQuery {
            resource_id: "arn".into(),
            namespace: namespace.into(),
            metric_name: "m".into(),
            dimensions: dimensions(known),
            open_dimensions: open.iter().map(|name| (*name).into()).collect(),
            statistic: "Sum".into(),
            period_seconds: 3_600,
        }
    }

    fn found(listed: &[&str], query: &UtilizationQuery) -> Vec<String> {
        let mut listing = Listing::default();
        for text in listed {
            listing.add(dimensions(text));
        }
        let text =
            |dimensions: &&Dimensions| dimensions.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
        listing.matching(query).iter().map(text).collect()
    }

    #[test]
    fn open_dimensions_are_filled_and_no_others_taken() {
        let listed = ["Broker=2 Cluster=a", "Broker=1 Cluster=a", "Broker=1 Cluster=b", "Cluster=a", "Broker=1 Cluster=a Topic=t"];
        assert_eq!(found(&listed, &query("AWS/Kafka", "Cluster=a", &["Broker"])), ["Broker=1 Cluster=a", "Broker=2 Cluster=a"]);
        assert_eq!(found(&listed, &query("AWS/Kafka", "Cluster=c", &["Broker"])), Vec::<String>::new());
        assert_eq!(found(&listed, &query("AWS/Kafka", "", &["Cluster"])), ["Cluster=a"]);
    }

    #[test]
    fn the_agents_metrics_are_found_by_their_instance_whatever_else_they_carry() {
        let listed = [
            "InstanceId=i-1 fstype=xfs path=/",
            "InstanceId=i-1 fstype=squashfs path=/snap/core",
            "InstanceId=i-1 fstype=ext4 path=/data",
            "InstanceId=i-2 fstype=xfs path=/",
        ];
        let expected = ["InstanceId=i-1 fstype=ext4 path=/data", "InstanceId=i-1 fstype=xfs path=/"];
        assert_eq!(found(&listed, &query("CWAgent", "InstanceId=i-1", &[])), expected);
        assert!(needs_listing(&query("CWAgent", "InstanceId=i-1", &[])));
        assert!(!needs_listing(&query("AWS/EC2", "InstanceId=i-1", &[])));
        assert!(!needs_listing(&query("CWAgent", "host=web", &[])));
    }
}
