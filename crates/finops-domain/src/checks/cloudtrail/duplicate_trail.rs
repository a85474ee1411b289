//! Management events that CloudTrail delivers a second time.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

#[derive(Debug)]
pub(in crate::checks) struct DuplicateTrail;

// AWS CloudTrail pricing: the first copy of management events in each region is free, every further copy is
// charged (2.00 USD for 100,000 events, us-east-1). The charge's usage type is `PaidEventsRecorded`; the free copy
// is `FreeEventsRecorded`, data events are `DataEventsRecorded` (price list of 2025-07).
static META: CheckMeta = CheckMeta {
    id: "cloudtrail.duplicate-trail",
    title: "Management events recorded more than once",
    why: "CloudTrail delivers one copy of management events free of charge; every further trail in the same region is paid by the event.",
    source: "https://aws.amazon.com/cloudtrail/pricing/",
    source_as_of: "2026-11-24",
    services: &["AWSCloudTrail"],
    parameters: &[Parameter { name: "min_monthly_cost", default: "1", unit: "currency/month", about: "Cheaper places are left out." }],
    saving: "All that PaidEventsRecorded costs: it is charged for second and further copies alone.",
    risk: Risk::Medium,
    risk_note: "A second trail may be there by rule: an archive in another account, or another team's alarms.",
    effort: Effort::Low,
    steps: &[
        "List the trails that log management events in {region}: `aws cloudtrail describe-trails --region {region}` and `aws cloudtrail get-event-selectors --trail-name NAME`.",
        "Keep one of them, best the organization's trail, and point every reader to its bucket.",
        "Stop the others, or take management events out of their selectors: `aws cloudtrail stop-logging --name NAME --region {region}`.",
    ],
    rollback: "`aws cloudtrail start-logging --name NAME`; events of the meantime are in the kept trail and in the event history of 90 days.",
};

impl Check for DuplicateTrail {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let paid = context.usage().filter(|line| measures(&line.key, "AWSCloudTrail", |measure| measure == "PaidEventsRecorded"));
        for (place, part) in by_place(paid, Place::of) {
            if context.window.to_month(part.cost()) < context.parameter("min_monthly_cost") {
                continue;
            }
            output.findings.push(FindingDraft {
                title: format!("Management events are recorded more than once in {}", place.name()),
                kind: FindingKind::Recommendation,
                subject: place.subject("paid-management-events"),
                resource_id: None,
                resource_kind: None,
                sub_account_id: place.sub_account_id.clone(),
                region_id: place.region_id.clone(),
                service_name: part.service_name(),
                formula: Some("paid_copies_cost"),
                basis: SavingsBasis::Measured,
                // The bill is certain of the copies, not of whether someone must keep one.
                confidence: Confidence::Medium,
                evidence: vec![
                    part.cost_evidence("paid_copies_cost", &place.currency),
                    Evidence::from_bill("paid_events", part.quantity(), "events", part.source()),
                ],
                claims: part.claims(),
            });
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};
    use crate::finding::SavingsBasis;

    #[test]
    fn all_paid_copies_are_saved() {
        // 1,234,500 events at 2.00 USD for 100,000.
        let run = run("cloudtrail.duplicate-trail", &[usage("AWSCloudTrail", "USE1-PaidEventsRecorded", "1234500", "24.69")]);
        assert_eq!(cents(&run.findings[0]), dec("24.69"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Measured);
    }

    #[test]
    fn data_events_and_the_free_copy_are_no_duplicates() {
        let rows = [
            usage("AWSCloudTrail", "USE1-DataEventsRecorded", "90000000", "90.00"),
            usage("AWSCloudTrail", "USE1-FreeEventsRecorded", "5000000", "0"),
            usage("AWSCloudTrail", "USE1-PaidEventsRecorded", "100", "0.002"),
        ];
        assert!(run("cloudtrail.duplicate-trail", &rows).findings.is_empty());
    }

    #[test]
    fn a_bill_without_usage_types_is_not_judged() {
        let run = run("cloudtrail.duplicate-trail", &[usage("AWSCloudTrail", "x", "1", "50").without_usage_type()]);
        assert!(run.findings.is_empty());
        assert_eq!(run.not_evaluated.len(), 1);
    }
}
