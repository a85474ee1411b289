//! An API operation: what it is called on the wire and in policies, what a call costs, how often it may be called, and how long
//! its answer stays true.

use std::time::Duration;

use finops_resilience::Quota;
use rust_decimal::Decimal;

/// An API operation that this program may call. What is in no table of [`mod@crate::operations`] is never sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// The SDK's id of the service: `Cost Explorer`.
    pub service: &'static str,
    /// The operation's name: `GetCostAndUsage`.
    pub name: &'static str,
    /// The action that a policy has to allow: `ce:GetCostAndUsage`. What we call the operation everywhere.
    pub action: &'static str,
    /// Price of a call in millionths of a dollar; of most operations nothing.
    pub price_micro_usd: u32,
    /// How often it may be called, in an account and a region.
    pub quota: Quota,
    /// Seconds for which an answer may be given again; 0 for never.
    pub ttl_seconds: u32,
    /// Whether it writes: only our own report, cache and metrics are written, and only where the user asks for them.
    pub is_write: bool,
}

impl Operation {
    /// What is assumed where AWS publishes no quota: slow enough not to disturb, quick enough to end.
    pub const UNPUBLISHED: Quota = Quota { per_second: 10.0, burst: 20.0 };

    /// A free operation without a published quota, whose answers are kept for ten minutes.
    pub const fn free(service: &'static str, name: &'static str, action: &'static str) -> Self {
        Self { service, name, action, price_micro_usd: 0, quota: Self::UNPUBLISHED, ttl_seconds: 600, is_write: false }
    }

    /// The same with AWS's published quota.
    #[must_use]
    pub const fn quota(mut self, per_second: f64, burst: f64) -> Self {
        self.quota = Quota { per_second, burst };
        self
    }

    /// The same with a price for each call, in millionths of a dollar.
    #[must_use]
    pub const fn price(mut self, micro_usd: u32) -> Self {
        self.price_micro_usd = micro_usd;
        self
    }

    /// The same with another time to keep answers, in seconds; 0 for never.
    #[must_use]
    pub const fn ttl(mut self, seconds: u32) -> Self {
        self.ttl_seconds = seconds;
        self
    }

    /// The same as one that writes, whose answer is of one time only.
    #[must_use]
    pub const fn writes(mut self) -> Self {
        self.is_write = true;
        self.ttl_seconds = 0;
        self
    }

    /// Price of a call, USD.
    pub fn price_usd(&self) -> Decimal {
        Decimal::new(i64::from(self.price_micro_usd), 6)
    }

    /// For how long an answer may be given again; `None` for never.
    pub fn time_to_live(&self) -> Option<Duration> {
        (self.ttl_seconds > 0).then(|| Duration::from_secs(u64::from(self.ttl_seconds)))
    }
}

/// Operations of one service as constants, and `ALL` of them.
///
/// ```
/// finops_aws::operations! {
///     "EC2", "ec2";
///     /// Volumes.
///     DESCRIBE_VOLUMES = "DescribeVolumes";
///     /// A region's own settings hardly change.
///     DESCRIBE_REGIONS = "DescribeRegions", |operation| operation.ttl(86_400);
/// }
/// assert_eq!(DESCRIBE_VOLUMES.action, "ec2:DescribeVolumes");
/// assert_eq!(ALL.len(), 2);
/// ```
#[macro_export]
macro_rules! operations {
    ($service:literal, $prefix:literal; $($(#[$doc:meta])* $name:ident = $operation:literal $(, $($(action $action:literal)? $(|$base:ident| $with:expr)?),+)?;)*) => {
        $(
            $(#[$doc])*
            pub const $name: $crate::operation::Operation = {
                #[allow(unused_mut, unused_assignments)]
                let mut action = concat!($prefix, ":", $operation);
                $($($(action = $action;)?)+)?
                let operation = $crate::operation::Operation::free($service, $operation, action);
                $($($(let operation = { let $base = operation; $with };)?)+)?
                operation
            };
        )*
        /// All of them.
        pub const ALL: &[$crate::operation::Operation] = &[$($name),*];
    };
}
