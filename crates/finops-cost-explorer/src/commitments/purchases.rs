//! Which commitments Cost Explorer would buy.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::types::{
    AccountScope, InstanceDetails, LookbackPeriodInDays, ReservationPurchaseRecommendationDetail, SavingsPlansPurchaseRecommendationDetail,
    SupportedSavingsPlansType,
};
use finops_aws::error::port_error;
use finops_aws::operations::cost_explorer::{GET_RESERVATION_PURCHASE_RECOMMENDATION, GET_SAVINGS_PLANS_PURCHASE_RECOMMENDATION};
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_domain::advice::{AdviceSource, AdvisedAction, NativeAdvice};
use finops_domain::id::RegionId;
use finops_domain::money::Money;
use finops_domain::ports::PortResult;
use jiff::Timestamp;

use super::{CommitmentOptions, number};
use crate::pages::{Tokens, corrupt};

/// Recommended Savings Plans of one type, for the whole organization.
pub(super) async fn savings_plans(
    client: &Client,
    place: &Place,
    plan_type: &SupportedSavingsPlansType,
    options: &CommitmentOptions,
) -> PortResult<Vec<NativeAdvice>> {
    let operation = &GET_SAVINGS_PLANS_PURCHASE_RECOMMENDATION;
    let (mut advice, mut tokens, mut token) = (Vec::new(), Tokens::default(), None);
    loop {
        let page = client
            .get_savings_plans_purchase_recommendation()
            .savings_plans_type(plan_type.clone())
            .term_in_years(options.term.clone())
            .payment_option(options.payment.clone())
            .lookback_period_in_days(options.lookback.clone())
            .account_scope(AccountScope::Payer)
            .set_next_page_token(token)
            .send()
            .await
            .map_err(|error| port_error(operation, place, error))?;
        let refreshed_at = page.metadata().and_then(|metadata| metadata.generation_timestamp()?.parse().ok());
        if let Some(recommendation) = page.savings_plans_purchase_recommendation() {
            let details = recommendation.savings_plans_purchase_recommendation_details();
            advice.extend(details.iter().map(|detail| savings_plan(detail, plan_type, options, refreshed_at)));
        }
        token = tokens.next(page.next_page_token()).map_err(|unreadable| corrupt(operation, place, unreadable))?;
        if token.is_none() {
            return Ok(advice);
        }
    }
}

fn savings_plan(
    detail: &SavingsPlansPurchaseRecommendationDetail,
    plan_type: &SupportedSavingsPlansType,
    options: &CommitmentOptions,
    refreshed_at: Option<Timestamp>,
) -> NativeAdvice {
    let currency = detail.currency_code().unwrap_or("USD");
    let money = |text| number(text).map(|amount| Money::new(amount, currency));
    let place = detail.savings_plans_details();
    let family = place.and_then(|place| place.instance_family());
    let region = place.and_then(|place| place.region());
    let of = [Some(plan_type.as_str()), Some(options.term.as_str()), Some(options.payment.as_str()), detail.account_id(), region, family];
    let id = detail.recommendation_detail_id().map_or_else(|| joined(&of, ":"), str::to_owned);
    let commitment = detail.hourly_commitment_to_purchase().map(|amount| format!("{amount} {currency} an hour"));
    NativeAdvice {
        source: AdviceSource::CostExplorer,
        advice_id: id.into(),
        sub_account_id: None,
        region_id: region.map(RegionId::from),
        resource_id: None,
        resource_kind: None,
        resource_type: match plan_type {
            SupportedSavingsPlansType::ComputeSp => "ComputeSavingsPlans".into(),
            SupportedSavingsPlansType::Ec2InstanceSp => "Ec2InstanceSavingsPlans".into(),
            SupportedSavingsPlansType::SagemakerSp => "SageMakerSavingsPlans".into(),
            other => other.as_str().into(),
        },
        action: AdvisedAction::PurchaseSavingsPlans,
        current: None,
        recommended: Some(
            joined(&[commitment.as_deref(), Some(options.term.as_str()), Some(options.payment.as_str()), family], ", ").into(),
        ),
        monthly_savings: money(detail.estimated_monthly_savings_amount()),
        monthly_savings_before_discounts: None,
        monthly_cost: None,
        lookback_days: days(&options.lookback),
        reasons: Vec::new(),
        measured: measured(&[
            ("HourlyCommitmentToPurchase", detail.hourly_commitment_to_purchase()),
            ("UpfrontCost", detail.upfront_cost()),
            ("EstimatedAverageUtilization", detail.estimated_average_utilization()),
            ("EstimatedSavingsPercentage", detail.estimated_savings_percentage()),
            ("EstimatedROI", detail.estimated_roi()),
            ("CurrentMinimumHourlyOnDemandSpend", detail.current_minimum_hourly_on_demand_spend()),
            ("CurrentAverageHourlyOnDemandSpend", detail.current_average_hourly_on_demand_spend()),
        ]),
        refreshed_at,
    }
}

