//! The demonstration account behind the ports.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use finops_domain::charge::{Charge, SpendAnswer, SpendQuery};
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::period::ChargePeriod;
use finops_domain::ports::{AccountDirectory, Collected, CostSource, PortResult, ResourceInventory, UtilizationSource};
use finops_domain::resource::Resource;
use finops_domain::scope::{Account, Cell, InventoryService};
use finops_domain::snapshot::{SourceInfo, SourceKind};
use finops_domain::utilization::{MissingReason, Observed, UtilizationQuery, UtilizationSeries};

use super::{DemoAccount, PlantedCase, account};
use crate::MemoryCostSource;

/// What the demonstration's inventory is asked for: all that is in a region, and all that is in none.
const REGIONAL: &str = "resources";
const GLOBAL: &str = "global resources";

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

    /// Every charge of the account.
    pub fn charges(&self) -> &[Charge] {
        self.costs.charges()
    }

    /// Every resource of the account.
    pub fn inventory(&self) -> &[Resource] {
        &self.resources
    }

    /// Everything that was measured of them.
    pub fn measurements(&self) -> &[UtilizationSeries] {
        &self.utilization
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
impl AccountDirectory for DemoSource {
    async fn accounts(&self) -> PortResult<Collected<Vec<Account>>> {
        let names: BTreeMap<_, _> =
            self.charges().iter().filter_map(|charge| Some((charge.sub_account_id.clone()?, charge.sub_account_name.clone()))).collect();
        let account = |(sub_account_id, name)| Account { sub_account_id, name, organizational_unit: None };
        Ok(Collected::complete(names.into_iter().map(account).collect()))
    }

    async fn enabled_regions(&self, account: &SubAccountId) -> PortResult<Vec<RegionId>> {
        let of_account = self.resources.iter().filter(|resource| resource.sub_account_id == *account);
        let regions: BTreeSet<RegionId> = of_account.filter_map(|resource| resource.region_id.clone()).collect();
        Ok(regions.into_iter().collect())
    }
}

#[async_trait]
impl ResourceInventory for DemoSource {
    fn name(&self) -> &'static str {
        "inventory"
    }

    fn services(&self) -> Vec<InventoryService> {
        vec![InventoryService { service: REGIONAL, is_global: false }, InventoryService { service: GLOBAL, is_global: true }]
    }

    async fn resources(&self, cell: &Cell) -> PortResult<Collected<Vec<Resource>>> {
        let is_in = |resource: &&Resource| {
            let is_here = match &resource.region_id {
                Some(region_id) => &*cell.service == REGIONAL && *region_id == cell.region_id,
                None => &*cell.service == GLOBAL,
            };
            is_here && resource.sub_account_id == cell.sub_account_id
        };
        Ok(Collected::complete(self.resources.iter().filter(is_in).cloned().collect()))
    }
}

#[async_trait]
impl UtilizationSource for DemoSource {
    async fn utilization(
        &self,
        _account: &SubAccountId,
        _region: &RegionId,
        _period: ChargePeriod,
        queries: &[UtilizationQuery],
    ) -> PortResult<Vec<Observed<UtilizationSeries>>> {
        let name = |series: &UtilizationSeries| (series.resource_id.clone(), series.metric_name.clone(), series.statistic.clone());
        let index: BTreeMap<_, _> = self.utilization.iter().map(|series| (name(series), series)).collect();
        let answer = |query: &UtilizationQuery| match index.get(&(
            query.resource_id.clone(),
            query.metric_name.to_string(),
            query.statistic.to_string(),
        )) {
            Some(series) if series.namespace == *query.namespace => Observed::Value((*series).clone()),
            _ => Observed::Missing(MissingReason::NoData),
        };
        Ok(queries.iter().map(answer).collect())
    }
}
