//! Amazon SQS.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A queue. Attributes that could not be read are `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueDetails {
    /// Whether it keeps the order of messages, which costs more.
    pub is_fifo: bool,
    /// Messages that wait, about.
    pub messages: Option<u64>,
    /// Messages that a consumer has at the moment, about.
    pub messages_in_flight: Option<u64>,
    /// Messages that wait for their time, about.
    pub messages_delayed: Option<u64>,
    /// Seconds that a message is kept.
    pub retention_seconds: Option<u32>,
    /// Seconds that a poll waits for a message; at 0 a poll of an empty queue is billed at once, and again.
    pub poll_wait_seconds: Option<u32>,
    /// Seconds that a message is hidden from others while one has it.
    pub visibility_timeout_seconds: Option<u32>,
    /// The queue that gets what could not be handled.
    pub dead_letter_queue_arn: Option<Arc<str>>,
    /// When its settings were last changed.
    pub modified_at: Option<Timestamp>,
}
