//! Services that are on the bill for the first time.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::checks::history::earlier_months;
use crate::checks::part::{Place, by_place, is_spend};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};
use crate::id::{Currency, ResourceId, ServiceName};

#[derive(Debug)]
pub(in crate::checks) struct NewService;

static META: CheckMeta = CheckMeta {
    id: "cost.new-service",
    title: "A service on the bill for the first time",
    why: "A service nobody has seen on the bill before is a new project, an experiment left running, or someone else's use of the account.",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/cost_monitor_usage_detailed_source.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[
        Parameter { name: "min_history_months", default: "2", unit: "months", about: "Least number of months before the judged ones." },
        Parameter { name: "min_monthly_cost", default: "1", unit: "currency/month", about: "Services that cost less are left out." },
    ],
    saving: "None: whether the service is wanted is not on the bill.",
    risk: Risk::Low,
    risk_note: "Looking costs nothing.",
    effort: Effort::Low,
    steps: &[
        "See who started it: CloudTrail, the bill by account and tag.",
        "Where nobody knows it, treat it as a security matter first.",
        "Give it an owner, a tag and a budget.",
    ],
    rollback: "Nothing is changed.",
};

impl Check for NewService {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let history = earlier_months(context);
        let wanted = context.parameter("min_history_months");
        if Decimal::from(history.len()) < wanted {
            let reason = format!("needs {wanted} months before the judged ones, the bill has {}", history.len());
            output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
            return output;
        }
        // Any row counts as known, free usage as well.
        let known: BTreeSet<(&Currency, &ServiceName)> = context
            .bill
            .lines
            .iter()
            .filter(|line| line.key.month().is_some_and(|month| history.contains(&month)))
            .filter_map(|line| line.key.service_name.as_ref().map(|service| (&line.key.billing_currency, service)))
            .collect();
        let is_new = |service: &Option<ServiceName>, currency: &Currency| {
            service.as_ref().is_some_and(|service| !service.as_str().is_empty() && !known.contains(&(currency, service)))
        };
        let new = context.lines.iter().filter(|line| is_spend(line) && is_new(&line.key.service_name, &line.key.billing_currency));
        let by_service = by_place(new, |key| Place {
            currency: key.billing_currency.clone(),
            sub_account_id: None,
            region_id: None,
            resource_id: key.service_name.as_ref().map(|name| ResourceId::from(name.as_str())),
        });
        for (place, part) in by_service {
            if context.window.to_month(part.cost()) < context.parameter("min_monthly_cost") {
                continue;
            }
            let title = format!("{} is on the bill for the first time", place.name());
            let accounts: BTreeSet<_> = part.lines.iter().map(|line| &line.key.sub_account_id).collect();
            let evidence = vec![
                Evidence::from_bill("months_without_it", Decimal::from(history.len()), "months", "months before the judged ones"),
                Evidence::from_bill("accounts", Decimal::from(accounts.len()), "accounts", part.source()),
            ];
            let mut draft = part.investigation(&place, "new", title, evidence);
            draft.resource_id = None;
            output.findings.push(draft);
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn a_service_without_a_past_is_worth_a_look() {
        let rows = [
            usage("AmazonEC2", "BoxUsage:m5.large", "1", "70.00").in_month("2025-10"),
            usage("AmazonEC2", "BoxUsage:m5.large", "1", "70.00").in_month("2025-11"),
            usage("AmazonEC2", "BoxUsage:m5.large", "1", "70.00").in_month("2025-12"),
            usage("AmazonKendra", "KendraDeveloperEdition", "1", "744.00").in_month("2025-12"),
        ];
        let run = run("cost.new-service", &rows);
        assert_eq!(run.findings.len(), 1);
        // 1.00 an hour.
        assert_eq!(run.findings[0].monthly_cost.round_dp(2), dec("730.00"));
        assert_eq!(run.findings[0].title, "AmazonKendra is on the bill for the first time");
        assert!(run.findings[0].resource_id.is_none());
    }

    #[test]
    fn a_service_that_was_away_for_a_month_is_not_new() {
        let rows = [
            usage("AmazonKendra", "KendraDeveloperEdition", "1", "744.00").in_month("2025-10"),
            usage("AmazonEC2", "BoxUsage:m5.large", "1", "70.00").in_month("2025-11"),
            usage("AmazonKendra", "KendraDeveloperEdition", "1", "744.00").in_month("2025-12"),
        ];
        assert!(run("cost.new-service", &rows).findings.is_empty());
    }

    #[test]
    fn without_history_everything_would_be_new() {
        let run = run("cost.new-service", &[usage("AmazonEC2", "BoxUsage:m5.large", "1", "70.00")]);
        assert!(run.findings.is_empty());
        assert_eq!(run.not_evaluated[0].reason, "needs 2 months before the judged ones, the bill has 0");
    }
}
