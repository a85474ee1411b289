//! RDS: one API for RDS, Aurora, DocumentDB and Neptune.

use aws_sdk_rds::types::{DbCluster, DbInstance, Tag};
use finops_aws::client;
use finops_aws::operations::databases::rds::{
    DESCRIBE_DB_CLUSTER_SNAPSHOTS, DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES, DESCRIBE_DB_SNAPSHOTS,
};
use finops_aws::place::Place;
use finops_domain::resource::Resource;
use finops_domain::resource::databases::{DbClusterDetails, DbInstanceDetails, DbSnapshotDetails};

use crate::lister::{Listed, count, described, tag, tags, text, timestamp};

/// Greatest page of all these lists: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html>.
const PAGE_SIZE: i32 = 100;

pub(super) async fn instances(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_rds, place).describe_db_instances().max_records(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_DB_INSTANCES, place, pages, |page, resources| {
            resources.extend(page.db_instances().iter().filter_map(|instance| instance_of(place, instance)));
        })
        .await;
    listed
}

fn instance_of(place: &Place, instance: &DbInstance) -> Option<Resource> {
    let arn = instance.db_instance_arn()?;
    let status = text(instance.db_instance_status()).unwrap_or_default();
    if &*status == "deleting" {
        return None;
    }
    let details = DbInstanceDetails {
        class: text(instance.db_instance_class()).unwrap_or_default(),
        engine: text(instance.engine()).unwrap_or_default(),
        engine_version: text(instance.engine_version()),
        license_model: text(instance.license_model()),
        status,
        is_multi_az: instance.multi_az().unwrap_or(false),
        storage_type: text(instance.storage_type()),
        allocated_gib: count(instance.allocated_storage()),
        max_allocated_gib: count(instance.max_allocated_storage()),
        iops: count(instance.iops()),
        throughput_mibps: count(instance.storage_throughput()),
        cluster_id: text(instance.db_cluster_identifier()),
        replica_of: text(instance.read_replica_source_db_instance_identifier()),
        backup_retention_days: count(instance.backup_retention_period()),
        engine_lifecycle_support: text(instance.engine_lifecycle_support()),
    };
    let mut resource = described(place, arn, "rds:db", details);
    resource.name = text(instance.db_instance_identifier());
    resource.created_at = instance.instance_create_time().and_then(timestamp);
    tag_from(&mut resource, instance.tag_list());
    Some(resource)
}

fn tag_from(resource: &mut Resource, pairs: &[Tag]) {
    tag(resource, tags(pairs.iter().map(|pair| (pair.key(), pair.value()))));
}

pub(super) async fn clusters(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_rds, place).describe_db_clusters().max_records(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_DB_CLUSTERS, place, pages, |page, resources| {
            resources.extend(page.db_clusters().iter().filter_map(|cluster| cluster_of(place, cluster)));
        })
        .await;
    listed
}

fn cluster_of(place: &Place, cluster: &DbCluster) -> Option<Resource> {
    let arn = cluster.db_cluster_arn()?;
    let details = DbClusterDetails {
        engine: text(cluster.engine()).unwrap_or_default(),
        engine_version: text(cluster.engine_version()),
        engine_mode: text(cluster.engine_mode()),
        status: text(cluster.status()).unwrap_or_default(),
        storage_type: text(cluster.storage_type()),
        members: u32::try_from(cluster.db_cluster_members().len()).unwrap_or(u32::MAX),
        backup_retention_days: count(cluster.backup_retention_period()),
    };
    let mut resource = described(place, arn, "rds:cluster", details);
    resource.name = text(cluster.db_cluster_identifier());
    resource.created_at = cluster.cluster_create_time().and_then(timestamp);
    tag_from(&mut resource, cluster.tag_list());
    Some(resource)
}

/// Those that somebody took: automated ones go with their instance, and their storage is free up to its size.
pub(super) async fn instance_snapshots(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let request = client!(aws_sdk_rds, place).describe_db_snapshots().snapshot_type("manual").max_records(PAGE_SIZE);
    listed
        .pages(&DESCRIBE_DB_SNAPSHOTS, place, request.into_paginator().send(), |page, resources| {
            for snapshot in page.db_snapshots() {
                let Some(arn) = snapshot.db_snapshot_arn() else { continue };
                let details = DbSnapshotDetails {
                    source_id: text(snapshot.db_instance_identifier()),
                    engine: text(snapshot.engine()),
                    allocated_gib: count(snapshot.allocated_storage()),
                    snapshot_type: text(snapshot.snapshot_type()),
                    status: text(snapshot.status()).unwrap_or_default(),
                };
                let mut resource = described(place, arn, "rds:snapshot", details);
                resource.name = text(snapshot.db_snapshot_identifier());
                resource.created_at = snapshot.snapshot_create_time().and_then(timestamp);
                tag_from(&mut resource, snapshot.tag_list());
                resources.push(resource);
            }
        })
        .await;
    listed
}

pub(super) async fn cluster_snapshots(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let request = client!(aws_sdk_rds, place).describe_db_cluster_snapshots().snapshot_type("manual").max_records(PAGE_SIZE);
    listed
        .pages(&DESCRIBE_DB_CLUSTER_SNAPSHOTS, place, request.into_paginator().send(), |page, resources| {
            for snapshot in page.db_cluster_snapshots() {
                let Some(arn) = snapshot.db_cluster_snapshot_arn() else { continue };
                let details = DbSnapshotDetails {
                    source_id: text(snapshot.db_cluster_identifier()),
                    engine: text(snapshot.engine()),
                    allocated_gib: count(snapshot.allocated_storage()),
                    snapshot_type: text(snapshot.snapshot_type()),
                    status: text(snapshot.status()).unwrap_or_default(),
                };
                let mut resource = described(place, arn, "rds:cluster-snapshot", details);
                resource.name = text(snapshot.db_cluster_snapshot_identifier());
                resource.created_at = snapshot.snapshot_create_time().and_then(timestamp);
                tag_from(&mut resource, snapshot.tag_list());
                resources.push(resource);
            }
        })
        .await;
    listed
}
