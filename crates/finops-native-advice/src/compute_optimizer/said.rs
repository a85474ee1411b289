//! What each list of Compute Optimizer says, as advice.
//!
//! What it finds well sized is no advice, and what it finds too small is none to save by. Of several options the first in rank counts.
//! Savings come at list prices and after discounts.
//! Source: <https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ec2-recommendations.html> and the pages of the other
//! resources beside it.

use std::sync::Arc;

use aws_sdk_computeoptimizer::types::{
    AutoScalingGroupRecommendation, DbStorageConfiguration, EcsServiceRecommendation, IdleRecommendation, IdleRecommendationResourceType,
    InstanceRecommendation, LambdaFunctionRecommendation, LicenseRecommendation, PlatformDifference, RdsdbRecommendation,
    VolumeConfiguration, VolumeRecommendation,
};
use finops_domain::advice::{AdviceSource, AdvisedAction, NativeAdvice};

use crate::figures::{advice, days, kind_of, measured, money, text, timestamp, without_version};

/// The saving of an option's opportunity, in either form.
macro_rules! saved {
    ($opportunity:expr) => {
        $opportunity
            .and_then(|opportunity| opportunity.estimated_monthly_savings())
            .and_then(|saving| money(saving.value(), saving.currency().map(|currency| currency.as_str())))
    };
}

/// Metrics of any of its types.
macro_rules! metrics {
    ($metrics:expr) => {
        measured(
            $metrics
                .iter()
                .map(|metric| (metric.name().map(|name| name.as_str()), metric.statistic().map(|it| it.as_str()), metric.value())),
        )
    };
}

/// Reason codes of any of its types.
macro_rules! reasons {
    ($codes:expr) => {
        $codes.iter().map(|code| Arc::from(code.as_str())).collect()
    };
}

/// Advice about a resource, by its ARN; `None` without one.
fn of(resource_type: &str, arn: Option<&str>, account: Option<&str>, action: AdvisedAction) -> Option<NativeAdvice> {
    let arn = arn.filter(|arn| !arn.is_empty())?;
    let mut said = advice(AdviceSource::ComputeOptimizer, format!("{resource_type}/{arn}"), resource_type, action);
    said.resource_kind = kind_of(arn);
    said.resource_id = Some(arn.into());
    said.sub_account_id = account.map(Into::into);
    said.region_id = text(arn.split(':').nth(3)).map(Into::into);
    Some(said)
}

/// Whether a code is one of some, in lower case: the service's model says `Overprovisioned`, recorded answers of 2024 say
/// `OVER_PROVISIONED`.
fn is_one_of(code: Option<&str>, codes: &[&str]) -> bool {
    let code: String = code.unwrap_or_default().chars().filter(|character| *character != '_').collect();
    codes.contains(&code.to_lowercase().as_str())
}

/// Findings of what can be had for less.
const TOO_LARGE: [&str; 2] = ["overprovisioned", "notoptimized"];

pub(super) fn instance(instance: &InstanceRecommendation) -> Option<NativeAdvice> {
    let is_too_large = is_one_of(instance.finding().map(aws_sdk_computeoptimizer::types::Finding::as_str), &TOO_LARGE);
    let option = instance.recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_too_large)?;
    let is_other_architecture = option.platform_differences().contains(&PlatformDifference::Architecture);
    let action = if is_other_architecture { AdvisedAction::MigrateToGraviton } else { AdvisedAction::Rightsize };
    let mut said = of("Ec2Instance", instance.instance_arn(), instance.account_id(), action)?;
    said.current = text(instance.current_instance_type());
    said.recommended = text(option.instance_type());
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.lookback_days = days(instance.look_back_period_in_days());
    said.reasons = reasons!(instance.finding_reason_codes());
    said.measured = metrics!(instance.utilization_metrics());
    said.refreshed_at = timestamp(instance.last_refresh_timestamp());
    Some(said)
}

pub(super) fn auto_scaling_group(group: &AutoScalingGroupRecommendation) -> Option<NativeAdvice> {
    let is_too_large = is_one_of(group.finding().map(aws_sdk_computeoptimizer::types::Finding::as_str), &TOO_LARGE);
    let option = group.recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_too_large)?;
    let mut said = of("Ec2AutoScalingGroup", group.auto_scaling_group_arn(), group.account_id(), AdvisedAction::Rightsize)?;
    said.current = group.current_configuration().and_then(|current| text(current.instance_type()));
    said.recommended = option.configuration().and_then(|recommended| text(recommended.instance_type()));
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.lookback_days = days(group.look_back_period_in_days());
    said.measured = metrics!(group.utilization_metrics());
    said.refreshed_at = timestamp(group.last_refresh_timestamp());
    Some(said)
}

