//! Reserved Instances and capacity reservations.

use finops_aws::client;
use finops_aws::operations::ec2::{DESCRIBE_CAPACITY_RESERVATIONS, DESCRIBE_RESERVED_INSTANCES};
use finops_aws::place::Place;
use finops_domain::resource::ec2::{CapacityReservationDetails, ReservedInstancesDetails};

use super::{PAGE_SIZE, tag_from};
use crate::lister::{Listed, count, described, text, timestamp};

pub(super) async fn reserved_instances(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let answer = client!(aws_sdk_ec2, place).describe_reserved_instances().send().await;
    let Some(answer) = listed.answer(&DESCRIBE_RESERVED_INSTANCES, place, answer) else { return listed };
    for reserved in answer.reserved_instances() {
        let Some(id) = reserved.reserved_instances_id() else { continue };
        let details = ReservedInstancesDetails {
            instance_type: text(reserved.instance_type().map(aws_sdk_ec2::types::InstanceType::as_str)).unwrap_or_default(),
            instance_count: count(reserved.instance_count()).unwrap_or_default(),
            state: text(reserved.state().map(aws_sdk_ec2::types::ReservedInstanceState::as_str)).unwrap_or_default(),
            ends_at: reserved.end().and_then(timestamp),
            offering_class: text(reserved.offering_class().map(aws_sdk_ec2::types::OfferingClassType::as_str)),
            offering_type: text(reserved.offering_type().map(aws_sdk_ec2::types::OfferingTypeValues::as_str)),
            scope: text(reserved.scope().map(aws_sdk_ec2::types::Scope::as_str)),
            platform: text(reserved.product_description().map(aws_sdk_ec2::types::RiProductDescription::as_str)),
        };
        let mut resource = described(place, place.arn("ec2", &format!("reserved-instances/{id}")), "ec2:reserved-instances", details);
        resource.created_at = reserved.start().and_then(timestamp);
        tag_from(&mut resource, reserved.tags());
        listed.resources.push(resource);
    }
    listed
}

pub(super) async fn capacity_reservations(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_ec2, place).describe_capacity_reservations().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_CAPACITY_RESERVATIONS, place, pages, |page, resources| {
            for reservation in page.capacity_reservations() {
                let Some(id) = reservation.capacity_reservation_id() else { continue };
                let details = CapacityReservationDetails {
                    instance_type: text(reservation.instance_type()).unwrap_or_default(),
                    state: text(reservation.state().map(aws_sdk_ec2::types::CapacityReservationState::as_str)).unwrap_or_default(),
                    total_instances: count(reservation.total_instance_count()).unwrap_or_default(),
                    available_instances: count(reservation.available_instance_count()).unwrap_or_default(),
                    ends_at: reservation.end_date().and_then(timestamp),
                };
                let arn = place.arn("ec2", &format!("capacity-reservation/{id}"));
                let mut resource = described(place, arn, "ec2:capacity-reservation", details);
                resource.created_at = reservation.create_date().and_then(timestamp);
                tag_from(&mut resource, reservation.tags());
                resources.push(resource);
            }
        })
        .await;
    listed
}
