//! Coverage: what was looked at, and what was not and why.

use serde::{Deserialize, Serialize};

use crate::id::{RegionId, SubAccountId};

/// How far a cell was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageStatus {
    /// All of it.
    Complete,
    /// Some of it; the reason says what is missing.
    Partial,
    /// The source refused.
    Denied,
    /// The source asked to slow down until time was up.
    Throttled,
    /// The feature is not switched on.
    NotEnabled,
    /// The source failed.
    Failed,
}

/// Coverage of one cell: an account, a region, a service. `None` means all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoverageCell {
    /// The account.
    #[serde(rename = "account")]
    pub sub_account_id: Option<SubAccountId>,
    /// The region.
    #[serde(rename = "region")]
    pub region_id: Option<RegionId>,
    /// The service, or the source that was read: `bill`.
    pub service: String,
    /// How far.
    pub status: CoverageStatus,
    /// Why not all of it.
    pub reason: Option<String>,
    /// What the user can do.
    pub remedy: Option<String>,
}
