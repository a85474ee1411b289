//! All three tools as one source of advice.

use std::sync::Arc;

use async_trait::async_trait;
use finops_aws::session::Session;
use finops_domain::advice::NativeAdvice;
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::ports::{Collected, NativeAdviceSource, PortError, PortErrorKind, PortResult};
use futures::future::{join_all, join3};

use crate::collect::Heard;
use crate::{compute_optimizer, cost_optimization_hub, trusted_advisor};

/// Cost Optimization Hub, Compute Optimizer and Trusted Advisor.
///
/// Each account is asked by itself, also where ours manages the organization and could ask for all: a member may have switched a tool
/// on alone, and what is asked twice is answered from the cache.
#[derive(Clone, Debug)]
pub struct AwsAdvice {
    session: Arc<Session>,
}

impl AwsAdvice {
    /// The tools of the accounts that a session reaches.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

#[async_trait]
impl NativeAdviceSource for AwsAdvice {
    async fn advice(&self, account: &SubAccountId, regions: &[RegionId]) -> PortResult<Collected<Vec<NativeAdvice>>> {
        if !self.session.reaches(account) {
            let error = PortError::new(PortErrorKind::Denied, "sts:AssumeRole", account.to_string());
            return Err(error.with_source("no role is given to reach another account by"));
        }
        let home = self.session.place(account, &RegionId::from(self.session.partition().global_region())).await;
        let places = join_all(regions.iter().map(|region| self.session.place(account, region))).await;
        let (hub, optimizer, advisor) =
            join3(cost_optimization_hub::hear(&home), compute_optimizer::hear(&places), trusted_advisor::hear(&home)).await;
        let mut heard = Heard::default();
        for one in [hub, optimizer, advisor] {
            heard.extend(one);
        }
        let Heard { mut advice, mut gaps } = heard;
        let is_wanted = |region: &RegionId| regions.contains(region);
        advice.retain(|one| one.resource_id.is_none() || one.region_id.as_ref().is_none_or(is_wanted));
        advice.sort_by(|a, b| (a.source, &a.advice_id).cmp(&(b.source, &b.advice_id)));
        gaps.sort();
        gaps.dedup();
        Ok(Collected { value: advice, gaps })
    }
}
