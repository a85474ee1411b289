//! Commitments that ended and whose usage is now paid on demand.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::charge::{ChargeGroup, ChargeKey, CommitmentDiscountStatus, PricingCategory};
use crate::checks::history::of_month;
use crate::checks::part::{Part, Place, is_spend};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};
use crate::id::{Currency, SubAccountId};

#[derive(Debug)]
pub(in crate::checks) struct EndedCommitment;

// A bill has no end dates of commitments. What it says for certain: a commitment has rows, used or unused, for each
// month in which it is in force; one with rows in a month and none in the next whole month has ended in between.
static META: CheckMeta = CheckMeta {
    id: "commitments.ending",
    title: "A commitment ended, its usage is on demand",
    why: "When a savings plan or reservation ends, what it covered is charged at on-demand prices from the next hour on.",
    source: "https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[Parameter {
        name: "min_monthly_cost",
        default: "5",
        unit: "currency/month",
        about: "Least on-demand cost of what the commitment covered.",
    }],
    saving: "None: whether to commit again, and to how much, depends on what is planned. The on-demand cost is shown.",
    risk: Risk::High,
    risk_note: "A new commitment binds for one or three years.",
    effort: Effort::Medium,
    steps: &[
        "Ask whether the workload stays, and right-size it first.",
        "Compare with what other commitments now cover: Cost Explorer, coverage report.",
        "Buy for what will run all through the term, and queue the next purchase for the end of the term.",
    ],
    rollback: "A savings plan can be returned within 7 days of purchase, in the same month and within AWS's limits; reservations can be sold or exchanged at best.",
};

/// What a commitment covers, as far as the bill tells: where and what.
type Covered = (Option<SubAccountId>, Option<crate::id::RegionId>, Option<std::sync::Arc<str>>);

impl Check for EndedCommitment {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let Some(last) = context.window.months.last().copied() else { return output };
        let not_evaluated = |reason: &str| NotEvaluated { check_id: META.id.into(), resource_id: None, reason: reason.to_owned() };
        let lines = &context.bill.lines;
        if !lines.iter().any(|line| line.key.commitment_discount_id.is_some()) {
            return output;
        }
        if !context.window.is_complete {
            output.not_evaluated.push(not_evaluated("the last month is not whole"));
            return output;
        }
        let before = last.previous();
        if !lines.iter().any(|line| line.key.month() == Some(before)) {
            output.not_evaluated.push(not_evaluated("the bill has no month before the judged one"));
            return output;
        }
        let in_force: BTreeSet<&str> =
            of_month(lines, last, |_| true).filter_map(|line| line.key.commitment_discount_id.as_deref()).collect();
        let mut ended: BTreeMap<(Currency, &str), Vec<&ChargeGroup>> = BTreeMap::new();
        let is_used = |key: &ChargeKey| key.commitment_discount_status == Some(CommitmentDiscountStatus::Used);
        for line in of_month(lines, before, is_used).filter(|line| is_spend(line)) {
            if let Some(id) = line.key.commitment_discount_id.as_deref().filter(|id| !in_force.contains(id)) {
                ended.entry((line.key.billing_currency.clone(), id)).or_default().push(line);
            }
        }
        for ((currency, id), used) in ended {
            let covered: BTreeSet<Covered> = used.iter().map(|line| covered_by(&line.key)).collect();
            let is_on_demand = |key: &ChargeKey| {
                key.billing_currency == currency
                    && key.pricing_category == Some(PricingCategory::Standard)
                    && key.usage_type.is_some()
                    && covered.contains(&covered_by(key))
            };
            let part = Part { lines: context.usage().filter(|line| is_on_demand(&line.key)).collect() };
            let then: Decimal = of_month(lines, before, is_on_demand).filter(|line| is_spend(line)).map(|line| line.costs.effective).sum();
            let now: Decimal = of_month(lines, last, is_on_demand).filter(|line| is_spend(line)).map(|line| line.costs.effective).sum();
            // Where on-demand cost did not rise, the usage went away with the commitment or another one took over.
            if now <= then || context.window.to_month(part.cost()) < context.parameter("min_monthly_cost") {
                continue;
            }
            let owner = used.first().and_then(|line| line.key.sub_account_id.clone());
            let place = Place { currency: currency.clone(), sub_account_id: owner, region_id: None, resource_id: Some(id.into()) };
            let title = format!("The commitment {} ended and what it covered is now on demand", place.name());
            let committed_cost: Decimal = used.iter().map(|line| line.costs.effective).sum();
            let unit = currency.to_string();
            let evidence = vec![
                Evidence::from_bill("committed_cost_before", committed_cost, unit.clone(), format!("rows of the commitment in {before}")),
                Evidence::from_bill("on_demand_cost_before", then, unit.clone(), format!("the same usage on demand in {before}")),
                Evidence::from_bill("on_demand_cost_now", now, unit, format!("the same usage on demand in {last}")),
            ];
            output.findings.push(part.investigation(&place, "ended", title, evidence));
        }
        output
    }
}

fn covered_by(key: &ChargeKey) -> Covered {
    (key.sub_account_id.clone(), key.region_id.clone(), key.usage_type.clone())
}

#[cfg(test)]
mod tests {
    use crate::charge::{Charge, CommitmentDiscountStatus, PricingCategory};
    use crate::checks::testing::{dec, run, usage};

    fn on_demand(month: &str, cost: &str) -> Charge {
        usage("AmazonEC2", "BoxUsage:m5.large", "100", cost).in_month(month)
    }

    fn covered(month: &str, cost: &str) -> Charge {
        let mut row = on_demand(month, cost).with_pricing(PricingCategory::Committed);
        row.commitment_discount_id = Some("arn:aws:ec2:us-east-1:111122223333:reserved-instances/r-1".into());
        row.commitment_discount_type = Some("Reserved".into());
        row.commitment_discount_status = Some(CommitmentDiscountStatus::Used);
        row
    }

    #[test]
    fn usage_that_fell_to_on_demand_is_shown() {
        let run = run("commitments.ending", &[covered("2025-11", "45.00"), on_demand("2025-12", "74.40")]);
        let finding = &run.findings[0];
        // 74.40 in 744 hours: 0.10 an hour, 730 hours.
        assert_eq!(finding.monthly_cost.round_dp(2), dec("73.00"));
        assert_eq!(finding.title, "The commitment r-1 ended and what it covered is now on demand");
        assert!(finding.savings.is_none());
    }

    #[test]
    fn a_commitment_still_in_force_has_not_ended() {
        let rows = [covered("2025-11", "45.00"), covered("2025-12", "5.00"), on_demand("2025-12", "74.40")];
        assert!(run("commitments.ending", &rows).findings.is_empty());
    }

    #[test]
    fn usage_that_went_away_with_it_is_no_finding() {
        let rows = [covered("2025-11", "45.00"), on_demand("2025-11", "80.00"), on_demand("2025-12", "74.40")];
        assert!(run("commitments.ending", &rows).findings.is_empty());
    }

    #[test]
    fn one_month_tells_nothing() {
        let run = run("commitments.ending", &[covered("2025-12", "45.00")]);
        assert_eq!(run.not_evaluated[0].reason, "the bill has no month before the judged one");
    }
}
