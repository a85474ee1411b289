//! Configuration items that AWS Config records.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct RecorderItems;

// Continuous recording is charged by the configuration item (0.003 USD in us-east-1), under the usage type
// `ConfigurationItemRecorded`; every change of a resource is one. Daily recording is dearer by the item and charges at
// most one a resource and day.
static META: CheckMeta = CheckMeta {
    id: "config.recorder-items",
    title: "AWS Config records many items",
    why: "AWS Config is charged by the change: resources that come and go, like scaled instances and their network interfaces, are recorded each time.",
    source: "https://aws.amazon.com/config/pricing/",
    source_as_of: "2026-11-24",
    services: &["AWSConfig"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "20", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Medium,
    risk_note: "A rule or an auditor may need the changes that are no longer recorded.",
    effort: Effort::Medium,
    steps: &[
        "See which resource types change most in {region}: `aws configservice get-discovered-resource-counts --region {region}`, and CloudTrail or Athena over the configuration history.",
        "Exclude types that no rule needs, or record them daily: `aws configservice put-configuration-recorder`.",
        "Record global resource types such as IAM in one region alone.",
    ],
    rollback: "Put the recorder's former settings back: `aws configservice put-configuration-recorder`.",
};

impl Check for RecorderItems {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let recorded = context.usage().filter(|line| measures(&line.key, "AWSConfig", |measure| measure == "ConfigurationItemRecorded"));
        for (place, part) in by_place(recorded, Place::of) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("AWS Config records many changes in {}", place.name());
                let items = Evidence::from_bill("configuration_items", part.quantity(), "items", part.source());
                output.findings.push(part.investigation(&place, "configuration-items", title, vec![items]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn many_items_are_worth_a_look() {
        let run = run("config.recorder-items", &[usage("AWSConfig", "USE1-ConfigurationItemRecorded", "30000", "90.00")]);
        assert_eq!(run.findings[0].monthly_cost, dec("90.00"));
        assert_eq!(run.findings[0].evidence[1].value, dec("30000"));
    }

    #[test]
    fn few_items_and_rule_evaluations_are_not() {
        let rows = [
            usage("AWSConfig", "USE1-ConfigurationItemRecorded", "1000", "3.00"),
            usage("AWSConfig", "USE1-ConfigRuleEvaluations", "90000", "90.00"),
        ];
        assert!(run("config.recorder-items", &rows).findings.is_empty());
    }
}
