//! What a run looks at: accounts, regions, and the cells that they are read by.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{RegionId, SubAccountId};

/// An AWS partition: a set of regions with accounts and credentials of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Partition {
    /// All regions but those below.
    #[default]
    #[serde(rename = "aws")]
    Aws,
    /// China.
    #[serde(rename = "aws-cn")]
    AwsCn,
    /// GovCloud (US).
    #[serde(rename = "aws-us-gov")]
    AwsUsGov,
}

impl Partition {
    /// As ARNs write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
        }
    }

    /// The partition that a region belongs to.
    ///
    /// ```
    /// use finops_domain::scope::Partition;
    /// assert_eq!(Partition::of_region("cn-north-1"), Partition::AwsCn);
    /// ```
    pub fn of_region(region_id: &str) -> Self {
        if region_id.starts_with("cn-") {
            Self::AwsCn
        } else if region_id.starts_with("us-gov-") {
            Self::AwsUsGov
        } else {
            Self::Aws
        }
    }

    /// The region whose endpoints answer for global services.
    ///
    /// Source: <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html>.
    pub const fn global_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::AwsCn => "cn-northwest-1",
            Self::AwsUsGov => "us-gov-west-1",
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An account, and what its organization calls it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// The id.
    pub sub_account_id: SubAccountId,
    /// The name.
    pub name: Option<Arc<str>>,
    /// Names of the organizational units that it is in, from the root's: `Workloads/Prod`.
    pub organizational_unit: Option<Arc<str>>,
}

/// What is read, and can fail, alone: a service of an account in a region. A global service is read in the partition's
/// [`Partition::global_region`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// The account.
    pub sub_account_id: SubAccountId,
    /// The region.
    pub region_id: RegionId,
    /// The service as our catalog names it: `ec2`.
    pub service: Arc<str>,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}, {}", self.service, self.sub_account_id, self.region_id)
    }
}

/// A part of an inventory that is asked for by cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InventoryService {
    /// The service as our catalog names it, or the inventory's own name.
    pub service: &'static str,
    /// Whether one region answers for all.
    pub is_global: bool,
}
