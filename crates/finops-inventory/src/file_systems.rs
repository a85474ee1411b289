//! EFS and FSx.

mod efs;
mod fsx;

use finops_aws::operations::efs::{DESCRIBE_FILE_SYSTEMS, DESCRIBE_LIFECYCLE_CONFIGURATION};
use finops_aws::operations::fsx as operations;

use crate::lister::Lister;

pub(crate) const LISTERS: &[Lister] = &[
    Lister {
        service: "efs",
        is_global: false,
        operations: &[&DESCRIBE_FILE_SYSTEMS, &DESCRIBE_LIFECYCLE_CONFIGURATION],
        list: |place| Box::pin(efs::file_systems(place)),
    },
    Lister {
        service: "fsx",
        is_global: false,
        operations: &[&operations::DESCRIBE_FILE_SYSTEMS, &operations::DESCRIBE_VOLUMES],
        list: |place| Box::pin(fsx::file_systems_and_volumes(place)),
    },
    Lister { service: "fsx", is_global: false, operations: &[&operations::DESCRIBE_BACKUPS], list: |place| Box::pin(fsx::backups(place)) },
];
