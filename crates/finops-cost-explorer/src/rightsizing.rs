//! EC2 instances that Cost Explorer would change or stop.

use aws_sdk_costexplorer::types::{
    LookbackPeriodInDays, RecommendationTarget, ResourceDetails, RightsizingRecommendation, RightsizingRecommendationConfiguration,
    RightsizingType, TargetInstance,
};
use finops_aws::operations::cost_explorer::GET_RIGHTSIZING_RECOMMENDATION;
use finops_aws::pages::for_each_page;
use finops_domain::advice::{AdviceSource, AdvisedAction, NativeAdvice};
use finops_domain::id::RegionId;
use finops_domain::money::Money;
use finops_domain::ports::PortResult;
use finops_domain::scope::Partition;
use jiff::Timestamp;

use crate::commitments::number;
use crate::commitments::purchases::{days, measured};
use crate::pages::or_switched_off;
use crate::source::CostExplorerSource;

/// The only service that it knows.
const EC2: &str = "AmazonEC2";
/// The most recommendations of a page; each page costs.
/// Source: the service's own model gives the page size no bound; 100 is unconfirmed.
const PAGE: i32 = 100;
const SWITCH_ON: &str = "switch on rightsizing recommendations in Cost Explorer's preferences of the management account";

impl CostExplorerSource {
    /// Instances to change or stop, commitments considered, sorted by id. One request for each hundred.
    ///
    /// # Errors
    /// `NotEnabled` where rightsizing recommendations are switched off, else where it cannot be read.
    pub async fn rightsizing(&self) -> PortResult<Vec<NativeAdvice>> {
        let (client, place) = self.client().await;
        let configuration = RightsizingRecommendationConfiguration::builder()
            .recommendation_target(RecommendationTarget::CrossInstanceFamily)
            .benefits_considered(true)
            .build()
            .ok();
        let pages =
            client.get_rightsizing_recommendation().service(EC2).set_configuration(configuration).page_size(PAGE).into_paginator().send();
        let mut found = Vec::new();
        for_each_page(&GET_RIGHTSIZING_RECOMMENDATION, &place, pages, |page| {
            let metadata = page.metadata();
            let refreshed_at = metadata.and_then(|metadata| metadata.generation_timestamp()?.parse().ok());
            let lookback = metadata.and_then(|metadata| metadata.lookback_period_in_days());
            let recommendations = page.rightsizing_recommendations().iter();
            found.extend(recommendations.filter_map(|advised| advice(advised, place.partition, refreshed_at, lookback)));
        })
        .await
        .map_err(|error| or_switched_off(error, SWITCH_ON))?;
        found.sort_by(|a, b| a.advice_id.cmp(&b.advice_id));
        Ok(found)
    }
}

