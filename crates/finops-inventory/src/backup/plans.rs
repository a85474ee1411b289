//! Plans, and what their rules keep.

use aws_sdk_backup::Client;
use aws_sdk_backup::types::BackupRule as SdkBackupRule;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::backup::{GET_BACKUP_PLAN, LIST_BACKUP_PLANS};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::ResourceDetails;
use finops_domain::resource::backup::{BackupPlanDetails, BackupRule};

use super::{PAGE_SIZE, days};
use crate::lister::{Listed, described, text, timestamp};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

pub(super) async fn plans(place: &Place) -> Listed {
    let client = client!(aws_sdk_backup, place);
    let mut listed = Listed::default();
    let mut ids: Vec<String> = Vec::new();
    let pages = client.list_backup_plans().max_results(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&LIST_BACKUP_PLANS, place, pages, |page, resources| {
            for plan in page.backup_plans_list() {
                let (Some(id), None) = (plan.backup_plan_id(), plan.deletion_date()) else { continue };
                let details = BackupPlanDetails { last_run_at: plan.last_execution_date().and_then(timestamp), rules: None };
                let arn = plan.backup_plan_arn().map_or_else(|| place.arn("backup", &format!("backup-plan:{id}")), str::to_owned);
                let mut resource = described(place, arn, "backup:backup-plan", details);
                resource.created_at = plan.creation_date().and_then(timestamp);
                resource.name = text(plan.backup_plan_name());
                ids.push(id.to_owned());
                resources.push(resource);
            }
        })
        .await;
    let found = ids.len();
    let calls: Vec<_> = ids.into_iter().take(MAX_ITEMS).map(|id| rules(place, &client, id)).collect();
    let answers = in_turn(calls).await;
    let (asked, mut failures) = (answers.len(), Failures::default());
    for (resource, answer) in listed.resources.iter_mut().zip(answers) {
        if let Some(ResourceDetails::BackupPlan(details)) = resource.details.as_deref_mut() {
            details.rules = failures.note(answer);
        }
    }
    failures.report(asked, &mut listed);
    report_left_out(&GET_BACKUP_PLAN, found, &mut listed);
    listed
}

async fn rules(place: &Place, client: &Client, id: String) -> Result<Vec<BackupRule>, PortError> {
    let answer = client.get_backup_plan().backup_plan_id(id).send().await;
    let answer = answer.map_err(|error| port_error(&GET_BACKUP_PLAN, place, error))?;
    Ok(answer.backup_plan().map(|plan| plan.rules().iter().map(rule).collect()).unwrap_or_default())
}

fn rule(rule: &SdkBackupRule) -> BackupRule {
    let lifecycle = rule.lifecycle();
    BackupRule {
        name: rule.rule_name().into(),
        vault_name: rule.target_backup_vault_name().into(),
        schedule: text(rule.schedule_expression()),
        is_continuous: rule.enable_continuous_backup().unwrap_or(false),
        delete_after_days: days(lifecycle.and_then(aws_sdk_backup::types::Lifecycle::delete_after_days)),
        cold_after_days: days(lifecycle.and_then(aws_sdk_backup::types::Lifecycle::move_to_cold_storage_after_days)),
        copy_vault_arns: rule.copy_actions().iter().map(|copy| copy.destination_backup_vault_arn().into()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_backup::types::Lifecycle;

    use super::*;

    #[test]
    fn a_rule_that_keeps_for_ever_says_so() {
        let lifecycle = Lifecycle::builder().delete_after_days(-1).move_to_cold_storage_after_days(30).build();
        let found = SdkBackupRule::builder().rule_name("daily").target_backup_vault_name("Default").lifecycle(lifecycle).build();
        let found = rule(&found.expect("a rule"));
        assert_eq!((found.delete_after_days, found.cold_after_days, found.is_continuous), (None, Some(30), false));
    }
}
