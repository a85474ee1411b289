//! EFS, FSx, AWS Backup, CloudWatch Logs. What a bucket holds is told by metrics, so its storage is not here.
//!
//! Usage types: the catalog's billing dimensions of these services, which say where they are from; those of FSx have a source of
//! their own below.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::StandingUsage;
use crate::resource::Resource;
use crate::resource::backup::RecoveryPointDetails;
use crate::resource::file_systems::{EfsFileSystemDetails, FsxBackupDetails, FsxFileSystemDetails};
use crate::resource::logs::LogGroupDetails;

const EFS: &str = "AmazonEFS";
const FSX: &str = "AmazonFSx";
const BACKUP: &str = "AWSBackup";
const CLOUDWATCH: &str = "AmazonCloudWatch";

/// GB of Standard storage that come with each MiB/s of provisioned throughput.
///
/// Source: <https://aws.amazon.com/efs/pricing/>, not confirmed here.
const EFS_GB_PER_INCLUDED_MIBPS: u32 = 20;

fn gigabytes(bytes: u64) -> Decimal {
    Decimal::from(bytes) / Decimal::from(1_u64 << 30)
}

/// Storage by class, and throughput beyond what comes with Standard storage.
pub(super) fn efs_file_system(resource: &Resource, file_system: &EfsFileSystemDetails) -> Vec<StandingUsage> {
    let is_one_zone = file_system.availability_zone.is_some();
    let is_elastic = &*file_system.throughput_mode == "elastic";
    let standard = gigabytes(file_system.standard_bytes.unwrap_or(file_system.size_bytes));
    let cold = gigabytes(file_system.infrequent_access_bytes.unwrap_or_default());
    let archive = gigabytes(file_system.archive_bytes.unwrap_or_default());
    let cold_type = match (is_one_zone, is_elastic) {
        (true, _) => "IATimedStorage-Z-ByteHrs",
        (false, true) => "IATimedStorage-ET-ByteHrs",
        (false, false) => "IATimedStorage-ByteHrs",
    };
    let standard_type = if is_one_zone { "TimedStorage-Z-ByteHrs" } else { "TimedStorage-ByteHrs" };
    let included = standard / Decimal::from(EFS_GB_PER_INCLUDED_MIBPS);
    let bought = file_system.provisioned_throughput_mibps.filter(|_| &*file_system.throughput_mode == "provisioned");
    let beyond = bought.and_then(Decimal::from_f64).unwrap_or_default() - included;
    [
        (standard_type, standard, "GB-Mo"),
        (cold_type, cold, "GB-Mo"),
        ("ArchiveTimedStorage-ByteHrs", archive, "GB-Mo"),
        ("ProvisionedTP-MiBpsHrs", beyond, "MiBps-Mo"),
    ]
    .into_iter()
    .filter(|(_, quantity, _)| *quantity > Decimal::ZERO)
    .map(|(usage_type, quantity, unit)| StandingUsage::of(resource, EFS, usage_type, quantity, unit))
    .collect()
}

