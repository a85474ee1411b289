//! The cost source: which requests are made, and what is made of their answers.

mod plan;

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::types::{Dimension, Granularity};
use finops_aws::client;
use finops_aws::place::Place;
use finops_aws::session::Session;
use finops_domain::charge::{Charge, ChargeGroup, Dimension as Column, Granularity as Grain, RowFilter, SpendAnswer, SpendQuery, grouping};
use finops_domain::id::BillingAccountId;
use finops_domain::ports::{CostSource, Gap, PortErrorKind, PortResult};
use finops_domain::snapshot::{SourceInfo, SourceKind};
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use self::plan::{Ask, Asked};
use crate::join::{Detail, Naming, ResourceRows, charges, lines, tag_charges};
use crate::pages::{Answer, cost_and_usage, cost_and_usage_with_resources, or_switched_off};
use crate::regions::Regions;
use crate::request::{CostQuestion, Days, GroupBy};
use crate::row::{AMORTIZED_COST, Effective, NET_AMORTIZED_COST, UNBLENDED_COST, USAGE_QUANTITY, midnight};

/// Requests under way at once: Cost Explorer is slow to answer and quick to throttle.
const CONCURRENT_REQUESTS: usize = 4;
/// All metrics that are used; further ones in a request cost nothing.
const ALL_METRICS: &[&str] = &[AMORTIZED_COST, NET_AMORTIZED_COST, UNBLENDED_COST, USAGE_QUANTITY];
/// Those that every account has.
const COMMON_METRICS: &[&str] = &[AMORTIZED_COST, UNBLENDED_COST, USAGE_QUANTITY];
/// Days for which Cost Explorer keeps what single resources cost.
/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsageWithResources.html>, read 2026-11-24.
const RESOURCE_DAYS: i64 = 14;
/// FOCUS columns that no request of Cost Explorer gives.
const MISSING_COLUMNS: [&str; 6] = ["ListCost", "ContractedCost", "ResourceId", "Tags", "CommitmentDiscountId", "x_Operation"];
/// What the source calls itself.
const FORMAT: &str = "AWS Cost Explorer";
const SWITCH_ON: &str = "open Cost Explorer once in the Billing console of this account; its first data is there within a day";
const SWITCH_ON_RESOURCES: &str = "switch on resource-level data in Billing and Cost Management, Cost management preferences";

/// What is asked of Cost Explorer.
#[derive(Clone, Debug)]
pub struct CostExplorerOptions {
    /// Now; only its day counts, UTC.
    pub now: Timestamp,
    /// How many whole days before today.
    pub days: u16,
    /// Up to that many accounts are asked one by one for their usage; of more it is joined: see the crate's documentation.
    pub max_accounts_asked_alone: usize,
    /// Services of accounts, those with the most on-demand usage first, that are also asked for by resource, of the last 14 days: each
    /// is a request, and it has to be switched on in Cost Explorer's preferences. 0 for none.
    pub max_resource_requests: usize,
    /// Cost allocation tags that are asked for, each in a request of its own.
    pub tag_keys: Vec<String>,
}

impl CostExplorerOptions {
    /// The last `days` days, without resources and tags; up to ten accounts are asked one by one.
    pub fn new(now: Timestamp, days: u16) -> Self {
        Self { now, days, max_accounts_asked_alone: 10, max_resource_requests: 0, tag_keys: Vec::new() }
    }

    /// Today, UTC.
    pub(crate) fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.now).date()
    }

    /// That many whole days before today.
    pub(crate) fn days_back(&self, days: i64) -> Days {
        Days { start: self.today().saturating_sub(days.max(1).days()), end: self.today() }
    }

    /// The days of the charges.
    pub(crate) fn window(&self) -> Days {
        self.days_back(i64::from(self.days))
    }
}

/// Cost Explorer as a source of charges, and of its own advice.
#[derive(Clone, Debug)]
pub struct CostExplorerSource {
    pub(crate) session: Arc<Session>,
    pub(crate) options: CostExplorerOptions,
}

/// Charges as Cost Explorer tells them.
#[derive(Clone, Debug)]
struct Read {
    charges: Vec<Charge>,
    /// See [`tag_charges`].
    tag_charges: Vec<Charge>,
    gaps: Vec<Gap>,
}

