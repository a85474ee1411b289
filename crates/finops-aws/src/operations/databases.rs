//! RDS (Aurora, DocumentDB and Neptune among it), DynamoDB, ElastiCache.

/// RDS.
pub mod rds {
    crate::operations! {
        "RDS", "rds";
        /// Instances of every engine.
        DESCRIBE_DB_INSTANCES = "DescribeDBInstances";
        /// Clusters of every engine.
        DESCRIBE_DB_CLUSTERS = "DescribeDBClusters";
        /// Snapshots of instances.
        DESCRIBE_DB_SNAPSHOTS = "DescribeDBSnapshots";
        /// Snapshots of clusters.
        DESCRIBE_DB_CLUSTER_SNAPSHOTS = "DescribeDBClusterSnapshots";
    }
}

/// DynamoDB. Quota: 10 DescribeTable a second in an account is far below what is allowed; AWS publishes none for it.
pub mod dynamodb {
    crate::operations! {
        "DynamoDB", "dynamodb";
        /// Names of tables.
        LIST_TABLES = "ListTables";
        /// A table.
        DESCRIBE_TABLE = "DescribeTable";
    }
}

/// ElastiCache.
pub mod elasticache {
    crate::operations! {
        "ElastiCache", "elasticache";
        /// Clusters, each of which is a node group's node or a Memcached cluster.
        DESCRIBE_CACHE_CLUSTERS = "DescribeCacheClusters";
    }
}
