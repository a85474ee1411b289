//! FSx file systems, volumes and backups.

use aws_sdk_fsx::types::{Backup, FileSystem, Tag, Volume};
use finops_aws::client;
use finops_aws::operations::fsx::{DESCRIBE_BACKUPS, DESCRIBE_FILE_SYSTEMS, DESCRIBE_VOLUMES};
use finops_aws::place::Place;
use finops_domain::resource::Resource;
use finops_domain::resource::file_systems::{FsxBackupDetails, FsxFileSystemDetails, FsxVolumeDetails};

use crate::lister::{Listed, count, described, tag, tags, text, timestamp};

/// Items of a page; FSx gives fewer where its own limit is lower.
///
/// Source: <https://docs.aws.amazon.com/fsx/latest/APIReference/API_DescribeFileSystems.html>.
const PAGE_SIZE: i32 = 1_000;

pub(super) async fn file_systems_and_volumes(place: &Place) -> Listed {
    let client = client!(aws_sdk_fsx, place);
    let mut listed = Listed::default();
    let mut has_volumes = false;
    let pages = client.describe_file_systems().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_FILE_SYSTEMS, place, pages, |page, resources| {
            has_volumes |=
                page.file_systems().iter().any(|found| found.ontap_configuration().is_some() || found.open_zfs_configuration().is_some());
            resources.extend(page.file_systems().iter().filter_map(|file_system| file_system_of(place, file_system)));
        })
        .await;
    if !has_volumes {
        return listed;
    }
    let pages = client.describe_volumes().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_VOLUMES, place, pages, |page, resources| {
            resources.extend(page.volumes().iter().filter_map(|volume| volume_of(place, volume)));
        })
        .await;
    listed
}

pub(super) async fn backups(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_fsx, place).describe_backups().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_BACKUPS, place, pages, |page, resources| {
            resources.extend(page.backups().iter().filter_map(|backup| backup_of(place, backup)));
        })
        .await;
    listed
}

fn file_system_of(place: &Place, file_system: &FileSystem) -> Option<Resource> {
    let id = file_system.file_system_id()?;
    let state = text(file_system.lifecycle().map(aws_sdk_fsx::types::FileSystemLifecycle::as_str)).unwrap_or_default();
    if &*state == "DELETING" {
        return None;
    }
    let windows = file_system.windows_configuration();
    let lustre = file_system.lustre_configuration();
    let ontap = file_system.ontap_configuration();
    let zfs = file_system.open_zfs_configuration();
    let iops = windows
        .and_then(|of| of.disk_iops_configuration())
        .or_else(|| ontap.and_then(|of| of.disk_iops_configuration()))
        .or_else(|| zfs.and_then(|of| of.disk_iops_configuration()));
    let throughput = windows
        .and_then(aws_sdk_fsx::types::WindowsFileSystemConfiguration::throughput_capacity)
        .or_else(|| ontap.and_then(aws_sdk_fsx::types::OntapFileSystemConfiguration::throughput_capacity))
        .or_else(|| zfs.and_then(aws_sdk_fsx::types::OpenZfsFileSystemConfiguration::throughput_capacity))
        .or_else(|| lustre.and_then(aws_sdk_fsx::types::LustreFileSystemConfiguration::throughput_capacity));
    let retention = windows
        .and_then(aws_sdk_fsx::types::WindowsFileSystemConfiguration::automatic_backup_retention_days)
        .or_else(|| ontap.and_then(aws_sdk_fsx::types::OntapFileSystemConfiguration::automatic_backup_retention_days))
        .or_else(|| zfs.and_then(aws_sdk_fsx::types::OpenZfsFileSystemConfiguration::automatic_backup_retention_days))
        .or_else(|| lustre.and_then(aws_sdk_fsx::types::LustreFileSystemConfiguration::automatic_backup_retention_days));
    let details = FsxFileSystemDetails {
        file_system_type: text(file_system.file_system_type().map(aws_sdk_fsx::types::FileSystemType::as_str)).unwrap_or_default(),
        state,
        storage_gib: count(file_system.storage_capacity()).unwrap_or_default(),
        storage_type: text(file_system.storage_type().map(aws_sdk_fsx::types::StorageType::as_str)),
        deployment_type: text(deployment_type(file_system)),
        throughput_mbps: count(throughput),
        throughput_mbps_per_tib: count(lustre.and_then(aws_sdk_fsx::types::LustreFileSystemConfiguration::per_unit_storage_throughput)),
        iops: iops.and_then(|iops| u64::try_from(iops.iops()?).ok()),
        has_provisioned_iops: iops.and_then(|iops| iops.mode()).is_some_and(|mode| mode.as_str() == "USER_PROVISIONED"),
        ha_pairs: count(ontap.and_then(aws_sdk_fsx::types::OntapFileSystemConfiguration::ha_pairs)),
        data_compression: text(lustre.and_then(|of| of.data_compression_type()).map(aws_sdk_fsx::types::DataCompressionType::as_str)),
        automatic_backup_retention_days: count(retention),
        subnet_ids: file_system.subnet_ids().iter().map(|id| id.as_str().into()).collect(),
    };
    let arn = file_system.resource_arn().map_or_else(|| place.arn("fsx", &format!("file-system/{id}")), str::to_owned);
    let mut resource = described(place, arn, "fsx:file-system", details);
    resource.created_at = file_system.creation_time().and_then(timestamp);
    tag_from(&mut resource, file_system.tags());
    Some(resource)
}

