//! DynamoDB tables.

use aws_sdk_dynamodb::types::TableDescription;
use finops_aws::client;
use finops_aws::operations::databases::dynamodb::{DESCRIBE_TABLE, LIST_TABLES};
use finops_aws::place::Place;
use finops_domain::resource::Resource;
use finops_domain::resource::databases::TableDetails;
use futures::StreamExt;

use crate::lister::{Listed, described, text, timestamp};

/// Tables that are asked for at the same time: there is no list of descriptions.
const CONCURRENT_TABLES: usize = 8;
/// Greatest page: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html>.
const PAGE_SIZE: i32 = 100;

pub(super) async fn tables(place: &Place) -> Listed {
    let client = client!(aws_sdk_dynamodb, place);
    let mut listed = Listed::default();
    let mut names: Vec<String> = Vec::new();
    let pages = client.list_tables().limit(PAGE_SIZE).into_paginator().send();
    listed.pages(&LIST_TABLES, place, pages, |page, _| names.extend_from_slice(page.table_names())).await;
    let asked: Vec<_> = names.into_iter().map(|name| client.describe_table().table_name(name).send()).collect();
    let answers: Vec<_> = futures::stream::iter(asked).buffered(CONCURRENT_TABLES).collect().await;
    for answer in answers {
        let Some(answer) = listed.answer(&DESCRIBE_TABLE, place, answer) else { continue };
        listed.resources.extend(answer.table().and_then(|table| table_of(place, table)));
    }
    listed
}

fn table_of(place: &Place, table: &TableDescription) -> Option<Resource> {
    let arn = table.table_arn()?;
    let is_on_demand =
        table.billing_mode_summary().and_then(|summary| summary.billing_mode()).is_some_and(|mode| mode.as_str() == "PAY_PER_REQUEST");
    let of_indices = table.global_secondary_indexes().iter().filter_map(|index| index.provisioned_throughput());
    let throughputs: Vec<_> = table.provisioned_throughput().into_iter().chain(of_indices).collect();
    let whole = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default();
    let details = TableDetails {
        is_on_demand,
        read_capacity_units: throughputs.iter().map(|throughput| whole(throughput.read_capacity_units())).sum(),
        write_capacity_units: throughputs.iter().map(|throughput| whole(throughput.write_capacity_units())).sum(),
        table_class: text(
            table.table_class_summary().and_then(|summary| summary.table_class()).map(aws_sdk_dynamodb::types::TableClass::as_str),
        ),
        size_bytes: whole(table.table_size_bytes()),
        items: whole(table.item_count()),
        indices: u32::try_from(table.global_secondary_indexes().len()).unwrap_or(u32::MAX),
        replicas: u32::try_from(table.replicas().len()).unwrap_or(u32::MAX),
    };
    let mut resource = described(place, arn, "dynamodb:table", details);
    resource.name = text(table.table_name());
    resource.created_at = table.creation_date_time().and_then(timestamp);
    Some(resource)
}
