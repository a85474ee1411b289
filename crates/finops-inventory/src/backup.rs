//! AWS Backup.

mod plans;
mod vaults;

use finops_aws::operations::backup::{GET_BACKUP_PLAN, LIST_BACKUP_PLANS, LIST_BACKUP_VAULTS, LIST_RECOVERY_POINTS_BY_BACKUP_VAULT};

use crate::lister::Lister;

pub(crate) const LISTERS: &[Lister] = &[
    Lister {
        service: "backup",
        is_global: false,
        operations: &[&LIST_BACKUP_VAULTS, &LIST_RECOVERY_POINTS_BY_BACKUP_VAULT],
        list: |place| Box::pin(vaults::vaults(place)),
    },
    Lister {
        service: "backup",
        is_global: false,
        operations: &[&LIST_BACKUP_PLANS, &GET_BACKUP_PLAN],
        list: |place| Box::pin(plans::plans(place)),
    },
];

/// Items of a page: AWS Backup's greatest.
///
/// Source: `MaxResults` of each operation in <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html>,
/// not confirmed here.
const PAGE_SIZE: i32 = 1_000;

/// Days as AWS Backup writes them; -1 stands for ever.
fn days(days: Option<i64>) -> Option<u32> {
    days.and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0)
}
