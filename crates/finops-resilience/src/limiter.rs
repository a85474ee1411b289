//! Rate limits: how often each operation may be asked, from its published quota, giving way when throttled.

mod bucket;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use self::bucket::{Allowance, Bucket};

/// What a service publishes that it takes from one account: a token bucket, as EC2 documents its own
/// (<https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// Requests a second, for as long as one likes.
    pub per_second: f64,
    /// Requests at once, after a rest; the size of the bucket.
    pub burst: f64,
}

/// A token bucket for each key, such as `aws/123456789012/eu-west-1/ec2/DescribeVolumes`.
///
/// Additive increase, multiplicative decrease: a throttled answer halves the rate of its key, down to a sixteenth, and
/// successes bring it back, a twentieth of the whole rate for each second of them.
pub struct RateLimits {
    share: f64,
    started: Instant,
    queues: Mutex<HashMap<Arc<str>, Arc<Queue>>>,
}

struct Queue {
    /// Held by whoever is first in the queue. Tokio's mutex serves in the order of asking.
    turn: tokio::sync::Mutex<()>,
    bucket: Mutex<Bucket>,
    /// Tells whoever is first that the next token comes sooner than it was told.
    faster: tokio::sync::Notify,
}

impl Queue {
    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RateLimits {
    /// Limits that take at most this share of a quota, such as 0.5, so that the rest is left to the account's own
    /// workloads. The share is brought into 0.01 to 1.
    pub fn new(share: f64) -> Self {
        Self { share: bucket::within(share, 0.01, 1.0), started: Instant::now(), queues: Mutex::default() }
    }

    /// Waits until one more request may be sent.
    ///
    /// First come, first served, for each key by itself. A future that is dropped before it is done has taken nothing.
    /// A quota that differs from the key's last one replaces it and keeps how far the key is slowed down. A bucket holds
    /// at least one token and gets one at least every 100 s, however small the quota or its share.
    pub async fn acquire(&self, key: &str, quota: Quota) {
        let allowance = Allowance::of(quota, self.share);
        let queue = self.queue(key, allowance);
        let _turn = queue.turn.lock().await;
        loop {
            let taken = {
                let mut bucket = queue.bucket();
                let now = self.now();
                bucket.allow(allowance, now);
                bucket.take(now)
            };
            match taken {
                Ok(()) => return,
                // Asks again in any case: a throttled answer may have come meanwhile.
                Err(wait) => drop(tokio::time::timeout(wait, queue.faster.notified()).await),
            }
        }
    }

    /// A request of this key was throttled: the rate halves, what was saved up for a burst is lost, and nothing is sent
    /// until `retry_after` is over, of which five minutes are believed.
    ///
    /// More of this within a second changes the pause only: they answer requests that were sent at the old rate. For a
    /// key that was never acquired it does nothing.
    pub fn throttled(&self, key: &str, retry_after: Option<Duration>) {
        if let Some(queue) = self.known_queue(key) {
            let mut bucket = queue.bucket();
            bucket.throttled(self.now(), retry_after.unwrap_or_default());
            tracing::debug!(key, per_second = bucket.per_second(), ?retry_after, "slowed down");
        }
    }

    /// A request of this key was answered without being throttled: the rate rises, up to the share of the quota.
    pub fn succeeded(&self, key: &str) {
        if let Some(queue) = self.known_queue(key) {
            let mut bucket = queue.bucket();
            let before = bucket.per_second();
            bucket.succeeded(self.now());
            if bucket.per_second() > before {
                queue.faster.notify_one();
            }
        }
    }

    /// How many requests a second a key may send at present; `None` for a key that was never acquired.
    pub fn per_second(&self, key: &str) -> Option<f64> {
        self.known_queue(key).map(|queue| queue.bucket().per_second())
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<Queue>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_queue(&self, key: &str) -> Option<Arc<Queue>> {
        self.queues().get(key).cloned()
    }

    fn queue(&self, key: &str, allowance: Allowance) -> Arc<Queue> {
        let mut queues = self.queues();
        if let Some(queue) = queues.get(key) {
            return Arc::clone(queue);
        }
        let bucket = Mutex::new(Bucket::full(allowance, self.now()));
        let queue = Arc::new(Queue { turn: tokio::sync::Mutex::new(()), bucket, faster: tokio::sync::Notify::new() });
        queues.insert(key.into(), Arc::clone(&queue));
        queue
    }
}

impl fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimits").field("share", &self.share).field("keys", &self.queues().len()).finish_non_exhaustive()
    }
}
