//! Collect: everything left of the snapshot. Does I/O through ports, judges nothing.

mod inventory;
mod measure;

use std::sync::Arc;
use std::time::Duration;

use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::period::ChargePeriod;
use finops_domain::ports::{
    AccountDirectory, ApiLedger, Clock, CostSource, Gap, NativeAdviceSource, PortError, PriceCatalog, ResourceInventory, UtilizationSource,
};
use finops_domain::scope::Account;
use finops_domain::snapshot::{Bill, Snapshot, SourceInfo};
use jiff::{SignedDuration, Timestamp};

use self::inventory::Deadline;

/// Where a snapshot is collected from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Charges; `None` where cost data is not wanted.
    pub costs: Option<Arc<dyn CostSource>>,
    /// Resources and what is known of them; `None` where the source has none, as a bill.
    pub estate: Option<Estate>,
    /// Who counts the calls that reading takes; `None` where it takes none.
    pub ledger: Option<Arc<dyn ApiLedger>>,
    /// What to call the source in the report.
    pub info: SourceInfo,
}

/// Accounts with resources that can be looked at.
#[derive(Clone, Debug)]
pub struct Estate {
    /// Which accounts and regions there are.
    pub directory: Arc<dyn AccountDirectory>,
    /// Inventories, each asked for all of its cells; what several see is one resource.
    pub inventories: Vec<Arc<dyn ResourceInventory>>,
    /// What was measured; `None` where that is not wanted.
    pub utilization: Option<Arc<dyn UtilizationSource>>,
    /// List prices; `None` where that is not wanted.
    pub prices: Option<Arc<dyn PriceCatalog>>,
    /// What AWS's own tools recommend; `None` where that is not wanted.
    pub advice: Option<Arc<dyn NativeAdviceSource>>,
    /// What part of all that is looked at, and how.
    pub scope: EstateScope,
}

/// What part of an estate is looked at, and how.
#[derive(Clone, Debug)]
pub struct EstateScope {
    /// These accounts; all that the directory knows where that is `None`.
    pub accounts: Option<Vec<SubAccountId>>,
    /// These regions; all that are enabled where that is `None`.
    pub regions: Option<Vec<RegionId>>,
    /// The region that global services are asked in.
    pub global_region: RegionId,
    /// Days of utilization.
    pub days: u16,
    /// Calls of ports at the same time.
    pub max_concurrent: usize,
    /// After this time nothing further is asked, and what is there is analysed.
    pub deadline: Option<Duration>,
}

/// Collects a snapshot.
///
/// # Errors
/// Where the cost source can read nothing at all, or the directory does not even know our own account. Everything else that
/// fails is a gap in the coverage instead.
pub async fn collect(sources: &Sources, clock: &dyn Clock) -> Result<Snapshot, PortError> {
    let mut snapshot = Snapshot::empty(sources.info.clone(), clock.now());
    let costs = async {
        match &sources.costs {
            None => Ok(None),
            Some(costs) => costs.spend(&Bill::queries()).await.map(|answer| {
                let gaps = answer.gaps.clone();
                Some((Bill::from_answer(answer), gaps))
            }),
        }
    };
    let mut surveyed = Snapshot::empty(sources.info.clone(), snapshot.collected_at);
    let estate = async {
        match &sources.estate {
            None => Ok(()),
            Some(estate) => survey(estate, &mut surveyed).await,
        }
    };
    let (bill, estate) = futures::join!(costs, estate);
    estate?;
    let Snapshot { resources, utilization, prices, native_advice, accounts, coverage, .. } = surveyed;
    snapshot = Snapshot { resources, utilization, prices, native_advice, accounts, coverage, ..snapshot };
    match bill {
        // Cost Explorer that was just switched on, or may not be seen, answers with nothing: what was spent is then not known.
        Ok(Some((bill, gaps))) if bill.lines.is_empty() && sources.estate.is_some() => {
            snapshot.coverage.extend(gaps.iter().map(|gap| gap_cell(None, None, "cost data", gap)));
            let reason = "it holds no charge of the period";
            let remedy = "Cost Explorer has data a day after it is switched on; resources are judged at list prices";
            snapshot.coverage.push(cell("cost data", CoverageStatus::NotEnabled, reason, remedy));
        }
        Ok(Some((bill, gaps))) => {
            snapshot.coverage.extend(gaps.iter().map(|gap| gap_cell(None, None, "cost data", gap)));
            snapshot.coverage.push(bill_cell(&bill));
            snapshot.source.format = Some(bill.format.clone());
            snapshot.source.as_of = bill.usage_period.or(bill.charge_period).map(|period| period.end);
            snapshot.bill = Some(bill);
        }
        Ok(None) => {
            let reason = "cost data was switched off";
            snapshot.coverage.push(cell("cost data", CoverageStatus::NotEnabled, reason, "run without `--no-cost-data`"));
        }
        // An estate can be judged by list prices; a bill without charges is nothing.
        Err(error) if sources.estate.is_some() => snapshot.coverage.push(gap_cell(None, None, "cost data", &Gap::from(&error))),
        Err(error) => return Err(error),
    }
    if sources.estate.is_none() {
        snapshot.coverage.push(cell(
            "inventory",
            CoverageStatus::NotEnabled,
            "a bill says what was charged, not how a resource is configured or used",
            "what needs configuration or metrics is not judged from a bill",
        ));
    }
    snapshot.coverage.sort();
    Ok(snapshot)
}

