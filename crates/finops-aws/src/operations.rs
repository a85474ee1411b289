//! The table of API operations, a module for each service. All of them read, but for our own report, cache and metrics: those say
//! [`Operation::is_write`], and a test lists them.
//!
//! Quotas are AWS's published ones where a table says where from; prices are from the services' pricing pages.

pub mod backup;
pub mod breadth;
pub mod cloudwatch;
pub mod cloudwatch_alarms;
pub mod computeoptimizer;
pub mod cost_explorer;
pub mod costoptimizationhub;
pub mod databases;
pub mod ec2;
pub mod efs;
pub mod firehose;
pub mod fsx;
pub mod kafka;
pub mod kinesis;
pub mod lambda;
pub mod load_balancing;
pub mod logs;
pub mod mq;
pub mod organizations;
pub mod pricing;
pub mod s3;
pub mod sqs;
pub mod sts;
pub mod transfer;
pub mod trustedadvisor;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::operation::Operation;

/// The tables of all services, in the order of their modules.
const TABLES: &[&[Operation]] = &[
    backup::ALL,
    breadth::explorer::ALL,
    breadth::tagging::ALL,
    cloudwatch::ALL,
    cloudwatch_alarms::ALL,
    computeoptimizer::ALL,
    cost_explorer::ALL,
    costoptimizationhub::ALL,
    databases::dynamodb::ALL,
    databases::elasticache::ALL,
    databases::rds::ALL,
    ec2::ALL,
    efs::ALL,
    firehose::ALL,
    fsx::ALL,
    kafka::ALL,
    kinesis::ALL,
    lambda::ALL,
    load_balancing::classic::ALL,
    load_balancing::v2::ALL,
    logs::ALL,
    mq::ALL,
    organizations::ALL,
    pricing::ALL,
    s3::ALL,
    sqs::ALL,
    sts::ALL,
    transfer::ALL,
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

    /// What this program may write: its own things, never an account's.
    const OWN_WRITES: [&str; 1] = ["cloudwatch:PutMetricData"];

    #[test]
    fn every_operation_is_in_one_table_and_only_reads() {
        let reads = ["Describe", "Get", "List", "Search", "BatchGet", "Query"];
        let mut seen = BTreeMap::new();
        for operation in all() {
            let looks_like_a_read = reads.iter().any(|verb| operation.name.starts_with(verb));
            assert!(looks_like_a_read != operation.is_write, "{} must either look like a read or say that it writes", operation.action);
            assert!(operation.action.contains(':'), "{}", operation.action);
            assert!(seen.insert((operation.service, operation.name), operation).is_none(), "{} is in two tables", operation.action);
            assert_eq!(find(operation.service, operation.name), Some(operation));
        }
    }

    #[test]
    fn what_is_written_is_known_and_never_answered_from_a_cache() {
        let writes: Vec<&Operation> = all().filter(|operation| operation.is_write).collect();
        assert_eq!(writes.iter().map(|operation| operation.action).collect::<Vec<_>>(), OWN_WRITES);
        assert!(writes.iter().all(|operation| operation.time_to_live().is_none()));
    }
}