impl CostExplorerSource {
    /// The Cost Explorer of the session's own account: of a whole organization, where that is its management account.
    pub fn new(session: Arc<Session>, options: CostExplorerOptions) -> Self {
        Self { session, options }
    }

    /// Where Cost Explorer answers, and a client for it.
    pub(crate) async fn client(&self) -> (Client, Place) {
        let place = self.session.home().await;
        (client!(aws_sdk_costexplorer, place), place)
    }

    /// What each service cost on each of that many days before today, by charge category: for trends beyond the charges. One request,
    /// at most 13 months back (<https://docs.aws.amazon.com/cost-management/latest/userguide/ce-advanced-cost-analysis.html>).
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn history(&self, days: u16) -> PortResult<Vec<ChargeGroup>> {
        let (client, place) = self.client().await;
        let question = CostQuestion {
            days: self.options.days_back(i64::from(days)),
            granularity: Granularity::Daily,
            group_by: [Dimension::Service.into(), Dimension::RecordType.into()],
            filter: Vec::new(),
            metrics: COMMON_METRICS,
        };
        let rows = cost_and_usage(&client, &place, &question).await?.rows;
        // Of all accounts at once; the account is not grouped by below.
        let account = self.session.account().as_str().into();
        let lines = Detail::OfAccount { account, rows }.lines(Effective::Amortized);
        let charges = charges(lines, &self.naming(Answer::default(), Regions::default()));
        let query = SpendQuery {
            granularity: Grain::Daily,
            group_by: vec![Column::ServiceName, Column::ServiceCode, Column::ChargeCategory],
            filter: RowFilter::All,
            max_groups: None,
        };
        Ok(grouping::tables(&charges, &[query]).into_iter().next().unwrap_or_default())
    }

    fn naming(&self, totals: Answer, regions: Regions) -> Naming {
        Naming { billing_account: BillingAccountId::from(self.session.account().as_str()), account_names: totals.account_names, regions }
    }

    async fn read(&self) -> PortResult<Read> {
        let (client, place) = self.client().await;
        let mut gaps = Vec::new();
        let (totals, metrics) = self.totals(&client, &place).await?;
        let effective = Effective::of(&totals.rows);
        let plan = plan::Plan::of(&totals.rows, self.options.window(), self.options.max_accounts_asked_alone, metrics);

        let mut regions = Regions::default();
        if let Some(question) = &plan.regions {
            match cost_and_usage(&client, &place, question).await {
                Ok(answer) => regions = Regions::of(&answer.rows),
                Err(error) => gaps.push(Gap::from(&error)),
            }
        }
        let mut details = Vec::new();
        let asking: Vec<BoxFuture<'_, PortResult<Detail>>> = plan.details.iter().map(|ask| detail(&client, &place, ask).boxed()).collect();
        let mut answers = stream::iter(asking).buffered(CONCURRENT_REQUESTS);
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(detail) => details.push(detail),
                Err(error) => gaps.push(Gap::from(&error)),
            }
        }
        drop(answers);
        let resources = self.resources(&client, &place, &details, metrics, effective, &mut gaps).await;
        let mut tag_rows = Vec::new();
        for key in &self.options.tag_keys {
            let question = CostQuestion {
                days: self.options.window(),
                granularity: Granularity::Monthly,
                group_by: [GroupBy::Tag(key.clone()), Dimension::RecordType.into()],
                filter: Vec::new(),
                metrics,
            };
            match cost_and_usage(&client, &place, &question).await {
                Ok(answer) => tag_rows.extend(answer.rows),
                Err(error) => gaps.push(Gap::from(&error)),
            }
        }
        gaps.sort();
        gaps.dedup();
        let lines = lines(&totals.rows, &details, &resources, effective);
        let naming = self.naming(totals, regions);
        Ok(Read { charges: charges(lines, &naming), tag_charges: tag_charges(&tag_rows, effective, &naming), gaps })
    }

    /// Account × record type of everything, and the metrics that the account has.
    async fn totals(&self, client: &Client, place: &Place) -> PortResult<(Answer, &'static [&'static str])> {
        let question = CostQuestion {
            days: self.options.window(),
            granularity: Granularity::Daily,
            group_by: [Dimension::LinkedAccount.into(), Dimension::RecordType.into()],
            filter: Vec::new(),
            metrics: ALL_METRICS,
        };
        let switched_off = |error| or_switched_off(error, SWITCH_ON);
        match cost_and_usage(client, place, &question).await.map_err(switched_off) {
            // An account without discounts of its own may have no net costs.
            Err(error) if error.kind == PortErrorKind::InvalidRequest => {
                let question = CostQuestion { metrics: COMMON_METRICS, ..question };
                Ok((cost_and_usage(client, place, &question).await?, COMMON_METRICS))
            }
            answer => answer.map(|answer| (answer, ALL_METRICS)),
        }
    }

    /// What single resources cost, of the services of accounts with the most on-demand usage.
    async fn resources(
        &self,
        client: &Client,
        place: &Place,
        details: &[Detail],
        metrics: &'static [&'static str],
        effective: Effective,
        gaps: &mut Vec<Gap>,
    ) -> Vec<ResourceRows> {
        let days = self.options.days_back(RESOURCE_DAYS.min(i64::from(self.options.days)));
        let mut found = Vec::new();
        for (account, service) in plan::dearest_services(details, effective, self.options.max_resource_requests) {
            let question = plan::by_resource(&account, &service, days, metrics);
            match cost_and_usage_with_resources(client, place, &question).await {
                Ok(answer) => found.push(ResourceRows { account, service, rows: answer.rows }),
                Err(error) => {
                    let error = or_switched_off(error, SWITCH_ON_RESOURCES);
                    // What is switched off for one service is switched off for the next, and each answer costs.
                    let is_final = matches!(error.kind, PortErrorKind::NotEnabled | PortErrorKind::Denied | PortErrorKind::Refused);
                    gaps.push(Gap::from(&error));
                    if is_final {
                        break;
                    }
                }
            }
        }
        found
    }
}

