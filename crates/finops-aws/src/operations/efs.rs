//! Amazon Elastic File System. No quota is published.

crate::operations! {
    "EFS", "elasticfilesystem";
    /// File systems, with their size in each class.
    DESCRIBE_FILE_SYSTEMS = "DescribeFileSystems";
    /// When files of a file system move to a cheaper class.
    DESCRIBE_LIFECYCLE_CONFIGURATION = "DescribeLifecycleConfiguration";
}
