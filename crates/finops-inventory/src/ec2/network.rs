//! Addresses, interfaces, gateways, endpoints, attachments, VPN.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_ec2::types::{NatGateway, NetworkInterface};
use finops_aws::client;
use finops_aws::operations::ec2::{
    DESCRIBE_ADDRESSES, DESCRIBE_NAT_GATEWAYS, DESCRIBE_NETWORK_INTERFACES, DESCRIBE_ROUTE_TABLES, DESCRIBE_TRANSIT_GATEWAY_ATTACHMENTS,
    DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPN_CONNECTIONS,
};
use finops_aws::place::Place;
use finops_domain::resource::ec2::{
    ElasticIpDetails, NatGatewayDetails, NetworkInterfaceDetails, TransitGatewayAttachmentDetails, VpcEndpointDetails, VpnConnectionDetails,
};
use finops_domain::resource::{Resource, ResourceDetails};

use super::{PAGE_SIZE, tag_from};
use crate::lister::{Listed, described, text, timestamp};

pub(super) async fn addresses(place: &Place) -> Listed {
    let mut listed = Listed::default();
    // The one list of EC2 that has no pages.
    let answer = client!(aws_sdk_ec2, place).describe_addresses().send().await;
    let Some(answer) = listed.answer(&DESCRIBE_ADDRESSES, place, answer) else { return listed };
    for address in answer.addresses() {
        let Some(id) = address.allocation_id() else { continue };
        let details = ElasticIpDetails {
            public_ip: text(address.public_ip()).unwrap_or_default(),
            association_id: text(address.association_id()),
            instance_id: text(address.instance_id()),
            network_interface_id: text(address.network_interface_id()),
            is_own_range: address.public_ipv4_pool().is_some_and(|pool| pool != "amazon"),
        };
        let mut resource = described(place, place.arn("ec2", &format!("elastic-ip/{id}")), "ec2:elastic-ip", details);
        tag_from(&mut resource, address.tags());
        listed.resources.push(resource);
    }
    listed
}

pub(super) async fn interfaces(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_ec2, place).describe_network_interfaces().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_NETWORK_INTERFACES, place, pages, |page, resources| {
            resources.extend(page.network_interfaces().iter().filter_map(|interface| interface_of(place, interface)));
        })
        .await;
    listed
}

fn interface_of(place: &Place, interface: &NetworkInterface) -> Option<Resource> {
    let id = interface.network_interface_id()?;
    let public = interface.private_ip_addresses().iter().filter_map(|address| text(address.association()?.public_ip()));
    let details = NetworkInterfaceDetails {
        state: text(interface.status().map(aws_sdk_ec2::types::NetworkInterfaceStatus::as_str)).unwrap_or_default(),
        interface_type: text(interface.interface_type().map(aws_sdk_ec2::types::NetworkInterfaceType::as_str)).unwrap_or_default(),
        requester_id: text(interface.requester_id()),
        instance_id: text(interface.attachment().and_then(|attachment| attachment.instance_id())),
        public_ips: public.collect(),
        description: text(interface.description()),
    };
    let mut resource = described(place, place.arn("ec2", &format!("network-interface/{id}")), "ec2:network-interface", details);
    tag_from(&mut resource, interface.tag_set());
    Some(resource)
}

/// NAT gateways, each with the route tables that lead to it.
pub(super) async fn nat_gateways(place: &Place) -> Listed {
    let client = client!(aws_sdk_ec2, place);
    let mut listed = Listed::default();
    let pages = client.describe_nat_gateways().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_NAT_GATEWAYS, place, pages, |page, resources| {
            resources.extend(page.nat_gateways().iter().filter_map(|gateway| nat_gateway_of(place, gateway)));
        })
        .await;
    if listed.resources.is_empty() {
        return listed;
    }
    let mut routes: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    let pages = client.describe_route_tables().max_results(100).into_paginator().send();
    listed
        .pages(&DESCRIBE_ROUTE_TABLES, place, pages, |page, _| {
            for table in page.route_tables() {
                let Some(id) = text(table.route_table_id()) else { continue };
                for gateway in table.routes().iter().filter_map(|route| route.nat_gateway_id()) {
                    routes.entry(gateway.to_owned()).or_default().push(Arc::clone(&id));
                }
            }
        })
        .await;
    for resource in &mut listed.resources {
        let id = resource.resource_id.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        if let Some(ResourceDetails::NatGateway(details)) = resource.details.as_deref_mut() {
            details.route_table_ids = routes.remove(&id).unwrap_or_default();
        }
    }
    listed
}

