//! The demonstration account behind the ports.

use async_trait::async_trait;
use finops_domain::charge::{SpendAnswer, SpendQuery};
use finops_domain::ports::{CostSource, PortResult, ResourceInventory};
use finops_domain::resource::Resource;
use finops_domain::snapshot::{SourceInfo, SourceKind};
use finops_domain::utilization::UtilizationSeries;

use super::{DemoAccount, PlantedCase, account};
use crate::MemoryCostSource;

/// A cost source and an inventory that say of themselves that they are a demonstration.
#[derive(Clone, Debug)]
pub struct DemoSource {
    costs: MemoryCostSource,
    resources: Vec<Resource>,
    utilization: Vec<UtilizationSeries>,
    truth: Vec<PlantedCase>,
}

impl DemoSource {
    /// Makes the account and puts it behind the ports.
    pub fn new() -> Self {
        let DemoAccount { charges, resources, utilization, truth } = account();
        let info = SourceInfo {
            kind: SourceKind::Demo,
            location: "demo".to_owned(),
            format: Some("demonstration data".to_owned()),
            as_of: charges.iter().map(|charge| charge.charge_period.end).max(),
        };
        Self { costs: MemoryCostSource::new(charges, info), resources, utilization, truth }
    }

    /// What the checks are to find.
    pub fn truth(&self) -> &[PlantedCase] {
        &self.truth
    }
}

impl Default for DemoSource {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl CostSource for DemoSource {
    fn info(&self) -> SourceInfo {
        self.costs.info()
    }

    async fn spend(&self, queries: &[SpendQuery]) -> PortResult<SpendAnswer> {
        self.costs.spend(queries).await
    }
}

#[async_trait]
impl ResourceInventory for DemoSource {
    async fn resources(&self) -> PortResult<Vec<Resource>> {
        Ok(self.resources.clone())
    }

    async fn utilization(&self) -> PortResult<Vec<UtilizationSeries>> {
        Ok(self.utilization.clone())
    }
}