/// Everything that an estate has in scope, into a snapshot.
async fn survey(estate: &Estate, snapshot: &mut Snapshot) -> Result<(), PortError> {
    let deadline = Deadline::of(estate);
    let coverage = &mut snapshot.coverage;
    snapshot.accounts = inventory::accounts(estate, deadline, coverage).await?;
    let regions = inventory::regions(estate, deadline, &snapshot.accounts, coverage).await;
    let mut advice_coverage = Vec::new();
    let (resources, native_advice) = futures::join!(
        inventory::resources(estate, deadline, &regions, coverage),
        measure::advice(estate, deadline, &regions, &mut advice_coverage),
    );
    let period = measured_period(snapshot.collected_at, estate.scope.days);
    let mut price_coverage = Vec::new();
    let (utilization, prices) = futures::join!(
        measure::utilization(estate, deadline, period, &resources, coverage),
        measure::prices(estate, deadline, &resources, &mut price_coverage),
    );
    snapshot.coverage.extend(advice_coverage.into_iter().chain(price_coverage));
    snapshot.resources = resources;
    snapshot.native_advice = native_advice;
    snapshot.utilization = utilization;
    snapshot.prices = prices;
    Ok(())
}

/// The last days up to the last full hour: asked again within the hour, it is the same question.
fn measured_period(now: Timestamp, days: u16) -> ChargePeriod {
    let end = Timestamp::from_second(now.as_second() - now.as_second().rem_euclid(3600)).unwrap_or(now);
    let start = end.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(end);
    ChargePeriod { start, end }
}

fn bill_cell(bill: &Bill) -> CoverageCell {
    if bill.rows_malformed == 0 {
        return CoverageCell { reason: None, remedy: None, ..cell("bill", CoverageStatus::Complete, "", "") };
    }
    let reason = format!("{} of {} rows could not be read and are in no figure", bill.rows_malformed, bill.rows_read);
    cell("bill", CoverageStatus::Partial, &reason, "mend or export the bill again; the rows are listed with file and line")
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

/// The coverage of something that ended in a gap.
fn gap_cell(account: Option<&SubAccountId>, region: Option<&RegionId>, service: &str, gap: &Gap) -> CoverageCell {
    CoverageCell {
        sub_account_id: account.cloned(),
        region_id: region.cloned(),
        service: service.to_owned(),
        status: gap.status,
        reason: Some(gap.reason.clone()),
        remedy: Some(gap.remedy.clone().unwrap_or_else(|| "run again; findings that need it are not in this report".to_owned())),
    }
}

/// Accounts that were asked for, with what the directory knows of them.
fn chosen(known: Vec<Account>, wanted: Option<&[SubAccountId]>) -> Vec<Account> {
    let Some(wanted) = wanted else { return known };
    let find = |id: &SubAccountId| {
        let found = known.iter().find(|account| account.sub_account_id == *id).cloned();
        found.unwrap_or_else(|| Account { sub_account_id: id.clone(), name: None, organizational_unit: None })
    };
    wanted.iter().map(find).collect()
}
