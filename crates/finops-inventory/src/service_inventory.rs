//! The services' own APIs as an inventory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use finops_aws::operation::Operation;
use finops_aws::session::Session;
use finops_domain::ports::{Collected, PortError, PortErrorKind, PortResult, ResourceInventory};
use finops_domain::resource::Resource;
use finops_domain::scope::{Cell, InventoryService};
use futures::future::join_all;

use crate::listers;

/// What the services themselves say of their resources.
#[derive(Clone)]
pub struct ServiceInventory {
    session: Arc<Session>,
    /// Only these services, by the catalog's names; all where that is `None`.
    only: Option<Vec<String>>,
}

impl ServiceInventory {
    /// An inventory of these services, or of all that there are listers for.
    pub fn new(session: Arc<Session>, only: Option<Vec<String>>) -> Self {
        Self { session, only }
    }

    /// Services that there are listers for, sorted, with what asking each may call.
    pub fn known_services() -> BTreeMap<&'static str, Vec<&'static Operation>> {
        let mut services: BTreeMap<&'static str, Vec<&'static Operation>> = BTreeMap::new();
        for lister in listers::all() {
            services.entry(lister.service).or_default().extend(lister.operations);
        }
        services
    }

    /// Those of them that one region answers for.
    pub fn global_services() -> BTreeSet<&'static str> {
        listers::all().filter(|lister| lister.is_global).map(|lister| lister.service).collect()
    }

    fn includes(&self, service: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|wanted| wanted == service))
    }
}

impl fmt::Debug for ServiceInventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceInventory").field("only", &self.only).finish_non_exhaustive()
    }
}

#[async_trait]
impl ResourceInventory for ServiceInventory {
    fn name(&self) -> &'static str {
        "services"
    }

    fn services(&self) -> Vec<InventoryService> {
        let wanted = listers::all().filter(|lister| self.includes(lister.service));
        let mut services: Vec<InventoryService> =
            wanted.map(|lister| InventoryService { service: lister.service, is_global: lister.is_global }).collect();
        services.sort();
        services.dedup();
        services
    }

    async fn resources(&self, cell: &Cell) -> PortResult<Collected<Vec<Resource>>> {
        if !self.session.reaches(&cell.sub_account_id) {
            let mut error = PortError::new(PortErrorKind::Denied, "sts:AssumeRole", cell.to_string());
            error.remedy = Some("name a role that every account has: `--role-name NAME`".to_owned());
            return Err(error.with_source("no role is given to reach another account by"));
        }
        let place = self.session.place(&cell.sub_account_id, &cell.region_id).await;
        let of_cell = listers::all().filter(|lister| lister.service == &*cell.service);
        let answers = join_all(of_cell.map(|lister| (lister.list)(&place))).await;
        let (mut resources, mut gaps) = (Vec::new(), Vec::new());
        for answer in answers {
            resources.extend(answer.resources);
            gaps.extend(answer.gaps);
        }
        resources.sort_by(|a, b| (&a.kind, &a.resource_id).cmp(&(&b.kind, &b.resource_id)));
        gaps.sort();
        gaps.dedup();
        Ok(Collected { value: resources, gaps })
    }
}
