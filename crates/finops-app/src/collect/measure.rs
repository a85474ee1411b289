//! What is asked of the resources once they are known: utilization, prices; and what AWS's own tools say of the accounts.

use std::collections::BTreeMap;

use finops_domain::advice::NativeAdvice;
use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::period::ChargePeriod;
use finops_domain::ports::{Collected, Gap};
use finops_domain::price::PriceBook;
use finops_domain::resource::Resource;
use finops_domain::resource_usage::price_keys;
use finops_domain::utilization::{MissingReason, Observed, UtilizationQuery, UtilizationSeries, queries_of};
use futures::StreamExt;

use super::inventory::Deadline;
use super::{Estate, gap_cell};

const UTILIZATION: &str = "utilization";
const PRICES: &str = "prices";
const ADVICE: &str = "native advice";

/// What was measured of the resources in a period.
pub(super) async fn utilization(
    estate: &Estate,
    deadline: Deadline,
    period: ChargePeriod,
    resources: &[Resource],
    coverage: &mut Vec<CoverageCell>,
) -> Vec<UtilizationSeries> {
    let Some(source) = &estate.utilization else { return Vec::new() };
    let mut places: BTreeMap<(SubAccountId, RegionId), Vec<UtilizationQuery>> = BTreeMap::new();
    for resource in resources {
        let region = resource.region_id.clone().unwrap_or_else(|| estate.scope.global_region.clone());
        let queries = queries_of(resource);
        if !queries.is_empty() {
            places.entry((resource.sub_account_id.clone(), region)).or_default().extend(queries);
        }
    }
    let calls = places.iter().map(|((account, region), queries)| async move {
        let call = source.utilization(account, region, period, queries);
        (account, region, deadline.limit("UtilizationSource.utilization", format!("{account}/{region}"), call).await)
    });
    let mut answers = futures::stream::iter(calls).buffer_unordered(estate.scope.max_concurrent.max(1));
    let mut found = Vec::new();
    while let Some((account, region, answer)) = answers.next().await {
        let (account, region) = (Some(account), Some(region));
        match answer {
            Err(error) => coverage.push(gap_cell(account, region, UTILIZATION, &Gap::from(&error))),
            Ok(answers) => {
                coverage.push(cell_of(account, region, &answers));
                found.extend(answers.into_iter().filter_map(|answer| match answer {
                    Observed::Value(series) => Some(series),
                    Observed::Missing(_) => None,
                }));
            }
        }
    }
    let name = |series: &UtilizationSeries| (series.resource_id.clone(), series.metric_name.clone(), series.statistic.clone());
    found.sort_by_cached_key(name);
    found
}

/// A source that holds no data has answered; one that refused or failed has not.
fn cell_of(account: Option<&SubAccountId>, region: Option<&RegionId>, answers: &[Observed<UtilizationSeries>]) -> CoverageCell {
    let is_unread = |answer: &&Observed<UtilizationSeries>| match answer {
        Observed::Value(_) | Observed::Missing(MissingReason::NoData) => false,
        Observed::Missing(MissingReason::Denied | MissingReason::Failed | MissingReason::NotCollected) => true,
    };
    let unread = answers.iter().filter(is_unread).count();
    let reason = (unread > 0).then(|| format!("{unread} of {} metrics could not be read", answers.len()));
    let status = if unread == 0 { CoverageStatus::Complete } else { CoverageStatus::Partial };
    CoverageCell {
        sub_account_id: account.cloned(),
        region_id: region.cloned(),
        service: UTILIZATION.to_owned(),
        status,
        remedy: reason.as_ref().map(|_| "run again; what needs these metrics is not evaluated".to_owned()),
        reason,
    }
}

/// List prices of what the resources are made of.
pub(super) async fn prices(estate: &Estate, deadline: Deadline, resources: &[Resource], coverage: &mut Vec<CoverageCell>) -> PriceBook {
    let Some(catalog) = &estate.prices else { return PriceBook::new() };
    let keys = price_keys(resources);
    if keys.is_empty() {
        return PriceBook::new();
    }
    match deadline.limit("PriceCatalog.list_unit_prices", "the price list", catalog.list_unit_prices(&keys)).await {
        Err(error) => {
            coverage.push(gap_cell(None, None, PRICES, &Gap::from(&error)));
            PriceBook::new()
        }
        Ok(answers) => {
            let known: PriceBook =
                keys.iter().cloned().zip(answers).filter_map(|(key, answer)| Some((key, answer.value()?.clone()))).collect();
            let missing = keys.len() - known.len();
            let status = if missing == 0 { CoverageStatus::Complete } else { CoverageStatus::Partial };
            let reason = (missing > 0).then(|| format!("{missing} of {} prices are not known", keys.len()));
            let remedy = (missing > 0).then(|| "let it read the price list: `pricing:GetProducts`".to_owned());
            coverage.push(CoverageCell { sub_account_id: None, region_id: None, service: PRICES.to_owned(), status, reason, remedy });
            known
        }
    }
}

/// What AWS's own tools say of the accounts.
pub(super) async fn advice(
    estate: &Estate,
    deadline: Deadline,
    regions: &BTreeMap<SubAccountId, Vec<RegionId>>,
    coverage: &mut Vec<CoverageCell>,
) -> Vec<NativeAdvice> {
    let Some(source) = &estate.advice else { return Vec::new() };
    let calls = regions.iter().map(|(account, regions)| async move {
        (account, deadline.limit("NativeAdviceSource.advice", account, source.advice(account, regions)).await)
    });
    let mut answers = futures::stream::iter(calls).buffer_unordered(estate.scope.max_concurrent.max(1));
    let mut found = Vec::new();
    while let Some((account, answer)) = answers.next().await {
        match answer {
            Err(error) => coverage.push(gap_cell(Some(account), None, ADVICE, &Gap::from(&error))),
            Ok(Collected { value, gaps }) => {
                coverage.extend(gaps.iter().map(|gap| gap_cell(Some(account), None, ADVICE, gap)));
                found.extend(value);
            }
        }
    }
    found.sort_by(|a, b| (a.source, &a.advice_id, &a.resource_id).cmp(&(b.source, &b.advice_id, &b.resource_id)));
    found.dedup();
    found
}
