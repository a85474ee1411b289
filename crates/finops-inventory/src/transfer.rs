//! AWS Transfer Family.

use aws_sdk_transfer::Client;
use aws_sdk_transfer::types::{DescribedServer, ListedServer};
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::transfer::{DESCRIBE_SERVER, LIST_SERVERS};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::transfer::TransferServerDetails;

use crate::lister::{Listed, Lister, count, described, tag, tags, text};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

pub(crate) const LISTERS: &[Lister] = &[Lister {
    service: "transfer",
    is_global: false,
    operations: &[&LIST_SERVERS, &DESCRIBE_SERVER],
    list: |place| Box::pin(servers(place)),
}];

/// Servers of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/transfer/latest/APIReference/API_ListServers.html>, not confirmed here.
const PAGE_SIZE: i32 = 1_000;

async fn servers(place: &Place) -> Listed {
    let client = client!(aws_sdk_transfer, place);
    let mut listed = Listed::default();
    let mut servers: Vec<ListedServer> = Vec::new();
    let pages = client.list_servers().max_results(PAGE_SIZE).into_paginator().send();
    listed.pages(&LIST_SERVERS, place, pages, |page, _| servers.extend_from_slice(page.servers())).await;
    let calls: Vec<_> = servers.iter().take(MAX_ITEMS).map(|server| protocols(place, &client, server)).collect();
    let mut answers = in_turn(calls).await.into_iter();
    let (asked, mut failures) = (answers.len(), Failures::default());
    for server in &servers {
        let described_server = answers.next().and_then(|answer| failures.note(answer)).flatten();
        let mut resource = described(place, server.arn(), "transfer:server", details(server, described_server.as_ref()));
        if let Some(found) = &described_server {
            tag(&mut resource, tags(found.tags().iter().map(|pair| (Some(pair.key()), Some(pair.value())))));
        }
        listed.resources.push(resource);
    }
    failures.report(asked, &mut listed);
    report_left_out(&DESCRIBE_SERVER, servers.len(), &mut listed);
    listed
}

/// The list does not say the protocols, which are what is billed.
async fn protocols(place: &Place, client: &Client, server: &ListedServer) -> Result<Option<DescribedServer>, PortError> {
    let answer = client.describe_server().set_server_id(server.server_id().map(str::to_owned)).send().await;
    Ok(answer.map_err(|error| port_error(&DESCRIBE_SERVER, place, error))?.server)
}

fn details(server: &ListedServer, found: Option<&DescribedServer>) -> TransferServerDetails {
    TransferServerDetails {
        state: text(server.state().map(aws_sdk_transfer::types::State::as_str)).unwrap_or_default(),
        protocols: found.map(|found| found.protocols().iter().map(|protocol| protocol.as_str().into()).collect()),
        storage: text(server.domain().map(aws_sdk_transfer::types::Domain::as_str)),
        endpoint_type: text(server.endpoint_type().map(aws_sdk_transfer::types::EndpointType::as_str)),
        identity_provider: text(server.identity_provider_type().map(aws_sdk_transfer::types::IdentityProviderType::as_str)),
        users: count(server.user_count()),
    }
}
