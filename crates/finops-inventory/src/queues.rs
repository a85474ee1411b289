//! Amazon SQS.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::sqs::{GET_QUEUE_ATTRIBUTES, LIST_QUEUES};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::queues::QueueDetails;
use jiff::Timestamp;

use crate::lister::{Listed, Lister, described};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

pub(crate) const LISTERS: &[Lister] = &[Lister {
    service: "sqs",
    is_global: false,
    operations: &[&LIST_QUEUES, &GET_QUEUE_ATTRIBUTES],
    list: |place| Box::pin(queues(place)),
}];

/// Queues of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html>.
const PAGE_SIZE: i32 = 1_000;

type Attributes = HashMap<QueueAttributeName, String>;

async fn queues(place: &Place) -> Listed {
    let client = client!(aws_sdk_sqs, place);
    let mut listed = Listed::default();
    let mut addresses: Vec<String> = Vec::new();
    let pages = client.list_queues().max_results(PAGE_SIZE).into_paginator().send();
    listed.pages(&LIST_QUEUES, place, pages, |page, _| addresses.extend_from_slice(page.queue_urls())).await;
    let calls: Vec<_> = addresses.iter().take(MAX_ITEMS).map(|address| attributes(place, &client, address.clone())).collect();
    let mut answers = in_turn(calls).await.into_iter();
    let (asked, mut failures) = (answers.len(), Failures::default());
    for address in &addresses {
        let attributes = answers.next().and_then(|answer| failures.note(answer)).unwrap_or_default();
        let name = address.rsplit('/').next().unwrap_or_default();
        let mut resource = described(place, place.arn("sqs", name), "sqs:queue", details(name, &attributes));
        resource.name = Some(name.into());
        resource.created_at = seconds(&attributes, &QueueAttributeName::CreatedTimestamp);
        listed.resources.push(resource);
    }
    failures.report(asked, &mut listed);
    report_left_out(&GET_QUEUE_ATTRIBUTES, addresses.len(), &mut listed);
    listed
}

async fn attributes(place: &Place, client: &Client, address: String) -> Result<Attributes, PortError> {
    let answer = client.get_queue_attributes().queue_url(address).attribute_names(QueueAttributeName::All).send().await;
    let answer = answer.map_err(|error| port_error(&GET_QUEUE_ATTRIBUTES, place, error))?;
    Ok(answer.attributes.unwrap_or_default())
}

fn details(name: &str, attributes: &Attributes) -> QueueDetails {
    let many = |name| attributes.get(&name).and_then(|value| value.parse().ok());
    let few = |name| attributes.get(&name).and_then(|value| value.parse().ok());
    QueueDetails {
        // The name of a FIFO queue ends so, in small letters.
        is_fifo: name.strip_suffix(".fifo").is_some(),
        messages: many(QueueAttributeName::ApproximateNumberOfMessages),
        messages_in_flight: many(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
        messages_delayed: many(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
        retention_seconds: few(QueueAttributeName::MessageRetentionPeriod),
        poll_wait_seconds: few(QueueAttributeName::ReceiveMessageWaitTimeSeconds),
        visibility_timeout_seconds: few(QueueAttributeName::VisibilityTimeout),
        dead_letter_queue_arn: attributes.get(&QueueAttributeName::RedrivePolicy).and_then(|policy| dead_letter_queue(policy)),
        modified_at: seconds(attributes, &QueueAttributeName::LastModifiedTimestamp),
    }
}

fn seconds(attributes: &Attributes, name: &QueueAttributeName) -> Option<Timestamp> {
    // moto writes fractions, AWS does not.
    let whole = attributes.get(name)?.split('.').next()?.parse().ok()?;
    Timestamp::from_second(whole).ok()
}

/// The queue in `{"deadLetterTargetArn":"arn:aws:sqs:…","maxReceiveCount":3}`.
fn dead_letter_queue(policy: &str) -> Option<Arc<str>> {
    let (_, rest) = policy.split_once("\"deadLetterTargetArn\"")?;
    let arn = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    arn.split('"').next().map(Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_letter_queue_is_found_in_the_policy() {
        let arn = "arn:aws:sqs:eu-west-1:111122223333:failed";
        for policy in [
            format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"3"}}"#),
            format!(r#"{{"maxReceiveCount": 3, "deadLetterTargetArn" : "{arn}"}}"#),
        ] {
            assert_eq!(dead_letter_queue(&policy).as_deref(), Some(arn));
        }
        assert_eq!(dead_letter_queue("{}"), None);
    }
}
