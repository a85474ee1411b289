//! EFS and FSx. Names and values are the API's.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// An EFS file system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EfsFileSystemDetails {
    /// `available`, …
    pub state: Arc<str>,
    /// Bytes in all classes.
    pub size_bytes: u64,
    /// Bytes in Standard.
    pub standard_bytes: Option<u64>,
    /// Bytes in Infrequent Access.
    pub infrequent_access_bytes: Option<u64>,
    /// Bytes in Archive.
    pub archive_bytes: Option<u64>,
    /// `bursting`, `elastic`, `provisioned`.
    pub throughput_mode: Arc<str>,
    /// Throughput that is bought, MiB/s.
    pub provisioned_throughput_mibps: Option<f64>,
    /// `generalPurpose`, `maxIO`.
    pub performance_mode: Arc<str>,
    /// The zone of a One Zone file system.
    pub availability_zone: Option<Arc<str>>,
    /// How many mount targets; without any nobody can use it.
    pub mount_targets: u32,
    /// When files move; `None` where it could not be read.
    pub lifecycle: Option<EfsLifecycle>,
}

/// When files move between EFS's classes: `AFTER_30_DAYS`; `None` for never.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EfsLifecycle {
    /// To Infrequent Access, by the last access.
    pub to_infrequent_access: Option<Arc<str>>,
    /// To Archive, by the last access.
    pub to_archive: Option<Arc<str>>,
    /// Back to Standard: `AFTER_1_ACCESS`.
    pub to_standard: Option<Arc<str>>,
}

/// An FSx file system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FsxFileSystemDetails {
    /// `WINDOWS`, `LUSTRE`, `ONTAP`, `OPENZFS`.
    pub file_system_type: Arc<str>,
    /// `AVAILABLE`, `MISCONFIGURED`, …
    pub state: Arc<str>,
    /// Storage that is bought, GiB.
    pub storage_gib: u32,
    /// `SSD`, `HDD`, `INTELLIGENT_TIERING`.
    pub storage_type: Option<Arc<str>>,
    /// `MULTI_AZ_1`, `SINGLE_AZ_1`, `SCRATCH_2`, `PERSISTENT_2`, …
    pub deployment_type: Option<Arc<str>>,
    /// Throughput that is bought for the whole, MB/s.
    pub throughput_mbps: Option<u32>,
    /// Throughput for each TiB of storage, MB/s: Lustre.
    pub throughput_mbps_per_tib: Option<u32>,
    /// SSD IOPS.
    pub iops: Option<u64>,
    /// Whether those are bought beyond what comes with the storage.
    pub has_provisioned_iops: bool,
    /// Pairs of file servers: ONTAP.
    pub ha_pairs: Option<u32>,
    /// Whether data is compressed, where that is a setting of the whole: Lustre.
    pub data_compression: Option<Arc<str>>,
    /// Days that automatic backups are kept; 0 for none.
    pub automatic_backup_retention_days: Option<u32>,
    /// Its subnets.
    pub subnet_ids: Vec<Arc<str>>,
}

/// A volume of FSx for ONTAP or OpenZFS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FsxVolumeDetails {
    /// The file system that it is on.
    pub file_system_id: Arc<str>,
    /// `ONTAP`, `OPENZFS`.
    pub volume_type: Arc<str>,
    /// `AVAILABLE`, `CREATED`, …
    pub state: Arc<str>,
    /// Size that it may grow to, bytes: what it holds is less.
    pub size_bytes: Option<u64>,
    /// When cold data moves to the capacity pool: `AUTO`, `SNAPSHOT_ONLY`, `ALL`, `NONE`. ONTAP only.
    pub tiering_policy: Option<Arc<str>>,
    /// Days after which data is cold.
    pub cooling_days: Option<u32>,
    /// Whether deduplication and compression are on: ONTAP only.
    pub is_storage_efficient: Option<bool>,
    /// `NONE`, `ZSTD`, `LZ4`: OpenZFS only.
    pub data_compression: Option<Arc<str>>,
}

/// A backup of an FSx file system or volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FsxBackupDetails {
    /// `AUTOMATIC`, `USER_INITIATED`, `AWS_BACKUP`.
    pub backup_type: Arc<str>,
    /// `AVAILABLE`, …
    pub state: Arc<str>,
    /// `FILE_SYSTEM`, `VOLUME`.
    pub source_type: Option<Arc<str>>,
    /// The file system that it was made of; it need not exist any more.
    pub file_system_id: Option<Arc<str>>,
    /// `WINDOWS`, `LUSTRE`, `ONTAP`, `OPENZFS`.
    pub file_system_type: Option<Arc<str>>,
    /// The volume that it was made of.
    pub volume_id: Option<Arc<str>>,
    /// Bytes that it holds, where the API says so.
    pub size_bytes: Option<u64>,
    /// Storage of the file system that it was made of, GiB: a backup holds at most that.
    pub file_system_storage_gib: Option<u32>,
    /// `MULTI_AZ_1`, …, of the file system.
    pub deployment_type: Option<Arc<str>>,
}
