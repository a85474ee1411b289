//! Trusted Advisor: its cost checks.
//!
//! It needs a Business, Enterprise On-Ramp or Enterprise support plan; without one it refuses.
//! Source: <https://docs.aws.amazon.com/awssupport/latest/user/get-started-with-aws-trusted-advisor-api.html>, read 2026-11-24. One
//! region of a partition answers for all.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_trustedadvisor::types::{
    ExclusionStatus, RecommendationPillar, RecommendationResourceSummary, RecommendationStatus, RecommendationSummary, ResourceStatus,
};
use finops_aws::client;
use finops_aws::operations::trustedadvisor::{LIST_CHECKS, LIST_RECOMMENDATION_RESOURCES, LIST_RECOMMENDATIONS};
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_domain::advice::{AdviceSource, AdvisedAction, NativeAdvice};
use finops_domain::coverage::CoverageStatus;
use finops_domain::ports::{Gap, PortError, PortErrorKind};
use finops_domain::scope::Partition;
use futures::{StreamExt, stream};

use crate::collect::Heard;
use crate::figures::{advice, arn_of, kind_of, money, text, timestamp};

/// What switches it on, in words: no command does.
const REMEDY: &str = "Trusted Advisor's cost checks need a Business support plan or better; without one, leave it";

/// The greatest pages, by the service's model, read 2026-11-24.
const PAGE_SIZE: i32 = 200;
const RESOURCES_PAGE_SIZE: i32 = 5_000;

/// Recommendations whose resources are asked for at the same time.
const CONCURRENT: usize = 4;

/// Names of a check's columns, by number.
type Columns = HashMap<String, String>;

/// What Trusted Advisor says of the place's account.
pub(crate) async fn hear(place: &Place) -> Heard {
    let mut heard = Heard::default();
    if place.partition != Partition::Aws {
        heard.is_off(&LIST_RECOMMENDATIONS, format!("Trusted Advisor is not asked in the partition {}", place.partition), None);
        return heard;
    }
    let recommendations = match recommendations(place).await {
        Ok(recommendations) => recommendations,
        Err(error) => {
            heard.gaps.push(refusal(&error));
            return heard;
        }
    };
    let flagged = recommendations.into_iter().filter(|one| one.status() != &RecommendationStatus::Ok).collect::<Vec<_>>();
    if flagged.is_empty() {
        return heard;
    }
    // Without them what the columns hold has numbers for names.
    let columns = columns(place).await.unwrap_or_else(|error| {
        heard.fail(&error);
        BTreeMap::new()
    });
    let asked: Vec<_> = flagged.iter().map(|one| resources(place, one)).collect();
    let answers: Vec<_> = stream::iter(asked).buffered(CONCURRENT).collect().await;
    let no_columns = Columns::new();
    for (recommendation, answer) in flagged.iter().zip(answers) {
        let columns = recommendation.check_arn().and_then(|arn| columns.get(arn)).unwrap_or(&no_columns);
        match answer {
            Ok(resources) => {
                let of_resources = resources.iter().filter_map(|resource| said(recommendation, resource, columns, place));
                heard.advice.extend(of_resources);
            }
            Err(error) => heard.fail(&error),
        }
    }
    heard
}

/// Who has no plan for it is refused in one of two ways; a principal without permission in the second of them too.
fn refusal(error: &PortError) -> Gap {
    let mut gap = Gap::from(error);
    if matches!(error.kind, PortErrorKind::Denied | PortErrorKind::NotEnabled) {
        gap.status = CoverageStatus::NotEnabled;
        gap.remedy = Some(gap.remedy.map_or_else(|| REMEDY.to_owned(), |allow| format!("{REMEDY}; with one, {allow}")));
    }
    gap
}

async fn recommendations(place: &Place) -> Result<Vec<RecommendationSummary>, PortError> {
    let request = client!(aws_sdk_trustedadvisor, place).list_recommendations();
    let pages = request.pillar(RecommendationPillar::CostOptimizing).max_results(PAGE_SIZE).into_paginator().send();
    let mut found = Vec::new();
    for_each_page(&LIST_RECOMMENDATIONS, place, pages, |page| found.extend_from_slice(page.recommendation_summaries())).await?;
    Ok(found)
}

async fn columns(place: &Place) -> Result<BTreeMap<String, Columns>, PortError> {
    let request = client!(aws_sdk_trustedadvisor, place).list_checks();
    let pages = request.pillar(RecommendationPillar::CostOptimizing).max_results(PAGE_SIZE).into_paginator().send();
    let mut found = BTreeMap::new();
    for_each_page(&LIST_CHECKS, place, pages, |page| {
        found.extend(page.check_summaries().iter().map(|check| (check.arn().to_owned(), check.metadata().clone())));
    })
    .await?;
    Ok(found)
}

