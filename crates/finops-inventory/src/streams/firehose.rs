//! Firehose streams.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_firehose::Client;
use aws_sdk_firehose::types::{DeliveryStreamDescription, DestinationDescription, VpcConfigurationDescription};
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::firehose::{DESCRIBE_DELIVERY_STREAM, LIST_DELIVERY_STREAMS};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::Resource;
use finops_domain::resource::streams::FirehoseStreamDetails;

use crate::lister::{Listed, described, described_as, text, timestamp};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

/// Names of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html>, not confirmed here.
const PAGE_SIZE: i32 = 10_000;

/// Pages of names. The SDK has no paginator for this list, and a service that repeats itself must not hold us.
const MAX_PAGES: usize = 100;

pub(super) async fn streams(place: &Place) -> Listed {
    let client = client!(aws_sdk_firehose, place);
    let mut listed = Listed::default();
    let names = names(place, &client, &mut listed).await;
    let calls: Vec<_> = names.iter().take(MAX_ITEMS).map(|name| description(place, &client, name.clone())).collect();
    let mut answers = in_turn(calls).await.into_iter();
    let (asked, mut failures) = (answers.len(), Failures::default());
    for name in &names {
        if let Some(description) = answers.next().and_then(|answer| failures.note(answer)).flatten() {
            listed.resources.extend(stream_of(place, &description));
        } else {
            let arn = place.arn("firehose", &format!("deliverystream/{name}"));
            let mut resource = described_as(place, arn, "firehose:deliverystream");
            resource.name = Some(name.as_str().into());
            listed.resources.push(resource);
        }
    }
    failures.report(asked, &mut listed);
    report_left_out(&DESCRIBE_DELIVERY_STREAM, names.len(), &mut listed);
    listed
}

async fn names(place: &Place, client: &Client, listed: &mut Listed) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for _ in 0..MAX_PAGES {
        let request = client.list_delivery_streams().limit(PAGE_SIZE).set_exclusive_start_delivery_stream_name(names.last().cloned());
        let answer = request.send().await;
        let Some(page) = listed.answer(&LIST_DELIVERY_STREAMS, place, answer) else { break };
        names.extend_from_slice(page.delivery_stream_names());
        if !page.has_more_delivery_streams() || page.delivery_stream_names().is_empty() {
            break;
        }
    }
    names
}

async fn description(place: &Place, client: &Client, name: String) -> Result<Option<DeliveryStreamDescription>, PortError> {
    let answer = client.describe_delivery_stream().delivery_stream_name(name).send().await;
    Ok(answer.map_err(|error| port_error(&DESCRIBE_DELIVERY_STREAM, place, error))?.delivery_stream_description)
}

fn stream_of(place: &Place, stream: &DeliveryStreamDescription) -> Option<Resource> {
    let state = stream.delivery_stream_status().as_str();
    if matches!(state, "DELETING" | "CREATING_FAILED") {
        return None;
    }
    let source = stream.source();
    let kinesis = source.and_then(|source| source.kinesis_stream_source_description()?.kinesis_stream_arn());
    let kafka = || source.and_then(|source| source.msk_source_description()?.msk_cluster_arn());
    let destinations = stream.destinations();
    let to_s3 = || destinations.iter().filter_map(|to| to.extended_s3_destination_description());
    let subnets: BTreeSet<Arc<str>> = destinations
        .iter()
        .filter_map(vpc)
        .flat_map(aws_sdk_firehose::types::VpcConfigurationDescription::subnet_ids)
        .map(|id| id.as_str().into())
        .collect();
    let details = FirehoseStreamDetails {
        state: state.into(),
        source_type: stream.delivery_stream_type().as_str().into(),
        source_arn: text(kinesis.or_else(kafka)),
        destinations: destinations.iter().filter_map(destination).map(Arc::from).collect(),
        vpc_subnet_ids: subnets.into_iter().collect(),
        converts_format: to_s3().any(|to| {
            to.data_format_conversion_configuration()
                .and_then(aws_sdk_firehose::types::DataFormatConversionConfiguration::enabled)
                .unwrap_or(false)
        }),
        has_dynamic_partitioning: to_s3().any(|to| {
            to.dynamic_partitioning_configuration()
                .and_then(aws_sdk_firehose::types::DynamicPartitioningConfiguration::enabled)
                .unwrap_or(false)
        }),
    };
    let mut resource = described(place, stream.delivery_stream_arn(), "firehose:deliverystream", details);
    resource.name = text(Some(stream.delivery_stream_name()));
    resource.created_at = stream.create_timestamp().and_then(timestamp);
    Some(resource)
}

/// The service that a destination is of. S3 stands beside others as where their backups go, so it is asked for last.
fn destination(to: &DestinationDescription) -> Option<&'static str> {
    if to.redshift_destination_description().is_some() {
        Some("redshift")
    } else if to.elasticsearch_destination_description().is_some()
        || to.amazonopensearchservice_destination_description().is_some()
        || to.amazon_open_search_serverless_destination_description().is_some()
    {
        Some("opensearch")
    } else if to.splunk_destination_description().is_some() {
        Some("splunk")
    } else if to.http_endpoint_destination_description().is_some() {
        Some("http")
    } else if to.snowflake_destination_description().is_some() {
        Some("snowflake")
    } else if to.iceberg_destination_description().is_some() {
        Some("iceberg")
    } else if to.s3_destination_description().is_some() || to.extended_s3_destination_description().is_some() {
        Some("s3")
    } else {
        None
    }
}

fn vpc(to: &DestinationDescription) -> Option<&VpcConfigurationDescription> {
    let elastic = to.elasticsearch_destination_description().and_then(|to| to.vpc_configuration_description());
    let open = || to.amazonopensearchservice_destination_description().and_then(|to| to.vpc_configuration_description());
    let serverless = || to.amazon_open_search_serverless_destination_description().and_then(|to| to.vpc_configuration_description());
    elastic.or_else(open).or_else(serverless)
}
