//! Resources: what exists in an account, beside what it costs.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{RegionId, ResourceId, ResourceKind, SubAccountId};

/// A resource as an inventory saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its ARN, or its id where it has none.
    pub resource_id: ResourceId,
    /// What it is: `ec2:volume`.
    pub kind: ResourceKind,
    /// Whose it is.
    pub sub_account_id: SubAccountId,
    /// Where it is; `None` for a global one.
    pub region_id: Option<RegionId>,
    /// Its name, from the Name tag or its own.
    pub name: Option<Arc<str>>,
    /// When it was made, where the inventory says so.
    pub created_at: Option<Timestamp>,
    /// Configuration by the name that the API uses: `VolumeType` = `gp2`.
    pub configuration: BTreeMap<Arc<str>, Arc<str>>,
    /// Its tags.
    pub tags: BTreeMap<Arc<str>, Arc<str>>,
}
