//! Amazon Simple Queue Service.
//!
//! No quota of these actions is published. Every call is a request of 0.0000004 USD beyond a million a month, which is here
//! rounded up to a millionth. Source: <https://aws.amazon.com/sqs/pricing/>, not confirmed here.

crate::operations! {
    "SQS", "sqs";
    /// Addresses of the queues.
    LIST_QUEUES = "ListQueues", |operation| operation.price(1);
    /// Settings and length of a queue.
    GET_QUEUE_ATTRIBUTES = "GetQueueAttributes", |operation| operation.price(1);
}
