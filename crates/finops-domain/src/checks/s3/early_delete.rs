//! Objects of S3 that were deleted before their class's minimum duration.

use crate::charge::ChargeKey;
use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct EarlyDelete;

// Standard-IA and One Zone-IA objects are charged for at least 30 days, Glacier Instant and Flexible Retrieval for 90, Deep
// Archive for 180; what is deleted, overwritten or moved on earlier is charged for the rest under `EarlyDelete-…`
// (S3 user guide, "Understanding your AWS billing and usage reports for Amazon S3").
static META: CheckMeta = CheckMeta {
    id: "s3.early-delete",
    title: "Objects deleted before their minimum duration",
    why: "Colder classes charge for a minimum duration: objects that do not live so long cost more there than in Standard.",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html",
    source_as_of: "2026-11-24",
    services: &["AmazonS3"],
    parameters: &[Parameter { name: "min_monthly_cost", default: "5", unit: "currency/month", about: "Cheaper parts of the spend are left out." }],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Low,
    risk_note: "Objects that stay in Standard cost more by the month than in a colder class.",
    effort: Effort::Low,
    steps: &[
        "Find what deletes or overwrites the objects of {resource} early: lifecycle rules that expire soon after a transition, backups that are replaced each week.",
        "Move such objects later or not at all, or expire them after the minimum duration.",
    ],
    rollback: "Put the former lifecycle rule back.",
};

impl Check for EarlyDelete {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_meant = |key: &ChargeKey| measures(key, "AmazonS3", |measure| measure.starts_with("EarlyDelete-"));
        for (place, part) in usage_by_resource_or_place(context, is_meant) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Objects in {} are deleted before their minimum duration", place.name());
                let quantity = Evidence::from_bill("charged_gb_months", part.quantity(), "GB-months", part.source());
                output.findings.push(part.investigation(&place, "early-delete", title, vec![quantity]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn early_deletes_are_shown_by_bucket() {
        let rows = [
            usage("AmazonS3", "USW2-EarlyDelete-ByteHrs", "5000", "20.00").with_resource("backups"),
            usage("AmazonS3", "USW2-EarlyDelete-SIA", "800", "10.00").with_resource("backups"),
            usage("AmazonS3", "USW2-EarlyDelete-SIA", "8", "0.10").with_resource("other"),
        ];
        let run = run("s3.early-delete", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].monthly_cost, dec("30.00"));
        assert_eq!(run.findings[0].title, "Objects in backups are deleted before their minimum duration");
    }

    #[test]
    fn storage_itself_is_not_meant() {
        assert!(run("s3.early-delete", &[usage("AmazonS3", "TimedStorage-SIA-ByteHrs", "8000", "100.00")]).findings.is_empty());
    }
}