fn nat_gateway_of(place: &Place, gateway: &NatGateway) -> Option<Resource> {
    let id = gateway.nat_gateway_id()?;
    let state = text(gateway.state().map(aws_sdk_ec2::types::NatGatewayState::as_str)).unwrap_or_default();
    // A deleted one lingers in the list for an hour.
    if &*state == "deleted" {
        return None;
    }
    let details = NatGatewayDetails {
        state,
        vpc_id: text(gateway.vpc_id()),
        subnet_id: text(gateway.subnet_id()),
        connectivity: text(gateway.connectivity_type().map(aws_sdk_ec2::types::ConnectivityType::as_str)),
        route_table_ids: Vec::new(),
    };
    let mut resource = described(place, place.arn("ec2", &format!("natgateway/{id}")), "ec2:natgateway", details);
    resource.created_at = gateway.create_time().and_then(timestamp);
    tag_from(&mut resource, gateway.tags());
    Some(resource)
}

pub(super) async fn endpoints(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_ec2, place).describe_vpc_endpoints().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_VPC_ENDPOINTS, place, pages, |page, resources| {
            for endpoint in page.vpc_endpoints() {
                let Some(id) = endpoint.vpc_endpoint_id() else { continue };
                let details = VpcEndpointDetails {
                    endpoint_type: text(endpoint.vpc_endpoint_type().map(aws_sdk_ec2::types::VpcEndpointType::as_str)).unwrap_or_default(),
                    service_name: text(endpoint.service_name()).unwrap_or_default(),
                    state: text(endpoint.state().map(aws_sdk_ec2::types::State::as_str)).unwrap_or_default(),
                    vpc_id: text(endpoint.vpc_id()),
                    subnet_ids: endpoint.subnet_ids().iter().map(|id| id.as_str().into()).collect(),
                };
                let mut resource = described(place, place.arn("ec2", &format!("vpc-endpoint/{id}")), "ec2:vpc-endpoint", details);
                resource.created_at = endpoint.creation_timestamp().and_then(timestamp);
                tag_from(&mut resource, endpoint.tags());
                resources.push(resource);
            }
        })
        .await;
    listed
}

pub(super) async fn transit_gateway_attachments(place: &Place) -> Listed {
    const KIND: &str = "ec2:transit-gateway-attachment";
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_ec2, place).describe_transit_gateway_attachments().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_TRANSIT_GATEWAY_ATTACHMENTS, place, pages, |page, resources| {
            for attachment in page.transit_gateway_attachments() {
                let Some(id) = attachment.transit_gateway_attachment_id() else { continue };
                let details = TransitGatewayAttachmentDetails {
                    transit_gateway_id: text(attachment.transit_gateway_id()).unwrap_or_default(),
                    attachment_type: text(attachment.resource_type().map(aws_sdk_ec2::types::TransitGatewayAttachmentResourceType::as_str))
                        .unwrap_or_default(),
                    attached_resource_id: text(attachment.resource_id()),
                    state: text(attachment.state().map(aws_sdk_ec2::types::TransitGatewayAttachmentState::as_str)).unwrap_or_default(),
                };
                let mut resource = described(place, place.arn("ec2", &format!("transit-gateway-attachment/{id}")), KIND, details);
                resource.created_at = attachment.creation_time().and_then(timestamp);
                tag_from(&mut resource, attachment.tags());
                resources.push(resource);
            }
        })
        .await;
    listed
}

pub(super) async fn vpn_connections(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let answer = client!(aws_sdk_ec2, place).describe_vpn_connections().send().await;
    let Some(answer) = listed.answer(&DESCRIBE_VPN_CONNECTIONS, place, answer) else { return listed };
    for connection in answer.vpn_connections() {
        let state = text(connection.state().map(aws_sdk_ec2::types::VpnState::as_str)).unwrap_or_default();
        let Some(id) = connection.vpn_connection_id().filter(|_| &*state != "deleted") else { continue };
        let is_up = |status: &str| status == "UP";
        let details = VpnConnectionDetails {
            state,
            tunnels_up: connection
                .vgw_telemetry()
                .iter()
                .map(|tunnel| tunnel.status().is_some_and(|status| is_up(status.as_str())))
                .collect(),
            transit_gateway_id: text(connection.transit_gateway_id()),
        };
        let mut resource = described(place, place.arn("ec2", &format!("vpn-connection/{id}")), "ec2:vpn-connection", details);
        tag_from(&mut resource, connection.tags());
        listed.resources.push(resource);
    }
    listed
}
