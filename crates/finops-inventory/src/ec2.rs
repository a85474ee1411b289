//! EC2 and VPC.

mod commitments;
mod instances;
mod network;
mod storage;

use aws_sdk_ec2::types::Tag;
use finops_aws::operations::ec2::{
    DESCRIBE_ADDRESSES, DESCRIBE_CAPACITY_RESERVATIONS, DESCRIBE_IMAGES, DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS, DESCRIBE_INSTANCES,
    DESCRIBE_NAT_GATEWAYS, DESCRIBE_NETWORK_INTERFACES, DESCRIBE_RESERVED_INSTANCES, DESCRIBE_ROUTE_TABLES, DESCRIBE_SNAPSHOTS,
    DESCRIBE_TRANSIT_GATEWAY_ATTACHMENTS, DESCRIBE_VOLUMES, DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPN_CONNECTIONS,
};
use finops_domain::resource::Resource;

use crate::lister::{Lister, tag, tags};

pub(crate) const LISTERS: &[Lister] = &[
    Lister {
        service: "ec2",
        is_global: false,
        operations: &[&DESCRIBE_INSTANCES, &DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS],
        list: |place| Box::pin(instances::instances(place)),
    },
    Lister { service: "ebs", is_global: false, operations: &[&DESCRIBE_VOLUMES], list: |place| Box::pin(storage::volumes(place)) },
    Lister {
        service: "ebs",
        is_global: false,
        operations: &[&DESCRIBE_SNAPSHOTS, &DESCRIBE_IMAGES],
        list: |place| Box::pin(storage::snapshots_and_images(place)),
    },
    Lister { service: "vpc", is_global: false, operations: &[&DESCRIBE_ADDRESSES], list: |place| Box::pin(network::addresses(place)) },
    Lister {
        service: "vpc",
        is_global: false,
        operations: &[&DESCRIBE_NETWORK_INTERFACES],
        list: |place| Box::pin(network::interfaces(place)),
    },
    Lister {
        service: "vpc",
        is_global: false,
        operations: &[&DESCRIBE_NAT_GATEWAYS, &DESCRIBE_ROUTE_TABLES],
        list: |place| Box::pin(network::nat_gateways(place)),
    },
    Lister { service: "vpc", is_global: false, operations: &[&DESCRIBE_VPC_ENDPOINTS], list: |place| Box::pin(network::endpoints(place)) },
    Lister {
        service: "vpc",
        is_global: false,
        operations: &[&DESCRIBE_TRANSIT_GATEWAY_ATTACHMENTS],
        list: |place| Box::pin(network::transit_gateway_attachments(place)),
    },
    Lister {
        service: "vpc",
        is_global: false,
        operations: &[&DESCRIBE_VPN_CONNECTIONS],
        list: |place| Box::pin(network::vpn_connections(place)),
    },
    Lister {
        service: "ec2",
        is_global: false,
        operations: &[&DESCRIBE_RESERVED_INSTANCES],
        list: |place| Box::pin(commitments::reserved_instances(place)),
    },
    Lister {
        service: "ec2",
        is_global: false,
        operations: &[&DESCRIBE_CAPACITY_RESERVATIONS],
        list: |place| Box::pin(commitments::capacity_reservations(place)),
    },
];

/// Items of a page: EC2's greatest page of most lists.
///
/// Source: `MaxResults` of each operation in <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/>, read 2026-11-24.
const PAGE_SIZE: i32 = 1_000;

fn tag_from(resource: &mut Resource, pairs: &[Tag]) {
    tag(resource, tags(pairs.iter().map(|pair| (pair.key(), pair.value()))));
}
