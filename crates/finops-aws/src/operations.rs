//! The table of API operations, a module for each service. All of them read; none writes.
//!
//! Quotas are AWS's published ones where a table says where from; prices are from the services' pricing pages.

pub mod computeoptimizer;
pub mod costoptimizationhub;
pub mod ec2;
pub mod organizations;
pub mod pricing;
pub mod sts;
pub mod trustedadvisor;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::operation::Operation;

/// The tables of all services, in the order of their modules.
const TABLES: &[&[Operation]] = &[
    computeoptimizer::ALL,
    costoptimizationhub::ALL,
    ec2::ALL,
    organizations::ALL,
    pricing::ALL,
    sts::ALL,
    trustedadvisor::ALL,
];

/// Every operation that may be called.
pub fn all() -> impl Iterator<Item = &'static Operation> {
    TABLES.iter().copied().flatten()
}

/// The operation that the SDK is about to send; `None` for one that is in no table.
pub fn find(service: &str, name: &str) -> Option<&'static Operation> {
    static INDEX: LazyLock<BTreeMap<(&'static str, &'static str), &'static Operation>> =
        LazyLock::new(|| all().map(|operation| ((operation.service, operation.name), operation)).collect());
    INDEX.get(&(service, name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_in_one_table_and_only_reads() {
        let reads = ["Describe", "Get", "List", "Search", "BatchGet", "Query"];
        let mut seen = BTreeMap::new();
        for operation in all() {
            assert!(reads.iter().any(|verb| operation.name.starts_with(verb)), "{} does not look like a read", operation.action);
            assert!(operation.action.contains(':'), "{}", operation.action);
            assert!(seen.insert((operation.service, operation.name), operation).is_none(), "{} is in two tables", operation.action);
            assert_eq!(find(operation.service, operation.name), Some(operation));
        }
    }
}
