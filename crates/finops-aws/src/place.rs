//! An account in a region, and the clients that talk to it.

use std::fmt;
use std::sync::Arc;

use aws_types::SdkConfig;
use aws_types::region::Region;
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::scope::Partition;

use crate::label::Labeller;

/// Where a request goes to: an account, with its credentials, in a region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Place {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// The partition of both.
    pub partition: Partition,
    pub(crate) config: Arc<SdkConfig>,
}

impl Place {
    /// The SDK's configuration; use [`crate::client!`], which also labels what it sends.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// What marks every request with where it goes to and which operation it is.
    pub fn labeller(&self) -> Labeller {
        Labeller::new(self.account.clone(), self.region.clone())
    }

    /// The same account in another region of the partition, with the same credentials: a bucket answers where it is.
    #[must_use]
    pub fn in_region(&self, region: RegionId) -> Self {
        let config = self.config.to_builder().region(Region::new(region.to_string())).build();
        Self { account: self.account.clone(), region, partition: self.partition, config: Arc::new(config) }
    }

    /// An ARN of this account and region.
    ///
    /// ```text
    /// place.arn("ec2", "volume/vol-1")  →  arn:aws:ec2:eu-west-1:111122223333:volume/vol-1
    /// ```
    pub fn arn(&self, namespace: &str, resource: &str) -> String {
        format!("arn:{}:{namespace}:{}:{}:{resource}", self.partition, self.region, self.account)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

/// A client of an SDK crate for a place: `client!(aws_sdk_ec2, place)`. What it sends is labelled, and so guarded.
#[macro_export]
macro_rules! client {
    ($sdk:ident, $place:expr) => {
        $sdk::Client::from_conf(
            $sdk::config::Builder::from($place.config()).interceptor($place.labeller()).retry_classifier($crate::classifier()).build(),
        )
    };
}
