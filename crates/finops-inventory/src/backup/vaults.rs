//! Vaults and what they hold.

use std::collections::BTreeMap;

use aws_sdk_backup::Client;
use aws_sdk_backup::types::{BackupVaultListMember, RecoveryPointByBackupVault};
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::backup::{LIST_BACKUP_VAULTS, LIST_RECOVERY_POINTS_BY_BACKUP_VAULT};
use finops_aws::place::Place;
use finops_domain::catalog::Arn;
use finops_domain::coverage::CoverageStatus;
use finops_domain::ports::{Gap, PortError};
use finops_domain::resource::Resource;
use finops_domain::resource::backup::{BackupVaultDetails, RecoveryPointDetails, VaultContents};
use jiff::Timestamp;

use super::{PAGE_SIZE, days};
use crate::lister::{Listed, described, text, timestamp};
use crate::per_item::{Failures, in_turn};

/// Recovery points that are read of each vault. Beyond that the report would be of nothing else.
const MAX_RECOVERY_POINTS: usize = 20_000;

/// What was read of a vault.
struct Contents {
    points: Vec<RecoveryPointByBackupVault>,
    is_complete: bool,
    error: Option<PortError>,
}

pub(super) async fn vaults(place: &Place) -> Listed {
    let client = client!(aws_sdk_backup, place);
    let mut listed = Listed::default();
    let mut vaults: Vec<BackupVaultListMember> = Vec::new();
    let pages = client.list_backup_vaults().max_results(PAGE_SIZE).into_paginator().send();
    listed.pages(&LIST_BACKUP_VAULTS, place, pages, |page, _| vaults.extend_from_slice(page.backup_vault_list())).await;

    let calls: Vec<_> = vaults.iter().map(|vault| contents(place, &client, vault)).collect();
    let answers = in_turn(calls).await;
    let (mut failures, mut cut) = (Failures::default(), 0_usize);
    for (vault, contents) in vaults.iter().zip(answers) {
        cut += usize::from(!contents.is_complete && contents.error.is_none());
        let newest = contents.points.iter().filter_map(made_at).max();
        let points: Vec<(&RecoveryPointByBackupVault, RecoveryPointDetails)> =
            contents.points.iter().filter_map(|point| Some((point, recovery_point(point, newest)?))).collect();
        listed.resources.extend(vault_of(place, vault, &points, contents.is_complete));
        listed.resources.extend(points.into_iter().filter_map(|(point, details)| point_of(place, point, details)));
        if let Some(error) = contents.error {
            failures.note(Err::<(), _>(error));
        }
    }
    failures.report(vaults.len(), &mut listed);
    if cut > 0 {
        let reason = format!("only the first {MAX_RECOVERY_POINTS} recovery points of each of {cut} vaults were read");
        let operation = LIST_RECOVERY_POINTS_BY_BACKUP_VAULT.action.to_owned();
        listed.gaps.push(Gap { operation, status: CoverageStatus::Partial, reason, remedy: None });
    }
    listed
}

async fn contents(place: &Place, client: &Client, vault: &BackupVaultListMember) -> Contents {
    let mut contents = Contents { points: Vec::new(), is_complete: true, error: None };
    // Every account has vaults that AWS made and nobody uses.
    if vault.number_of_recovery_points() == 0 {
        return contents;
    }
    let request = client.list_recovery_points_by_backup_vault().set_backup_vault_name(vault.backup_vault_name().map(str::to_owned));
    let mut pages = request.max_results(PAGE_SIZE).into_paginator().send();
    while let Some(page) = pages.next().await {
        if contents.points.len() >= MAX_RECOVERY_POINTS {
            contents.is_complete = false;
            break;
        }
        match page {
            Ok(page) => contents.points.extend(page.recovery_points.unwrap_or_default()),
            Err(error) => {
                contents.is_complete = false;
                contents.error = Some(port_error(&LIST_RECOVERY_POINTS_BY_BACKUP_VAULT, place, error));
                break;
            }
        }
    }
    contents
}

