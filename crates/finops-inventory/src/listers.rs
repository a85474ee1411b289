//! Every lister there is, a line for each family of services.

use crate::lister::Lister;
use crate::{backup, databases, ec2, file_systems, lambda, load_balancing, logs, queues, s3, streams, transfer};

/// The families' listers.
const FAMILIES: &[&[Lister]] = &[
    databases::LISTERS,
    ec2::LISTERS,
    lambda::LISTERS,
    load_balancing::LISTERS,
    backup::LISTERS,
    file_systems::LISTERS,
    logs::LISTERS,
    queues::LISTERS,
    s3::LISTERS,
    streams::LISTERS,
    transfer::LISTERS,
];

/// All listers.
pub(crate) fn all() -> impl Iterator<Item = &'static Lister> {
    FAMILIES.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use finops_aws::operations;
    use finops_domain::catalog::Catalog;

    use super::*;

    #[test]
    fn every_service_is_one_of_the_catalog_and_every_operation_is_in_the_table() {
        for lister in all() {
            assert!(Catalog::embedded().service(lister.service).is_some(), "{} is not in the catalog", lister.service);
            assert!(!lister.operations.is_empty(), "{} says not what it calls", lister.service);
            for operation in lister.operations {
                assert_eq!(operations::find(operation.service, operation.name), Some(*operation), "{}", operation.action);
            }
        }
    }
}
