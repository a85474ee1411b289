//! Alarms, dashboards, metric streams.

use std::sync::Arc;

use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, Dimension, MetricAlarm, MetricDataQuery};
use finops_aws::client;
use finops_aws::operations::cloudwatch_alarms::{DESCRIBE_ALARMS, LIST_DASHBOARDS, LIST_METRIC_STREAMS};
use finops_aws::place::Place;
use finops_domain::resource::Resource;
use finops_domain::resource::logs::{AlarmDetails, AlarmMetric, CompositeAlarmDetails, DashboardDetails, MetricStreamDetails};

use crate::lister::{Listed, count, described, global, text, timestamp};

/// Alarms of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>, not confirmed here.
const ALARMS: i32 = 100;

/// Metric streams of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetricStreams.html>, not confirmed here.
const METRIC_STREAMS: i32 = 500;

pub(super) async fn alarms(place: &Place) -> Listed {
    let mut listed = Listed::default();
    // Composite alarms are left out unless they are asked for.
    let request = client!(aws_sdk_cloudwatch, place).describe_alarms().max_records(ALARMS);
    let pages = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm).into_paginator().send();
    listed
        .pages(&DESCRIBE_ALARMS, place, pages, |page, resources| {
            resources.extend(page.metric_alarms().iter().filter_map(|alarm| alarm_of(place, alarm)));
            resources.extend(page.composite_alarms().iter().filter_map(|alarm| composite_of(place, alarm)));
        })
        .await;
    listed
}

/// Dashboards, asked for in the partition's global region only, since every region lists all of them.
pub(super) async fn dashboards(place: &Place) -> Listed {
    let mut listed = Listed::default();
    if place.region.as_str() != place.partition.global_region() {
        return listed;
    }
    let pages = client!(aws_sdk_cloudwatch, place).list_dashboards().into_paginator().send();
    listed
        .pages(&LIST_DASHBOARDS, place, pages, |page, resources| {
            for dashboard in page.dashboard_entries() {
                let (Some(arn), Some(name)) = (dashboard.dashboard_arn(), dashboard.dashboard_name()) else { continue };
                let details = DashboardDetails {
                    modified_at: dashboard.last_modified().and_then(timestamp),
                    size_bytes: dashboard.size().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default(),
                };
                let mut resource = global(described(place, arn, "cloudwatch:dashboard", details));
                resource.name = Some(name.into());
                resources.push(resource);
            }
        })
        .await;
    listed
}

pub(super) async fn metric_streams(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_cloudwatch, place).list_metric_streams().max_results(METRIC_STREAMS).into_paginator().send();
    listed
        .pages(&LIST_METRIC_STREAMS, place, pages, |page, resources| {
            for stream in page.entries() {
                let Some(arn) = stream.arn() else { continue };
                let details = MetricStreamDetails {
                    state: text(stream.state()).unwrap_or_default(),
                    firehose_arn: text(stream.firehose_arn()),
                    output_format: text(stream.output_format().map(aws_sdk_cloudwatch::types::MetricStreamOutputFormat::as_str)),
                    modified_at: stream.last_update_date().and_then(timestamp),
                };
                let mut resource = described(place, arn, "cloudwatch:metric-stream", details);
                resource.created_at = stream.creation_date().and_then(timestamp);
                resource.name = text(stream.name());
                resources.push(resource);
            }
        })
        .await;
    listed
}

fn alarm_of(place: &Place, alarm: &MetricAlarm) -> Option<Resource> {
    let arn = alarm.alarm_arn()?;
    let own = alarm.metric_name().map(|name| metric(alarm.namespace(), name, alarm.dimensions()));
    let queries = alarm.metrics();
    let asked = queries.iter().filter_map(|query| {
        let metric_of = query.metric_stat()?.metric()?;
        Some(metric(metric_of.namespace(), metric_of.metric_name()?, metric_of.dimensions()))
    });
    let periods = queries.iter().filter_map(|query| query.period().or_else(|| query.metric_stat()?.period()));
    let has_expression =
        |beginning: &str| queries.iter().filter_map(MetricDataQuery::expression).any(|text| text.trim_start().starts_with(beginning));
    let details = AlarmDetails {
        state: text(alarm.state_value().map(aws_sdk_cloudwatch::types::StateValue::as_str)).unwrap_or_default(),
        state_since: alarm.state_transitioned_timestamp().or_else(|| alarm.state_updated_timestamp()).and_then(timestamp),
        configured_at: alarm.alarm_configuration_updated_timestamp().and_then(timestamp),
        are_actions_enabled: alarm.actions_enabled().unwrap_or(false),
        actions: actions([alarm.alarm_actions(), alarm.ok_actions(), alarm.insufficient_data_actions()]),
        metrics: own.into_iter().chain(asked).collect(),
        period_seconds: count(alarm.period().into_iter().chain(periods).min()),
        is_on_anomaly: has_expression("ANOMALY_DETECTION_BAND"),
        is_on_query: has_expression("SELECT"),
    };
    let mut resource = described(place, arn, "cloudwatch:alarm", details);
    resource.name = text(alarm.alarm_name());
    Some(resource)
}

fn composite_of(place: &Place, alarm: &CompositeAlarm) -> Option<Resource> {
    let arn = alarm.alarm_arn()?;
    let details = CompositeAlarmDetails {
        state: text(alarm.state_value().map(aws_sdk_cloudwatch::types::StateValue::as_str)).unwrap_or_default(),
        state_since: alarm.state_transitioned_timestamp().or_else(|| alarm.state_updated_timestamp()).and_then(timestamp),
        are_actions_enabled: alarm.actions_enabled().unwrap_or(false),
        actions: actions([alarm.alarm_actions(), alarm.ok_actions(), alarm.insufficient_data_actions()]),
        rule: text(alarm.alarm_rule()).unwrap_or_default(),
    };
    let mut resource = described(place, arn, "cloudwatch:alarm", details);
    resource.name = text(alarm.alarm_name());
    Some(resource)
}

fn metric(namespace: Option<&str>, name: &str, dimensions: &[Dimension]) -> AlarmMetric {
    let pairs = dimensions.iter().filter_map(|dimension| Some((text(dimension.name())?, text(dimension.value())?)));
    AlarmMetric { namespace: text(namespace).unwrap_or_default(), name: name.into(), dimensions: pairs.collect() }
}

/// Each once, in the order of the alarm.
fn actions(lists: [&[String]; 3]) -> Vec<Arc<str>> {
    let mut actions: Vec<Arc<str>> = Vec::new();
    for action in lists.into_iter().flatten() {
        if !actions.iter().any(|known| **known == **action) {
            actions.push(action.as_str().into());
        }
    }
    actions
}
