//! Amazon S3.
//!
//! No quota of these actions is published. Requests cost money, little: a LIST 0.000005 USD and most others 0.0000004 USD in
//! us-east-1, which is here rounded up to a millionth. Source: <https://aws.amazon.com/s3/pricing/>, not confirmed here.

crate::operations! {
    "S3", "s3";
    /// Buckets of all regions.
    LIST_BUCKETS = "ListBuckets", action "s3:ListAllMyBuckets", |operation| operation.price(5);
    /// Region of a bucket, where the list does not say it.
    GET_BUCKET_LOCATION = "GetBucketLocation", |operation| operation.price(1).ttl(86_400);
    /// Lifecycle rules of a bucket.
    GET_BUCKET_LIFECYCLE_CONFIGURATION = "GetBucketLifecycleConfiguration", action "s3:GetLifecycleConfiguration", |operation| operation.price(1);
    /// Whether a bucket keeps old versions.
    GET_BUCKET_VERSIONING = "GetBucketVersioning", |operation| operation.price(1);
    /// Which objects of a bucket Intelligent-Tiering may move to its archive tiers.
    LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS = "ListBucketIntelligentTieringConfigurations", action "s3:GetIntelligentTieringConfiguration", |operation| operation.price(1);
    /// Multipart uploads that were not completed.
    LIST_MULTIPART_UPLOADS = "ListMultipartUploads", action "s3:ListBucketMultipartUploads", |operation| operation.price(5);
}
