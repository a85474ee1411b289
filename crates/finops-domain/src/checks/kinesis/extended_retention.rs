//! Kinesis streams that keep their records for longer than a day.

use crate::charge::ChargeKey;
use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct ExtendedRetention;

// A provisioned stream keeps records for 24 hours in the price of its shards; up to seven days is charged by the shard-hour
// (0.02 USD in us-east-1, more than the shard's own 0.015), under `Extended-ShardHour`.
static META: CheckMeta = CheckMeta {
    id: "kinesis.extended-retention",
    title: "Streams keep records beyond a day",
    why: "Retention beyond 24 hours costs more than the shards themselves, and matters only while a consumer is behind.",
    source: "https://aws.amazon.com/kinesis/data-streams/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonKinesis"],
    parameters: &[Parameter { name: "min_monthly_cost", default: "10", unit: "currency/month", about: "Cheaper parts of the spend are left out." }],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::High,
    risk_note: "A consumer that is down for longer than the retention loses records.",
    effort: Effort::Low,
    steps: &[
        "Look at GetRecords.IteratorAgeMilliseconds of the consumers of {resource}: how far are they ever behind?",
        "Shorten it: `aws kinesis decrease-stream-retention-period --stream-name NAME --retention-period-hours 24 --region {region}`.",
    ],
    rollback: "`aws kinesis increase-stream-retention-period`; records already dropped are gone.",
};

impl Check for ExtendedRetention {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_meant = |key: &ChargeKey| measures(key, "AmazonKinesis", |measure| measure == "Extended-ShardHour");
        for (place, part) in usage_by_resource_or_place(context, is_meant) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Kinesis records in {} are kept for longer than a day", place.name());
                let quantity = Evidence::from_bill("shard_hours", part.quantity(), "shard-hours", part.source());
                output.findings.push(part.investigation(&place, "extended-retention", title, vec![quantity]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn extended_retention_is_worth_a_look() {
        let stream = "arn:aws:kinesis:us-east-1:111122223333:stream/clicks";
        let run = run("kinesis.extended-retention", &[usage("AmazonKinesis", "USE1-Extended-ShardHour", "7300", "146.00").with_resource(stream)]);
        assert_eq!(run.findings[0].monthly_cost, dec("146.00"));
        assert_eq!(run.findings[0].title, "Kinesis records in clicks are kept for longer than a day");
    }

    #[test]
    fn shards_themselves_are_not_meant() {
        assert!(run("kinesis.extended-retention", &[usage("AmazonKinesis", "Storage-ShardHour", "7300", "109.50")]).findings.is_empty());
    }
}