/// Asks for one detail.
async fn detail(client: &Client, place: &Place, ask: &Ask) -> PortResult<Detail> {
    let rows = async |question: &CostQuestion| cost_and_usage(client, place, question).await.map(|answer| answer.rows);
    Ok(match &ask.asked {
        Asked::Usage { account, record_type } => {
            Detail::Usage { account: Arc::clone(account), record_type: Arc::clone(record_type), rows: rows(&ask.question).await? }
        }
        Asked::OfAccount { account } => Detail::OfAccount { account: Arc::clone(account), rows: rows(&ask.question).await? },
        Asked::OfRecordType { record_type } => {
            Detail::OfRecordType { record_type: Arc::clone(record_type), rows: rows(&ask.question).await? }
        }
        Asked::Joined { record_type, by_service } => Detail::Joined {
            record_type: Arc::clone(record_type),
            by_account: rows(&ask.question).await?,
            by_service: rows(by_service).await?,
        },
    })
}

#[async_trait]
impl CostSource for CostExplorerSource {
    fn info(&self) -> SourceInfo {
        SourceInfo {
            kind: SourceKind::Aws,
            location: self.session.account().to_string(),
            format: Some(FORMAT.to_owned()),
            as_of: midnight(self.options.today()),
        }
    }

    async fn spend(&self, queries: &[SpendQuery]) -> PortResult<SpendAnswer> {
        let Read { charges, tag_charges, gaps } = self.read().await?;
        let mut answer = grouping::answer(&charges, queries, FORMAT);
        let by_tag = |query: &SpendQuery| query.group_by.contains(&Column::Tag);
        let tag_queries: Vec<SpendQuery> = queries.iter().filter(|query| by_tag(query)).cloned().collect();
        let tables = answer.tables.iter_mut().zip(queries).filter(|(_, query)| by_tag(query));
        for ((table, _), by_tag) in tables.zip(grouping::tables(&tag_charges, &tag_queries)) {
            *table = by_tag;
        }
        let has_resources = charges.iter().any(|charge| charge.resource_id.is_some());
        let is_missing = |column: &&str| match *column {
            "ResourceId" => !has_resources,
            "Tags" => tag_charges.is_empty(),
            _ => true,
        };
        answer.missing_columns = MISSING_COLUMNS.iter().copied().filter(is_missing).map(str::to_owned).collect();
        answer.gaps = gaps;
        Ok(answer)
    }
}
