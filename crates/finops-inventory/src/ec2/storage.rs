//! Volumes, snapshots, images.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_ec2::types::{Image, Snapshot, Volume};
use finops_aws::client;
use finops_aws::operations::ec2::{DESCRIBE_IMAGES, DESCRIBE_SNAPSHOTS, DESCRIBE_VOLUMES};
use finops_aws::place::Place;
use finops_domain::resource::ec2::{ImageDetails, SnapshotDetails, VolumeDetails};
use finops_domain::resource::{Resource, ResourceDetails};

use super::{PAGE_SIZE, tag_from};
use crate::lister::{Listed, count, described, text, timestamp};

pub(super) async fn volumes(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_ec2, place).describe_volumes().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_VOLUMES, place, pages, |page, resources| {
            resources.extend(page.volumes().iter().filter_map(|volume| volume_of(place, volume)));
        })
        .await;
    listed
}

fn volume_of(place: &Place, volume: &Volume) -> Option<Resource> {
    let id = volume.volume_id()?;
    let details = VolumeDetails {
        volume_type: text(volume.volume_type().map(aws_sdk_ec2::types::VolumeType::as_str)).unwrap_or_default(),
        size_gib: count(volume.size()).unwrap_or_default(),
        state: text(volume.state().map(aws_sdk_ec2::types::VolumeState::as_str)).unwrap_or_default(),
        iops: count(volume.iops()),
        throughput_mibps: count(volume.throughput()),
        attached_to: volume.attachments().iter().filter_map(|attachment| text(attachment.instance_id())).collect(),
        snapshot_id: text(volume.snapshot_id()),
        availability_zone: text(volume.availability_zone()),
    };
    let mut resource = described(place, place.arn("ec2", &format!("volume/{id}")), "ec2:volume", details);
    resource.created_at = volume.create_time().and_then(timestamp);
    tag_from(&mut resource, volume.tags());
    Some(resource)
}

/// Snapshots and images of this account, each with what it knows of the other.
pub(super) async fn snapshots_and_images(place: &Place) -> Listed {
    let client = client!(aws_sdk_ec2, place);
    let mut listed = Listed::default();
    let pages = client.describe_snapshots().owner_ids("self").max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_SNAPSHOTS, place, pages, |page, resources| {
            resources.extend(page.snapshots().iter().filter_map(|snapshot| snapshot_of(place, snapshot)));
        })
        .await;
    let mut users: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    let pages = client.describe_images().owners("self").max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_IMAGES, place, pages, |page, resources| {
            for image in page.images() {
                let Some((id, resource)) = image.image_id().zip(image_of(place, image)) else { continue };
                for snapshot in snapshots_of(image) {
                    users.entry(snapshot.to_owned()).or_default().push(id.into());
                }
                resources.push(resource);
            }
        })
        .await;
    for resource in &mut listed.resources {
        let id = resource.resource_id.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        if let Some(ResourceDetails::Snapshot(details)) = resource.details.as_deref_mut() {
            details.image_ids = users.remove(&id).unwrap_or_default();
        }
    }
    listed
}

fn snapshot_of(place: &Place, snapshot: &Snapshot) -> Option<Resource> {
    let id = snapshot.snapshot_id()?;
    let details = SnapshotDetails {
        // A snapshot that was copied has a volume id that stands for none.
        volume_id: text(snapshot.volume_id()).filter(|id| &**id != "vol-ffffffff"),
        volume_size_gib: count(snapshot.volume_size()).unwrap_or_default(),
        full_size_bytes: snapshot.full_snapshot_size_in_bytes().and_then(|bytes| u64::try_from(bytes).ok()),
        state: text(snapshot.state().map(aws_sdk_ec2::types::SnapshotState::as_str)).unwrap_or_default(),
        storage_tier: text(snapshot.storage_tier().map(aws_sdk_ec2::types::StorageTier::as_str)),
        description: text(snapshot.description()),
        image_ids: Vec::new(),
    };
    let mut resource = described(place, place.arn("ec2", &format!("snapshot/{id}")), "ec2:snapshot", details);
    resource.created_at = snapshot.start_time().and_then(timestamp);
    tag_from(&mut resource, snapshot.tags());
    Some(resource)
}

fn image_of(place: &Place, image: &Image) -> Option<Resource> {
    let id = image.image_id()?;
    let time = |text: Option<&str>| text.and_then(|text| text.parse().ok());
    let details = ImageDetails {
        state: text(image.state().map(aws_sdk_ec2::types::ImageState::as_str)).unwrap_or_default(),
        snapshot_ids: snapshots_of(image).map(Arc::from).collect(),
        is_public: image.public().unwrap_or(false),
        last_launched_at: time(image.last_launched_time()),
        deprecated_at: time(image.deprecation_time()),
    };
    let mut resource = described(place, place.arn("ec2", &format!("image/{id}")), "ec2:image", details);
    resource.created_at = time(image.creation_date());
    resource.name = text(image.name());
    tag_from(&mut resource, image.tags());
    Some(resource)
}

fn snapshots_of(image: &Image) -> impl Iterator<Item = &str> {
    image.block_device_mappings().iter().filter_map(|mapping| mapping.ebs()?.snapshot_id())
}
