//! Usage that no tag puts down to anyone.

use rust_decimal::Decimal;

use crate::checks::part::{Place, by_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};

#[derive(Debug)]
pub(in crate::checks) struct UntaggedSpend;

// Only resources can be tagged, and only tags activated for cost allocation are on a bill. Rows without a resource
// (requests, transfer, support) are therefore left out where the bill names resources at all.
static META: CheckMeta = CheckMeta {
    id: "tagging.untagged-spend",
    title: "Spend without any tag",
    why: "What carries no tag can be charged to no team, and nobody feels that it is theirs to save.",
    source: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[
        Parameter { name: "max_untagged_share", default: "0.2", unit: "share", about: "Share of an account's taggable usage cost that may be without tags." },
        Parameter { name: "min_monthly_cost", default: "10", unit: "currency/month", about: "Less untagged spend is left out." },
    ],
    saving: "None: tags save nothing by themselves.",
    risk: Risk::Low,
    risk_note: "Policies that match on tags change what they apply to.",
    effort: Effort::Medium,
    steps: &[
        "Agree on a few keys: owner, environment, cost centre.",
        "Tag the dearest untagged resources first: Tag Editor, or `aws resourcegroupstaggingapi tag-resources`.",
        "Activate the keys for cost allocation in the management account.",
        "Require them with a tag policy, and in the templates that make resources.",
    ],
    rollback: "`aws resourcegroupstaggingapi untag-resources`.",
};

impl Check for UntaggedSpend {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        if !context.lines.iter().any(|line| line.key.has_tags == Some(true)) {
            let reason = "the bill has no tags: none are activated for cost allocation, or the export leaves them out".to_owned();
            output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
            return output;
        }
        let names_resources = context.usage().any(|line| line.key.has_resource == Some(true));
        let taggable = context.usage().filter(|line| !names_resources || line.key.has_resource == Some(true));
        for (place, part) in by_place(taggable, Place::of_account) {
            let untagged = part.of(|key| key.has_tags != Some(true));
            let share = untagged.cost().checked_div(part.cost()).unwrap_or(Decimal::ZERO).round_dp(4);
            let is_dear = context.window.to_month(untagged.cost()) >= context.parameter("min_monthly_cost");
            if !is_dear || share <= context.parameter("max_untagged_share") {
                continue;
            }
            let title = format!("Spend of {} carries no tag", place.name());
            let evidence = vec![
                part.cost_evidence("taggable_cost", &place.currency),
                Evidence::from_bill("untagged_share", share, "share", "untagged part of what can be tagged"),
            ];
            output.findings.push(untagged.investigation(&place, "untagged", title, evidence));
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::charge::Charge;
    use crate::checks::testing::{dec, run, usage};

    fn tagged(mut row: Charge) -> Charge {
        std::sync::Arc::make_mut(&mut row.tags).insert("team".into(), "search".into());
        row
    }

    fn instance(id: &str, cost: &str) -> Charge {
        usage("AmazonEC2", "BoxUsage:m5.large", "1", cost).with_resource(id)
    }

    #[test]
    fn an_account_with_much_untagged_spend_is_worth_a_look() {
        let run = run("tagging.untagged-spend", &[tagged(instance("i-1", "60.00")), instance("i-2", "40.00")]);
        assert_eq!(run.findings[0].monthly_cost, dec("40.00"));
        assert_eq!(run.findings[0].evidence[2].value, dec("0.4"));
    }

    #[test]
    fn what_cannot_be_tagged_does_not_count() {
        let rows = [tagged(instance("i-1", "60.00")), usage("AmazonEC2", "DataTransfer-Out-Bytes", "1000", "90.00")];
        assert!(run("tagging.untagged-spend", &rows).findings.is_empty());
    }

    #[test]
    fn each_account_is_judged_by_itself() {
        let rows = [tagged(instance("i-1", "900.00")), instance("i-2", "40.00").with_account("444455556666")];
        let run = run("tagging.untagged-spend", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].sub_account_id.as_ref().unwrap().as_str(), "444455556666");
    }

    #[test]
    fn a_bill_without_tags_is_not_judged() {
        let run = run("tagging.untagged-spend", &[instance("i-2", "40.00")]);
        assert!(run.findings.is_empty());
        assert_eq!(run.not_evaluated.len(), 1);
    }
}
