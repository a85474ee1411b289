//! AWS Transfer Family. No quota is published.

crate::operations! {
    "Transfer", "transfer";
    /// Servers.
    LIST_SERVERS = "ListServers";
    /// Protocols of a server.
    DESCRIBE_SERVER = "DescribeServer";
}
