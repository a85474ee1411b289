//! How commitments are used and cover usage, and which Cost Explorer would buy.

pub(crate) mod purchases;

use std::collections::BTreeMap;

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::types::{
    Coverage, DateInterval, Granularity, LookbackPeriodInDays, PaymentOption, ReservationAggregates, SavingsPlansCoverageData,
    SavingsPlansUtilizationAggregates, SupportedSavingsPlansType, TermInYears,
};
use finops_aws::error::port_error;
use finops_aws::operations::cost_explorer::{
    GET_RESERVATION_COVERAGE, GET_RESERVATION_UTILIZATION, GET_SAVINGS_PLANS_COVERAGE, GET_SAVINGS_PLANS_UTILIZATION,
};
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_domain::commitment::{CommitmentCoverage, CommitmentKind, CommitmentUse, CommitmentUtilization, Commitments};
use finops_domain::money::Money;
use finops_domain::period::ChargePeriod;
use finops_domain::ports::{Collected, Gap, PortResult};
use finops_domain::scope::Partition;
use rust_decimal::Decimal;

use crate::pages::{Tokens, corrupt};
use crate::row::{decimal, period_of};
use crate::source::CostExplorerSource;

/// Which purchases are asked about; each type and each service is a request.
#[derive(Clone, Debug)]
pub struct CommitmentOptions {
    /// Types of Savings Plans.
    pub savings_plans_types: Vec<SupportedSavingsPlansType>,
    /// Services with reservations, by Cost Explorer's name.
    pub reserved_services: Vec<String>,
    /// For how long.
    pub term: TermInYears,
    /// Paid when.
    pub payment: PaymentOption,
    /// By the usage of how many days.
    pub lookback: LookbackPeriodInDays,
}

impl Default for CommitmentOptions {
    /// Compute Savings Plans, and reservations of what no Compute Savings Plan covers; a year, nothing upfront, by the last 30 days.
    fn default() -> Self {
        Self {
            savings_plans_types: vec![SupportedSavingsPlansType::ComputeSp],
            reserved_services: ["Amazon Relational Database Service", "Amazon ElastiCache", "Amazon OpenSearch Service", "Amazon Redshift"]
                .map(str::to_owned)
                .to_vec(),
            term: TermInYears::OneYear,
            payment: PaymentOption::NoUpfront,
            lookback: LookbackPeriodInDays::ThirtyDays,
        }
    }
}

/// The two answers of a period.
#[derive(Clone, Debug, Default)]
struct Halves {
    utilization: Option<CommitmentUtilization>,
    coverage: Option<CommitmentCoverage>,
}

type Uses = BTreeMap<(CommitmentKind, ChargePeriod), Halves>;

impl CostExplorerSource {
    /// Coverage and utilisation by month of the source's days, and purchase recommendations: four requests, and one for each type and
    /// service of the options. Where there is nothing of a kind, Cost Explorer has no data, and the gap says that it is not enabled.
    pub async fn commitments(&self, options: &CommitmentOptions) -> Collected<Commitments> {
        let (client, place) = self.client().await;
        let mut found = Collected::<Commitments>::default();
        let Some(interval) = self.options.window().interval() else { return found };
        let mut uses = Uses::new();
        for read in [
            savings_plans_utilization(&client, &place, &interval, &mut uses).await,
            savings_plans_coverage(&client, &place, &interval, &mut uses).await,
            reservation_utilization(&client, &place, &interval, &mut uses).await,
            reservation_coverage(&client, &place, &interval, &mut uses).await,
        ] {
            found.gaps.extend(read.err().as_ref().map(Gap::from));
        }
        let uses = uses.into_iter().filter(|(_, halves)| halves.utilization.is_some() || halves.coverage.is_some());
        found.value.uses =
            uses.map(|((kind, period), Halves { utilization, coverage })| CommitmentUse { kind, period, utilization, coverage }).collect();
        for plan_type in &options.savings_plans_types {
            match purchases::savings_plans(&client, &place, plan_type, options).await {
                Ok(advice) => found.value.recommendations.extend(advice),
                Err(error) => found.gaps.push(Gap::from(&error)),
            }
        }
        for service in &options.reserved_services {
            match purchases::reservations(&client, &place, service, options).await {
                Ok(advice) => found.value.recommendations.extend(advice),
                Err(error) => found.gaps.push(Gap::from(&error)),
            }
        }
        found.value.recommendations.sort_by(|a, b| a.advice_id.cmp(&b.advice_id));
        found.gaps.sort();
        found.gaps.dedup();
        found
    }
}