fn deployment_type(file_system: &FileSystem) -> Option<&str> {
    let windows =
        file_system.windows_configuration().and_then(|of| of.deployment_type()).map(aws_sdk_fsx::types::WindowsDeploymentType::as_str);
    let lustre =
        || file_system.lustre_configuration().and_then(|of| of.deployment_type()).map(aws_sdk_fsx::types::LustreDeploymentType::as_str);
    let ontap =
        || file_system.ontap_configuration().and_then(|of| of.deployment_type()).map(aws_sdk_fsx::types::OntapDeploymentType::as_str);
    let zfs =
        || file_system.open_zfs_configuration().and_then(|of| of.deployment_type()).map(aws_sdk_fsx::types::OpenZfsDeploymentType::as_str);
    windows.or_else(lustre).or_else(ontap).or_else(zfs)
}

fn volume_of(place: &Place, volume: &Volume) -> Option<Resource> {
    let id = volume.volume_id()?;
    let details = volume_details(volume)?;
    let arn = volume.resource_arn().map_or_else(|| place.arn("fsx", &format!("volume/{}/{id}", details.file_system_id)), str::to_owned);
    let mut resource = described(place, arn, "fsx:volume", details);
    resource.created_at = volume.creation_time().and_then(timestamp);
    resource.name = text(volume.name());
    tag_from(&mut resource, volume.tags());
    Some(resource)
}

/// What it may hold and how; `None` for one that is going.
fn volume_details(volume: &Volume) -> Option<FsxVolumeDetails> {
    let file_system = volume.file_system_id()?;
    let state = text(volume.lifecycle().map(aws_sdk_fsx::types::VolumeLifecycle::as_str)).unwrap_or_default();
    if &*state == "DELETING" {
        return None;
    }
    let ontap = volume.ontap_configuration();
    let zfs = volume.open_zfs_configuration();
    let quota = zfs
        .and_then(aws_sdk_fsx::types::OpenZfsVolumeConfiguration::storage_capacity_quota_gib)
        .and_then(|gib| u64::try_from(gib).ok())
        .map(|gib| gib << 30);
    let tiering = ontap.and_then(|of| of.tiering_policy());
    Some(FsxVolumeDetails {
        file_system_id: file_system.into(),
        volume_type: text(volume.volume_type().map(aws_sdk_fsx::types::VolumeType::as_str)).unwrap_or_default(),
        state,
        size_bytes: ontap
            .and_then(aws_sdk_fsx::types::OntapVolumeConfiguration::size_in_bytes)
            .and_then(|bytes| u64::try_from(bytes).ok())
            .or(quota),
        tiering_policy: text(tiering.and_then(|tiering| tiering.name()).map(aws_sdk_fsx::types::TieringPolicyName::as_str)),
        cooling_days: count(tiering.and_then(aws_sdk_fsx::types::TieringPolicy::cooling_period)),
        is_storage_efficient: ontap.and_then(aws_sdk_fsx::types::OntapVolumeConfiguration::storage_efficiency_enabled),
        data_compression: text(zfs.and_then(|of| of.data_compression_type()).map(aws_sdk_fsx::types::OpenZfsDataCompressionType::as_str)),
    })
}

