//! Amazon Managed Streaming for Apache Kafka. No quota is published.

crate::operations! {
    "Kafka", "kafka";
    /// Clusters, provisioned and serverless.
    LIST_CLUSTERS_V2 = "ListClustersV2";
}