/// Recommended reservations of one service, for the whole organization.
pub(super) async fn reservations(
    client: &Client,
    place: &Place,
    service: &str,
    options: &CommitmentOptions,
) -> PortResult<Vec<NativeAdvice>> {
    let pages = client
        .get_reservation_purchase_recommendation()
        .service(service)
        .term_in_years(options.term.clone())
        .payment_option(options.payment.clone())
        .lookback_period_in_days(options.lookback.clone())
        .account_scope(AccountScope::Payer)
        .into_paginator()
        .send();
    let mut advice = Vec::new();
    for_each_page(&GET_RESERVATION_PURCHASE_RECOMMENDATION, place, pages, |page| {
        let refreshed_at = page.metadata().and_then(|metadata| metadata.generation_timestamp()?.parse().ok());
        for recommendation in page.recommendations() {
            advice.extend(recommendation.recommendation_details().iter().map(|detail| reservation(detail, service, options, refreshed_at)));
        }
    })
    .await?;
    Ok(advice)
}

fn reservation(
    detail: &ReservationPurchaseRecommendationDetail,
    service: &str,
    options: &CommitmentOptions,
    refreshed_at: Option<Timestamp>,
) -> NativeAdvice {
    let currency = detail.currency_code().unwrap_or("USD");
    let money = |text| number(text).map(|amount| Money::new(amount, currency));
    let Reserved { resource_type, what, region } = reserved(detail.instance_details());
    let (term, payment) = (options.term.as_str(), options.payment.as_str());
    let number_of = detail.recommended_number_of_instances_to_purchase();
    NativeAdvice {
        source: AdviceSource::CostExplorer,
        advice_id: joined(&[Some(service), Some(term), Some(payment), detail.account_id(), region, Some(&what)], ":").into(),
        sub_account_id: None,
        region_id: region.map(RegionId::from),
        resource_id: None,
        resource_kind: None,
        resource_type: resource_type.unwrap_or(service).into(),
        action: AdvisedAction::PurchaseReservedInstances,
        current: None,
        recommended: Some(joined(&[number_of.map(|count| format!("{count} × {what}")).as_deref(), Some(term), Some(payment)], ", ").into()),
        monthly_savings: money(detail.estimated_monthly_savings_amount()),
        monthly_savings_before_discounts: None,
        monthly_cost: money(detail.estimated_monthly_on_demand_cost()),
        lookback_days: days(&options.lookback),
        reasons: Vec::new(),
        measured: measured(&[
            ("UpfrontCost", detail.upfront_cost()),
            ("RecurringStandardMonthlyCost", detail.recurring_standard_monthly_cost()),
            ("AverageUtilization", detail.average_utilization()),
            ("AverageNumberOfInstancesUsedPerHour", detail.average_number_of_instances_used_per_hour()),
            ("MinimumNumberOfInstancesUsedPerHour", detail.minimum_number_of_instances_used_per_hour()),
            ("EstimatedBreakEvenInMonths", detail.estimated_break_even_in_months()),
            ("EstimatedMonthlySavingsPercentage", detail.estimated_monthly_savings_percentage()),
        ]),
        refreshed_at,
    }
}