pub(super) fn volume(volume: &VolumeRecommendation) -> Option<NativeAdvice> {
    let is_not_optimized = is_one_of(volume.finding().map(aws_sdk_computeoptimizer::types::EbsFinding::as_str), &TOO_LARGE);
    let option = volume.volume_recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_not_optimized)?;
    let (current, recommended) = (volume.current_configuration()?, option.configuration()?);
    let is_other_type = current.volume_type() != recommended.volume_type();
    let action = if is_other_type { AdvisedAction::Upgrade } else { AdvisedAction::Rightsize };
    let mut said = of("EbsVolume", volume.volume_arn(), volume.account_id(), action)?;
    said.current = volume_words(current);
    said.recommended = volume_words(recommended);
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.lookback_days = days(volume.look_back_period_in_days());
    said.measured = metrics!(volume.utilization_metrics());
    said.refreshed_at = timestamp(volume.last_refresh_timestamp());
    Some(said)
}

fn volume_words(volume: &VolumeConfiguration) -> Option<Arc<str>> {
    let mut words = format!("{} {} GiB", volume.volume_type()?, volume.volume_size());
    for (count, unit) in [(volume.volume_baseline_iops(), "IOPS"), (volume.volume_baseline_throughput(), "MiB/s")] {
        if count > 0 {
            words = format!("{words}, {count} {unit}");
        }
    }
    Some(words.into())
}

pub(super) fn function(function: &LambdaFunctionRecommendation) -> Option<NativeAdvice> {
    let is_too_large =
        is_one_of(function.finding().map(aws_sdk_computeoptimizer::types::LambdaFunctionRecommendationFinding::as_str), &TOO_LARGE)
            && !function.finding_reason_codes().iter().any(|code| is_one_of(Some(code.as_str()), &["memoryunderprovisioned"]));
    let option = function.memory_size_recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_too_large)?;
    let mut said = of("LambdaFunction", function.function_arn().map(without_version), function.account_id(), AdvisedAction::Rightsize)?;
    said.advice_id = format!("LambdaFunction/{}", function.function_arn()?).into();
    said.current = Some(format!("{} MB", function.current_memory_size()).into());
    said.recommended = Some(format!("{} MB", option.memory_size()).into());
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.lookback_days = days(function.lookback_period_in_days());
    said.reasons = reasons!(function.finding_reason_codes());
    said.measured = metrics!(function.utilization_metrics());
    said.measured.insert("invocations".into(), function.number_of_invocations().to_string().into());
    said.refreshed_at = timestamp(function.last_refresh_timestamp());
    Some(said)
}

pub(super) fn ecs_service(service: &EcsServiceRecommendation) -> Option<NativeAdvice> {
    let is_advice = is_one_of(service.launch_type().map(aws_sdk_computeoptimizer::types::EcsServiceLaunchType::as_str), &["fargate"])
        && is_one_of(service.finding().map(aws_sdk_computeoptimizer::types::EcsServiceRecommendationFinding::as_str), &TOO_LARGE);
    // These have no rank; the first is the best.
    let option = service.service_recommendation_options().first().filter(|_| is_advice)?;
    let mut said = of("EcsService", service.service_arn(), service.account_id(), AdvisedAction::Rightsize)?;
    let words = |cpu: Option<i32>, memory: Option<i32>| Some(Arc::from(format!("{} CPU units, {} MB", cpu?, memory?)));
    said.current = service.current_service_configuration().and_then(|current| words(current.cpu(), current.memory()));
    said.recommended = words(option.cpu(), option.memory());
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.lookback_days = days(service.lookback_period_in_days());
    said.reasons = reasons!(service.finding_reason_codes());
    said.measured = metrics!(service.utilization_metrics());
    said.refreshed_at = timestamp(service.last_refresh_timestamp());
    Some(said)
}

pub(super) fn database(database: &RdsdbRecommendation) -> Option<NativeAdvice> {
    let is_too_large = is_one_of(database.instance_finding().map(aws_sdk_computeoptimizer::types::RdsInstanceFinding::as_str), &TOO_LARGE);
    let option = database.instance_recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_too_large)?;
    let mut said = of("RdsDbInstance", database.resource_arn(), database.account_id(), AdvisedAction::Rightsize)?;
    said.current = text(database.current_db_instance_class());
    said.recommended = text(option.db_instance_class());
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.reasons = reasons!(database.instance_finding_reason_codes());
    Some(measured_database(said, database))
}