/// Storage and throughput that are bought, of the kinds of file systems whose usage types are known; nothing for FSx for Windows,
/// for intelligent tiering, for the older OpenZFS and for IOPS beyond what is included.
///
/// Source: AWS Price List, AmazonFSx, ap-northeast-1 (ONTAP, 2026-09-13) and us-west-2 (Lustre, 2026-07-14), by way of public
/// price checks; `SAZ2` of OpenZFS: public price tests, 2026. Of throughput only `SAZ_2N` and `SAZ2` were seen, the others follow their
/// storage: not confirmed.
pub(super) fn fsx_file_system(resource: &Resource, file_system: &FsxFileSystemDetails) -> Vec<StandingUsage> {
    if matches!(&*file_system.state, "CREATING" | "FAILED") || file_system.storage_type.as_deref() != Some("SSD") {
        return Vec::new();
    }
    let storage = Decimal::from(file_system.storage_gib);
    let deployment = file_system.deployment_type.as_deref().unwrap_or_default();
    let (operation, suffix) = match (&*file_system.file_system_type, deployment) {
        ("LUSTRE", _) => return lustre_storage(resource, file_system, storage).into_iter().collect(),
        ("ONTAP", "SINGLE_AZ_1") => ("CreateFileSystem:ONTAP", "SAZ_2N"),
        ("ONTAP", "SINGLE_AZ_2") => ("CreateFileSystem:ONTAP", "SAZ_2N2"),
        ("ONTAP", "MULTI_AZ_1") => ("CreateFileSystem:ONTAP", "MAZ"),
        ("ONTAP", "MULTI_AZ_2") => ("CreateFileSystem:ONTAP", "MAZ2"),
        ("OPENZFS", "SINGLE_AZ_2") => ("CreateFileSystem:OpenZFS", "SAZ2"),
        _ => return Vec::new(),
    };
    let throughput = Decimal::from(file_system.throughput_mbps.unwrap_or_default());
    vec![
        StandingUsage::of(resource, FSX, format!("Storage.{suffix}:SSD"), storage, "GB-Mo").with_operation(operation),
        StandingUsage::of(resource, FSX, format!("ThroughputCapacity.{suffix}"), throughput, "MiBps-Mo").with_operation(operation),
    ]
}

fn lustre_storage(resource: &Resource, file_system: &FsxFileSystemDetails, storage: Decimal) -> Option<StandingUsage> {
    let usage_type = match (file_system.deployment_type.as_deref()?, file_system.throughput_mbps_per_tib) {
        ("SCRATCH_1" | "SCRATCH_2", _) => "Storage".to_owned(),
        ("PERSISTENT_1" | "PERSISTENT_2", Some(throughput)) => format!("Storage.SSD.{throughput}"),
        _ => return None,
    };
    Some(StandingUsage::of(resource, FSX, usage_type, storage, "GB-Mo").with_operation("CreateFileSystem:Lustre"))
}

/// What it holds, or at most what its file system does.
pub(super) fn fsx_backup(resource: &Resource, backup: &FsxBackupDetails) -> Vec<StandingUsage> {
    let size = backup.size_bytes.map(gigabytes).or_else(|| backup.file_system_storage_gib.map(Decimal::from));
    let Some(size) = size.filter(|size| *size > Decimal::ZERO && &*backup.state == "AVAILABLE") else { return Vec::new() };
    let usage_type = match (backup.file_system_type.as_deref(), backup.deployment_type.as_deref()) {
        (Some("WINDOWS"), Some(deployment)) if deployment.starts_with("MULTI_AZ") => "BackupUsage.MultiAZ",
        _ => "BackupUsage",
    };
    vec![StandingUsage::of(resource, FSX, usage_type, size, "GB-Mo").at_most()]
}

/// At most what a restore would write: a recovery point holds what changed since the one before it. Of the types whose usage
/// types are known: warm storage of EFS and S3 and the ending -LAGV were seen in public price checks, cold storage and DynamoDB
/// follow them: not confirmed.
pub(super) fn recovery_point(resource: &Resource, point: &RecoveryPointDetails) -> Vec<StandingUsage> {
    let size = point.size_bytes.map(gigabytes).unwrap_or_default();
    if !matches!(&*point.resource_type, "EFS" | "S3" | "DynamoDB") || point.is_parent || size.is_zero() {
        return Vec::new();
    }
    let tier = if point.is_cold { "Cold" } else { "Warm" };
    let vault = if point.vault_type.as_deref() == Some("LOGICALLY_AIR_GAPPED_BACKUP_VAULT") { "-LAGV" } else { "" };
    let usage_type = format!("{tier}Storage-ByteHrs-{}{vault}", point.resource_type);
    vec![StandingUsage::of(resource, BACKUP, usage_type, size, "GB-Mo").at_most()]
}

