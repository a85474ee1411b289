//! ElastiCache clusters.

use finops_aws::client;
use finops_aws::operations::databases::elasticache::DESCRIBE_CACHE_CLUSTERS;
use finops_aws::place::Place;
use finops_domain::resource::databases::CacheClusterDetails;

use crate::lister::{Listed, count, described, text, timestamp};

/// Greatest page: <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheClusters.html>.
const PAGE_SIZE: i32 = 100;

pub(super) async fn clusters(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_elasticache, place).describe_cache_clusters().max_records(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&DESCRIBE_CACHE_CLUSTERS, place, pages, |page, resources| {
            for cluster in page.cache_clusters() {
                let Some(arn) = cluster.arn() else { continue };
                let details = CacheClusterDetails {
                    node_type: text(cluster.cache_node_type()).unwrap_or_default(),
                    nodes: count(cluster.num_cache_nodes()).unwrap_or_default(),
                    engine: text(cluster.engine()).unwrap_or_default(),
                    engine_version: text(cluster.engine_version()),
                    status: text(cluster.cache_cluster_status()).unwrap_or_default(),
                    replication_group_id: text(cluster.replication_group_id()),
                };
                let mut resource = described(place, arn, "elasticache:cluster", details);
                resource.name = text(cluster.cache_cluster_id());
                resource.created_at = cluster.cache_cluster_create_time().and_then(timestamp);
                resources.push(resource);
            }
        })
        .await;
    listed
}