pub(super) fn database_storage(database: &RdsdbRecommendation) -> Option<NativeAdvice> {
    let is_advice = is_one_of(database.storage_finding().map(aws_sdk_computeoptimizer::types::RdsStorageFinding::as_str), &TOO_LARGE);
    let option = database.storage_recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_advice)?;
    let (current, recommended) = (database.current_storage_configuration()?, option.storage_configuration()?);
    let is_other_type = current.storage_type() != recommended.storage_type();
    let action = if is_other_type { AdvisedAction::Upgrade } else { AdvisedAction::Rightsize };
    let mut said = of("RdsDbInstanceStorage", database.resource_arn(), database.account_id(), action)?;
    said.current = storage_words(current);
    said.recommended = storage_words(recommended);
    said.monthly_savings = saved!(option.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.reasons = reasons!(database.storage_finding_reason_codes());
    Some(measured_database(said, database))
}

fn measured_database(mut said: NativeAdvice, database: &RdsdbRecommendation) -> NativeAdvice {
    said.lookback_days = days(database.lookback_period_in_days());
    said.measured = metrics!(database.utilization_metrics());
    said.refreshed_at = timestamp(database.last_refresh_timestamp());
    said
}

fn storage_words(storage: &DbStorageConfiguration) -> Option<Arc<str>> {
    let mut words = format!("{} {} GiB", storage.storage_type()?, storage.allocated_storage());
    if let Some(iops) = storage.iops() {
        words = format!("{words}, {iops} IOPS");
    }
    Some(words.into())
}

pub(super) fn license(license: &LicenseRecommendation) -> Option<NativeAdvice> {
    let is_advice = is_one_of(license.finding().map(aws_sdk_computeoptimizer::types::LicenseFinding::as_str), &TOO_LARGE);
    let option = license.license_recommendation_options().iter().min_by_key(|option| option.rank()).filter(|_| is_advice)?;
    let mut said = of("License", license.resource_arn(), license.account_id(), AdvisedAction::Other)?;
    said.current = license.current_license_configuration().and_then(|current| {
        let name = current.license_name().map(aws_sdk_computeoptimizer::types::LicenseName::as_str);
        let edition = current.license_edition().map(aws_sdk_computeoptimizer::types::LicenseEdition::as_str);
        text(Some(&[name, edition].into_iter().flatten().collect::<Vec<_>>().join(" ")))
    });
    said.recommended = option.license_edition().map(|edition| Arc::from(edition.as_str()));
    said.monthly_savings_before_discounts = saved!(option.savings_opportunity());
    said.lookback_days = days(license.lookback_period_in_days());
    said.reasons = reasons!(license.finding_reason_codes());
    said.refreshed_at = timestamp(license.last_refresh_timestamp());
    Some(said)
}

/// What to do about what nothing uses: stop what can be started again, delete the rest, as Cost Optimization Hub does.
pub(super) fn idle(idle: &IdleRecommendation) -> Option<NativeAdvice> {
    use IdleRecommendationResourceType as T;
    let resource_type = idle.resource_type()?;
    let action = match resource_type {
        T::Ec2Instance | T::RdsDbInstance => AdvisedAction::Stop,
        T::AutoScalingGroup => AdvisedAction::ScaleIn,
        _ => AdvisedAction::Delete,
    };
    let mut said = of(resource_type.as_str(), idle.resource_arn(), idle.account_id(), action)?;
    said.advice_id = format!("idle/{}", idle.resource_arn()?).into();
    said.monthly_savings = saved!(idle.savings_opportunity_after_discounts());
    said.monthly_savings_before_discounts = saved!(idle.savings_opportunity());
    said.lookback_days = days(idle.look_back_period_in_days());
    let finding = idle.finding().map(|finding| Arc::from(finding.as_str()));
    said.reasons = finding.into_iter().chain(text(idle.finding_description())).collect();
    said.measured = metrics!(idle.utilization_metrics());
    said.refreshed_at = timestamp(idle.last_refresh_timestamp());
    Some(said)
}

#[cfg(test)]
mod tests {
    use aws_sdk_computeoptimizer::types::{
        Currency, EbsFinding, EstimatedMonthlySavings, Finding, IdleFinding, InstanceEstimatedMonthlySavings, InstanceRecommendationOption,
        InstanceSavingsOpportunityAfterDiscounts, LambdaFunctionMemoryRecommendationOption, LambdaFunctionRecommendationFinding,
        LambdaFunctionRecommendationFindingReasonCode as FunctionReason, MetricName, MetricStatistic, SavingsOpportunity,
        UtilizationMetric, VolumeRecommendationOption,
    };

    use super::*;

    fn at_list_price(amount: f64) -> SavingsOpportunity {
        let saving = EstimatedMonthlySavings::builder().currency(Currency::Usd).value(amount).build();
        SavingsOpportunity::builder().estimated_monthly_savings(saving).build()
    }