/// `None` for a recommendation without an instance.
fn advice(
    recommendation: &RightsizingRecommendation,
    partition: Partition,
    refreshed_at: Option<Timestamp>,
    lookback: Option<&LookbackPeriodInDays>,
) -> Option<NativeAdvice> {
    let instance = recommendation.current_instance()?;
    let id = instance.resource_id()?;
    let account = recommendation.account_id();
    let current = instance.resource_details().and_then(ResourceDetails::ec2_resource_details);
    // Its name is written out in some answers: `US East (N. Virginia)`. The instance is then known by its short id.
    let region = current.and_then(|details| details.region()).filter(|region| is_region_id(region));
    let arn = account.zip(region).map(|(account, region)| format!("arn:{partition}:ec2:{region}:{account}:instance/{id}"));
    let target = recommendation.modify_recommendation_detail().and_then(|detail| best_target(detail.target_instances()));
    let terminate = recommendation.terminate_recommendation_detail();
    let (savings, currency) = match (target, terminate) {
        (Some(target), _) => (target.estimated_monthly_savings(), target.currency_code()),
        (None, Some(terminate)) => (terminate.estimated_monthly_savings(), terminate.currency_code()),
        (None, None) => (None, None),
    };
    let money = |amount, currency: Option<&str>| number(amount).map(|amount| Money::new(amount, currency.unwrap_or("USD")));
    let used = instance.resource_utilization().and_then(|used| used.ec2_resource_utilization());
    let instance_type = |details: &ResourceDetails| details.ec2_resource_details()?.instance_type().map(Into::into);
    Some(NativeAdvice {
        source: AdviceSource::CostExplorer,
        advice_id: format!("rightsizing:{}:{id}", account.unwrap_or_default()).into(),
        sub_account_id: account.map(Into::into),
        region_id: region.map(RegionId::from),
        resource_id: Some(arn.unwrap_or_else(|| id.to_owned()).into()),
        resource_kind: Some("ec2:instance".into()),
        resource_type: "Ec2Instance".into(),
        action: match recommendation.rightsizing_type() {
            Some(RightsizingType::Modify) => AdvisedAction::Rightsize,
            // It says so of instances that do nothing; stopping one comes first.
            Some(RightsizingType::Terminate) => AdvisedAction::Stop,
            _ => AdvisedAction::Other,
        },
        current: instance.resource_details().and_then(instance_type),
        recommended: target.and_then(|target| target.resource_details()).and_then(instance_type),
        monthly_savings: money(savings, currency),
        monthly_savings_before_discounts: None,
        monthly_cost: money(instance.monthly_cost(), instance.currency_code()),
        lookback_days: lookback.and_then(days),
        reasons: recommendation.finding_reason_codes().iter().map(|code| code.as_str().into()).collect(),
        measured: measured(&[
            ("MaxCpuUtilizationPercentage", used.and_then(|used| used.max_cpu_utilization_percentage())),
            ("MaxMemoryUtilizationPercentage", used.and_then(|used| used.max_memory_utilization_percentage())),
            ("MaxStorageUtilizationPercentage", used.and_then(|used| used.max_storage_utilization_percentage())),
            ("TotalRunningHoursInLookbackPeriod", instance.total_running_hours_in_lookback_period()),
            ("OnDemandHoursInLookbackPeriod", instance.on_demand_hours_in_lookback_period()),
        ]),
        refreshed_at,
    })
}

/// The target that Cost Explorer prefers, else the one that saves most.
fn best_target(targets: &[TargetInstance]) -> Option<&TargetInstance> {
    targets.iter().max_by_key(|target| (target.default_target_instance(), number(target.estimated_monthly_savings())))
}

fn is_region_id(text: &str) -> bool {
    text.contains('-') && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use aws_sdk_costexplorer::types::{CurrentInstance, Ec2ResourceDetails, ModifyRecommendationDetail};
    use rust_decimal::Decimal;

    use super::*;

    fn details(instance_type: &str, region: &str) -> ResourceDetails {
        let ec2 = Ec2ResourceDetails::builder().instance_type(instance_type).region(region).build();
        ResourceDetails::builder().ec2_resource_details(ec2).build()
    }

    fn modify(region: &str) -> RightsizingRecommendation {
        let target = |instance_type, savings| {
            TargetInstance::builder()
                .resource_details(details(instance_type, region))
                .estimated_monthly_savings(savings)
                .currency_code("USD")
                .build()
        };
        let instance = CurrentInstance::builder().resource_id("i-1").resource_details(details("m5.xlarge", region)).build();
        RightsizingRecommendation::builder()
            .account_id("111111111111")
            .rightsizing_type(RightsizingType::Modify)
            .current_instance(instance)
            .modify_recommendation_detail(
                ModifyRecommendationDetail::builder()
                    .target_instances(target("m5.large", "9.5"))
                    .target_instances(target("t3.large", "70"))
                    .build(),
            )
            .build()
    }

    #[test]
    fn the_target_that_saves_most_is_advised() {
        let found = advice(&modify("us-east-1"), Partition::Aws, None, Some(&LookbackPeriodInDays::SevenDays)).unwrap();
        assert_eq!(found.recommended.as_deref(), Some("t3.large"));
        assert_eq!(found.monthly_savings, Some(Money::new(Decimal::from(70), "USD")));
        assert_eq!(found.resource_id, Some("arn:aws:ec2:us-east-1:111111111111:instance/i-1".into()));
        assert_eq!(found.lookback_days, Some(7));
    }

    #[test]
    fn a_region_by_its_name_is_no_region_id() {
        let found = advice(&modify("US East (N. Virginia)"), Partition::Aws, None, None).unwrap();
        assert_eq!((found.region_id, found.resource_id), (None, Some("i-1".into())));
    }
}
