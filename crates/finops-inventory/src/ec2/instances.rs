//! Instances.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_ec2::types::Instance;
use finops_aws::client;
use finops_aws::operations::ec2::{DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS, DESCRIBE_INSTANCES};
use finops_aws::place::Place;
use finops_domain::resource::ec2::InstanceDetails;
use finops_domain::resource::{Resource, ResourceDetails};
use jiff::Timestamp;

use super::{PAGE_SIZE, tag_from};
use crate::lister::{Listed, described, text, timestamp};

pub(super) async fn instances(place: &Place) -> Listed {
    let client = client!(aws_sdk_ec2, place);
    let mut listed = Listed::default();
    let pages = client.describe_instances().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_INSTANCES, place, pages, |page, resources| {
            let instances = page.reservations().iter().flat_map(aws_sdk_ec2::types::Reservation::instances);
            resources.extend(instances.filter_map(|instance| resource_of(place, instance)));
        })
        .await;
    if listed.resources.iter().any(is_burstable) {
        let credits = credits(place, &client, &mut listed).await;
        for resource in &mut listed.resources {
            let id = resource.resource_id.as_str().rsplit('/').next().unwrap_or_default().to_owned();
            if let (Some(ResourceDetails::Instance(details)), Some(mode)) = (resource.details.as_deref_mut(), credits.get(&id)) {
                details.cpu_credits = Some(Arc::clone(mode));
            }
        }
    }
    listed
}

fn is_burstable(resource: &Resource) -> bool {
    resource.details::<InstanceDetails>().is_some_and(|details| details.instance_type.starts_with('t'))
}

/// Credit modes of the burstable instances; those in `standard` mode are left out by AWS where none is asked for by id.
async fn credits(place: &Place, client: &aws_sdk_ec2::Client, listed: &mut Listed) -> BTreeMap<String, Arc<str>> {
    let mut modes = BTreeMap::new();
    let pages = client.describe_instance_credit_specifications().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS, place, pages, |page, _| {
            for one in page.instance_credit_specifications() {
                if let (Some(id), Some(mode)) = (one.instance_id(), text(one.cpu_credits())) {
                    modes.insert(id.to_owned(), mode);
                }
            }
        })
        .await;
    modes
}

fn resource_of(place: &Place, instance: &Instance) -> Option<Resource> {
    let id = instance.instance_id()?;
    let state =
        text(instance.state().and_then(|state| state.name()).map(aws_sdk_ec2::types::InstanceStateName::as_str)).unwrap_or_default();
    // A terminated one lingers in the list for an hour and costs nothing.
    if &*state == "terminated" {
        return None;
    }
    let volumes = instance.block_device_mappings().iter().filter_map(|mapping| text(mapping.ebs()?.volume_id()));
    let addresses = instance.network_interfaces().iter().flat_map(aws_sdk_ec2::types::InstanceNetworkInterface::private_ip_addresses);
    let public = addresses.filter(|address| address.association().and_then(|association| association.public_ip()).is_some()).count();
    let placement = instance.placement();
    let details = InstanceDetails {
        instance_type: text(instance.instance_type().map(aws_sdk_ec2::types::InstanceType::as_str)).unwrap_or_default(),
        stopped_at: if &*state == "stopped" { instance.state_transition_reason().and_then(stopped_at) } else { None },
        state,
        launched_at: instance.launch_time().and_then(timestamp),
        platform: text(instance.platform_details()),
        usage_operation: text(instance.usage_operation()),
        architecture: text(instance.architecture().map(aws_sdk_ec2::types::ArchitectureValues::as_str)),
        tenancy: text(placement.and_then(|placement| placement.tenancy()).map(aws_sdk_ec2::types::Tenancy::as_str)),
        lifecycle: text(instance.instance_lifecycle().map(aws_sdk_ec2::types::InstanceLifecycleType::as_str)),
        auto_scaling_group: text(group_of(instance)),
        has_detailed_monitoring: instance
            .monitoring()
            .and_then(|monitoring| monitoring.state())
            .is_some_and(|state| state.as_str() == "enabled"),
        volume_ids: volumes.collect(),
        availability_zone: text(placement.and_then(|placement| placement.availability_zone())),
        is_ebs_optimized: instance.ebs_optimized().unwrap_or(false),
        cpu_credits: None,
        image_id: text(instance.image_id()),
        vpc_id: text(instance.vpc_id()),
        public_ipv4_addresses: u32::try_from(public).unwrap_or(u32::MAX),
    };
    // A restart moves the launch time; the root volume stays as old as the instance.
    let attached = instance.block_device_mappings().iter().filter_map(|mapping| mapping.ebs()?.attach_time().and_then(timestamp)).min();
    let mut resource = described(place, place.arn("ec2", &format!("instance/{id}")), "ec2:instance", details);
    let launched = instance.launch_time().and_then(timestamp);
    resource.created_at = match (attached, launched) {
        (Some(attached), Some(launched)) => Some(attached.min(launched)),
        (attached, launched) => attached.or(launched),
    };
    tag_from(&mut resource, instance.tags());
    Some(resource)
}

fn group_of(instance: &Instance) -> Option<&str> {
    instance.tags().iter().find(|tag| tag.key() == Some("aws:autoscaling:groupName")).and_then(|tag| tag.value())
}

/// The time in `User initiated (2026-10-01 08:15:30 GMT)`.
fn stopped_at(reason: &str) -> Option<Timestamp> {
    let (_, rest) = reason.rsplit_once('(')?;
    let (time, _) = rest.split_once(" GMT").or_else(|| rest.split_once(" UTC"))?;
    let (date, time) = time.split_once(' ')?;
    format!("{date}T{time}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_stopping_is_read_from_the_reason() {
        let time = stopped_at("User initiated (2026-10-01 08:15:30 GMT)");
        assert_eq!(time.map(|time| time.to_string()).as_deref(), Some("2026-10-01T08:15:30Z"));
        for other in ["", "Server.ScheduledStop", "User initiated", "User initiated (soon GMT)"] {
            assert_eq!(stopped_at(other), None);
        }
    }
}