/// The currency of amounts that come without one.
pub(crate) fn currency(place: &Place) -> &'static str {
    match place.partition {
        Partition::AwsCn => "CNY",
        Partition::Aws | Partition::AwsUsGov => "USD",
    }
}

/// A number that is there and can be read.
pub(crate) fn number(text: Option<&str>) -> Option<Decimal> {
    decimal(text?).ok()
}

async fn savings_plans_utilization(client: &Client, place: &Place, interval: &DateInterval, uses: &mut Uses) -> PortResult<()> {
    let operation = &GET_SAVINGS_PLANS_UTILIZATION;
    let answer = client
        .get_savings_plans_utilization()
        .time_period(interval.clone())
        .granularity(Granularity::Monthly)
        .send()
        .await
        .map_err(|error| port_error(operation, place, error))?;
    for month in answer.savings_plans_utilizations_by_time() {
        let period = month.time_period().map(period_of).transpose().map_err(|unreadable| corrupt(operation, place, unreadable))?;
        let Some(period) = period else { continue };
        // The month repeats the members of the aggregates.
        let aggregates = SavingsPlansUtilizationAggregates::builder()
            .set_utilization(month.utilization().cloned())
            .set_savings(month.savings().cloned())
            .set_amortized_commitment(month.amortized_commitment().cloned())
            .build();
        let utilization = plans_utilization(&aggregates, currency(place));
        uses.entry((CommitmentKind::SavingsPlans, period)).or_default().utilization = utilization;
    }
    Ok(())
}

/// `None` where nothing was committed.
fn plans_utilization(aggregates: &SavingsPlansUtilizationAggregates, currency: &str) -> Option<CommitmentUtilization> {
    let used = aggregates.utilization()?;
    let committed = number(used.total_commitment()).filter(|committed| !committed.is_zero())?;
    let amortized = aggregates.amortized_commitment().and_then(|commitment| number(commitment.total_amortized_commitment()));
    Some(CommitmentUtilization {
        used_percent: number(used.utilization_percentage())?,
        amortized_cost: Money::new(amortized.unwrap_or(committed), currency),
        unused_cost: Money::new(number(used.unused_commitment()).unwrap_or_default(), currency),
        net_savings: Money::new(aggregates.savings().and_then(|savings| number(savings.net_savings())).unwrap_or_default(), currency),
    })
}

async fn savings_plans_coverage(client: &Client, place: &Place, interval: &DateInterval, uses: &mut Uses) -> PortResult<()> {
    let operation = &GET_SAVINGS_PLANS_COVERAGE;
    let pages = client.get_savings_plans_coverage().time_period(interval.clone()).granularity(Granularity::Monthly).into_paginator().send();
    for_each_page(operation, place, pages, |page| {
        for month in page.savings_plans_coverages() {
            let Some(Ok(period)) = month.time_period().map(period_of) else { continue };
            let coverage = month.coverage().and_then(|coverage| plans_coverage(coverage, currency(place)));
            uses.entry((CommitmentKind::SavingsPlans, period)).or_default().coverage = coverage;
        }
    })
    .await
}

fn plans_coverage(coverage: &SavingsPlansCoverageData, currency: &str) -> Option<CommitmentCoverage> {
    Some(CommitmentCoverage {
        covered_percent: number(coverage.coverage_percentage())?,
        on_demand_cost: number(coverage.on_demand_cost()).map(|cost| Money::new(cost, currency)),
        on_demand_hours: None,
    })
}