/// What a reservation is of.
struct Reserved<'a> {
    /// As Cost Optimization Hub calls it.
    resource_type: Option<&'static str>,
    /// Class, engine and such: `db.m5.large PostgreSQL Single-AZ`.
    what: String,
    region: Option<&'a str>,
}

fn reserved(details: Option<&InstanceDetails>) -> Reserved<'_> {
    let of =
        |resource_type, parts: &[Option<&str>], region| Reserved { resource_type: Some(resource_type), what: joined(parts, " "), region };
    let unknown = || Reserved { resource_type: None, what: "instance".to_owned(), region: None };
    let Some(details) = details else { return unknown() };
    if let Some(ec2) = details.ec2_instance_details() {
        of("Ec2ReservedInstances", &[ec2.instance_type(), ec2.platform(), ec2.tenancy()], ec2.region())
    } else if let Some(rds) = details.rds_instance_details() {
        let parts = [rds.instance_type(), rds.database_engine(), rds.database_edition(), rds.deployment_option(), rds.license_model()];
        of("RdsReservedInstances", &parts, rds.region())
    } else if let Some(cache) = details.elasti_cache_instance_details() {
        of("ElastiCacheReservedInstances", &[cache.node_type(), cache.product_description()], cache.region())
    } else if let Some(search) = details.es_instance_details() {
        let class = joined(&[search.instance_class(), search.instance_size()], ".");
        of("OpenSearchReservedInstances", &[Some(&class)], search.region())
    } else if let Some(redshift) = details.redshift_instance_details() {
        of("RedshiftReservedInstances", &[redshift.node_type()], redshift.region())
    } else if let Some(memory) = details.memory_db_instance_details() {
        of("MemoryDbReservedInstances", &[memory.node_type()], memory.region())
    } else {
        unknown()
    }
}

/// Texts that are there and not empty, with something between them.
fn joined(parts: &[Option<&str>], between: &str) -> String {
    parts.iter().copied().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

/// Figures that are there, by the names that Cost Explorer gives them.
pub(crate) fn measured(figures: &[(&str, Option<&str>)]) -> BTreeMap<Arc<str>, Arc<str>> {
    figures.iter().filter_map(|(name, value)| Some(((*name).into(), (*value)?.into()))).collect()
}

/// Days of a lookback period.
pub(crate) fn days(lookback: &LookbackPeriodInDays) -> Option<u16> {
    match lookback {
        LookbackPeriodInDays::SevenDays => Some(7),
        LookbackPeriodInDays::ThirtyDays => Some(30),
        LookbackPeriodInDays::SixtyDays => Some(60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_costexplorer::types::RdsInstanceDetails;

    use super::*;

    #[test]
    fn a_reservation_says_what_to_buy() {
        let rds = RdsInstanceDetails::builder()
            .instance_type("db.m5.large")
            .database_engine("PostgreSQL")
            .deployment_option("Single-AZ")
            .region("us-east-1")
            .build();
        let detail = ReservationPurchaseRecommendationDetail::builder()
            .instance_details(InstanceDetails::builder().rds_instance_details(rds).build())
            .recommended_number_of_instances_to_purchase("2")
            .currency_code("USD")
            .estimated_monthly_savings_amount("40.5")
            .build();
        let advice = reservation(&detail, "Amazon Relational Database Service", &CommitmentOptions::default(), None);
        assert_eq!(advice.recommended.as_deref(), Some("2 × db.m5.large PostgreSQL Single-AZ, ONE_YEAR, NO_UPFRONT"));
        assert_eq!((&*advice.resource_type, advice.region_id), ("RdsReservedInstances", Some("us-east-1".into())));
        assert_eq!(advice.monthly_savings, Some(Money::new(rust_decimal::Decimal::new(405, 1), "USD")));
    }
}
