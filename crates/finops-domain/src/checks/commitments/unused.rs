//! Commitments that were paid and not used.

use rust_decimal::Decimal;

use crate::charge::{ChargeGroup, ChargeKey, CommitmentDiscountStatus};
use crate::checks::part::{Place, by_place, is_spend};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct UnusedCommitment;

// FOCUS: CommitmentDiscountStatus is `Unused` on rows of a commitment that nothing was charged against; their
// EffectiveCost is what the unused part cost.
static META: CheckMeta = CheckMeta {
    id: "commitments.unused",
    title: "Commitments that nothing used",
    why: "A savings plan or reservation is paid by the hour whether it is used or not; an unused hour is lost.",
    source: "https://focus.finops.org/focus-specification/v1-2/",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "1", unit: "currency/month", about: "Cheaper waste is left out." },
        Parameter { name: "min_unused_share", default: "0.01", unit: "share", about: "Commitments of which less than this was unused are left out." },
    ],
    saving: "None is claimed: the money is spent until the commitment ends, and comes back only as far as usage can be moved under it or the reservation be sold or exchanged. The cost of the unused part is shown.",
    risk: Risk::Low,
    risk_note: "Selling or exchanging is final.",
    effort: Effort::Medium,
    steps: &[
        "See whether sharing of commitments is on for all accounts of the organization: Billing, preferences.",
        "Move usage under it: the instance family, region or service that it was bought for.",
        "Sell standard EC2 reservations on the Reserved Instance Marketplace, exchange convertible ones; a savings plan bought within the last 7 days, in the same month, can be returned within AWS's limits.",
        "Do not renew it at this size.",
    ],
    rollback: "Nothing to take back until something is sold or exchanged.",
};

impl Check for UnusedCommitment {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let unused = context
            .lines
            .iter()
            .filter(|line| is_spend(line) && line.key.commitment_discount_status == Some(CommitmentDiscountStatus::Unused));
        // A commitment belongs to one account and is told apart by its id; the region is its rows' own matter.
        for (place, part) in by_place(unused, |key| Place { resource_id: id_of(key), ..Place::of_account(key) }) {
            let used: Decimal = context.lines.iter().filter(|line| is_used(line, &place)).map(|line| line.costs.effective).sum();
            let share = part.cost().checked_div(part.cost() + used).unwrap_or_default().round_dp(4);
            let is_dear = context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost");
            if !is_dear || share < context.parameter("min_unused_share") {
                continue;
            }
            let kind = part.lines.first().and_then(|line| line.key.commitment_discount_type.as_deref()).unwrap_or("commitment").to_owned();
            let title = format!("Part of the {kind} {} was not used", place.name());
            let evidence = vec![
                Evidence::from_bill("used_cost", used, place.currency.to_string(), "effective cost of what the commitment covered"),
                Evidence::from_bill("unused_share", share, "share", "unused part of the commitment's effective cost"),
            ];
            output.findings.push(part.investigation(&place, "unused", title, evidence));
        }
        output
    }
}

fn id_of(key: &ChargeKey) -> Option<crate::id::ResourceId> {
    key.commitment_discount_id.as_deref().map(Into::into)
}

fn is_used(line: &ChargeGroup, place: &Place) -> bool {
    is_spend(line)
        && line.key.billing_currency == place.currency
        && line.key.commitment_discount_status == Some(CommitmentDiscountStatus::Used)
        && id_of(&line.key) == place.resource_id
}

#[cfg(test)]
mod tests {
    use crate::charge::{Charge, CommitmentDiscountStatus, PricingCategory};
    use crate::checks::testing::{dec, run, usage};

    const PLAN: &str = "arn:aws:savingsplans::111122223333:savingsplan/abc";

    fn committed(cost: &str, status: CommitmentDiscountStatus) -> Charge {
        let mut row = usage("AmazonEC2", "BoxUsage:m5.large", "100", cost).with_pricing(PricingCategory::Committed);
        row.commitment_discount_id = Some(PLAN.into());
        row.commitment_discount_type = Some("Savings Plan".into());
        row.commitment_discount_status = Some(status);
        row
    }

    #[test]
    fn the_unused_part_is_shown_and_no_saving_is_claimed() {
        let rows = [committed("60.00", CommitmentDiscountStatus::Used), committed("20.00", CommitmentDiscountStatus::Unused)];
        let run = run("commitments.unused", &rows);
        let finding = &run.findings[0];
        assert_eq!(finding.monthly_cost, dec("20.00"));
        assert!(finding.savings.is_none());
        let share = finding.evidence.iter().find(|evidence| evidence.name == "unused_share").unwrap();
        // 20 of 80.
        assert_eq!(share.value, dec("0.25"));
        assert_eq!(finding.title, "Part of the Savings Plan abc was not used");
    }

    #[test]
    fn a_commitment_in_full_use_is_in_order() {
        assert!(run("commitments.unused", &[committed("60.00", CommitmentDiscountStatus::Used)]).findings.is_empty());
    }

    #[test]
    fn a_few_unused_minutes_of_a_large_commitment_are_in_order() {
        let rows = [committed("6000.00", CommitmentDiscountStatus::Used), committed("20.00", CommitmentDiscountStatus::Unused)];
        assert!(run("commitments.unused", &rows).findings.is_empty());
    }
}