fn vault_of(
    place: &Place,
    vault: &BackupVaultListMember,
    points: &[(&RecoveryPointByBackupVault, RecoveryPointDetails)],
    is_complete: bool,
) -> Option<Resource> {
    let name = vault.backup_vault_name()?;
    let mut contents: BTreeMap<&str, VaultContents> = BTreeMap::new();
    for (point, details) in points {
        let sum = contents.entry(&details.resource_type).or_default();
        sum.resource_type.clone_from(&details.resource_type);
        sum.count += 1;
        sum.size_bytes = sum.size_bytes.saturating_add(details.size_bytes.unwrap_or_default());
        sum.without_expiry += u32::from(details.deleted_at.is_none());
        sum.in_cold_storage += u32::from(details.is_cold);
        sum.oldest_at = [sum.oldest_at, made_at(point)].into_iter().flatten().min();
    }
    let details = BackupVaultDetails {
        vault_type: text(vault.vault_type().map(aws_sdk_backup::types::VaultType::as_str)),
        is_locked: vault.locked().unwrap_or(false),
        min_retention_days: days(vault.min_retention_days()),
        max_retention_days: days(vault.max_retention_days()),
        recovery_points: u64::try_from(vault.number_of_recovery_points()).unwrap_or_default(),
        contents: contents.into_values().collect(),
        is_complete,
    };
    let arn = vault.backup_vault_arn().map_or_else(|| place.arn("backup", &format!("backup-vault:{name}")), str::to_owned);
    let mut resource = described(place, arn, "backup:backup-vault", details);
    resource.created_at = vault.creation_date().and_then(timestamp);
    resource.name = Some(name.into());
    Some(resource)
}

/// A recovery point as a resource, if it is one of AWS Backup's own: those of EBS, RDS and others are snapshots of these services,
/// which list and bill them.
fn point_of(place: &Place, point: &RecoveryPointByBackupVault, details: RecoveryPointDetails) -> Option<Resource> {
    let arn = point.recovery_point_arn()?;
    if Arn::parse(arn).ok()?.namespace != "backup" {
        return None;
    }
    let mut resource = described(place, arn, "backup:recovery-point", details);
    resource.created_at = made_at(point);
    resource.name = text(point.resource_name());
    Some(resource)
}

fn made_at(point: &RecoveryPointByBackupVault) -> Option<Timestamp> {
    point.creation_date().and_then(timestamp)
}

/// What the list says of a recovery point. It does not say whether it is cold already; it is, if it was to be moved before
/// `newest`, the time at which the vault's newest recovery point was made.
fn recovery_point(point: &RecoveryPointByBackupVault, newest: Option<Timestamp>) -> Option<RecoveryPointDetails> {
    let state = text(point.status().map(aws_sdk_backup::types::RecoveryPointStatus::as_str)).unwrap_or_default();
    if &*state == "DELETING" {
        return None;
    }
    let calculated = point.calculated_lifecycle();
    let moves_to_cold_at = calculated.and_then(|calculated| calculated.move_to_cold_storage_at()).and_then(timestamp);
    Some(RecoveryPointDetails {
        vault_name: text(point.backup_vault_name()).unwrap_or_default(),
        resource_type: text(point.resource_type()).unwrap_or_default(),
        source_arn: text(point.resource_arn()),
        state,
        size_bytes: point.backup_size_in_bytes().and_then(|bytes| u64::try_from(bytes).ok()),
        plan_arn: text(point.created_by().and_then(|by| by.backup_plan_arn())),
        moves_to_cold_at,
        is_cold: moves_to_cold_at.zip(newest).is_some_and(|(moves, newest)| moves < newest),
        deleted_at: calculated.and_then(|calculated| calculated.delete_at()).and_then(timestamp),
        last_restored_at: point.last_restore_time().and_then(timestamp),
        is_parent: point.is_parent(),
        vault_type: text(point.vault_type().map(aws_sdk_backup::types::VaultType::as_str)),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_backup::types::{CalculatedLifecycle, RecoveryPointStatus};
    use aws_smithy_types::DateTime;

    use super::*;

    const DAY: i64 = 86_400;

    fn point(made_day: i64, cold_day: Option<i64>, status: RecoveryPointStatus) -> RecoveryPointByBackupVault {
        let lifecycle = CalculatedLifecycle::builder().set_move_to_cold_storage_at(cold_day.map(|day| DateTime::from_secs(day * DAY)));
        RecoveryPointByBackupVault::builder()
            .resource_type("EFS")
            .status(status)
            .creation_date(DateTime::from_secs(made_day * DAY))
            .backup_size_in_bytes(1 << 30)
            .calculated_lifecycle(lifecycle.build())
            .build()
    }

    #[test]
    fn what_was_to_be_moved_before_the_newest_was_made_is_cold() {
        let newest = made_at(&point(100, None, RecoveryPointStatus::Completed));
        let is_cold = |cold_day| recovery_point(&point(1, cold_day, RecoveryPointStatus::Completed), newest).map(|found| found.is_cold);
        assert_eq!((is_cold(Some(31)), is_cold(Some(131)), is_cold(None)), (Some(true), Some(false), Some(false)));
    }

    #[test]
    fn what_expired_is_still_billed_and_what_is_being_deleted_is_not() {
        assert!(recovery_point(&point(1, None, RecoveryPointStatus::Expired), None).is_some());
        assert!(recovery_point(&point(1, None, RecoveryPointStatus::Deleting), None).is_none());
    }
}
