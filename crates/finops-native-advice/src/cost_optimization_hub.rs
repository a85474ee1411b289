//! Cost Optimization Hub.
//!
//! It answers in us-east-1 only, for all regions of an account.
//! Source: <https://docs.aws.amazon.com/general/latest/gr/billing.html> (Cost Optimization Hub), read 2026-11-24.

use aws_sdk_costoptimizationhub::types::{EnrollmentStatus, Filter, Recommendation, SavingsEstimationMode};
use finops_aws::client;
use finops_aws::operations::costoptimizationhub::{GET_PREFERENCES, LIST_ENROLLMENT_STATUSES, LIST_RECOMMENDATIONS};
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_domain::advice::{AdviceSource, AdvisedAction, NativeAdvice};
use finops_domain::id::SubAccountId;
use finops_domain::scope::Partition;

use crate::collect::Heard;
use crate::figures::{advice, arn_of, kind_of, money, text, timestamp, without_version};
use crate::purchases;

/// Switches it on, for this account.
const REMEDY: &str = "aws cost-optimization-hub update-enrollment-status --status Active";

/// The greatest page: `ListRecommendations`, `maxResults`, in the service's model, read 2026-11-24.
const PAGE_SIZE: i32 = 1_000;

/// What the Hub says of the place's account.
pub(crate) async fn hear(place: &Place) -> Heard {
    let mut heard = Heard::default();
    if place.partition != Partition::Aws {
        heard.is_off(&LIST_RECOMMENDATIONS, format!("Cost Optimization Hub is not asked in the partition {}", place.partition), None);
        return heard;
    }
    if !is_on(place, &mut heard).await {
        return heard;
    }
    let client = client!(aws_sdk_costoptimizationhub, place);
    let preferences = client.get_preferences().send().await;
    let preferences = heard.answer(&GET_PREFERENCES, place, preferences);
    let mode = preferences.and_then(|preferences| preferences.savings_estimation_mode);
    // The management account hears of all; the others are asked themselves.
    let filter = Filter::builder().account_ids(place.account.as_str()).build();
    let pages = client.list_recommendations().filter(filter).max_results(PAGE_SIZE).into_paginator().send();
    let found = &mut heard.advice;
    let read = for_each_page(&LIST_RECOMMENDATIONS, place, pages, |page| {
        found.extend(page.items().iter().filter_map(|item| said(item, &place.account, place.partition, mode.as_ref())));
    })
    .await;
    if let Err(error) = read {
        heard.fail(&error);
    }
    purchases::describe(place, &mut heard).await;
    heard
}

/// Whether it is switched on; what is against it is a gap.
async fn is_on(place: &Place, heard: &mut Heard) -> bool {
    let pages = client!(aws_sdk_costoptimizationhub, place).list_enrollment_statuses().into_paginator().send();
    let mut status = None;
    let read = for_each_page(&LIST_ENROLLMENT_STATUSES, place, pages, |page| {
        let own = page.items().iter().find(|item| item.account_id() == Some(place.account.as_str()));
        status = status.take().or_else(|| own.and_then(|item| item.status().cloned()));
    })
    .await;
    match (read, status) {
        (Err(error), _) => heard.fail(&error),
        (Ok(()), Some(EnrollmentStatus::Active)) => return true,
        (Ok(()), _) => {
            let reason = format!("Cost Optimization Hub is not switched on in {}", place.account);
            heard.is_off(&LIST_ENROLLMENT_STATUSES, reason, Some(REMEDY));
        }
    }
    false
}

/// A recommendation as advice; `None` for one without an id.
fn said(item: &Recommendation, asked: &SubAccountId, partition: Partition, mode: Option<&SavingsEstimationMode>) -> Option<NativeAdvice> {
    let resource_type = item.current_resource_type().unwrap_or("Unknown");
    let mut said = advice(AdviceSource::CostOptimizationHub, item.recommendation_id()?, resource_type, action_of(item.action_type()));
    let account = item.account_id().unwrap_or(asked.as_str());
    said.sub_account_id = Some(account.into());
    said.region_id = text(item.region()).map(Into::into);
    let short_id = || item.resource_id().map(|id| arn_of(id, partition, item.region().unwrap_or_default(), account));
    let resource_id = item.resource_arn().map(|arn| without_version(arn).to_owned()).or_else(short_id).filter(|id| !id.is_empty());
    said.resource_kind = resource_id.as_deref().and_then(kind_of);
    said.resource_id = resource_id.map(Into::into);
    said.current = text(item.current_resource_summary());
    said.recommended = text(item.recommended_resource_summary());
    let savings = item.estimated_monthly_savings().and_then(|amount| money(amount, item.currency_code()));
    // The account's preference says which of the two it is. Unknown, it is taken for the one that promises less: after discounts.
    match mode {
        Some(SavingsEstimationMode::BeforeDiscounts) => said.monthly_savings_before_discounts = savings,
        _ => said.monthly_savings = savings,
    }
    said.monthly_cost = item.estimated_monthly_cost().and_then(|amount| money(amount, item.currency_code()));
    said.lookback_days = item.recommendation_lookback_period_in_days().and_then(|days| u16::try_from(days).ok());
    said.reasons = reasons(item);
    said.refreshed_at = timestamp(item.last_refresh_timestamp());
    Some(said)
}

fn reasons(item: &Recommendation) -> Vec<std::sync::Arc<str>> {
    let from = item.source().map(|source| format!("from {}", source.as_str()));
    let effort = item.implementation_effort().map(|effort| format!("effort: {effort}"));
    let restart = item.restart_needed().unwrap_or_default().then(|| "needs a restart".to_owned());
    let rollback = (item.rollback_possible() == Some(false)).then(|| "cannot be rolled back".to_owned());
    [from, effort, restart, rollback].into_iter().flatten().map(Into::into).collect()
}

