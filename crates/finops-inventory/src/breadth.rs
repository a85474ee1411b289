//! Inventories of all services at once: they know what there is, and little else of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_resourceexplorer2::types::IndexType;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::breadth::{explorer, tagging};
use finops_aws::place::Place;
use finops_aws::session::Session;
use finops_domain::catalog::{Arn, Catalog};
use finops_domain::id::RegionId;
use finops_domain::ports::{Collected, PortError, PortErrorKind, PortResult, ResourceInventory};
use finops_domain::resource::{InventoryLayer, Resource};
use finops_domain::scope::{Cell, InventoryService};

use crate::lister::{Listed, tag, tags};

const TAGGING: &str = "resource groups tagging";
const EXPLORER: &str = "resource explorer";

/// A resource of which an ARN is known; `None` for one of a kind that the catalog does not have.
fn seen(place: &Place, arn: &str, layer: InventoryLayer) -> Option<Resource> {
    let parsed = Arn::parse(arn).ok()?;
    let kind = Catalog::embedded().recognize_arn(&parsed)?.kind?;
    let account = parsed.account.filter(|account| account.len() == 12).map_or_else(|| place.account.clone(), Into::into);
    let mut resource = Resource::new(arn, kind.kind, account, parsed.region.map(RegionId::from));
    resource.seen_by.insert(layer);
    Some(resource)
}

/// Resource Groups Tagging: what has or had a tag, of every service at once.
#[derive(Clone)]
pub struct TaggingInventory {
    session: Arc<Session>,
}

impl TaggingInventory {
    /// The inventory of a session.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

impl fmt::Debug for TaggingInventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaggingInventory").finish_non_exhaustive()
    }
}

#[async_trait]
impl ResourceInventory for TaggingInventory {
    fn name(&self) -> &'static str {
        TAGGING
    }

    fn services(&self) -> Vec<InventoryService> {
        vec![InventoryService { service: TAGGING, is_global: false }]
    }

    async fn resources(&self, cell: &Cell) -> PortResult<Collected<Vec<Resource>>> {
        let place = self.session.place(&cell.sub_account_id, &cell.region_id).await;
        let mut listed = Listed::default();
        // The greatest page: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
        let pages = client!(aws_sdk_resourcegroupstagging, place).get_resources().resources_per_page(100).into_paginator().send();
        listed
            .pages(&tagging::GET_RESOURCES, &place, pages, |page, resources| {
                for mapping in page.resource_tag_mapping_list() {
                    let found = mapping.resource_arn().and_then(|arn| seen(&place, arn, InventoryLayer::Tagging));
                    let Some(mut resource) = found else { continue };
                    tag(&mut resource, tags(mapping.tags().iter().map(|tag| (Some(tag.key()), Some(tag.value())))));
                    resources.push(resource);
                }
            })
            .await;
        Ok(listed.into_collected())
    }
}

/// Resource Explorer: what an index of all regions holds, tagged or not.
#[derive(Clone)]
pub struct ExplorerInventory {
    session: Arc<Session>,
}

impl ExplorerInventory {
    /// The inventory of a session.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session }
    }
}

impl fmt::Debug for ExplorerInventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExplorerInventory").finish_non_exhaustive()
    }
}

#[async_trait]
impl ResourceInventory for ExplorerInventory {
    fn name(&self) -> &'static str {
        EXPLORER
    }

    fn services(&self) -> Vec<InventoryService> {
        vec![InventoryService { service: EXPLORER, is_global: true }]
    }

    async fn resources(&self, cell: &Cell) -> PortResult<Collected<Vec<Resource>>> {
        let place = self.session.place(&cell.sub_account_id, &cell.region_id).await;
        let indexes = client!(aws_sdk_resourceexplorer2, place)
            .list_indexes()
            .r#type(IndexType::Aggregator)
            .send()
            .await
            .map_err(|error| port_error(&explorer::LIST_INDEXES, &place, error))?;
        let Some(region) = indexes.indexes().iter().find_map(|index| index.region()) else {
            let mut error = PortError::new(PortErrorKind::NotEnabled, explorer::LIST_INDEXES.action, place.to_string());
            error.remedy = Some(
                "what was never tagged is found by its service alone; to see the rest, create an aggregator index: `aws resource-explorer-2 create-index`, then `update-index-type --type AGGREGATOR`".to_owned(),
            );
            return Err(error.with_source("no index of all regions"));
        };
        let place = self.session.place(&cell.sub_account_id, &RegionId::from(region)).await;
        let mut listed = Listed::default();
        // The greatest page: https://docs.aws.amazon.com/resource-explorer/latest/apireference/API_ListResources.html
        let pages = client!(aws_sdk_resourceexplorer2, place).list_resources().max_results(1_000).into_paginator().send();
        listed
            .pages(&explorer::LIST_RESOURCES, &place, pages, |page, resources| {
                let arns = page.resources().iter().filter_map(|resource| resource.arn());
                resources.extend(arns.filter_map(|arn| seen(&place, arn, InventoryLayer::ResourceExplorer)));
            })
            .await;
        Ok(listed.into_collected())
    }
}

impl Listed {
    /// Each resource once, sorted by kind and id.
    pub(crate) fn into_collected(self) -> Collected<Vec<Resource>> {
        let unique: BTreeMap<_, _> =
            self.resources.into_iter().map(|resource| ((resource.kind.clone(), resource.resource_id.clone()), resource)).collect();
        Collected { value: unique.into_values().collect(), gaps: self.gaps }
    }
}