async fn resources(place: &Place, recommendation: &RecommendationSummary) -> Result<Vec<RecommendationResourceSummary>, PortError> {
    let request = client!(aws_sdk_trustedadvisor, place).list_recommendation_resources().recommendation_identifier(recommendation.arn());
    let pages = request.max_results(RESOURCES_PAGE_SIZE).into_paginator().send();
    let mut found = Vec::new();
    for_each_page(&LIST_RECOMMENDATION_RESOURCES, place, pages, |page| {
        found.extend_from_slice(page.recommendation_resource_summaries());
    })
    .await?;
    Ok(found)
}

/// A resource that a check flagged, as advice; `None` where it is well, or someone decided to leave it.
fn said(
    recommendation: &RecommendationSummary,
    resource: &RecommendationResourceSummary,
    columns: &Columns,
    place: &Place,
) -> Option<NativeAdvice> {
    let is_left = resource.status() == &ResourceStatus::Ok || resource.exclusion_status() == &ExclusionStatus::Excluded;
    if is_left {
        return None;
    }
    let region = Some(resource.region_code()).filter(|region| !region.is_empty() && *region != "-");
    let id = text(Some(resource.aws_resource_id()));
    let arn = id.map(|id| arn_of(&id, place.partition, region.unwrap_or_default(), place.account.as_str()));
    let mut said = advice(AdviceSource::TrustedAdvisor, resource.arn(), recommendation.name(), action_of(recommendation.name()));
    said.sub_account_id = Some(place.account.clone());
    said.region_id = region.map(Into::into);
    said.resource_kind = arn.as_deref().and_then(kind_of);
    said.resource_id = arn.map(Into::into);
    said.reasons = vec![recommendation.name().into()];
    for (number, value) in resource.metadata() {
        let name = columns.get(number).map_or(number.as_str(), String::as_str);
        if !value.is_empty() {
            said.measured.insert(name.into(), value.as_str().into());
        }
    }
    // The check's total is of all its resources; of one only a column may tell.
    let named =
        |part: &str| said.measured.iter().find(|(name, _)| name.to_lowercase().contains(part)).and_then(|(_, value)| dollars(value));
    said.monthly_savings_before_discounts = named("estimated monthly savings").or_else(|| named("monthly savings"));
    said.monthly_cost = named("monthly storage cost").or_else(|| named("monthly cost"));
    said.refreshed_at = timestamp(Some(resource.last_updated_at()));
    Some(said)
}

/// `$1,234.50`
fn dollars(text: &str) -> Option<finops_domain::money::Money> {
    let digits: String = text.trim().strip_prefix('$')?.chars().filter(|character| *character != ',').collect();
    money(digits.parse().ok()?, Some("USD"))
}

/// What to do about a check's resources, by its name: the API does not say.
///
/// Source: <https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html>, names of the checks.
fn action_of(name: &str) -> AdvisedAction {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["reserved", "reservation"]) {
        AdvisedAction::PurchaseReservedInstances
    } else if has(&["savings plan"]) {
        AdvisedAction::PurchaseSavingsPlans
    } else if has(&["over-provisioned", "overprovisioned", "low utilization amazon ec2", "underutilized amazon redshift", "rightsiz"]) {
        AdvisedAction::Rightsize
    } else if has(&["previous generation", "consolidation"]) {
        AdvisedAction::Upgrade
    } else if has(&["ec2 instances stopped", "idle db", "idle rds"]) {
        AdvisedAction::Stop
    } else if has(&["idle", "unassociated", "underutilized amazon ebs", "inactive", "unused"]) {
        AdvisedAction::Delete
    } else {
        AdvisedAction::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_from_columns() {
        assert_eq!(dollars("$1,234.50").map(|money| money.amount.to_string()).as_deref(), Some("1234.5"));
        for text in ["10.00", "$", "$x", ""] {
            assert_eq!(dollars(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_checks_tell_what_to_do() {
        for (name, action) in [
            ("Underutilized Amazon EBS Volumes", AdvisedAction::Delete),
            ("Low Utilization Amazon EC2 Instances", AdvisedAction::Rightsize),
            ("Amazon EC2 Reserved Instance Lease Expiration", AdvisedAction::PurchaseReservedInstances),
            ("Idle Load Balancers", AdvisedAction::Delete),
            ("Amazon RDS Idle DB Instances", AdvisedAction::Stop),
            ("AWS Lambda Functions with Excessive Timeouts", AdvisedAction::Other),
        ] {
            assert_eq!(action_of(name), action, "{name}");
        }
    }

    #[test]
    fn a_refusal_says_what_it_may_mean() {
        let denied = PortError::new(PortErrorKind::Denied, LIST_RECOMMENDATIONS.action, "1/us-east-1");
        assert_eq!(refusal(&denied).status, CoverageStatus::NotEnabled);
        let slow = PortError::new(PortErrorKind::Throttled, LIST_RECOMMENDATIONS.action, "1/us-east-1");
        assert_eq!(refusal(&slow).status, CoverageStatus::Throttled);
    }
}