fn backup_of(place: &Place, backup: &Backup) -> Option<Resource> {
    let id = backup.backup_id()?;
    let state = text(backup.lifecycle().map(aws_sdk_fsx::types::BackupLifecycle::as_str)).unwrap_or_default();
    // A failed one holds nothing.
    if matches!(&*state, "DELETED" | "FAILED") {
        return None;
    }
    let file_system = backup.file_system();
    let volume = backup.volume();
    let details = FsxBackupDetails {
        backup_type: text(backup.r#type().map(aws_sdk_fsx::types::BackupType::as_str)).unwrap_or_default(),
        state,
        source_type: text(backup.resource_type().map(aws_sdk_fsx::types::ResourceType::as_str)),
        file_system_id: text(file_system.and_then(|of| of.file_system_id()).or_else(|| volume.and_then(|of| of.file_system_id()))),
        file_system_type: text(file_system.and_then(|of| of.file_system_type()).map(aws_sdk_fsx::types::FileSystemType::as_str))
            .or_else(|| text(volume.and_then(|of| of.volume_type()).map(aws_sdk_fsx::types::VolumeType::as_str))),
        volume_id: text(volume.and_then(|of| of.volume_id())),
        size_bytes: backup.size_in_bytes().and_then(|bytes| u64::try_from(bytes).ok()),
        file_system_storage_gib: file_system.and_then(|of| count(of.storage_capacity())),
        deployment_type: text(file_system.and_then(deployment_type)),
    };
    let arn = backup.resource_arn().map_or_else(|| place.arn("fsx", &format!("backup/{id}")), str::to_owned);
    let mut resource = described(place, arn, "fsx:backup", details);
    resource.created_at = backup.creation_time().and_then(timestamp);
    tag_from(&mut resource, backup.tags());
    Some(resource)
}

fn tag_from(resource: &mut Resource, pairs: &[Tag]) {
    tag(resource, tags(pairs.iter().map(|pair| (pair.key(), pair.value()))));
}

#[cfg(test)]
mod tests {
    use aws_sdk_fsx::types::{
        OntapVolumeConfiguration, OpenZfsVolumeConfiguration, TieringPolicy, TieringPolicyName, VolumeLifecycle, VolumeType,
    };

    use super::*;

    #[test]
    fn the_two_kinds_of_volumes_say_their_size_differently() {
        let tiering = TieringPolicy::builder().name(TieringPolicyName::SnapshotOnly).cooling_period(2).build();
        let ontap = OntapVolumeConfiguration::builder().size_in_bytes(5 << 30).tiering_policy(tiering).build();
        let volume = Volume::builder().file_system_id("fs-1").volume_type(VolumeType::Ontap).lifecycle(VolumeLifecycle::Created);
        let details = volume_details(&volume.ontap_configuration(ontap).build()).expect("details");
        assert_eq!(
            (details.size_bytes, details.tiering_policy.as_deref(), details.cooling_days),
            (Some(5 << 30), Some("SNAPSHOT_ONLY"), Some(2))
        );

        // -1 stands for no limit.
        for (quota, size) in [(10, Some(10 << 30)), (-1, None)] {
            let zfs = OpenZfsVolumeConfiguration::builder().storage_capacity_quota_gib(quota).build();
            let volume = Volume::builder().file_system_id("fs-1").volume_type(VolumeType::Openzfs).open_zfs_configuration(zfs);
            assert_eq!(volume_details(&volume.build()).expect("details").size_bytes, size);
        }
    }
}
