//! Databases and caches.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A database instance of RDS, Aurora, DocumentDB or Neptune: one API answers for all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DbInstanceDetails {
    /// `db.m5.large`.
    pub class: Arc<str>,
    /// `postgres`, `aurora-mysql`, `docdb`, …
    pub engine: Arc<str>,
    /// `16.3`.
    pub engine_version: Option<Arc<str>>,
    /// `license-included`, `bring-your-own-license`, `general-public-license`, `postgresql-license`.
    pub license_model: Option<Arc<str>>,
    /// `available`, `stopped`, …
    pub status: Arc<str>,
    /// Whether a stand-by in another zone is paid for.
    pub is_multi_az: bool,
    /// `gp3`, `io1`, `aurora`, …
    pub storage_type: Option<Arc<str>>,
    /// Allocated storage, GiB; of an Aurora instance it says nothing.
    pub allocated_gib: Option<u32>,
    /// Storage that it may grow to, GiB.
    pub max_allocated_gib: Option<u32>,
    /// Provisioned IOPS.
    pub iops: Option<u32>,
    /// Provisioned throughput, MiB/s.
    pub throughput_mibps: Option<u32>,
    /// The cluster that it is a member of.
    pub cluster_id: Option<Arc<str>>,
    /// The instance that it is a read replica of.
    pub replica_of: Option<Arc<str>>,
    /// Days that automated backups are kept; 0 for none.
    pub backup_retention_days: Option<u32>,
    /// `open-source-rds-extended-support` where extended support is paid when it begins.
    pub engine_lifecycle_support: Option<Arc<str>>,
}

/// A database cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DbClusterDetails {
    /// `aurora-postgresql`, `docdb`, `mysql`, …
    pub engine: Arc<str>,
    /// `16.3`.
    pub engine_version: Option<Arc<str>>,
    /// `provisioned`, `serverless`.
    pub engine_mode: Option<Arc<str>>,
    /// `available`, `stopped`, …
    pub status: Arc<str>,
    /// `aurora-iopt1` is I/O-Optimized; absent for Aurora Standard.
    pub storage_type: Option<Arc<str>>,
    /// How many instances it has.
    pub members: u32,
    /// Days that automated backups are kept.
    pub backup_retention_days: Option<u32>,
}

/// A snapshot of an instance or a cluster that somebody took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DbSnapshotDetails {
    /// The instance or cluster that it was taken of; it need not exist any more.
    pub source_id: Option<Arc<str>>,
    /// Its engine.
    pub engine: Option<Arc<str>>,
    /// Storage that was allocated then, GiB: what it holds is at most that.
    pub allocated_gib: Option<u32>,
    /// `manual`, `awsbackup`, …
    pub snapshot_type: Option<Arc<str>>,
    /// `available`, …
    pub status: Arc<str>,
}

/// A DynamoDB table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableDetails {
    /// Whether it is paid by request; else by capacity.
    pub is_on_demand: bool,
    /// Provisioned read capacity units, of the table and its indices together.
    pub read_capacity_units: u64,
    /// Provisioned write capacity units, likewise.
    pub write_capacity_units: u64,
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`.
    pub table_class: Option<Arc<str>>,
    /// Size, bytes; AWS brings it up to date every six hours.
    pub size_bytes: u64,
    /// Items, likewise.
    pub items: u64,
    /// How many global secondary indices it has.
    pub indices: u32,
    /// How many other regions hold a replica.
    pub replicas: u32,
}

/// A cache cluster: one node of Redis or Valkey, or a cluster of Memcached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CacheClusterDetails {
    /// `cache.m6g.large`.
    pub node_type: Arc<str>,
    /// How many nodes.
    pub nodes: u32,
    /// `redis`, `valkey`, `memcached`.
    pub engine: Arc<str>,
    /// `7.1`.
    pub engine_version: Option<Arc<str>>,
    /// `available`, …
    pub status: Arc<str>,
    /// The replication group that it is in.
    pub replication_group_id: Option<Arc<str>>,
}
