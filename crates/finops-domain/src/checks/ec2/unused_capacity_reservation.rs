//! Capacity of EC2 that is reserved and empty.

use crate::charge::{ChargeKey, PricingCategory};
use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

#[derive(Debug)]
pub(in crate::checks) struct UnusedCapacityReservation;

// An On-Demand Capacity Reservation is charged at the on-demand rate whether an instance runs in it or not. The empty
// part has usage types of its own, `UnusedBox:m5.large` and `UnusedDed:…` for dedicated tenancy; what runs in it is
// charged as `BoxUsage`. Empty capacity that a savings plan or reservation pays for saves nothing by itself and is
// left out.
static META: CheckMeta = CheckMeta {
    id: "ec2.unused-capacity-reservation",
    title: "Reserved capacity without instances in it",
    why: "A capacity reservation costs the same whether instances run in it or not, and is easily forgotten after a launch or a migration.",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[Parameter { name: "min_monthly_cost", default: "5", unit: "currency/month", about: "Cheaper reservations are left out." }],
    saving: "All that the empty part of the reservation costs at on-demand prices.",
    risk: Risk::Medium,
    risk_note: "The capacity may be held on purpose, for failover or an event, and may not be had again.",
    effort: Effort::Low,
    steps: &[
        "See total and available instances: `aws ec2 describe-capacity-reservations --region {region}`.",
        "Ask whether it is held on purpose.",
        "Lower or cancel it: `aws ec2 modify-capacity-reservation --instance-count N` or `aws ec2 cancel-capacity-reservation --capacity-reservation-id ID --region {region}`.",
    ],
    rollback: "Create it again, if the zone then has the capacity.",
};

impl Check for UnusedCapacityReservation {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_empty = |key: &ChargeKey| {
            key.pricing_category != Some(PricingCategory::Committed)
                && measures(key, "AmazonEC2", |measure| measure == "UnusedBox" || measure == "UnusedDed")
        };
        for (place, part) in usage_by_resource_or_place(context, is_empty) {
            if context.window.to_month(part.cost()) < context.parameter("min_monthly_cost") {
                continue;
            }
            output.findings.push(FindingDraft {
                title: format!("Capacity is reserved in {} and no instance runs in it", place.name()),
                kind: FindingKind::Recommendation,
                subject: place.subject("unused-capacity"),
                resource_id: place.resource_id.clone(),
                resource_kind: place.resource_id.as_ref().map(|_| "ec2:capacity-reservation".into()),
                sub_account_id: place.sub_account_id.clone(),
                region_id: place.region_id.clone(),
                service_name: part.service_name(),
                formula: Some("unused_capacity_cost"),
                basis: SavingsBasis::Measured,
                // The bill is certain that it was empty, not that it is not held on purpose.
                confidence: Confidence::Medium,
                evidence: vec![
                    part.cost_evidence("unused_capacity_cost", &place.currency),
                    Evidence::from_bill("unused_instance_hours", part.quantity(), "hours", part.source()),
                ],
                claims: part.claims(),
            });
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::charge::PricingCategory;
    use crate::checks::testing::{cents, dec, run, usage};

    const RESERVATION: &str = "arn:aws:ec2:us-east-1:111122223333:capacity-reservation/cr-0a";

    #[test]
    fn the_empty_part_is_saved_whole() {
        // Two m5.large at 0.096 USD for 730 hours; a third one is in use.
        let rows = [
            usage("AmazonEC2", "UnusedBox:m5.large", "1460", "140.16").with_resource(RESERVATION),
            usage("AmazonEC2", "BoxUsage:m5.large", "730", "70.08").with_resource("i-0a"),
        ];
        let run = run("ec2.unused-capacity-reservation", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("140.16"));
        assert_eq!(run.findings[0].title, "Capacity is reserved in cr-0a and no instance runs in it");
    }

    #[test]
    fn empty_capacity_that_a_commitment_pays_for_saves_nothing_by_itself() {
        let row = usage("AmazonEC2", "UnusedBox:m5.large", "730", "44.00").with_pricing(PricingCategory::Committed);
        assert!(run("ec2.unused-capacity-reservation", &[row]).findings.is_empty());
    }

    #[test]
    fn a_few_empty_hours_while_instances_change_are_in_order() {
        assert!(run("ec2.unused-capacity-reservation", &[usage("AmazonEC2", "EU-UnusedBox:m5.large", "4", "0.43")]).findings.is_empty());
    }
}