/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostOptimizationHub_Recommendation.html>.
fn action_of(action: Option<&str>) -> AdvisedAction {
    match action.unwrap_or_default() {
        "Rightsize" => AdvisedAction::Rightsize,
        "Stop" => AdvisedAction::Stop,
        "Upgrade" => AdvisedAction::Upgrade,
        "PurchaseSavingsPlans" => AdvisedAction::PurchaseSavingsPlans,
        "PurchaseReservedInstances" => AdvisedAction::PurchaseReservedInstances,
        "MigrateToGraviton" => AdvisedAction::MigrateToGraviton,
        "Delete" => AdvisedAction::Delete,
        "ScaleIn" => AdvisedAction::ScaleIn,
        _ => AdvisedAction::Other,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_costoptimizationhub::types::{ResourceType, Source};

    use super::*;

    fn hear(item: &Recommendation, mode: Option<&SavingsEstimationMode>) -> Option<NativeAdvice> {
        said(item, &"111122223333".into(), Partition::Aws, mode)
    }

    /// What a type is about, as the Hub writes its ARN; `None` for a purchase.
    const RESOURCES: [(&str, Option<&str>); 25] = [
        ("AuroraDbClusterStorage", Some("arn:aws:rds:us-east-1:111122223333:cluster:ledger")),
        ("ComputeSavingsPlans", None),
        ("DocumentDBCluster", Some("arn:aws:rds:us-east-1:111122223333:cluster:docs")),
        ("DynamoDBTable", Some("arn:aws:dynamodb:us-east-1:111122223333:table/t")),
        ("DynamoDbReservedCapacity", None),
        ("EbsVolume", Some("arn:aws:ec2:us-east-1:111122223333:volume/vol-1")),
        ("Ec2AutoScalingGroup", Some("arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:1-2:autoScalingGroupName/web")),
        ("Ec2Instance", Some("arn:aws:ec2:us-east-1:111122223333:instance/i-1")),
        ("Ec2InstanceSavingsPlans", None),
        ("Ec2ReservedInstances", None),
        ("EcsService", Some("arn:aws:ecs:us-east-1:111122223333:service/main/web")),
        ("ElastiCacheCluster", Some("arn:aws:elasticache:us-east-1:111122223333:cluster:sessions")),
        ("ElastiCacheReservedInstances", None),
        ("LambdaFunction", Some("arn:aws:lambda:us-east-1:111122223333:function:f:$LATEST")),
        ("MemoryDBCluster", Some("arn:aws:memorydb:us-east-1:111122223333:cluster/carts")),
        ("MemoryDbReservedInstances", None),
        ("NatGateway", Some("arn:aws:ec2:us-east-1:111122223333:natgateway/nat-1")),
        ("OpenSearchReservedInstances", None),
        ("RdsDbInstance", Some("arn:aws:rds:us-east-1:111122223333:db:x")),
        ("RdsDbInstanceStorage", Some("arn:aws:rds:us-east-1:111122223333:db:x")),
        ("RdsReservedInstances", None),
        ("RedshiftReservedInstances", None),
        ("SageMakerEndpoint", Some("arn:aws:sagemaker:us-east-1:111122223333:endpoint/scores")),
        ("SageMakerSavingsPlans", None),
        ("WorkSpaces", Some("arn:aws:workspaces:us-east-1:111122223333:workspace/ws-1")),
    ];

    fn item(resource_type: &str, arn: Option<&str>) -> Recommendation {
        Recommendation::builder()
            .recommendation_id("r-1")
            .account_id("111122223333")
            .region("us-east-1")
            .set_resource_arn(arn.map(str::to_owned))
            .current_resource_type(resource_type)
            .action_type(if arn.is_some() { "Delete" } else { "PurchaseSavingsPlans" })
            .estimated_monthly_savings(60.74)
            .estimated_monthly_cost(140.16)
            .currency_code("USD")
            .recommendation_lookback_period_in_days(14)
            .restart_needed(true)
            .source(Source::ComputeOptimizer)
            .build()
    }

    #[test]
    fn every_resource_type_of_today_is_mapped() {
        let mut known = ResourceType::values().to_vec();
        known.sort_unstable();
        assert_eq!(RESOURCES.map(|(name, _)| name).to_vec(), known, "the Hub has other types now");
        for (resource_type, arn) in RESOURCES {
            let said = hear(&item(resource_type, arn), None).unwrap();
            assert_eq!(said.resource_id.as_ref().map(finops_domain::id::ResourceId::as_str), arn.map(without_version));
            assert_eq!(said.resource_kind.is_some(), arn.is_some(), "the catalog knows no kind for {resource_type}");
        }
    }

    #[test]
    fn the_preference_tells_which_saving_it_is() {
        let (resource_type, arn) = ("EbsVolume", Some("arn:aws:ec2:us-east-1:111122223333:volume/vol-1"));
        let before = hear(&item(resource_type, arn), Some(&SavingsEstimationMode::BeforeDiscounts)).unwrap();
        assert_eq!((before.monthly_savings, before.monthly_savings_before_discounts.is_some()), (None, true));
        let after = hear(&item(resource_type, arn), Some(&SavingsEstimationMode::AfterDiscounts)).unwrap();
        assert_eq!(after.monthly_savings.map(|money| money.to_string()).as_deref(), Some("60.74 USD"));
        assert_eq!(after.reasons.iter().map(|reason| &**reason).collect::<Vec<_>>(), ["from ComputeOptimizer", "needs a restart"]);
        assert_eq!(hear(&Recommendation::builder().build(), None), None);
    }
}
