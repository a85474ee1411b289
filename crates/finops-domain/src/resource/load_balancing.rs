//! Load balancers of all four kinds.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A load balancer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadBalancerDetails {
    /// `application`, `network`, `gateway`, `classic`.
    pub balancer_type: Arc<str>,
    /// `active`, …; classic ones have none.
    pub state: Option<Arc<str>>,
    /// `internet-facing` or `internal`.
    pub scheme: Option<Arc<str>>,
    /// How many target groups it leads to; classic ones have none.
    pub target_groups: u32,
    /// Targets, or instances of a classic one, healthy or not; `None` where that could not be read.
    pub targets: Option<u32>,
    /// Of those, how many are healthy; `None` where that could not be read or for a classic one.
    pub healthy_targets: Option<u32>,
}
