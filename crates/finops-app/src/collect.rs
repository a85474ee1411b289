//! Collect: everything left of the snapshot. Does I/O through ports, judges nothing.

use std::sync::Arc;

use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::ports::{Clock, CostSource, PortError, PortErrorKind, ResourceInventory};
use finops_domain::snapshot::{Bill, Snapshot, SourceInfo};

/// Where a snapshot is collected from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Charges; `None` where cost data is not wanted.
    pub costs: Option<Arc<dyn CostSource>>,
    /// Resources and utilization; `None` where the source has none, as a bill.
    pub inventory: Option<Arc<dyn ResourceInventory>>,
    /// What to call the source in the report.
    pub info: SourceInfo,
}

/// Collects a snapshot.
///
/// # Errors
/// Where the cost source can read nothing at all. An inventory that fails is a gap in the coverage instead.
pub async fn collect(sources: &Sources, clock: &dyn Clock) -> Result<Snapshot, PortError> {
    let mut coverage = Vec::new();
    let bill = match &sources.costs {
        None => {
            coverage.push(cell("cost data", CoverageStatus::NotEnabled, "cost data was switched off", "run without `--no-cost-data`"));
            None
        }
        Some(costs) => {
            let bill = Bill::from_answer(costs.spend(&Bill::queries()).await?);
            coverage.push(bill_cell(&bill));
            Some(bill)
        }
    };
    let (mut resources, mut utilization) = (Vec::new(), Vec::new());
    match &sources.inventory {
        None => coverage.push(cell(
            "inventory",
            CoverageStatus::NotEnabled,
            "a bill says what was charged, not how a resource is configured or used",
            "what needs configuration or metrics is not judged from a bill",
        )),
        Some(inventory) => {
            match inventory.resources().await {
                Ok(found) => {
                    resources = found;
                    coverage.push(complete("inventory"));
                }
                Err(error) => coverage.push(failed("inventory", &error)),
            }
            match inventory.utilization().await {
                Ok(found) => {
                    utilization = found;
                    coverage.push(complete("utilization"));
                }
                Err(error) => coverage.push(failed("utilization", &error)),
            }
        }
    }
    coverage.sort();
    let mut info = sources.info.clone();
    if let Some(bill) = &bill {
        info.format = Some(bill.format.clone());
        info.as_of = bill.usage_period.or(bill.charge_period).map(|period| period.end);
    }
    Ok(Snapshot { source: info, collected_at: clock.now(), bill, resources, utilization, coverage })
}

fn bill_cell(bill: &Bill) -> CoverageCell {
    if bill.rows_malformed == 0 {
        return complete("bill");
    }
    let reason = format!("{} of {} rows could not be read and are in no figure", bill.rows_malformed, bill.rows_read);
    cell("bill", CoverageStatus::Partial, &reason, "mend or export the bill again; the rows are listed with file and line")
}

fn complete(service: &str) -> CoverageCell {
    CoverageCell { status: CoverageStatus::Complete, reason: None, remedy: None, ..cell(service, CoverageStatus::Complete, "", "") }
}

fn cell(service: &str, status: CoverageStatus, reason: &str, remedy: &str) -> CoverageCell {
    CoverageCell {
        sub_account_id: None,
        region_id: None,
        service: service.to_owned(),
        status,
        reason: Some(reason.to_owned()),
        remedy: Some(remedy.to_owned()),
    }
}

fn failed(service: &str, error: &PortError) -> CoverageCell {
    let status = match error.kind {
        PortErrorKind::Denied | PortErrorKind::Refused => CoverageStatus::Denied,
        PortErrorKind::Throttled => CoverageStatus::Throttled,
        PortErrorKind::NotEnabled => CoverageStatus::NotEnabled,
        _ => CoverageStatus::Failed,
    };
    cell(service, status, &error.to_string(), "run again; findings that need it are not in this report")
}
