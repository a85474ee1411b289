//! MSK clusters and Amazon MQ brokers.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_kafka::types::Cluster;
use aws_sdk_mq::types::BrokerSummary;
use finops_aws::client;
use finops_aws::operations::kafka::LIST_CLUSTERS_V2;
use finops_aws::operations::mq::LIST_BROKERS;
use finops_aws::place::Place;
use finops_domain::resource::Resource;
use finops_domain::resource::streams::{MqBrokerDetails, MskClusterDetails};

use crate::lister::{Listed, count, described, tag, text, timestamp};

/// Clusters and brokers of a page, at most.
///
/// Source: <https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html>, and
/// <https://docs.aws.amazon.com/MSK/2.0/APIReference/v2-clusters.html>, not confirmed here.
const PAGE_SIZE: i32 = 100;

pub(super) async fn clusters(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_kafka, place).list_clusters_v2().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&LIST_CLUSTERS_V2, place, pages, |page, resources| {
            resources.extend(page.cluster_info_list().iter().filter_map(|cluster| cluster_of(place, cluster)));
        })
        .await;
    listed
}

fn cluster_of(place: &Place, cluster: &Cluster) -> Option<Resource> {
    let arn = cluster.cluster_arn()?;
    let mut resource = described(place, arn, "kafka:cluster", cluster_details(cluster)?);
    resource.name = text(cluster.cluster_name());
    resource.created_at = cluster.creation_time().and_then(timestamp);
    let pairs = cluster.tags().into_iter().flatten();
    let tags: BTreeMap<Arc<str>, Arc<str>> = pairs.map(|(key, value)| (key.as_str().into(), value.as_str().into())).collect();
    tag(&mut resource, tags);
    Some(resource)
}

/// What it is made of; `None` for one that is going or never came.
fn cluster_details(cluster: &Cluster) -> Option<MskClusterDetails> {
    let state = text(cluster.state().map(aws_sdk_kafka::types::ClusterState::as_str)).unwrap_or_default();
    if matches!(&*state, "DELETING" | "FAILED") {
        return None;
    }
    let provisioned = cluster.provisioned();
    let group = provisioned.and_then(|of| of.broker_node_group_info());
    let storage = group.and_then(|group| group.storage_info()?.ebs_storage_info());
    let throughput = storage.and_then(|storage| storage.provisioned_throughput()).filter(|of| of.enabled().unwrap_or(false));
    Some(MskClusterDetails {
        cluster_type: text(cluster.cluster_type().map(aws_sdk_kafka::types::ClusterType::as_str)).unwrap_or_default(),
        state,
        broker_type: text(group.and_then(|group| group.instance_type())),
        brokers: count(provisioned.and_then(aws_sdk_kafka::types::Provisioned::number_of_broker_nodes)),
        storage_gib_per_broker: count(storage.and_then(aws_sdk_kafka::types::EbsStorageInfo::volume_size)),
        storage_throughput_mibps: count(throughput.and_then(aws_sdk_kafka::types::ProvisionedThroughput::volume_throughput)),
        storage_mode: text(provisioned.and_then(|of| of.storage_mode()).map(aws_sdk_kafka::types::StorageMode::as_str)),
        kafka_version: text(provisioned.and_then(|of| of.current_broker_software_info()?.kafka_version())),
        enhanced_monitoring: text(
            provisioned.and_then(|of| of.enhanced_monitoring()).map(aws_sdk_kafka::types::EnhancedMonitoring::as_str),
        ),
    })
}

pub(super) async fn brokers(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_mq, place).list_brokers().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&LIST_BROKERS, place, pages, |page, resources| {
            resources.extend(page.broker_summaries().iter().filter_map(|broker| broker_of(place, broker)));
        })
        .await;
    listed
}

fn broker_of(place: &Place, broker: &BrokerSummary) -> Option<Resource> {
    let arn = broker.broker_arn()?;
    let state = text(broker.broker_state().map(aws_sdk_mq::types::BrokerState::as_str)).unwrap_or_default();
    if matches!(&*state, "DELETION_IN_PROGRESS" | "CREATION_FAILED") {
        return None;
    }
    let details = MqBrokerDetails {
        // The API writes it as `ActiveMQ` too.
        engine: broker.engine_type().map(|engine| engine.as_str().to_ascii_uppercase().into()).unwrap_or_default(),
        instance_type: text(broker.host_instance_type()).unwrap_or_default(),
        deployment_mode: text(broker.deployment_mode().map(aws_sdk_mq::types::DeploymentMode::as_str)).unwrap_or_default(),
        state,
    };
    let mut resource = described(place, arn, "mq:broker", details);
    resource.name = text(broker.broker_name());
    resource.created_at = broker.created().and_then(timestamp);
    Some(resource)
}

#[cfg(test)]
mod tests {
    use aws_sdk_kafka::types::{
        BrokerNodeGroupInfo, ClusterState, ClusterType, EbsStorageInfo, Provisioned, ProvisionedThroughput, StorageInfo,
    };

    use super::*;

    fn cluster(state: ClusterState) -> Cluster {
        let throughput = ProvisionedThroughput::builder().enabled(false).volume_throughput(250).build();
        let storage = EbsStorageInfo::builder().volume_size(500).provisioned_throughput(throughput).build();
        let group = BrokerNodeGroupInfo::builder()
            .instance_type("kafka.m5.large")
            .storage_info(StorageInfo::builder().ebs_storage_info(storage).build())
            .build();
        let provisioned = Provisioned::builder().number_of_broker_nodes(3).broker_node_group_info(group).build();
        Cluster::builder().cluster_type(ClusterType::Provisioned).state(state).provisioned(provisioned).build()
    }

    #[test]
    fn a_cluster_is_its_brokers_and_their_storage() {
        let expected = MskClusterDetails {
            cluster_type: "PROVISIONED".into(),
            state: "ACTIVE".into(),
            broker_type: Some("kafka.m5.large".into()),
            brokers: Some(3),
            storage_gib_per_broker: Some(500),
            ..MskClusterDetails::default()
        };
        assert_eq!(cluster_details(&cluster(ClusterState::Active)), Some(expected));
        assert_eq!(cluster_details(&cluster(ClusterState::Deleting)), None);
    }

    #[test]
    fn a_serverless_cluster_has_no_brokers() {
        let serverless = Cluster::builder().cluster_type(ClusterType::Serverless).state(ClusterState::Active).build();
        let details = cluster_details(&serverless).expect("details");
        assert_eq!((&*details.cluster_type, details.brokers, details.broker_type), ("SERVERLESS", None, None));
    }
}
