//! Log groups.

use aws_sdk_cloudwatchlogs::types::LogGroup;
use finops_aws::client;
use finops_aws::operations::logs::DESCRIBE_LOG_GROUPS;
use finops_aws::place::Place;
use finops_domain::resource::Resource;
use finops_domain::resource::logs::LogGroupDetails;
use jiff::Timestamp;

use crate::lister::{Listed, count, described, text};

/// Log groups of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html>, not confirmed here.
const PAGE_SIZE: i32 = 50;

pub(super) async fn log_groups(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_cloudwatchlogs, place).describe_log_groups().limit(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_LOG_GROUPS, place, pages, |page, resources| {
            resources.extend(page.log_groups().iter().filter_map(|group| log_group_of(place, group)));
        })
        .await;
    listed
}

fn log_group_of(place: &Place, group: &LogGroup) -> Option<Resource> {
    let name = group.log_group_name()?;
    let details = LogGroupDetails {
        retention_days: count(group.retention_in_days()),
        stored_bytes: group.stored_bytes().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default(),
        class: text(group.log_group_class().map(aws_sdk_cloudwatchlogs::types::LogGroupClass::as_str)).unwrap_or_else(|| "STANDARD".into()),
        metric_filters: count(group.metric_filter_count()).unwrap_or_default(),
    };
    // Tagging knows it by the ARN without the `:*` that stands for its streams.
    let arn = group.log_group_arn().or_else(|| group.arn()).map(|arn| arn.trim_end_matches(":*"));
    let arn = arn.map_or_else(|| place.arn("logs", &format!("log-group:{name}")), str::to_owned);
    let mut resource = described(place, arn, "logs:log-group", details);
    resource.created_at = group.creation_time().and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    resource.name = Some(name.into());
    Some(resource)
}
