//! EFS file systems.

use aws_sdk_efs::Client;
use aws_sdk_efs::types::{FileSystemDescription, LifecyclePolicy};
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::efs::{DESCRIBE_FILE_SYSTEMS, DESCRIBE_LIFECYCLE_CONFIGURATION};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::file_systems::{EfsFileSystemDetails, EfsLifecycle};
use finops_domain::resource::{Resource, ResourceDetails};

use crate::lister::{Listed, count, described, tag, tags, text, timestamp};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

/// File systems of a page: EFS's own number.
///
/// Source: <https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystems.html>.
const PAGE_SIZE: i32 = 100;

pub(super) async fn file_systems(place: &Place) -> Listed {
    let client = client!(aws_sdk_efs, place);
    let mut listed = Listed::default();
    let pages = client.describe_file_systems().max_items(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_FILE_SYSTEMS, place, pages, |page, resources| {
            resources.extend(page.file_systems().iter().filter_map(|file_system| file_system_of(place, file_system)));
        })
        .await;
    let ids = listed.resources.iter().take(MAX_ITEMS).map(|resource| resource.resource_id.as_str().rsplit('/').next().unwrap_or_default());
    let calls: Vec<_> = ids.map(|id| lifecycle(place, &client, id.to_owned())).collect();
    let answers = in_turn(calls).await;
    let (asked, mut failures) = (answers.len(), Failures::default());
    for (resource, answer) in listed.resources.iter_mut().zip(answers) {
        if let Some(ResourceDetails::EfsFileSystem(details)) = resource.details.as_deref_mut() {
            details.lifecycle = failures.note(answer);
        }
    }
    failures.report(asked, &mut listed);
    report_left_out(&DESCRIBE_LIFECYCLE_CONFIGURATION, listed.resources.len(), &mut listed);
    listed
}

async fn lifecycle(place: &Place, client: &Client, id: String) -> Result<EfsLifecycle, PortError> {
    let answer = client.describe_lifecycle_configuration().file_system_id(id).send().await;
    let answer = answer.map_err(|error| port_error(&DESCRIBE_LIFECYCLE_CONFIGURATION, place, error))?;
    Ok(lifecycle_of(answer.lifecycle_policies()))
}

/// Each policy names one move.
fn lifecycle_of(policies: &[LifecyclePolicy]) -> EfsLifecycle {
    EfsLifecycle {
        to_infrequent_access: policies
            .iter()
            .find_map(|policy| text(policy.transition_to_ia().map(aws_sdk_efs::types::TransitionToIaRules::as_str))),
        to_archive: policies
            .iter()
            .find_map(|policy| text(policy.transition_to_archive().map(aws_sdk_efs::types::TransitionToArchiveRules::as_str))),
        to_standard: policies.iter().find_map(|policy| {
            text(policy.transition_to_primary_storage_class().map(aws_sdk_efs::types::TransitionToPrimaryStorageClassRules::as_str))
        }),
    }
}

fn file_system_of(place: &Place, file_system: &FileSystemDescription) -> Option<Resource> {
    let state = file_system.life_cycle_state().as_str();
    if matches!(state, "deleting" | "deleted") {
        return None;
    }
    let size = file_system.size_in_bytes();
    let bytes = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
    let details = EfsFileSystemDetails {
        state: state.into(),
        size_bytes: bytes(size.map(aws_sdk_efs::types::FileSystemSize::value)).unwrap_or_default(),
        standard_bytes: bytes(size.and_then(aws_sdk_efs::types::FileSystemSize::value_in_standard)),
        infrequent_access_bytes: bytes(size.and_then(aws_sdk_efs::types::FileSystemSize::value_in_ia)),
        archive_bytes: bytes(size.and_then(aws_sdk_efs::types::FileSystemSize::value_in_archive)),
        throughput_mode: text(file_system.throughput_mode().map(aws_sdk_efs::types::ThroughputMode::as_str))
            .unwrap_or_else(|| "bursting".into()),
        provisioned_throughput_mibps: file_system.provisioned_throughput_in_mibps(),
        performance_mode: file_system.performance_mode().as_str().into(),
        availability_zone: text(file_system.availability_zone_name()),
        mount_targets: count(Some(file_system.number_of_mount_targets())).unwrap_or_default(),
        lifecycle: None,
    };
    let arn = file_system
        .file_system_arn()
        .map_or_else(|| place.arn("elasticfilesystem", &format!("file-system/{}", file_system.file_system_id())), str::to_owned);
    let mut resource = described(place, arn, "elasticfilesystem:file-system", details);
    resource.created_at = timestamp(file_system.creation_time());
    resource.name = text(file_system.name());
    tag(&mut resource, tags(file_system.tags().iter().map(|tag| (Some(tag.key()), Some(tag.value())))));
    Some(resource)
}