/// At most what the API counts: the bill counts it compressed. What is only delivered elsewhere is not kept.
///
/// Source: <https://aws.amazon.com/cloudwatch/pricing/>, not confirmed here.
pub(super) fn log_group(resource: &Resource, group: &LogGroupDetails) -> Vec<StandingUsage> {
    if group.stored_bytes == 0 || &*group.class == "DELIVERY" {
        return Vec::new();
    }
    vec![StandingUsage::of(resource, CLOUDWATCH, "TimedStorage-ByteHrs", gigabytes(group.stored_bytes), "GB-Mo").at_most()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource_usage::testing::{pairs, usage};

    const GIB: u64 = 1 << 30;

    #[test]
    fn a_file_system_is_billed_by_class_and_for_throughput_beyond_what_is_included() {
        let provisioned = EfsFileSystemDetails {
            standard_bytes: Some(100 * GIB),
            infrequent_access_bytes: Some(50 * GIB),
            throughput_mode: "provisioned".into(),
            provisioned_throughput_mibps: Some(16.0),
            ..EfsFileSystemDetails::default()
        };
        let expected = [("TimedStorage-ByteHrs", "100"), ("IATimedStorage-ByteHrs", "50"), ("ProvisionedTP-MiBpsHrs", "11")];
        assert_eq!(usage("elasticfilesystem:file-system", provisioned), pairs(&expected));
        let one_zone = EfsFileSystemDetails {
            standard_bytes: Some(GIB),
            throughput_mode: "elastic".into(),
            provisioned_throughput_mibps: Some(16.0),
            availability_zone: Some("eu-west-1a".into()),
            ..EfsFileSystemDetails::default()
        };
        assert_eq!(usage("elasticfilesystem:file-system", one_zone), pairs(&[("TimedStorage-Z-ByteHrs", "1")]));
    }

    #[test]
    fn fsx_is_billed_for_what_is_bought() {
        let lustre = FsxFileSystemDetails {
            file_system_type: "LUSTRE".into(),
            state: "AVAILABLE".into(),
            storage_gib: 1_200,
            storage_type: Some("SSD".into()),
            deployment_type: Some("PERSISTENT_2".into()),
            throughput_mbps_per_tib: Some(125),
            ..FsxFileSystemDetails::default()
        };
        assert_eq!(usage("fsx:file-system", lustre.clone()), pairs(&[("Storage.SSD.125", "1200")]));
        let ontap = FsxFileSystemDetails {
            file_system_type: "ONTAP".into(),
            deployment_type: Some("MULTI_AZ_1".into()),
            throughput_mbps: Some(128),
            ..lustre.clone()
        };
        assert_eq!(usage("fsx:file-system", ontap), pairs(&[("Storage.MAZ:SSD", "1200"), ("ThroughputCapacity.MAZ", "128")]));
        let windows = FsxFileSystemDetails { file_system_type: "WINDOWS".into(), ..lustre };
        assert_eq!(usage("fsx:file-system", windows), []);
    }

    #[test]
    fn backups_and_logs_hold_at_most_what_they_say() {
        let point = RecoveryPointDetails { resource_type: "EFS".into(), size_bytes: Some(10 * GIB), ..RecoveryPointDetails::default() };
        assert_eq!(usage("backup:recovery-point", point.clone()), pairs(&[("WarmStorage-ByteHrs-EFS", "10")]));
        let cold = RecoveryPointDetails { is_cold: true, ..point.clone() };
        assert_eq!(usage("backup:recovery-point", cold), pairs(&[("ColdStorage-ByteHrs-EFS", "10")]));
        assert_eq!(usage("backup:recovery-point", RecoveryPointDetails { is_parent: true, ..point }), []);
        let backup = FsxBackupDetails { state: "AVAILABLE".into(), size_bytes: Some(3 * GIB), ..FsxBackupDetails::default() };
        assert_eq!(usage("fsx:backup", backup), pairs(&[("BackupUsage", "3")]));
        let group = LogGroupDetails { stored_bytes: 2 * GIB, class: "STANDARD".into(), ..LogGroupDetails::default() };
        assert_eq!(usage("logs:log-group", group), pairs(&[("TimedStorage-ByteHrs", "2")]));
    }
}
