//! Databases and caches.

mod cache;
mod dynamodb;
mod rds;

use finops_aws::operations::databases::{dynamodb as dynamodb_api, elasticache as elasticache_api, rds as rds_api};

use crate::lister::Lister;

pub(crate) const LISTERS: &[Lister] = &[
    Lister {
        service: "rds",
        is_global: false,
        operations: &[&rds_api::DESCRIBE_DB_INSTANCES],
        list: |place| Box::pin(rds::instances(place)),
    },
    Lister {
        service: "rds",
        is_global: false,
        operations: &[&rds_api::DESCRIBE_DB_CLUSTERS],
        list: |place| Box::pin(rds::clusters(place)),
    },
    Lister {
        service: "rds",
        is_global: false,
        operations: &[&rds_api::DESCRIBE_DB_SNAPSHOTS],
        list: |place| Box::pin(rds::instance_snapshots(place)),
    },
    Lister {
        service: "rds",
        is_global: false,
        operations: &[&rds_api::DESCRIBE_DB_CLUSTER_SNAPSHOTS],
        list: |place| Box::pin(rds::cluster_snapshots(place)),
    },
    Lister {
        service: "dynamodb",
        is_global: false,
        operations: &[&dynamodb_api::LIST_TABLES, &dynamodb_api::DESCRIBE_TABLE],
        list: |place| Box::pin(dynamodb::tables(place)),
    },
    Lister {
        service: "elasticache",
        is_global: false,
        operations: &[&elasticache_api::DESCRIBE_CACHE_CLUSTERS],
        list: |place| Box::pin(cache::clusters(place)),
    },
];
