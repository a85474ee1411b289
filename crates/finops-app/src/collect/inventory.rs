//! Reads an estate cell by cell: what fails in one is in the coverage, and the others go on.

use std::collections::BTreeMap;
use std::sync::Arc;

use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::ports::{Collected, Gap, PortError, PortErrorKind, PortResult, ResourceInventory};
use finops_domain::resource::{Resource, merge};
use finops_domain::scope::{Account, Cell};
use futures::StreamExt;
use tokio::time::Instant;

use super::{Estate, chosen, gap_cell};

/// When nothing further is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    pub(super) fn of(estate: &Estate) -> Self {
        Self(estate.scope.deadline.map(|time| Instant::now() + time))
    }

    /// The answer of a call, unless time is up first.
    pub(super) async fn limit<T>(
        self,
        operation: &'static str,
        target: impl ToString,
        call: impl Future<Output = PortResult<T>>,
    ) -> PortResult<T> {
        let Some(at) = self.0 else { return call.await };
        tokio::time::timeout_at(at, call).await.unwrap_or_else(|_| {
            let mut error = PortError::new(PortErrorKind::TimedOut, operation, target.to_string());
            error.remedy = Some("raise `--deadline`, or run with fewer accounts, regions or services".to_owned());
            Err(error.with_source("the run's deadline came first"))
        })
    }
}

/// The accounts in scope.
///
/// # Errors
/// Where the directory does not know them, and none were named.
pub(super) async fn accounts(estate: &Estate, deadline: Deadline, coverage: &mut Vec<CoverageCell>) -> PortResult<Vec<Account>> {
    let wanted = estate.scope.accounts.as_deref();
    let known = match deadline.limit("AccountDirectory.accounts", "the organization", estate.directory.accounts()).await {
        Ok(Collected { value, gaps }) => {
            coverage.extend(gaps.iter().map(|gap| gap_cell(None, None, "accounts", gap)));
            value
        }
        Err(error) if wanted.is_some() => {
            coverage.push(gap_cell(None, None, "accounts", &Gap::from(&error)));
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    Ok(chosen(known, wanted))
}

/// The regions in scope, of each account. Where those that are enabled cannot be asked, the wanted ones are taken as they are.
pub(super) async fn regions(
    estate: &Estate,
    deadline: Deadline,
    accounts: &[Account],
    coverage: &mut Vec<CoverageCell>,
) -> BTreeMap<SubAccountId, Vec<RegionId>> {
    let answers = accounts.iter().map(|account| async move {
        let id = &account.sub_account_id;
        (id, deadline.limit("AccountDirectory.enabled_regions", id, estate.directory.enabled_regions(id)).await)
    });
    let answers: Vec<_> = futures::stream::iter(answers).buffered(estate.scope.max_concurrent.max(1)).collect().await;
    let mut regions = BTreeMap::new();
    for (account, answer) in answers {
        let wanted = estate.scope.regions.as_deref();
        let of_account = match (answer, wanted) {
            (Ok(enabled), None) => enabled,
            (Ok(enabled), Some(wanted)) => {
                for region in wanted.iter().filter(|region| !enabled.contains(region)) {
                    coverage.push(not_enabled(account, region));
                }
                wanted.iter().filter(|region| enabled.contains(region)).cloned().collect()
            }
            (Err(error), wanted) => {
                coverage.push(gap_cell(Some(account), None, "regions", &Gap::from(&error)));
                wanted.map(<[RegionId]>::to_vec).unwrap_or_default()
            }
        };
        regions.insert(account.clone(), of_account);
    }
    regions
}

fn not_enabled(account: &SubAccountId, region: &RegionId) -> CoverageCell {
    CoverageCell {
        sub_account_id: Some(account.clone()),
        region_id: Some(region.clone()),
        service: "all services".to_owned(),
        status: CoverageStatus::NotEnabled,
        reason: Some("the region is not enabled for this account".to_owned()),
        remedy: Some(format!("enable it, or leave {region} out of `--regions`")),
    }
}

/// Asks every inventory for all of its cells, and makes one list of what they saw.
pub(super) async fn resources(
    estate: &Estate,
    deadline: Deadline,
    regions: &BTreeMap<SubAccountId, Vec<RegionId>>,
    coverage: &mut Vec<CoverageCell>,
) -> Vec<Resource> {
    let calls = cells(estate, regions).into_iter().map(|(inventory, cell)| async move {
        let answer = deadline.limit("ResourceInventory.resources", &cell, inventory.resources(&cell)).await;
        (inventory.name(), cell, answer)
    });
    let mut answers = futures::stream::iter(calls).buffer_unordered(estate.scope.max_concurrent.max(1));
    let mut found = Vec::new();
    while let Some((inventory, cell, answer)) = answers.next().await {
        coverage.extend(cells_of_answer(inventory, &cell, &answer));
        found.extend(answer.map(|collected| collected.value).unwrap_or_default());
    }
    merge(found)
}

/// Every cell of every inventory, those of one service in all places before the next service's: so that no place is asked
/// everything at once.
fn cells(estate: &Estate, regions: &BTreeMap<SubAccountId, Vec<RegionId>>) -> Vec<(Arc<dyn ResourceInventory>, Cell)> {
    let mut cells = Vec::new();
    for inventory in &estate.inventories {
        for service in inventory.services() {
            for (account, regions) in regions {
                let global = [estate.scope.global_region.clone()];
                let places = if service.is_global { &global[..] } else { regions.as_slice() };
                cells.extend(places.iter().map(|region| {
                    let cell = Cell { sub_account_id: account.clone(), region_id: region.clone(), service: service.service.into() };
                    (Arc::clone(inventory), cell)
                }));
            }
        }
    }
    cells
}

/// What a cell's answer says of its coverage: complete, or a line for each gap.
fn cells_of_answer(inventory: &str, cell: &Cell, answer: &PortResult<Collected<Vec<Resource>>>) -> Vec<CoverageCell> {
    let service = if inventory == &*cell.service { inventory.to_owned() } else { cell.service.to_string() };
    let place = (Some(&cell.sub_account_id), Some(&cell.region_id));
    match answer {
        Err(error) => vec![gap_cell(place.0, place.1, &service, &Gap::from(error))],
        Ok(collected) if collected.gaps.is_empty() => vec![CoverageCell {
            sub_account_id: place.0.cloned(),
            region_id: place.1.cloned(),
            service,
            status: CoverageStatus::Complete,
            reason: None,
            remedy: None,
        }],
        Ok(collected) => collected.gaps.iter().map(|gap| gap_cell(place.0, place.1, &service, gap)).collect(),
    }
}
