//! Amazon FSx. No quota is published.

crate::operations! {
    "FSx", "fsx";
    /// File systems of all four kinds.
    DESCRIBE_FILE_SYSTEMS = "DescribeFileSystems";
    /// Backups of file systems and volumes.
    DESCRIBE_BACKUPS = "DescribeBackups";
    /// Volumes of ONTAP and OpenZFS.
    DESCRIBE_VOLUMES = "DescribeVolumes";
}
