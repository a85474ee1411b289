//! KMS keys in great number.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::checks::unit_price::months_of;
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct KeySpread;

// A customer managed key costs 1.00 USD a month, and 1.00 more for each of its first two rotations; keys that AWS manages
// are free and on no bill. The usage type carries the region's own name: `eu-west-1-KMS-Keys`.
static META: CheckMeta = CheckMeta {
    id: "kms.key-spread",
    title: "Many KMS keys",
    why: "Each customer managed key costs by the month whether it is used or not, and keys of deleted stacks stay.",
    source: "https://aws.amazon.com/kms/pricing/",
    source_as_of: "2026-11-24",
    services: &["awskms"],
    parameters: &[
        Parameter { name: "max_keys", default: "20", unit: "keys", about: "Accounts and regions with this many keys or fewer are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::High,
    risk_note: "What a deleted key encrypted can never be read again.",
    effort: Effort::Medium,
    steps: &[
        "List the keys of {region} and when each was last used: `aws kms list-keys --region {region}`, CloudTrail, or `aws kms get-key-last-usage`.",
        "Disable those without use for a quarter, and wait.",
        "Schedule deletion with the longest waiting period: `aws kms schedule-key-deletion --key-id ID --pending-window-in-days 30`.",
    ],
    rollback: "`aws kms enable-key`; within the waiting period `aws kms cancel-key-deletion`.",
};

impl Check for KeySpread {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let months = months_of(context.window);
        let held = context.usage().filter(|line| measures(&line.key, "awskms", |measure| measure.ends_with("KMS-Keys")));
        for (place, part) in by_place(held, Place::of) {
            let average = part.quantity().checked_div(months).unwrap_or_default().round_dp(1);
            if average > context.parameter("max_keys") {
                let title = format!("There are many KMS keys in {}", place.name());
                let count = Evidence::from_bill("average_keys", average, "keys", part.source());
                output.findings.push(part.investigation(&place, "keys", title, vec![count]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn many_are_worth_a_look() {
        // A whole month, so that key-months are keys.
        let run = run("kms.key-spread", &[usage("awskms", "ca-central-1-KMS-Keys", "45", "45.00").in_month("2025-12")]);
        // 45.00 in 744 hours, in a month of 730.
        assert_eq!(run.findings[0].monthly_cost.round_dp(2), dec("44.15"));
        assert_eq!(run.findings[0].evidence[1].value, dec("45"));
    }

    #[test]
    fn few_are_not_and_requests_do_not_count() {
        let rows = [
            usage("awskms", "ca-central-1-KMS-Keys", "19", "19.00").in_month("2025-12"),
            usage("awskms", "ca-central-1-KMS-Requests", "9000000", "45.00").in_month("2025-12"),
        ];
        assert!(run("kms.key-spread", &rows).findings.is_empty());
    }
}