async fn reservation_utilization(client: &Client, place: &Place, interval: &DateInterval, uses: &mut Uses) -> PortResult<()> {
    let operation = &GET_RESERVATION_UTILIZATION;
    let (mut tokens, mut token) = (Tokens::default(), None);
    loop {
        let page = client
            .get_reservation_utilization()
            .time_period(interval.clone())
            .granularity(Granularity::Monthly)
            .set_next_page_token(token)
            .send()
            .await
            .map_err(|error| port_error(operation, place, error))?;
        for month in page.utilizations_by_time() {
            let Some(Ok(period)) = month.time_period().map(period_of) else { continue };
            let utilization = month.total().and_then(|total| reserved_utilization(total, currency(place)));
            uses.entry((CommitmentKind::Reservations, period)).or_default().utilization = utilization;
        }
        token = tokens.next(page.next_page_token()).map_err(|unreadable| corrupt(operation, place, unreadable))?;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// `None` where nothing was reserved.
fn reserved_utilization(total: &ReservationAggregates, currency: &str) -> Option<CommitmentUtilization> {
    let is_something = |hours: &Decimal| !hours.is_zero();
    number(total.purchased_hours()).filter(is_something).or_else(|| number(total.purchased_units()).filter(is_something))?;
    let money = |text| Money::new(number(text).unwrap_or_default(), currency);
    Some(CommitmentUtilization {
        used_percent: number(total.utilization_percentage())?,
        amortized_cost: money(total.total_amortized_fee()),
        unused_cost: money(total.ri_cost_for_unused_hours()),
        net_savings: money(total.net_ri_savings()),
    })
}

async fn reservation_coverage(client: &Client, place: &Place, interval: &DateInterval, uses: &mut Uses) -> PortResult<()> {
    let operation = &GET_RESERVATION_COVERAGE;
    let (mut tokens, mut token) = (Tokens::default(), None);
    loop {
        let page = client
            .get_reservation_coverage()
            .time_period(interval.clone())
            .granularity(Granularity::Monthly)
            .set_next_page_token(token)
            .send()
            .await
            .map_err(|error| port_error(operation, place, error))?;
        for month in page.coverages_by_time() {
            let Some(Ok(period)) = month.time_period().map(period_of) else { continue };
            let coverage = month.total().and_then(|total| reserved_coverage(total, currency(place)));
            uses.entry((CommitmentKind::Reservations, period)).or_default().coverage = coverage;
        }
        token = tokens.next(page.next_page_token()).map_err(|unreadable| corrupt(operation, place, unreadable))?;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// `None` where nothing ran that could be reserved.
fn reserved_coverage(total: &Coverage, currency: &str) -> Option<CommitmentCoverage> {
    let hours = total.coverage_hours()?;
    number(hours.total_running_hours()).filter(|hours| !hours.is_zero())?;
    Some(CommitmentCoverage {
        covered_percent: number(hours.coverage_hours_percentage())?,
        on_demand_cost: total.coverage_cost().and_then(|cost| number(cost.on_demand_cost())).map(|cost| Money::new(cost, currency)),
        on_demand_hours: number(hours.on_demand_hours()),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_costexplorer::types::CoverageHours;

    use super::*;

    #[test]
    fn what_does_not_exist_is_not_zero_percent_used() {
        let nothing = ReservationAggregates::builder().utilization_percentage("0").purchased_hours("0").build();
        assert_eq!(reserved_utilization(&nothing, "USD"), None);
        let half = ReservationAggregates::builder()
            .utilization_percentage("50")
            .purchased_hours("100")
            .total_amortized_fee("20")
            .ri_cost_for_unused_hours("10")
            .net_ri_savings("-3.5")
            .build();
        let half = reserved_utilization(&half, "USD").unwrap();
        assert_eq!(half.unused_cost, Money::new(Decimal::TEN, "USD"));
        assert_eq!(half.net_savings, Money::new(Decimal::new(-35, 1), "USD"));
        let idle = Coverage::builder().coverage_hours(CoverageHours::builder().total_running_hours("0").build()).build();
        assert_eq!(reserved_coverage(&idle, "USD"), None);
    }
}