    #[test]
    fn of_an_instance_the_first_option_counts() {
        let after = InstanceEstimatedMonthlySavings::builder().currency(Currency::Usd).value(98.81).build();
        let after = InstanceSavingsOpportunityAfterDiscounts::builder().estimated_monthly_savings(after).build();
        let option = |name: &str, rank| {
            InstanceRecommendationOption::builder().instance_type(name).rank(rank).savings_opportunity(at_list_price(109.79))
        };
        let metric = UtilizationMetric::builder().name(MetricName::Cpu).statistic(MetricStatistic::Maximum).value(3.1).build();
        let built = |finding| {
            InstanceRecommendation::builder()
                .instance_arn("arn:aws:ec2:eu-west-1:111122223333:instance/i-1")
                .current_instance_type("m5.xlarge")
                .finding(finding)
                .look_back_period_in_days(14.0)
                .utilization_metrics(metric.clone())
                .recommendation_options(option("m5.large", 2).build())
                .recommendation_options(option("t3.medium", 1).savings_opportunity_after_discounts(after.clone()).build())
                .build()
        };
        let said = instance(&built(Finding::OverProvisioned)).unwrap();
        assert_eq!((said.action, said.recommended.as_deref(), said.lookback_days), (AdvisedAction::Rightsize, Some("t3.medium"), Some(14)));
        assert_eq!(said.resource_kind.as_ref().map(finops_domain::id::ResourceKind::as_str), Some("ec2:instance"));
        assert_eq!(said.region_id.as_ref().map(finops_domain::id::RegionId::as_str), Some("eu-west-1"));
        assert_eq!(said.monthly_savings.map(|money| money.amount.to_string()).as_deref(), Some("98.81"));
        assert_eq!(said.monthly_savings_before_discounts.map(|money| money.amount.to_string()).as_deref(), Some("109.79"));
        assert_eq!(said.measured.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(), ["Cpu Maximum=3.1"]);
        assert!(instance(&built(Finding::from("OVER_PROVISIONED"))).is_some(), "as recorded answers write it");
        assert_eq!(instance(&built(Finding::Optimized)), None);
        assert_eq!(instance(&built(Finding::UnderProvisioned)), None, "no advice to save by");
    }

    #[test]
    fn another_volume_type_is_an_upgrade_and_another_size_is_not() {
        let configuration =
            |name: &str, iops| VolumeConfiguration::builder().volume_type(name).volume_size(500).volume_baseline_iops(iops).build();
        let advise = |recommended| {
            let option =
                VolumeRecommendationOption::builder().configuration(recommended).rank(1).savings_opportunity(at_list_price(10.0)).build();
            volume(
                &VolumeRecommendation::builder()
                    .volume_arn("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1")
                    .finding(EbsFinding::NotOptimized)
                    .current_configuration(configuration("gp2", 1_500))
                    .volume_recommendation_options(option)
                    .build(),
            )
        };
        let upgrade = advise(configuration("gp3", 3_000)).unwrap();
        assert_eq!((upgrade.action, upgrade.recommended.as_deref()), (AdvisedAction::Upgrade, Some("gp3 500 GiB, 3000 IOPS")));
        assert_eq!(advise(configuration("gp2", 300)).map(|said| said.action), Some(AdvisedAction::Rightsize));
    }

    #[test]
    fn a_function_is_known_without_its_version() {
        let option = LambdaFunctionMemoryRecommendationOption::builder().rank(1).memory_size(512).build();
        let built = |reason| {
            LambdaFunctionRecommendation::builder()
                .function_arn("arn:aws:lambda:eu-west-1:111122223333:function:large:$LATEST")
                .finding(LambdaFunctionRecommendationFinding::NotOptimized)
                .finding_reason_codes(reason)
                .current_memory_size(3_008)
                .memory_size_recommendation_options(option.clone())
                .build()
        };
        let said = function(&built(FunctionReason::MemoryOverProvisioned)).unwrap();
        assert_eq!(said.resource_id.map(|id| id.to_string()).as_deref(), Some("arn:aws:lambda:eu-west-1:111122223333:function:large"));
        assert_eq!(said.monthly_savings, None, "what it does not say is missing, not zero");
        assert_eq!(function(&built(FunctionReason::MemoryUnderProvisioned)), None);
    }

    #[test]
    fn what_is_idle_is_stopped_or_deleted() {
        let advise = |resource_type, arn: &str| {
            let built = IdleRecommendation::builder().resource_arn(arn).resource_type(resource_type).finding(IdleFinding::Unused).build();
            idle(&built).map(|said| said.action)
        };
        let nat = "arn:aws:ec2:eu-west-1:111122223333:natgateway/nat-1";
        assert_eq!(advise(IdleRecommendationResourceType::NatGateway, nat), Some(AdvisedAction::Delete));
        let instance = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
        assert_eq!(advise(IdleRecommendationResourceType::Ec2Instance, instance), Some(AdvisedAction::Stop));
        assert_eq!(advise(IdleRecommendationResourceType::NatGateway, ""), None);
    }
}
