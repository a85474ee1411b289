//! Kinesis data streams.

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::types::StreamDescriptionSummary;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::kinesis::{DESCRIBE_STREAM_SUMMARY, LIST_STREAMS};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::streams::KinesisStreamDetails;

use crate::lister::{Listed, count, described, text, timestamp};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

/// Streams of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html>.
const PAGE_SIZE: i32 = 100;

pub(super) async fn streams(place: &Place) -> Listed {
    let client = client!(aws_sdk_kinesis, place);
    let mut listed = Listed::default();
    let mut names: Vec<String> = Vec::new();
    let pages = client.list_streams().limit(PAGE_SIZE).into_paginator().send();
    listed.pages(&LIST_STREAMS, place, pages, |page, _| names.extend_from_slice(page.stream_names())).await;
    let calls: Vec<_> = names.iter().take(MAX_ITEMS).map(|name| summary(place, &client, name.clone())).collect();
    let mut answers = in_turn(calls).await.into_iter();
    let (asked, mut failures) = (answers.len(), Failures::default());
    for name in &names {
        let summary = answers.next().and_then(|answer| failures.note(answer)).flatten();
        let details = summary.as_ref().map(details).unwrap_or_default();
        if &*details.state == "DELETING" {
            continue;
        }
        let mut resource = described(place, place.arn("kinesis", &format!("stream/{name}")), "kinesis:stream", details);
        resource.name = Some(name.as_str().into());
        resource.created_at = summary.and_then(|summary| timestamp(summary.stream_creation_timestamp()));
        listed.resources.push(resource);
    }
    failures.report(asked, &mut listed);
    report_left_out(&DESCRIBE_STREAM_SUMMARY, names.len(), &mut listed);
    listed
}

async fn summary(place: &Place, client: &Client, name: String) -> Result<Option<StreamDescriptionSummary>, PortError> {
    let answer = client.describe_stream_summary().stream_name(name).send().await;
    Ok(answer.map_err(|error| port_error(&DESCRIBE_STREAM_SUMMARY, place, error))?.stream_description_summary)
}

fn details(summary: &StreamDescriptionSummary) -> KinesisStreamDetails {
    let metrics = summary.enhanced_monitoring().iter().flat_map(aws_sdk_kinesis::types::EnhancedMetrics::shard_level_metrics);
    KinesisStreamDetails {
        state: summary.stream_status().as_str().into(),
        mode: text(summary.stream_mode_details().map(|details| details.stream_mode().as_str())).unwrap_or_else(|| "PROVISIONED".into()),
        shards: count(Some(summary.open_shard_count())),
        retention_hours: count(Some(summary.retention_period_hours())),
        fan_out_consumers: count(summary.consumer_count()),
        shard_metrics: metrics.map(|metric| metric.as_str().into()).collect(),
    }
}
