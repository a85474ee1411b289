//! AWS Backup. Names and values are the API's.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A vault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupVaultDetails {
    /// `BACKUP_VAULT`, `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`, `RESTORE_ACCESS_BACKUP_VAULT`.
    pub vault_type: Option<Arc<str>>,
    /// Whether recovery points cannot be deleted before their time.
    pub is_locked: bool,
    /// The least days that a recovery point is kept.
    pub min_retention_days: Option<u32>,
    /// The most days.
    pub max_retention_days: Option<u32>,
    /// How many recovery points AWS counts in it.
    pub recovery_points: u64,
    /// What was read of them, by type of resource; those of EBS and the like are snapshots of their own services.
    pub contents: Vec<VaultContents>,
    /// Whether that is all of it.
    pub is_complete: bool,
}

/// Recovery points of one type of resource in a vault.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VaultContents {
    /// `EBS`, `EFS`, `RDS`, `S3`, …
    pub resource_type: Arc<str>,
    /// How many.
    pub count: u32,
    /// Bytes that a restore of each would write, together: what is stored is less where they build on each other.
    pub size_bytes: u64,
    /// How many are kept for ever.
    pub without_expiry: u32,
    /// How many are in cold storage.
    pub in_cold_storage: u32,
    /// When the oldest was made.
    pub oldest_at: Option<Timestamp>,
}

/// A recovery point that AWS Backup itself keeps and bills.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecoveryPointDetails {
    /// The vault.
    pub vault_name: Arc<str>,
    /// `EFS`, `S3`, `DynamoDB`, `VirtualMachine`, …
    pub resource_type: Arc<str>,
    /// The resource that it was made of; it need not exist any more.
    pub source_arn: Option<Arc<str>>,
    /// `COMPLETED`, `EXPIRED`, `STOPPED`, …
    pub state: Arc<str>,
    /// Bytes that a restore would write; what is stored is less where it builds on an earlier one.
    pub size_bytes: Option<u64>,
    /// The plan that made it; `None` where a person did.
    pub plan_arn: Option<Arc<str>>,
    /// When it moves to cold storage.
    pub moves_to_cold_at: Option<Timestamp>,
    /// Whether it is in cold storage.
    pub is_cold: bool,
    /// When it is deleted; `None` for never.
    pub deleted_at: Option<Timestamp>,
    /// When it was last restored.
    pub last_restored_at: Option<Timestamp>,
    /// Whether it only holds others together, and nothing of its own.
    pub is_parent: bool,
    /// `LOGICALLY_AIR_GAPPED_BACKUP_VAULT` costs more; `None` for an ordinary vault where the API is silent.
    pub vault_type: Option<Arc<str>>,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupPlanDetails {
    /// When it last made backups.
    pub last_run_at: Option<Timestamp>,
    /// Its rules; `None` where they could not be read.
    pub rules: Option<Vec<BackupRule>>,
}

/// A rule of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BackupRule {
    /// Its name.
    pub name: Arc<str>,
    /// The vault that it fills.
    pub vault_name: Arc<str>,
    /// `cron(0 5 ? * * *)`.
    pub schedule: Option<Arc<str>>,
    /// Whether it keeps every state, for restores to any second.
    pub is_continuous: bool,
    /// Days after which a recovery point is deleted; `None` for never.
    pub delete_after_days: Option<u32>,
    /// Days after which it moves to cold storage.
    pub cold_after_days: Option<u32>,
    /// Vaults that it copies to.
    pub copy_vault_arns: Vec<Arc<str>>,
}
