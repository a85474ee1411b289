//! Charges in memory: the reference that other cost sources are held against.

use std::sync::Arc;

use async_trait::async_trait;
use finops_domain::charge::{Charge, SpendAnswer, SpendQuery, grouping};
use finops_domain::ports::{CostSource, PortResult};
use finops_domain::snapshot::SourceInfo;

/// A cost source over charges that are already there.
#[derive(Clone, Debug)]
pub struct MemoryCostSource {
    charges: Arc<Vec<Charge>>,
    info: SourceInfo,
}

impl MemoryCostSource {
    /// A source of these charges that says of itself what `info` says.
    pub fn new(charges: impl Into<Arc<Vec<Charge>>>, info: SourceInfo) -> Self {
        Self { charges: charges.into(), info }
    }

    /// The charges, as they were given.
    pub fn charges(&self) -> &[Charge] {
        &self.charges
    }
}

#[async_trait]
impl CostSource for MemoryCostSource {
    fn info(&self) -> SourceInfo {
        self.info.clone()
    }

    async fn spend(&self, queries: &[SpendQuery]) -> PortResult<SpendAnswer> {
        Ok(grouping::answer(&self.charges, queries, self.info.format.as_deref().unwrap_or("memory")))
    }
}

#[cfg(test)]
mod tests;
