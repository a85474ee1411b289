//! Amazon MQ. No quota is published.

crate::operations! {
    "mq", "mq";
    /// Brokers.
    LIST_BROKERS = "ListBrokers";
}
